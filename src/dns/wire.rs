//! Queries onto the wire and responses off it (RFC 1035, RFC 6891).
//!
//! What is not the response to the query that was sent is told apart from what is and cannot be read.

mod reading;

use hickory_proto::op::{Edns as WireEdns, Message, MessageType, OpCode, Query as WireQuestion};
use hickory_proto::rr::rdata::opt::{EdnsCode, EdnsOption};
use hickory_proto::rr::{DNSClass, Name, RecordType as WireType};

use crate::model::dns::{Edns, ExtendedError, Question, Response, ResponseCode};
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::ports::{Extension, Recursion};
use reading::Reading;

/// The octets of a header.
const HEADER: usize = 12;
/// What fits a datagram that no network needs to divide (DNS flag day 2020).
const PAYLOAD: u16 = 1232;
/// The option of extended errors (RFC 8914), how many are heard, and how many octets of the text of each.
const EXTENDED_ERROR: u16 = 15;
const MAX_ERRORS: usize = 8;
const MAX_TEXT: usize = 1_024;
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
        let Some(reading) = Reading::of(octets) else {
            return Received::Malformed;
        };
        match self.is_answered_by(&reading) {
            true => response(reading, octets.len())
                .map_or(Received::Malformed, |response| Received::Response(Box::new(response))),
            false => Received::Other,
        }
    }

    /// Whether a message repeats the question letter by letter. One that could not be read is sent back without it.
    fn is_answered_by(&self, reading: &Reading) -> bool {
        if reading.metadata.op_code != OpCode::Query {
            return false;
        }
        match reading.questions.as_slice() {
            [] => reading.metadata.response_code != hickory_proto::op::ResponseCode::NoError,
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
fn response(reading: Reading, size: usize) -> Option<Response> {
    let metadata = reading.metadata;
    Some(Response {
        code: ResponseCode(u16::from(metadata.response_code)),
        authoritative: metadata.authoritative,
        truncated: metadata.truncation,
        recursion_available: metadata.recursion_available,
        edns: reading.edns.as_ref().map(edns),
        answer: reading.answer?,
        authority: reading.authority?,
        additional: reading.additional?,
        size,
    })
}

fn edns(edns: &WireEdns) -> Edns {
    let options = edns.options().get_all(EdnsCode::from(EXTENDED_ERROR));
    let errors = options.into_iter().filter_map(|option| match option {
        EdnsOption::Unknown(_, data) => extended_error(data),
        _ => None,
    });
    Edns {
        errors: errors.take(MAX_ERRORS).collect(),
    }
}

fn extended_error(data: &[u8]) -> Option<ExtendedError> {
    let (code, text) = data.split_first_chunk::<2>()?;
    let text = text.get(..MAX_TEXT).unwrap_or(text);
    Some(ExtendedError {
        code: u16::from_be_bytes(*code),
        text: Untrusted::from(String::from_utf8_lossy(text).trim_end_matches('\0')),
    })
}

#[cfg(test)]
mod tests;
