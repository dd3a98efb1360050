//! Traces through small internets, in virtual time.

mod diagnosis;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;

use super::*;
use crate::engine::ask::{Ipv6, Manners, Pace, Reach};
use crate::engine::walk::tests::internet::{Internet, name};
use crate::model::dns::{Choice, End, Outcome, Reply, Resolved, ResolverPlace};
use crate::model::record::RecordType;

const WORLD: &str = "
    server 5.0.0.1 serves .
    server 5.0.0.2 serves com net
    server 5.0.0.3 serves example.com
    server 5.0.0.4 is silent
    server 5.0.0.5 is refusing
    server 5.0.0.6 serves provider.net
    server 5.0.0.53 serves .
    zone .
    com NS a.gtld.net
    net NS a.gtld.net
    a.gtld.net A 5.0.0.2
    zone com
    example.com NS ns1.example.com
    example.com NS ns2.example.com
    example.com NS ns3.provider.net
    ns1.example.com A 5.0.0.3
    ns2.example.com A 5.0.0.4
    zone net
    provider.net NS ns.provider.net
    ns.provider.net A 5.0.0.6
    zone provider.net
    ns.provider.net A 5.0.0.6
    ns3.provider.net A 5.0.0.5
    zone example.com
    www.example.com A 5.9.9.9
";

struct Went {
    trace: Trace,
    took: Duration,
    /// How many addresses of the last zone had been heard, by the time they were.
    heard: Vec<(usize, Duration)>,
}

async fn trace(set_up: impl for<'a> Fn(Tracer<'a, Internet>) -> Tracer<'a, Internet>) -> Went {
    trace_of(WORLD, "www.example.com", set_up).await
}

async fn trace_of(
    internet: &str,
    to: &str,
    set_up: impl for<'a> Fn(Tracer<'a, Internet>) -> Tracer<'a, Internet>,
) -> Went {
    let internet = Arc::new(Internet::of(internet));
    let reach = Reach {
        port: 53,
        allowed: Vec::new(),
        ipv6: Ipv6::Missing,
    };
    let manners = Manners::at(HashSet::new(), Pace::OWN, Pace::OWN, Pace::ALL);
    let asker = Asker::new(internet, reach, manners);
    let root = Start {
        zone: DnsName::root(),
        servers: vec![NameServer {
            name: name("a.root"),
            addresses: Addresses::Given(vec![[5, 0, 0, 1].into()]),
        }],
    };
    let question = Question {
        name: name(to),
        record_type: RecordType::A,
    };
    let clock = Instant::now();
    let mut heard = Vec::new();
    let trace = set_up(Tracer::new(&asker, root))
        .trace(&question, Timestamp::UNIX_EPOCH, |trace| {
            let last = trace.walk.legs.last().expect("a zone");
            heard.push((last.heard.len(), clock.elapsed()));
        })
        .await;
    Went {
        trace,
        took: clock.elapsed(),
        heard,
    }
}

#[tokio::test(start_paused = true)]
async fn every_server_on_the_way_is_asked_and_a_silent_one_delays_no_other() {
    let went = trace(|tracer| tracer).await;
    let last = went.trace.walk.legs.last().expect("a zone");
    let replies: Vec<(String, &Reply)> = last
        .heard
        .iter()
        .map(|heard| match &heard.outcome {
            Outcome::Asked(probe) => (heard.server.to_string(), &probe.reply),
            Outcome::Unasked(why) => panic!("{why:?}"),
        })
        .collect();
    assert!(
        matches!(
            replies.as_slice(),
            [(first, Reply::Answer(_)), (second, Reply::Refused(_)), (third, Reply::Silent)]
                if first == "ns1.example.com" && second == "ns3.provider.net" && third == "ns2.example.com"
        ),
        "{replies:?}"
    );
    let two = went
        .heard
        .iter()
        .find(|(heard, _)| *heard == 2)
        .expect("two were heard");
    assert!(two.1 < Duration::from_millis(600), "{:?}", two.1);
    assert!(went.took < Duration::from_secs(6), "{:?}", went.took);
    assert_eq!(went.trace.waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_trace_from_a_zone_that_is_held_asks_nobody_above_it_about_the_name() {
    let went = trace(|tracer| tracer.from_zone(name("example.com"), [name("ns1.example.com")])).await;
    let zones: Vec<String> = went.trace.walk.legs.iter().map(|leg| leg.zone.to_string()).collect();
    // The only server named has its address in the zone itself: there is no way to it but from above.
    assert_eq!(zones, ["example.com"]);
    assert_eq!(went.trace.walk.end, End::NoServer);
    let went =
        trace(|tracer| tracer.from_zone(name("example.com"), [name("ns.provider.net"), name("ns3.provider.net")]))
            .await;
    let zones: Vec<String> = went.trace.walk.legs.iter().map(|leg| leg.zone.to_string()).collect();
    assert_eq!(zones, ["example.com"]);
    assert_eq!(went.trace.walk.legs[0].heard.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn resolvers_are_asked_in_the_order_they_were_named() {
    let resolver = |octet, choice| Resolver {
        place: ResolverPlace::At(SocketAddr::new([5, 0, 0, octet].into(), 53)),
        choice,
    };
    let named = [
        resolver(4, Choice::System),
        resolver(53, Choice::Named),
        resolver(5, Choice::Named),
    ];
    let went = trace(|tracer| tracer.beside(named.clone())).await;
    let said: Vec<&Resolved> = went
        .trace
        .resolvers
        .iter()
        .map(|said| said.said.as_ref().expect("it was asked"))
        .collect();
    assert!(
        matches!(
            said.as_slice(),
            [Resolved::Silent, Resolved::NoData(None), Resolved::Refused(_)]
        ),
        "{said:?}"
    );
}
