//! How a step stands: what its servers said, and what is known of its cut.

use crate::findings::finding::Finding;
use crate::model::dns::{Leg, Outcome, Reply};
use crate::model::name::DnsName;

use super::server::{ByName, Server};
use super::{breaks_validation, speaks_of_servers};

/// How a step stands; the order is from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// All servers that were asked do their work, and agree.
    Sound,
    /// Some do not: resolvers have to ask twice.
    Degraded,
    /// It cannot be told from here.
    Unknown,
    /// None does: resolvers do not get through.
    Broken,
}

impl Standing {
    /// What the servers of a leg come to; silence of some counts where the zone is the organisation's to care for.
    pub(super) fn of(leg: &Leg, servers: &[Server], is_ours: bool) -> Self {
        let counts = ByName::of(servers);
        let serves = servers.iter().any(Server::serves);
        let is_faulty = counts.lame + counts.nowhere > 0;
        let is_silent = counts.unresponsive > 0;
        match (serves, is_faulty, is_silent) {
            (true, true, _) => Self::Degraded,
            (true, false, true) if is_ours => Self::Degraded,
            (true, false, _) if differ(leg) => Self::Degraded,
            (true, false, _) => Self::Sound,
            (false, true, _) => Self::Broken,
            (false, false, _) => Self::Unknown,
        }
    }

    /// The same, with what is known of the cut.
    pub(super) fn with(self, findings: &[Finding]) -> Self {
        let least = if findings.iter().any(breaks_validation) {
            Self::Broken
        } else if findings.iter().any(speaks_of_servers) {
            Self::Degraded
        } else {
            Self::Sound
        };
        self.max(least)
    }

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sound => "ok",
            Self::Degraded => "degraded",
            Self::Unknown => "unknown",
            Self::Broken => "broken",
        }
    }
}

/// What a server that does its work says, as far as all of them have to say the same. What an answer holds may differ: a
/// routing policy gives each asker another.
#[derive(PartialEq, Eq)]
enum Gist<'a> {
    Answer,
    Alias,
    NoData,
    NoName,
    Referral(&'a DnsName, &'a [DnsName]),
}

/// Whether the servers that do their work differ in what they say.
pub(super) fn differ(leg: &Leg) -> bool {
    let mut gists = leg.heard.iter().filter_map(|heard| match &heard.outcome {
        Outcome::Asked(probe) if probe.reply.is_useful() => gist(&probe.reply),
        _ => None,
    });
    let first = gists.next();
    gists.any(|gist| Some(gist) != first)
}

fn gist(reply: &Reply) -> Option<Gist<'_>> {
    Some(match reply {
        Reply::Answer(_) => Gist::Answer,
        Reply::Alias(_) => Gist::Alias,
        Reply::NoData(_) => Gist::NoData,
        Reply::NoName(_) => Gist::NoName,
        Reply::Referral(referral) => Gist::Referral(&referral.cut, &referral.name_servers),
        _ => return None,
    })
}
