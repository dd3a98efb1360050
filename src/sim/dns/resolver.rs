//! A resolver that walks the world from the root down, asking its servers as one on the internet would.
//!
//! It keeps nothing from one question to the next and takes no short cut: a broken delegation does not resolve.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;

use super::authority::Served;
use super::message::Transport;
use super::misbehaving;
use super::reply::{Answer, Dnssec, Extension, Question, Reply};
use crate::model::name::DnsName;

/// How many queries one question may cost.
const MAX_QUERIES: u32 = 300;
/// How deep the search for addresses of name servers may nest.
const MAX_DEPTH: u32 = 6;
/// How many CNAMEs are followed, one after another.
const MAX_CHAIN: usize = 16;

/// Answers a question by walking the world.
pub(super) fn resolve(served: Served<'_>, question: &Question) -> Reply {
    let mut walk = Walk {
        served,
        passed: HashMap::new(),
        queries: 0,
    };
    walk.chain(question, 0)
        .unwrap_or_else(|| Reply::code(ResponseCode::ServFail))
}

struct Walk<'a> {
    served: Served<'a>,
    /// The servers of the cuts that were passed.
    passed: HashMap<DnsName, Vec<DnsName>>,
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
            reply.behaviours.clear();
            answers.append(&mut reply.answers);
            match target {
                Some(target) => question.name = target,
                None => {
                    let is_delegation =
                        |record: &Answer| record.name_server().is_some() || record.covered() == Some(RecordType::NS);
                    reply.authority.retain(|record| !is_delegation(record));
                    reply.answers = answers;
                    return Some(reply);
                }
            }
        }
        None
    }

    /// The final answer for one name, by descending from the nearest cut that was passed.
    fn find(&mut self, question: &Question, depth: u32) -> Option<Reply> {
        let (mut cut, mut servers) = self.nearest(&question.name);
        loop {
            let reply = self.first_useful(&servers, &cut, question)?;
            let next = match reply.cut() {
                Some(next) if !reply.authoritative => next.clone(),
                _ => return Some(reply),
            };
            servers = self.reachable(&reply, depth);
            cut = next;
            self.passed.insert(cut.clone(), servers.clone());
        }
    }

    fn nearest(&self, name: &DnsName) -> (DnsName, Vec<DnsName>) {
        let passed = name.suffixes().map(DnsName::from_suffix).find_map(|zone| {
            let servers = self.passed.get(&zone)?.clone();
            Some((zone, servers))
        });
        passed.unwrap_or_else(|| (DnsName::root(), self.served.world.outside().root_servers().to_vec()))
    }

    /// The first reply that leads on: an answer, a denial, or a referral to a cut below this one.
    fn first_useful(&mut self, servers: &[DnsName], cut: &DnsName, question: &Question) -> Option<Reply> {
        let mut asked = HashSet::new();
        for server in servers.iter().filter(|server| asked.insert(*server)) {
            if self.queries >= MAX_QUERIES {
                return None;
            }
            self.queries += 1;
            let Some(reply) = self.heard(server, question) else {
                continue;
            };
            if is_useful(&reply, cut, &question.name) {
                return Some(reply);
            }
        }
        None
    }

    /// What a server says, where it says anything; a resolver tries without an OPT record and over TCP before it gives up.
    fn heard(&self, server: &DnsName, question: &Question) -> Option<Reply> {
        let plain = Question {
            extension: Extension::None,
            ..question.clone()
        };
        let reply = misbehaving::ask(self.served, server, &plain);
        (!misbehaving::is_mute(&reply)).then_some(reply)
    }

    /// The servers that a referral leads to: whoever stands where the servers it names are said to be.
    fn reachable(&mut self, reply: &Reply, depth: u32) -> Vec<DnsName> {
        let mut servers = Vec::new();
        for server in reply.authority.iter().filter_map(Answer::name_server) {
            let mut addresses = addresses_of(&server, &reply.additional);
            if addresses.is_empty() {
                addresses = self.search(&server, depth);
            }
            let places = self.served.world.outside().places();
            servers.extend(addresses.into_iter().filter_map(|address| places.server_at(address)));
        }
        servers
    }

    /// The addresses of a name server whose name must be resolved first.
    fn search(&mut self, server: &DnsName, depth: u32) -> Vec<Ipv4Addr> {
        let question = Question {
            name: server.clone(),
            record_type: RecordType::A,
            dnssec: Dnssec::Unwanted,
            extension: Extension::Edns,
            transport: Transport::Tcp,
        };
        let found = (depth < MAX_DEPTH).then(|| self.chain(&question, depth + 1)).flatten();
        let answers = found.map(|reply| reply.answers).unwrap_or_default();
        answers.iter().filter_map(Answer::address).collect()
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
        _ => {
            let mut records = reply.answers.iter().rev();
            records.find(|record| record.covered().is_none())?.canonical_name()
        }
    }
}

fn addresses_of(server: &DnsName, additional: &[Answer]) -> Vec<Ipv4Addr> {
    additional
        .iter()
        .filter(|record| record.owner == *server)
        .filter_map(Answer::address)
        .collect()
}
