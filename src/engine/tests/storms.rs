//! Throttling, failures and slow neighbours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::fake::{Call, Fake, Reply};
use super::{is_whole, read, status};
use crate::engine::command::Event;
use crate::engine::limits::Limits;
use crate::engine::progress::{Outcome, Progress, Stage};
use crate::model::account::{AccountStatus, ProblemKind};
use crate::ports::ApiErrorKind;

const ROUTE53: fn(&Call) -> bool = |call| *call != Call::Caller;

/// An account whose answers fail at random: so many per cent throttled, one each with a 5xx, a reset, a broken body.
fn stormy(place: u32, zones: usize, throttled: f64) -> Arc<Fake> {
    let mut random = fastrand::Rng::with_seed(u64::from(place));
    Fake::with_zones(place, zones, 3).scripted(move |call, _| {
        let dice = random.f64();
        match call {
            Call::Caller => Reply::Truth,
            _ if dice < throttled => Reply::Fail(ApiErrorKind::Throttled),
            _ if dice < throttled + 0.02 => Reply::Fail(ApiErrorKind::Unavailable),
            _ if dice < throttled + 0.03 => Reply::Fail(ApiErrorKind::Malformed),
            _ => Reply::Truth,
        }
    })
}

async fn two_hundred_accounts_survive(throttled: f64) {
    let accounts: Vec<_> = (0..200).map(|place| stormy(place, 50, throttled)).collect();
    let mut scan = super::scan(&accounts, Limits::default());
    let mut inventory = super::inventory(&accounts);
    let mut idle = HashMap::new();
    while !scan.commands.are_settled(&idle) {
        match scan.events.recv().await.expect("a scan under way") {
            Event::Fact(fact) => inventory.apply(fact),
            Event::Idle { account, commands } => {
                idle.insert(account, commands);
            }
        }
    }
    assert_eq!(inventory.zone_count(), 10_000);
    let unread = inventory.iter().filter(|(_, entry)| !is_whole(entry)).count();
    assert_eq!(unread, 0, "{} per cent throttled", throttled * 100.0);
    assert!(inventory.is_read());
    for account in &accounts {
        keeps_to_its_rate(account, 8.0, 40.0);
    }
    no_wait_is_longer_than_thirty_seconds(&scan.progress());
}

/// In any span, no more requests than the burst and the rate allow.
fn keeps_to_its_rate(account: &Fake, rate: f64, burst: f64) {
    let calls: Vec<_> = account.calls().into_iter().filter(|(_, call)| ROUTE53(call)).collect();
    for (first, (from, _)) in calls.iter().enumerate() {
        for (last, (to, _)) in calls.iter().enumerate().skip(first) {
            let allowed = burst + rate * (*to - *from).as_secs_f64() + 1e-3;
            assert!(
                (last - first + 1) as f64 <= allowed,
                "{first}..{last} of {}",
                account.name
            );
        }
    }
}

fn no_wait_is_longer_than_thirty_seconds(progress: &Progress) {
    for request in &progress.requests {
        if let Outcome::Failed {
            retry_in: Some(wait), ..
        } = &request.outcome
        {
            assert!(*wait <= Duration::from_secs(30));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_at_5_per_cent_throttling() {
    two_hundred_accounts_survive(0.05).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_at_20_per_cent_throttling() {
    two_hundred_accounts_survive(0.2).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_at_50_per_cent_throttling() {
    two_hundred_accounts_survive(0.5).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_at_80_per_cent_throttling() {
    two_hundred_accounts_survive(0.8).await;
}

/// How long five accounts of 203 zones take at the full limit, in seconds.
async fn seconds_for(accounts: &[Arc<Fake>]) -> f64 {
    let limits = Limits {
        rps: 10.0,
        burst: 50,
        ..Limits::default()
    };
    let begin = tokio::time::Instant::now();
    let session = read(accounts, limits).await;
    assert!(session.picture().inventory().is_read());
    for account in accounts {
        keeps_to_its_rate(account, 10.0, 50.0);
    }
    begin.elapsed().as_secs_f64()
}

#[tokio::test(start_paused = true)]
async fn throttling_by_chance_costs_the_retries_and_little_more() {
    let calm: Vec<_> = (0..5).map(|place| Arc::new(Fake::with_zones(place, 203, 3))).collect();
    let floor = seconds_for(&calm).await;
    for (throttled, allowed) in [(0.05, 1.3), (0.2, 1.6), (0.5, 3.0), (0.8, 8.0)] {
        let stormy: Vec<_> = (0..5).map(|place| stormy(place, 203, throttled)).collect();
        let slowed = seconds_for(&stormy).await / floor;
        assert!(slowed <= allowed, "{throttled}: {slowed:.2} of {allowed}");
    }
}

/// Route 53's bucket of an account that another client asks five times a second.
struct Shared {
    tokens: f64,
    updated: tokio::time::Instant,
    owed: f64,
    others: u32,
    others_refused: u32,
}

impl Shared {
    fn pass(&mut self, now: tokio::time::Instant) {
        let steps = 50;
        let each = now.duration_since(self.updated).as_secs_f64() / f64::from(steps);
        self.updated = now;
        for _ in 0..steps {
            self.tokens = (self.tokens + each * 10.0).min(50.0);
            self.owed += each * 5.0;
            if self.owed >= 1.0 {
                self.owed -= 1.0;
                self.others += 1;
                self.others_refused += u32::from(!self.grant());
            }
        }
    }

    fn grant(&mut self) -> bool {
        let is_granted = self.tokens >= 1.0;
        self.tokens -= if is_granted { 1.0 } else { 0.0 };
        is_granted
    }
}

#[tokio::test(start_paused = true)]
async fn another_client_of_the_account_gets_most_of_what_it_asks_for() {
    let shared = Arc::new(Mutex::new(Shared {
        tokens: 50.0,
        updated: tokio::time::Instant::now(),
        owed: 0.0,
        others: 0,
        others_refused: 0,
    }));
    let bucket = Arc::clone(&shared);
    let account = Fake::with_zones(0, 600, 3).scripted(move |call, _| {
        let mut bucket = bucket.lock().unwrap();
        bucket.pass(tokio::time::Instant::now());
        if *call == Call::Caller || bucket.grant() {
            Reply::Truth
        } else {
            Reply::Fail(ApiErrorKind::Throttled)
        }
    });
    let limits = Limits {
        rps: 10.0,
        burst: 50,
        ..Limits::default()
    };
    let session = read(&[account], limits).await;
    assert!(session.picture().inventory().is_read());
    let shared = shared.lock().unwrap();
    assert!(
        shared.others_refused * 3 < shared.others,
        "{} of {} of the other client's were refused",
        shared.others_refused,
        shared.others
    );
    let sent = session.progress().requests_sent();
    assert!(
        session.progress().throttled() * 5 < sent,
        "{} of {sent}",
        session.progress().throttled()
    );
}

#[tokio::test(start_paused = true)]
async fn a_quiet_scan_costs_exactly_the_floor() {
    let account = Arc::new(Fake::with_zones(0, 250, 2));
    account.add(900, "big.a0.example", 1000);
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    let sent = session.progress().accounts[0].sent;
    assert_eq!((sent.identity, sent.count, sent.zones), (1, 1, 3));
    assert_eq!(sent.records, 250 + 4);
    assert_eq!(session.progress().throttled(), 0);
    assert_eq!(account.count(|call| matches!(call, Call::Records(..))), 254);
}

#[tokio::test(start_paused = true)]
async fn the_burst_and_the_rate_are_used_to_the_full() {
    let limits = Limits {
        rps: 10.0,
        burst: 50,
        ..Limits::default()
    };
    let accounts: Vec<_> = (0..5).map(|place| Arc::new(Fake::with_zones(place, 203, 35))).collect();
    let begin = tokio::time::Instant::now();
    let session = read(&accounts, limits).await;
    let requests = session
        .progress()
        .accounts
        .iter()
        .map(|a| a.sent.route53())
        .max()
        .unwrap();
    let floor = (requests - 50) as f64 / 10.0;
    let wall = begin.elapsed().as_secs_f64();
    assert!(wall <= 1.03 * floor, "{wall} s for a floor of {floor} s");
}

#[tokio::test(start_paused = true)]
async fn a_hanging_account_delays_nobody() {
    let hanging = Fake::with_zones(0, 3, 3).scripted(|call, _| match call {
        Call::Caller => Reply::Hang,
        _ => Reply::Truth,
    });
    let quick = Arc::new(Fake::with_zones(1, 30, 3));
    let accounts = [hanging, quick];
    let mut session = super::session(&accounts, Limits::default());
    let begin = tokio::time::Instant::now();
    while !super::zones_are_read(&session, 1, 30) {
        session.step().await;
    }
    assert!(begin.elapsed() < Duration::from_secs(2));
    super::run(&mut session).await;
    let AccountStatus::Failed(problem) = status(&session, 0) else {
        panic!("{:?}", status(&session, 0));
    };
    assert_eq!(problem.kind, ProblemKind::Credentials);
    assert!(problem.message.printable().contains("credential_process"));
    assert_eq!(session.progress().accounts[0].stage, Stage::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_hangs_is_sent_again() {
    let mut hung = false;
    let account = Fake::with_zones(0, 3, 3).scripted(move |call, _| match call {
        Call::Records(..) if !std::mem::replace(&mut hung, true) => Reply::Hang,
        _ => Reply::Truth,
    });
    let session = read(&[account], Limits::default()).await;
    assert!(session.picture().inventory().is_read());
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_never_answers_is_given_up_within_seconds() {
    let account = Fake::with_zones(0, 3, 3).scripted(|_, _| Reply::Fail(ApiErrorKind::Unavailable));
    let begin = tokio::time::Instant::now();
    let session = read(&[account], Limits::default()).await;
    assert!(matches!(status(&session, 0), AccountStatus::Failed(p) if p.kind == ProblemKind::Service));
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_ten_seconds_loses_nothing() {
    let begin = tokio::time::Instant::now();
    let account = Fake::with_zones(0, 200, 3).scripted(move |call, _| {
        let seconds = begin.elapsed().as_secs();
        let is_out = (3..13).contains(&seconds) && *call != Call::Caller;
        if is_out {
            Reply::Fail(ApiErrorKind::Unavailable)
        } else {
            Reply::Truth
        }
    });
    let session = read(&[account], Limits::default()).await;
    assert!(session.picture().inventory().is_read());
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_always_fails_is_said_to_be_unread_and_the_others_are_read() {
    let account = Fake::with_zones(0, 20, 3).scripted(|call, _| match call {
        Call::Records(zone, _) if zone.as_str() == "Z00007" => Reply::Fail(ApiErrorKind::Unavailable),
        _ => Reply::Truth,
    });
    let session = read(&[account], Limits::default()).await;
    assert_eq!(*status(&session, 0), AccountStatus::Complete);
    let unread: Vec<_> = super::unread(&session);
    assert_eq!(unread, ["z7.a0.example"]);
}

#[tokio::test(start_paused = true)]
async fn throttling_without_end_is_given_up_when_patience_is() {
    let account = Fake::with_zones(0, 20, 3).scripted(|call, _| match call {
        Call::Records(..) => Reply::Fail(ApiErrorKind::Throttled),
        _ => Reply::Truth,
    });
    let begin = tokio::time::Instant::now();
    let session = read(&[account], Limits::default()).await;
    assert_eq!(super::unread(&session).len(), 20);
    let entry = super::zone(&session, "z7.a0.example");
    assert_eq!(
        entry.records.as_ref().unwrap().problem().unwrap().kind,
        ProblemKind::Throttled
    );
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    assert!((10.0..12.0).contains(&minutes), "{minutes}");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_leaves_the_account_partial() {
    let account = Arc::new(Fake::with_zones(0, 2_000, 3));
    let limits = Limits {
        deadline: Some(Duration::from_secs(1)),
        ..Limits::default()
    };
    let begin = tokio::time::Instant::now();
    let session = read(&[account], limits).await;
    assert!(matches!(status(&session, 0), AccountStatus::Partial(p) if p.kind == ProblemKind::Throttled));
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert!(!super::unread(&session).is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_storm_slows_nobody_else_down() {
    let stormy = stormy(0, 50, 0.8);
    let calm: Vec<_> = (1..20).map(|place| Arc::new(Fake::with_zones(place, 50, 3))).collect();
    let mut accounts = vec![stormy];
    accounts.extend(calm);
    let mut session = super::session(&accounts, Limits::default());
    let begin = tokio::time::Instant::now();
    while (1..20).any(|place| !super::zones_are_read(&session, place, 50)) {
        session.step().await;
    }
    // Fifty-two requests at a burst of forty and eight a second.
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
}
