//! A resolver that walks the world from its topmost zones down, asking its servers as one on the internet would.
//!
//! It keeps nothing and takes no short cut: a broken delegation does not resolve. What lies beyond the world is SERVFAIL.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::rdata::A;
use hickory_proto::rr::{RData, RecordType};

use super::address;
use super::authority::Served;
use super::reply::{Answer, Dnssec, Question, Reply};
use crate::model::awsdns;
use crate::model::name::DnsName;
use crate::sim::order::sort_key;
use crate::sim::world::HostedZone;

/// How many queries one question may cost.
const MAX_QUERIES: u32 = 300;
/// How deep the search for addresses of name servers may nest.
const MAX_DEPTH: u32 = 6;
/// How many CNAMEs are followed, one after another.
const MAX_CHAIN: usize = 16;
/// The TTL of the addresses of Route 53's servers.
const SERVER_TTL: u32 = 172_800;

/// Where a name server stands.
pub(super) type AddressOf<'a> = dyn Fn(&DnsName) -> Option<Ipv4Addr> + 'a;

/// Answers a question by walking the world.
pub(super) fn resolve(served: Served<'_>, address_of: &AddressOf<'_>, question: &Question) -> Reply {
    let mut walk = Walk {
        served,
        address_of,
        queries: 0,
    };
    walk.chain(question, 0)
        .unwrap_or_else(|| Reply::code(ResponseCode::ServFail))
}

struct Walk<'a> {
    served: Served<'a>,
    address_of: &'a AddressOf<'a>,
    queries: u32,
}

impl Walk<'_> {
    /// Follows CNAMEs from zone to zone; none where no answer can be had.
    fn chain(&mut self, question: &Question, depth: u32) -> Option<Reply> {
        let mut question = question.clone();
        let mut answers: Vec<Answer> = Vec::new();
        for _ in 0..MAX_CHAIN {
            let mut reply = self.find(&question, depth)?;
            let target = last_target(&reply, &question);
            reply.authoritative = false;
            reply.additional.clear();
            answers.append(&mut reply.answers);
            match target {
                Some(target) => question.name = target,
                None => {
                    reply.authority.retain(|record| record.name_server().is_none());
                    reply.answers = answers;
                    return Some(reply);
                }
            }
        }
        None
    }

    /// The final answer for one name: from Route 53's servers' own names, or by descending from the topmost zone.
    fn find(&mut self, question: &Question, depth: u32) -> Option<Reply> {
        if let Some(reply) = self.server_name(question) {
            return Some(reply);
        }
        let top = self.topmost(&question.name)?;
        let mut cut = top.name.clone();
        let mut servers = top.delegation_set.clone();
        loop {
            let reply = self.first_useful(&servers, &cut, question)?;
            let next = match reply.cut() {
                Some(next) if !reply.authoritative => next.clone(),
                _ => return Some(reply),
            };
            servers = self.reachable(&reply, depth);
            cut = next;
        }
    }

    /// Whether a name is that of a server: one of Route 53's, or one that the world's file made up.
    fn knows(&self, server: &DnsName) -> bool {
        awsdns::is_plausible(server) || self.served.world.zones_served_by(server).next().is_some()
    }

    /// What the servers of the domains `awsdns-NN.TLD` would say.
    fn server_name(&self, question: &Question) -> Option<Reply> {
        let known = self.knows(&question.name);
        if !known && !awsdns::is_awsdns(&question.name) {
            return None;
        }
        let address = known.then(|| (self.address_of)(&question.name)).flatten();
        let mut reply = Reply::code(match (known, address) {
            (true, Some(_)) => ResponseCode::NoError,
            (true, None) => ResponseCode::ServFail,
            (false, _) => ResponseCode::NXDomain,
        });
        if [RecordType::A, RecordType::ANY].contains(&question.record_type) {
            reply.answers.extend(address.map(|address| Answer {
                owner: question.name.clone(),
                ttl: SERVER_TTL,
                data: RData::A(A(address)),
            }));
        }
        Some(reply)
    }

    /// The public zone nearest to the root above a name, the one that a registry would delegate to.
    ///
    /// Of twins it is the one that the world's file gives no key of its own, else that of the first account.
    fn topmost(&self, name: &DnsName) -> Option<&HostedZone> {
        let above: Vec<DnsName> = name.suffixes().map(DnsName::from_suffix).collect();
        above.iter().rev().find_map(|apex| {
            let twins = self.served.world.accounts().iter().flat_map(|account| {
                account
                    .zones_by_name(Some((sort_key(apex), None)))
                    .take_while(|zone| zone.name == *apex)
                    .filter(|zone| zone.is_public())
            });
            twins.min_by_key(|zone| *zone.key != *zone.name.to_string())
        })
    }

    /// The first reply that leads on: an answer, a denial, or a referral to a cut below this one.
    fn first_useful(&mut self, servers: &[DnsName], cut: &DnsName, question: &Question) -> Option<Reply> {
        let mut asked = HashSet::new();
        for server in servers.iter().filter(|server| asked.insert(*server)) {
            if self.queries >= MAX_QUERIES {
                return None;
            }
            self.queries += 1;
            let reply = self.served.ask(server, question);
            if is_useful(&reply, cut, &question.name) {
                return Some(reply);
            }
        }
        None
    }

    /// The servers that a referral names.
    fn reachable(&mut self, reply: &Reply, depth: u32) -> Vec<DnsName> {
        let mut servers = Vec::new();
        for server in reply.authority.iter().filter_map(Answer::name_server) {
            if self.knows(&server) {
                servers.push(server);
                continue;
            }
            let mut addresses = addresses_of(&server, &reply.additional);
            if addresses.is_empty() {
                addresses = self.search(&server, depth);
            }
            servers.extend(addresses.into_iter().filter_map(address::server_at));
        }
        servers
    }

    /// The addresses of a name server whose name must be resolved first.
    fn search(&mut self, server: &DnsName, depth: u32) -> Vec<Ipv4Addr> {
        let question = Question {
            name: server.clone(),
            record_type: RecordType::A,
            dnssec: Dnssec::Unwanted,
        };
        let found = (depth < MAX_DEPTH).then(|| self.chain(&question, depth + 1)).flatten();
        let answers = found.map(|reply| reply.answers).unwrap_or_default();
        answers.iter().filter_map(address_in).collect()
    }
}

/// Whether a reply leads on: it answers, denies, or refers to a cut below this one on the way to the name.
fn is_useful(reply: &Reply, cut: &DnsName, name: &DnsName) -> bool {
    match (reply.code, reply.authoritative) {
        (ResponseCode::NoError | ResponseCode::NXDomain, true) => true,
        (ResponseCode::NoError, false) => reply
            .cut()
            .is_some_and(|next| next.is_below(cut) && name.is_at_or_below(next)),
        _ => false,
    }
}

/// Where the last CNAME of an answer leads, if nothing follows it and it was not asked for.
fn last_target(reply: &Reply, question: &Question) -> Option<DnsName> {
    match question.record_type {
        RecordType::CNAME | RecordType::ANY => None,
        _ => reply.answers.last()?.canonical_name(),
    }
}

fn addresses_of(server: &DnsName, additional: &[Answer]) -> Vec<Ipv4Addr> {
    additional
        .iter()
        .filter(|record| record.owner == *server)
        .filter_map(address_in)
        .collect()
}

fn address_in(record: &Answer) -> Option<Ipv4Addr> {
    match &record.data {
        RData::A(address) => Some(address.0),
        _ => None,
    }
}
