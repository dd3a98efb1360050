//! What one name server says to a question: which of its zones answers, and how the zone answers
//! (RFC 1034 section 4.3.2, RFC 2181 section 6, RFC 4592, RFC 4035 section 3.1.4.1).

use std::collections::HashSet;
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;

use super::alias;
use super::rdata::type_number;
use super::reply::{Answer, Dnssec, Question, Reply};
use super::zone::{Node, ServedZone};
use crate::model;
use crate::model::name::DnsName;
use crate::sim::record::ResourceRecordSet;
use crate::sim::world::{HostedZone, OutsideZone, World};

/// The world as it is served at a moment of its clock: what is `PENDING` is not in it yet.
#[derive(Clone, Copy)]
pub(super) struct Served<'a> {
    pub(super) world: &'a World,
    pub(super) now: Duration,
    /// What its calendar shows, in seconds since 1970.
    pub(super) time: i64,
}

impl<'a> Served<'a> {
    /// The record sets of a zone that have reached its servers; none where the zone itself has not.
    pub(super) fn zone(&self, zone: &HostedZone) -> Option<ServedZone> {
        let delay = self.world.insync_delay;
        let reached = zone.created == Duration::ZERO || zone.created + delay <= self.now;
        let records = || ServedZone::new(zone.name.clone(), zone.seen_at(self.now, delay));
        reached.then(|| records().signed(&zone.signing, self.time))
    }

    /// What a name server says to a question.
    pub(super) fn ask(&self, server: &DnsName, question: &Question) -> Reply {
        let Some(zone) = self.zone_for(server, question) else {
            return Reply::code(ResponseCode::Refused);
        };
        let mut answering = Answering {
            served: *self,
            zone: &zone,
            question,
            reply: Reply::code(ResponseCode::NoError),
        };
        answering.reply.authoritative = true;
        answering.run();
        answering.reply
    }

    /// The deepest zone of this server that encloses the name; a DS is its parent's, so an apex does not answer for it.
    fn zone_for(&self, server: &DnsName, question: &Question) -> Option<ServedZone> {
        let hosted = self.world.zones_served_by(server).map(Holding::Hosted);
        let outside = self.world.outside().served_by(server).map(Holding::Outside);
        let mut held: Vec<Holding<'a>> = hosted
            .chain(outside)
            .filter(|zone| question.name.is_at_or_below(zone.name()))
            .collect();
        held.sort_by_key(|zone| std::cmp::Reverse(zone.name().as_wire().len()));
        let mut reached = held.iter().filter_map(|zone| zone.served(self)).peekable();
        let deepest = reached.next()?;
        let above = (question.record_type == RecordType::DS && deepest.apex == question.name)
            .then(|| reached.next())
            .flatten();
        Some(above.unwrap_or(deepest))
    }
}

/// A zone that a server has.
enum Holding<'a> {
    Hosted(&'a HostedZone),
    Outside(&'a OutsideZone),
}

impl Holding<'_> {
    fn name(&self) -> &DnsName {
        match self {
            Self::Hosted(zone) => &zone.name,
            Self::Outside(zone) => &zone.name,
        }
    }

    fn served(&self, served: &Served<'_>) -> Option<ServedZone> {
        match self {
            Self::Hosted(zone) => served.zone(zone),
            Self::Outside(zone) => {
                Some(ServedZone::new(zone.name.clone(), zone.snapshot()).signed(&zone.signing, served.time))
            }
        }
    }
}

/// The state of answering one question from one zone.
struct Answering<'a, 'z> {
    served: Served<'a>,
    zone: &'z ServedZone,
    question: &'z Question,
    reply: Reply,
}

impl Answering<'_, '_> {
    /// Answers for the name, then for each name that a CNAME of this zone leads to.
    fn run(&mut self) {
        let mut name = self.question.name.clone();
        let mut seen = HashSet::new();
        while seen.insert(name.clone()) {
            match self.step(&name) {
                Some(target) if target.is_at_or_below(&self.zone.apex) => name = target,
                _ => break,
            }
        }
        self.add_apex_servers();
    }

    /// Answers for one name; returns where a CNAME leads.
    fn step(&mut self, name: &DnsName) -> Option<DnsName> {
        let zone = self.zone;
        if let Some(cut) = zone.cut_above(name)
            && !(cut.name == *name && self.question.record_type == RecordType::DS)
        {
            self.refer(cut);
            return None;
        }
        match zone.node(name) {
            Node::Sets(sets) => self.answer(name, sets),
            Node::EmptyNonTerminal => self.deny(ResponseCode::NoError),
            Node::Missing => self.deny(ResponseCode::NXDomain),
        }
    }

    /// Answers from the record sets of a node.
    fn answer(&mut self, name: &DnsName, sets: &[ResourceRecordSet]) -> Option<DnsName> {
        let wanted = self.question.record_type;
        let before = self.reply.answers.len();
        for record_type in types(sets, |number| wanted == RecordType::ANY || number == wanted) {
            let records = self.records(name, sets, record_type);
            self.reply.answers.extend(self.signed(sets, records));
        }
        self.add_keys(name);
        if self.reply.answers.len() > before {
            return None;
        }
        let mut cname = self.records(name, sets, model::record::RecordType::CNAME);
        cname.truncate(1);
        let Some(target) = cname.first().and_then(Answer::canonical_name) else {
            return self.deny(ResponseCode::NoError);
        };
        self.reply.answers.extend(self.signed(sets, cname));
        Some(target)
    }

    /// Adds the keys of a signed zone, which stand at its apex.
    fn add_keys(&mut self, name: &DnsName) {
        let is_wanted = [RecordType::DNSKEY, RecordType::ANY].contains(&self.question.record_type);
        if let Some(signer) = self
            .zone
            .signer
            .as_ref()
            .filter(|_| is_wanted && *name == self.zone.apex)
        {
            let keys = self.signed(&[], signer.keys());
            self.reply.answers.extend(keys);
        }
    }

    /// The records with their signature, where one is wanted and the zone is signed; `sets` is where they stand, which may be at a
    /// wildcard.
    fn signed(&self, sets: &[ResourceRecordSet], mut records: Vec<Answer>) -> Vec<Answer> {
        if let (Some(signer), Dnssec::Wanted) = (&self.zone.signer, self.question.dnssec) {
            let owner = sets.first().map(|set| &set.name);
            records.extend(signer.signature(owner, &records));
        }
        records
    }

    /// The records of one type, owned by the name that was asked for.
    fn records(
        &self,
        name: &DnsName,
        sets: &[ResourceRecordSet],
        record_type: model::record::RecordType,
    ) -> Vec<Answer> {
        alias::values(self.served, sets, record_type)
            .into_iter()
            .map(|(ttl, data)| Answer {
                owner: name.clone(),
                ttl,
                data,
            })
            .collect()
    }

    /// Says that there is nothing, with the SOA by which the answer is kept (RFC 2308 section 3).
    fn deny(&mut self, code: ResponseCode) -> Option<DnsName> {
        self.reply.code = code;
        let apex = &self.zone.apex;
        let sets = self.zone.at(apex);
        let mut soa = self.records(apex, sets, model::record::RecordType::SOA);
        soa.truncate(1);
        for soa in &mut soa {
            if let hickory_proto::rr::RData::SOA(data) = &soa.data {
                soa.ttl = soa.ttl.min(data.minimum);
            }
        }
        let soa = self.signed(sets, soa);
        self.reply.authority.extend(soa);
        None
    }

    /// Refers to the servers of a zone cut.
    fn refer(&mut self, cut: &ResourceRecordSet) {
        if self.reply.answers.is_empty() {
            self.reply.authoritative = false;
        }
        let sets = self.zone.at(&cut.name);
        let servers = self.records(&cut.name, sets, model::record::RecordType::NS);
        for server in servers.iter().filter_map(Answer::name_server) {
            self.add_glue(&server);
        }
        self.reply.authority.extend(servers);
        if self.question.dnssec == Dnssec::Wanted {
            let signers = self.records(&cut.name, sets, model::record::RecordType::DS);
            self.reply.authority.extend(self.signed(sets, signers));
        }
    }

    /// Adds the addresses that this zone holds for a name server, authoritative or not (RFC 9471).
    fn add_glue(&mut self, server: &DnsName) {
        if !server.is_at_or_below(&self.zone.apex) {
            return;
        }
        for record_type in [model::record::RecordType::A, model::record::RecordType::AAAA] {
            let glue = self.records(server, self.zone.at(server), record_type);
            self.reply.additional.extend(glue);
        }
    }

    /// Adds the zone's own servers to a positive answer, as the servers of Route 53 do.
    fn add_apex_servers(&mut self) {
        let positive = !self.reply.answers.is_empty() && self.reply.authority.is_empty();
        let apex = &self.zone.apex;
        let holds_them = |record: &Answer| record.owner == *apex && record.name_server().is_some();
        if positive && !self.reply.answers.iter().any(holds_them) {
            let sets = self.zone.at(apex);
            let servers = self.records(apex, sets, model::record::RecordType::NS);
            self.reply.authority.extend(self.signed(sets, servers));
        }
    }
}

/// The types of some record sets that a test admits, each once.
fn types(
    sets: &[ResourceRecordSet],
    admits: impl Fn(RecordType) -> bool,
) -> impl Iterator<Item = model::record::RecordType> {
    let mut types: Vec<_> = sets
        .iter()
        .map(|set| set.record_type)
        .filter(|record_type| type_number(*record_type).is_some_and(&admits))
        .collect();
    types.dedup();
    types.into_iter()
}
