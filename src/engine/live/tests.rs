//! Many cuts at a time in small internets, in virtual time.

use std::fmt::Write as _;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::*;
use crate::engine::ask::{Ipv6, Manners, Pace, Reach};
use crate::engine::walk::tests::internet::{Internet, name};
use crate::model::dns::{Addresses, NameServer};
use crate::model::served::Tally;

/// A hundred cuts under example.com, all on the same two servers.
fn hundred() -> String {
    let mut text = String::from(
        "server 5.0.0.1 serves .
         server 5.0.0.2 serves com
         server 5.0.0.3 serves example.com
         zone .
         com NS a.gtld.com
         a.gtld.com A 5.0.0.2
         zone com
         a.gtld.com A 5.0.0.2
         example.com NS ns1.example.com
         ns1.example.com A 5.0.0.3
         zone example.com
         example.com NS ns1.example.com
         ns1.example.com A 5.0.0.3
         a.example.com A 5.0.0.10
         b.example.com A 5.0.0.11\n",
    );
    for host in 0..100 {
        writeln!(
            text,
            "zone example.com
             n{host}.example.com NS a.example.com
             n{host}.example.com NS b.example.com
             server 5.0.0.10 serves n{host}.example.com
             server 5.0.0.11 serves n{host}.example.com
             zone n{host}.example.com
             n{host}.example.com NS a.example.com
             n{host}.example.com NS b.example.com"
        )
        .expect("text");
    }
    text
}

fn targets() -> Vec<Target> {
    (0..100)
        .map(|host| Target::unheld(name(&format!("n{host}.example.com"))))
        .collect()
}

fn live(internet: Internet, pace: Pace) -> Live {
    let reach = Reach {
        port: 53,
        allowed: Vec::new(),
        ipv6: Ipv6::Missing,
    };
    let manners = Manners::at(HashSet::new(), pace, pace, Pace::FREE);
    let asker = Arc::new(Asker::new(Arc::new(internet), reach, manners));
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
    Live::start(asker, start, cost)
}

/// The facts until all commands are done.
async fn facts(live: &mut Live) -> Vec<Fact> {
    let mut facts = Vec::new();
    loop {
        match live.events.recv().await.expect("the worker runs") {
            Event::Fact(fact) => facts.push(fact),
            Event::Idle { commands } if commands == live.commands.sent() => return facts,
            Event::Idle { .. } => {}
        }
    }
}

/// What was last heard of each cut.
fn last(facts: &[Fact]) -> HashMap<DnsName, Arc<Served>> {
    let served = facts.iter().filter_map(|fact| match fact {
        Fact::Served(served) => Some((served.name.clone(), Arc::clone(served))),
        _ => None,
    });
    served.collect()
}

#[tokio::test(start_paused = true)]
async fn a_hundred_cuts_are_checked_at_the_same_time_with_what_they_share_asked_once() {
    let mut live = live(Internet::of(&hundred()), Pace::FREE);
    let began = Instant::now();
    live.commands.check(targets());
    let facts = facts(&mut live).await;
    assert!(
        matches!(facts.first(), Some(Fact::Liveness(Liveness::On))),
        "before any verdict"
    );
    let last = last(&facts);
    assert_eq!(last.len(), 100);
    for served in last.values() {
        assert_eq!(served.extent, Extent::Whole);
        let tallies: Vec<Tally> = served.servers.iter().map(|server| server.tally()).collect();
        assert!(
            tallies.iter().all(|tally| tally.serving == 1 && tally.all() == 1),
            "{tallies:?}"
        );
    }
    let progress = live.commands.progress();
    assert_eq!((progress.done, progress.total, progress.silent), (100, 100, 0));
    // For each cut: the parent's NS and DS, and on two servers the SOA twice and the NS, and the DNSKEY once.
    let shared = progress.queries - 100 * (2 + 2 * 3 + 1);
    assert!(shared <= 12, "{shared} queries beside");
    // The interception check alone takes a second.
    assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_is_not_asked_again_unless_somebody_wants_it_or_other_servers_are_named() {
    let mut live = live(Internet::of(&hundred()), Pace::FREE);
    let target = Target::unheld(name("n1.example.com"));
    live.commands.check(vec![target.clone()]);
    assert_eq!(last(&facts(&mut live).await).len(), 1);
    live.commands.check(vec![target.clone()]);
    assert_eq!(last(&facts(&mut live).await).len(), 0);
    live.commands.check(vec![Target {
        own: vec![name("a.example.com"), name("c.example.com")],
        ..target.clone()
    }]);
    assert_eq!(last(&facts(&mut live).await).len(), 1);
    live.commands.check_again(vec![target]);
    assert_eq!(last(&facts(&mut live).await).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_that_all_share_costs_no_series_of_timeouts() {
    let internet = hundred().replace("server 5.0.0.11 serves", "server 5.0.0.12 serves") + "server 5.0.0.11 is silent";
    let mut live = live(Internet::of(&internet), Pace::OWN);
    let began = Instant::now();
    live.commands.check(targets());
    let facts = facts(&mut live).await;
    for served in last(&facts).values() {
        let tallies: Vec<Tally> = served.servers.iter().map(|server| server.tally()).collect();
        let sums = tallies.iter().map(|tally| (tally.serving, tally.unresponsive));
        assert_eq!(sums.collect::<Vec<_>>(), [(1, 0), (0, 1)], "{}", served.name);
    }
    assert_eq!(live.commands.progress().silent, 1);
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let early = facts.iter().find_map(|fact| match fact {
        Fact::Served(served) => Some(served),
        _ => None,
    });
    assert_eq!(early.expect("something was heard").extent, Extent::UnderWay);
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_keeps_what_was_heard_and_says_that_it_was_stopped() {
    let internet = hundred().replace("server 5.0.0.11 serves", "server 5.0.0.12 serves") + "server 5.0.0.11 is silent";
    let mut live = live(Internet::of(&internet), Pace::FREE);
    live.commands.check(targets());
    while !matches!(live.events.recv().await, Some(Event::Fact(Fact::Served(_)))) {}
    let began = Instant::now();
    live.commands.cancel();
    let facts = facts(&mut live).await;
    assert!(began.elapsed() < Duration::from_millis(200), "{:?}", began.elapsed());
    let last = last(&facts);
    assert!(!last.is_empty());
    for served in last.values() {
        assert_eq!(served.extent, Extent::Stopped(Unasked::NoTime));
        assert_eq!(
            served
                .servers
                .iter()
                .map(|server| server.tally().serving)
                .sum::<usize>(),
            1
        );
    }
    let progress = live.commands.progress();
    assert_eq!(progress.done, progress.total);
}

#[tokio::test(start_paused = true)]
async fn where_somebody_answers_for_everybody_or_nobody_does_no_server_is_spoken_of() {
    let mut interceptor = Internet::of(&hundred());
    interceptor.interceptor = true;
    for (internet, off) in [(interceptor, Off::Intercepted), (Internet::default(), Off::Blocked)] {
        let mut live = live(internet, Pace::FREE);
        live.commands.check(targets());
        let facts = timeout(Duration::from_secs(30), facts(&mut live))
            .await
            .expect("it ends");
        let [Fact::Liveness(liveness)] = facts.as_slice() else {
            panic!("{facts:?}")
        };
        assert_eq!(*liveness, Liveness::Off(off));
    }
}
