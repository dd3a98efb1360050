//! One server of a step: what it said to the question of the walk, in words, and what that makes of it.

use core::net::IpAddr;
use std::time::Duration;

use crate::model::dns::{Addresses, Direction, ExtendedError, HeardFrom, Leg, NoAddress, Outcome, Reply, Unasked};
use crate::model::name::DnsName;
use crate::model::served::{Lameness, Tally, Unresponsive, Verdict};

/// One address of a server, or a server without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub name: DnsName,
    /// Its address, where it has one.
    pub address: Option<IpAddr>,
    /// What it comes to.
    pub state: State,
    /// What it said, in words.
    pub says: String,
    /// How long that took.
    pub took: Option<Duration>,
}

/// What a server comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was asked.
    Asked(Verdict),
    /// It was asked, and has said nothing yet.
    Waiting,
    /// It has no address.
    Nowhere(NoAddress),
    /// Its name was not looked up.
    Unsought,
}

/// The servers of a leg, in the order of names.
pub(super) fn all(leg: &Leg) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    for server in &leg.servers {
        let before = servers.len();
        for address in server.addresses.known() {
            let heard = leg
                .heard
                .iter()
                .find(|heard| heard.server == server.name && heard.address == *address);
            servers.extend(heard.map(|heard| of(leg, heard)));
        }
        if servers.len() == before {
            servers.push(without_word(server.name.clone(), &server.addresses));
        }
    }
    servers.sort_by(|a, b| (&a.name, a.address).cmp(&(&b.name, b.address)));
    servers
}

fn of(leg: &Leg, heard: &HeardFrom) -> Server {
    let took = match &heard.outcome {
        Outcome::Asked(probe) if !probe.reply.is_silence() => Some(probe.took),
        _ => None,
    };
    Server {
        name: heard.server.clone(),
        address: Some(heard.address),
        state: State::Asked(verdict(&leg.zone, &heard.outcome)),
        says: words(&heard.outcome),
        took,
    }
}

/// A server of which no address was heard.
fn without_word(name: DnsName, addresses: &Addresses) -> Server {
    let (state, says) = match addresses {
        Addresses::Missing(why) => (State::Nowhere(*why), no_address(*why).to_owned()),
        Addresses::Unsought => (State::Unsought, "not looked up".to_owned()),
        Addresses::Given(known) | Addresses::Found(known) if known.is_empty() => (
            State::Nowhere(NoAddress::NoData),
            no_address(NoAddress::NoData).to_owned(),
        ),
        Addresses::Given(_) | Addresses::Found(_) => (State::Waiting, "no answer yet".to_owned()),
    };
    Server {
        name,
        address: None,
        state,
        says,
        took: None,
    }
}

/// What a reply makes of a server of a zone: one that denies in the name of a zone above does not have the zone.
fn verdict(zone: &DnsName, outcome: &Outcome) -> Verdict {
    let denied_by = |negative: &Option<crate::model::dns::Negative>| {
        negative.as_ref().is_some_and(|negative| zone.is_below(&negative.zone))
    };
    match outcome {
        Outcome::Asked(probe) => match &probe.reply {
            Reply::NoName(negative) if denied_by(negative) => Verdict::Lame(Lameness::NoName),
            Reply::NoData(negative) if denied_by(negative) => Verdict::Lame(Lameness::NoData),
            reply if reply.is_useful() => Verdict::Serving,
            _ => Verdict::of(outcome),
        },
        Outcome::Unasked(_) => Verdict::of(outcome),
    }
}

pub(super) fn is_useful(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Asked(probe) if probe.reply.is_useful())
}

/// What a server said, in words, fit to print.
fn words(outcome: &Outcome) -> String {
    let probe = match outcome {
        Outcome::Asked(probe) => probe,
        Outcome::Unasked(why) => return unasked(*why),
    };
    match &probe.reply {
        Reply::Answer(records) => {
            let shown: Vec<String> = records.iter().map(|record| record.shown_data()).collect();
            let record_type = records.first().map(|record| record.record_type.to_string());
            format!("{} {}", record_type.unwrap_or_default(), some(&shown))
        }
        Reply::Alias(alias) => match &alias.target {
            Some(target) => format!("{} {target}", alias.record_type),
            None => format!("{} to a name that is too long", alias.record_type),
        },
        Reply::NoData(_) => "no data".to_owned(),
        Reply::NoName(_) => "NXDOMAIN".to_owned(),
        Reply::Referral(referral) => match referral.direction {
            Direction::Down => format!("referral {}", referral.cut),
            Direction::Sideways => format!("refers to {} itself", referral.cut),
            Direction::Up => format!("refers up to {}", root(&referral.cut)),
            Direction::Astray => format!("refers to {}, which is elsewhere", referral.cut),
        },
        Reply::Refused(errors) => format!("REFUSED{}", extended(errors)),
        Reply::Failed(errors) => format!("SERVFAIL{}", extended(errors)),
        Reply::Code(code) => code.to_string(),
        Reply::NotAuthoritative(_) => "an answer without authority".to_owned(),
        Reply::Empty => "an empty answer".to_owned(),
        Reply::Malformed => "an answer that cannot be read".to_owned(),
        Reply::Silent => "no answer".to_owned(),
        Reply::Unreachable(why) => why.words(),
    }
}

/// A few of several.
fn some(shown: &[String]) -> String {
    const SHOWN: usize = 3;
    let more = shown.len().saturating_sub(SHOWN);
    let few: Vec<&str> = shown.iter().take(SHOWN).map(String::as_str).collect();
    match more {
        0 => few.join(", "),
        more => format!("{} and {more} more", few.join(", ")),
    }
}

fn root(name: &DnsName) -> String {
    if name.is_root() {
        "the root".to_owned()
    } else {
        name.to_string()
    }
}

fn extended(errors: &[ExtendedError]) -> String {
    let Some(error) = errors.first() else {
        return String::new();
    };
    let meaning = error.meaning().unwrap_or("unknown code");
    match error.text.is_empty() {
        true => format!(" ({meaning})"),
        false => format!(" ({meaning}: {})", error.text.clipped(80)),
    }
}

fn unasked(why: Unasked) -> String {
    match why {
        Unasked::Special(purpose) => format!("not asked: {} address", purpose.as_str()),
        Unasked::NoIpv6 => "not asked: no IPv6 from here".to_owned(),
        Unasked::NoSocket => "not asked: no socket on this machine".to_owned(),
        Unasked::NoQueries => "not asked: too many queries".to_owned(),
        Unasked::NoTime => "not asked: out of time".to_owned(),
    }
}

fn no_address(why: NoAddress) -> &'static str {
    match why {
        NoAddress::NoName => "no such name",
        NoAddress::NoData => "no address",
        NoAddress::Cycle => "no address: to find it, itself would have to be asked",
        NoAddress::Unanswered => "address not found: its own servers do not answer",
        NoAddress::Unasked(_) => "address not looked up to the end",
    }
}

/// What the servers of a step say together: what most of those that serve it say, else what most of the others do.
pub(super) fn together(servers: &[Server]) -> String {
    let says = |serving: bool| {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for server in servers.iter().filter(|server| server.serves() == serving) {
            match counts.iter_mut().find(|(says, _)| *says == server.says) {
                Some((_, count)) => *count += 1,
                None => counts.push((&server.says, 1)),
            }
        }
        let most = counts.iter().map(|(_, count)| *count).max()?;
        counts
            .into_iter()
            .find(|(_, count)| *count == most)
            .map(|(says, _)| says.to_owned())
    };
    says(true).or_else(|| says(false)).unwrap_or_default()
}

impl Server {
    /// Whether it does its work for the zone.
    pub fn serves(&self) -> bool {
        self.state == State::Asked(Verdict::Serving)
    }

    /// A word for it: `ok`, `lame`, `no answer`, `not asked`, `no address`, `waiting`.
    pub fn word(&self) -> &'static str {
        match self.state {
            State::Asked(Verdict::Serving) => "ok",
            State::Asked(Verdict::Lame(_)) => "lame",
            State::Asked(Verdict::Unresponsive(Unresponsive::Silent)) => "no answer",
            State::Asked(Verdict::Unresponsive(Unresponsive::Unreachable(_))) => "unreachable",
            State::Asked(Verdict::Unasked(_)) => "not asked",
            State::Waiting => "waiting",
            State::Nowhere(NoAddress::Unasked(_) | NoAddress::Unanswered) => "not found",
            State::Nowhere(_) => "no address",
            State::Unsought => "not asked",
        }
    }
}

/// How many servers, by name, serve the zone at all their addresses that were asked; and how many do not, by how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByName {
    /// Those that serve it wherever they were asked.
    pub serving: usize,
    /// Those that respond and do not serve it, at one address at least.
    pub lame: usize,
    /// Those that do not respond, at one address at least.
    pub unresponsive: usize,
    /// Those whose name leads nowhere.
    pub nowhere: usize,
    /// Those of which nothing is known.
    pub unasked: usize,
}

impl ByName {
    /// Counts the servers of a step.
    pub fn of(servers: &[Server]) -> Self {
        let mut counts = Self::default();
        for of_name in servers.chunk_by(|a, b| a.name == b.name) {
            let verdicts = of_name.iter().filter_map(|server| match server.state {
                State::Asked(verdict) => Some(verdict),
                _ => None,
            });
            let tally = Tally::of(verdicts);
            let is_nowhere = of_name.iter().any(|server| {
                matches!(
                    server.state,
                    State::Nowhere(NoAddress::NoName | NoAddress::NoData | NoAddress::Cycle)
                )
            });
            let place = match tally {
                _ if is_nowhere => &mut counts.nowhere,
                tally if tally.lame > 0 => &mut counts.lame,
                tally if tally.unresponsive > 0 => &mut counts.unresponsive,
                tally if tally.serving > 0 => &mut counts.serving,
                _ => &mut counts.unasked,
            };
            *place += 1;
        }
        counts
    }

    /// All of them.
    pub fn all(self) -> usize {
        self.serving + self.lame + self.unresponsive + self.nowhere + self.unasked
    }
}

/// How long something takes, in words: `18ms`, `1.2s`.
pub fn clock_words(took: Duration) -> String {
    match took.as_millis() {
        0 => "<1ms".to_owned(),
        millis @ 1..1000 => format!("{millis}ms"),
        _ => format!("{:.1}s", took.as_secs_f64()),
    }
}
