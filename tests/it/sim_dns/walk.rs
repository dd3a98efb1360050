//! From the root down over real sockets, as a check walks: through registries and the address zones of Route 53's servers.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use zonecut::dns::Sockets;
use zonecut::engine::ask::{Asker, Budget, Ipv6, Manners, Pace, Reach};
use zonecut::engine::walk::{Start, Walker};
use zonecut::model::dns::{Addresses, End, NameServer, Question, Rdata, Walk};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::sim::dns::{Addressing, Binding, Options, Servers};

use super::ask::Stage;

/// How many queries a walk may take (safety T14).
const QUERIES: u32 = 64;

const WORLD: &str = r#"
name = "walked"
[[account]]
id = "111122223333"
name = "a"
[[account.zone]]
name = "example.com"
records = ["www 60 A 192.0.2.1", "shop 60 NS ns1.shopfront.example. ns2.shopfront.example.", "gone 60 NS $GONE(gone)"]
[[account.zone]]
name = "dev.example.com"
records = ["app 60 CNAME www.shop.example.com."]
[[account.zone]]
name = "2.0.192.in-addr.arpa"
records = ["1 60 PTR www.example.com."]
[[account.zone]]
name = "unregistered.example"
delegate = false
[[account.zone]]
name = "elsewhere.example"
delegate_ns = ["ns1.shopfront.example."]
[[account.zone]]
name = "vanity.example"
records = ["ns1 60 A $ADDRESSES(vanity.example)[0]", "ns2 60 A $ADDRESSES(vanity.example)[1]"]
delegate_ns = ["ns1.vanity.example.", "ns2.vanity.example."]
[[account.zone]]
name = "acme.corp.example"
records = ["@ 60 A 192.0.2.2"]
[[outside]]
name = "shop.example.com"
servers = ["ns1.shopfront.example", "ns2.shopfront.example"]
records = ["www 60 A 192.0.2.3"]
[[outside]]
name = "corp.example"
records = ["@ 60 A 192.0.2.4"]
"#;

/// Walks from the root to an address.
pub(super) fn walk(servers: &Servers, runtime: &tokio::runtime::Runtime, to: &str, record_type: RecordType) -> Walk {
    let reach = Reach {
        port: servers.port(),
        allowed: vec!["127.53.0.0/16".parse().expect("a network")],
        ipv6: Ipv6::Missing,
    };
    let manners = Manners::at(HashSet::new(), Pace::ALL, Pace::ALL, Pace::ALL);
    let asker = Asker::new(Arc::new(Sockets::within_this_machine()), reach, manners);
    let start = Start {
        zone: DnsName::root(),
        servers: servers
            .hints()
            .into_iter()
            .map(|(name, address)| NameServer {
                name,
                addresses: Addresses::Given(vec![address]),
            })
            .collect(),
    };
    let question = Question {
        name: to.parse().expect("a name"),
        record_type,
    };
    let budget = Budget::new(QUERIES, Duration::from_secs(10));
    runtime.block_on(async { Walker::new(&asker, &budget, start).walk(&question).await })
}

fn told(binding: Binding) -> (Stage, impl Fn(&str, RecordType) -> Walk) {
    let options = Options {
        binding,
        ..Options::default()
    };
    let stage = Stage::with(WORLD, options);
    let (servers, runtime) = (Arc::clone(&stage.servers), Arc::clone(&stage.runtime));
    let walk = move |to: &str, record_type| walk(&servers, &runtime, to, record_type);
    (stage, walk)
}

fn zones(walk: &Walk) -> Vec<String> {
    walk.legs.iter().map(|leg| leg.zone.to_string()).collect()
}

fn addresses(walk: &Walk) -> Vec<String> {
    let End::Answer(records) = &walk.end else {
        panic!("{:?}", walk.end)
    };
    let addresses = records.iter().filter_map(|record| match &record.data {
        Rdata::A(address) => Some(address.to_string()),
        _ => None,
    });
    addresses.collect()
}

#[test]
fn a_walk_from_the_root_comes_to_the_zone_that_answers() {
    let (_stage, walk) = told(Binding::WhenTold);
    let found = walk("www.example.com", RecordType::A);
    assert_eq!(zones(&found), [".", "com", "example.com"]);
    assert_eq!(addresses(&found), ["192.0.2.1"]);
    let reverse = walk("1.2.0.192.in-addr.arpa", RecordType::PTR);
    assert_eq!(zones(&reverse), [".", "arpa", "in-addr.arpa", "2.0.192.in-addr.arpa"]);
    assert!(matches!(reverse.end, End::Answer(_)));
}

#[test]
fn an_alias_leads_into_the_zone_of_another_provider() {
    let (_stage, walk) = told(Binding::WhenTold);
    let found = walk("app.dev.example.com", RecordType::A);
    assert_eq!(addresses(&found), ["192.0.2.3"]);
    assert_eq!(
        found.legs.last().map(|leg| leg.zone.to_string()),
        Some("shop.example.com".into())
    );
}

#[test]
fn whoever_is_told_of_is_there_whether_it_serves_or_not() {
    let (stage, walk) = told(Binding::WhenTold);
    let before = stage.servers.addresses().len();
    assert_eq!(before, 2, "the root servers");
    let gone = walk("gone.example.com", RecordType::SOA);
    assert_eq!(gone.end, End::NoServer);
    let heard = &gone.legs.last().expect("a leg").heard;
    assert!(!heard.is_empty());
    assert!(
        heard
            .iter()
            .all(|heard| format!("{:?}", heard.outcome).contains("Refused")),
        "{heard:?}"
    );
    assert!(stage.servers.addresses().len() > before);
}

#[test]
fn names_are_registered_as_the_file_says() {
    let (_stage, walk) = told(Binding::AtStart);
    assert!(matches!(
        walk("unregistered.example", RecordType::SOA).end,
        End::NoName(Some(_))
    ));
    assert_eq!(walk("elsewhere.example", RecordType::SOA).end, End::NoServer);
    assert!(matches!(
        walk("nothing.invalid", RecordType::A).end,
        End::NoName(Some(_))
    ));
    let vanity = walk("vanity.example", RecordType::SOA);
    assert!(matches!(vanity.end, End::Answer(_)), "{:?}", vanity.end);
    let below = walk("acme.corp.example", RecordType::A);
    assert_eq!(zones(&below), [".", "example", "corp.example", "acme.corp.example"]);
    assert_eq!(addresses(&below), ["192.0.2.2"]);
}

#[test]
fn nobody_can_walk_where_servers_are_told_apart_by_port() {
    let options = Options {
        addressing: Addressing::Port,
        ..Options::default()
    };
    assert!(Stage::with(WORLD, options).servers.hints().is_empty());
}
