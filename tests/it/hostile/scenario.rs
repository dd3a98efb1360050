//! Scenarios as text: a small internet, what is changed in it, and what must be said of it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::internet::Asked;
use super::message::Rr;
use super::server::Zones;
use zonecut::engine::check::Target;
use zonecut::model::dns::{EdnsSupport, Outcome, Probe, Unasked};
use zonecut::model::name::DnsName;
use zonecut::model::served::{
    ChildAddress, Extent, Lameness, Located, Reached, SeenDelegation, Served, Unresponsive, Verdict,
};

/// What is sound.
const SOUND: &str = "
server 127.1.0.1 serves . com net
server 127.1.0.2 serves example.com
server 127.1.0.3 serves dev.example.com
server 127.1.0.4 serves dev.example.com
server 127.1.0.5 serves provider.net
zone .
com NS a.gtld.net
net NS a.gtld.net
a.gtld.net A 127.1.0.1
zone com
example.com NS ns.example.com
ns.example.com A 127.1.0.2
zone net
provider.net NS ns.provider.net
ns.provider.net A 127.1.0.5
zone example.com
example.com NS ns.example.com
ns.example.com A 127.1.0.2
dev.example.com NS ns1.provider.net
dev.example.com NS ns2.provider.net
zone provider.net
provider.net NS ns.provider.net
ns.provider.net A 127.1.0.5
ns1.provider.net A 127.1.0.3
ns2.provider.net A 127.1.0.4
zone dev.example.com
dev.example.com NS ns1.provider.net
dev.example.com NS ns2.provider.net
";

pub struct Scenario {
    pub title: String,
    pub target: Target,
    pub expectations: Vec<Expectation>,
    /// What each server serves, and how it misbehaves.
    pub servers: BTreeMap<IpAddr, (Vec<String>, Vec<String>)>,
    pub zones: Zones,
}

/// The words after `expect`.
pub struct Expectation(Vec<String>);

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

fn undotted(text: &str) -> String {
    text.trim_matches('.').to_owned()
}

impl Scenario {
    pub fn all(file: &str, text: &str) -> Vec<Self> {
        let parts = text.split("\n== ").filter(|part| !part.trim().is_empty());
        parts.filter_map(|part| Self::of(file, part)).collect()
    }

    fn of(file: &str, text: &str) -> Option<Self> {
        let (title, lines) = text.split_once('\n')?;
        if title.starts_with('#') {
            return None;
        }
        let mut scenario = Self {
            title: format!("{file}: {}", title.trim_start_matches("== ")),
            target: Target::unheld(name("dev.example.com")),
            expectations: Vec::new(),
            servers: BTreeMap::new(),
            zones: BTreeMap::new(),
        };
        let mut zone = String::new();
        for line in SOUND.lines().chain(lines.lines()) {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            scenario.read(&words, &mut zone);
        }
        assert!(!scenario.expectations.is_empty(), "{}", scenario.title);
        Some(scenario)
    }

    fn read(&mut self, words: &[&str], zone: &mut String) {
        let owned = |words: &[&str]| words.iter().map(|word| undotted(word)).collect::<Vec<_>>();
        match words {
            [] => {}
            ["server", address, "serves", zones @ ..] => {
                let place = self.servers.entry(address.parse().expect("an address")).or_default();
                place.0.extend(owned(zones));
            }
            [address, "is", quirk @ ..] => {
                let place = self.servers.entry(address.parse().expect("an address")).or_default();
                place.1 = quirk.iter().map(|word| (*word).to_owned()).collect();
            }
            ["zone", apex] => *zone = undotted(apex),
            ["without", owner, record_type] => {
                let wanted = Rr::read(owner, record_type, if *record_type == "A" { "0.0.0.0" } else { "." });
                let records = self.zones.entry(zone.clone()).or_default();
                records.retain(|record| record.owner != *owner || record.record_type != wanted.record_type);
            }
            ["check", cut] => self.target.name = name(cut),
            ["own", server] => self.target.own.push(name(server)),
            ["many", number, owner, record_type, value] => {
                let records = self.zones.entry(zone.clone()).or_default();
                for place in 0..number.parse::<usize>().expect("a number") {
                    let value = value.replace('N', &place.to_string());
                    records.push(Rr::read(&owner.replace('N', &place.to_string()), record_type, &value));
                }
            }
            ["expect", expected @ ..] => {
                let expected = expected.iter().map(|word| (*word).to_owned());
                self.expectations.push(Expectation(expected.collect()));
            }
            [owner, record_type, value] => {
                let records = self.zones.entry(zone.clone()).or_default();
                records.push(Rr::read(owner, record_type, value));
            }
            _ => panic!("{words:?}"),
        }
    }
}

impl Expectation {
    /// Why it does not hold; none where it does.
    pub fn fails(&self, served: &Served, asked: &Asked) -> Option<String> {
        let words: Vec<&str> = self.0.iter().map(String::as_str).collect();
        let (expected, found) = match words.as_slice() {
            ["parent", expected @ ..] => (expected.join(" "), seen(served)),
            ["reached", expected] => ((*expected).to_owned(), reached(served).to_owned()),
            ["extent", expected] => ((*expected).to_owned(), extent(served).to_owned()),
            ["named", server, expected @ ..] => (expected.join(" "), located(served, &name(server))),
            ["asked", address, "at-most", number] => {
                let asked = asked.of(address.parse().expect("an address"));
                let most: usize = number.parse().expect("a number");
                let expected = format!("at most {most} queries to {address}");
                return (asked > most).then(|| format!("{expected}, found {asked}"));
            }
            ["servers", number] => ((*number).to_owned(), served.servers.len().to_string()),
            [address, "tcp", expected @ ..] => (
                expected.join(" "),
                child(served, address).map_or("none".into(), |child| verdict(Verdict::of(&child.soa_over_tcp))),
            ),
            [address, "edns", expected] => ((*expected).to_owned(), edns(child(served, address)).to_owned()),
            [address, "mismatched", expected] => ((*expected).to_owned(), mismatched(child(served, address))),
            [address, "foreign", expected] => (
                (*expected).to_owned(),
                child(served, address)
                    .map_or(
                        "none",
                        |child| if child.foreign.is_some() { "asked" } else { "unasked" },
                    )
                    .to_owned(),
            ),
            [address, expected @ ..] => (
                expected.join(" "),
                child(served, address).map_or("none".into(), |child| verdict(child.verdict())),
            ),
            [] => panic!("nothing is expected"),
        };
        (expected != found).then(|| format!("expected {}: found {found}", self.0.join(" ")))
    }
}

fn child<'a>(served: &'a Served, address: &str) -> Option<&'a ChildAddress> {
    let address: IpAddr = address.parse().expect("an address");
    let mut heard = served.servers.iter().flat_map(|server| &server.heard);
    heard.find(|child| child.address == address)
}

fn probe(outcome: &Outcome) -> Option<&Probe> {
    match outcome {
        Outcome::Asked(probe) => Some(probe),
        Outcome::Unasked(_) => None,
    }
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Serving => "serving".to_owned(),
        Verdict::Lame(Lameness::Referral(direction)) => format!("lame referral {direction:?}").to_lowercase(),
        Verdict::Lame(Lameness::Code(code)) => format!("lame {code}").to_lowercase(),
        Verdict::Lame(how) => format!("lame {how:?}").to_lowercase(),
        Verdict::Unresponsive(Unresponsive::Silent) => "silent".to_owned(),
        Verdict::Unresponsive(Unresponsive::Unreachable(why)) => format!("unreachable {why:?}").to_lowercase(),
        Verdict::Unasked(Unasked::Special(purpose)) => format!("unasked {}", purpose.as_str()),
        Verdict::Unasked(why) => format!("unasked {why:?}").to_lowercase(),
    }
}

fn seen(served: &Served) -> String {
    match served.parent.seen(&served.name) {
        SeenDelegation::Delegated(referral) => format!("delegated {}", referral.name_servers.len()),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn reached(served: &Served) -> &'static str {
    match served.parent.reached {
        Reached::Walked => "walked",
        Reached::Held(_) => "held",
        Reached::Unreached(_) => "unreached",
        Reached::Unsought => "unsought",
    }
}

fn extent(served: &Served) -> &'static str {
    match served.extent {
        Extent::Whole => "whole",
        Extent::Stopped(Unasked::NoQueries) => "out-of-queries",
        Extent::Stopped(_) => "out-of-time",
        Extent::UnderWay => "under-way",
        Extent::Off(_) => "off",
    }
}

fn located(served: &Served, server: &DnsName) -> String {
    let Some(server) = served.server(server) else {
        return "none".to_owned();
    };
    match &server.located {
        Located::At(addresses) => format!("at {}", addresses.len()),
        Located::Alias { addresses, .. } => format!("alias {}", addresses.len()),
        Located::NoName { denied_by } => format!(
            "no-name {}",
            denied_by.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
        ),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn edns(child: Option<&ChildAddress>) -> &'static str {
    match child.and_then(|child| probe(&child.soa)).map(|probe| probe.edns) {
        Some(EdnsSupport::Spoken) => "spoken",
        Some(EdnsSupport::Unsupported) => "unsupported",
        Some(EdnsSupport::Broken) => "broken",
        Some(EdnsSupport::Untold) => "untold",
        None => "none",
    }
}

fn mismatched(child: Option<&ChildAddress>) -> String {
    let probe = child.and_then(|child| probe(&child.soa));
    probe
        .map_or("none", |probe| if probe.mismatched > 0 { "some" } else { "no" })
        .to_owned()
}
