//! What servers say, as stories tell it: a line for each server or for all of them, on either side of a cut.
//!
//! `parent = ["*: refers", "2: nodata"]`, `child = ["*: serves serial=1", "ns2.provider.example: refused at=192.0.2.9"]`. A
//! number is the place among the names delegated to, `*` is all of them; a later line speaks over an earlier one.
//! `ns=@set` gives the servers of the zones of the name.

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use zonecut::model::cut::apex_name_servers;
use zonecut::model::dns::{
    Alias, Direction, EdnsSupport, Negative, Outcome, Probe, Rdata, Record, RecursionOffer, Referral, Reply,
    ResponseCode, Soa, Tcp, Transport, Unasked, Unreachable, special_purpose,
};
use zonecut::model::dnssec::DsValue;
use zonecut::model::inventory::Fact;
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::model::served::{ChildAddress, ChildServer, Extent, Located, ParentServer, ParentSide, Reached, Served};

use super::keys::{Key, NOW, When};
use super::reading::Scan;

/// What the servers of one cut say.
#[derive(Deserialize, Debug, Clone, Default)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub name: String,
    /// The zone above; the closest one that is held, where it is not said.
    above: Option<String>,
    /// Four servers that refer to what is configured, where nothing is said.
    parent: Option<Vec<String>>,
    #[serde(default)]
    child: Vec<String>,
}

impl Script {
    pub fn of(name: &DnsName, parent: Vec<String>, child: Vec<String>) -> Self {
        Self {
            name: name.to_string(),
            above: None,
            parent: Some(parent),
            child,
        }
    }

    /// The same, below a zone that is not held.
    pub fn below(self, zone: &str) -> Self {
        Self {
            above: Some(zone.to_owned()),
            ..self
        }
    }
}

/// One line: who, what, and what more.
struct Line {
    who: String,
    what: String,
    more: BTreeMap<String, String>,
}

impl Line {
    fn read(text: &str) -> Self {
        let (who, rest) = text
            .split_once(": ")
            .unwrap_or_else(|| panic!("{text}: who says what?"));
        let mut words = rest.split_whitespace();
        let what = words.next().unwrap_or_else(|| panic!("{text}: what?")).to_owned();
        let more = words.map(|word| word.split_once('=').unwrap_or((word, "")));
        Self {
            who: who.to_owned(),
            what,
            more: more.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        }
    }

    fn speaks_of(&self, place: usize, server: &DnsName) -> bool {
        self.who == "*" || self.who == (place + 1).to_string() || self.who == server.to_string()
    }

    fn names(&self, key: &str) -> Option<Vec<DnsName>> {
        let mut names: Vec<DnsName> = self.more.get(key)?.split(',').map(name).collect();
        names.sort();
        Some(names)
    }

    fn addresses(&self, key: &str) -> Option<Vec<IpAddr>> {
        let texts = self.more.get(key)?.split(',').filter(|text| !text.is_empty());
        let mut addresses: Vec<IpAddr> = texts.map(|text| text.parse().expect("an address")).collect();
        addresses.sort();
        Some(addresses)
    }

    fn word(&self, key: &str) -> Option<&str> {
        self.more.get(key).map(String::as_str)
    }
}

pub fn name(text: &str) -> DnsName {
    DnsName::parse_route53(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// Lets the servers of a cut say what the script tells.
pub fn serve(scan: &mut Scan, script: &Script) {
    serve_all(scan, std::slice::from_ref(script));
}

/// Lets the servers of several cuts say what the scripts tell, all at once.
pub fn serve_all(scan: &mut Scan, scripts: &[Script]) {
    let served: Vec<Served> = scripts.iter().map(|script| Told::new(scan, script).served()).collect();
    for served in served {
        scan.inventory.apply(Fact::Served(Arc::new(served)));
    }
    scan.survey.refresh(&mut scan.inventory);
}

struct Told {
    name: DnsName,
    above: Option<DnsName>,
    parent: Vec<Line>,
    child: Vec<Line>,
    /// What is configured, and the zones' own sets.
    configured: Vec<DnsName>,
    sets: Vec<DnsName>,
    apexes: Vec<DnsName>,
}

impl Told {
    fn new(scan: &Scan, script: &Script) -> Self {
        let name = name(&script.name);
        let cut = scan.survey.cut(&name).map(|verdict| &verdict.cut);
        let children = cut.map(|cut| cut.children.to_vec()).unwrap_or_default();
        let sets = children.iter().filter_map(|zone| {
            let names = cut?.servers(&scan.inventory, *zone).names()?.to_vec();
            Some(names)
        });
        let entries = children.iter().filter_map(|zone| scan.inventory.zone(*zone));
        let apexes = entries.filter_map(apex_name_servers).flatten().cloned();
        let read = |lines: &[String]| lines.iter().map(|line| Line::read(line)).collect();
        Self {
            above: match &script.above {
                Some(above) => Some(self::name(above)),
                None => cut.and_then(|cut| cut.closest.clone()),
            },
            parent: read(script.parent.as_deref().unwrap_or(&["*: refers".to_owned()])),
            child: read(&script.child),
            configured: cut.map(|cut| cut.name_servers().to_vec()).unwrap_or_default(),
            sets: sets.flatten().collect(),
            apexes: apexes.collect(),
            name,
        }
    }

    fn served(&self) -> Served {
        let heard: Vec<ParentServer> = (0..4).map(|place| self.parent_server(place)).collect();
        let parent = ParentSide {
            zone: self.above.clone(),
            reached: Reached::Walked,
            heard,
        };
        let delegated = parent.name_servers().unwrap_or_else(|| self.configured.clone());
        let more = self
            .child
            .iter()
            .filter(|line| line.who.contains('.'))
            .map(|line| name(&line.who));
        let mut names: Vec<DnsName> = delegated.iter().cloned().chain(more).collect();
        names.extend(self.sets.iter().chain(&self.apexes).cloned());
        names.sort();
        names.dedup();
        let servers = names.iter().enumerate().filter_map(|(number, server)| {
            let place = delegated.iter().position(|name| name == server);
            self.child_server(number, place, server)
        });
        Served {
            name: self.name.clone(),
            at: Timestamp::from_second(NOW.into()).expect("a time"),
            servers: servers.collect(),
            parent,
            queries: 0,
            walked: 0,
            extent: Extent::Whole,
        }
    }

    fn parent_server(&self, place: usize) -> ParentServer {
        let server = name(&format!("ns{}.above.example", place + 1));
        let mut lines = self.parent.iter().rev();
        let line = lines
            .find(|line| line.speaks_of(place, &server))
            .expect("a line for all");
        let address = match line.word("at") {
            Some(at) => at.parse().expect("an address"),
            None => [127, 9, 0, u8::try_from(place).expect("few")].into(),
        };
        ParentServer {
            address,
            ns: self.parent_says(line),
            ds: self.ds(line),
            server,
        }
    }

    /// `ds=key`, the right one; `ds=other`; `ds=both`; `ds=odd`, of a digest type that nobody knows.
    fn ds(&self, line: &Line) -> Outcome {
        let (right, other) = (Key::of(1).ds(&self.name), Key::of(2).ds(&self.name));
        let odd = || DsValue {
            digest_type: 200,
            ..right.clone()
        };
        let values = match line.word("ds") {
            None => return asked(Reply::NoData(None)),
            Some("key") => vec![right],
            Some("other") => vec![other],
            Some("both") => vec![right, other],
            Some("odd") => vec![odd()],
            Some(what) => panic!("what is the DS {what}?"),
        };
        let records = values
            .into_iter()
            .map(|ds| record(&self.name, RecordType::DS, Rdata::Ds(ds)));
        asked(Reply::Answer(records.collect()))
    }

    /// `keys=signed`; `keys=expired`, `keys=early`, `keys=forged`; `keys=by-other`, which is there as well; `keys=none`.
    fn keys(&self, line: &Line) -> Option<Outcome> {
        let (key, other) = (Key::of(1), Key::of(2));
        let (keys, signature) = match line.word("keys")? {
            "none" => return Some(asked(Reply::NoData(None))),
            "by-other" => (vec![&key, &other], other.sign(&self.name, &[&key, &other], When::Now)),
            "expired" => (vec![&key], key.sign(&self.name, &[&key], When::Before)),
            "early" => (vec![&key], key.sign(&self.name, &[&key], When::Later)),
            "forged" => (vec![&key], key.sign(&self.name, &[&other], When::Now)),
            "signed" => (vec![&key], key.sign(&self.name, &[&key], When::Now)),
            what => panic!("what are the keys {what}?"),
        };
        let records = keys.iter().map(|key| key.record(&self.name)).collect();
        let mut outcome = asked(Reply::Answer(records));
        if let Outcome::Asked(probe) = &mut outcome {
            probe.signatures.push(signature);
        }
        Some(outcome)
    }

    /// `cds=key`, the DS that is right; `cds=other`; `cds=none`, that there be none.
    fn wishes(&self, line: &Line) -> Option<Outcome> {
        let wished = match line.word("cds")? {
            "key" => Key::of(1).ds(&self.name),
            "other" => Key::of(2).ds(&self.name),
            "none" => DsValue::read("0 0 0 00").expect("the DS value of RFC 8078"),
            what => panic!("what is wished for is {what}?"),
        };
        Some(asked(Reply::Answer(vec![record(
            &self.name,
            RecordType::CDS,
            Rdata::Ds(wished),
        )])))
    }

    fn parent_says(&self, line: &Line) -> Outcome {
        let referral = || {
            let mut name_servers = match line.word("ns") {
                Some("@set") => self.sets.clone(),
                _ => line.names("ns").unwrap_or_else(|| self.configured.clone()),
            };
            name_servers.sort();
            let glue = name_servers.iter().flat_map(|server| {
                let mut lines = self.child.iter().filter(|line| line.who == server.to_string());
                let glue = lines.find_map(|line| line.addresses("glue")).unwrap_or_default();
                glue.into_iter()
                    .map(|address| (server.clone(), address))
                    .collect::<Vec<_>>()
            });
            Referral {
                cut: self.name.clone(),
                direction: Direction::Down,
                ttl: 300,
                glue: glue.collect(),
                ds: Vec::new(),
                ds_signatures: Vec::new(),
                name_servers,
            }
        };
        match line.what.as_str() {
            "refers" => asked(Reply::Referral(referral())),
            "hosts" => asked(Reply::Answer(ns_records(&self.name, &line.names("ns").expect("ns=")))),
            what => says(what, &self.name),
        }
    }

    /// A server of the child side: those of the zones' own sets serve, where nothing is said of them.
    fn child_server(&self, number: usize, place: Option<usize>, server: &DnsName) -> Option<ChildServer> {
        let place = place.unwrap_or(usize::MAX - 1);
        let speaks = |line: &&Line| match line.who.as_str() {
            "*" => place != usize::MAX - 1,
            _ => line.speaks_of(place, server),
        };
        let own = Line::read("*: serves");
        let line = match self.child.iter().rev().find(speaks) {
            Some(line) => line,
            None if self.sets.contains(server) => &own,
            None => return None,
        };
        let glue = line.addresses("glue").unwrap_or_default();
        let located = self.located(line, number);
        let mut addresses: Vec<IpAddr> = glue.iter().chain(located.addresses()).copied().collect();
        addresses.sort();
        addresses.dedup();
        Some(ChildServer {
            name: server.clone(),
            heard: addresses.iter().map(|address| self.heard(line, *address)).collect(),
            glue,
            located,
        })
    }

    fn located(&self, line: &Line, number: usize) -> Located {
        let usual = [127, 8, 0, u8::try_from(number + 1).expect("few")].into();
        let at = || line.addresses("at").unwrap_or_else(|| vec![usual]);
        match line.what.as_str() {
            "nowhere" => Located::NoName {
                denied_by: line.word("denied").map(name),
            },
            "no-address" => Located::NoData,
            "cycle" => Located::Cycle,
            "unfound" => Located::Unanswered,
            "unsought" => Located::Unasked(Unasked::NoQueries),
            "alias-of" => Located::Alias {
                target: name("target.provider.example"),
                addresses: at(),
            },
            _ => Located::At(at()),
        }
    }

    fn heard(&self, line: &Line, address: IpAddr) -> ChildAddress {
        let what = match line.what.as_str() {
            "alias-of" => "serves",
            what => what,
        };
        let (mut soa, mut ns) = match what {
            "serves" => (
                asked(Reply::Answer(vec![self.soa(line)])),
                asked(Reply::Answer(self.ns(line))),
            ),
            _ => (says(what, &self.name), says(what, &self.name)),
        };
        let mut soa_over_tcp = soa.clone();
        if let Some(purpose) = special_purpose(address).filter(|_| line.word("denied-range").is_some()) {
            soa = Outcome::Unasked(Unasked::Special(purpose));
            ns = soa.clone();
            soa_over_tcp = soa.clone();
        }
        for outcome in [&mut soa, &mut ns] {
            if let Outcome::Asked(probe) = outcome {
                adorn(probe, line);
            }
        }
        if let Some(over_tcp) = line.word("tcp") {
            soa_over_tcp = says(over_tcp, &self.name);
        }
        ChildAddress {
            address,
            soa,
            soa_over_tcp,
            ns,
            dnskey: self.keys(line),
            cds: self.wishes(line),
            foreign: line.word("foreign").map(|_| {
                asked(Reply::NotAuthoritative(ns_records(
                    &name("."),
                    &[name("a.root.example")],
                )))
            }),
        }
    }

    fn soa(&self, line: &Line) -> Record {
        let soa = soa(
            line.word("mname").unwrap_or("ns.primary.example"),
            line.word("serial").unwrap_or("1"),
        );
        record(&self.name, RecordType::SOA, Rdata::Soa(soa))
    }

    /// What the apex lists, where it is held; else what is delegated to.
    fn ns(&self, line: &Line) -> Vec<Record> {
        let own = if self.apexes.is_empty() {
            &self.configured
        } else {
            &self.apexes
        };
        ns_records(&self.name, &line.names("ns").unwrap_or_else(|| own.clone()))
    }
}

fn adorn(probe: &mut Probe, line: &Line) {
    if let Some(took) = line.word("took") {
        probe.took = Duration::from_millis(took.parse().expect("milliseconds"));
    }
    match line.word("edns") {
        Some("broken") => probe.edns = EdnsSupport::Broken,
        Some("unsupported") => probe.edns = EdnsSupport::Unsupported,
        _ => {}
    }
}

/// What a server says that does not serve the zone.
fn says(what: &str, cut: &DnsName) -> Outcome {
    let negative = Negative {
        zone: name("above.example"),
        ttl: 60,
        soa: soa("ns.above.example", "1"),
    };
    let reply = match what {
        "unasked" => return Outcome::Unasked(Unasked::NoTime),
        "silent" => Reply::Silent,
        "unreachable" => Reply::Unreachable(Unreachable::Refused),
        "no-route" => Reply::Unreachable(Unreachable::NoRoute),
        "refused" => Reply::Refused(Vec::new()),
        "servfail" => Reply::Failed(Vec::new()),
        "nxdomain" => Reply::NoName(Some(negative)),
        "nodata" => Reply::NoData(Some(negative)),
        "malformed" => Reply::Malformed,
        "empty" => Reply::Empty,
        "notimp" => Reply::Code(ResponseCode::NOTIMP),
        "not-authoritative" => {
            Reply::NotAuthoritative(vec![record(cut, RecordType::SOA, Rdata::Soa(soa("x.example", "1")))])
        }
        "alias" => Reply::Alias(Alias {
            record_type: RecordType::CNAME,
            owner: cut.clone(),
            target: None,
            ttl: 60,
        }),
        "upward" | "sideways" => Reply::Referral(Referral {
            cut: if what == "upward" { DnsName::root() } else { cut.clone() },
            direction: if what == "upward" {
                Direction::Up
            } else {
                Direction::Sideways
            },
            name_servers: vec![name("a.root.example")],
            ttl: 60,
            glue: Vec::new(),
            ds: Vec::new(),
            ds_signatures: Vec::new(),
        }),
        what => panic!("nobody says {what}"),
    };
    asked(reply)
}

fn asked(reply: Reply) -> Outcome {
    Outcome::Asked(Box::new(Probe {
        reply,
        took: Duration::from_millis(20),
        transport: Transport::Udp,
        tcp: Tcp::Untried,
        edns: EdnsSupport::Spoken,
        recursion: RecursionOffer::Unoffered,
        size: 100,
        mismatched: 0,
        signatures: Vec::new(),
    }))
}

fn soa(primary: &str, serial: &str) -> Soa {
    Soa {
        primary: name(primary),
        contact: name("hostmaster.example"),
        serial: serial.parse().expect("a number"),
        refresh: 7200,
        retry: 900,
        expire: 1_209_600,
        minimum: 60,
    }
}

fn ns_records(owner: &DnsName, servers: &[DnsName]) -> Vec<Record> {
    let servers = servers.iter().cloned().map(Rdata::Ns);
    servers.map(|data| record(owner, RecordType::NS, data)).collect()
}

fn record(owner: &DnsName, record_type: RecordType, data: Rdata) -> Record {
    Record {
        owner: owner.clone(),
        record_type,
        ttl: 300,
        data,
    }
}
