//! The fields of a record value as Route 53 writes it: blanks part them, quotes hold blanks, `\ooo` is an octal octet.
//!
//! Source: Route 53 Developer Guide, "TXT record type" and "DNS domain name format".

/// The most octets of one character string (RFC 1035 section 3.3).
const MAX_STRING: usize = 255;

/// Parts a value at blanks that stand outside quotes, and after closing quotes; quotes and escapes stay as they are.
pub(super) fn fields(value: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut start = None;
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in value.char_indices() {
        let quote = c == '"' && !escaped;
        if c.is_ascii_whitespace() && !quoted && !escaped {
            fields.extend(start.take().and_then(|from| value.get(from..at)));
        } else if quote && quoted {
            fields.extend(start.take().and_then(|from| value.get(from..=at)));
        } else {
            start.get_or_insert(at);
        }
        quoted ^= quote;
        escaped = c == '\\' && !escaped;
    }
    fields.extend(start.and_then(|from| value.get(from..)));
    fields
}

/// The octets that a field stands for: without its quotes, escapes resolved.
pub(super) fn octets(field: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(field.len());
    let mut rest = field.bytes();
    while let Some(octet) = rest.next() {
        match octet {
            b'"' => {}
            b'\\' => octets.push(escaped(&mut rest)?),
            _ => octets.push(octet),
        }
    }
    Some(octets)
}

/// The octet of an escape: three octal digits, or a character that stands for itself.
fn escaped(rest: &mut std::str::Bytes<'_>) -> Option<u8> {
    let first = rest.next()?;
    if !(b'0'..=b'7').contains(&first) {
        return Some(first);
    }
    let mut value = 0_u32;
    for octet in [Some(first), rest.next(), rest.next()] {
        value = value * 8 + char::from(octet?).to_digit(8)?;
    }
    u8::try_from(value).ok()
}

/// One character string on the wire; none where it is longer than 255 octets.
pub(super) fn character_string(octets: &[u8]) -> Option<Vec<u8>> {
    let len = u8::try_from(octets.len()).ok()?;
    Some(std::iter::once(len).chain(octets.iter().copied()).collect())
}

/// The character strings of a TXT value; a longer one is parted into strings of 255 octets.
pub(super) fn strings(value: &str) -> Option<Vec<u8>> {
    let mut wire = Vec::with_capacity(value.len());
    for field in fields(value) {
        let octets = octets(field)?;
        if octets.is_empty() {
            wire.push(0);
        }
        for part in octets.chunks(MAX_STRING) {
            wire.extend(character_string(part)?);
        }
    }
    (!wire.is_empty()).then_some(wire)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_part_fields_but_not_within_quotes() {
        assert_eq!(
            fields(r#" 10  "a b"	"c\" d" e "#),
            ["10", r#""a b""#, r#""c\" d""#, "e"]
        );
        assert_eq!(
            fields(r#""a""b" alpn="h2,h3""#),
            [r#""a""#, r#""b""#, r#"alpn="h2,h3""#]
        );
        assert_eq!(fields(r"a\ b c"), [r"a\ b", "c"]);
        assert!(fields("  ").is_empty());
    }

    #[test]
    fn escapes_are_octal() {
        assert_eq!(octets(r#""\052\"\\x""#).as_deref(), Some(&b"*\"\\x"[..]));
        assert_eq!(octets(r#""\377""#).as_deref(), Some(&[255][..]));
        assert_eq!(octets(r#""\400""#), None);
        assert_eq!(octets(r"\05"), None);
        assert_eq!(octets("\\"), None);
    }

    #[test]
    fn a_long_string_is_parted_and_an_empty_one_stays() {
        let wire = strings(&format!("\"{}\" \"\" \"x\"", "a".repeat(300))).expect("strings");
        assert_eq!(wire.len(), 256 + 46 + 1 + 2);
        assert_eq!((wire[0], wire[256], wire[302]), (255, 45, 0));
        assert_eq!(strings(""), None);
    }
}
