//! All record sets of one zone, packed: a million of them fit into memory at once.
//!
//! Invariant: entries are in tree order of their owners, so whatever lies at or below a name is one contiguous run.

mod packed;

pub use packed::Packed;

use super::name::{DnsName, tree_order};
use super::record::{Alias, RecordData, RecordSet, RecordType, Routing};
use super::text::Untrusted;

/// The record sets of one zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    entries: Vec<Entry>,
    types: Vec<RecordType>,
    /// Relative owners in wire form, then payloads.
    bytes: Vec<u8>,
    /// Places of the NS and DS entries below the apex, in order.
    delegations: Vec<u32>,
    signers: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    owner_at: u32,
    payload_at: u32,
    payload_len: u32,
    /// Seconds; `u32::MAX` stands for none.
    ttl: u32,
    owner_len: u8,
    type_index: u8,
}

const NO_TTL: u32 = u32::MAX;

impl Records {
    /// Packs the record sets of `zone`; those that are not at or below its apex are left out and counted.
    pub fn pack(zone: &DnsName, mut sets: Vec<RecordSet>) -> (Self, usize) {
        sets.sort_by(|a, b| {
            a.name
                .cmp(&b.name)
                .then(a.record_type.cmp(&b.record_type))
                .then_with(|| set_identifier(a).cmp(&set_identifier(b)))
        });
        let mut packed = Self::default();
        let mut strangers = 0;
        for set in &sets {
            if packed.push(zone, set).is_none() {
                strangers += 1;
            }
        }
        packed.entries.shrink_to_fit();
        packed.bytes.shrink_to_fit();
        (packed, strangers)
    }

    fn push(&mut self, zone: &DnsName, set: &RecordSet) -> Option<()> {
        let owner = set.name.relative_to(zone)?;
        let owner_at = self.intern_owner(owner)?;
        let type_index = self.intern_type(set.record_type)?;
        let payload_at = u32::try_from(self.bytes.len()).ok()?;
        encode(set, &mut self.bytes);
        let payload_len = u32::try_from(self.bytes.len()).ok()?.checked_sub(payload_at)?;
        self.entries.push(Entry {
            owner_at,
            payload_at,
            payload_len,
            ttl: set.ttl.unwrap_or(NO_TTL),
            owner_len: u8::try_from(owner.len()).ok()?,
            type_index,
        });
        self.index(set.record_type)
    }

    /// Notes the place of the last entry where it is an NS or a DS below the apex.
    fn index(&mut self, record_type: RecordType) -> Option<()> {
        let place = u32::try_from(self.entries.len().checked_sub(1)?).ok()?;
        let is_below_the_apex = self.entries.last()?.owner_len > 0;
        if is_below_the_apex && record_type == RecordType::NS {
            self.delegations.push(place);
        }
        if is_below_the_apex && record_type == RecordType::DS {
            self.signers.push(place);
        }
        Some(())
    }

    fn intern_owner(&mut self, owner: &[u8]) -> Option<u32> {
        if let Some(last) = self.entries.last() {
            let at = last.owner_at as usize;
            if self.bytes.get(at..at + usize::from(last.owner_len)) == Some(owner) {
                return Some(last.owner_at);
            }
        }
        let at = u32::try_from(self.bytes.len()).ok()?;
        self.bytes.extend_from_slice(owner);
        Some(at)
    }

    fn intern_type(&mut self, record_type: RecordType) -> Option<u8> {
        let index = match self.types.iter().position(|t| *t == record_type) {
            Some(index) => index,
            None => {
                self.types.push(record_type);
                self.types.len() - 1
            }
        };
        u8::try_from(index).ok()
    }

    /// How many record sets there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All record sets in tree order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = RecordRef<'_>> {
        self.refer(&self.entries)
    }

    /// The record set at a place of [`Self::iter`].
    pub fn get(&self, place: usize) -> Option<RecordRef<'_>> {
        self.entries.get(place).map(|entry| RecordRef { records: self, entry })
    }

    /// The NS record sets below the apex: the delegations this zone holds, in tree order.
    pub fn delegations(&self) -> impl ExactSizeIterator<Item = RecordRef<'_>> {
        self.places(&self.delegations)
    }

    /// The NS record set at the relative name `owner`, below the apex.
    pub fn delegation(&self, owner: &[u8]) -> Option<RecordRef<'_>> {
        self.at_place(&self.delegations, owner)
    }

    /// The DS record set at the relative name `owner`, below the apex.
    pub fn signer(&self, owner: &[u8]) -> Option<RecordRef<'_>> {
        self.at_place(&self.signers, owner)
    }

    fn at_place(&self, places: &[u32], owner: &[u8]) -> Option<RecordRef<'_>> {
        let found = places
            .binary_search_by(|place| match self.get(*place as usize) {
                Some(record) => tree_order(record.owner(), owner),
                None => std::cmp::Ordering::Less,
            })
            .ok()?;
        self.get(*places.get(found)? as usize)
    }

    /// The DS record sets below the apex, in tree order.
    pub fn signers(&self) -> impl ExactSizeIterator<Item = RecordRef<'_>> {
        self.places(&self.signers)
    }

    fn places<'a>(&'a self, places: &'a [u32]) -> impl ExactSizeIterator<Item = RecordRef<'a>> {
        places.iter().map(|place| RecordRef {
            records: self,
            entry: self.entries.get(*place as usize).expect("places are those of entries"),
        })
    }

    /// The record sets whose owner is exactly the relative name `owner` (wire form, no root label).
    pub fn at(&self, owner: &[u8]) -> impl Iterator<Item = RecordRef<'_>> + use<'_> {
        let entries = self.entries_from(owner);
        let count = entries.iter().take_while(|entry| self.owner(entry) == owner).count();
        self.refer(entries.get(..count).unwrap_or_default())
    }

    /// The record set of a relative owner and a type; the first one where a routing policy makes several.
    pub fn find(&self, owner: &[u8], record_type: RecordType) -> Option<RecordRef<'_>> {
        self.at(owner).find(|r| r.record_type() == record_type)
    }

    /// The record sets at or below the relative name `owner`.
    pub fn subtree(&self, owner: &[u8]) -> impl Iterator<Item = RecordRef<'_>> + use<'_> {
        let records = self.refer(self.entries_from(owner));
        let owner = owner.to_vec();
        records.take_while(move |record| is_at_or_below(record.owner(), &owner))
    }

    /// Whether a relative name exists in the zone: it has record sets, or names below it have (RFC 4592 section 2.2.2).
    pub fn exists(&self, owner: &[u8]) -> bool {
        owner.is_empty() || self.subtree(owner).next().is_some()
    }

    /// The entries from a relative name on, in tree order.
    fn entries_from(&self, owner: &[u8]) -> &[Entry] {
        let before = |entry: &Entry| tree_order(self.owner(entry), owner).is_lt();
        self.entries
            .get(self.entries.partition_point(before)..)
            .unwrap_or_default()
    }

    fn refer<'a>(&'a self, entries: &'a [Entry]) -> impl ExactSizeIterator<Item = RecordRef<'a>> {
        entries.iter().map(|entry| RecordRef { records: self, entry })
    }

    fn owner(&self, entry: &Entry) -> &[u8] {
        let at = entry.owner_at as usize;
        self.bytes
            .get(at..at + usize::from(entry.owner_len))
            .expect("owners lie within the bytes")
    }

    /// The bytes held, for the memory figures.
    pub fn heap_size(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.bytes.capacity()
            + self.types.capacity() * size_of::<RecordType>()
            + (self.delegations.capacity() + self.signers.capacity()) * 4
    }
}

/// Whether the relative wire name `owner` is `ancestor` or lies below it, on label boundaries.
pub fn is_at_or_below(owner: &[u8], ancestor: &[u8]) -> bool {
    let mut rest = owner;
    loop {
        if rest.len() <= ancestor.len() {
            return rest == ancestor;
        }
        rest = match rest.split_first() {
            Some((&len, tail)) => match tail.get(usize::from(len)..) {
                Some(after) => after,
                None => return false,
            },
            None => return false,
        };
    }
}

fn set_identifier(set: &RecordSet) -> Option<&str> {
    set.routing.as_ref().map(|r| r.set_identifier.expose())
}

/// One packed record set.
#[derive(Clone, Copy)]
pub struct RecordRef<'a> {
    records: &'a Records,
    entry: &'a Entry,
}

impl<'a> RecordRef<'a> {
    /// The owner relative to the zone: wire labels without the root's; empty at the apex.
    pub fn owner(&self) -> &'a [u8] {
        self.records.owner(self.entry)
    }

    /// The type.
    pub fn record_type(&self) -> RecordType {
        *self
            .records
            .types
            .get(usize::from(self.entry.type_index))
            .expect("types are interned")
    }

    /// The time to live in seconds; an alias has none.
    pub fn ttl(&self) -> Option<u32> {
        (self.entry.ttl != NO_TTL).then_some(self.entry.ttl)
    }

    /// The values in Route 53's text form; an alias has none.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut reader = Reader(self.payload());
        let plain = reader.octet() & ALIAS == 0;
        let count = if plain { reader.number() } else { 0 };
        (0..count).map(move |_| reader.text())
    }

    /// Whether this is a Route 53 alias.
    pub fn is_alias(&self) -> bool {
        self.payload().first().is_some_and(|kind| kind & ALIAS != 0)
    }

    /// The owner as a full name.
    pub fn name(&self, zone: &DnsName) -> DnsName {
        DnsName::join(self.owner(), zone).expect("it was a name when it was packed")
    }

    /// The whole record set, unpacked.
    pub fn unpack(&self, zone: &DnsName) -> RecordSet {
        let mut reader = Reader(self.payload());
        let kind = reader.octet();
        let data = if kind & ALIAS == 0 {
            let count = reader.number();
            RecordData::Values((0..count).map(|_| reader.text().into()).collect())
        } else {
            RecordData::Alias(Alias {
                target: reader.text().into(),
                zone_id: reader.text().into(),
            })
        };
        let routing = (kind & ROUTED != 0).then(|| Routing {
            set_identifier: reader.text().into(),
            policy: reader.text().into(),
        });
        RecordSet {
            name: self.name(zone),
            record_type: self.record_type(),
            ttl: self.ttl(),
            data,
            routing,
        }
    }

    fn payload(&self) -> &'a [u8] {
        let at = self.entry.payload_at as usize;
        self.records
            .bytes
            .get(at..at + self.entry.payload_len as usize)
            .expect("payloads lie within the bytes")
    }
}

const ALIAS: u8 = 1;
const ROUTED: u8 = 2;

fn encode(set: &RecordSet, out: &mut Vec<u8>) {
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
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn octet(&mut self) -> u8 {
        let (octet, rest) = self.0.split_first().expect("encode wrote it");
        self.0 = rest;
        *octet
    }

    fn number(&mut self) -> usize {
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

    fn text(&mut self) -> &'a str {
        let len = self.number();
        let (text, rest) = self.0.split_at_checked(len).expect("encode wrote it");
        self.0 = rest;
        std::str::from_utf8(text).expect("encode wrote UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(name: &str, record_type: RecordType, values: &[&str]) -> RecordSet {
        RecordSet {
            name: name.parse().expect("a name"),
            record_type,
            ttl: Some(300),
            data: RecordData::Values(values.iter().map(|v| (*v).into()).collect()),
            routing: None,
        }
    }

    fn zone() -> DnsName {
        "example.com".parse().expect("a name")
    }

    #[test]
    fn a_subtree_is_what_lies_at_or_below_a_name() {
        let names = ["dev", "a.dev", "b.a.dev", "devil", "z", "a"].map(|n| format!("{n}.example.com"));
        let sets = names.iter().map(|n| set(n, RecordType::A, &["192.0.2.1"])).collect();
        let (records, strangers) = Records::pack(&zone(), sets);
        assert_eq!(strangers, 0);
        let below: Vec<_> = records
            .subtree(b"\x03dev")
            .map(|r| r.name(&zone()).to_string())
            .collect();
        assert_eq!(below, ["dev.example.com", "a.dev.example.com", "b.a.dev.example.com"]);
        assert!(records.exists(b"\x01a\x03dev"));
        assert!(!records.exists(b"\x02no"));
    }

    #[test]
    fn the_apex_is_no_delegation() {
        let sets = vec![
            set("example.com", RecordType::NS, &["ns1.example.net."]),
            set("dev.example.com", RecordType::NS, &["ns2.example.net."]),
        ];
        let (records, _) = Records::pack(&zone(), sets);
        let cuts: Vec<_> = records.delegations().map(|r| r.name(&zone()).to_string()).collect();
        assert_eq!(cuts, ["dev.example.com"]);
        let apex = records.find(b"", RecordType::NS).expect("the apex NS");
        assert_eq!(apex.values().collect::<Vec<_>>(), ["ns1.example.net."]);
    }

    #[test]
    fn a_record_set_of_another_domain_is_counted_not_kept() {
        let (records, strangers) = Records::pack(&zone(), vec![set("example.net", RecordType::A, &["192.0.2.1"])]);
        assert!(records.is_empty());
        assert_eq!(strangers, 1);
    }

    fn any_set() -> impl Strategy<Value = RecordSet> {
        let text = any::<String>().prop_map(Untrusted::from);
        let values =
            proptest::collection::vec(any::<String>().prop_map(Untrusted::from), 0..4).prop_map(RecordData::Values);
        let alias = (any::<String>(), any::<String>()).prop_map(|(t, z)| {
            RecordData::Alias(Alias {
                target: t.into(),
                zone_id: z.into(),
            })
        });
        let routing = proptest::option::of((text.clone(), text).prop_map(|(s, p)| Routing {
            set_identifier: s,
            policy: p,
        }));
        let labels = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..4), 0..3);
        (
            labels,
            prop_oneof![values, alias],
            routing,
            proptest::option::of(0..1_000_000_u32),
        )
            .prop_map(|(labels, data, routing, ttl)| {
                let relative: DnsName = DnsName::from_labels(labels).expect("short");
                let wire = relative.as_wire();
                let name = DnsName::join(&wire[..wire.len() - 1], &zone()).expect("short");
                RecordSet {
                    name,
                    record_type: RecordType::TXT,
                    ttl,
                    data,
                    routing,
                }
            })
    }

    proptest! {
        #[test]
        fn packing_loses_nothing(sets in proptest::collection::vec(any_set(), 0..12)) {
            let (records, strangers) = Records::pack(&zone(), sets.clone());
            prop_assert_eq!(strangers, 0);
            let mut unpacked: Vec<_> = records.iter().map(|r| format!("{:?}", r.unpack(&zone()))).collect();
            let mut wanted: Vec<_> = sets.iter().map(|s| format!("{s:?}")).collect();
            unpacked.sort();
            wanted.sort();
            prop_assert_eq!(unpacked, wanted);
        }
    }
}
