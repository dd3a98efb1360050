//! What the servers of a cut said, in the shape that rules need: whom the name is delegated to, what each server comes to.
//!
//! Invariant: there is none where nothing was asked; a server that was not asked, or does not respond, proves nothing.

use core::net::IpAddr;

use crate::model::cut::Cut;
use crate::model::dns::{Direction, ExtendedError, Outcome, Probe, Reply, Soa, Unasked, name_servers};
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;
use crate::model::served::{
    ChildAddress, ChildServer, Extent, Lameness, Located, Outlook, ParentServer, ParentWord, SeenDelegation, Served,
    ServerState, Verdict,
};

use super::context::list;

/// What the servers of a cut said.
pub struct Asked<'a> {
    /// All that was heard.
    pub served: &'a Served,
    /// What the servers of the zone above say of the name.
    pub seen: SeenDelegation<'a>,
    /// The name servers that the name is delegated to and of which anything is known.
    pub servers: Vec<&'a ChildServer>,
    /// What these come to.
    pub outlook: Outlook,
}

/// One address of a server that the name is delegated to.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The server.
    pub server: &'a ChildServer,
    /// The address, and what it said.
    pub heard: &'a ChildAddress,
}

impl<'a> Asked<'a> {
    /// What was heard at a cut; none where nothing was asked.
    pub fn of(cut: &Cut, inventory: &'a Inventory) -> Option<Self> {
        let served = inventory.served(&cut.name)?;
        if matches!(served.extent, Extent::Off(_)) {
            return None;
        }
        let seen = cut.seen(inventory);
        let names = delegated_to(cut, served, &seen);
        let servers: Vec<&ChildServer> = names.iter().filter_map(|name| served.server(name)).collect();
        let lacking = names.len() - servers.len();
        let states = servers.iter().map(|server| server.state());
        let outlook = Outlook::of(states.chain((0..lacking).map(|_| ServerState::Unasked(Unasked::NoTime))));
        Some(Self {
            served,
            seen,
            servers,
            outlook,
        })
    }

    /// The addresses of the servers that the name is delegated to.
    pub fn addresses(&self) -> impl Iterator<Item = At<'a>> {
        self.servers
            .iter()
            .flat_map(|server| server.heard.iter().map(|heard| At { server, heard }))
    }

    /// All addresses of the servers of some names; none where one of them was not found, or there are no addresses.
    pub fn addresses_of_all(&self, names: &[DnsName]) -> Option<Vec<IpAddr>> {
        let is_found = |server: &&ChildServer| matches!(server.located, Located::At(_) | Located::Alias { .. });
        let are_all_found = self.servers.len() == names.len() && self.servers.iter().all(is_found);
        let addresses: Vec<IpAddr> = self.servers.iter().flat_map(|server| server.addresses()).collect();
        (are_all_found && !addresses.is_empty()).then_some(addresses)
    }

    /// The servers that one side or the other names: those that the name is delegated to, and those that the zone lists.
    pub fn servers_of_both_sides(&self) -> impl Iterator<Item = &'a ChildServer> {
        let listed: Vec<DnsName> = self.serving().filter_map(|at| at.name_servers()).flatten().collect();
        let delegated = self.servers.clone();
        self.served.servers.iter().filter(move |server| {
            delegated.iter().any(|other| other.name == server.name) || listed.contains(&server.name)
        })
    }

    /// The addresses of these.
    pub fn addresses_of_both_sides(&self) -> impl Iterator<Item = At<'a>> {
        let servers = self.servers_of_both_sides();
        servers.flat_map(|server| server.heard.iter().map(move |heard| At { server, heard }))
    }

    /// Those of the delegation that serve the zone.
    pub fn serving(&self) -> impl Iterator<Item = At<'a>> {
        self.addresses().filter(|at| at.heard.verdict() == Verdict::Serving)
    }

    /// What a server comes to, by name; whether it is delegated to or not.
    pub fn state(&self, name: &DnsName) -> Option<ServerState> {
        self.served.server(name).map(ChildServer::state)
    }

    /// Whether a server is known not to serve the zone: every address of it says so.
    pub fn is_lame(&self, name: &DnsName) -> bool {
        matches!(self.state(name), Some(ServerState::Lame(how)) if how != Lameness::Malformed)
    }

    /// Whether a server is known to serve the zone.
    pub fn is_serving(&self, name: &DnsName) -> bool {
        self.state(name) == Some(ServerState::Serving)
    }

    /// Whether the servers of the zone above were heard to delegate the name, all alike.
    pub fn sees_the_delegation(&self) -> bool {
        matches!(self.seen, SeenDelegation::Delegated(_))
    }

    /// Whether they were heard to have no delegation at the name.
    pub fn sees_no_delegation(&self) -> bool {
        matches!(self.seen, SeenDelegation::NoName | SeenDelegation::NoDelegation)
    }

    /// What the servers of some names do, a sentence each kind: `4 of 4 servers refuse`.
    pub fn tell(&self, names: &[DnsName]) -> Vec<String> {
        let mut kinds: Vec<(ServerState, Vec<&DnsName>)> = Vec::new();
        for name in names {
            let state = self.state(name).unwrap_or(ServerState::Unasked(Unasked::NoTime));
            match kinds.iter_mut().find(|(kind, _)| *kind == state) {
                Some((_, alike)) => alike.push(name),
                None => kinds.push((state, vec![name])),
            }
        }
        let all = names.len();
        let sentence = |(state, alike): &(ServerState, Vec<&DnsName>)| {
            let count = alike.len();
            let noun = if all == 1 { "server" } else { "servers" };
            let what = does(*state, count);
            match alike.as_slice() {
                [only] if all == 1 => format!("{only}: {what}"),
                _ if count == all => format!("{count} of {all} {noun} {what}"),
                _ => format!("{count} of {all} {noun} {what}: {}", list(alike.iter().copied())),
            }
        };
        kinds.iter().map(sentence).collect()
    }

    /// The servers of the zone above in a sentence's subject: `3 of 4 servers of example.com`.
    pub fn parents_that(&self, says: impl Fn(&ParentWord<'_>) -> bool) -> String {
        let heard = &self.served.parent.heard;
        let count = heard
            .iter()
            .filter(|server| says(&server.word(&self.served.name)))
            .count();
        let zone = self.served.parent.zone.as_ref();
        let zone = zone.map_or_else(|| "the zone above".to_owned(), DnsName::to_string);
        format!("{count} of {} addresses of the servers of {zone}", heard.len())
    }

    /// What the servers of the zone above were heard to say of the name, in a sentence; none where nothing can be said.
    pub fn tell_parent(&self) -> Option<String> {
        let name = &self.served.name;
        match self.seen {
            SeenDelegation::Delegated(_) => {
                let who = self.parents_that(|word| matches!(word, ParentWord::Delegates(_)));
                Some(format!("{who} refer to them"))
            }
            SeenDelegation::NoName => {
                let who = self.parents_that(|word| *word == ParentWord::NoName);
                Some(format!("{who} say that {name} does not exist (NXDOMAIN)"))
            }
            SeenDelegation::NoDelegation => {
                let who = self.parents_that(|word| matches!(word, ParentWord::NoDelegation | ParentWord::Alias));
                Some(format!("{who} have no delegation of {name}"))
            }
            _ => None,
        }
    }

    /// The servers of the zone above that were heard.
    pub fn parents(&self) -> &'a [ParentServer] {
        &self.served.parent.heard
    }
}

/// The names that resolvers are sent to. Where the servers of the zone above serve the name as well, those that they give.
fn delegated_to(cut: &Cut, served: &Served, seen: &SeenDelegation<'_>) -> Vec<DnsName> {
    let names = cut.name_servers();
    if !names.is_empty() {
        return names.to_vec();
    }
    match seen {
        SeenDelegation::Inconsistent => served.parent.name_servers().unwrap_or_default(),
        SeenDelegation::Hidden => {
            let mut names: Vec<DnsName> = served
                .parent
                .heard
                .iter()
                .flat_map(|server| server.ns.answer().map(name_servers))
                .flatten()
                .collect();
            names.sort();
            names.dedup();
            names
        }
        _ => Vec::new(),
    }
}

impl<'a> At<'a> {
    /// `ns1.example.net (192.0.2.1)`.
    pub fn describe(&self) -> String {
        format!("{} ({})", self.server.name, self.heard.address)
    }

    /// What it does when it is asked for the zone, with its own reason where it gives one (RFC 8914).
    pub fn does(&self) -> String {
        let does = match self.heard.verdict() {
            Verdict::Lame(how) => is_lame(how, 1),
            Verdict::Serving => "serves the zone".to_owned(),
            Verdict::Unresponsive(_) => "does not respond".to_owned(),
            Verdict::Unasked(why) => format!("was not asked ({})", unasked(why)),
        };
        let reply = self.heard.soa.probe().map(|probe| &probe.reply);
        let (Some(Reply::Refused(errors)) | Some(Reply::Failed(errors))) = reply else {
            return does;
        };
        match errors.iter().find_map(ExtendedError::meaning) {
            Some(reason) => format!("{does}: {reason}"),
            None => does,
        }
    }

    /// The exchanges in which it was heard, whatever was asked.
    pub fn probes(&self) -> impl Iterator<Item = &'a Probe> {
        let heard = self.heard;
        [Some(&heard.soa), Some(&heard.ns), heard.dnskey.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(Outcome::probe)
    }

    /// The NS record set that it serves at the apex, sorted; none where it did not say.
    pub fn name_servers(&self) -> Option<Vec<DnsName>> {
        let names = name_servers(self.heard.ns.answer()?);
        (!names.is_empty()).then_some(names)
    }

    /// The SOA record that it serves.
    pub fn soa(&self) -> Option<&'a Soa> {
        self.heard.soa.start_of_authority()
    }

    /// The address.
    pub fn address(&self) -> IpAddr {
        self.heard.address
    }
}

/// What one server, or several, do.
fn does(state: ServerState, count: usize) -> String {
    let (one, many) = match state {
        ServerState::Serving => ("serves the zone", "serve the zone"),
        ServerState::Lame(how) | ServerState::LameOrSilent(how) => return is_lame(how, count),
        ServerState::Silent => ("does not respond", "do not respond"),
        ServerState::Nowhere => ("has no address", "have no address"),
        ServerState::Cycle => (
            "can be found only by asking itself",
            "can be found only by asking themselves",
        ),
        ServerState::Unfound => ("could not be found", "could not be found"),
        ServerState::Unasked(why) => return format!("not asked ({})", unasked(why)),
    };
    if count == 1 { one } else { many }.to_owned()
}

fn is_lame(how: Lameness, count: usize) -> String {
    let (one, many) = match how {
        Lameness::Refused => ("refuses", "refuse"),
        Lameness::Failed => ("fails (SERVFAIL)", "fail (SERVFAIL)"),
        Lameness::NotAuthoritative => ("answers without authority", "answer without authority"),
        Lameness::Referral(Direction::Up) => ("refers back up the tree", "refer back up the tree"),
        Lameness::Referral(Direction::Sideways) => ("refers back to the same name", "refer back to the same name"),
        Lameness::Referral(_) => ("refers elsewhere", "refer elsewhere"),
        Lameness::NoName => ("denies the name (NXDOMAIN)", "deny the name (NXDOMAIN)"),
        Lameness::NoData => ("has no such zone", "have no such zone"),
        Lameness::Alias => ("says that the name is an alias", "say that the name is an alias"),
        Lameness::Code(code) => {
            let verb = if count == 1 { "answers" } else { "answer" };
            return format!("{verb} {code}");
        }
        Lameness::Malformed => ("sends what cannot be read", "send what cannot be read"),
        Lameness::Empty => ("answers with nothing", "answer with nothing"),
    };
    if count == 1 { one } else { many }.to_owned()
}

/// Why an address was not asked, in words.
pub fn unasked(why: Unasked) -> String {
    match why {
        Unasked::Special(purpose) => format!("its address is set aside: {}", purpose.as_str()),
        Unasked::NoIpv6 => "no route for IPv6".to_owned(),
        Unasked::NoSocket => "this machine gave no socket for it".to_owned(),
        Unasked::NoQueries => "the check had used up its queries".to_owned(),
        Unasked::NoTime => "the check had used up its time".to_owned(),
    }
}
