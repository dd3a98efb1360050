//! Throttling, failures, and accounts that cannot be read beside accounts that can.

use std::time::Duration;

use zonecut::aws::Options;
use zonecut::model::account::{AccountStatus, ProblemKind};

use super::{Field, id, is_honest, status, world};

async fn survives(throttle: f64) {
    let field = Field {
        limits: zonecut::engine::limits::Limits {
            patience: Duration::from_secs(60),
            ..super::fast()
        },
        ..Field::new(world(4, 30, 3)).await
    };
    for account in 0..4 {
        field.simulator.set_faults(id(account), |faults| {
            faults.throttle = throttle;
            faults.server_errors = 0.01;
            faults.reset_before = 0.01;
            faults.reset_after = 0.01;
        });
    }
    let session = field.scan().await;
    let inventory = session.picture().inventory();
    assert_eq!(inventory.zone_count(), 120);
    assert!(inventory.is_read(), "{} per cent throttled", throttle * 100.0);
    is_honest(&session, &field);
}

#[tokio::test]
async fn nothing_is_lost_at_5_and_20_per_cent_throttling_with_errors_and_resets() {
    survives(0.05).await;
    survives(0.2).await;
}

#[tokio::test]
async fn nothing_is_lost_at_50_and_80_per_cent_throttling_with_errors_and_resets() {
    survives(0.5).await;
    survives(0.8).await;
}

#[tokio::test]
async fn the_accounts_that_cannot_be_read_say_why_and_the_others_are_read() {
    let options = Options {
        request_timeout: Duration::from_millis(100),
        ..Options::default()
    };
    let field = Field::with(world(6, 5, 3), options).await;
    field
        .simulator
        .set_faults(id(1), |faults| faults.deny = vec!["ListHostedZones".into()]);
    field.simulator.set_faults(id(2), |faults| faults.expired = true);
    field
        .simulator
        .set_faults(id(3), |faults| faults.identity = Some(id(99)));
    field
        .simulator
        .set_faults(id(4), |faults| faults.hang = vec!["ListHostedZones".into()]);
    let session = field.scan().await;
    let kinds: Vec<_> = (0..6)
        .map(|account| status(&session, account).problem().map(|p| p.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            None,
            Some(ProblemKind::Denied),
            Some(ProblemKind::Credentials),
            Some(ProblemKind::Quarantined),
            Some(ProblemKind::Service),
            None
        ]
    );
    assert_eq!(
        [0, 5].map(|account| status(&session, account)),
        [&AccountStatus::Complete; 2]
    );
    assert_eq!(
        session.picture().inventory().zone_count(),
        10,
        "nothing of the others is shown"
    );
    let quarantined = status(&session, 3).problem().unwrap().message.printable();
    assert!(
        quarantined.contains(id(3).as_str()) && quarantined.contains(id(99).as_str()),
        "{quarantined}"
    );
    assert!(!session.picture().inventory().is_complete());
}
