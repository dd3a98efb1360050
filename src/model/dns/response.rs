//! Questions, and the responses to them, as they came off the wire.

use core::net::IpAddr;
use std::collections::HashSet;

use super::code::{ExtendedError, ResponseCode};
use super::rdata::{Rdata, Soa};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// The name.
    pub name: DnsName,
    /// The type.
    pub record_type: RecordType,
}

/// One record of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The owner.
    pub owner: DnsName,
    /// The type.
    pub record_type: RecordType,
    /// The time to live in seconds.
    pub ttl: u32,
    /// The data.
    pub data: Rdata,
}

/// A response that could be read and answers the question that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The response code.
    pub code: ResponseCode,
    /// AA: the server says that it is an authority for the name.
    pub authoritative: bool,
    /// TC: there is more than fits.
    pub truncated: bool,
    /// RA: the server offers recursion.
    pub recursion_available: bool,
    /// What the OPT record says; none where there is none.
    pub edns: Option<Edns>,
    /// The answer section.
    pub answer: Vec<Record>,
    /// The authority section.
    pub authority: Vec<Record>,
    /// The additional section, without the OPT record.
    pub additional: Vec<Record>,
    /// The size of the message in octets.
    pub size: usize,
}

/// What the OPT record of a response says (RFC 6891).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edns {
    /// The extended errors, in the order they came in.
    pub errors: Vec<ExtendedError>,
}

impl Response {
    /// The extended errors.
    pub fn errors(&self) -> &[ExtendedError] {
        self.edns.as_ref().map_or(&[], |edns| &edns.errors)
    }

    /// The records of the answer section that have the name and type asked for.
    pub fn answers<'a>(&'a self, question: &'a Question) -> impl Iterator<Item = &'a Record> {
        self.answer
            .iter()
            .filter(|record| record.owner == question.name && record.record_type == question.record_type)
    }

    /// The signatures of the records that have the name and type asked for, or of the alias in their place.
    pub fn signatures(&self, question: &Question) -> Vec<Record> {
        let at_name = [question.record_type.number(), RecordType::CNAME.number()];
        let signs = |record: &&Record| match &record.data {
            Rdata::Rrsig(signature) if record.owner == question.name => at_name.contains(&Some(signature.type_covered)),
            Rdata::Rrsig(signature) if question.name.is_below(&record.owner) => {
                RecordType::DNAME.number() == Some(signature.type_covered)
            }
            _ => false,
        };
        self.answer.iter().filter(signs).cloned().collect()
    }

    /// The signatures that the authority section has of the DS records at a name.
    pub fn authority_ds_signatures(&self, name: &DnsName) -> Vec<Record> {
        let covered = RecordType::DS.number();
        let signs = |record: &&Record| match &record.data {
            Rdata::Rrsig(signature) => record.owner == *name && Some(signature.type_covered) == covered,
            _ => false,
        };
        self.authority.iter().filter(signs).cloned().collect()
    }

    /// The SOA record of the authority section, with its owner and TTL.
    pub fn authority_soa(&self) -> Option<(&DnsName, u32, &Soa)> {
        self.authority.iter().find_map(|record| match &record.data {
            Rdata::Soa(soa) => Some((&record.owner, record.ttl, soa)),
            _ => None,
        })
    }

    /// The owner of the NS records of the authority section; of several, the nearest to the root.
    pub fn authority_cut(&self) -> Option<&DnsName> {
        let owners = self
            .authority
            .iter()
            .filter(|record| record.record_type == RecordType::NS);
        owners
            .map(|record| &record.owner)
            .min_by_key(|owner| owner.label_count())
    }

    /// The DS records of the authority section at a name.
    pub fn authority_ds(&self, name: &DnsName) -> Vec<DsValue> {
        let at_name = self.authority.iter().filter(|record| record.owner == *name);
        at_name
            .filter_map(|record| match &record.data {
                Rdata::Ds(value) => Some(value.clone()),
                _ => None,
            })
            .collect()
    }

    /// The addresses that the additional section gives for a name, each once however often it is given.
    pub fn glue<'a>(&'a self, name: &'a DnsName) -> impl Iterator<Item = IpAddr> + 'a {
        let mut given = HashSet::new();
        self.additional
            .iter()
            .filter(move |record| record.owner == *name)
            .filter_map(|record| record.data.address())
            .filter(move |address| given.insert(*address))
    }
}
