//! What is done and taken back is as it was.

use super::{Paper, changes, name, occasion, set, sets_of, zone};
use crate::plan::cut::{self, Child, CutChange, CutScene, HiddenChange};
use crate::plan::live::LiveZone;
use crate::plan::preflight::Firmness;
use crate::plan::teardown::{self, Outside};
use crate::plan::undo::{self, Scene};
use crate::plan::wish::{Contents, Patience};
use crate::plan::{Goal, PartyIx, Plan, PlanId};

fn back(plan: &Plan, paper: &Paper) -> Result<Plan, crate::plan::Refusal> {
    undo::plan(&scene(plan, paper), &Patience::Wait)
}

fn scene(plan: &Plan, paper: &Paper) -> Scene {
    Scene {
        occasion: crate::plan::live::Occasion {
            id: PlanId::new([3; 16]),
            ..occasion()
        },
        of: plan.id.clone(),
        records: 1,
        subject: plan.subject.clone(),
        wrote: paper.wrote.clone(),
        zones: paper.zones.clone(),
        outside: Vec::new(),
    }
}

fn delegate(parent: &LiveZone, child: Child, hidden: HiddenChange) -> Plan {
    let scene = CutScene {
        occasion: occasion(),
        goal: Goal::Delegate,
        name: name("dev.example.com"),
        parent: parent.clone(),
        child,
        dead: Vec::new(),
        checks: Vec::new(),
    };
    cut::plan(scene, &CutChange::to_child(300, hidden)).unwrap()
}

/// `dev.example.com` is delegated to a zone that is created for it.
fn to_a_new_zone(parent: &LiveZone) -> Plan {
    let child = Child::Created {
        party: PartyIx(1),
        set: None,
    };
    delegate(parent, child, HiddenChange::Leave)
}

fn parent() -> LiveZone {
    zone(
        0,
        "PARENT",
        "example.com",
        1,
        vec![
            set("api.dev.example.com", "A", 60, &["192.0.2.10", "192.0.2.1"]),
            set("www.example.com", "A", 60, &["192.0.2.1"]),
        ],
    )
}

#[test]
fn a_zone_that_was_created_is_deleted_last_after_its_delegation_was_forgotten() {
    let parent = parent();
    let plan = delegate(
        &parent,
        Child::Created {
            party: PartyIx(1),
            set: None,
        },
        HiddenChange::Copy,
    );
    assert_eq!(
        changes(&plan),
        [
            "create dev.example.com",
            "await",
            "+ api.dev.example.com A",
            "+ dev.example.com NS"
        ]
    );
    let done = Paper::apply(&[&parent], &plan);
    let undo = back(&plan, &done).unwrap();
    assert_eq!(
        changes(&undo),
        [
            "- dev.example.com NS",
            "hold 172800",
            "- api.dev.example.com A",
            "delete dev.example.com"
        ]
    );
    assert_eq!(undo.outlook.monthly_cents, -50);
    let undone = Paper::apply(&done.zones.iter().collect::<Vec<_>>(), &undo);
    assert_eq!(undone.sets(), sets_of(&[&parent]));
}

#[test]
fn a_delegation_that_is_gone_already_is_waited_for_all_the_same() {
    let parent = parent();
    let created = Child::Created {
        party: PartyIx(1),
        set: None,
    };
    let plan = delegate(&parent, created, HiddenChange::Leave);
    let mut done = Paper::apply(&[&parent], &plan);
    done.zones[0].sets.sets.pop();
    let undo = back(&plan, &done).unwrap();
    assert_eq!(changes(&undo), ["hold 172800", "delete dev.example.com"]);
}

#[test]
fn a_zone_is_torn_down_only_when_nobody_can_remember_who_referred_to_it() {
    let scene = teardown::Scene {
        occasion: occasion(),
        goal: Goal::Teardown,
        zone: zone(1, "CHILD", "dev.example.com", 2, Vec::new()),
        holders: Vec::new(),
        outside: Outside::Silent,
        checks: Vec::new(),
    };
    let plan = teardown::plan(scene.clone(), &Patience::Wait, Contents::MustBeEmpty).unwrap();
    assert_eq!(changes(&plan), ["hold 172800", "delete dev.example.com"]);
    let at_once = Patience::Now("it was never used".into());
    let plan = teardown::plan(scene, &at_once, Contents::MustBeEmpty).unwrap();
    assert_eq!(changes(&plan), ["hold 172800 not", "delete dev.example.com"]);
}

/// A zone whose own NS record set is remembered for so long.
fn with_apex(mut zone: LiveZone, ttl: u32) -> LiveZone {
    let own = zone
        .sets
        .sets
        .iter_mut()
        .find(|set| set.name == zone.name && set.record_type == crate::model::record::RecordType::NS);
    own.unwrap().ttl = Some(ttl);
    zone
}

#[test]
fn what_resolvers_remember_is_what_the_parent_says_or_what_the_zone_says_of_itself() {
    let in_the_parent = 600;
    for (apex, longest) in [(60, 600), (3_600, 3_600)] {
        let child = with_apex(zone(1, "CHILD", "dev.example.com", 2, Vec::new()), apex);
        let mut parent = parent();
        parent.sets.sets.push(crate::plan::ExactSet::name_servers(
            name("dev.example.com"),
            in_the_parent,
            &child.name_servers,
        ));
        let scene = teardown::Scene {
            occasion: occasion(),
            goal: Goal::Teardown,
            zone: child.clone(),
            holders: vec![parent.clone()],
            outside: Outside::Silent,
            checks: Vec::new(),
        };
        let plan = teardown::plan(scene, &Patience::Wait, Contents::MustBeEmpty).unwrap();
        assert_eq!(changes(&plan)[1], format!("hold {longest}"));
        assert_eq!(plan.outlook.settles_after, longest);
    }
    let child = with_apex(zone(1, "CHILD", "dev.example.com", 2, Vec::new()), 3_600);
    let parent = parent();
    let plan = delegate(&parent, Child::Held(child.clone()), HiddenChange::Leave);
    assert_eq!(plan.outlook.undo_settles_after, 3_600);
    let created = Child::Created {
        party: PartyIx(1),
        set: None,
    };
    let plan = delegate(&parent, created, HiddenChange::Leave);
    assert_eq!(plan.outlook.undo_settles_after, 172_800);
    let done = Paper::apply(&[&parent], &plan);
    assert_eq!(back(&plan, &done).unwrap().outlook.settles_after, 172_800);
}

#[test]
fn a_zone_to_which_others_refer_or_may_refer_is_not_deleted() {
    let parent = parent();
    let created = Child::Created {
        party: PartyIx(1),
        set: None,
    };
    let plan = delegate(&parent, created, HiddenChange::Leave);
    let done = Paper::apply(&[&parent], &plan);
    let made = done.zones[1].id.clone();
    for (outside, stops) in [
        (Outside::Silent, None),
        (Outside::Refers, Some("who-delegates")),
        (Outside::Unknown("nobody answers".to_owned()), Some("outside")),
    ] {
        let scene = Scene {
            outside: vec![(made.clone(), outside)],
            ..scene(&plan, &done)
        };
        let undo = undo::plan(&scene, &Patience::Wait).unwrap();
        let stopping = undo.preflight.in_the_way().map(|check| check.code.as_str()).next();
        assert_eq!(stopping, stops);
    }
}

#[test]
fn a_zone_into_which_somebody_put_something_stays() {
    let parent = parent();
    let plan = to_a_new_zone(&parent);
    let mut done = Paper::apply(&[&parent], &plan);
    done.zones[1]
        .sets
        .sets
        .push(set("new.dev.example.com", "A", 60, &["192.0.2.9"]));
    let undo = back(&plan, &done).unwrap();
    assert_eq!(changes(&undo), ["- dev.example.com NS"]);
    assert!(
        undo.preflight.0.iter().any(|check| check.code == "zone-kept"),
        "{:#?}",
        undo.preflight
    );
}

#[test]
fn a_zone_that_another_made_stays() {
    let parent = parent();
    let plan = to_a_new_zone(&parent);
    let mut done = Paper::apply(&[&parent], &plan);
    done.zones[1].reference = "somebody's".into();
    let undo = back(&plan, &done).unwrap();
    assert_eq!(changes(&undo), ["- dev.example.com NS"]);
}

#[test]
fn what_moved_on_is_shown_three_ways_and_not_touched() {
    let parent = parent();
    let child = zone(1, "CHILD", "dev.example.com", 2, Vec::new());
    let plan = delegate(&parent, Child::Held(child.clone()), HiddenChange::Leave);
    let mut done = Paper::apply(&[&parent, &child], &plan);
    let ns = done.zones[0].sets.sets.last_mut().unwrap();
    ns.ttl = Some(301);
    let theirs = ns.clone();
    let refusal = back(&plan, &done).unwrap_err();
    let [conflict] = refusal.conflicts.as_slice() else {
        panic!("{refusal:?}")
    };
    assert_eq!(conflict.theirs.as_ref(), Some(&theirs));
    assert_eq!(conflict.yours, None);
    assert_eq!(conflict.old.as_ref().and_then(|set| set.ttl), Some(300));
}

#[test]
fn what_was_taken_back_already_is_not_taken_back_again() {
    let parent = parent();
    let child = zone(1, "CHILD", "dev.example.com", 2, Vec::new());
    let plan = delegate(&parent, Child::Held(child.clone()), HiddenChange::Leave);
    let done = Paper::apply(&[&parent, &child], &plan);
    let undo = back(&plan, &done).unwrap();
    let undone = Paper::apply(&done.zones.iter().collect::<Vec<_>>(), &undo);
    assert_eq!(undone.sets(), sets_of(&[&parent, &child]));
    let again = Paper {
        zones: undone.zones,
        wrote: done.wrote,
    };
    assert!(back(&plan, &again).unwrap_err().conflicts.is_empty());
}

#[test]
fn a_zone_that_was_torn_down_is_made_anew_and_delegated_to_by_its_new_servers() {
    let child = zone(
        1,
        "CHILD",
        "dev.example.com",
        2,
        vec![set("www.dev.example.com", "A", 60, &["192.0.2.3"])],
    );
    let mut parent = parent();
    parent.sets.sets.push(crate::plan::ExactSet::name_servers(
        name("dev.example.com"),
        600,
        &child.name_servers,
    ));
    let scene = teardown::Scene {
        occasion: occasion(),
        goal: Goal::Teardown,
        zone: child.clone(),
        holders: vec![parent.clone()],
        outside: Outside::Silent,
        checks: Vec::new(),
    };
    assert!(teardown::plan(scene.clone(), &Patience::Wait, Contents::MustBeEmpty).is_err());
    let plan = teardown::plan(scene, &Patience::Wait, Contents::Delete).unwrap();
    assert_eq!(
        changes(&plan),
        [
            "- dev.example.com NS",
            "hold 172800",
            "- www.dev.example.com A",
            "delete dev.example.com"
        ]
    );
    let done = Paper::apply(&[&parent, &child], &plan);
    let undo = back(&plan, &done).unwrap();
    assert_eq!(
        changes(&undo),
        [
            "create dev.example.com",
            "+ www.dev.example.com A",
            "await",
            "+ dev.example.com NS"
        ]
    );
    let undone = Paper::apply(&done.zones.iter().collect::<Vec<_>>(), &undo);
    let ns = undone.zones[0].sets.sets.last().unwrap();
    assert_eq!(crate::plan::cut::servers_of(ns), undone.zones[1].name_servers);
}

#[test]
fn a_zone_that_cannot_be_emptied_keeps_its_delegation() {
    let child = zone(
        1,
        "CHILD",
        "dev.example.com",
        2,
        vec![set("www.dev.example.com", "A", 60, &["192.0.2.3"])],
    );
    let stops = |child: LiveZone| -> Vec<(String, Firmness)> {
        let scene = teardown::Scene {
            occasion: occasion(),
            goal: Goal::Teardown,
            zone: child,
            holders: Vec::new(),
            outside: Outside::Silent,
            checks: Vec::new(),
        };
        let plan = teardown::plan(scene, &Patience::Wait, Contents::Delete).unwrap();
        let stops = plan.preflight.in_the_way();
        stops.map(|check| (check.code.clone(), check.firmness)).collect()
    };
    assert!(stops(child.clone()).is_empty());
    let mut unreadable = child.clone();
    unreadable.sets.unreadable.push("a type that nobody knows".to_owned());
    unreadable.record_sets += 1;
    assert_eq!(stops(unreadable), [("unreadable-records".to_owned(), Firmness::Firm)]);
    let mut of_policy = child.clone();
    of_policy.sets.sets.last_mut().unwrap().traffic_policy = Some("policy".into());
    assert_eq!(stops(of_policy), [("traffic-policy".to_owned(), Firmness::Firm)]);
    let mut grown = child;
    grown.record_sets += 1;
    assert_eq!(stops(grown), [("all-read".to_owned(), Firmness::Overridable)]);
}

/// A teardown of a zone, and what takes it back.
fn torn_down(parent: &LiveZone, child: &LiveZone) -> (Paper, Plan) {
    let scene = teardown::Scene {
        occasion: occasion(),
        goal: Goal::Teardown,
        zone: child.clone(),
        holders: vec![parent.clone()],
        outside: Outside::Silent,
        checks: Vec::new(),
    };
    let plan = teardown::plan(scene, &Patience::Wait, Contents::Delete).unwrap();
    let done = Paper::apply(&[parent, child], &plan);
    let undo = back(&plan, &done).unwrap();
    (done, undo)
}

#[test]
fn servers_of_a_zone_that_is_gone_are_never_referred_to_again() {
    let child = zone(1, "CHILD", "dev.example.com", 2, Vec::new());
    let others = [name("ns1.other.test"), name("ns2.other.test")];
    let both: Vec<_> = child.name_servers.iter().chain(&others).cloned().collect();
    let mut parent = parent();
    let shared = crate::plan::ExactSet::name_servers(name("dev.example.com"), 600, &both);
    parent.sets.sets.push(shared);
    let (done, undo) = torn_down(&parent, &child);
    assert_eq!(changes(&undo), ["create dev.example.com"]);
    assert!(undo.preflight.0.iter().any(|check| check.code == "delegation-kept"));
    let undone = Paper::apply(&done.zones.iter().collect::<Vec<_>>(), &undo);
    let left = undone.zones[0].sets.sets.last().unwrap();
    assert_eq!(crate::plan::cut::servers_of(left), others);
}

#[test]
fn an_alias_into_a_zone_that_is_gone_is_told_of_and_not_sent() {
    let alias = crate::plan::ExactSet {
        ttl: None,
        content: crate::plan::exact::Content::Alias {
            target: "www.dev.example.com.".into(),
            zone: "CHILD".into(),
            evaluates_health: false,
        },
        ..set("dev.example.com", "A", 60, &[])
    };
    let elsewhere = crate::plan::ExactSet {
        content: crate::plan::exact::Content::Alias {
            target: "lb.elsewhere.test.".into(),
            zone: "ELSEWHERE".into(),
            evaluates_health: false,
        },
        ..set("lb.dev.example.com", "A", 60, &[])
    };
    let www = set("www.dev.example.com", "A", 60, &["192.0.2.3"]);
    let child = zone(1, "CHILD", "dev.example.com", 2, vec![alias, elsewhere, www]);
    let mut parent = parent();
    parent.sets.sets.push(crate::plan::ExactSet::name_servers(
        name("dev.example.com"),
        600,
        &child.name_servers,
    ));
    let (_, undo) = torn_down(&parent, &child);
    let sent = changes(&undo);
    assert!(!sent.contains(&"+ dev.example.com A".to_owned()), "{sent:?}");
    assert!(sent.contains(&"+ lb.dev.example.com A".to_owned()), "{sent:?}");
    let check = undo.preflight.0.iter().find(|check| check.code == "aliases-left-out");
    assert_eq!(check.unwrap().details, ["dev.example.com A"]);
}

#[test]
fn the_way_back_is_told_of_everything_that_changes() {
    let child = zone(1, "CHILD", "dev.example.com", 2, Vec::new());
    let said = |parent: &LiveZone, hidden| delegate(parent, Child::Held(child.clone()), hidden).outlook.undo;
    let free = zone(0, "PARENT", "example.com", 1, Vec::new());
    assert!(said(&free, HiddenChange::Leave).contains("deletes exactly this record set"));
    let hides = parent();
    assert!(said(&hides, HiddenChange::Copy).contains("deletes exactly these 2 record sets"));
    let alias = set("dev.example.com", "CNAME", 60, &["elsewhere.test."]);
    let taken = zone(0, "PARENT", "example.com", 1, vec![alias]);
    assert!(said(&taken, HiddenChange::Leave).contains("creates exactly what was deleted"));
}
