//! A value as the octets that servers send for it, in canonical form (RFC 4034 section 6.2).
//!
//! Invariant: what is not of a type that is written, or is none of its type, has no octets; nothing is guessed.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::strings;
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// The octets of a value in Route 53's text form; none where it cannot be told.
pub fn octets(record_type: RecordType, value: &str) -> Option<Vec<u8>> {
    if !value.is_ascii() {
        return None;
    }
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    match (record_type.as_str(), words.as_slice()) {
        ("A", [address]) => Some(address.parse::<Ipv4Addr>().ok()?.octets().to_vec()),
        ("AAAA", [address]) => Some(address.parse::<Ipv6Addr>().ok()?.octets().to_vec()),
        ("CNAME" | "NS" | "PTR", [name]) => after(&[], name),
        ("MX", [preference, name]) => after(&[preference], name),
        ("SRV", [priority, weight, port, name]) => after(&[priority, weight, port], name),
        ("DS", _) => DsValue::read(value)?.octets(),
        ("CAA", [flags, tag, ..]) => caa(value, flags, tag),
        ("TXT" | "SPF", _) => {
            let strings = strings(value).ok()?;
            let framed = strings.iter().map(|string| framed(string));
            Some(framed.collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}

/// Numbers of two octets, and a name.
fn after(numbers: &[&str], name: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    for number in numbers {
        octets.extend(number.parse::<u16>().ok()?.to_be_bytes());
    }
    octets.extend_from_slice(DnsName::parse_route53(name).ok()?.as_wire());
    Some(octets)
}

fn caa(value: &str, flags: &str, tag: &str) -> Option<Vec<u8>> {
    let (_, quoted) = value.split_once(tag)?;
    let strings = strings(quoted.trim()).ok()?;
    let [value] = strings.as_slice() else {
        return None;
    };
    let flags = flags.parse::<u8>().ok()?;
    Some([&[flags], &*framed(tag.as_bytes())?, value].concat())
}

/// A character string (RFC 1035 section 3.3): its length and itself.
fn framed(string: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(string.len()).ok()?;
    Some([&[length], string].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(record_type: &str, value: &str) -> Option<Vec<u8>> {
        octets(RecordType::read(record_type).unwrap(), value)
    }

    #[test]
    fn values_are_the_octets_of_the_standards() {
        for (record_type, value, wanted) in [
            ("A", "192.0.2.1", &[192, 0, 2, 1][..]),
            ("NS", "NS1.example.", b"\x03ns1\x07example\x00"),
            ("MX", "10 mx.example", b"\x00\x0a\x02mx\x07example\x00"),
            ("SRV", "1 2 443 a.", b"\x00\x01\x00\x02\x01\xbb\x01a\x00"),
            ("TXT", "\"a\\\"b\" \"\\303\\274\"", b"\x03a\"b\x02\xc3\xbc"),
            ("TXT", "\"\"", b"\x00"),
            ("CAA", "0 issue \"issue.example\"", b"\x00\x05issueissue.example"),
            ("CNAME", "a\\052.example.", b"\x02a*\x07example\x00"),
        ] {
            assert_eq!(of(record_type, value).as_deref(), Some(wanted), "{record_type} {value}");
        }
        let digest = "B5BB9D8014A0F9B1D61E21E796D78DCCDF1352F23CD32812F4850B878AE4944C";
        let ds = of("DS", &format!("12345 13 2 {digest}")).unwrap();
        assert_eq!(&ds[..6], &[0x30, 0x39, 13, 2, 0xb5, 0xbb]);
    }

    #[test]
    fn what_cannot_be_told_has_no_octets() {
        for (record_type, value) in [
            ("A", "192.0.2.256"),
            ("MX", "mail.example"),
            ("TXT", "unquoted"),
            ("TXT", "\"f\u{fc}r\""),
            ("NAPTR", "1 1 \"u\" \"\" \"\" ."),
            ("CAA", "0 issue ca.example"),
        ] {
            assert_eq!(of(record_type, value), None, "{record_type} {value}");
        }
        assert_eq!(of("TXT", &format!("\"{}\"", "a".repeat(256))), None);
    }
}
