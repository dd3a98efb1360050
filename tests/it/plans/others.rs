//! Teardowns, edits of record sets and delegation sets, as they are drafted from what is there.

use zonecut::model::record::RecordType;
use zonecut::plan::ExactSet;
use zonecut::plan::outlook::EffectKind;
use zonecut::plan::preflight::{Outcome, Override};
use zonecut::plan::step::Step;
use zonecut::plan::wish::{Contents, Edit, Patience, Records, SetWish, Teardown, Want, Wish, ZoneChoice};

use super::{Lives, Organisation, check, name, outcome, text};

fn teardown(at: &str, patience: Patience, contents: Contents) -> Want {
    Want::Teardown(Teardown {
        name: name(at),
        zone: None,
        patience,
        contents,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_goes_only_after_whoever_refers_to_it_was_told_and_forgotten() {
    let organisation = Organisation::demo().await;
    let refusal = organisation
        .draft(teardown("sa.example.com", Patience::Wait, Contents::MustBeEmpty))
        .await
        .expect_err("it is not empty");
    assert!(refusal.next.is_some_and(|next| next.contains("--delete-records")));
    let plan = organisation
        .draft(teardown("sa.example.com", Patience::Wait, Contents::Delete))
        .await
        .expect("a plan");
    let [first, second, .., last] = plan.steps.as_slice() else {
        panic!("{:#?}", plan.steps);
    };
    assert!(matches!(first, Step::Change { zone, .. } if *zone.name() == name("example.com")));
    assert!(
        matches!(
            second,
            Step::Hold {
                seconds: 172_800,
                skipped: None,
                ..
            }
        ),
        "as long as what the zone says of its own servers is remembered: {second:?}"
    );
    assert!(matches!(last, Step::DeleteZone { zone, .. } if *zone.name() == name("sa.example.com")));
    assert!(
        plan.outlook
            .effects
            .iter()
            .any(|effect| effect.kind == EffectKind::Vanishes)
    );
    assert_eq!(outcome(&plan, "who-delegates"), Outcome::Warn);
    assert_eq!(outcome(&plan, "contents"), Outcome::Warn);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_passed_by_name_and_with_a_reason_only() {
    let organisation = Organisation::of(super::DEMO, Lives::Unasked).await;
    let want = || teardown("sa.example.com", Patience::Wait, Contents::Delete);
    let plan = organisation.draft(want()).await.expect("a plan");
    assert_eq!(outcome(&plan, "outside"), Outcome::Unchecked);
    let with = |check: &str, reason: &str| Wish {
        want: want(),
        overrides: vec![Override {
            check: check.to_owned(),
            reason: text(reason),
        }],
    };
    for (code, reason) in [
        ("outside", " "),
        ("no-such-check", "why not"),
        ("outside@sb.example.com", "it is another name"),
        ("contents", "it does not stand in the way"),
    ] {
        assert!(organisation.wish(with(code, reason)).await.is_err(), "{code}");
    }
    let plan = organisation
        .wish(with("outside", "checked by hand"))
        .await
        .expect("a plan");
    assert_eq!(plan.preflight.in_the_way().count(), 0, "{:#?}", plan.preflight);
    let noted = check(&plan, "outside").overridden.clone().expect("it is noted");
    assert_eq!(noted.check, "outside@sa.example.com");
    assert!(organisation.wish(with(&noted.check, "checked by hand")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn record_sets_are_edited_as_they_are_stored_and_delegations_are_not_typed() {
    let organisation = Organisation::demo().await;
    let edit = |set: ExactSet| {
        Want::Records(Records {
            zone: ZoneChoice::Name(name("api.example.com")),
            edits: vec![Edit::Put(set)],
        })
    };
    let new = ExactSet::simple(name("new.api.example.com"), RecordType::A, 60, vec![text("192.0.2.77")]);
    let plan = organisation.draft(edit(new)).await.expect("a plan");
    assert_eq!(plan.preflight.in_the_way().count(), 0, "{:#?}", plan.preflight);
    let servers = [name("ns-1.awsdns-00.com"), name("ns-513.awsdns-00.net")];
    let typed = ExactSet::name_servers(name("x.api.example.com"), 300, &servers);
    let refusal = organisation
        .draft(edit(typed))
        .await
        .expect_err("servers are not typed");
    assert!(refusal.next.is_some_and(|next| next.contains("delegate")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_set_is_made_in_the_account_that_is_named() {
    let organisation = Organisation::of(super::DEMO, Lives::Unasked).await;
    let create = |account: &str| {
        Want::DelegationSet(SetWish::Create {
            account: text(account),
            zone: None,
        })
    };
    let plan = organisation.draft(create("444455556666")).await.expect("a plan");
    assert!(matches!(plan.steps.as_slice(), [Step::CreateSet { zone: None, .. }]));
    assert_eq!(plan.parties[0].id.to_string(), "444455556666");
    assert!(organisation.draft(create("000000000000")).await.is_err());
    let gone = Want::DelegationSet(SetWish::Delete {
        account: text("444455556666"),
        id: text("NOSUCHSET"),
    });
    assert!(organisation.draft(gone).await.is_err());
}
