//! What proves a list complete, and what must not.

use std::sync::Arc;

use super::fake::{Call, Fake, Reply, zone_id};
use super::{is_whole, read, status, unread, zone};
use crate::engine::command::{Command, Scope};
use crate::engine::limits::Limits;
use crate::model::account::{AccountIx, AccountStatus, ProblemKind};
use crate::model::inventory::Reading;
use crate::ports::ApiErrorKind;

fn small_pages(zones: usize, records: usize) -> Fake {
    Fake {
        zone_page: 5,
        record_page: 10,
        ..Fake::with_zones(0, zones, records)
    }
}

fn kind(status: &AccountStatus) -> Option<ProblemKind> {
    status.problem().map(|problem| problem.kind)
}

#[tokio::test(start_paused = true)]
async fn every_page_lost_once_loses_nothing() {
    for lost in 0..12 {
        for failure in [
            ApiErrorKind::Unavailable,
            ApiErrorKind::Malformed,
            ApiErrorKind::Throttled,
        ] {
            let mut call_number = 0;
            let account = small_pages(12, 25).scripted(move |call, _| {
                let concerned = matches!(call, Call::Zones(_) | Call::Records(..) | Call::Count);
                call_number += usize::from(concerned);
                if concerned && call_number == lost + 1 {
                    Reply::Fail(failure)
                } else {
                    Reply::Truth
                }
            });
            let session = read(&[account], Limits::default()).await;
            assert!(session.picture().inventory().is_read(), "call {lost} {failure:?}");
            assert_eq!(session.picture().inventory().zone_count(), 12);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_cut_short_for_good_is_never_complete() {
    for page in 0..2 {
        let account = small_pages(12, 3).scripted(move |call, _| match call {
            Call::Zones(marker) if marker.as_deref() == [None, Some("Z00005")][page] => Reply::CutShort,
            _ => Reply::Truth,
        });
        let session = read(&[Arc::clone(&account)], Limits::default()).await;
        assert_eq!(kind(status(&session, 0)), Some(ProblemKind::Inconsistent));
        assert!(!session.picture().inventory().is_complete());
        assert_eq!(
            account.count(|call| *call == Call::Count),
            2,
            "it is read twice, not more"
        );
        assert_eq!(unread(&session), Vec::<String>::new(), "what was listed is read");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_cut_short_once_is_read_again() {
    let mut was_cut = false;
    let account = small_pages(12, 3).scripted(move |call, _| match call {
        Call::Zones(_) if !std::mem::replace(&mut was_cut, true) => Reply::CutShort,
        _ => Reply::Truth,
    });
    let session = read(&[account], Limits::default()).await;
    assert!(session.picture().inventory().is_read());
    assert_eq!(session.picture().inventory().zone_count(), 12);
}

#[tokio::test(start_paused = true)]
async fn every_cycle_of_markers_ends() {
    for to in 0..12 {
        let account = small_pages(12, 3).scripted(move |call, _| match call {
            Call::Zones(Some(marker)) if marker == "Z00005" => Reply::Onward(to),
            _ => Reply::Truth,
        });
        let session = read(&[Arc::clone(&account)], Limits::default()).await;
        let is_complete = session.picture().inventory().is_complete();
        // A jump to a zone that was already listed may still bring new ones; the count then says whether all are there.
        assert_eq!(is_complete, session.picture().inventory().zone_count() == 12, "to {to}");
        assert!(account.count(|call| matches!(call, Call::Zones(_))) <= 20, "to {to}");
        if to <= 5 {
            assert_eq!(kind(status(&session, 0)), Some(ProblemKind::Inconsistent), "to {to}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_cycle_of_cursors_ends_in_a_part() {
    for to in [0, 10, 20] {
        let account = small_pages(1, 35).scripted(move |call, _| match call {
            Call::Records(_, 20) => Reply::Onward(to),
            _ => Reply::Truth,
        });
        let session = read(&[Arc::clone(&account)], Limits::default()).await;
        let entry = zone(&session, "z0.a0.example");
        let Some(Reading::Part(records, problem)) = entry.records.as_ref().map(|held| &held.reading) else {
            panic!("{:?}", entry.records);
        };
        assert_eq!(
            (records.len(), problem.kind),
            (30, ProblemKind::Inconsistent),
            "to {to}"
        );
        assert!(account.count(|call| matches!(call, Call::Records(..))) <= 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_is_cut_short_for_good_is_a_part() {
    for page in [0, 10, 20] {
        let account = small_pages(1, 35).scripted(move |call, _| match call {
            Call::Records(_, at) if *at == page => Reply::CutShort,
            _ => Reply::Truth,
        });
        let session = read(&[account], Limits::default()).await;
        let entry = zone(&session, "z0.a0.example");
        assert!(
            matches!(entry.records.as_ref().unwrap().reading, Reading::Part(..)),
            "page {page}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_set_made_during_the_scan_is_reconciled() {
    let account = small_pages(3, 8).scripted(|call, account| {
        if let Call::Records(zone, 0) = call
            && *zone == zone_id(1)
        {
            let mut zones = account.zones.lock().unwrap();
            let (zone, sets) = zones.get_mut(zone).unwrap();
            if sets.len() == 8 {
                let owner = zone.name.child(b"new").unwrap();
                sets.push(super::fake::set(
                    &owner,
                    crate::model::record::RecordType::A,
                    &["192.0.2.9"],
                ));
                zone.record_count = Some(9);
            }
        }
        Reply::Truth
    });
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    let entry = zone(&session, "z1.a0.example");
    assert!(is_whole(entry));
    assert_eq!(entry.records().unwrap().len(), 9);
    assert_eq!(entry.zone.record_count, Some(9));
    assert_eq!(account.count(|call| matches!(call, Call::Records(..))), 3);
}

#[tokio::test(start_paused = true)]
async fn a_number_of_record_sets_that_stays_wrong_makes_a_part() {
    let account = small_pages(3, 8);
    account
        .zones
        .lock()
        .unwrap()
        .get_mut(&zone_id(1))
        .unwrap()
        .0
        .record_count = Some(11);
    let account = Arc::new(account);
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    assert_eq!(unread(&session), ["z1.a0.example"]);
    let to_that_zone = account.count(|call| matches!(call, Call::Records(zone, _) if *zone == zone_id(1)));
    assert_eq!(to_that_zone, 2);
}

#[tokio::test(start_paused = true)]
async fn a_zone_deleted_during_the_scan_leaves_the_inventory() {
    let account = small_pages(8, 8).scripted(|call, account| {
        if let Call::Records(zone, 0) = call
            && *zone == zone_id(3)
        {
            account.zones.lock().unwrap().remove(zone);
        }
        Reply::Truth
    });
    let session = read(&[account], Limits::default()).await;
    let inventory = session.picture().inventory();
    assert_eq!(inventory.zone_count(), 7);
    assert!(inventory.is_read(), "{:?}", unread(&session));
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_is_listed_and_not_found_is_said_to_be_unread() {
    let account = small_pages(8, 8).scripted(|call, _| match call {
        Call::Records(zone, _) if *zone == zone_id(3) => Reply::Fail(ApiErrorKind::NotFound),
        _ => Reply::Truth,
    });
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    assert_eq!(unread(&session), ["z3.a0.example"]);
    assert_eq!(*status(&session, 0), AccountStatus::Complete);
    assert!(account.count(|_| true) < 40);
}

#[tokio::test(start_paused = true)]
async fn a_marker_that_is_gone_starts_the_list_again() {
    let mut was_gone = false;
    let account = small_pages(12, 3).scripted(move |call, _| match call {
        Call::Zones(Some(_)) if !std::mem::replace(&mut was_gone, true) => Reply::Fail(ApiErrorKind::NotFound),
        _ => Reply::Truth,
    });
    let session = read(&[account], Limits::default()).await;
    assert!(session.picture().inventory().is_read());
}

#[tokio::test(start_paused = true)]
async fn another_account_than_the_pinned_one_is_quarantined() {
    let other = Fake {
        pinned: Some("999999999999".parse().unwrap()),
        ..Fake::with_zones(0, 3, 3)
    };
    let other = Arc::new(other);
    let session = read(
        &[Arc::clone(&other), Arc::new(Fake::with_zones(1, 2, 3))],
        Limits::default(),
    )
    .await;
    let AccountStatus::Failed(problem) = status(&session, 0) else {
        panic!("{:?}", status(&session, 0));
    };
    assert_eq!(problem.kind, ProblemKind::Quarantined);
    let message = problem.message.printable();
    assert!(
        message.contains("999999999999") && message.contains("000000000100"),
        "{message}"
    );
    assert_eq!(other.count(|call| *call != Call::Caller), 0, "nothing of it is read");
    assert_eq!(session.picture().inventory().zone_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_came_from_another_account_midway_is_dropped() {
    let account = small_pages(12, 3).scripted(|call, _| match call {
        Call::Records(zone, _) if *zone == zone_id(3) => Reply::Fail(ApiErrorKind::WrongAccount),
        _ => Reply::Truth,
    });
    let session = read(&[account], Limits::default()).await;
    assert_eq!(kind(status(&session, 0)), Some(ProblemKind::Quarantined));
    assert_eq!(session.picture().inventory().zone_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn two_profiles_of_one_account_do_not_make_twins_of_its_zones() {
    let first = Arc::new(Fake::with_zones(0, 3, 3));
    let second = Arc::new(Fake {
        id: first.id,
        pinned: None,
        ..Fake::with_zones(1, 3, 3)
    });
    let session = read(&[first, second], Limits::default()).await;
    assert_eq!(session.picture().inventory().zone_count(), 3);
    assert!(session.picture().inventory().is_read());
}

#[tokio::test(start_paused = true)]
async fn a_denied_zone_is_unread_and_the_others_are_read() {
    let account = small_pages(12, 3).scripted(|call, _| match call {
        Call::Records(zone, _) if *zone == zone_id(3) => Reply::Fail(ApiErrorKind::Denied),
        _ => Reply::Truth,
    });
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    assert_eq!(unread(&session), ["z3.a0.example"]);
    assert_eq!(*status(&session, 0), AccountStatus::Complete);
    assert_eq!(
        account.count(|call| matches!(call, Call::Records(zone, _) if *zone == zone_id(3))),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn without_the_count_nothing_proves_the_list() {
    let account = small_pages(12, 3).scripted(|call, _| match call {
        Call::Count => Reply::Fail(ApiErrorKind::Denied),
        _ => Reply::Truth,
    });
    let session = read(&[account], Limits::default()).await;
    assert_eq!(kind(status(&session, 0)), Some(ProblemKind::Denied));
    assert!(unread(&session).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_denied_list_fails_the_account_alone() {
    let denied = Fake::with_zones(0, 3, 3).scripted(|call, _| match call {
        Call::Zones(_) => Reply::Fail(ApiErrorKind::Denied),
        _ => Reply::Truth,
    });
    let session = read(&[denied, Arc::new(Fake::with_zones(1, 3, 3))], Limits::default()).await;
    assert!(matches!(status(&session, 0), AccountStatus::Failed(p) if p.kind == ProblemKind::Denied));
    assert_eq!(*status(&session, 1), AccountStatus::Complete);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_midway_leave_what_was_read_and_say_so_of_the_rest() {
    let begin = tokio::time::Instant::now();
    let account = Fake::with_zones(0, 100, 3).scripted(move |_, _| {
        let is_expired = begin.elapsed().as_secs() >= 3;
        if is_expired {
            Reply::Fail(ApiErrorKind::Credentials)
        } else {
            Reply::Truth
        }
    });
    let session = read(&[account], Limits::default()).await;
    let unread = unread(&session).len();
    assert!((1..99).contains(&unread), "{unread}");
    for (_, entry) in session
        .picture()
        .inventory()
        .iter()
        .filter(|(_, entry)| !is_whole(entry))
    {
        assert_eq!(
            entry.records.as_ref().unwrap().problem().unwrap().kind,
            ProblemKind::Credentials
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_login_to_the_same_account_is_merged_and_reads_nothing() {
    let first = Arc::new(Fake::with_zones(0, 3, 3));
    let mut second = Fake::with_zones(1, 3, 3);
    (second.id, second.pinned) = (first.id, None);
    let second = Arc::new(second);
    let mut session = read(&[Arc::clone(&first), Arc::clone(&second)], Limits::default()).await;
    for _ in 0..2 {
        assert_eq!(*status(&session, 0), AccountStatus::Complete);
        assert_eq!(*status(&session, 1), AccountStatus::Merged(AccountIx(0)));
        let inventory = session.picture().inventory();
        assert_eq!((inventory.zone_count(), inventory.is_read()), (3, true));
        assert_eq!(second.count(|call| *call != Call::Caller), 0);
        session.send(Command::Rescan(Scope::All));
        super::run(&mut session).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_count_that_is_wrong_once_costs_one_more_list() {
    let mut was_wrong = false;
    let account = small_pages(12, 3).scripted(move |call, _| match call {
        Call::Count if !std::mem::replace(&mut was_wrong, true) => Reply::Count(13),
        _ => Reply::Truth,
    });
    let session = read(&[Arc::clone(&account)], Limits::default()).await;
    assert!(session.picture().inventory().is_read());
    assert_eq!(account.count(|call| matches!(call, Call::Zones(_))), 6);
    assert_eq!(
        account.count(|call| matches!(call, Call::Records(..))),
        12,
        "no zone is read twice"
    );
}
