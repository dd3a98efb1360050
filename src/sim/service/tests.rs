use super::*;
use crate::sim::api::{NewZone, RecordStart, ZoneList};
use crate::sim::faults::{LostPage, PageLoss, Rate};
use crate::sim::world::{AccountSpec, WorldBuilder, ZoneSpec};

const SHARED: &str = "111122223333";

fn id(text: &str) -> AccountId {
    text.parse().expect("an account id")
}

fn service(zones: usize) -> (Service, String) {
    let mut builder = WorldBuilder::new("test");
    let account = builder.account(AccountSpec::new(SHARED, "shared"));
    builder.account(AccountSpec::new("444455556666", "team"));
    for number in 0..zones {
        let name = format!("z{number}.example.com").parse().expect("a name");
        builder.zone(account, ZoneSpec::public(name));
    }
    let world = builder.build().expect("a world");
    let key = world.accounts()[0].access_key();
    (Service::new(world, 7), key)
}

fn token(key: &str) -> Token<'_> {
    Token {
        access_key: Some(key),
        session: None,
    }
}

fn code(reply: &Reply<Answer>) -> &'static str {
    reply.outcome.as_ref().err().map_or("ok", |error| error.code)
}

/// Lists all zones page by page, as a naive client does.
fn list(service: &mut Service, key: &str, max_items: i64) -> Result<Vec<String>, usize> {
    let (mut marker, mut ids) = (None, Vec::new());
    for _ in 0..100 {
        let operation = Operation::ListHostedZones(ZoneList {
            marker,
            max_items: Some(max_items),
            ..ZoneList::default()
        });
        let Ok(Answer::Zones(page)) = service.call(Duration::ZERO, &token(key), &operation).outcome else {
            panic!("a page");
        };
        ids.extend(page.zones.iter().map(|zone| zone.id.to_string()));
        match page.next {
            None => return Ok(ids),
            next => marker = next,
        }
    }
    Err(ids.len())
}

#[test]
fn the_51st_request_of_a_second_is_throttled_and_the_next_account_is_not() {
    let (mut service, key) = service(1);
    let other = service.world.accounts()[1].access_key();
    let call = |service: &mut Service, key: &str, seconds| {
        let reply = service.call(
            Duration::from_secs(seconds),
            &token(key),
            &Operation::GetHostedZoneCount,
        );
        code(&reply)
    };
    for _ in 0..50 {
        assert_eq!(call(&mut service, &key, 0), "ok");
    }
    assert_eq!(call(&mut service, &key, 0), "Throttling");
    assert_eq!(call(&mut service, &other, 0), "ok");
    for _ in 0..10 {
        assert_eq!(call(&mut service, &key, 1), "ok");
    }
    assert_eq!(call(&mut service, &key, 1), "Throttling");
    let count = service.counts()[&(Some(id(SHARED)), "GetHostedZoneCount")];
    assert_eq!((count.requests, count.throttled), (62, 2));
}

#[test]
fn the_buckets_can_be_set() {
    let (mut service, key) = service(1);
    service.set_faults(id(SHARED), |faults| {
        faults.rate = Some(Rate {
            burst: 2.0,
            per_second: 1.0,
        });
    });
    let codes: Vec<_> = (0..3)
        .map(|_| code(&service.call(Duration::ZERO, &token(&key), &Operation::GetHostedZoneCount)))
        .collect();
    assert_eq!(codes, ["ok", "ok", "Throttling"]);
}

#[test]
fn nobodys_key_and_no_key_are_refused_before_anything_else() {
    let (mut service, _) = service(1);
    let reply = service.call(Duration::ZERO, &token("AKIANOBODY"), &Operation::GetHostedZoneCount);
    assert_eq!(code(&reply), "InvalidClientTokenId");
    let reply = service.call(Duration::ZERO, &Token::default(), &Operation::GetHostedZoneCount);
    assert_eq!(code(&reply), "MissingAuthenticationToken");
}

#[test]
fn a_session_acts_in_the_roles_account_until_it_ends() {
    let (mut service, key) = service(3);
    let other = service.world.accounts()[1].access_key();
    let request = AssumeRole {
        role_arn: format!("arn:aws:iam::{SHARED}:role/zonecut-read"),
        session_name: "zonecut".into(),
        ..AssumeRole::default()
    };
    let session = service
        .assume_role(Duration::ZERO, &token(&other), &request)
        .outcome
        .expect("a session");
    let with_session = Token {
        access_key: Some(&session.access_key),
        session: Some(&session.token),
    };
    let reply = service.call(Duration::ZERO, &with_session, &Operation::GetHostedZoneCount);
    assert!(matches!(reply.outcome, Ok(Answer::ZoneCount(3))));
    let reply = service.call(
        Duration::ZERO,
        &token(&session.access_key),
        &Operation::GetHostedZoneCount,
    );
    assert_eq!(code(&reply), "InvalidClientTokenId");
    let reply = service.call(
        Duration::from_secs(3_600),
        &with_session,
        &Operation::GetHostedZoneCount,
    );
    assert_eq!(code(&reply), "ExpiredToken");
    let identity = service
        .caller_identity(Duration::ZERO, &with_session)
        .outcome
        .expect("an identity");
    assert_eq!(identity.account, id(SHARED));
    assert!(
        identity.arn.ends_with(":assumed-role/zonecut-read/zonecut"),
        "{}",
        identity.arn
    );
    let own = service
        .caller_identity(Duration::ZERO, &token(&key))
        .outcome
        .expect("an identity");
    assert_eq!(own.arn, format!("arn:aws:iam::{SHARED}:user/zonecut"));
}

#[test]
fn an_external_id_is_asked_for_where_the_role_wants_one() {
    let (mut service, key) = service(1);
    let account = service.world.account_mut(id("444455556666")).expect("an account");
    account.external_id = Some("secret".into());
    let mut request = AssumeRole {
        role_arn: "arn:aws:iam::444455556666:role/zonecut-read".into(),
        session_name: "zonecut".into(),
        ..AssumeRole::default()
    };
    let error = service
        .assume_role(Duration::ZERO, &token(&key), &request)
        .outcome
        .expect_err("denied");
    assert_eq!(error.code, "AccessDenied");
    request.external_id = Some("secret".into());
    assert!(
        service
            .assume_role(Duration::ZERO, &token(&key), &request)
            .outcome
            .is_ok()
    );
}

#[test]
fn an_identity_changes_after_so_many_answers() {
    let (mut service, key) = service(1);
    service.set_faults(id(SHARED), |faults| {
        faults.identity = Some(id("999999999999"));
        faults.identity_after = 1;
    });
    let accounts: Vec<_> = (0..3)
        .map(|_| {
            service
                .caller_identity(Duration::ZERO, &token(&key))
                .outcome
                .expect("an identity")
                .account
        })
        .collect();
    assert_eq!(accounts, [id(SHARED), id("999999999999"), id("999999999999")]);
}

#[test]
fn a_denial_names_the_principal_and_the_action() {
    let (mut service, key) = service(1);
    service.set_faults(id(SHARED), |faults| {
        faults.deny = vec!["route53:ListHostedZones".into()]
    });
    let operation = Operation::ListHostedZones(ZoneList::default());
    let error = service
        .call(Duration::ZERO, &token(&key), &operation)
        .outcome
        .expect_err("denied");
    assert_eq!((error.status, error.code), (403, "AccessDenied"));
    assert!(
        error
            .message
            .contains("user/zonecut is not authorized to perform: route53:ListHostedZones")
    );
    let reply = service.call(Duration::ZERO, &token(&key), &Operation::GetHostedZoneCount);
    assert_eq!(code(&reply), "ok");
}

#[test]
fn every_way_to_lose_a_page_loses_exactly_that_page() {
    for (how, page, left) in [
        (PageLoss::EndsEarly, 2, 10),
        (PageLoss::Skipped, 2, 15),
        (PageLoss::Emptied, 2, 15),
        (PageLoss::Emptied, 1, 15),
        (PageLoss::Skipped, 3, 20),
    ] {
        let (mut service, key) = service(25);
        service.set_faults(id(SHARED), |faults| {
            faults.lost_page = Some(LostPage {
                action: "ListHostedZones".into(),
                page,
                how,
                times: Some(1),
            });
        });
        let seen = list(&mut service, &key, 10).expect("an end");
        assert_eq!(seen.len(), left, "{how:?} {page}");
        assert_eq!(list(&mut service, &key, 10).expect("an end").len(), 25);
    }
}

#[test]
fn a_marker_that_leads_back_never_ends() {
    let (mut service, key) = service(25);
    service.set_faults(id(SHARED), |faults| {
        faults.marker_cycle = Some("ListHostedZones".into());
        faults.rate = Some(Rate {
            burst: 1e6,
            per_second: 1.0,
        });
    });
    assert!(list(&mut service, &key, 10).is_err());
}

#[test]
fn a_fault_can_strike_once_before_or_after_the_change() {
    let (mut service, key) = service(0);
    let create = |reference: &str| {
        Operation::CreateHostedZone(NewZone {
            name: "new.example.com".into(),
            reference: reference.into(),
            ..NewZone::default()
        })
    };
    let inject = |service: &mut Service, fault| {
        service.inject(Injected {
            account: Some(id(SHARED)),
            action: "CreateHostedZone".into(),
            fault,
            times: 1,
        });
    };
    inject(&mut service, CallFault::LostBefore(Delivery::Reset));
    let reply = service.call(Duration::ZERO, &token(&key), &create("a"));
    assert_eq!(
        (reply.delivery, service.world.accounts()[0].zone_count()),
        (Delivery::Reset, 0)
    );
    inject(&mut service, CallFault::LostAfter(Delivery::Reset));
    let reply = service.call(Duration::ZERO, &token(&key), &create("a"));
    assert_eq!(
        (reply.delivery, service.world.accounts()[0].zone_count()),
        (Delivery::Reset, 1)
    );
    let reply = service.call(Duration::ZERO, &token(&key), &create("a"));
    assert_eq!(code(&reply), "HostedZoneAlreadyExists");
    assert_eq!(service.log().filter(|entry| entry.write).count(), 3);
}

#[test]
fn a_throttle_share_hits_about_that_share() {
    let (mut service, key) = service(1);
    service.set_faults(id(SHARED), |faults| {
        faults.throttle = 0.5;
        faults.rate = Some(Rate {
            burst: 1e6,
            per_second: 1.0,
        });
    });
    let throttled = (0..1_000)
        .filter(|_| code(&service.call(Duration::ZERO, &token(&key), &Operation::GetHostedZoneCount)) == "Throttling")
        .count();
    assert!((400..600).contains(&throttled), "{throttled}");
}

#[test]
fn a_reader_that_lags_sees_the_old_record_sets_for_a_while() {
    let (mut service, key) = service(1);
    service.set_faults(id(SHARED), |faults| faults.read_lag_ms = 5_000);
    let (_, zone) = service.world.zones().next().expect("a zone");
    let (zone_id, apex) = (zone.id.to_string(), zone.name.clone());
    let change = Operation::ChangeResourceRecordSets {
        zone: zone_id.clone(),
        comment: None,
        changes: vec![crate::sim::api::Change {
            action: crate::sim::api::ChangeAction::Create,
            set: crate::sim::record::ResourceRecordSet::simple(
                apex.child(b"www").expect("a name"),
                crate::model::record::RecordType::A,
                300,
                ["192.0.2.1"],
            ),
        }],
    };
    let list = Operation::ListResourceRecordSets {
        zone: zone_id,
        start: RecordStart::default(),
        max_items: None,
    };
    let seen = |service: &mut Service, seconds| {
        let reply = service.call(Duration::from_secs(seconds), &token(&key), &list);
        match reply.outcome {
            Ok(Answer::Records(page)) => page.sets().len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code(&service.call(Duration::from_secs(1), &token(&key), &change)), "ok");
    assert_eq!(seen(&mut service, 2), 2);
    assert_eq!(seen(&mut service, 6), 3);
}
