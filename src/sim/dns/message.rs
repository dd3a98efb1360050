//! Queries from the wire and replies onto it: header, EDNS, sizes, and what is wrong with a query (RFC 1035, RFC 6891).
//!
//! Any octets may come in: what is no query gets no answer, so that two servers never talk to each other for ever.

use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, Record, RecordType};
use hickory_proto::serialize::binary::{BinEncodable, BinEncoder};

use super::name::{from_hickory, to_hickory};
use super::reply::{Answer, Dnssec, Extension, Question, Reply};
use crate::sim::world::behaviour::Behaviour;

/// The octets of a header.
const HEADER: usize = 12;
/// The most octets of an answer over UDP for a client that does not speak EDNS (RFC 1035 section 4.2.1).
const PLAIN_UDP: u16 = 512;
/// The most octets of an answer over UDP for any client; Route 53's servers say 4096.
const EDNS_UDP: u16 = 4096;

/// How a query came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Udp,
    Tcp,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recursion {
    /// A resolver, which asks others.
    Available,
    /// A name server, which answers from its own zones.
    Unavailable,
}

/// A query that can be answered.
#[derive(Debug)]
struct Asked {
    message: Message,
    query: Query,
}

/// Answers one message; none where it must be passed over.
pub(super) fn respond(
    octets: &[u8],
    transport: Transport,
    recursion: Recursion,
    answer: impl FnOnce(&Question, Recursion) -> Reply,
) -> Option<Answered> {
    let header = Header::of(octets)?;
    if header.is_response {
        return None;
    }
    if header.operation != OpCode::Query {
        return header.refuse(ResponseCode::NotImp).map(Answered::at_once);
    }
    let Some(asked) = header.read(octets) else {
        return header.refuse(ResponseCode::FormErr).map(Answered::at_once);
    };
    let reply = match asked.objection() {
        Some(code) => Reply::code(code),
        None => answer(&asked.question(transport)?, asked.recursion_desired()),
    };
    if reply.shows(Behaviour::Silent) {
        return Some(Answered::Silence);
    }
    let after = reply.delay();
    let is_garbled = reply.shows(Behaviour::Garbled);
    let mut octets = encode(&asked, reply, transport, recursion)?;
    if is_garbled {
        octets.truncate(HEADER + 1);
    }
    Some(Answered::Message { octets, after })
}

/// What comes of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// An answer, after a while.
    Message { octets: Vec<u8>, after: Duration },
    /// Nothing, for as long as the client likes to wait.
    Silence,
}

impl Answered {
    fn at_once(octets: Vec<u8>) -> Self {
        Self::Message {
            octets,
            after: Duration::ZERO,
        }
    }
}

/// The fixed part of a header that is needed before the rest is read.
struct Header {
    id: u16,
    is_response: bool,
    operation: OpCode,
    recursion_desired: bool,
    questions: u16,
}

impl Header {
    fn of(octets: &[u8]) -> Option<Self> {
        let [a, b, flags, _, c, d, ..] = *octets.first_chunk::<HEADER>()?;
        Some(Self {
            id: u16::from_be_bytes([a, b]),
            is_response: flags & 0x80 != 0,
            operation: OpCode::from_u8(flags >> 3 & 0x0f),
            recursion_desired: flags & 1 != 0,
            questions: u16::from_be_bytes([c, d]),
        })
    }

    /// Reads the whole; none where it is malformed or does not hold exactly one question.
    fn read(&self, octets: &[u8]) -> Option<Asked> {
        if self.questions != 1 {
            return None;
        }
        let message = Message::from_vec(octets).ok()?;
        let query = message.queries.first()?.clone();
        Some(Asked { message, query })
    }

    fn refuse(&self, code: ResponseCode) -> Option<Vec<u8>> {
        let mut message = Message::error_msg(self.id, self.operation, code);
        message.metadata.recursion_desired = self.recursion_desired;
        message.to_bytes().ok()
    }
}

impl Asked {
    /// Why the question cannot be put to the zones.
    fn objection(&self) -> Option<ResponseCode> {
        let edns_version = self.message.edns.as_ref().map_or(0, Edns::version);
        if edns_version != 0 {
            return Some(ResponseCode::BADVERS);
        }
        match (self.query.query_class(), self.query.query_type()) {
            (DNSClass::IN | DNSClass::ANY, RecordType::AXFR | RecordType::IXFR) => Some(ResponseCode::Refused),
            (DNSClass::IN | DNSClass::ANY, RecordType::OPT | RecordType::TSIG | RecordType::ZERO) => {
                Some(ResponseCode::FormErr)
            }
            (DNSClass::IN | DNSClass::ANY, _) => None,
            _ => Some(ResponseCode::Refused),
        }
    }

    fn question(&self, transport: Transport) -> Option<Question> {
        let wanted = self.message.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok);
        Some(Question {
            name: from_hickory(self.query.name())?,
            record_type: self.query.query_type(),
            dnssec: match wanted {
                true => Dnssec::Wanted,
                false => Dnssec::Unwanted,
            },
            extension: match self.message.edns {
                Some(_) => Extension::Edns,
                None => Extension::None,
            },
            transport,
        })
    }

    fn recursion_desired(&self) -> Recursion {
        match self.message.metadata.recursion_desired {
            true => Recursion::Available,
            false => Recursion::Unavailable,
        }
    }

    /// The name as it was written, for records that it owns: clients compare letter by letter (draft-vixie-dnsext-dns0x20).
    fn owner(&self, answer: &Answer) -> Name {
        let asked = self.query.name();
        match from_hickory(asked).is_some_and(|name| name == answer.owner) {
            true => asked.clone(),
            false => to_hickory(&answer.owner),
        }
    }

    fn limit(&self, transport: Transport) -> u16 {
        match (transport, &self.message.edns) {
            (Transport::Tcp, _) => u16::MAX,
            (Transport::Udp, None) => PLAIN_UDP,
            (Transport::Udp, Some(edns)) => edns.max_payload().clamp(PLAIN_UDP, EDNS_UDP),
        }
    }
}

fn encode(asked: &Asked, reply: Reply, transport: Transport, recursion: Recursion) -> Option<Vec<u8>> {
    let metadata = &asked.message.metadata;
    let mut message = Message::new(metadata.id, MessageType::Response, OpCode::Query);
    message.metadata.response_code = reply.code;
    message.metadata.authoritative = reply.authoritative;
    message.metadata.recursion_desired = metadata.recursion_desired;
    message.metadata.recursion_available = recursion == Recursion::Available || reply.shows(Behaviour::Recursive);
    message.add_query(asked.query.clone());
    if !reply.shows(Behaviour::NoEdns) {
        message.edns = asked.message.edns.as_ref().map(edns);
    }
    let truncates = reply.shows(Behaviour::Truncating) && transport == Transport::Udp;
    let record = |answer: Answer| Record::from_rdata(asked.owner(&answer), answer.ttl, answer.data);
    message.answers = reply.answers.into_iter().map(record).collect();
    message.authorities = reply.authority.into_iter().map(record).collect();
    message.additionals = reply.additional.into_iter().map(record).collect();
    let limit = asked.limit(transport);
    let whole = if truncates { None } else { within(&message, limit) };
    whole.or_else(|| {
        let mut shortened = message.truncate();
        shortened.metadata.message_type = MessageType::Response;
        within(&shortened, limit)
    })
}

fn edns(asked: &Edns) -> Edns {
    let mut edns = Edns::new();
    edns.set_max_payload(EDNS_UDP);
    edns.set_dnssec_ok(asked.flags().dnssec_ok);
    edns
}

/// The wire form; none where it does not fit.
fn within(message: &Message, limit: u16) -> Option<Vec<u8>> {
    let mut wire = Vec::with_capacity(usize::from(PLAIN_UDP));
    let mut encoder = BinEncoder::new(&mut wire);
    message.emit(&mut encoder).ok()?;
    // Over 65,535 octets hickory leaves records out and says so by TC alone.
    let is_cut = wire.get(2).is_some_and(|flags| flags & 2 != 0) && !message.metadata.truncation;
    (wire.len() <= usize::from(limit) && !is_cut).then_some(wire)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answered(octets: &[u8], transport: Transport) -> Option<Vec<u8>> {
        let answered = respond(octets, transport, Recursion::Unavailable, |question, _| {
            let mut reply = Reply::code(ResponseCode::NoError);
            reply.authority.push(Answer {
                owner: question.name.clone(),
                ttl: 60,
                data: hickory_proto::rr::RData::NS(hickory_proto::rr::rdata::NS(to_hickory(&question.name))),
            });
            reply
        });
        match answered? {
            Answered::Message { octets, .. } => Some(octets),
            Answered::Silence => None,
        }
    }

    fn query() -> Vec<u8> {
        let mut message = Message::new(1, MessageType::Query, OpCode::Query);
        let name = Name::from_labels(["www", "Example", "com"].map(str::as_bytes)).expect("labels");
        message.add_query(Query::query(name, RecordType::A));
        message.edns = Some(Edns::new());
        message.to_vec().expect("it encodes")
    }

    fn is_sound(octets: &[u8], transport: Transport) -> Result<(), TestCaseError> {
        let Some(answer) = answered(octets, transport) else {
            return Ok(());
        };
        prop_assert!(octets.len() >= HEADER && octets[2] & 0x80 == 0);
        prop_assert_eq!(&answer[..2], &octets[..2]);
        prop_assert!(answer[2] & 0x80 != 0);
        let operation_is_known = octets[2] & 0x78 == 0;
        prop_assert!(!operation_is_known || Message::from_vec(&answer).is_ok());
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn any_octets_get_a_sound_answer_or_none(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            is_sound(&octets, Transport::Udp)?;
        }

        #[test]
        fn a_spoilt_query_gets_a_sound_answer_or_none(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
            end in 0..60_usize,
        ) {
            let mut octets = query();
            for (at, octet) in changes {
                let at = at.index(octets.len());
                octets[at] = octet;
            }
            octets.truncate(octets.len().min(end));
            is_sound(&octets, Transport::Udp)?;
            is_sound(&octets, Transport::Tcp)?;
        }
    }
}
