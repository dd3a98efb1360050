//! Queries onto the wire and responses off it (RFC 1035, RFC 6891).
//!
//! What is not the response to the query that was sent is told apart from what is and cannot be read.

use hickory_proto::op::{Edns as WireEdns, Message, MessageType, OpCode, Query as WireQuestion};
use hickory_proto::rr::rdata::opt::{EdnsCode, EdnsOption};
use hickory_proto::rr::{DNSClass, Name, RecordType as WireType};

use super::rdata;
use crate::model::dns::{Edns, ExtendedError, Question, Record, Response, ResponseCode};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::ports::{Extension, Recursion};

/// The octets of a header.
const HEADER: usize = 12;
/// What fits a datagram that no network needs to divide (DNS flag day 2020).
const PAYLOAD: u16 = 1232;
/// The option of extended errors (RFC 8914).
const EXTENDED_ERROR: u16 = 15;

/// A query as it was sent: what its response must repeat.
#[derive(Debug, Clone)]
pub struct Sent {
    id: u16,
    question: Question,
    /// The name in the letters that were sent.
    letters: Vec<u8>,
    octets: Vec<u8>,
}

/// What came in, seen from a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// The response to it.
    Response(Box<Response>),
    /// It bears the query's id and cannot be read.
    Malformed,
    /// Something else: another id, another question, other letters, no response at all.
    Other,
}

impl Sent {
    /// Writes a query; `dice` gives its id and the case of its letters. None where the type has no number.
    pub fn new(question: &Question, extension: Extension, recursion: Recursion, dice: [u8; 34]) -> Option<Self> {
        let (id, cases) = dice.split_first_chunk::<2>()?;
        let id = u16::from_be_bytes(*id);
        let labels = mixed(&question.name, cases);
        let name = Name::from_labels(labels.iter().map(Vec::as_slice)).ok()?;
        let mut message = Message::new(id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = recursion == Recursion::Desired;
        message.add_query(WireQuestion::query(
            name,
            WireType::from(question.record_type.number()?),
        ));
        if extension == Extension::Edns {
            let mut edns = WireEdns::new();
            edns.set_version(0).set_max_payload(PAYLOAD).set_dnssec_ok(true);
            message.set_edns(edns);
        }
        Some(Self {
            id,
            question: question.clone(),
            letters: labels.concat(),
            octets: message.to_vec().ok()?,
        })
    }

    /// The message.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// What came in, seen from this query.
    pub fn receive(&self, octets: &[u8]) -> Received {
        match octets.first_chunk::<HEADER>() {
            Some([a, b, flags, ..]) if u16::from_be_bytes([*a, *b]) == self.id && flags & 0x80 != 0 => {}
            _ => return Received::Other,
        }
        let Ok(message) = Message::from_vec(octets) else {
            return Received::Malformed;
        };
        match self.is_answered_by(&message) {
            true => response(&message, octets.len())
                .map_or(Received::Malformed, |response| Received::Response(Box::new(response))),
            false => Received::Other,
        }
    }

    /// Whether a message repeats the question letter by letter. One that could not be read is sent back without it.
    fn is_answered_by(&self, message: &Message) -> bool {
        if message.metadata.op_code != OpCode::Query {
            return false;
        }
        match message.queries.as_slice() {
            [] => message.metadata.response_code != hickory_proto::op::ResponseCode::NoError,
            [asked] => {
                Some(u16::from(asked.query_type())) == self.question.record_type.number()
                    && asked.query_class() == DNSClass::IN
                    && asked.name().iter().flatten().eq(&self.letters)
                    && asked
                        .name()
                        .iter()
                        .map(<[u8]>::len)
                        .eq(self.question.name.labels().map(<[u8]>::len))
            }
            _ => false,
        }
    }
}

/// The labels of a name in letters of random case (draft-vixie-dnsext-dns0x20).
fn mixed(name: &DnsName, cases: &[u8]) -> Vec<Vec<u8>> {
    let mut bits = cases
        .iter()
        .flat_map(|octet| (0..8).map(move |bit| octet >> bit & 1 == 1));
    let mut mix = |octet: &u8| match bits.next() {
        Some(true) => octet.to_ascii_uppercase(),
        _ => *octet,
    };
    name.labels()
        .map(|label| label.iter().map(&mut mix).collect())
        .collect()
}

/// The response; none where a name in it is none of ours.
fn response(message: &Message, size: usize) -> Option<Response> {
    let metadata = &message.metadata;
    Some(Response {
        code: ResponseCode(u16::from(metadata.response_code)),
        authoritative: metadata.authoritative,
        truncated: metadata.truncation,
        recursion_available: metadata.recursion_available,
        edns: message.edns.as_ref().map(edns),
        answer: section(&message.answers)?,
        authority: section(&message.authorities)?,
        additional: section(&message.additionals)?,
        size,
    })
}

fn section(records: &[hickory_proto::rr::Record]) -> Option<Vec<Record>> {
    let internet = records.iter().filter(|record| record.dns_class == DNSClass::IN);
    internet
        .map(|record| {
            Some(Record {
                owner: rdata::name(&record.name)?,
                record_type: RecordType::of_number(record.record_type().into()),
                ttl: sane_ttl(record.ttl),
                data: rdata::read(&record.data)?,
            })
        })
        .collect()
}

/// A TTL with the uppermost bit set counts as 0 (RFC 2181 section 8).
fn sane_ttl(ttl: u32) -> u32 {
    if ttl > i32::MAX.unsigned_abs() { 0 } else { ttl }
}

fn edns(edns: &WireEdns) -> Edns {
    let options = edns.options().get_all(EdnsCode::from(EXTENDED_ERROR));
    let errors = options.into_iter().filter_map(|option| match option {
        EdnsOption::Unknown(_, data) => extended_error(data),
        _ => None,
    });
    Edns {
        errors: errors.collect(),
    }
}

fn extended_error(data: &[u8]) -> Option<ExtendedError> {
    let (code, text) = data.split_first_chunk::<2>()?;
    Some(ExtendedError {
        code: u16::from_be_bytes(*code),
        text: Untrusted::from(String::from_utf8_lossy(text).trim_end_matches('\0')),
    })
}

#[cfg(test)]
mod tests;
