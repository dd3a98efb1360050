//! The two text forms of a name: Route 53's, with octal escapes, and RFC 1035's, with decimal ones.
//!
//! They must never be mixed: `\052` is `*` in the one and `4` in the other.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::{Builder, DnsName, NameError};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Octal,
    Decimal,
}

impl DnsName {
    /// Reads Route 53's text form: `\ooo` is an octal octet, the final dot may be missing, `@` is no apex.
    ///
    /// Source: Route 53 Developer Guide, "DNS domain name format".
    pub fn parse_route53(text: &str) -> Result<Self, NameError> {
        parse(text, Escapes::Octal)
    }

    /// Reads the presentation form of RFC 1035 section 5.1: `\DDD` is a decimal octet, `\.` a dot in a label.
    pub fn parse_rfc1035(text: &str) -> Result<Self, NameError> {
        parse(text, Escapes::Decimal)
    }

    /// Reads what a person types: the presentation form, or U-labels, which become A-labels (RFC 5891). An escape that nobody
    /// needs there is taken for one of Route 53's, and refused.
    pub fn parse_input(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_ascii() {
            refuse_octal(text)?;
            return Self::parse_rfc1035(text);
        }
        let ascii = idna::domain_to_ascii_strict(text).map_err(|_| NameError::BadIdn)?;
        Self::parse_rfc1035(&ascii)
    }

    /// The text form that Route 53 lists: lower case, `\ooo` for anything but `a-z 0-9 - _ .`, with the final dot.
    pub fn to_route53(&self) -> String {
        let mut text = String::with_capacity(self.as_wire().len());
        for label in self.labels() {
            for &octet in label {
                match octet {
                    b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => text.push(char::from(octet)),
                    _ => {
                        let _ = write!(text, "\\{octet:03o}");
                    }
                }
            }
            text.push('.');
        }
        if text.is_empty() {
            text.push('.');
        }
        text
    }
}

fn parse(text: &str, escapes: Escapes) -> Result<DnsName, NameError> {
    if text == "." {
        return Ok(DnsName::root());
    }
    let mut builder = Builder::new();
    let mut octets = text.bytes();
    let mut open = true;
    while let Some(octet) = octets.next() {
        open = true;
        match octet {
            b'.' => {
                builder.end_label()?;
                open = false;
            }
            b'\\' => builder.push(escape(&mut octets, escapes)?)?,
            _ => builder.push(octet)?,
        }
    }
    if open {
        builder.end_label()?;
    }
    builder.finish()
}

/// Refuses digits after a backslash that stand for a printable character in decimal, which needs none, and for another one in
/// octal.
fn refuse_octal(text: &str) -> Result<(), NameError> {
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        if octet != b'\\' {
            continue;
        }
        let mut octal = octets.clone();
        let mut decimal = octets.clone();
        octets.next();
        if let (Ok(octal), Ok(decimal)) = (
            escape(&mut octal, Escapes::Octal),
            escape(&mut decimal, Escapes::Decimal),
        ) && matches!(decimal, 0x21..=0x7e)
            && octal != decimal
        {
            return Err(NameError::EitherEscape { octal, decimal });
        }
    }
    Ok(())
}

fn escape(octets: &mut std::str::Bytes<'_>, escapes: Escapes) -> Result<u8, NameError> {
    let first = octets.next().ok_or(NameError::BadEscape)?;
    if escapes == Escapes::Decimal && !first.is_ascii_digit() {
        return Ok(first);
    }
    let base = match escapes {
        Escapes::Octal => 8,
        Escapes::Decimal => 10,
    };
    let mut value = 0_u32;
    for octet in [Some(first), octets.next(), octets.next()] {
        let digit = octet
            .and_then(|o| char::from(o).to_digit(base))
            .ok_or(NameError::BadEscape)?;
        value = value * base + digit;
    }
    u8::try_from(value).map_err(|_| NameError::BadEscape)
}

/// Writes the presentation form without the final dot; the root is `.`.
///
/// Everything but printable ASCII is escaped, so the text is fit for any terminal, log or file.
impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.pad(".");
        }
        let mut text = String::with_capacity(self.as_wire().len());
        for (index, label) in self.labels().enumerate() {
            if index > 0 {
                text.push('.');
            }
            for &octet in label {
                present(octet, &mut text);
            }
        }
        f.pad(&text)
    }
}

fn present(octet: u8, text: &mut String) {
    match octet {
        b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
            text.push('\\');
            text.push(char::from(octet));
        }
        0x21..=0x7e => text.push(char::from(octet)),
        _ => {
            let _ = write!(text, "\\{octet:03}");
        }
    }
}

/// Reads the presentation form of RFC 1035.
impl FromStr for DnsName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse_rfc1035(text)
    }
}
