//! What one address of the child side comes to: it serves the zone, it is lame, it does not respond, or it was not asked
//! (checks.md 0.3; RFC 9499 on "lame delegation").

use crate::model::dns::{Direction, Outcome, Reply, ResponseCode, Unasked, Unreachable};

use super::ChildAddress;

/// What one address comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It answers for the zone with authority.
    Serving,
    /// It responds, and does not serve the zone.
    Lame(Lameness),
    /// It does not respond.
    Unresponsive(Unresponsive),
    /// Nothing is known: it was not asked, or nothing leads there from here.
    Unasked(Unasked),
}

/// How a server is lame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lameness {
    /// REFUSED.
    Refused,
    /// SERVFAIL.
    Failed,
    /// It has data and no authority, as a cache or a forwarder.
    NotAuthoritative,
    /// It refers to others.
    Referral(Direction),
    /// It says with the authority of a zone above that there is no such name.
    NoName,
    /// It says with the authority of a zone above that there is no such zone.
    NoData,
    /// It says that the name is an alias.
    Alias,
    /// Another response code.
    Code(ResponseCode),
    /// A response that cannot be read.
    Malformed,
    /// No error, and nothing said.
    Empty,
}

/// How a server does not respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unresponsive {
    /// No response in time.
    Silent,
    /// The network says that it cannot be reached.
    Unreachable(Unreachable),
}

impl Verdict {
    /// What the answer to a question for the SOA record of the zone means.
    pub fn of(soa: &Outcome) -> Self {
        match soa {
            Outcome::Unasked(why) => Self::Unasked(*why),
            Outcome::Asked(probe) => Self::of_reply(&probe.reply),
        }
    }

    fn of_reply(reply: &Reply) -> Self {
        let lameness = match reply {
            Reply::Answer(_) => return Self::Serving,
            Reply::Silent => return Self::Unresponsive(Unresponsive::Silent),
            Reply::Unreachable(why) => return Self::Unresponsive(Unresponsive::Unreachable(*why)),
            Reply::Refused(_) => Lameness::Refused,
            Reply::Failed(_) => Lameness::Failed,
            Reply::NotAuthoritative(_) => Lameness::NotAuthoritative,
            Reply::Referral(referral) => Lameness::Referral(referral.direction),
            Reply::NoName(_) => Lameness::NoName,
            Reply::NoData(_) => Lameness::NoData,
            Reply::Alias(_) => Lameness::Alias,
            Reply::Code(code) => Lameness::Code(*code),
            Reply::Malformed => Lameness::Malformed,
            Reply::Empty => Lameness::Empty,
        };
        Self::Lame(lameness)
    }
}

impl ChildAddress {
    /// What the address comes to.
    pub fn verdict(&self) -> Verdict {
        match Verdict::of(&self.soa) {
            // That no route leads there says something of this side alone.
            Verdict::Unresponsive(Unresponsive::Unreachable(Unreachable::NoRoute)) if self.address.is_ipv6() => {
                Verdict::Unasked(Unasked::NoIpv6)
            }
            Verdict::Unresponsive(Unresponsive::Unreachable(Unreachable::Local)) => Verdict::Unasked(Unasked::NoSocket),
            verdict => verdict,
        }
    }
}

/// How many of some addresses come to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those that serve the zone.
    pub serving: usize,
    /// Those that respond and do not.
    pub lame: usize,
    /// Those that do not respond.
    pub unresponsive: usize,
    /// Those of which nothing is known.
    pub unasked: usize,
}

impl Tally {
    /// Counts verdicts.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut tally = Self::default();
        for verdict in verdicts {
            let place = match verdict {
                Verdict::Serving => &mut tally.serving,
                Verdict::Lame(_) => &mut tally.lame,
                Verdict::Unresponsive(_) => &mut tally.unresponsive,
                Verdict::Unasked(_) => &mut tally.unasked,
            };
            *place += 1;
        }
        tally
    }

    /// All that were counted.
    pub fn all(&self) -> usize {
        self.serving + self.lame + self.unresponsive + self.unasked
    }
}
