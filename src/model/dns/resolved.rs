//! What a resolver says to a question: the records at the end of the aliases, or that there are none.
//!
//! It is read apart from what authoritative servers say: a resolver is no authority, and follows aliases itself.

use super::code::{ExtendedError, ResponseCode};
use super::rdata::Rdata;
use super::reply::{Heard, Negative, Unreachable};
use super::response::{Question, Record, Response};

/// The most aliases that are followed in one answer.
const MAX_ALIASES: usize = 16;

/// What a resolver says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// These records, which it keeps for so many seconds.
    Answer {
        /// Those of the type asked for, at the end of the aliases.
        records: Vec<Record>,
        /// The least time to live of them and of the aliases.
        ttl: u32,
    },
    /// The name has no records of the type.
    NoData(Option<Negative>),
    /// The name does not exist.
    NoName(Option<Negative>),
    /// REFUSED.
    Refused(Vec<ExtendedError>),
    /// SERVFAIL: no server answered it, or it does not believe what they said.
    Failed(Vec<ExtendedError>),
    /// Another response code.
    Code(ResponseCode),
    /// A response that cannot be read.
    Malformed,
    /// No response in time.
    Silent,
    /// It cannot be reached.
    Unreachable(Unreachable),
}

impl Resolved {
    /// What was heard from a resolver.
    pub fn of(question: &Question, heard: &Heard) -> Self {
        match heard {
            Heard::Response(response) => Self::of_response(question, response),
            Heard::Malformed => Self::Malformed,
            Heard::Silent => Self::Silent,
            Heard::Unreachable(why) => Self::Unreachable(*why),
        }
    }

    fn of_response(question: &Question, response: &Response) -> Self {
        let negative = || {
            response
                .authority_soa()
                .map(|(zone, ttl, soa)| Negative::of(zone, ttl, soa))
        };
        match response.code {
            ResponseCode::NOERROR => match Self::answer(question, response) {
                Some(answer) => answer,
                None => Self::NoData(negative()),
            },
            ResponseCode::NXDOMAIN => Self::NoName(negative()),
            ResponseCode::REFUSED => Self::Refused(response.errors().to_vec()),
            ResponseCode::SERVFAIL => Self::Failed(response.errors().to_vec()),
            code => Self::Code(code),
        }
    }

    /// The records at the end of the aliases.
    fn answer(question: &Question, response: &Response) -> Option<Self> {
        let mut name = question.name.clone();
        let mut ttl = u32::MAX;
        for _ in 0..=MAX_ALIASES {
            let at_name = || response.answer.iter().filter(|record| record.owner == name);
            let records: Vec<Record> = at_name()
                .filter(|record| record.record_type == question.record_type)
                .cloned()
                .collect();
            if let Some(least) = records.iter().map(|record| record.ttl).min() {
                let ttl = ttl.min(least);
                return Some(Self::Answer { records, ttl });
            }
            let (target, kept) = at_name().find_map(|record| match &record.data {
                Rdata::Cname(target) => Some((target.clone(), record.ttl)),
                _ => None,
            })?;
            ttl = ttl.min(kept);
            name = target;
        }
        None
    }

    /// For how many seconds it goes on saying so, where it says.
    pub fn ttl(&self) -> Option<u32> {
        match self {
            Self::Answer { ttl, .. } => Some(*ttl),
            Self::NoData(negative) | Self::NoName(negative) => negative.as_ref().map(|negative| negative.ttl),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dns::Edns;
    use crate::model::name::DnsName;
    use crate::model::record::RecordType;

    fn name(text: &str) -> DnsName {
        text.parse().expect("a name")
    }

    fn record(owner: &str, ttl: u32, data: Rdata) -> Record {
        let record_type = match data {
            Rdata::A(_) => RecordType::A,
            _ => RecordType::CNAME,
        };
        Record {
            owner: name(owner),
            record_type,
            ttl,
            data,
        }
    }

    fn resolved(code: ResponseCode, answer: Vec<Record>) -> Resolved {
        let question = Question {
            name: name("www.example.com"),
            record_type: RecordType::A,
        };
        let response = Response {
            code,
            authoritative: false,
            truncated: false,
            recursion_available: true,
            edns: Some(Edns::default()),
            answer,
            authority: Vec::new(),
            additional: Vec::new(),
            size: 100,
        };
        Resolved::of(&question, &Heard::Response(Box::new(response)))
    }

    #[test]
    fn an_answer_behind_aliases_is_kept_as_long_as_the_shortest_of_them() {
        let alias = record("www.example.com", 60, Rdata::Cname(name("web.example.net")));
        let address = record("web.example.net", 300, Rdata::A([192, 0, 2, 1].into()));
        let stray = record("other.example", 5, Rdata::A([192, 0, 2, 9].into()));
        let said = resolved(ResponseCode::NOERROR, vec![stray, address.clone(), alias.clone()]);
        let records = vec![address];
        assert_eq!(said, Resolved::Answer { records, ttl: 60 });
        assert_eq!(resolved(ResponseCode::NOERROR, vec![alias]), Resolved::NoData(None));
    }

    #[test]
    fn aliases_that_lead_in_a_circle_are_no_answer() {
        let there = record("www.example.com", 60, Rdata::Cname(name("web.example.net")));
        let back = record("web.example.net", 60, Rdata::Cname(name("www.example.com")));
        assert_eq!(
            resolved(ResponseCode::NOERROR, vec![there, back]),
            Resolved::NoData(None)
        );
        assert_eq!(
            resolved(ResponseCode::SERVFAIL, Vec::new()),
            Resolved::Failed(Vec::new())
        );
    }
}
