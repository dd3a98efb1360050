//! What a packed record set holds, as octets: its kind, then its values or its alias target, then its routing policy.

use crate::model::record::{RecordData, RecordSet};
use crate::model::text::Untrusted;

pub(super) const ALIAS: u8 = 1;
pub(super) const ROUTED: u8 = 2;

pub(super) fn encode(set: &RecordSet, out: &mut Vec<u8>) {
    let routed = if set.routing.is_some() { ROUTED } else { 0 };
    match &set.data {
        RecordData::Values(values) => {
            out.push(routed);
            put_number(values.len(), out);
            for value in values {
                put_text(value, out);
            }
        }
        RecordData::Alias(alias) => {
            out.push(routed | ALIAS);
            put_text(&alias.target, out);
            put_text(&alias.zone_id, out);
        }
    }
    if let Some(routing) = &set.routing {
        put_text(&routing.set_identifier, out);
        put_text(&routing.policy, out);
    }
}

fn put_text(text: &Untrusted, out: &mut Vec<u8>) {
    put_number(text.expose().len(), out);
    out.extend_from_slice(text.expose().as_bytes());
}

/// Seven bits an octet, the lowest first (LEB128).
fn put_number(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Reads back what [`encode`] wrote.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn octet(&mut self) -> u8 {
        let (octet, rest) = self.0.split_first().expect("encode wrote it");
        self.0 = rest;
        *octet
    }

    pub(super) fn number(&mut self) -> usize {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let octet = self.octet();
            number |= usize::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                return number;
            }
            shift += 7;
        }
    }

    pub(super) fn text(&mut self) -> &'a str {
        std::str::from_utf8(self.octets()).expect("encode wrote UTF-8")
    }

    pub(super) fn octets(&mut self) -> &'a [u8] {
        let len = self.number();
        let (octets, rest) = self.0.split_at_checked(len).expect("encode wrote it");
        self.0 = rest;
        octets
    }
}
