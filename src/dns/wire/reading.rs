//! A message read record by record: however many there are, those beyond the most that are heard take no room.
//!
//! Invariant: a message is readable if all of it is, to the last record, as `hickory_proto::op::Message` has it.

use hickory_proto::op::{Edns, Header, Metadata, Query as Question, ResponseCode};
use hickory_proto::rr::{DNSClass, RData, Record as WireRecord, RecordType as WireType};
use hickory_proto::serialize::binary::{BinDecodable as _, BinDecoder};

use crate::dns::rdata;
use crate::model::dns::Record;
use crate::model::record::RecordType;

/// The most records of each section that are heard: more than any record set of Route 53 has. Of a truncated response fewer, for
/// it is kept while a connection is waited for.
const MAX_RECORDS: usize = 512;
const MAX_OF_TRUNCATED: usize = 64;
/// How many questions are kept: one more than there may be.
const MAX_QUESTIONS: usize = 2;

/// A message as far as it is heard.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) metadata: Metadata,
    pub(super) questions: Vec<Question>,
    pub(super) edns: Option<Edns>,
    pub(super) answer: Kept,
    pub(super) authority: Kept,
    pub(super) additional: Kept,
}

/// The records of a section that are heard; none where a name in them is none of ours.
type Kept = Option<Vec<Record>>;

impl Reading {
    /// Reads a message; none where it cannot be read.
    pub(super) fn of(octets: &[u8]) -> Option<Self> {
        let mut decoder = BinDecoder::new(octets);
        let Header { metadata, counts } = Header::read(&mut decoder).ok()?;
        let most = match metadata.truncation {
            true => MAX_OF_TRUNCATED,
            false => MAX_RECORDS,
        };
        let mut reading = Self {
            metadata,
            questions: Vec::new(),
            edns: None,
            answer: Some(Vec::new()),
            authority: Some(Vec::new()),
            additional: Some(Vec::new()),
        };
        for _ in 0..counts.queries {
            let question = Question::read(&mut decoder).ok()?;
            if reading.questions.len() < MAX_QUESTIONS {
                reading.questions.push(question);
            }
        }
        for _ in 0..counts.answers {
            keep(&mut reading.answer, own(next(&mut decoder)?)?, most);
        }
        for _ in 0..counts.authorities {
            keep(&mut reading.authority, own(next(&mut decoder)?)?, most);
        }
        for _ in 0..counts.additionals {
            match next(&mut decoder)? {
                record if is_opt(&record) => reading.extend(&record)?,
                record => keep(&mut reading.additional, record, most),
            }
        }
        Some(reading)
    }

    /// Takes in the OPT record, of which there is one at most (RFC 6891 section 6.1.1).
    fn extend(&mut self, opt: &WireRecord) -> Option<()> {
        if self.edns.is_some() {
            return None;
        }
        let edns = Edns::from(opt);
        self.metadata.response_code = ResponseCode::from(edns.rcode_high(), self.metadata.response_code.low());
        self.edns = Some(edns);
        Some(())
    }
}

/// The next record; none where it cannot be read, or is as empty as only those of updates are.
fn next(decoder: &mut BinDecoder<'_>) -> Option<WireRecord> {
    let record = WireRecord::<RData>::read(decoder).ok()?;
    (is_opt(&record) || !matches!(record.data, RData::Update0(_))).then_some(record)
}

/// A record that belongs into any section.
fn own(record: WireRecord) -> Option<WireRecord> {
    let is_foreign = matches!(record.record_type(), WireType::OPT | WireType::SIG | WireType::TSIG);
    (!is_foreign).then_some(record)
}

fn is_opt(record: &WireRecord) -> bool {
    record.record_type() == WireType::OPT
}

/// Keeps a record of a section, if it is one of the first.
fn keep(section: &mut Kept, record: WireRecord, most: usize) {
    let Some(kept) = section.as_mut().filter(|kept| kept.len() < most) else {
        return;
    };
    if record.dns_class != DNSClass::IN {
        return;
    }
    match read(&record, kept.last()) {
        Some(record) => kept.push(record),
        None => *section = None,
    }
}

/// A record; it shares the name of its owner with the one before, for most sections have one owner.
fn read(record: &WireRecord, before: Option<&Record>) -> Option<Record> {
    let owner = rdata::name(&record.name)?;
    Some(Record {
        owner: before
            .map(|before| &before.owner)
            .filter(|shared| **shared == owner)
            .cloned()
            .unwrap_or(owner),
        record_type: RecordType::of_number(record.record_type().into()),
        ttl: sane_ttl(record.ttl),
        data: rdata::read(&record.data)?,
    })
}

/// A TTL with the uppermost bit set counts as 0 (RFC 2181 section 8).
fn sane_ttl(ttl: u32) -> u32 {
    if ttl > i32::MAX.unsigned_abs() { 0 } else { ttl }
}
