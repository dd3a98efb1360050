//! The check of a cut by way of servers that say anything: it ends within its budget, and no special address is asked.

#![no_main]

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use zonecut::engine::ask::{Asker, Ipv6, Manners, Pace, Reach};
use zonecut::engine::atlas::{Atlas, Start};
use zonecut::engine::check::{Checker, Cost, Target};
use zonecut::model::dns::{
    Addresses, Edns, Heard, NameServer, Rdata, Record, Response, ResponseCode, Soa, Unreachable, special_purpose,
};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::ports::{Dns, Exchange, Query};

/// Names that lead to each other, whatever is made of them.
const NAMES: [&str; 12] = [
    ".",
    "com",
    "net",
    "example.com",
    "dev.example.com",
    "ns.dev.example.com",
    "x.ns.dev.example.com",
    "ns.example.com",
    "ns.example.net",
    "example.net",
    "ns1.example.net",
    "a.b.c.example.net",
];

/// Says what the input says, from its beginning again when it ends.
struct Fuzzed {
    input: Mutex<(Vec<u8>, usize)>,
    asked: AtomicU32,
}

impl Fuzzed {
    fn take(&self) -> u8 {
        let mut input = self.input.lock().expect("nobody panics with it");
        let (octets, at) = &mut *input;
        let octet = octets[*at % octets.len()];
        *at += 1;
        octet.wrapping_add(u8::try_from(*at / octets.len() % 256).expect("below 256"))
    }

    fn name(&self) -> DnsName {
        NAMES[usize::from(self.take()) % NAMES.len()].parse().expect("a name")
    }

    fn record(&self, query: &Query) -> Record {
        let owner = if self.take() % 2 == 0 { query.question.name.clone() } else { self.name() };
        let (record_type, data) = match self.take() % 7 {
            0 => (RecordType::NS, Rdata::Ns(self.name())),
            1 => (RecordType::A, Rdata::A([5, 0, self.take(), self.take()].into())),
            2 => (RecordType::A, Rdata::A([127, 0, 0, self.take()].into())),
            3 => (RecordType::CNAME, Rdata::Cname(self.name())),
            4 => (RecordType::DNAME, Rdata::Dname(self.name())),
            5 => (RecordType::AAAA, Rdata::Aaaa([0x2600, 0, 0, 0, 0, 0, 0, u16::from(self.take())].into())),
            _ => (
                RecordType::SOA,
                Rdata::Soa(Soa {
                    primary: owner.clone(),
                    contact: owner.clone(),
                    serial: 1,
                    refresh: 1,
                    retry: 1,
                    expire: 1,
                    minimum: 1,
                }),
            ),
        };
        Record {
            owner,
            record_type,
            ttl: 60,
            data,
        }
    }

    /// A referral as it should be, to servers of any name.
    fn referral(&self, query: &Query) -> Response {
        let depth = usize::from(self.take()) % (query.question.name.label_count() + 1);
        let cut = query.question.name.suffixes().nth(depth).map_or_else(DnsName::root, DnsName::from_suffix);
        let record = |owner: &DnsName, record_type, data| Record {
            owner: owner.clone(),
            record_type,
            ttl: 60,
            data,
        };
        let servers: Vec<DnsName> = (0..=self.take() % 3).map(|_| self.name()).collect();
        let glue = servers.iter().filter(|_| self.take() % 3 > 0);
        Response {
            additional: glue
                .map(|name| record(name, RecordType::A, Rdata::A([5, 0, 0, self.take() % 8].into())))
                .collect(),
            authority: servers.iter().map(|name| record(&cut, RecordType::NS, Rdata::Ns(name.clone()))).collect(),
            ..self.response(query, 0, ResponseCode::NOERROR)
        }
    }

    /// An answer of the type that is asked for.
    fn answer(&self, query: &Query) -> Response {
        let wanted = (0..64).map(|_| self.record(query)).find(|record| record.record_type == query.question.record_type);
        let answer = wanted.map(|record| Record {
            owner: query.question.name.clone(),
            ..record
        });
        Response {
            answer: answer.into_iter().collect(),
            ..self.response(query, 8, ResponseCode::NOERROR)
        }
    }

    fn response(&self, query: &Query, kind: u8, code: ResponseCode) -> Response {
        Response {
            code,
            authoritative: kind & 8 != 0,
            truncated: kind & 0x30 == 0x30,
            recursion_available: kind & 0x40 != 0,
            edns: (kind & 0x80 == 0).then(Edns::default),
            answer: self.section(query),
            authority: self.section(query),
            additional: self.section(query),
            size: 100,
        }
    }

    fn section(&self, query: &Query) -> Vec<Record> {
        (0..self.take() % 4).map(|_| self.record(query)).collect()
    }
}

impl Dns for Fuzzed {
    async fn exchange(&self, query: &Query) -> Exchange {
        assert_eq!(special_purpose(query.server.ip()), None, "a special address was asked");
        self.asked.fetch_add(1, Ordering::Relaxed);
        let kind = self.take();
        let heard = match kind % 8 {
            0 => Heard::Silent,
            1 => Heard::Malformed,
            2 => Heard::Unreachable(Unreachable::Refused),
            3 => Heard::Response(Box::new(self.response(query, kind, ResponseCode(u16::from(self.take() % 6))))),
            4 => Heard::Response(Box::new(self.answer(query))),
            _ => {
                let mut referral = self.referral(query);
                referral.answer.clear();
                Heard::Response(Box::new(referral))
            }
        };
        Exchange {
            heard,
            took: Duration::ZERO,
            mismatched: u32::from(kind == 77),
        }
    }
}

fuzz_target!(|data: &[u8]| {
    if data.is_empty() {
        return;
    }
    let dns = Arc::new(Fuzzed {
        input: Mutex::new((data.to_vec(), 0)),
        asked: AtomicU32::new(0),
    });
    let reach = Reach {
        port: 53,
        allowed: Vec::new(),
        ipv6: Ipv6::Routed,
    };
    let manners = Manners::at(HashSet::new(), Pace::FREE, Pace::FREE, Pace::FREE);
    let asker = Arc::new(Asker::new(Arc::clone(&dns), reach, manners));
    let root = NameServer {
        name: "a.root".parse().expect("a name"),
        addresses: Addresses::Given(vec![[5, 0, 0, 1].into()]),
    };
    let start = Start {
        zone: DnsName::root(),
        servers: vec![root],
    };
    let cost = Cost {
        queries: 64,
        time: Duration::from_secs(600),
    };
    let checker = Checker::new(asker, Arc::new(Atlas::new(start)), cost);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let served = runtime.block_on(checker.check(&Target::unheld("dev.example.com".parse().expect("a name"))));
    let parents: HashSet<_> = served.parent.heard.iter().map(|parent| parent.address).collect();
    let children: HashSet<_> = served
        .servers
        .iter()
        .flat_map(|server| &server.heard)
        .map(|child| child.address)
        .collect();
    let addresses = u32::try_from(parents.len() + children.len()).expect("few");
    let asked = dns.asked.load(Ordering::Relaxed);
    assert_eq!(asked, served.queries);
    assert!(served.walked <= 64, "{} queries to find the way", served.walked);
    assert!(asked - served.walked <= 8 * addresses, "{asked} queries for {addresses} addresses");
    assert!(served.servers.len() <= 26 && children.len() <= 64);
});
