//! Who refers to a zone that shall go, as the servers above it say.

use std::time::Duration;

use jiff::Timestamp;

use super::{changes, name, occasion, set, zone};
use crate::model::dns::{Direction, EdnsSupport, End, Outcome, Probe, RecursionOffer, Referral, Reply, Tcp, Transport};
use crate::model::served::{Extent, ParentServer, ParentSide, Reached, Served};
use crate::plan::live::{LiveZone, Seen};
use crate::plan::preflight;
use crate::plan::sight::outside;
use crate::plan::teardown::{self, Outside};
use crate::plan::wish::{Contents, Patience};
use crate::plan::{Goal, Plan};

const DEV: &str = "dev.example.com";

fn says(reply: Reply) -> Outcome {
    Outcome::Asked(Box::new(Probe {
        reply,
        took: Duration::ZERO,
        transport: Transport::Udp,
        tcp: Tcp::Untried,
        edns: EdnsSupport::Spoken,
        recursion: RecursionOffer::Unoffered,
        size: 100,
        mismatched: 0,
        signatures: Vec::new(),
    }))
}

fn refers_to(zone: &LiveZone) -> Outcome {
    says(Reply::Referral(Referral {
        cut: name(DEV),
        direction: Direction::Down,
        name_servers: zone.name_servers.clone(),
        ttl: 300,
        glue: Vec::new(),
        ds: Vec::new(),
        ds_signatures: Vec::new(),
    }))
}

/// What servers of example.com say of the name, one after the other.
fn heard(said: &[(&str, Outcome)]) -> Seen<Served> {
    let server = |(server, ns): &(&str, Outcome)| ParentServer {
        server: name(server),
        address: "192.0.2.53".parse().unwrap(),
        ns: ns.clone(),
        ds: says(Reply::Silent),
    };
    Ok(Served {
        name: name(DEV),
        at: Timestamp::UNIX_EPOCH,
        parent: ParentSide {
            zone: Some(name("example.com")),
            reached: Reached::Walked,
            heard: said.iter().map(server).collect(),
        },
        servers: Vec::new(),
        queries: 1,
        walked: 1,
        extent: Extent::Whole,
    })
}

fn child() -> LiveZone {
    zone(1, "CHILD", DEV, 2, Vec::new())
}

fn parent(child: &LiveZone) -> LiveZone {
    let delegation = crate::plan::ExactSet::name_servers(name(DEV), 600, &child.name_servers);
    zone(0, "PARENT", "example.com", 1, vec![delegation])
}

fn seen(holders: &[LiveZone], served: &Seen<Served>) -> Outside {
    outside(&name(DEV), &child().name_servers, holders, served)
}

fn plan(holders: Vec<LiveZone>, outside: Outside) -> Plan {
    let scene = teardown::Scene {
        occasion: occasion(),
        goal: Goal::Teardown,
        zone: child(),
        holders,
        outside,
        checks: Vec::new(),
    };
    teardown::plan(scene, &Patience::Wait, Contents::MustBeEmpty).unwrap()
}

#[test]
fn a_parent_that_does_not_answer_is_not_one_that_refers_to_nobody() {
    let mut unreached = heard(&[]);
    unreached.as_mut().unwrap().parent.reached = Reached::Unreached(Box::new(End::NoServer));
    for served in [
        heard(&[("ns.elsewhere.test", says(Reply::Silent))]),
        heard(&[]),
        unreached,
        Err("nobody is asked".to_owned()),
    ] {
        let outside = seen(&[], &served);
        assert!(matches!(outside, Outside::Unknown(_)), "{served:?}");
        let plan = plan(Vec::new(), outside);
        let check = plan.preflight.0.iter().find(|check| check.code == "outside").unwrap();
        assert_eq!(check.outcome, preflight::Outcome::Unchecked);
        assert!(check.is_in_the_way());
    }
    let silent = seen(&[], &heard(&[("ns.elsewhere.test", says(Reply::NoName(None)))]));
    assert_eq!(silent, Outside::Silent);
    assert_eq!(plan(Vec::new(), silent).preflight.in_the_way().count(), 0);
}

#[test]
fn one_server_above_that_still_refers_is_enough() {
    let served = heard(&[
        ("ns1.elsewhere.test", says(Reply::NoName(None))),
        ("ns2.elsewhere.test", refers_to(&child())),
    ]);
    let outside = seen(&[], &served);
    assert_eq!(outside, Outside::Refers);
    assert!(
        plan(Vec::new(), outside)
            .preflight
            .in_the_way()
            .any(|check| check.code == "who-delegates")
    );
}

#[test]
fn a_referral_of_our_own_zone_is_that_zone_and_nobody_else() {
    let holder = parent(&child());
    let ours = holder.name_servers[0].to_string();
    let served = heard(&[(&ours, refers_to(&child()))]);
    let outside = seen(std::slice::from_ref(&holder), &served);
    assert_eq!(outside, Outside::Silent);
    let plan = plan(vec![holder.clone()], outside);
    assert_eq!(changes(&plan)[0], "- dev.example.com NS");
    // Another zone of the same name, which nobody asks, is not the one that refers.
    let twin = heard(&[("ns.elsewhere.test", refers_to(&child()))]);
    assert_eq!(seen(std::slice::from_ref(&holder), &twin), Outside::Refers);
    // A zone under name servers of its owner's own name is.
    let mut vanity = holder;
    vanity.sets.sets.retain(|set| set.name == name(DEV));
    vanity
        .sets
        .sets
        .push(set("example.com", "NS", 600, &["ns.example.com."]));
    let served = heard(&[("ns.example.com", refers_to(&child()))]);
    assert_eq!(seen(&[vanity], &served), Outside::Silent);
}
