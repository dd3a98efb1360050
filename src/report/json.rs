//! JSON that is 7-bit and printable: whatever is not plain ASCII is written as `\uXXXX`, so nothing is lost and nothing acts.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use super::privacy::Mask;
use crate::model::text::ascii_json;

/// Writes a document, indented, with a line break after it.
pub fn write<T: Serialize>(document: &T) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Ascii(PrettyFormatter::new()));
    document
        .serialize(&mut serializer)
        .expect("documents have string keys, and a vector takes every byte");
    out.push(b'\n');
    String::from_utf8(out).expect("only ASCII is written")
}

/// Writes a value in one line, without a line break after it.
pub fn compact<T: Serialize>(value: &T) -> String {
    ascii_json(&serde_json::to_string(value).expect("values have string keys"))
}

/// Hides in every string of a document what a mask hides; what is no string, and the syntax, stay as they are.
pub fn hide(json: &str, mask: &Mask) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, from)) = rest.find('"').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let (literal, after) = from.split_at(literal_len(from));
        match serde_json::from_str::<String>(literal) {
            // The key of a member is a word of ours.
            Ok(text) if after.trim_start().starts_with(':') => out.push_str(write(&mask.hide_shapes(&text)).trim_end()),
            Ok(text) => out.push_str(write(&mask.hide(&text)).trim_end()),
            Err(_) => out.push_str(literal),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The length of the string literal that begins here, its quotes included.
fn literal_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, octet) in text.bytes().enumerate().skip(1) {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

struct Ascii<'i>(PrettyFormatter<'i>);

impl Formatter for Ascii<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for c in fragment.chars() {
            if matches!(c, ' '..='~') {
                writer.write_all(&[c as u8])?;
                continue;
            }
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Outside;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn json_is_printable_ascii_and_loses_nothing(text in any::<String>()) {
            let json = write(&[Outside::from(text.as_str())]);
            prop_assert!(json.bytes().all(|b| b == b'\n' || (0x20..0x7f).contains(&b)), "{json:?}");
            let read: Vec<String> = serde_json::from_str(&json).expect("JSON");
            prop_assert_eq!(read, [text]);
        }
    }

    proptest! {
        #[test]
        fn what_is_hidden_in_json_is_what_is_hidden_in_its_strings(texts in proptest::collection::vec(any::<String>(), 0..5)) {
            let mask = Mask::default();
            let hidden = hide(&write(&texts), &mask);
            let read: Vec<String> = serde_json::from_str(&hidden).expect("JSON");
            let wanted: Vec<String> = texts.iter().map(|text| mask.hide(text)).collect();
            prop_assert_eq!(read, wanted);
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let json = write(&Outside::from("\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\u{7f}\u{e0041}é"));
        assert_eq!(
            json,
            "\"\\u001b]0;x\\u0007\\u009b2J\\u202e\\u007f\\udb40\\udc41\\u00e9\"\n"
        );
    }
}
