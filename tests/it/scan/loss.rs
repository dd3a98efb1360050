//! Pages and parts of bodies that get lost: for a while, nothing is missing in the end; for good, it is said.

use std::time::Duration;

use zonecut::model::account::{AccountStatus, ProblemKind};
use zonecut::sim::faults::{Framing, LostPage, PageLoss, Truncation};

use super::{Field, id, is_honest, status, world};

const ACTIONS: [&str; 2] = ["ListHostedZones", "ListResourceRecordSets"];

async fn lose(field: &Field, action: &str, page: u64, how: PageLoss, times: Option<u64>) -> bool {
    field.simulator.set_faults(id(0), |faults| {
        faults.lost_page = Some(LostPage {
            action: action.to_owned(),
            page,
            how,
            times,
        });
    });
    let session = field.scan().await;
    is_honest(&session, field);
    session.picture().inventory().is_read()
}

/// Three pages of zones.
async fn paged() -> Field {
    Field::new(world(1, 201, 3)).await
}

#[tokio::test]
async fn every_page_lost_once_is_read_in_the_end() {
    let field = paged().await;
    for action in ACTIONS {
        for page in 1..=3 {
            for how in [PageLoss::EndsEarly, PageLoss::Skipped, PageLoss::Emptied] {
                assert!(
                    lose(&field, action, page, how, Some(1)).await,
                    "{action} {page} {how:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_page_lost_for_good_is_never_taken_for_the_whole() {
    let field = paged().await;
    for page in 2..=3 {
        for how in [PageLoss::EndsEarly, PageLoss::Skipped, PageLoss::Emptied] {
            assert!(
                !lose(&field, "ListHostedZones", page, how, None).await,
                "{page} {how:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_list_that_leads_back_to_its_start_ends() {
    let field = paged().await;
    field
        .simulator
        .set_faults(id(0), |faults| faults.marker_cycle = Some("ListHostedZones".to_owned()));
    let session = field.scan().await;
    is_honest(&session, &field);
    assert_eq!(status(&session, 0).problem().unwrap().kind, ProblemKind::Inconsistent);
}

#[tokio::test]
async fn a_count_that_is_off_for_good_proves_nothing() {
    for off in [-1, 1] {
        let field = Field::new(world(1, 5, 3)).await;
        field.simulator.set_faults(id(0), |faults| faults.count_off_by = off);
        let session = field.scan().await;
        assert!(matches!(status(&session, 0), AccountStatus::Partial(p) if p.kind == ProblemKind::Inconsistent));
    }
}

/// The distance of the cut points that a plain run of the tests tries; `ZONECUT_EVERY_CUT=1` tries them all.
fn step() -> usize {
    if std::env::var_os("ZONECUT_EVERY_CUT").is_some() {
        1
    } else {
        13
    }
}

/// Scans while the bodies of an action are cut; says whether everything was read.
async fn cut(field: &Field, action: &str, framing: Framing, at: usize) -> bool {
    field.simulator.set_faults(id(0), |faults| {
        faults.truncate = Some(Truncation {
            action: action.to_owned(),
            at,
            framing,
        });
    });
    let session = field.scan().await;
    is_honest(&session, field);
    session.picture().inventory().is_read()
}

#[tokio::test]
async fn a_body_cut_at_any_point_is_never_taken_for_the_whole() {
    let mut field = Field::new(world(1, 3, 4)).await;
    field.limits.patience = Duration::from_millis(1);
    field.limits.longest_back_off = Duration::from_micros(100);
    for action in ACTIONS {
        let mut length = 0;
        while !cut(&field, action, Framing::ContentLength, length).await {
            length += step();
        }
        assert!(length > 400, "{action}: a body of {length} octets was enough");
        for framing in [Framing::Chunked, Framing::UntilClose] {
            for at in (0..length).step_by(step()) {
                let is_read = cut(&field, action, framing, at).await;
                assert!(
                    !is_read || at + 64 > length,
                    "{action} {framing:?}: {at} octets were enough"
                );
            }
        }
    }
}
