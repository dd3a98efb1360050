//! Signs the answers of a zone while they are made (RFC 4034 section 3, RFC 6605), as its signing says.
//!
//! The same records get the same signature within an hour.

use std::sync::Arc;

use hickory_proto::rr::rdata::NULL;
use hickory_proto::rr::{RData, RecordType};
use hickory_proto::serialize::binary::{BinEncodable, BinEncoder, NameEncoding};

use super::reply::Answer;
use crate::model::name::DnsName;
use crate::sim::world::signing::{ALGORITHM, ServedKeys, Signatures, ZoneKey};

/// The TTL of the keys; Route 53's.
const KEY_TTL: u32 = 3_600;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Signs for one zone at one time.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    zone: DnsName,
    keys: Arc<ServedKeys>,
    time: i64,
}

impl Signer {
    pub(super) fn new(zone: DnsName, keys: Arc<ServedKeys>, time: i64) -> Self {
        Self { zone, keys, time }
    }

    /// The keys, as records at the apex.
    pub(super) fn keys(&self) -> Vec<Answer> {
        let keys = [&self.keys.key_signing, &self.keys.zone_signing];
        let key = |key: &ZoneKey| self.answer(&self.zone, KEY_TTL, RecordType::DNSKEY, key.rdata());
        keys.map(key).into()
    }

    /// The signature of the records of one set, which stand at `owner` where that is not the name they are answered for.
    pub(super) fn signature(&self, owner: Option<&DnsName>, records: &[Answer]) -> Option<Answer> {
        let first = records.first()?;
        let record_type = first.data.record_type();
        let fault = self.fault(record_type);
        if fault == Signatures::Missing {
            return None;
        }
        let owner = owner.filter(|owner| owner.is_wildcard()).unwrap_or(&first.owner);
        let key = self.key_for(record_type);
        let head = self.head(owner, first, key)?;
        let mut octets = head.clone();
        octets.extend(canonical(owner, first, records)?);
        if fault == Signatures::Spoilt {
            octets.push(0);
        }
        let rdata = [head, key.sign(&octets)].concat();
        Some(self.answer(&first.owner, first.ttl, RecordType::RRSIG, rdata))
    }

    /// What is wrong with the signatures of record sets of a type.
    fn fault(&self, record_type: RecordType) -> Signatures {
        match (self.keys.signatures, record_type) {
            (
                Signatures::RecordsExpired | Signatures::RecordsSpoilt | Signatures::RecordsUnsigned,
                RecordType::DNSKEY,
            ) => Signatures::Valid,
            (Signatures::RecordsExpired, _) => Signatures::Expired,
            (Signatures::RecordsSpoilt, _) => Signatures::Spoilt,
            (Signatures::RecordsUnsigned, _) => Signatures::Missing,
            (fault, _) => fault,
        }
    }

    fn key_for(&self, record_type: RecordType) -> &ZoneKey {
        match record_type {
            RecordType::DNSKEY if self.keys.signatures != Signatures::KeysUnsigned => &self.keys.key_signing,
            _ => &self.keys.zone_signing,
        }
    }

    /// The RDATA of the signature up to the signature itself.
    fn head(&self, owner: &DnsName, first: &Answer, key: &ZoneKey) -> Option<Vec<u8>> {
        let (inception, expiration) = self.validity(first.data.record_type());
        let labels = owner.label_count() - usize::from(owner.is_wildcard());
        let mut head = u16::from(first.data.record_type()).to_be_bytes().to_vec();
        head.extend([ALGORITHM, u8::try_from(labels).ok()?]);
        head.extend(first.ttl.to_be_bytes());
        head.extend(u32::try_from(expiration).ok()?.to_be_bytes());
        head.extend(u32::try_from(inception).ok()?.to_be_bytes());
        head.extend(key.tag.to_be_bytes());
        head.extend_from_slice(self.zone.as_wire());
        Some(head)
    }

    /// From when until when signatures hold.
    fn validity(&self, record_type: RecordType) -> (i64, i64) {
        let hour = self.time - self.time.rem_euclid(HOUR);
        match self.fault(record_type) {
            Signatures::Expired => (hour - DAY - WEEK, hour - DAY),
            Signatures::Future => (hour + DAY, hour + DAY + WEEK),
            _ => (hour - HOUR, hour + WEEK),
        }
    }

    fn answer(&self, owner: &DnsName, ttl: u32, code: RecordType, rdata: Vec<u8>) -> Answer {
        Answer {
            owner: owner.clone(),
            ttl,
            data: RData::Unknown {
                code,
                rdata: NULL::with(rdata),
            },
        }
    }
}

/// The records in canonical form and order (RFC 4034 section 6).
fn canonical(owner: &DnsName, first: &Answer, records: &[Answer]) -> Option<Vec<u8>> {
    let mut data: Vec<Vec<u8>> = records.iter().map(|record| wire(&record.data)).collect::<Option<_>>()?;
    data.sort();
    data.dedup();
    let mut octets = Vec::new();
    for rdata in data {
        octets.extend_from_slice(owner.as_wire());
        octets.extend(u16::from(first.data.record_type()).to_be_bytes());
        octets.extend([0, 1]);
        octets.extend(first.ttl.to_be_bytes());
        octets.extend(u16::try_from(rdata.len()).ok()?.to_be_bytes());
        octets.extend(rdata);
    }
    Some(octets)
}

fn wire(data: &RData) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let mut encoder = BinEncoder::new(&mut octets);
    encoder.set_canonical_form(true);
    encoder.set_name_encoding(NameEncoding::UncompressedLowercase);
    data.emit(&mut encoder).ok()?;
    Some(octets)
}
