//! Delegating a name.

use zonecut::config::{Asked, Config, Overridden, WriteCap};
use zonecut::model::record::RecordType;
use zonecut::plan::batch::{Change, Wanted};
use zonecut::plan::outlook::EffectKind;
use zonecut::plan::preflight::Outcome;
use zonecut::plan::step::Step;
use zonecut::plan::wish::{ChildZone, Delegate, FIRST_TTL, Hidden, SetWish, Want};
use zonecut::ports::{Desk as _, Writer as _};
use zonecut::report::paint::Lines;
use zonecut::report::review::{self, Place, Setting};

use super::{Lives, Organisation, check, name, outcome, text};

fn delegate(child: &str, to: ChildZone, hidden: Hidden) -> Want {
    Want::Delegate(Delegate {
        child: name(child),
        parent: None,
        to,
        ttl: FIRST_TTL,
        hidden,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_that_nobody_delegates_to_is_delegated_to_by_its_own_delegation_set() {
    let organisation = Organisation::demo().await;
    let plan = organisation
        .draft(delegate("dev.example.com", ChildZone::Only, Hidden::Leave))
        .await
        .expect("a plan");
    let [Step::Change { zone, batch, .. }] = plan.steps.as_slice() else {
        panic!("{:#?}", plan.steps);
    };
    assert_eq!(*zone.name(), name("example.com"));
    let [Change::Create(Wanted::Set(set))] = batch.changes() else {
        panic!("{batch:#?}");
    };
    assert_eq!(
        (set.name.clone(), set.record_type, set.ttl),
        (name("dev.example.com"), RecordType::NS, Some(300))
    );
    assert_eq!(set.values().len(), 4);
    for code in [
        "child-answers",
        "child-apex-ns",
        "parent-is-used",
        "dnssec",
        "name-is-free",
        "zone-writable",
    ] {
        assert_eq!(outcome(&plan, code), Outcome::Ok, "{:#?}", check(&plan, code));
    }
    assert_eq!(plan.preflight.in_the_way().count(), 0, "{:#?}", plan.preflight);
    let appears = plan
        .outlook
        .effects
        .iter()
        .filter(|effect| effect.kind == EffectKind::Appears);
    assert!(appears.count() > 2, "{:#?}", plan.outlook);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_name_servers_asked_nothing_that_rests_on_them_is_said_to_be_well() {
    let organisation = Organisation::of(super::DEMO, Lives::Unasked).await;
    let plan = organisation
        .draft(delegate("dev.example.com", ChildZone::Only, Hidden::Leave))
        .await
        .expect("a plan");
    for code in ["child-answers", "child-apex-ns", "parent-is-used"] {
        assert_eq!(outcome(&plan, code), Outcome::Unchecked, "{code}");
    }
    assert_eq!(plan.preflight.in_the_way().count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_an_alias_that_a_delegation_takes_the_place_of_is_told_once() {
    let organisation = Organisation::demo().await;
    let want = delegate("help.example.com", ChildZone::Only, Hidden::Leave);
    let plan = organisation.draft(want).await.expect("a plan");
    let said: Vec<&str> = plan.outlook.effects.iter().map(|one| one.saying.as_str()).collect();
    assert_eq!(
        said,
        [
            "faq.help.example.com A: resolves, and did not before",
            "help.example.com CNAME: is answered otherwise, and for some types no longer"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_is_created_in_another_account_before_the_parent_refers_to_it() {
    let organisation = Organisation::demo().await;
    let to = ChildZone::Create {
        account: text("444455556666"),
        delegation_set: None,
    };
    let plan = organisation
        .draft(delegate("new.example.com", to, Hidden::Copy))
        .await
        .expect("a plan");
    let kinds: Vec<&str> = plan.steps.iter().map(kind).collect();
    assert_eq!(kinds, ["create zone", "await servers", "change"]);
    assert_eq!(plan.outlook.monthly_cents, 50);
    assert_eq!(plan.parties.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_servers_of_a_reusable_set_stand_in_the_review_before_the_zone_is_there() {
    let mut organisation = Organisation::demo().await;
    let account = text("444455556666");
    let made = Want::DelegationSet(SetWish::Create {
        account: account.clone(),
        zone: None,
    });
    let made = organisation.draft(made).await.expect("a plan");
    organisation
        .allow_writing(WriteCap::of(&Config::default(), Asked::Writing, Overridden::Refused))
        .await;
    let place = organisation.desk.place_of(&made.parties[0]).expect("an account");
    let writer = organisation.desk.writer(place, &made).await.expect("leave");
    let set = writer.create_set("beforehand", None).await.expect("a set");
    let to = ChildZone::Create {
        account,
        delegation_set: Some(set.id.clone()),
    };
    let plan = organisation
        .draft(delegate("new.example.com", to, Hidden::Leave))
        .await
        .expect("a plan");
    let setting = Setting {
        now: plan.made,
        zone: jiff::tz::TimeZone::UTC,
        glyphs: Lines::Ascii,
        same_as: None,
        place: Place::Command,
    };
    let lines = review::lines(&plan, &setting);
    let all: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let all = all.join("\n");
    assert_eq!(set.name_servers.len(), 4);
    for server in &set.name_servers {
        assert!(all.contains(&server.to_string()), "{server} is not in\n{all}");
    }
}

fn kind(step: &Step) -> &'static str {
    match step {
        Step::CreateSet { .. } => "create set",
        Step::CreateZone { .. } => "create zone",
        Step::AwaitServers { .. } => "await servers",
        Step::Change { .. } => "change",
        Step::Hold { .. } => "hold",
        Step::DeleteZone { .. } => "delete zone",
        Step::DeleteSet { .. } => "delete set",
    }
}
