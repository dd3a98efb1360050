//! How far name servers were asked, as the head of every document tells it.

use serde::Serialize;

use crate::model::inventory::Inventory;
use crate::model::served::{Extent, Liveness, Off};

/// How far name servers were asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Whether they were.
    #[serde(skip)]
    liveness: Liveness,
    /// `asked`, `not-asked`, `blocked` or `intercepted`.
    pub state: &'static str,
    /// Cuts whose servers were asked.
    pub cuts: usize,
    /// Those of them that were not asked to the end.
    pub unfinished: usize,
    /// Those of these that only IPv6 would lead to.
    #[serde(skip)]
    out_of_reach: usize,
}

impl Asked {
    /// What became of asking.
    pub fn of(inventory: &Inventory) -> Self {
        let (mut cuts, mut stopped, mut out_of_reach) = (0, 0, 0);
        for served in inventory.each_served() {
            cuts += 1;
            match served.is_out_of_reach() {
                true => out_of_reach += 1,
                false => stopped += usize::from(served.extent != Extent::Whole),
            }
        }
        Self {
            liveness: inventory.liveness(),
            state: match inventory.liveness() {
                Liveness::On => "asked",
                Liveness::Unasked | Liveness::Off(Off::Unwanted) => "not-asked",
                Liveness::Off(Off::Blocked) => "blocked",
                Liveness::Off(Off::Intercepted) => "intercepted",
            },
            cuts,
            unfinished: stopped + out_of_reach,
            out_of_reach,
        }
    }

    /// What is not known for it, in a sentence; none where everything was asked that was to be asked.
    pub fn gap(&self) -> Option<String> {
        match (self.liveness, self.unfinished) {
            (Liveness::Off(Off::Blocked), _) => Some(
                "no name server can be reached from here on port 53 (UDP and TCP): what is served is not known"
                    .to_owned(),
            ),
            (Liveness::Off(Off::Intercepted), _) => Some(
                "somebody on this network answers in the place of every name server: what is served is not known"
                    .to_owned(),
            ),
            (_, 0) => None,
            (_, unfinished) => Some(self.unasked(unfinished)),
        }
    }

    fn unasked(&self, unfinished: usize) -> String {
        let delegations = match unfinished {
            1 => "1 delegation".to_owned(),
            _ => format!("{unfinished} delegations"),
        };
        match self.out_of_reach {
            0 => format!("the servers of {delegations} were not asked to the end"),
            all if all == unfinished => format!(
                "the servers of {delegations} have IPv6 addresses alone, and there is no IPv6 from here: what they serve is not known"
            ),
            some => format!(
                "the servers of {delegations} were not asked to the end: those of {some} have IPv6 addresses alone, and there is no IPv6 from here"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::model::dns::{Outcome, Unasked};
    use crate::model::inventory::Fact;
    use crate::model::served::{ChildAddress, ChildServer, Located, ParentSide, Reached, Served};

    /// A cut whose only server has an IPv6 address, on a machine without IPv6.
    fn unrouted(extent: Extent) -> Fact {
        let address = "2600::1".parse().expect("an address");
        let unasked = || Outcome::Unasked(Unasked::NoIpv6);
        let heard = ChildAddress {
            address,
            soa: unasked(),
            soa_over_tcp: unasked(),
            ns: unasked(),
            dnskey: None,
            cds: None,
            foreign: None,
        };
        let server = ChildServer {
            name: "ns.example.net".parse().expect("a name"),
            glue: Vec::new(),
            located: Located::At(vec![address]),
            heard: vec![heard],
        };
        let name = match extent {
            Extent::Whole => "six.example.com",
            _ => "stopped.example.com",
        };
        Fact::Served(Arc::new(Served {
            name: name.parse().expect("a name"),
            at: Timestamp::UNIX_EPOCH,
            parent: ParentSide {
                zone: None,
                reached: Reached::Unsought,
                heard: Vec::new(),
            },
            servers: match extent {
                Extent::Whole => vec![server],
                _ => Vec::new(),
            },
            queries: 0,
            walked: 0,
            extent,
        }))
    }

    #[test]
    fn what_only_ipv6_leads_to_is_not_known_where_there_is_none() {
        let mut inventory = Inventory::new(Vec::new());
        inventory.apply(Fact::Liveness(Liveness::On));
        assert_eq!(Asked::of(&inventory).gap(), None);
        inventory.apply(unrouted(Extent::Whole));
        let asked = Asked::of(&inventory);
        assert_eq!((asked.cuts, asked.unfinished), (1, 1));
        let gap = asked.gap().expect("a gap");
        assert!(
            gap.starts_with("the servers of 1 delegation have IPv6 addresses alone"),
            "{gap}"
        );
        inventory.apply(unrouted(Extent::Stopped(Unasked::NoTime)));
        let gap = Asked::of(&inventory).gap().expect("a gap");
        assert!(
            gap.starts_with("the servers of 2 delegations were not asked to the end"),
            "{gap}"
        );
    }
}
