//! The checks that look beyond the two zones: what name servers answer, which zones share a name, what lies below, DNSSEC.
//!
//! Invariant: a server that was not asked, or does not respond, leaves a check unchecked; it is never a yes.

mod edits;

use crate::findings::{Severity, Status, Survey};
use crate::model::cut::shares;
use crate::model::dns::{Dnskey, Outcome as Asked, Rdata, Reply, name_servers};
use crate::model::dnssec::{DsValue, ServeSignature, Signing, SigningKey};
use crate::model::inventory::Inventory;
use crate::model::name::{DnsName, list};
use crate::model::record::RecordType;
use crate::model::served::{
    ChildAddress, ParentServer, ParentWord, Reached, SeenDelegation, Served, ServerState, Verdict,
};
use crate::model::zone::{Visibility, Zone};

use super::cut::servers_of;
use super::exact::ExactSet;
use super::live::{LiveZone, Seen};
use super::preflight::{Check, Outcome};
use super::teardown::Outside;

pub use edits::{touched_cut, zone_in_use};

/// How many lines a check has at most.
const LINES: usize = 50;

/// Whether every name server of a zone answers for it with authority.
pub fn child_answers(name: &DnsName, servers: &[DnsName], served: &Seen<Served>) -> Check {
    let (code, title) = ("child-answers", "Child answers");
    let served = match served {
        Ok(served) => served,
        Err(why) => return unasked(code, title, why),
    };
    let states: Vec<(&DnsName, Option<ServerState>)> =
        servers.iter().map(|server| (server, state(served, server))).collect();
    let serving = states
        .iter()
        .filter(|(_, state)| *state == Some(ServerState::Serving))
        .count();
    let all = servers.len();
    let saying = format!("{serving} of {all} servers answer for {name} with authority");
    let lines = || {
        states
            .iter()
            .filter(|(_, state)| *state != Some(ServerState::Serving))
            .map(|(server, state)| format!("{server}: {}", word(*state)))
    };
    let is_lame = |state: &Option<ServerState>| {
        matches!(
            state,
            Some(ServerState::Lame(_) | ServerState::LameOrSilent(_) | ServerState::Nowhere | ServerState::Cycle)
        )
    };
    match () {
        () if serving == all && all > 0 => Check::new(code, title, Outcome::Ok, saying),
        () if states.iter().any(|(_, state)| is_lame(state)) => {
            Check::new(code, title, Outcome::Stop, saying).with(lines())
        }
        () => Check::new(code, title, Outcome::Unchecked, saying).with(lines()),
    }
}

fn unasked(code: &str, title: &str, why: &str) -> Check {
    let saying = format!("its servers were not asked: {why}");
    Check::new(code, title, Outcome::Unchecked, saying)
}

/// What a server comes to: it serves only if each of its addresses that could be asked does.
fn state(served: &Served, server: &DnsName) -> Option<ServerState> {
    let server = served.server(server)?;
    let failing = server
        .heard
        .iter()
        .map(ChildAddress::verdict)
        .find_map(|verdict| match verdict {
            Verdict::Lame(how) => Some(ServerState::Lame(how)),
            Verdict::Unresponsive(_) => Some(ServerState::Silent),
            Verdict::Serving | Verdict::Unasked(_) => None,
        });
    Some(failing.unwrap_or_else(|| server.state()))
}

fn word(state: Option<ServerState>) -> &'static str {
    match state {
        Some(ServerState::Serving) => "serves the zone",
        Some(ServerState::Lame(_)) => "does not serve the zone",
        Some(ServerState::LameOrSilent(_)) => "does not serve the zone, or does not respond",
        Some(ServerState::Silent) => "does not respond at every address",
        Some(ServerState::Nowhere) => "has no address",
        Some(ServerState::Cycle) => "can be found only by asking itself",
        Some(ServerState::Unfound) => "could not be found",
        Some(ServerState::Unasked(_)) | None => "was not asked",
    }
}

/// Whether the zone's own NS record set, as its servers give it, is its delegation set.
pub fn apex_as_served(name: &DnsName, servers: &[DnsName], served: &Seen<Served>) -> Check {
    let (code, title) = ("child-apex-ns", "Child NS record set");
    let served = match served {
        Ok(served) => served,
        Err(why) => return unasked(code, title, why),
    };
    let own = servers.iter().filter_map(|server| served.server(server));
    let told: Vec<(String, Vec<DnsName>)> = own
        .flat_map(|server| server.heard.iter().map(move |heard| (server, heard)))
        .filter_map(|(server, heard)| {
            Some((
                format!("{} ({})", server.name, heard.address),
                name_servers(heard.ns.answer()?),
            ))
        })
        .collect();
    let others: Vec<String> = told
        .iter()
        .filter(|(_, names)| names != servers)
        .map(|(who, names)| format!("{who} gives {}", list(names)))
        .collect();
    match (told.is_empty(), others.is_empty()) {
        (true, _) => Check::new(
            code,
            title,
            Outcome::Unchecked,
            format!("no server gave the NS record set of {name}"),
        ),
        (_, true) => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("the NS record set at the apex of {name} is its delegation set"),
        ),
        _ => {
            let saying = format!("the NS record set at the apex of {name} is not its delegation set");
            Check::new(code, title, Outcome::Stop, saying).with(others.into_iter().take(LINES))
        }
    }
}

/// Whether the zone that delegates is the one that the internet uses, and no twin of it.
pub fn parent_in_use(parent: &LiveZone, served: &Seen<Served>, inventory: &Inventory) -> Check {
    let (code, title) = ("parent-is-used", "Parent is live");
    let twins = inventory.public_zones(parent.name.as_wire()).len();
    let twins: Vec<String> = (twins > 1)
        .then(|| format!("{twins} public zones of the accounts are called {}", parent.name))
        .into_iter()
        .collect();
    let unchecked = |why: String| Check::new(code, title, Outcome::Unchecked, why).with(twins.clone());
    let served = match served {
        Ok(served) => served,
        Err(why) => return unchecked(format!("the servers of {} were not asked: {why}", parent.name)),
    };
    let side = &served.parent;
    let reached = side.zone.as_ref();
    if side.reached != Reached::Walked || side.heard.is_empty() {
        return unchecked(format!(
            "no way from the root to the servers of {} was found",
            parent.name
        ));
    }
    let Some(reached) = reached.filter(|zone| **zone == parent.name) else {
        let zone = reached.map_or_else(|| "another zone".to_owned(), DnsName::to_string);
        let saying = format!(
            "resolvers ask the servers of {zone} for {}, not those of {}",
            served.name, parent.name
        );
        return Check::new(code, title, Outcome::Stop, saying).with(twins);
    };
    let strangers: Vec<String> = side
        .heard
        .iter()
        .filter(|server| !parent.name_servers.contains(&server.server))
        .map(|server| {
            format!(
                "{} is asked for {reached}, and is not in the delegation set of {}",
                server.server, parent.id
            )
        })
        .collect();
    match strangers.is_empty() {
        true => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("resolvers ask the servers of {}", parent.describe()),
        )
        .with(twins),
        false => {
            let saying = format!(
                "the internet asks other servers for {reached} than those of {}",
                parent.describe()
            );
            let mut lines = strangers;
            lines.dedup();
            Check::new(code, title, Outcome::Stop, saying).with(lines).with(twins)
        }
    }
}

/// Whether private zones have the name: those who use them do not see the delegation.
pub fn private_twins(name: &DnsName, inventory: &Inventory) -> Check {
    let (code, title) = ("private-twin", "Private zones");
    let is_twin = |zone: &&Zone| zone.visibility == Visibility::Private && zone.name == *name;
    let twins: Vec<String> = inventory
        .iter()
        .map(|(_, entry)| &entry.zone)
        .filter(is_twin)
        .map(|zone| {
            format!(
                "{} ({}) is private: its networks do not see the delegation",
                zone.name, zone.key.id
            )
        })
        .collect();
    match twins.is_empty() {
        true => Check::new(code, title, Outcome::Ok, format!("no private zone is called {name}")),
        false => Check::new(
            code,
            title,
            Outcome::Warn,
            format!("private zones are called {name} as well"),
        )
        .with(twins),
    }
}

/// Delegations below that come into sight, or go out of it, with what is wrong about them.
pub fn cuts_below(name: &DnsName, survey: &Survey) -> Check {
    let (code, title) = ("cuts-below", "Delegations below");
    let below: Vec<_> = survey.below(name).collect();
    let is_ill =
        |findings: &[crate::findings::Finding]| findings.iter().any(|finding| finding.severity >= Severity::Error);
    let ill: Vec<String> = below
        .iter()
        .filter(|verdict| verdict.status != Status::Ok && is_ill(&verdict.findings))
        .map(|verdict| {
            let first = verdict.findings.first().map_or("", |finding| finding.rule.title);
            format!("{}: {first}", verdict.cut.name)
        })
        .collect();
    let saying = format!("{} delegations and zones below {name}", below.len());
    match ill.is_empty() {
        true => Check::new(code, title, Outcome::Ok, saying),
        false => {
            let count = ill.len();
            let saying = format!("{saying}; {count} of them are wrong, which shows once {name} leads there");
            Check::new(code, title, Outcome::Warn, saying).with(ill.into_iter().take(LINES))
        }
    }
}

/// Whether validating resolvers will believe the zone that is delegated to.
pub fn dnssec(name: &DnsName, ds: Option<&ExactSet>, signing: Option<&Signing>, served: &Seen<Served>) -> Check {
    let (code, title) = ("dnssec", "DNSSEC");
    let Some(ds) = ds else {
        let saying = match signing.map(|signing| signing.status) {
            Some(ServeSignature::Signing) => {
                "the zone is signed and the parent has no DS: it is not validated, as before"
            }
            _ => "the parent has no DS: the zone is not validated",
        };
        return Check::new(code, title, Outcome::Ok, saying);
    };
    let values: Vec<DsValue> = ds
        .values()
        .iter()
        .filter_map(|value| DsValue::read(value.expose()))
        .collect();
    let Some(signing) = signing else {
        return by_keys(name, &values, served);
    };
    let names = |value: &DsValue| {
        signing
            .keys
            .iter()
            .any(|key| key.published && value.names(key, name) == Some(true))
    };
    match signing.status == ServeSignature::Signing && values.iter().any(names) {
        true => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("the DS at {name} names a key of the zone"),
        ),
        false => stop(code, title, name),
    }
}

fn stop(code: &str, title: &str, name: &DnsName) -> Check {
    let saying =
        format!("the DS at {name} names no key of the zone: validating resolvers would fail everything below it");
    Check::new(code, title, Outcome::Stop, saying)
}

/// The same by the keys that the servers of the zone give, where AWS does not tell them.
fn by_keys(name: &DnsName, values: &[DsValue], served: &Seen<Served>) -> Check {
    let (code, title) = ("dnssec", "DNSSEC");
    let unchecked = |why: &str| {
        let saying = format!("a DS stands at {name}, and {why}");
        Check::new(code, title, Outcome::Unchecked, saying)
    };
    let Some(keys) = served.as_ref().ok().and_then(keys) else {
        return unchecked("the keys of the zone are not known");
    };
    let named: Vec<Option<bool>> = values
        .iter()
        .flat_map(|value| keys.iter().map(|key| is_named(value, key, name)))
        .collect();
    match () {
        () if named.contains(&Some(true)) => {
            let saying = format!("the DS at {name} names a key that the servers of the zone give");
            Check::new(code, title, Outcome::Ok, saying)
        }
        () if named.contains(&None) => unchecked("its digest is of a type that is not known here"),
        () => stop(code, title, name),
    }
}

/// Whether the DS values that a request names are those of keys that the servers of the zone give; no plan adds them yet.
pub fn requested_ds(name: &DnsName, values: &[DsValue], served: &Seen<Served>) -> Check {
    let (code, title) = ("requested-ds", "Requested DS");
    let told = |value: &DsValue| {
        format!(
            "DS {} {} {} is not added yet",
            value.tag, value.algorithm, value.digest_type
        )
    };
    let check = |outcome, saying: String| Check::new(code, title, outcome, saying).with(values.iter().map(told));
    let Some(keys) = served.as_ref().ok().and_then(keys) else {
        let saying =
            format!("whether the DS that is asked for names a key of {name} is not known: no server gave its keys");
        return check(Outcome::Unchecked, saying);
    };
    let is_of_a_key = |value: &DsValue| keys.iter().any(|key| is_named(value, key, name) == Some(true));
    match values.iter().all(is_of_a_key) {
        true => check(
            Outcome::Warn,
            format!(
                "the DS that is asked for names a key that the servers of {name} give; this plan delegates, and leaves the zone without it"
            ),
        ),
        false => check(
            Outcome::Stop,
            format!("the DS that is asked for names no key that the servers of {name} give: ask for the request anew"),
        ),
    }
}

/// Whether a DS value names a key; none where its digest cannot be computed here.
fn is_named(value: &DsValue, key: &Dnskey, name: &DnsName) -> Option<bool> {
    match value.digest_type {
        _ if value.tag != key.tag() || value.algorithm != key.algorithm => Some(false),
        2 => Some(*value == DsValue::naming(key, name)),
        // The digest that is computed from a public key alone is that of a key-signing key.
        _ if key.flags == 257 => {
            let key = SigningKey::from_public_key(name, key.tag(), key.algorithm, key.public_key.clone());
            value.names(&key, name)
        }
        _ => None,
    }
}

/// The keys that servers of the zone gave; none where no server said.
fn keys(served: &Served) -> Option<Vec<&Dnskey>> {
    let heard = served.servers.iter().flat_map(|server| &server.heard);
    let told = heard.filter_map(|heard| match heard.dnskey.as_ref()? {
        Asked::Asked(probe) => match &probe.reply {
            Reply::Answer(records) => Some(records.as_slice()),
            Reply::NoData(_) => Some(&[]),
            _ => None,
        },
        Asked::Unasked(_) => None,
    });
    told.map(|records| {
        let keys = records.iter().filter_map(|record| match &record.data {
            Rdata::Dnskey(key) => Some(key),
            _ => None,
        });
        keys.collect::<Vec<_>>()
    })
    .reduce(|mut all, more| {
        all.extend(more);
        all
    })
}

/// Whether anybody answers where a delegation leads that goes: those names then no longer resolve.
pub fn in_use(name: &DnsName, servers: &[DnsName], served: &Seen<Served>) -> Check {
    let (code, title) = ("in-use", "In use");
    let served = match served {
        Ok(served) => served,
        Err(why) => return unasked(code, title, why),
    };
    let of = |wanted: fn(ServerState) -> bool| {
        let states = servers
            .iter()
            .filter_map(|server| Some((server, served.server(server)?.state())));
        states
            .filter(|(_, state)| wanted(*state))
            .map(|(server, _)| server.to_string())
            .collect::<Vec<_>>()
    };
    let serving = of(|state| state == ServerState::Serving);
    let unknown = of(|state| {
        matches!(
            state,
            ServerState::Silent | ServerState::Unfound | ServerState::Unasked(_)
        )
    });
    match (serving.is_empty(), unknown.is_empty()) {
        (false, _) => {
            let saying = format!("servers answer for {name}: what they serve no longer resolves afterwards");
            Check::new(code, title, Outcome::Warn, saying).with(serving)
        }
        (true, false) => {
            let saying = format!("not every server said that it does not answer for {name}");
            Check::new(code, title, Outcome::Unchecked, saying).with(unknown)
        }
        (true, true) => Check::new(
            code,
            title,
            Outcome::Ok,
            format!("no server answers for {name}: nothing is lost"),
        ),
    }
}

/// Whether the internet is referred to servers that a zone gives up, from a zone that is none of those that hold a delegation
/// to them. Whoever could not be seen is not known to be silent.
pub fn outside(name: &DnsName, doomed: &[DnsName], holders: &[LiveZone], served: &Seen<Served>) -> Outside {
    let served = match served {
        Ok(served) => served,
        Err(why) => return Outside::Unknown(why.clone()),
    };
    let side = &served.parent;
    let is_ours = |server: &DnsName| {
        let of_zone = |holder: &&LiveZone| Some(&holder.name) == side.zone.as_ref();
        let mut ours = holders
            .iter()
            .filter(of_zone)
            .filter(|holder| leads(holder, name, doomed));
        ours.any(|holder| is_server_of(holder, server))
    };
    let refers = |server: &&ParentServer| match server.word(name) {
        ParentWord::Delegates(referral) => shares(&referral.name_servers, doomed),
        _ => false,
    };
    if side.heard.iter().filter(refers).any(|server| !is_ours(&server.server)) {
        return Outside::Refers;
    }
    match (&side.reached, side.seen(name)) {
        (Reached::Held(_) | Reached::Unreached(_) | Reached::Unsought, _) => {
            Outside::Unknown("no way from the root to the zone above it was found".to_owned())
        }
        (Reached::Walked, SeenDelegation::Unseen) => {
            Outside::Unknown("no server of the zone above it speaks of it".to_owned())
        }
        (Reached::Walked, SeenDelegation::Hidden) => {
            Outside::Unknown("the servers of the zone above it serve it as well, which hides the delegation".to_owned())
        }
        (Reached::Walked, _) => Outside::Silent,
    }
}

/// Whether a zone delegates a name to one of these servers.
fn leads(zone: &LiveZone, name: &DnsName, servers: &[DnsName]) -> bool {
    let delegation = zone.sets.find(name, RecordType::NS).map(servers_of);
    delegation.is_some_and(|names| shares(&names, servers))
}

/// Whether a zone is served by a server, under Route 53's name for it or one of its owner's.
fn is_server_of(zone: &LiveZone, server: &DnsName) -> bool {
    let apex = zone.sets.find(&zone.name, RecordType::NS).map(servers_of);
    zone.name_servers.contains(server) || apex.is_some_and(|names| names.contains(server))
}

/// Whether a zone that is not read may be what a delegation leads to.
pub fn unread(inventory: &Inventory) -> Option<Check> {
    let unread: Vec<String> = inventory
        .accounts()
        .iter()
        .filter(|account| !account.status.is_listed())
        .map(|account| format!("{}: {}", account.name.printable(), account.status.word()))
        .collect();
    let saying = "accounts that were not read may have a zone that the delegation leads to";
    (!unread.is_empty()).then(|| Check::new("unread-accounts", "Unread accounts", Outcome::Warn, saying).with(unread))
}

/// The servers that were heard to answer for nothing at or below a name.
pub fn dead_servers(served: &Seen<Served>) -> Vec<DnsName> {
    let Ok(served) = served else { return Vec::new() };
    let is_dead =
        |state: ServerState| matches!(state, ServerState::Lame(_) | ServerState::Nowhere | ServerState::Cycle);
    let dead = served.servers.iter().filter(|server| is_dead(server.state()));
    dead.map(|server| server.name.clone()).collect()
}
