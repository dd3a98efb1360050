//! The side of a cut that delegates: what each server of the closest enclosing served zone says of the name (checks.md 0.4).

use core::net::IpAddr;

use crate::model::dns::{Direction, End, Outcome, Record, Referral, Reply};
use crate::model::name::DnsName;

/// What the servers of the parent zone say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentSide {
    /// The closest enclosing zone, as it is served; the one that the accounts hold where the walk did not get there.
    pub zone: Option<DnsName>,
    /// How its servers were found.
    pub reached: Reached,
    /// What each address of each of them says.
    pub heard: Vec<ParentServer>,
}

/// How the servers of the parent zone were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// By walking down from the root, as resolvers do.
    Walked,
    /// The walk ended above; they are those that the accounts name.
    Held(Box<End>),
    /// They were not.
    Unreached(Box<End>),
    /// They were not looked for.
    Unsought,
}

/// What one address of a server of the parent zone says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentServer {
    /// The name of the server.
    pub server: DnsName,
    /// The address.
    pub address: IpAddr,
    /// The NS of the cut's name.
    pub ns: Outcome,
    /// The DS of the cut's name.
    pub ds: Outcome,
}

/// What one server of the parent zone says of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentWord<'a> {
    /// It delegates it.
    Delegates(&'a Referral),
    /// It serves the name as well, and its answer hides what the parent zone holds.
    Hosts(&'a [Record]),
    /// There is no such name, nor anything below it.
    NoName,
    /// There is such a name, or something below it, and no delegation.
    NoDelegation,
    /// The name is an alias.
    Alias,
    /// Another cut is in between.
    CutAbove(&'a Referral),
    /// It does not serve the parent zone as it should.
    Lame,
    /// It said nothing, or was not asked.
    Nothing,
}

/// What all servers of the parent zone together say of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenDelegation<'a> {
    /// All that speak of it delegate it alike.
    Delegated(&'a Referral),
    /// Some delegate it and others do otherwise.
    Inconsistent,
    /// The servers that answer serve the name as well: the delegation cannot be seen.
    Hidden,
    /// All that speak of it know no such name.
    NoName,
    /// All that speak of it have the name, and no delegation.
    NoDelegation,
    /// Nobody speaks of it.
    Unseen,
}

impl ParentServer {
    /// What it says.
    pub fn word(&self, name: &DnsName) -> ParentWord<'_> {
        ParentWord::of(&self.ns, name)
    }
}

impl<'a> ParentWord<'a> {
    /// What an answer to the NS of a name says of it.
    pub fn of(ns: &'a Outcome, name: &DnsName) -> Self {
        let Outcome::Asked(probe) = ns else {
            return Self::Nothing;
        };
        match &probe.reply {
            Reply::Referral(referral) if referral.cut == *name => Self::Delegates(referral),
            Reply::Referral(referral) if referral.direction == Direction::Down => Self::CutAbove(referral),
            Reply::Answer(records) => Self::Hosts(records),
            Reply::NoName(_) => Self::NoName,
            Reply::NoData(_) => Self::NoDelegation,
            Reply::Alias(_) => Self::Alias,
            Reply::Silent | Reply::Unreachable(_) => Self::Nothing,
            _ => Self::Lame,
        }
    }
}

impl ParentSide {
    /// What all of them say of the name.
    pub fn seen(&self, name: &DnsName) -> SeenDelegation<'_> {
        let words = || self.heard.iter().map(|server| server.word(name));
        // A server that serves the name as well cannot show the delegation; the others speak for it.
        let speaks =
            |word: &ParentWord<'_>| !matches!(word, ParentWord::Lame | ParentWord::Nothing | ParentWord::Hosts(_));
        let mut speaking = words().filter(speaks);
        let Some(first) = speaking.next() else {
            let hides = words().any(|word| matches!(word, ParentWord::Hosts(_)));
            return if hides {
                SeenDelegation::Hidden
            } else {
                SeenDelegation::Unseen
            };
        };
        if !speaking.all(|word| first.agrees(&word)) {
            return SeenDelegation::Inconsistent;
        }
        match first {
            ParentWord::Delegates(referral) => SeenDelegation::Delegated(referral),
            ParentWord::Hosts(_) => SeenDelegation::Hidden,
            ParentWord::NoName => SeenDelegation::NoName,
            ParentWord::NoDelegation | ParentWord::Alias => SeenDelegation::NoDelegation,
            ParentWord::CutAbove(_) | ParentWord::Lame | ParentWord::Nothing => SeenDelegation::Unseen,
        }
    }

    /// Every name that any of their referrals to the name gives, sorted, each once; none where no referral was seen.
    pub fn name_servers(&self) -> Option<Vec<DnsName>> {
        let referrals = self.heard.iter().filter_map(ParentServer::referral);
        let mut names: Vec<DnsName> = referrals.flat_map(|r| r.name_servers.iter().cloned()).collect();
        names.sort();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }
}

impl ParentServer {
    /// The referral that it gives instead of an answer, where it leads down.
    pub fn referral(&self) -> Option<&Referral> {
        match &self.ns {
            Outcome::Asked(probe) => match &probe.reply {
                Reply::Referral(referral) if referral.direction == Direction::Down => Some(referral),
                _ => None,
            },
            Outcome::Unasked(_) => None,
        }
    }
}

impl ParentWord<'_> {
    /// Whether two servers say the same: the times to live and what comes along may differ.
    fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Delegates(a), Self::Delegates(b)) => a.name_servers == b.name_servers,
            (Self::CutAbove(a), Self::CutAbove(b)) => a.cut == b.cut,
            _ => core::mem::discriminant(self) == core::mem::discriminant(other),
        }
    }
}
