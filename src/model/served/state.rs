//! What one name server of the child side comes to, all its addresses taken together, and what several of them do.

use core::net::IpAddr;

use crate::model::dns::Unasked;

use super::{ChildAddress, ChildServer, Lameness, Located, Verdict};

/// What one name server comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServerState {
    /// One of its addresses at least serves the zone.
    Serving,
    /// All that respond are lame, the first in this way, and all respond that could be asked.
    Lame(Lameness),
    /// Some are lame in this way, and others do not respond.
    LameOrSilent(Lameness),
    /// None responds.
    Silent,
    /// It has no address: its name does not exist, or has none.
    Nowhere,
    /// To find it one would have to ask the servers that are to be found.
    Cycle,
    /// The servers that would know where it is do not answer as they should.
    Unfound,
    /// Nothing is known: it was not asked.
    Unasked(Unasked),
}

impl ChildServer {
    /// Every address of it that is known: those of the glue, and those of its own zone.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let mut addresses: Vec<IpAddr> = self.glue.iter().chain(self.located.addresses()).copied().collect();
        addresses.sort();
        addresses.dedup();
        addresses
    }

    /// What it comes to.
    pub fn state(&self) -> ServerState {
        let verdicts = || self.heard.iter().map(ChildAddress::verdict);
        let lame = verdicts().find_map(|verdict| match verdict {
            Verdict::Lame(lameness) => Some(lameness),
            _ => None,
        });
        let is_silent = verdicts().any(|verdict| matches!(verdict, Verdict::Unresponsive(_)));
        let unasked = verdicts().find_map(|verdict| match verdict {
            // What cannot be asked from here is asked by others; the other addresses speak for the server.
            Verdict::Unasked(why) if why != Unasked::NoIpv6 => Some(why),
            _ => None,
        });
        match (lame, unasked) {
            _ if verdicts().any(|verdict| verdict == Verdict::Serving) => ServerState::Serving,
            (_, Some(why)) => ServerState::Unasked(why),
            (Some(lameness), None) if is_silent => ServerState::LameOrSilent(lameness),
            (Some(lameness), None) => ServerState::Lame(lameness),
            (None, None) if is_silent => ServerState::Silent,
            (None, None) if !self.heard.is_empty() => ServerState::Unasked(Unasked::NoIpv6),
            (None, None) => self.located.state(),
        }
    }
}

impl Located {
    /// What a server comes to of which no address is known.
    fn state(&self) -> ServerState {
        match self {
            Self::NoName { .. } | Self::NoData => ServerState::Nowhere,
            Self::Cycle => ServerState::Cycle,
            Self::Unanswered => ServerState::Unfound,
            Self::Alias { addresses, .. } if addresses.is_empty() => ServerState::Nowhere,
            Self::Unasked(why) => ServerState::Unasked(*why),
            Self::At(_) | Self::Alias { .. } | Self::Unsought => ServerState::Unasked(Unasked::NoQueries),
        }
    }
}

/// What the name servers of a delegation come to together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outlook {
    /// One at least serves the zone.
    Serving,
    /// Each of them was heard or cannot exist, and none serves the zone.
    Dead,
    /// None serves the zone; some were heard to be lame, and others do not respond.
    Failing,
    /// None of them responds, and nothing else is known of any.
    Silent,
    /// Nothing can be concluded: not all were asked.
    Open,
}

impl Outlook {
    /// What some servers come to together; nothing is concluded of none.
    pub fn of(states: impl IntoIterator<Item = ServerState>) -> Self {
        let (mut dead, mut lame, mut silent, mut open) = (0, 0, 0, 0);
        for state in states {
            match state {
                ServerState::Serving => return Self::Serving,
                // What cannot be read may be an answer that was spoilt on the way.
                ServerState::Lame(Lameness::Malformed) | ServerState::LameOrSilent(_) => {
                    lame += 1;
                    silent += 1;
                }
                ServerState::Lame(_) => lame += 1,
                ServerState::Nowhere | ServerState::Cycle => dead += 1,
                ServerState::Silent | ServerState::Unfound => silent += 1,
                ServerState::Unasked(_) => open += 1,
            }
        }
        match (lame + dead, silent, open) {
            (_, _, 1..) | (0, 0, _) => Self::Open,
            (0, _, _) => Self::Silent,
            (_, 0, _) => Self::Dead,
            _ => Self::Failing,
        }
    }
}
