//! A small internet out of a few lines of text, whose servers answer as theirs do, or as they are told to.
//!
//! ```text
//! server 5.0.0.1 serves .            a server and the zones it serves
//! server 5.0.0.9 is silent           or how it misbehaves: silent, refusing, failing, upward, recursive, deaf (to connections),
//!                                    or a resolver in its place that knows no name
//! zone .                             then the records of a zone, one a line, names absolute
//! com NS a.gtld.net
//! a.gtld.net A 5.0.0.2
//! ```

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use crate::model::dns::{Dnskey, Edns, Heard, Question, Rdata, Record, Response, ResponseCode, Soa, Transport};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::ports::{Dns, Exchange, Query};

/// The whole of it.
#[derive(Default)]
pub struct Internet {
    servers: HashMap<IpAddr, Server>,
    zones: BTreeMap<DnsName, Vec<Record>>,
    /// Who was asked what.
    pub asked: Mutex<Vec<(IpAddr, Question)>>,
    /// Whether somebody answers where nobody is.
    pub interceptor: bool,
}

#[derive(Default)]
struct Server {
    zones: Vec<DnsName>,
    temper: Option<String>,
}

impl Internet {
    pub fn of(text: &str) -> Self {
        let mut internet = Self::default();
        let mut zone = DnsName::root();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["server", address, "serves", zones @ ..] => {
                    let server = internet
                        .servers
                        .entry(address.parse().expect("an address"))
                        .or_default();
                    server.zones.extend(zones.iter().map(|zone| name(zone)));
                }
                ["server", address, "is", temper] => {
                    let server = internet
                        .servers
                        .entry(address.parse().expect("an address"))
                        .or_default();
                    server.temper = Some((*temper).to_owned());
                }
                ["zone", apex] => zone = name(apex),
                [owner, record_type, value] => {
                    let records = internet.zones.entry(zone.clone()).or_default();
                    records.push(record(owner, record_type, value));
                }
                _ => panic!("{line}"),
            }
        }
        internet
    }

    fn respond(&self, address: IpAddr, transport: Transport, question: &Question) -> Heard {
        let Some(server) = self.servers.get(&address) else {
            return match self.interceptor {
                true => Heard::Response(Box::new(empty(ResponseCode::REFUSED))),
                false => Heard::Silent,
            };
        };
        match server.temper.as_deref() {
            None => Heard::Response(Box::new(self.serve(server, question))),
            Some("deaf") if transport == Transport::Tcp => Heard::Silent,
            Some("deaf") => Heard::Response(Box::new(self.serve(server, question))),
            Some("recursive") => Heard::Response(Box::new(Response {
                recursion_available: true,
                ..self.serve(server, question)
            })),
            Some("resolver") => Heard::Response(Box::new(Response {
                recursion_available: true,
                ..empty(ResponseCode::NXDOMAIN)
            })),
            Some("silent") => Heard::Silent,
            Some("refusing") => Heard::Response(Box::new(empty(ResponseCode::REFUSED))),
            Some("failing") => Heard::Response(Box::new(empty(ResponseCode::SERVFAIL))),
            Some("upward") => Heard::Response(Box::new(Response {
                authority: vec![record(".", "NS", "a.root")],
                ..empty(ResponseCode::NOERROR)
            })),
            Some(temper) => panic!("{temper}"),
        }
    }

    fn serve(&self, server: &Server, question: &Question) -> Response {
        let above = server.zones.iter().filter(|zone| question.name.is_at_or_below(zone));
        let Some(apex) = above.max_by_key(|zone| zone.label_count()) else {
            return empty(ResponseCode::REFUSED);
        };
        let records = self.zones.get(apex).map_or(&[][..], Vec::as_slice);
        let cut = std::iter::once(question.name.clone())
            .chain(question.name.ancestors())
            .filter(|name| name.is_below(apex))
            .filter(|name| {
                records
                    .iter()
                    .any(|record| record.owner == *name && record.record_type == RecordType::NS)
            })
            .last();
        match cut {
            Some(cut) if cut == question.name && question.record_type == RecordType::DS => {
                answer(records, apex, question)
            }
            Some(cut) => refer(records, &cut),
            None => answer(records, apex, question),
        }
    }
}

impl Dns for Internet {
    async fn exchange(&self, query: &Query) -> Exchange {
        let address = query.server.ip();
        self.asked
            .lock()
            .expect("no test panics while it holds this")
            .push((address, query.question.clone()));
        let heard = self.respond(address, query.transport, &query.question);
        let took = match heard {
            Heard::Silent => query.patience,
            // A connection takes a round trip, and the question another.
            _ if query.transport == Transport::Tcp => Duration::from_millis(40).min(query.patience),
            _ => Duration::from_millis(20).min(query.patience),
        };
        tokio::time::sleep(took).await;
        Exchange {
            heard,
            took,
            mismatched: 0,
        }
    }
}

fn refer(records: &[Record], cut: &DnsName) -> Response {
    let authority: Vec<Record> = records
        .iter()
        .filter(|record| record.owner == *cut && matches!(record.record_type, RecordType::NS | RecordType::DS))
        .cloned()
        .collect();
    let is_named = |record: &Record| {
        authority
            .iter()
            .any(|server| server.data == Rdata::Ns(record.owner.clone()))
    };
    let additional = records
        .iter()
        .filter(|record| record.record_type.is_address() && is_named(record))
        .cloned()
        .collect();
    Response {
        authority,
        additional,
        ..empty(ResponseCode::NOERROR)
    }
}

fn answer(records: &[Record], apex: &DnsName, question: &Question) -> Response {
    let at_name = |record: &&Record| record.owner == question.name;
    let fits = |record: &&Record| record.record_type == question.record_type || record.record_type == RecordType::CNAME;
    let exists = records.iter().any(|record| record.owner.is_at_or_below(&question.name)) || question.name == *apex;
    let start = (question.name == *apex && question.record_type == RecordType::SOA).then(|| soa(apex));
    let answer: Vec<Record> = records
        .iter()
        .filter(at_name)
        .filter(fits)
        .cloned()
        .chain(start)
        .collect();
    Response {
        authoritative: true,
        authority: if answer.is_empty() { vec![soa(apex)] } else { Vec::new() },
        answer,
        ..empty(if exists {
            ResponseCode::NOERROR
        } else {
            ResponseCode::NXDOMAIN
        })
    }
}

fn empty(code: ResponseCode) -> Response {
    Response {
        code,
        authoritative: false,
        truncated: false,
        recursion_available: false,
        edns: Some(Edns::default()),
        answer: Vec::new(),
        authority: Vec::new(),
        additional: Vec::new(),
        size: 100,
    }
}

fn soa(apex: &DnsName) -> Record {
    let soa = Soa {
        primary: apex.clone(),
        contact: apex.clone(),
        serial: 1,
        refresh: 7200,
        retry: 900,
        expire: 1_209_600,
        minimum: 86400,
    };
    Record {
        owner: apex.clone(),
        record_type: RecordType::SOA,
        ttl: 900,
        data: Rdata::Soa(soa),
    }
}

fn record(owner: &str, record_type: &str, value: &str) -> Record {
    let data = match record_type {
        "A" => Rdata::A(value.parse().expect("an address")),
        "NS" => Rdata::Ns(name(value)),
        "AAAA" => Rdata::Aaaa(value.parse().expect("an address")),
        "CNAME" => Rdata::Cname(name(value)),
        "DS" => Rdata::Ds(DsValue::read(&value.replace('-', " ")).expect("a DS")),
        "DNSKEY" => Rdata::Dnskey(Dnskey {
            flags: 257,
            protocol: 3,
            algorithm: 13,
            public_key: value.into(),
        }),
        _ => panic!("{record_type}"),
    };
    Record {
        owner: name(owner),
        record_type: RecordType::read(record_type).expect("a type"),
        ttl: 300,
        data,
    }
}

pub fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}
