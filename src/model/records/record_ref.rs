//! One packed record set, read where it lies.

use crate::model::name::DnsName;
use crate::model::record::{Alias, RecordData, RecordSet, RecordType, Routing, name_servers};

use super::payload::{ALIAS, ROUTED, Reader};
use super::{Entry, NO_TTL, Records};

/// One packed record set.
#[derive(Clone, Copy)]
pub struct RecordRef<'a> {
    pub(super) records: &'a Records,
    pub(super) entry: &'a Entry,
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
        let (count, mut reader) = self.read_values();
        (0..count).map(move |_| reader.text())
    }

    /// The names that an NS record set gives: sorted, each once, without what is no name.
    pub fn name_servers(&self) -> Vec<DnsName> {
        let (count, mut reader) = self.read_values();
        name_servers((0..count).map(|_| reader.octets()))
    }

    fn read_values(&self) -> (usize, Reader<'a>) {
        let mut reader = Reader(self.payload());
        let plain = reader.octet() & ALIAS == 0;
        let count = if plain { reader.number() } else { 0 };
        (count, reader)
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
