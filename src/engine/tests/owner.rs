//! What the owner of a scan asks of it while it runs and afterwards.

use std::sync::Arc;
use std::time::Duration;

use super::fake::{Call, Fake, Reply, set, zone_id};
use super::{is_whole, read, run, session, status, unread, zone};
use crate::engine::command::{Command, Detail, Scope, Want};
use crate::engine::limits::Limits;
use crate::engine::progress::{Stage, Whole};
use crate::model::account::{AccountIx, AccountStatus, ProblemKind};
use crate::model::record::RecordType;
use crate::model::zone::ZoneKey;
use crate::ports::ApiErrorKind;

fn key(number: usize) -> ZoneKey {
    ZoneKey {
        account: AccountIx(0),
        id: zone_id(number),
    }
}

#[tokio::test(start_paused = true)]
async fn a_paused_scan_sends_nothing_and_goes_on_where_it_was() {
    let account = Arc::new(Fake::with_zones(0, 100, 3));
    let mut session = session(&[Arc::clone(&account)], Limits::default());
    while !super::zones_are_read(&session, 0, 20) {
        session.step().await;
    }
    session.send(Command::Pause);
    let quiet = tokio::time::timeout(Duration::from_secs(3600), run(&mut session)).await;
    assert!(quiet.is_err(), "a paused scan is not at its end");
    assert_eq!(session.progress().accounts[0].stage, Stage::Paused);
    let sent = account.calls().len();
    assert!(sent < 60);
    session.send(Command::Resume);
    run(&mut session).await;
    assert!(session.picture().inventory().is_read());
    assert_eq!(
        account.count(|call| matches!(call, Call::Records(..))),
        100,
        "nothing is read twice"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_scan_says_what_is_unread_and_ends() {
    let account = Arc::new(Fake::with_zones(0, 500, 3));
    let mut session = session(&[account], Limits::default());
    while session.picture().inventory().zone_count() < 100 {
        session.step().await;
    }
    session.send(Command::Cancel(Scope::All));
    let begin = tokio::time::Instant::now();
    run(&mut session).await;
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert!(matches!(status(&session, 0), AccountStatus::Partial(p) if p.kind == ProblemKind::Cancelled));
    assert!(!unread(&session).is_empty());
    session.send(Command::Rescan(Scope::All));
    run(&mut session).await;
    assert!(session.picture().inventory().is_read());
}

#[tokio::test(start_paused = true)]
async fn a_zone_is_read_again_with_all_that_was_asked_of_it() {
    let account = Arc::new(Fake::with_zones(0, 10, 3));
    let mut session = read(&[Arc::clone(&account)], Limits::default()).await;
    let before = account.calls().len();
    {
        let mut zones = account.zones.lock().unwrap();
        let (zone, sets) = zones.get_mut(&zone_id(4)).unwrap();
        sets.push(set(&zone.name.child(b"new").unwrap(), RecordType::A, &["192.0.2.9"]));
        zone.record_count = Some(4);
    }
    session.send(Command::Rescan(Scope::Zone(key(4))));
    run(&mut session).await;
    assert_eq!(zone(&session, "z4.a0.example").records().unwrap().len(), 4);
    let again: Vec<Call> = account.calls().into_iter().skip(before).map(|(_, call)| call).collect();
    assert_eq!(
        again.len(),
        3,
        "its number, its record sets, its delegation set: {again:?}"
    );
    assert_eq!(session.progress().zones(), Whole::Exactly(10));
    assert_eq!(session.progress().zones_read(), 10);
}

#[tokio::test(start_paused = true)]
async fn an_account_is_read_again_after_a_login() {
    let begin = tokio::time::Instant::now();
    let account = Fake::with_zones(0, 3, 3).scripted(move |_, _| {
        let is_expired = begin.elapsed().as_secs() < 60;
        if is_expired {
            Reply::Fail(ApiErrorKind::Credentials)
        } else {
            Reply::Truth
        }
    });
    let mut session = read(&[account], Limits::default()).await;
    assert!(matches!(status(&session, 0), AccountStatus::Failed(p) if p.kind == ProblemKind::Credentials));
    tokio::time::advance(Duration::from_secs(100)).await;
    session.send(Command::Rescan(Scope::Account(AccountIx(0))));
    run(&mut session).await;
    assert!(session.picture().inventory().is_read());
}

#[tokio::test(start_paused = true)]
async fn a_zone_asked_for_after_an_hour_of_rest_has_the_whole_patience() {
    let mut failures = 0;
    let account = Fake::with_zones(0, 3, 3).scripted(move |call, _| {
        if matches!(call, Call::Set(_)) {
            failures += 1;
        }
        let fails = matches!(call, Call::Set(_)) && failures <= 5;
        if fails {
            Reply::Fail(ApiErrorKind::Throttled)
        } else {
            Reply::Truth
        }
    });
    let limits = Limits {
        deadline: Some(Duration::from_secs(60)),
        ..Limits::default()
    };
    let mut session = read(&[account], limits).await;
    let asked = zone(&session, "z1.a0.example").delegation_set.is_some();
    tokio::time::advance(Duration::from_secs(3600)).await;
    session.send(Command::Read(vec![Want {
        zone: key(1),
        detail: Detail::DelegationSet,
    }]));
    run(&mut session).await;
    let held = zone(&session, "z1.a0.example").delegation_set.clone().unwrap();
    assert!(held.is_whole(), "{held:?}, asked before: {asked}");
}

#[tokio::test(start_paused = true)]
async fn only_what_verdicts_need_is_asked_for_and_once() {
    let account = Fake::new(0);
    let top = "example.org".parse().unwrap();
    account.put(
        0,
        &top,
        vec![
            set(
                &top,
                RecordType::NS,
                &[
                    "ns-8.awsdns-01.com.",
                    "ns-520.awsdns-01.net.",
                    "ns-1032.awsdns-01.org.",
                    "ns-1544.awsdns-01.co.uk.",
                ],
            ),
            set(
                &"same.example.org".parse().unwrap(),
                RecordType::NS,
                &[
                    "ns-0.awsdns-00.com.",
                    "ns-512.awsdns-00.net.",
                    "ns-1024.awsdns-00.org.",
                    "ns-1536.awsdns-00.co.uk.",
                ],
            ),
            set(
                &"odd.example.org".parse().unwrap(),
                RecordType::NS,
                &["ns-1.awsdns-00.com."],
            ),
            set(&"odd.example.org".parse().unwrap(), RecordType::DS, &["1 13 2 ab"]),
        ],
    );
    account.add(1, "same.example.org", 3);
    account.add(2, "odd.example.org", 3);
    let account = Arc::new(account);
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    let mut sets: Vec<_> = account
        .calls()
        .into_iter()
        .filter_map(|(_, call)| match call {
            Call::Set(zone) => Some(zone),
            _ => None,
        })
        .collect();
    sets.sort();
    assert_eq!(
        sets,
        [zone_id(0), zone_id(2)],
        "no parent is visible of one, the sides of the other differ"
    );
    assert_eq!(
        account.count(|call| matches!(call, Call::Signing(_))),
        2,
        "both sides of the cut with a DS"
    );
    assert!(is_whole(zone(&session, "odd.example.org")));
}

#[tokio::test(start_paused = true)]
async fn progress_has_a_denominator_that_says_when_it_may_grow() {
    let account = Arc::new(Fake::with_zones(0, 250, 3));
    let mut session = session(&[account], Limits::default());
    let mut may_grow = false;
    let mut last = 0;
    while session.step().await != crate::engine::session::Standing::Settled {
        let progress = session.progress();
        match progress.zones() {
            Whole::AtLeast(_) => may_grow = true,
            Whole::Exactly(whole) => assert_eq!(whole, 250),
        }
        assert!(progress.zones_read() >= last && progress.zones_read() <= progress.zones().number());
        last = progress.zones_read();
    }
    assert!(may_grow);
    assert_eq!(last.max(session.progress().zones_read()), 250);
    assert_eq!(session.progress().eta(), None);
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_cannot_be_read_again_keeps_what_was_read_and_is_no_longer_whole() {
    let mut calls = 0;
    let account = Fake::with_zones(0, 3, 3).scripted(move |call, _| {
        calls += usize::from(matches!(call, Call::Records(zone, _) if *zone == zone_id(1)));
        if calls > 1 {
            Reply::Fail(ApiErrorKind::Denied)
        } else {
            Reply::Truth
        }
    });
    let mut session = read(&[account], Limits::default()).await;
    session.send(Command::Rescan(Scope::Zone(key(1))));
    run(&mut session).await;
    let entry = zone(&session, "z1.a0.example");
    assert_eq!(entry.records().map(|records| records.len()), Some(3));
    assert!(!entry.is_read());
    let problem = entry.records.as_ref().and_then(|held| held.problem());
    assert_eq!(problem.map(|problem| problem.kind), Some(ProblemKind::Denied));
}
