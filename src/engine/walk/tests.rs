//! Walks through small internets, in virtual time.

pub(in crate::engine) mod internet;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use crate::engine::ask::{Ipv6, Manners, Pace, Reach};
use internet::{Internet, name};

const TOP: &str = "
    server 5.0.0.1 serves .
    server 5.0.0.2 serves com net
    zone .
    com NS a.gtld.net
    net NS a.gtld.net
    a.gtld.net A 5.0.0.2
";

/// How a walk went: the zones in order, how it ended, and how many queries that took.
struct Went {
    zones: Vec<String>,
    walk: Walk,
    internet: Arc<Internet>,
    took: Duration,
}

async fn walk(internet: &str, to: &str) -> Went {
    let internet = Arc::new(Internet::of(&format!("{TOP}{internet}")));
    let reach = Reach {
        port: 53,
        allowed: Vec::new(),
        ipv6: Ipv6::Missing,
    };
    let manners = Manners::at(HashSet::new(), Pace::OWN, Pace::OWN, Pace::ALL);
    let asker = Asker::new(Arc::clone(&internet), reach, manners);
    let budget = Budget::new(64, Duration::from_secs(10));
    let root = NameServer {
        name: name("a.root"),
        addresses: Addresses::Given(vec!["5.0.0.1".parse().expect("an address")]),
    };
    let start = Start {
        zone: DnsName::root(),
        servers: vec![root],
    };
    let began = tokio::time::Instant::now();
    let question = Question {
        name: name(to),
        record_type: RecordType::A,
    };
    let walk = Walker::new(&asker, &budget, start).walk(&question).await;
    assert!(walk.queries <= 64, "{} queries", walk.queries);
    Went {
        zones: walk.legs.iter().map(|leg| leg.zone.to_string()).collect(),
        walk,
        internet,
        took: began.elapsed(),
    }
}

impl Went {
    fn asked(&self, address: &str) -> usize {
        let address: IpAddr = address.parse().expect("an address");
        let asked = self.internet.asked.lock().expect("no test panics while it holds this");
        asked.iter().filter(|(server, _)| *server == address).count()
    }

    fn answer(&self) -> Option<IpAddr> {
        match &self.walk.end {
            End::Answer(records) => records.first()?.data.address(),
            _ => None,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_is_reached_from_the_root_by_way_of_every_cut() {
    let went = walk(
        "server 5.0.0.3 serves example.com
         server 5.0.0.4 serves dev.example.com
         zone com
         example.com NS ns.example.com
         ns.example.com A 5.0.0.3
         zone example.com
         dev.example.com NS ns.dev.example.com
         ns.dev.example.com A 5.0.0.4
         zone dev.example.com
         www.dev.example.com A 5.9.9.9",
        "www.dev.example.com",
    )
    .await;
    assert_eq!(went.zones, [".", "com", "example.com", "dev.example.com"]);
    assert_eq!(went.answer(), Some([5, 9, 9, 9].into()));
    assert_eq!(went.walk.queries, 4);
    assert_eq!(went.walk.legs[3].ttl, Some(300));
}

#[tokio::test(start_paused = true)]
async fn names_that_do_not_exist_and_names_without_addresses_are_told_apart() {
    let world = "server 5.0.0.3 serves example.com
         zone com
         example.com NS ns.example.com
         ns.example.com A 5.0.0.3
         zone example.com
         a.b.example.com A 5.9.9.9";
    let no_data = walk(world, "b.example.com").await;
    assert!(
        matches!(&no_data.walk.end, End::NoData(Some(negative)) if negative.zone == name("example.com") && negative.ttl == 900)
    );
    assert!(matches!(
        walk(world, "c.example.com").await.walk.end,
        End::NoName(Some(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn a_server_without_glue_is_looked_up_from_the_nearest_zone_passed() {
    let went = walk(
        "server 5.0.0.3 serves example.com
         server 5.0.0.5 serves provider.net
         zone com
         example.com NS ns.provider.net
         zone net
         provider.net NS ns.provider.net
         ns.provider.net A 5.0.0.5
         zone provider.net
         ns.provider.net A 5.0.0.3
         zone example.com
         www.example.com A 5.9.9.9",
        "www.example.com",
    )
    .await;
    assert_eq!(went.zones, [".", "com", "example.com"]);
    assert_eq!(went.answer(), Some([5, 9, 9, 9].into()));
    assert_eq!(
        went.walk.legs[2].servers[0].addresses,
        Addresses::Found(vec![[5, 0, 0, 3].into()])
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_costs_a_head_start_and_no_more() {
    let went = walk(
        "server 5.0.0.4 is silent
         server 5.0.0.3 serves example.com
         zone com
         example.com NS ns1.example.com
         example.com NS ns2.example.com
         ns1.example.com A 5.0.0.3
         ns2.example.com A 5.0.0.4
         zone example.com
         www.example.com A 5.9.9.9",
        "www.example.com",
    )
    .await;
    assert_eq!(went.answer(), Some([5, 9, 9, 9].into()));
    assert_eq!(went.took, Duration::from_millis(20 + 20 + 400 + 20));
}

#[tokio::test(start_paused = true)]
async fn where_no_server_answers_as_it_should_each_is_named_with_what_it_said() {
    for (temper, expected) in [
        ("refusing", "Refused([])"),
        ("failing", "Failed([])"),
        ("silent", "Silent"),
        ("upward", "Referral"),
    ] {
        let went = walk(
            &format!(
                "server 5.0.0.3 is {temper}
                 zone com
                 example.com NS ns1.example.com
                 ns1.example.com A 5.0.0.3"
            ),
            "www.example.com",
        )
        .await;
        assert_eq!(went.walk.end, End::NoServer, "{temper}");
        let last = went.walk.legs.last().expect("a zone");
        let [heard] = last.heard.as_slice() else {
            panic!("one server")
        };
        let Outcome::Asked(probe) = &heard.outcome else {
            panic!("it was asked")
        };
        assert!(format!("{:?}", probe.reply).starts_with(expected), "{:?}", probe.reply);
    }
}

#[tokio::test(start_paused = true)]
async fn aliases_are_followed_across_cuts_and_their_loops_found_out() {
    let zones = "server 5.0.0.3 serves example.com example.net
         zone com
         example.com NS ns.example.com
         ns.example.com A 5.0.0.3
         zone net
         example.net NS ns.example.net
         ns.example.net A 5.0.0.3
         zone example.com
         www.example.com CNAME web.example.net
         loop.example.com CNAME loop.example.net
         zone example.net
         web.example.net A 5.9.9.9
         loop.example.net CNAME loop.example.com";
    let went = walk(zones, "www.example.com").await;
    assert_eq!(went.zones, [".", "com", "example.com", ".", "net", "example.net"]);
    assert_eq!((went.answer(), went.walk.aliases.len()), (Some([5, 9, 9, 9].into()), 1));
    let looping = walk(zones, "loop.example.com").await;
    assert_eq!(looping.walk.end, End::AliasLoop(name("loop.example.com")));
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_aliases_ends_after_eight() {
    let mut zones = String::from(
        "server 5.0.0.3 serves example.com
         zone com
         example.com NS ns.example.com
         ns.example.com A 5.0.0.3
         zone example.com\n",
    );
    for hop in 0..40 {
        writeln!(zones, "h{hop}.example.com CNAME h{}.example.com", hop + 1).expect("text");
    }
    let went = walk(&zones, "h0.example.com").await;
    assert_eq!(went.walk.end, End::TooManyAliases);
    assert!(went.walk.queries <= 12, "{}", went.walk.queries);
}

#[tokio::test(start_paused = true)]
async fn zones_that_need_each_other_are_a_cycle_and_cost_little() {
    let went = walk(
        "zone com
         example.com NS ns.example.net
         zone net
         example.net NS ns.example.com",
        "www.example.com",
    )
    .await;
    assert_eq!(went.walk.end, End::NoServer);
    let last = went.walk.legs.last().expect("a zone");
    assert_eq!(last.servers[0].addresses, Addresses::Missing(NoAddress::Cycle));
    assert!(went.walk.queries <= 16, "{}", went.walk.queries);
}

#[tokio::test(start_paused = true)]
async fn a_tree_without_end_is_left_after_twelve_zones() {
    let mut zones = String::new();
    let mut zone = String::from("com");
    for depth in 0..30 {
        let below = format!("x.{zone}");
        writeln!(
            zones,
            "server 5.0.1.{depth} serves {below}
             zone {zone}
             {below} NS ns.{below}
             ns.{below} A 5.0.1.{depth}"
        )
        .expect("text");
        zone = below;
    }
    let went = walk(&zones, &zone).await;
    assert_eq!((went.walk.end, went.walk.queries), (End::TooDeep, 12));
}

#[tokio::test(start_paused = true)]
async fn a_referral_to_many_names_of_a_victim_asks_it_little() {
    let mut zones = String::from(
        "server 5.0.0.66 serves victim.net\nzone net\nvictim.net NS ns.victim.net\nns.victim.net A 5.0.0.66\nzone victim.net\nx.victim.net A 5.0.0.66\nzone com\n",
    );
    for host in 0..1_500 {
        writeln!(zones, "evil.com NS h{host}.victim.net").expect("text");
    }
    let went = walk(&zones, "www.evil.com").await;
    assert_eq!(went.walk.end, End::NoServer);
    assert!(
        went.asked("5.0.0.66") <= 4,
        "the victim was asked {} times",
        went.asked("5.0.0.66")
    );
    assert_eq!(went.walk.legs.last().expect("a zone").servers.len(), 13);
}

#[tokio::test(start_paused = true)]
async fn glue_for_a_special_address_is_not_asked() {
    let went = walk(
        "server 127.0.0.1 serves example.com
         zone com
         example.com NS ns.example.com
         ns.example.com A 127.0.0.1",
        "www.example.com",
    )
    .await;
    assert_eq!((went.walk.end.clone(), went.asked("127.0.0.1")), (End::NoServer, 0));
    let heard = &went.walk.legs.last().expect("a zone").heard;
    assert!(matches!(heard[0].outcome, Outcome::Unasked(Unasked::Special(_))));
}

/// A walker to addresses of name servers, for checks that share an atlas.
async fn locate(asker: &Asker<Internet>, atlas: &Arc<Atlas>, server: &str) -> Located {
    let budget = Budget::new(64, Duration::from_secs(10));
    let mut walker = Walker::with(asker, &budget, Arc::clone(atlas));
    walker.locate(&name(server)).await
}

fn atlas() -> Arc<Atlas> {
    Arc::new(Atlas::new(Start {
        zone: DnsName::root(),
        servers: vec![NameServer {
            name: name("a.root"),
            addresses: Addresses::Given(vec!["5.0.0.1".parse().expect("an address")]),
        }],
    }))
}

fn asker(internet: &str) -> (Arc<Internet>, Asker<Internet>) {
    let internet = Arc::new(Internet::of(&format!("{TOP}{internet}")));
    let reach = Reach {
        port: 53,
        allowed: Vec::new(),
        ipv6: Ipv6::Missing,
    };
    let manners = Manners::at(HashSet::new(), Pace::FREE, Pace::FREE, Pace::FREE);
    (Arc::clone(&internet), Asker::new(internet, reach, manners))
}

#[tokio::test(start_paused = true)]
async fn a_hundred_checks_that_need_one_server_ask_for_it_once() {
    let (internet, asker) = asker(
        "server 5.0.0.3 serves provider.net
         zone net
         provider.net NS ns.provider.net
         ns.provider.net A 5.0.0.3
         zone provider.net
         ns1.provider.net A 5.0.0.9",
    );
    let atlas = atlas();
    let all = (0..100).map(|_| locate(&asker, &atlas, "ns1.provider.net"));
    let expected = Located::At(vec![[5, 0, 0, 9].into()]);
    for located in futures_util::future::join_all(all).await {
        assert_eq!(located, expected);
    }
    let asked = internet.asked.lock().expect("no test panics while it holds this").len();
    assert_eq!(asked, 4, "the root, net, and provider.net for A and AAAA");
}

#[tokio::test(start_paused = true)]
async fn checks_that_need_each_others_servers_do_not_wait_for_each_other_forever() {
    let (_, asker) = asker(
        "zone com
         example.com NS ns.example.net
         zone net
         example.net NS ns.example.com",
    );
    let atlas = atlas();
    let began = tokio::time::Instant::now();
    let both = ["ns.example.com", "ns.example.net"].map(|server| locate(&asker, &atlas, server));
    let many = futures_util::future::join_all(both.into_iter().chain([
        locate(&asker, &atlas, "ns.example.com"),
        locate(&asker, &atlas, "ns.example.net"),
    ]));
    assert!(many.await.iter().all(|located| *located == Located::Cycle));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_one_check_could_not_afford_another_finds() {
    let (_, asker) = asker(
        "server 5.0.0.3 serves provider.net
         zone net
         provider.net NS ns.provider.net
         ns.provider.net A 5.0.0.3
         zone provider.net
         ns1.provider.net A 5.0.0.9",
    );
    let atlas = atlas();
    let poor = async {
        let budget = Budget::new(1, Duration::from_secs(10));
        let mut walker = Walker::with(&asker, &budget, Arc::clone(&atlas));
        walker.locate(&name("ns1.provider.net")).await
    };
    let (poor, rich) = tokio::join!(poor, locate(&asker, &atlas, "ns1.provider.net"));
    assert_eq!(poor, Located::Unasked(Unasked::NoQueries));
    assert_eq!(rich, Located::At(vec![[5, 0, 0, 9].into()]));
}
