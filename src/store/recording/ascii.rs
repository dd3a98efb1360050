//! JSON in one line of printable ASCII: whatever else a string holds is escaped, so that a terminal shows it and obeys nothing.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Writes compact JSON with `\uXXXX` for what is no printable ASCII.
pub(super) struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c| !matches!(c, ' '..='~')) {
            let Some((plain, from)) = rest.split_at_checked(at) else {
                break;
            };
            writer.write_all(plain.as_bytes())?;
            let mut chars = from.chars();
            for unit in chars.next().unwrap_or_default().encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}
