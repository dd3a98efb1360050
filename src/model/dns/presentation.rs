//! Record data as text (RFC 1035 section 5.1; RFC 3597 section 5 for what is not known), fit to print whoever wrote it.

use std::fmt::Write as _;

use super::rdata::{Rdata, Soa};
use super::response::Record;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::printable;

impl Record {
    /// The data as text, fit to print.
    pub fn shown_data(&self) -> String {
        match &self.data {
            Rdata::Other(octets) => known(self.record_type, octets).unwrap_or_else(|| opaque(octets)),
            data => data.shown(),
        }
    }
}

impl Rdata {
    fn shown(&self) -> String {
        match self {
            Self::A(address) => address.to_string(),
            Self::Aaaa(address) => address.to_string(),
            Self::Ns(name) | Self::Cname(name) | Self::Dname(name) => name.to_string(),
            Self::Soa(soa) => soa.shown(),
            Self::Ds(ds) => format!("key tag {}", ds.tag),
            Self::Dnskey(key) => format!("{} {} key tag {}", key.flags, key.algorithm, key.tag()),
            Self::Rrsig(signature) => format!("by {} key tag {}", signature.signer, signature.key_tag),
            Self::Other(octets) => opaque(octets),
        }
    }
}

impl Soa {
    fn shown(&self) -> String {
        let Self {
            primary,
            contact,
            serial,
            refresh,
            retry,
            expire,
            minimum,
        } = self;
        format!("{primary} {contact} {serial} {refresh} {retry} {expire} {minimum}")
    }
}

/// The data of the types that people look for, where it is well formed.
fn known(record_type: RecordType, octets: &[u8]) -> Option<String> {
    match record_type.as_str() {
        "TXT" | "SPF" => strings(octets),
        "MX" => {
            let (preference, name) = octets.split_first_chunk::<2>()?;
            let name = DnsName::from_wire(name).ok()?;
            Some(format!("{} {name}", u16::from_be_bytes(*preference)))
        }
        "SRV" => {
            let ([p, q, w, x, a, b], name) = octets.split_first_chunk::<6>()?;
            let name = DnsName::from_wire(name).ok()?;
            let [priority, weight, port] = [[*p, *q], [*w, *x], [*a, *b]].map(u16::from_be_bytes);
            Some(format!("{priority} {weight} {port} {name}"))
        }
        "PTR" => DnsName::from_wire(octets).ok().map(|name| name.to_string()),
        _ => None,
    }
}

/// Character strings, each in quotes.
fn strings(mut octets: &[u8]) -> Option<String> {
    let mut shown = Vec::new();
    while let Some((length, rest)) = octets.split_first() {
        let (text, rest) = rest.split_at_checked(usize::from(*length))?;
        let text = printable(&String::from_utf8_lossy(text));
        shown.push(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
        octets = rest;
    }
    (!shown.is_empty()).then(|| shown.join(" "))
}

fn opaque(octets: &[u8]) -> String {
    let mut shown = format!("\\# {}", octets.len());
    if !octets.is_empty() {
        shown.push(' ');
    }
    for octet in octets {
        let _ = write!(shown, "{octet:02x}");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(record_type: &str, octets: &[u8]) -> String {
        let record = Record {
            owner: DnsName::root(),
            record_type: RecordType::read(record_type).expect("a type"),
            ttl: 1,
            data: Rdata::Other(octets.to_vec()),
        };
        record.shown_data()
    }

    #[test]
    fn what_is_known_is_text_and_what_is_malformed_or_unknown_is_hexadecimal() {
        for (record_type, octets, text) in [
            ("TXT", &b"\x03a\"b\x01\x1b"[..], "\"a\\\"b\" \"\u{27e8}U+001B\u{27e9}\""),
            ("TXT", b"\x09ab", "\\# 3 096162"),
            ("MX", b"\x00\x0a\x02mx\x00", "10 mx"),
            ("MX", b"\x00", "\\# 1 00"),
            ("SRV", b"\x00\x01\x00\x02\x01\xbb\x01a\x00", "1 2 443 a"),
            ("CAA", b"", "\\# 0"),
        ] {
            assert_eq!(shown(record_type, octets), text, "{record_type}");
        }
    }
}
