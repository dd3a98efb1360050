//! Servers of every temper, asked in virtual time.

use std::collections::HashSet;
use std::sync::Mutex;

use tokio::time::Instant;

use super::*;
use crate::model::dns::{Edns, Rdata, Record, Response, Unreachable};
use crate::model::record::RecordType;

const ZONE: &str = "example.com";

/// What a server says to a query, and to the how manieth it is.
type Script = dyn Fn(&Query, usize) -> Said + Send + Sync;

/// A server that says what a script says, and remembers what it was asked and when.
struct Scripted {
    script: Box<Script>,
    asked: Mutex<Vec<(Query, Instant)>>,
}

/// What a server says, and after how long.
struct Said {
    heard: Heard,
    after: Duration,
    mismatched: u32,
}

impl Dns for Scripted {
    async fn exchange(&self, query: &Query) -> Exchange {
        let place = {
            let mut asked = self.asked.lock().expect("no test panics while it holds this");
            asked.push((query.clone(), Instant::now()));
            asked.len()
        };
        let said = (self.script)(query, place);
        let (heard, took) = match said.after <= query.patience && said.heard != Heard::Silent {
            true => (said.heard, said.after),
            false => (Heard::Silent, query.patience),
        };
        tokio::time::sleep(took).await;
        Exchange {
            heard,
            took,
            mismatched: said.mismatched,
        }
    }
}

fn says(heard: Heard) -> Said {
    Said {
        heard,
        after: Duration::from_millis(20),
        mismatched: 0,
    }
}

fn answer() -> Response {
    Response {
        code: ResponseCode::NOERROR,
        authoritative: true,
        truncated: false,
        recursion_available: false,
        edns: Some(Edns::default()),
        answer: vec![Record {
            owner: name(),
            record_type: RecordType::A,
            ttl: 60,
            data: Rdata::A([198, 51, 100, 7].into()),
        }],
        authority: Vec::new(),
        additional: Vec::new(),
        size: 60,
    }
}

fn heard(response: Response) -> Heard {
    Heard::Response(Box::new(response))
}

fn name() -> DnsName {
    "www.example.com".parse().expect("a name")
}

fn question() -> Question {
    Question {
        name: name(),
        record_type: RecordType::A,
    }
}

fn asker(script: impl Fn(&Query, usize) -> Said + Send + Sync + 'static) -> Asker<Scripted> {
    let dns = Scripted {
        script: Box::new(script),
        asked: Mutex::default(),
    };
    let reach = Reach {
        port: 53,
        allowed: vec!["10.1.0.0/16".parse().expect("a network")],
        ipv6: Ipv6::Missing,
    };
    Asker::new(Arc::new(dns), reach, Manners::new(HashSet::new()))
}

impl Asker<Scripted> {
    fn sent(&self) -> Vec<(Transport, Extension)> {
        let asked = self.dns.asked.lock().expect("no test panics while it holds this");
        asked
            .iter()
            .map(|(query, _)| (query.transport, query.extension))
            .collect()
    }

    fn times(&self) -> Vec<Instant> {
        let asked = self.dns.asked.lock().expect("no test panics while it holds this");
        asked.iter().map(|(_, at)| *at).collect()
    }
}

fn budget() -> Budget {
    Budget::new(64, Duration::from_secs(10))
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

async fn ask(asker: &Asker<Scripted>) -> Outcome {
    asker
        .ask(
            address("10.1.2.3"),
            &question(),
            &ZONE.parse().expect("a name"),
            &budget(),
        )
        .await
}

async fn probe(asker: &Asker<Scripted>) -> Probe {
    match ask(asker).await {
        Outcome::Asked(probe) => *probe,
        Outcome::Unasked(why) => panic!("not asked: {why:?}"),
    }
}

const UDP: Transport = Transport::Udp;
const TCP: Transport = Transport::Tcp;

#[tokio::test(start_paused = true)]
async fn a_sound_server_is_asked_once() {
    let asker = asker(|_, _| says(heard(answer())));
    let probe = probe(&asker).await;
    assert!(matches!(probe.reply, Reply::Answer(_)));
    assert_eq!(
        (probe.edns, probe.tcp, probe.took.as_millis()),
        (EdnsSupport::Spoken, Tcp::Untried, 20)
    );
    assert_eq!(asker.sent(), [(UDP, Extension::Edns)]);
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_asked_three_times_within_five_seconds() {
    let asker = asker(|_, _| says(Heard::Silent));
    let began = Instant::now();
    assert_eq!(probe(&asker).await.reply, Reply::Silent);
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert_eq!(
        asker.sent(),
        [(UDP, Extension::Edns), (UDP, Extension::Edns), (UDP, Extension::None)]
    );
}

#[tokio::test(start_paused = true)]
async fn one_lost_datagram_is_no_finding() {
    let asker = asker(|_, place| says(if place == 1 { Heard::Silent } else { heard(answer()) }));
    let probe = probe(&asker).await;
    assert_eq!((probe.edns, asker.sent().len()), (EdnsSupport::Spoken, 2));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_drops_queries_with_an_opt_record_is_told_from_bad_luck() {
    let asker = asker(|query, _| {
        says(match query.extension {
            Extension::Edns => Heard::Silent,
            Extension::None => heard(Response { edns: None, ..answer() }),
        })
    });
    let probe_of_one = probe(&asker).await;
    assert!(matches!(probe_of_one.reply, Reply::Answer(_)));
    assert_eq!(probe_of_one.edns, EdnsSupport::Broken);
    let before = asker.sent().len();
    let again = probe(&asker).await;
    assert!(matches!(again.reply, Reply::Answer(_)));
    assert_eq!(again.edns, EdnsSupport::Broken, "what was found out is not forgotten");
    assert_eq!(asker.sent().split_off(before), [(Transport::Udp, Extension::None)]);

    let unlucky = self::asker(|_, place| says(if place <= 2 { Heard::Silent } else { heard(answer()) }));
    assert_eq!(probe(&unlucky).await.edns, EdnsSupport::Spoken);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_cannot_read_an_opt_record_is_asked_without() {
    for code in [ResponseCode::FORMERR, ResponseCode::NOTIMP, ResponseCode::BADVERS] {
        let asker = asker(move |query, _| {
            says(heard(match query.extension {
                Extension::Edns => Response {
                    code,
                    authoritative: false,
                    answer: Vec::new(),
                    edns: None,
                    ..answer()
                },
                Extension::None => Response { edns: None, ..answer() },
            }))
        });
        let probe = probe(&asker).await;
        assert!(matches!(probe.reply, Reply::Answer(_)), "{code}");
        assert_eq!(probe.edns, EdnsSupport::Unsupported, "{code}");
        assert_eq!(asker.sent(), [(UDP, Extension::Edns), (UDP, Extension::None)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_truncated_answer_is_fetched_over_a_connection() {
    let asker = asker(|query, _| {
        let truncated = query.transport == UDP;
        says(heard(Response { truncated, ..answer() }))
    });
    let probe = probe(&asker).await;
    assert_eq!((probe.tcp, probe.transport), (Tcp::Works, TCP));
    assert_eq!(asker.sent(), [(UDP, Extension::Edns), (TCP, Extension::Edns)]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_drops_opt_records_is_not_held_for_one_without_tcp() {
    let asker = asker(|query, _| {
        says(match query.extension {
            Extension::Edns => Heard::Silent,
            Extension::None => heard(Response { edns: None, ..answer() }),
        })
    });
    let zone = ZONE.parse().expect("a name");
    let outcome = asker
        .ask_by(Way::Connection, address("10.1.2.3"), &question(), &zone, &budget())
        .await;
    assert!(matches!(outcome, Outcome::Asked(probe) if probe.tcp == Tcp::Works));
}

#[tokio::test(start_paused = true)]
async fn where_connections_fail_what_was_heard_before_stands() {
    for failure in [Heard::Silent, Heard::Unreachable(Unreachable::Refused)] {
        let asker = asker(move |query, _| {
            says(match query.transport {
                TCP => failure.clone(),
                UDP => heard(Response {
                    truncated: true,
                    ..answer()
                }),
            })
        });
        let probe = probe(&asker).await;
        assert_eq!((probe.tcp, probe.transport), (Tcp::Fails, UDP));
        assert!(matches!(probe.reply, Reply::Answer(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn where_somebody_else_answers_a_connection_is_made() {
    let asker = asker(|query, _| match query.transport {
        UDP => Said {
            mismatched: 1_000,
            ..says(Heard::Silent)
        },
        TCP => says(heard(answer())),
    });
    let probe = probe(&asker).await;
    assert_eq!((probe.tcp, probe.mismatched), (Tcp::Works, 1_000));
    assert!(matches!(probe.reply, Reply::Answer(_)));
}

#[tokio::test(start_paused = true)]
async fn where_nothing_listens_is_known_at_once() {
    let asker = asker(|_, _| says(Heard::Unreachable(Unreachable::Refused)));
    assert_eq!(probe(&asker).await.reply, Reply::Unreachable(Unreachable::Refused));
    assert_eq!(asker.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn special_addresses_and_unrouted_ones_are_not_asked() {
    let asker = asker(|_, _| says(heard(answer())));
    let zone: DnsName = ZONE.parse().expect("a name");
    for (text, expected) in [
        ("127.0.0.1", "loopback"),
        ("169.254.169.254", "link-local"),
        ("10.2.0.1", "private use"),
        ("::ffff:192.168.0.1", "private use"),
        ("fd00::1", "unique local"),
    ] {
        let outcome = asker.ask(address(text), &question(), &zone, &budget()).await;
        let Outcome::Unasked(Unasked::Special(purpose)) = outcome else {
            panic!("{text}: {outcome:?}");
        };
        assert_eq!(purpose.as_str(), expected);
    }
    let outcome = asker.ask(address("2600::1"), &question(), &zone, &budget()).await;
    assert_eq!(outcome, Outcome::Unasked(Unasked::NoIpv6));
    assert!(asker.sent().is_empty(), "no datagram left");
}

#[tokio::test(start_paused = true)]
async fn a_check_ends_when_its_queries_or_its_time_are_used_up() {
    let zone: DnsName = ZONE.parse().expect("a name");
    let asker_of_one = asker(|_, _| says(Heard::Silent));
    let two = Budget::new(2, Duration::from_secs(10));
    let outcome = asker_of_one.ask(address("10.1.2.3"), &question(), &zone, &two).await;
    assert_eq!(outcome, Outcome::Unasked(Unasked::NoQueries));
    assert_eq!((asker_of_one.sent().len(), two.spent()), (2, 2));

    let began = Instant::now();
    let short = Budget::new(64, Duration::from_millis(1_200));
    let outcome = asker_of_one.ask(address("10.1.2.4"), &question(), &zone, &short).await;
    assert_eq!(outcome, Outcome::Unasked(Unasked::NoTime));
    assert_eq!(began.elapsed(), Duration::from_millis(1_200));
}

/// The most queries that left within any second.
fn most_in_a_second(times: &[Instant]) -> usize {
    let within = |from: &Instant| {
        times
            .iter()
            .filter(|at| **at >= *from && **at < *from + Duration::from_secs(1))
            .count()
    };
    times.iter().map(within).max().unwrap_or(0)
}

async fn flood(asker: &Asker<Scripted>, servers: &[IpAddr], each: usize) {
    let zone: DnsName = ZONE.parse().expect("a name");
    let (question, budget) = (question(), Budget::new(100_000, Duration::from_secs(3_600)));
    let asks = servers.iter().flat_map(|server| std::iter::repeat_n(*server, each));
    futures_util::future::join_all(asks.map(|server| asker.ask(server, &question, &zone, &budget))).await;
}

#[tokio::test(start_paused = true)]
async fn a_strangers_server_is_asked_five_times_a_second_and_an_own_one_fifty_times() {
    for (own, rate) in [(false, 5), (true, 50)] {
        let mut asker = asker(|_, _| says(heard(answer())));
        let server = address("10.1.0.1");
        asker.manners = Manners::new(HashSet::from_iter(own.then_some(server)));
        let began = Instant::now();
        flood(&asker, &[server], 4 * rate).await;
        assert_eq!(most_in_a_second(&asker.times()), rate);
        assert!(began.elapsed() < Duration::from_secs(4), "and no slower than that");
    }
}

#[tokio::test(start_paused = true)]
async fn all_servers_together_are_asked_five_hundred_times_a_second() {
    let mut asker = asker(|_, _| says(heard(answer())));
    asker.manners = Manners::at(HashSet::new(), Pace::OWN, Pace::OWN, Pace::ALL);
    let servers: Vec<IpAddr> = (0..100).map(|host| IpAddr::from([10, 1, 0, host])).collect();
    flood(&asker, &servers, 20).await;
    assert_eq!(most_in_a_second(&asker.times()), 500);
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_has_two_queries_under_way_at_most_and_holds_up_nobody_else() {
    let slow = address("10.1.0.1");
    let asker = asker(move |query, _| Said {
        after: Duration::from_millis(if query.server.ip() == slow { 900 } else { 10 }),
        ..says(heard(answer()))
    });
    let zone: DnsName = ZONE.parse().expect("a name");
    let began = Instant::now();
    let (question, budget) = (question(), Budget::new(1_000, Duration::from_secs(600)));
    let many = futures_util::future::join_all((0..6).map(|_| asker.ask(slow, &question, &zone, &budget)));
    let other = async {
        asker.ask(address("10.1.0.2"), &question, &zone, &budget).await;
        began.elapsed()
    };
    let (_, other) = tokio::join!(many, other);
    assert_eq!(other, Duration::from_millis(10));
    assert!(
        began.elapsed() >= Duration::from_millis(2_700),
        "three rounds of two: {:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn an_address_that_turns_out_to_be_an_own_one_is_asked_faster_from_then_on() {
    let asker = asker(|_, _| says(heard(answer())));
    let server = address("10.1.0.1");
    flood(&asker, &[server], 10).await;
    assert_eq!(most_in_a_second(&asker.times()), 5);
    asker.manners().own(server);
    flood(&asker, &[server], 100).await;
    assert_eq!(most_in_a_second(&asker.times()), 50);
}

#[tokio::test(start_paused = true)]
async fn who_never_answered_anybody_is_still_asked_by_everybody_but_not_waited_for_long() {
    let asker = asker(|_, _| says(Heard::Silent));
    for _ in 0..2 {
        assert_eq!(probe(&asker).await.reply, Reply::Silent);
    }
    assert_eq!(asker.sent().len(), 6);
    let began = Instant::now();
    assert_eq!(probe(&asker).await.reply, Reply::Silent);
    assert_eq!((asker.sent().len(), began.elapsed()), (7, Duration::from_millis(500)));
}

#[tokio::test(start_paused = true)]
async fn one_answer_to_anybody_and_an_address_is_waited_for_again() {
    let asker = asker(|_, place| says(if place == 7 { heard(answer()) } else { Heard::Silent }));
    for _ in 0..3 {
        probe(&asker).await;
    }
    assert_eq!(probe(&asker).await.reply, Reply::Silent);
    assert_eq!(asker.sent().len(), 7 + 3);
}
