//! What the servers of both sides of one cut said when they were asked: the second truth beside what is configured.
//!
//! Invariant: it holds what was heard, word for word; an address that was not asked, or not to the end, says so. What it
//! means is for the methods here (one address, one side) and for `findings` (the cut).

mod parent;
mod state;
mod verdict;

use core::net::IpAddr;

use jiff::Timestamp;

use super::dns::{Outcome, Soa, Unasked, name_servers};
use super::name::DnsName;

pub use parent::{ParentServer, ParentSide, ParentWord, Reached, SeenDelegation};
pub use state::{Outlook, ServerState};
pub use verdict::{Lameness, Tally, Unresponsive, Verdict};

/// What was heard at one cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The name of the cut.
    pub name: DnsName,
    /// When the asking began.
    pub at: Timestamp,
    /// The side that delegates.
    pub parent: ParentSide,
    /// The side that is delegated to: every name server that the parent's servers, the child's own servers or the accounts
    /// name, in the order of names.
    pub servers: Vec<ChildServer>,
    /// How many queries it took.
    pub queries: u32,
    /// How many of them found the way: to the parent, and to the addresses of name servers.
    pub walked: u32,
    /// Whether everything was asked that was to be asked.
    pub extent: Extent,
}

/// Whether everything was asked that was to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// Everything.
    Whole,
    /// The asking goes on; this is what was heard so far.
    UnderWay,
    /// The budget of the check ended it.
    Stopped(Unasked),
    /// Nothing was asked at all.
    Off(Off),
}

/// Why nothing is asked at all, of any server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Off {
    /// Somebody on the way answers in the place of every server.
    Intercepted,
    /// Nothing comes back from any server.
    Blocked,
    /// The person said so.
    Unwanted,
}

/// Whether servers are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Liveness {
    /// Not yet.
    #[default]
    Unasked,
    /// They are.
    On,
    /// They are not.
    Off(Off),
}

/// One name server of the child side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildServer {
    /// Its name.
    pub name: DnsName,
    /// Where the parent's servers say it is, sorted; without those addresses where the parent gives none.
    pub glue: Vec<IpAddr>,
    /// Where its own zone says it is.
    pub located: Located,
    /// What each of its addresses said, those of the glue and those of its own zone.
    pub heard: Vec<ChildAddress>,
}

/// Where the zone of a name server's name says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// At these addresses, sorted.
    At(Vec<IpAddr>),
    /// Its name is an alias, which RFC 2181 section 10.3 forbids; at these addresses, sorted.
    Alias {
        /// The name that the alias leads to.
        target: DnsName,
        /// Where that is.
        addresses: Vec<IpAddr>,
    },
    /// Its name does not exist.
    NoName {
        /// The zone that says so, where it says.
        denied_by: Option<DnsName>,
    },
    /// Its name exists and has no address.
    NoData,
    /// To find it one would have to ask the servers that are to be found.
    Cycle,
    /// The servers that would know do not answer as they should.
    Unanswered,
    /// It was not asked for, or not to the end.
    Unasked(Unasked),
    /// It was not asked for, for the glue was enough.
    Unsought,
}

/// What one address of a name server of the child side said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildAddress {
    /// The address.
    pub address: IpAddr,
    /// The SOA of the name, asked over UDP.
    pub soa: Outcome,
    /// The same over TCP.
    pub soa_over_tcp: Outcome,
    /// The NS of the name.
    pub ns: Outcome,
    /// The DNSKEY of the name; none where it was not asked for.
    pub dnskey: Option<Outcome>,
    /// The CDS of the name; none where it was not asked for. One address that has keys is.
    pub cds: Option<Outcome>,
    /// A name that is none of the server's, with recursion desired; asked only where recursion was offered.
    pub foreign: Option<Outcome>,
}

impl Served {
    /// The server of a name.
    pub fn server(&self, name: &DnsName) -> Option<&ChildServer> {
        self.servers.iter().find(|server| server.name == *name)
    }

    /// The servers that the parent's servers name; those that the accounts name where no referral was seen.
    pub fn delegated<'a>(&'a self, configured: &'a [DnsName]) -> impl Iterator<Item = &'a ChildServer> {
        let seen = self.parent.name_servers();
        self.servers.iter().filter(move |server| match &seen {
            Some(seen) => seen.contains(&server.name),
            None => configured.contains(&server.name),
        })
    }
}

impl Served {
    /// Whether all servers of the cut have IPv6 addresses alone, and IPv6 leads nowhere from here.
    pub fn is_out_of_reach(&self) -> bool {
        let is_unrouted = |server: &ChildServer| server.state() == ServerState::Unasked(Unasked::NoIpv6);
        !self.servers.is_empty() && self.servers.iter().all(is_unrouted)
    }

    /// Whether a set of names leads to servers of another set under names of one's own: each of them has addresses, and
    /// all of these are addresses of the other set.
    pub fn leads_to_the_same(&self, names: &[DnsName], others: &[DnsName]) -> bool {
        let known = |name: &DnsName| self.server(name).map(ChildServer::addresses).unwrap_or_default();
        let right: Vec<IpAddr> = others.iter().flat_map(known).collect();
        let is_right = |name: &DnsName| {
            let addresses = known(name);
            !addresses.is_empty() && addresses.iter().all(|address| right.contains(address))
        };
        !names.is_empty() && names.iter().all(is_right)
    }
}

/// What is served at the apex of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content<'a> {
    /// The name servers that it lists, sorted.
    pub name_servers: Vec<DnsName>,
    /// The start of authority, where all servers have the same.
    pub soa: Option<&'a Soa>,
}

impl Served {
    /// What the servers of some names have at the apex; none where none lists any name servers, or not all the same.
    pub fn content(&self, names: &[DnsName]) -> Option<Content<'_>> {
        let servers = names.iter().filter_map(|name| self.server(name));
        let heard: Vec<&ChildAddress> = servers.flat_map(|server| &server.heard).collect();
        let mut lists = heard.iter().filter_map(|heard| heard.ns.answer().map(name_servers));
        let name_servers = lists.next()?;
        let mut starts = heard.iter().filter_map(|heard| heard.soa.start_of_authority());
        let soa = starts.next();
        lists.all(|other| other == name_servers).then(|| Content {
            soa: soa.filter(|soa| starts.all(|other| other == *soa)),
            name_servers,
        })
    }

    /// Whether the servers of some names answer from the zone of a set: under names of one's own, or with a start of
    /// authority that names a server of that set, which Route 53 gives to one zone alone.
    pub fn answers_from(&self, names: &[DnsName], set: &[DnsName]) -> bool {
        let mut servers = names.iter().filter_map(|name| self.server(name));
        self.leads_to_the_same(names, set)
            || servers.any(|server| server.primary().is_some_and(|own| set.contains(own)))
    }
}

impl ChildServer {
    /// The primary server that it names in the zone's start of authority.
    fn primary(&self) -> Option<&DnsName> {
        let mut answers = self.heard.iter().filter(|heard| heard.soa.answer().is_some());
        answers.next()?.soa.start_of_authority().map(|soa| &soa.primary)
    }
}

impl Located {
    /// The addresses that were found.
    pub fn addresses(&self) -> &[IpAddr] {
        match self {
            Self::At(addresses) | Self::Alias { addresses, .. } => addresses,
            _ => &[],
        }
    }
}

impl ChildServer {
    /// What all its addresses come to.
    pub fn tally(&self) -> Tally {
        Tally::of(self.heard.iter().map(ChildAddress::verdict))
    }
}
