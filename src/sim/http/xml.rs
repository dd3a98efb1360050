//! XML out and in: a writer that escapes, and a small tree of what a request holds.

use std::fmt::{Display, Write as _};

use quick_xml::Reader;
use quick_xml::events::Event;

/// A document in the making.
#[derive(Debug)]
pub(super) struct Xml(String);

impl Xml {
    /// A document of one root element.
    pub(super) fn document(root: &str, namespace: &str, fill: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self(String::with_capacity(4_096));
        xml.0.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let _ = write!(xml.0, "<{root} xmlns=\"{namespace}\">");
        fill(&mut xml);
        xml.close(root);
        xml.0
    }

    /// An element with elements in it.
    pub(super) fn element(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        let _ = write!(self.0, "<{name}>");
        fill(self);
        self.close(name);
    }

    /// An element with text in it.
    pub(super) fn leaf(&mut self, name: &str, text: impl Display) {
        let _ = write!(self.0, "<{name}>");
        let _ = write!(Escaped(&mut self.0), "{text}");
        self.close(name);
    }

    /// An element with text in it, where there is a text.
    pub(super) fn optional(&mut self, name: &str, text: Option<impl Display>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    fn close(&mut self, name: &str) {
        let _ = write!(self.0, "</{name}>");
    }
}

/// Writes text so that any XML reader that admits control characters gives back what was written.
struct Escaped<'a>(&'a mut String);

impl std::fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                control if control.is_control() => write!(self.0, "&#x{:X};", u32::from(control))?,
                plain => self.0.push(plain),
            }
        }
        Ok(())
    }
}

/// An element of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Node {
    name: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    /// Reads a document; none where it is malformed.
    pub(super) fn read(document: &str) -> Option<Self> {
        let mut reader = Reader::from_str(document);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => open.push(Self::named(local_name(start.name().as_ref()))),
                Event::Empty(start) => open
                    .last_mut()?
                    .children
                    .push(Self::named(local_name(start.name().as_ref()))),
                Event::End(_) => {
                    let done = open.pop()?;
                    open.last_mut()?.children.push(done);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text.into_inner()),
                Event::CData(text) => open.last_mut()?.text.push_str(&text.into_inner()),
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref().ok()? {
                        Some(character) => character,
                        None => named_character(&reference)?,
                    };
                    open.last_mut()?.text.push(character);
                }
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        match open.as_mut_slice() {
            [document] => document.children.pop(),
            _ => None,
        }
    }

    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of a name.
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The text of the element itself.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn named_character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_document_is_read_with_its_references() {
        let node =
            Node::read("<?xml version=\"1.0\"?><a xmlns=\"x\"><b>1 &lt; 2 &#x41;</b><b/><c>d</c></a>").expect("XML");
        assert_eq!(node.name, "a");
        assert_eq!(node.text_of("b"), Some("1 < 2 A"));
        assert_eq!(node.children("b").count(), 2);
        assert_eq!(Node::read("<a><b></a>"), None);
        assert_eq!(Node::read(""), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(text in "[^\u{0}]*") {
            let document = Xml::document("r", "n", |xml| xml.leaf("t", &text));
            let read = Node::read(&document).expect("XML");
            prop_assert_eq!(read.text_of("t"), Some(text.as_str()));
        }
    }
}
