//! A question and what a server says to it, apart from how the two travel.

use std::net::Ipv4Addr;
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::{RData, RecordType};

use super::message::Transport;
use super::name::from_hickory;
use crate::model::name::DnsName;
use crate::sim::world::behaviour::Behaviour;

/// One question of class IN.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) name: DnsName,
    pub(super) record_type: RecordType,
    /// Whether DNSSEC records are wanted along with the answer.
    pub(super) dnssec: Dnssec,
    /// Whether the query has an OPT record.
    pub(super) extension: Extension,
    /// How the query came.
    pub(super) transport: Transport,
}

/// Whether a query has an OPT record (RFC 6891).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    Edns,
    None,
}

/// The DO bit (RFC 3225).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dnssec {
    Wanted,
    Unwanted,
}

/// One record of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) owner: DnsName,
    pub(super) ttl: u32,
    pub(super) data: RData,
}

/// What a server says.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) code: ResponseCode,
    pub(super) authoritative: bool,
    pub(super) answers: Vec<Answer>,
    pub(super) authority: Vec<Answer>,
    pub(super) additional: Vec<Answer>,
    /// How the server misbehaves in saying it.
    pub(super) behaviours: Vec<Behaviour>,
}

impl Reply {
    /// Nothing but a response code.
    pub(super) fn code(code: ResponseCode) -> Self {
        Self {
            code,
            authoritative: false,
            answers: Vec::new(),
            authority: Vec::new(),
            additional: Vec::new(),
            behaviours: Vec::new(),
        }
    }

    /// Whether the server misbehaves so.
    pub(super) fn shows(&self, behaviour: Behaviour) -> bool {
        self.behaviours.contains(&behaviour)
    }

    /// How long the server takes.
    pub(super) fn delay(&self) -> Duration {
        let delays = self.behaviours.iter().map(|behaviour| match behaviour {
            Behaviour::Slow(time) => *time,
            _ => Duration::ZERO,
        });
        delays.sum()
    }

    /// The owner of the NS records in AUTHORITY, where there are some.
    pub(super) fn cut(&self) -> Option<&DnsName> {
        let servers = self.authority.iter().find(|record| record.name_server().is_some());
        servers.map(|record| &record.owner)
    }
}

impl Answer {
    /// The name server that an NS record names.
    pub(super) fn name_server(&self) -> Option<DnsName> {
        match &self.data {
            RData::NS(target) => from_hickory(target),
            _ => None,
        }
    }

    /// The address that an A record tells.
    pub(super) fn address(&self) -> Option<Ipv4Addr> {
        match &self.data {
            RData::A(address) => Some(address.0),
            _ => None,
        }
    }

    /// The type that an RRSIG record covers (RFC 4034 section 3.1.1).
    pub(super) fn covered(&self) -> Option<RecordType> {
        match &self.data {
            RData::Unknown {
                code: RecordType::RRSIG,
                rdata,
            } => rdata
                .anything
                .first_chunk()
                .map(|octets| u16::from_be_bytes(*octets).into()),
            _ => None,
        }
    }

    /// The target of a CNAME record.
    pub(super) fn canonical_name(&self) -> Option<DnsName> {
        match &self.data {
            RData::CNAME(target) => from_hickory(target),
            _ => None,
        }
    }
}
