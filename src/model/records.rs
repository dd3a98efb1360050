//! All record sets of one zone, packed: a million of them fit into memory at once.
//!
//! Invariant: entries are in tree order of their owners, so whatever lies at or below a name is one contiguous run.

mod packed;
mod payload;
mod record_ref;

pub use packed::Packed;
pub use record_ref::RecordRef;

use super::name::{DnsName, tree_order};
use super::record::{RecordSet, RecordType};
use payload::encode;

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

    /// Whether an NS or a DS record set stands below the apex.
    pub fn holds_cuts(&self) -> bool {
        !(self.delegations.is_empty() && self.signers.is_empty())
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
    pub fn subtree<'a>(&'a self, owner: &'a [u8]) -> impl Iterator<Item = RecordRef<'a>> {
        let records = self.refer(self.entries_from(owner));
        records.take_while(move |record| is_at_or_below(record.owner(), owner))
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

#[cfg(test)]
mod tests;
