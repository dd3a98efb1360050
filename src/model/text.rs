//! Text from outside: record values, comments, aliases, tags, error messages. Any team or attacker may have written it.
//!
//! [`Untrusted`] has no `Display`. [`printable`] is the one function that makes text fit to print, and it is injective:
//! different texts never look the same.

use std::fmt::{self, Write as _};

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Text that must not reach a terminal, a log or a file as it is.
///
/// It has no `Display`, so this does not compile:
///
/// ```compile_fail
/// let text = zonecut::model::text::Untrusted::new("\u{1b}]0;owned\u{7}");
/// println!("{text}");
/// ```
///
/// This does, and shows the escape instead of sending it:
///
/// ```
/// let text = zonecut::model::text::Untrusted::new("\u{1b}[2J");
/// assert_eq!(text.printable(), "⟨U+001B⟩[2J");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Untrusted(Box<str>);

impl Untrusted {
    /// Takes text as it came from outside.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The raw text, for comparisons, for requests, and for encoders that escape by themselves. Never for a screen.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text made fit to print; see [`printable`].
    pub fn printable(&self) -> String {
        printable(&self.0)
    }

    /// The text made fit to print, at most `limit` source characters of it, with what is left out counted: `abc…(+12)`.
    pub fn clipped(&self, limit: usize) -> String {
        clipped(&self.0, limit)
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.clipped(200))
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Makes text fit to print on one line: what would act, vanish or deceive is shown as `⟨U+XXXX⟩`.
///
/// Controls, line breaks, bidirectional and zero-width characters, tags, fillers, unusual blanks, private and unassigned
/// code points, stray combining marks, and the bracket `⟨` itself are shown so. The result holds no control character.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut after_base = false;
    for c in text.chars() {
        let class = Class::of(c);
        match class {
            Class::Plain => shown.push(c),
            Class::Mark if after_base => shown.push(c),
            Class::Mark | Class::Hidden => {
                let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
            }
        }
        after_base = class == Class::Plain && c != ' ';
    }
    shown
}

/// Like [`printable`], of at most `limit` characters of the source, with the number of those left out: `abc…(+12)`.
pub fn clipped(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => printable(text),
        Some((end, _)) => {
            let (head, rest) = text.split_at(end);
            format!("{}…(+{})", printable(head), rest.chars().count())
        }
    }
}

/// Makes text fit for a 7-bit terminal: what is not printable ASCII becomes `\u{XXXX}`, and the backslash is doubled.
pub fn printable_ascii(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => shown.push_str("\\\\"),
            ' '..='~' => shown.push(c),
            _ => {
                let _ = write!(shown, "\\u{{{:04X}}}", u32::from(c));
            }
        }
    }
    shown
}

/// The same JSON with `\uXXXX` for what is no printable ASCII; outside strings JSON has nothing but ASCII.
pub fn ascii_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, ' '..='~' | '\n') {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    /// A combining mark of a script that needs them: shown after a base, once.
    Mark,
    Hidden,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            ' '..='~' => return Self::Plain,
            // The bracket is ours; the Braille blank looks like a space.
            '\u{27e8}' | '\u{2800}' => return Self::Hidden,
            // The marks of scripts that have precomposed letters would make two texts look like one.
            '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}' => return Self::Hidden,
            _ => {}
        }
        if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) {
            return Self::Hidden;
        }
        match CodePointMapData::<GeneralCategory>::new().get(c) {
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Surrogate
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::SpaceSeparator
            | GeneralCategory::EnclosingMark => Self::Hidden,
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark => Self::Mark,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_act_or_vanish_is_made_visible() {
        let hostile = [
            '\0',
            '\u{7}',
            '\u{8}',
            '\t',
            '\n',
            '\r',
            '\u{1b}',
            '\u{7f}',
            '\u{80}',
            '\u{85}',
            '\u{9b}',
            '\u{9d}',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{2000}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202b}',
            '\u{202d}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{2800}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{e000}',
            '\u{e0041}',
            '\u{e0100}',
        ];
        for c in hostile {
            let shown = printable(&format!("a{c}b"));
            assert_eq!(shown, format!("a⟨U+{:04X}⟩b", u32::from(c)));
        }
    }

    #[test]
    fn ordinary_text_of_any_script_stays_readable() {
        for text in ["v=spf1 ~all", "Zürich", "日本語", "Привет", "नमस्ते", "שלום", "café ✓"]
        {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn text_that_imitates_an_escape_is_told_apart() {
        assert_ne!(printable("⟨U+001B⟩"), printable("\u{1b}"));
        assert_ne!(printable("e\u{301}"), printable("é"));
    }

    #[test]
    fn clipping_says_how_much_it_left_out() {
        assert_eq!(clipped("abcdef", 4), "abcd…(+2)");
        assert_eq!(clipped("abcd", 4), "abcd");
    }

    fn is_clean(text: &str) -> bool {
        text.chars().all(|c| Class::of(c) != Class::Hidden || c == '⟨')
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn nothing_hidden_remains_and_different_texts_differ(a in any::<String>(), b in any::<String>()) {
            prop_assert!(is_clean(&printable(&a)));
            prop_assert!(printable_ascii(&a).bytes().all(|b| (0x20..0x7f).contains(&b)));
            if a != b {
                prop_assert_ne!(printable(&a), printable(&b));
                prop_assert_ne!(printable_ascii(&a), printable_ascii(&b));
            }
        }
    }
}
