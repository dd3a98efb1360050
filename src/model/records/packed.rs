//! Packed record sets as octets, to be kept in a file, and back.
//!
//! Invariant: octets from outside become [`Records`] only after everything that reading them relies on was checked: every
//! range, every owner, every text, the order.

use super::payload::{ALIAS, ROUTED};
use super::{Entry, Records};
use crate::model::name::{DnsName, MAX_LABEL, MAX_WIRE, tree_order};
use crate::model::record::RecordType;

/// The octets of one entry.
const ENTRY: usize = 18;

/// Packed record sets, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed<'a> {
    /// The entries, 18 octets each.
    pub entries: Vec<u8>,
    /// The mnemonics of the types.
    pub types: Vec<&'a str>,
    /// Owners and payloads.
    pub bytes: &'a [u8],
}

impl Records {
    /// The octets to keep.
    pub fn packed(&self) -> Packed<'_> {
        Packed {
            entries: self.entries.iter().flat_map(to_octets).collect(),
            types: self.types.iter().map(RecordType::as_str).collect(),
            bytes: &self.bytes,
        }
    }

    /// Takes octets that were kept as the record sets of `zone`; none where anything about them is not as it must be.
    pub fn from_packed(zone: &DnsName, entries: &[u8], types: &[&str], bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = entries.as_chunks::<ENTRY>();
        let types: Vec<RecordType> = types.iter().map(|text| canonical(text)).collect::<Option<_>>()?;
        if !rest.is_empty() || types.len() > 256 {
            return None;
        }
        let mut records = Self {
            entries: Vec::with_capacity(chunks.len()),
            types,
            bytes: bytes.to_vec(),
            ..Self::default()
        };
        for chunk in chunks {
            records.take_back(zone, from_octets(*chunk))?;
        }
        Some(records)
    }

    fn take_back(&mut self, zone: &DnsName, entry: Entry) -> Option<()> {
        let owner = slice(&self.bytes, entry.owner_at, u32::from(entry.owner_len))?;
        let record_type = *self.types.get(usize::from(entry.type_index))?;
        let is_as_before = self
            .entries
            .last()
            .is_some_and(|last| last.owner_at == entry.owner_at && last.owner_len == entry.owner_len);
        if !is_as_before {
            let before = self
                .entries
                .last()
                .map(|last| slice(&self.bytes, last.owner_at, u32::from(last.owner_len)));
            let is_in_order = before.flatten().is_none_or(|before| tree_order(before, owner).is_le());
            if !is_owner(owner, zone) || !is_in_order {
                return None;
            }
        }
        is_payload(slice(&self.bytes, entry.payload_at, entry.payload_len)?).then_some(())?;
        self.entries.push(entry);
        self.index(record_type)
    }
}

fn slice(bytes: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    let at = at as usize;
    bytes.get(at..at.checked_add(len as usize)?)
}

/// A type that is spelled as we spell it.
fn canonical(text: &str) -> Option<RecordType> {
    RecordType::read(text).filter(|read| read.as_str() == text)
}

/// Whether octets are labels in lower case that make a name of the zone.
fn is_owner(owner: &[u8], zone: &DnsName) -> bool {
    let mut rest = owner;
    while let Some((&len, tail)) = rest.split_first() {
        let Some((label, after)) = tail.split_at_checked(usize::from(len)) else {
            return false;
        };
        if label.is_empty() || label.len() > MAX_LABEL || label.iter().any(u8::is_ascii_uppercase) {
            return false;
        }
        rest = after;
    }
    owner.len() + zone.as_wire().len() <= MAX_WIRE
}

/// Whether octets are exactly what packing writes for one record set.
fn is_payload(payload: &[u8]) -> bool {
    fn read(payload: &[u8]) -> Option<&[u8]> {
        let (&kind, mut rest) = payload.split_first()?;
        if kind & !(ALIAS | ROUTED) != 0 {
            return None;
        }
        let mut texts = 2;
        if kind & ALIAS == 0 {
            (texts, rest) = number(rest)?;
        }
        if kind & ROUTED != 0 {
            texts = texts.checked_add(2)?;
        }
        for _ in 0..texts {
            let (len, tail) = number(rest)?;
            let (text, after) = tail.split_at_checked(len)?;
            std::str::from_utf8(text).ok()?;
            rest = after;
        }
        Some(rest)
    }
    read(payload).is_some_and(<[u8]>::is_empty)
}

/// A number of at most five octets, so that no shift overflows.
fn number(octets: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_u64;
    for (place, octet) in octets.iter().enumerate().take(5) {
        number |= u64::from(octet & 0x7f) << (7 * place);
        if octet & 0x80 == 0 {
            let number = usize::try_from(number).ok()?;
            return Some((number, octets.get(place + 1..)?));
        }
    }
    None
}

fn to_octets(entry: &Entry) -> [u8; ENTRY] {
    let mut octets = [0; ENTRY];
    let numbers = [entry.owner_at, entry.payload_at, entry.payload_len, entry.ttl];
    let all = numbers
        .into_iter()
        .flat_map(u32::to_le_bytes)
        .chain([entry.owner_len, entry.type_index]);
    for (slot, octet) in octets.iter_mut().zip(all) {
        *slot = octet;
    }
    octets
}

fn from_octets(octets: [u8; ENTRY]) -> Entry {
    let [
        a0,
        a1,
        a2,
        a3,
        b0,
        b1,
        b2,
        b3,
        c0,
        c1,
        c2,
        c3,
        d0,
        d1,
        d2,
        d3,
        owner_len,
        type_index,
    ] = octets;
    Entry {
        owner_at: u32::from_le_bytes([a0, a1, a2, a3]),
        payload_at: u32::from_le_bytes([b0, b1, b2, b3]),
        payload_len: u32::from_le_bytes([c0, c1, c2, c3]),
        ttl: u32::from_le_bytes([d0, d1, d2, d3]),
        owner_len,
        type_index,
    }
}
