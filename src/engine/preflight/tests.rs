//! Places from which servers cannot be asked, in virtual time.

use std::collections::HashSet;
use std::sync::Arc;

use super::*;
use crate::engine::ask::{Manners, Pace, Reach};
use crate::engine::walk::tests::internet::{Internet, name};
use crate::model::dns::{Addresses, NameServer};

fn asker(internet: Internet, port: u16, ipv6: Ipv6) -> Asker<Internet> {
    let reach = Reach {
        port,
        allowed: Vec::new(),
        ipv6,
    };
    let manners = Manners::at(HashSet::new(), Pace::FREE, Pace::FREE, Pace::FREE);
    Asker::new(Arc::new(internet), reach, manners)
}

fn start(addresses: &[&str]) -> Start {
    let addresses = addresses.iter().map(|address| address.parse().expect("an address"));
    Start {
        zone: DnsName::root(),
        servers: vec![NameServer {
            name: name("a.root"),
            addresses: Addresses::Given(addresses.collect()),
        }],
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_from_where_nobody_is_gives_the_interceptor_away() {
    let interceptor = || {
        let mut internet = Internet::default();
        internet.interceptor = true;
        internet
    };
    let on_53 = asker(interceptor(), 53, Ipv6::Missing);
    assert_eq!(intercepted(&on_53).await, Some(Off::Intercepted));
    let elsewhere = asker(interceptor(), 5353, Ipv6::Missing);
    assert_eq!(intercepted(&elsewhere).await, None, "nobody listens in there");
    assert_eq!(intercepted(&asker(Internet::default(), 53, Ipv6::Missing)).await, None);
}

#[tokio::test(start_paused = true)]
async fn where_nothing_comes_back_servers_are_not_asked() {
    let silent = asker(Internet::default(), 53, Ipv6::Missing);
    assert_eq!(
        blocked(&silent, &start(&["5.0.0.1", "5.0.0.2"])).await,
        Some(Off::Blocked)
    );
    let refusing = asker(Internet::of("server 5.0.0.2 is refusing"), 53, Ipv6::Missing);
    assert_eq!(blocked(&refusing, &start(&["5.0.0.1", "5.0.0.2"])).await, None);
}

#[tokio::test(start_paused = true)]
async fn ipv6_that_leads_nowhere_is_given_up_and_nobody_blamed() {
    let one = asker(Internet::of("server 5.0.0.1 serves ."), 53, Ipv6::Routed);
    let began = tokio::time::Instant::now();
    assert_eq!(blocked(&one, &start(&["5.0.0.1", "2600::1"])).await, None);
    assert!(began.elapsed() < Duration::from_secs(2), "nobody waits long for it");
    assert_eq!(one.ipv6(), Ipv6::Missing);
    let both = asker(
        Internet::of("server 5.0.0.1 serves .\nserver 2600::1 serves ."),
        53,
        Ipv6::Routed,
    );
    assert_eq!(blocked(&both, &start(&["5.0.0.1", "2600::1"])).await, None);
    assert_eq!(both.ipv6(), Ipv6::Routed);
    let insisting = asker(Internet::of("server 5.0.0.1 serves ."), 53, Ipv6::Insisted);
    assert_eq!(blocked(&insisting, &start(&["5.0.0.1", "2600::1"])).await, None);
    assert_eq!(insisting.ipv6(), Ipv6::Insisted, "the person knows better");
}

#[tokio::test(start_paused = true)]
async fn a_resolver_in_the_place_of_the_root_servers_gives_itself_away() {
    let everywhere = asker(
        Internet::of("server 5.0.0.1 is resolver\nserver 5.0.0.2 is resolver"),
        53,
        Ipv6::Missing,
    );
    let roots = start(&["5.0.0.1", "5.0.0.2"]);
    assert_eq!(blocked(&everywhere, &roots).await, Some(Off::Intercepted));
    let in_one_place = asker(
        Internet::of("server 5.0.0.1 is resolver\nserver 5.0.0.2 serves .\nzone .\ncom NS a.gtld.net"),
        53,
        Ipv6::Missing,
    );
    assert_eq!(blocked(&in_one_place, &roots).await, None);
}

#[tokio::test(start_paused = true)]
async fn servers_are_asked_while_it_is_found_out_whether_they_can_be_believed() {
    let took = Duration::from_millis(300);
    let asked = || async move {
        tokio::time::sleep(took).await;
        Ok(())
    };
    let began = tokio::time::Instant::now();
    let clear = asker(Internet::default(), 53, Ipv6::Missing);
    assert_eq!(unless_intercepted(&clear, asked()).await, Ok(()));
    assert_eq!(began.elapsed(), PATIENCE, "one after the other takes longer");

    let mut internet = Internet::default();
    internet.interceptor = true;
    let began = tokio::time::Instant::now();
    let heard = unless_intercepted(&asker(internet, 53, Ipv6::Missing), asked()).await;
    assert_eq!(heard, Err(Off::Intercepted), "nothing that was heard is believed");
    assert!(began.elapsed() < took, "and nobody is asked any longer");

    let elsewhere = asker(Internet::default(), 5353, Ipv6::Missing);
    let began = tokio::time::Instant::now();
    let blocked = async { Err::<(), Off>(Off::Blocked) };
    assert_eq!(unless_intercepted(&elsewhere, blocked).await, Err(Off::Blocked));
    assert_eq!(began.elapsed(), Duration::ZERO);
}
