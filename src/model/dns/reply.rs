//! What a server's response means for the question, seen from the zone that the server was asked for (checks.md 0.3).
//!
//! The first sense that fits is taken; a response is never believed about names that the server was not asked for.

use core::net::IpAddr;

use super::code::{ExtendedError, ResponseCode};
use super::rdata::{Rdata, Soa};
use super::response::{Question, Record, Response};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// What came of one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A response that could be read.
    Response(Box<Response>),
    /// A message with the right id from the right address that cannot be read.
    Malformed,
    /// Nothing in time.
    Silent,
    /// The system or the network says that the address cannot be reached.
    Unreachable(Unreachable),
}

/// Why an address cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unreachable {
    /// Nothing listens there.
    Refused,
    /// No route leads there from here.
    NoRoute,
    /// The connection ended before the answer came.
    Closed,
    /// The system refused a socket.
    Local,
    /// The name of a resolver over HTTPS leads to no address from here.
    Unresolved,
    /// No connection came about over TLS that can be trusted.
    Untrusted,
    /// A resolver over HTTPS answered with this status instead.
    Status(u16),
}

impl Unreachable {
    /// In a few words, fit to print.
    pub fn words(self) -> String {
        match self {
            Self::Refused => "nothing listens there".to_owned(),
            Self::NoRoute => "no route from here".to_owned(),
            Self::Closed => "closed the connection".to_owned(),
            Self::Local => "no socket on this machine".to_owned(),
            Self::Unresolved => "its name leads to no address from here".to_owned(),
            Self::Untrusted => "no TLS connection that can be trusted".to_owned(),
            Self::Status(status) => format!("HTTP status {status}"),
        }
    }
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Authoritative data of the type asked for.
    Answer(Vec<Record>),
    /// Authoritative: the name is an alias.
    Alias(Alias),
    /// Authoritative: the name exists, or names below it do, and has no data of the type.
    NoData(Option<Negative>),
    /// The name does not exist.
    NoName(Option<Negative>),
    /// Others are to be asked.
    Referral(Referral),
    /// REFUSED.
    Refused(Vec<ExtendedError>),
    /// SERVFAIL.
    Failed(Vec<ExtendedError>),
    /// Another response code.
    Code(ResponseCode),
    /// Data for the name without authority.
    NotAuthoritative(Vec<Record>),
    /// No error, and nothing said.
    Empty,
    /// A response that cannot be read.
    Malformed,
    /// No response in time.
    Silent,
    /// The address cannot be reached.
    Unreachable(Unreachable),
}

/// The SOA record of a negative answer (RFC 2308).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negative {
    /// The zone that denies.
    pub zone: DnsName,
    /// How long the denial is kept, in seconds: the lesser of the record's TTL and the SOA's minimum.
    pub ttl: u32,
    /// The SOA itself.
    pub soa: Soa,
}

/// Where an alias leads (RFC 1034 section 3.6.2, RFC 6672).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// CNAME, or DNAME where a name above was redirected.
    pub record_type: RecordType,
    /// The owner of that record.
    pub owner: DnsName,
    /// The name to be asked for instead; none where the redirected name is too long.
    pub target: Option<DnsName>,
    /// The time to live in seconds.
    pub ttl: u32,
}

/// A referral (RFC 9499): no answer, and the name servers to be asked instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The owner of the NS records.
    pub cut: DnsName,
    /// Where it leads.
    pub direction: Direction,
    /// The names of the servers, sorted, each once.
    pub name_servers: Vec<DnsName>,
    /// The time to live of the NS records in seconds.
    pub ttl: u32,
    /// The addresses that came along, for these names alone.
    pub glue: Vec<(DnsName, IpAddr)>,
    /// The DS records that came along.
    pub ds: Vec<DsValue>,
    /// Their signatures.
    pub ds_signatures: Vec<Record>,
}

/// Where a referral leads, seen from the zone that the server was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Down, to a cut on the way to the name.
    Down,
    /// To the zone itself: the server does not serve it.
    Sideways,
    /// To a zone above: the server does not know it at all.
    Up,
    /// To a name that is not on the way to the one asked for.
    Astray,
}

/// The most records of one set that are kept of what servers say at a cut: more than twice as many as servers are considered.
const MAX_RECORDS: usize = 32;
/// The most addresses beside a referral: 16 of each of 13 servers, which are asked.
const MAX_GLUE: usize = 208;

impl Negative {
    /// What an SOA record beside a negative answer says.
    pub(super) fn of(zone: &DnsName, ttl: u32, soa: &Soa) -> Self {
        Self {
            zone: zone.clone(),
            ttl: ttl.min(soa.minimum),
            soa: soa.clone(),
        }
    }
}

impl Referral {
    fn pare(&mut self) {
        self.name_servers.truncate(MAX_RECORDS);
        self.name_servers.shrink_to_fit();
        self.glue.truncate(MAX_GLUE);
        self.glue.shrink_to_fit();
        self.ds.truncate(MAX_RECORDS);
        self.ds.shrink_to_fit();
        self.ds_signatures.truncate(MAX_RECORDS);
        self.ds_signatures.shrink_to_fit();
    }
}

impl Reply {
    /// What was heard from a server that was asked as one of the servers of `zone`.
    pub fn of(question: &Question, zone: &DnsName, heard: &Heard) -> Self {
        match heard {
            Heard::Response(response) => Self::of_response(question, zone, response),
            Heard::Malformed => Self::Malformed,
            Heard::Silent => Self::Silent,
            Heard::Unreachable(why) => Self::Unreachable(*why),
        }
    }

    fn of_response(question: &Question, zone: &DnsName, response: &Response) -> Self {
        match response.code {
            ResponseCode::NOERROR | ResponseCode::NXDOMAIN => Self::of_content(question, zone, response),
            ResponseCode::REFUSED => Self::Refused(response.errors().to_vec()),
            ResponseCode::SERVFAIL => Self::Failed(response.errors().to_vec()),
            code => Self::Code(code),
        }
    }

    fn of_content(question: &Question, zone: &DnsName, response: &Response) -> Self {
        let answers: Vec<Record> = response.answers(question).cloned().collect();
        match (response.authoritative, alias(question, response)) {
            (true, _) if !answers.is_empty() => Self::Answer(answers),
            (false, _) if !answers.is_empty() => Self::NotAuthoritative(answers),
            (true, Some(alias)) => Self::Alias(alias),
            (false, Some(_)) => Self::NotAuthoritative(response.answer.clone()),
            // Who has no authority cannot deny: a cache, or somebody in the server's place.
            (false, None) if response.code == ResponseCode::NXDOMAIN => Self::NotAuthoritative(Vec::new()),
            (true, None) if response.code == ResponseCode::NXDOMAIN => Self::NoName(negative(response)),
            (authoritative, None) => Self::without_answer(question, zone, response, authoritative),
        }
    }

    /// No error and no answer: a referral, no data, or nothing at all.
    fn without_answer(question: &Question, zone: &DnsName, response: &Response, authoritative: bool) -> Self {
        let denied = negative(response);
        match (referral(question, zone, response), authoritative) {
            // Some servers set AA on referrals; a denial has the SOA record (RFC 2308 section 2.2).
            (Some(referral), _) if denied.is_none() => Self::Referral(referral),
            (_, true) => Self::NoData(denied),
            (_, false) if denied.is_some() => Self::NotAuthoritative(Vec::new()),
            (_, false) => Self::Empty,
        }
    }

    /// Whether the server does its work for the zone: it answers or denies with authority, or refers further down.
    pub fn is_useful(&self) -> bool {
        match self {
            Self::Answer(_) | Self::Alias(_) | Self::NoData(_) | Self::NoName(_) => true,
            Self::Referral(referral) => referral.direction == Direction::Down,
            _ => false,
        }
    }

    /// Forgets what is beyond the records that a sound set has, and the same ones of two servers that say the same.
    pub(super) fn pare(&mut self) {
        match self {
            Self::Answer(records) | Self::NotAuthoritative(records) if records.len() > MAX_RECORDS => {
                records.sort_by_cached_key(|record| (record.owner.clone(), record.data.name_server()));
                records.truncate(MAX_RECORDS);
                records.shrink_to_fit();
            }
            Self::Referral(referral) => referral.pare(),
            _ => {}
        }
    }

    /// Whether nothing came back that says anything about the server's zones.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Silent | Self::Unreachable(_))
    }
}

fn alias(question: &Question, response: &Response) -> Option<Alias> {
    if question.record_type == RecordType::CNAME {
        return None;
    }
    let redirection = response.answer.iter().find_map(|record| match &record.data {
        Rdata::Dname(target) if question.name.is_below(&record.owner) => {
            let relative = question.name.relative_to(&record.owner)?;
            Some(Alias {
                record_type: RecordType::DNAME,
                owner: record.owner.clone(),
                target: DnsName::join(relative, target).ok(),
                ttl: record.ttl,
            })
        }
        _ => None,
    });
    let canonical = response.answer.iter().find_map(|record| match &record.data {
        Rdata::Cname(target) if record.owner == question.name => Some(Alias {
            record_type: RecordType::CNAME,
            owner: record.owner.clone(),
            target: Some(target.clone()),
            ttl: record.ttl,
        }),
        _ => None,
    });
    redirection.or(canonical)
}

fn negative(response: &Response) -> Option<Negative> {
    let (zone, ttl, soa) = response.authority_soa()?;
    Some(Negative::of(zone, ttl, soa))
}

fn referral(question: &Question, zone: &DnsName, response: &Response) -> Option<Referral> {
    let cut = response.authority_cut()?;
    let at_cut = || response.authority.iter().filter(|record| record.owner == *cut);
    let mut name_servers: Vec<DnsName> = at_cut()
        .filter_map(|record| match &record.data {
            Rdata::Ns(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    name_servers.sort();
    name_servers.dedup();
    let ttl = at_cut()
        .filter(|record| record.record_type == RecordType::NS)
        .map(|record| record.ttl);
    // What lies outside the zone is not the server's to say.
    let own = name_servers.iter().filter(|name| name.is_at_or_below(zone));
    let glue = own.flat_map(|name| response.glue(name).map(|address| (name.clone(), address)));
    let glue = glue.collect();
    Some(Referral {
        cut: cut.clone(),
        direction: direction(question, zone, cut),
        ttl: ttl.min().unwrap_or(0),
        glue,
        ds: response.authority_ds(cut),
        ds_signatures: response.authority_ds_signatures(cut),
        name_servers,
    })
}

fn direction(question: &Question, zone: &DnsName, cut: &DnsName) -> Direction {
    if cut == zone {
        Direction::Sideways
    } else if zone.is_below(cut) {
        Direction::Up
    } else if cut.is_below(zone) && question.name.is_at_or_below(cut) {
        Direction::Down
    } else {
        Direction::Astray
    }
}

#[cfg(test)]
mod tests;
