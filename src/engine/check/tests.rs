//! Checks of cuts in small internets, in virtual time.

use std::collections::HashSet;
use std::sync::Mutex;

use super::*;
use crate::engine::ask::{Ipv6, Manners, Pace, Reach};
use crate::engine::atlas::Start;
use crate::engine::walk::tests::internet::{Internet, name};
use crate::model::dns::{Addresses, Tcp, Transport, Unasked};
use crate::model::served::{ChildAddress, Extent, Lameness, ParentWord, SeenDelegation, Unresponsive};

const TOP: &str = "
    server 5.0.0.1 serves .
    server 5.0.0.2 serves com net
    zone .
    com NS a.gtld.net
    net NS a.gtld.net
    a.gtld.net A 5.0.0.2
";

/// example.com on two servers, and two servers for dev.example.com.
const ACME: &str = "
    server 5.0.0.3 serves example.com
    server 5.0.0.4 serves example.com
    server 5.0.0.5 serves dev.example.com provider.net
    server 5.0.0.6 serves dev.example.com provider.net
    zone com
    example.com NS ns1.example.com
    example.com NS ns2.example.com
    ns1.example.com A 5.0.0.3
    ns2.example.com A 5.0.0.4
    zone net
    provider.net NS ns1.provider.net
    ns1.provider.net A 5.0.0.5
    zone provider.net
    ns1.provider.net A 5.0.0.5
    ns2.provider.net A 5.0.0.6
    zone example.com
    example.com NS ns1.example.com
    dev.example.com NS ns1.provider.net
    dev.example.com NS ns2.provider.net
    zone dev.example.com
    dev.example.com NS ns1.provider.net
    dev.example.com NS ns2.provider.net
";

struct World {
    internet: Arc<Internet>,
    checker: Checker<Internet>,
}

impl World {
    fn of(text: &str) -> Self {
        Self::at_pace(text, Pace::FREE)
    }

    fn at_pace(text: &str, pace: Pace) -> Self {
        let internet = Arc::new(Internet::of(&format!("{TOP}{text}")));
        let reach = Reach {
            port: 53,
            allowed: Vec::new(),
            ipv6: Ipv6::Missing,
        };
        let manners = Manners::at(HashSet::new(), pace, pace, Pace::FREE);
        let asker = Arc::new(Asker::new(Arc::clone(&internet), reach, manners));
        let start = Start {
            zone: DnsName::root(),
            servers: vec![NameServer {
                name: name("a.root"),
                addresses: Addresses::Given(vec!["5.0.0.1".parse().expect("an address")]),
            }],
        };
        let cost = Cost {
            queries: 64,
            time: Duration::from_secs(10),
        };
        let checker = Checker::new(asker, Arc::new(Atlas::new(start)), cost);
        Self { internet, checker }
    }

    async fn check(&self, target: &Target) -> Served {
        self.checker.check(target).await
    }

    async fn check_dev(&self) -> Served {
        self.check(&Target::unheld(name("dev.example.com"))).await
    }

    fn asked(&self, address: &str) -> usize {
        let address: IpAddr = address.parse().expect("an address");
        let asked = self.internet.asked.lock().expect("no test panics while it holds this");
        asked.iter().filter(|(server, _)| *server == address).count()
    }
}

fn address(served: &Served, address: &str) -> ChildAddress {
    let address: IpAddr = address.parse().expect("an address");
    let mut heard = served.servers.iter().flat_map(|server| &server.heard);
    heard
        .find(|child| child.address == address)
        .expect("it was asked")
        .clone()
}

fn verdicts(served: &Served) -> Vec<Verdict> {
    let heard = served.servers.iter().flat_map(|server| &server.heard);
    heard.map(ChildAddress::verdict).collect()
}

#[tokio::test(start_paused = true)]
async fn every_server_of_both_sides_is_asked() {
    let world = World::of(ACME);
    let served = world.check_dev().await;
    assert_eq!(served.parent.zone, Some(name("example.com")));
    assert_eq!(served.parent.reached, Reached::Walked);
    assert_eq!(served.parent.heard.len(), 2);
    assert!(
        matches!(served.parent.seen(&served.name), SeenDelegation::Delegated(referral)
        if referral.name_servers == [name("ns1.provider.net"), name("ns2.provider.net")])
    );
    assert!(
        served
            .parent
            .heard
            .iter()
            .all(|parent| matches!(&parent.ds, Outcome::Asked(probe) if matches!(probe.reply, Reply::NoData(Some(_)))))
    );
    assert_eq!(verdicts(&served), [Verdict::Serving; 2]);
    assert_eq!(served.extent, Extent::Whole);
    for child in served.servers.iter().flat_map(|server| &server.heard) {
        assert!(
            matches!(&child.soa_over_tcp, Outcome::Asked(probe) if probe.transport == Transport::Tcp && probe.tcp == Tcp::Works)
        );
        assert!(matches!(&child.ns, Outcome::Asked(probe) if matches!(probe.reply, Reply::Answer(_))));
        assert_eq!(child.foreign, None);
    }
    let keyed = served.servers.iter().flat_map(|server| &server.heard);
    assert_eq!(
        keyed.filter(|child| child.dnskey.is_some()).count(),
        1,
        "one tells whether the zone is signed"
    );
}

#[tokio::test(start_paused = true)]
async fn with_the_chain_above_known_a_check_takes_three_round_trips() {
    let world = World::of(ACME);
    let before = Target {
        delegated: vec![name("ns1.provider.net")],
        ..Target::unheld(name("other.example.com"))
    };
    world.check(&before).await;
    let target = Target {
        delegated: vec![name("ns1.provider.net"), name("ns2.provider.net")],
        ..Target::unheld(name("dev.example.com"))
    };
    let began = Instant::now();
    let served = world.check(&target).await;
    assert_eq!(verdicts(&served), [Verdict::Serving; 2]);
    assert_eq!(began.elapsed(), Duration::from_millis(3 * 20));
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_delays_no_other_and_costs_five_seconds_at_most() {
    let world = World::of(&ACME.replace(
        "server 5.0.0.6 serves dev.example.com provider.net",
        "server 5.0.0.6 is silent",
    ));
    let told = Mutex::new(Vec::new());
    let began = Instant::now();
    let target = Target::unheld(name("dev.example.com"));
    let served = world
        .checker
        .check_and_tell(&target, |served| {
            told.lock().expect("no test panics while it holds this").push(served);
        })
        .await;
    let expected = [Verdict::Serving, Verdict::Unresponsive(Unresponsive::Silent)];
    assert_eq!(verdicts(&served), expected);
    assert!(began.elapsed() < Duration::from_millis(5_500), "{:?}", began.elapsed());
    let told = told.into_inner().expect("no test panicked");
    let first = told.first().expect("it took long");
    assert_eq!(
        (first.extent, verdicts(first).as_slice()),
        (Extent::UnderWay, &[Verdict::Serving][..])
    );
    assert!(world.asked("5.0.0.6") <= 8, "{}", world.asked("5.0.0.6"));
}

#[tokio::test(start_paused = true)]
async fn servers_that_the_accounts_name_are_asked_beside_those_that_are_delegated_to() {
    let world = World::of(&format!(
        "{ACME}
        server 5.0.0.7 serves dev.example.com
        zone provider.net
        ns7.provider.net A 5.0.0.7"
    ));
    let target = Target {
        own: vec![name("ns7.provider.net")],
        ..Target::unheld(name("dev.example.com"))
    };
    let served = world.check(&target).await;
    assert_eq!(served.servers.len(), 3);
    assert_eq!(address(&served, "5.0.0.7").verdict(), Verdict::Serving);
    let delegated: Vec<_> = served.delegated(&[]).map(|server| server.name.clone()).collect();
    assert_eq!(delegated, [name("ns1.provider.net"), name("ns2.provider.net")]);
}

#[tokio::test(start_paused = true)]
async fn servers_that_only_the_zone_itself_names_are_asked_too() {
    let world = World::of(&format!(
        "{ACME}
        dev.example.com NS ns8.provider.net
        server 5.0.0.8 is refusing
        zone provider.net
        ns8.provider.net A 5.0.0.8"
    ));
    let served = world.check_dev().await;
    assert_eq!(address(&served, "5.0.0.8").verdict(), Verdict::Lame(Lameness::Refused));
    assert_eq!(served.delegated(&[]).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn where_there_is_a_ds_every_server_is_asked_for_its_keys() {
    let world = World::of(&format!(
        "{ACME}
        dev.example.com DNSKEY abc
        zone example.com
        dev.example.com DS 1-13-2-00ff"
    ));
    let served = world.check_dev().await;
    for child in served.servers.iter().flat_map(|server| &server.heard) {
        let Some(Outcome::Asked(probe)) = &child.dnskey else {
            panic!("asked")
        };
        assert!(matches!(probe.reply, Reply::Answer(_)));
    }
    assert!(served.parent.heard.iter().all(
        |parent| matches!(&parent.ds, Outcome::Asked(probe) if matches!(&probe.reply, Reply::Answer(records) if records.len() == 1))
    ));
}

#[tokio::test(start_paused = true)]
async fn glue_is_compared_with_what_the_zone_itself_says() {
    let world = World::of(&format!(
        "{ACME}
        server 5.0.0.7 serves in.example.com
        server 5.0.0.8 serves in.example.com
        zone example.com
        in.example.com NS ns.in.example.com
        ns.in.example.com A 5.0.0.7
        zone in.example.com
        in.example.com NS ns.in.example.com
        ns.in.example.com A 5.0.0.8"
    ));
    let served = world.check(&Target::unheld(name("in.example.com"))).await;
    let [server] = served.servers.as_slice() else {
        panic!("one server")
    };
    assert_eq!(server.glue, ["5.0.0.7".parse::<IpAddr>().expect("an address")]);
    assert_eq!(
        server.located,
        Located::At(vec!["5.0.0.8".parse().expect("an address")])
    );
    assert_eq!(verdicts(&served), [Verdict::Serving; 2], "both are asked");
}

#[tokio::test(start_paused = true)]
async fn name_servers_that_are_aliases_or_do_not_exist_are_told_apart() {
    let world = World::of(&format!(
        "{ACME}
        zone example.com
        odd.example.com NS alias.provider.net
        odd.example.com NS ns1.nowhere.net
        odd.example.com NS nothing.provider.net
        zone provider.net
        alias.provider.net CNAME ns1.provider.net
        x.nothing.provider.net A 5.0.0.9"
    ));
    let served = world.check(&Target::unheld(name("odd.example.com"))).await;
    let located = |server: &str| served.server(&name(server)).expect("a server").located.clone();
    assert_eq!(
        located("alias.provider.net"),
        Located::Alias {
            target: name("ns1.provider.net"),
            addresses: vec!["5.0.0.5".parse().expect("an address")],
        }
    );
    assert_eq!(
        located("ns1.nowhere.net"),
        Located::NoName {
            denied_by: Some(name("net"))
        }
    );
    assert_eq!(located("nothing.provider.net"), Located::NoData);
}

#[tokio::test(start_paused = true)]
async fn zones_that_need_each_other_are_known_as_a_cycle() {
    let world = World::of(&format!(
        "{ACME}
        zone example.com
        a.example.com NS ns.b.example.com
        b.example.com NS ns.a.example.com"
    ));
    let served = world.check(&Target::unheld(name("a.example.com"))).await;
    assert_eq!(served.servers[0].located, Located::Cycle);
}

#[tokio::test(start_paused = true)]
async fn an_address_is_asked_once_whatever_number_of_names_it_goes_by_and_however_often_it_is_given() {
    let world = World::of(&ACME.replace(
        "ns1.example.com A 5.0.0.3\n    ns2.example.com A 5.0.0.4",
        "ns1.example.com A 5.0.0.3\n    ns1.example.com A 5.0.0.3\n    ns2.example.com A 5.0.0.3",
    ));
    let served = world.check_dev().await;
    let heard = served.parent.heard.iter();
    let heard: Vec<_> = heard.map(|parent| (&parent.server, parent.address)).collect();
    let address: IpAddr = "5.0.0.3".parse().expect("an address");
    assert_eq!(
        heard,
        [(&name("ns1.example.com"), address), (&name("ns2.example.com"), address)]
    );
    let asked = |outcome: &Outcome| matches!(outcome, Outcome::Asked(_));
    assert!(
        served
            .parent
            .heard
            .iter()
            .all(|parent| asked(&parent.ns) && asked(&parent.ds))
    );
    assert_eq!(world.asked("5.0.0.3"), 2, "for the NS records and the DS");
}

#[tokio::test(start_paused = true)]
async fn where_no_delegation_is_the_parents_say_so() {
    let world = World::of(&format!(
        "{ACME}
        zone example.com
        x.empty.example.com A 5.0.0.9"
    ));
    let none = world.check(&Target::unheld(name("nothing.example.com"))).await;
    assert_eq!(none.parent.seen(&none.name), SeenDelegation::NoName);
    let empty = world.check(&Target::unheld(name("empty.example.com"))).await;
    assert_eq!(empty.parent.seen(&empty.name), SeenDelegation::NoDelegation);
    assert!(empty.servers.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_parent_that_hosts_the_child_as_well_hides_the_delegation() {
    let world = World::of(&ACME.replace(
        "server 5.0.0.3 serves example.com",
        "server 5.0.0.3 serves example.com dev.example.com",
    ));
    let served = world.check_dev().await;
    let words: Vec<_> = served
        .parent
        .heard
        .iter()
        .map(|parent| parent.word(&served.name))
        .collect();
    assert!(
        matches!(words.as_slice(), [ParentWord::Hosts(_), ParentWord::Delegates(_)]),
        "{words:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn where_the_walk_is_cut_off_the_servers_that_the_accounts_name_are_asked() {
    let world = World::of(
        &ACME
            .replace(
                "zone com\n    example.com NS ns1.example.com\n    example.com NS ns2.example.com",
                "zone com\n    example.com NS lame.example.com\n    lame.example.com A 5.0.0.66",
            )
            .replace("server 5.0.0.3", "server 5.0.0.66 is refusing\n    server 5.0.0.3"),
    );
    let unheld = world.check_dev().await;
    assert!(matches!(&unheld.parent.reached, Reached::Unreached(end) if **end == End::NoServer));
    let target = Target {
        parent: Some(HeldParent {
            zone: name("example.com"),
            servers: vec![name("ns1.provider.net")],
        }),
        ..Target::unheld(name("dev.example.com"))
    };
    let served = world.check(&target).await;
    assert!(matches!(&served.parent.reached, Reached::Held(end) if **end == End::NoServer));
    assert_eq!(served.parent.heard.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_offers_recursion_is_asked_for_a_name_that_is_none_of_its_own() {
    let world = World::of(&format!(
        "{ACME}
        server 5.0.0.6 is recursive
        server 5.0.0.5 is deaf"
    ));
    let served = world.check_dev().await;
    assert!(matches!(&address(&served, "5.0.0.6").foreign, Some(Outcome::Asked(_))));
    assert_eq!(address(&served, "5.0.0.5").foreign, None);
    assert!(matches!(&address(&served, "5.0.0.5").soa_over_tcp, Outcome::Asked(probe) if probe.tcp == Tcp::Fails));
}

#[tokio::test(start_paused = true)]
async fn addresses_that_may_not_be_asked_are_not_and_the_rest_is_whole() {
    let world = World::of(&format!(
        "{ACME}
        zone provider.net
        ns1.provider.net A 127.0.0.1"
    ));
    let served = world.check_dev().await;
    assert!(matches!(
        address(&served, "127.0.0.1").verdict(),
        Verdict::Unasked(Unasked::Special(_))
    ));
    assert_eq!((world.asked("127.0.0.1"), served.extent), (0, Extent::Whole));
}

#[tokio::test(start_paused = true)]
async fn a_check_ends_in_time_when_nobody_answers_and_says_what_stopped_it() {
    let world = World::of(
        &ACME
            .replace("serves dev.example.com provider.net", "is silent")
            .replace("serves example.com", "is silent"),
    );
    let began = Instant::now();
    let target = Target {
        delegated: vec![name("ns1.provider.net"), name("ns2.provider.net")],
        ..Target::unheld(name("dev.example.com"))
    };
    let served = world.check(&target).await;
    assert!(began.elapsed() <= Duration::from_secs(11), "{:?}", began.elapsed());
    assert!(matches!(served.parent.reached, Reached::Unreached(_)));
    assert!(served.walked <= 64, "{}", served.walked);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_ones_turn_is_not_held_against_a_check() {
    let pace = Pace {
        per_second: 5,
        in_flight: 2,
    };
    let world = World::at_pace(ACME, pace);
    let names: Vec<Target> = (0..100)
        .map(|host| Target::unheld(name(&format!("n{host}.example.com"))))
        .collect();
    let began = Instant::now();
    let all = futures_util::future::join_all(names.iter().map(|target| world.check(target))).await;
    assert!(began.elapsed() > Duration::from_secs(20), "{:?}", began.elapsed());
    for served in all {
        assert_eq!(served.extent, Extent::Whole, "{}", served.name);
    }
}
