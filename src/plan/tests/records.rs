//! Edits of record sets, and those that are refused.

use super::{changes, kind, name, occasion, set, zone};
use crate::plan::exact::{Content, ExactSet, Policy, Routing};
use crate::plan::outlook::EffectKind;
use crate::plan::preflight::Outcome;
use crate::plan::records::{Scene, plan};
use crate::plan::wish::Edit;
use crate::plan::{Plan, Refusal};

fn routed(identifier: &str, weight: u64, value: &str) -> ExactSet {
    ExactSet {
        routing: Some(Routing {
            set_identifier: identifier.into(),
            policy: Policy::Weighted(weight),
        }),
        ..set("lb.example.com", "A", 60, &[value])
    }
}

fn edit(edits: &[Edit]) -> Result<Plan, Refusal> {
    plan(scene(), edits)
}

fn scene() -> Scene {
    let sets = vec![
        set("www.example.com", "A", 60, &["192.0.2.1", "192.0.2.2"]),
        set("alias.example.com", "CNAME", 60, &["www.example.com."]),
        set("\\052.example.com", "TXT", 60, &["\"wild\""]),
        set("cut.example.com", "NS", 300, &["ns1.other.test.", "ns2.other.test."]),
        routed("one", 1, "192.0.2.3"),
        routed("two", 2, "192.0.2.4"),
    ];
    Scene {
        occasion: occasion(),
        zone: zone(0, "ZONE", "example.com", 1, sets),
        held: vec![name("held.example.com")],
        checks: Vec::new(),
    }
}

#[test]
fn what_is_there_is_replaced_exactly_and_what_is_not_is_created() {
    let put = Edit::Put(set("www.example.com", "A", 60, &["192.0.2.9"]));
    let add = Edit::Add(set("new.www.example.com", "MX", 60, &["10 mail.example.com."]));
    let plan = edit(&[put, add]).unwrap();
    assert_eq!(changes(&plan), ["~ www.example.com A", "+ new.www.example.com MX"]);
    assert_eq!(plan.preflight.in_the_way().count(), 0, "{:#?}", plan.preflight);
}

#[test]
fn what_is_already_so_is_no_plan() {
    let same = Edit::Put(set("www.example.com", "A", 60, &["192.0.2.2", "192.0.2.1"]));
    assert!(edit(&[same]).unwrap_err().what.contains("already is as wanted"));
}

#[test]
fn what_neither_route53_nor_the_dns_would_take_is_refused() {
    let alias_ttl = ExactSet {
        content: Content::Alias {
            target: "www.example.com.".into(),
            zone: "Z1".into(),
            evaluates_health: false,
        },
        ..set("x.example.com", "A", 60, &[])
    };
    for wrong in [
        Edit::Put(set("example.com", "NS", 60, &["ns1.other.test.", "ns2.other.test."])),
        Edit::Put(set("example.com", "CNAME", 60, &["www.example.net."])),
        Edit::Put(set(
            "\\052.example.com",
            "NS",
            60,
            &["ns1.other.test.", "ns2.other.test."],
        )),
        Edit::Put(set(
            "x.example.com",
            "NS",
            60,
            &["ns-1.awsdns-00.com.", "ns-512.awsdns-00.net."],
        )),
        Edit::Put(set(
            "held.example.com",
            "NS",
            60,
            &["ns1.other.test.", "ns2.other.test."],
        )),
        Edit::Put(set("x.example.com", "NS", 60, &["ns1.other.test."])),
        Edit::Put(set("www.example.com", "CNAME", 60, &["other.example.com."])),
        Edit::Put(set("alias.example.com", "A", 60, &["192.0.2.1"])),
        Edit::Put(set(
            "x.example.com",
            "DS",
            60,
            &["1 13 2 B5BB9D8014A0F9B1D61E21E796D78DCCDF1352F23CD32812F4850B878AE4944C"],
        )),
        Edit::Put(set("www.example.net", "A", 60, &["192.0.2.1"])),
        Edit::Put(set("x.example.com", "A", 60, &["192.0.2.1", "192.0.2.1"])),
        Edit::Put(set("x.example.com", "A", 60, &[])),
        Edit::Put(alias_ttl),
        Edit::Add(set("www.example.com", "A", 60, &["192.0.2.7"])),
        Edit::Remove {
            name: name("none.example.com"),
            record_type: kind("A"),
            identifier: None,
        },
        Edit::Remove {
            name: name("example.com"),
            record_type: kind("SOA"),
            identifier: None,
        },
        Edit::Remove {
            name: name("lb.example.com"),
            record_type: kind("A"),
            identifier: None,
        },
        Edit::Put(set("lb.example.com", "A", 60, &["192.0.2.7"])),
        Edit::Put(routed("three", 1, "192.0.2.7")),
        Edit::Put(routed("one", 5, "192.0.2.7")),
    ] {
        let refused = edit(std::slice::from_ref(&wrong));
        assert!(refused.is_err(), "{wrong:?} {refused:?}");
    }
}

#[test]
fn a_routing_policy_is_kept() {
    let plan = edit(&[Edit::Put(routed("one", 1, "192.0.2.7"))]).unwrap();
    assert_eq!(changes(&plan), ["~ lb.example.com A"]);
    let unsaid = ExactSet {
        routing: Some(Routing {
            set_identifier: "two".into(),
            policy: Policy::Unknown,
        }),
        ..set("lb.example.com", "A", 60, &["192.0.2.8"])
    };
    let plan = edit(&[Edit::Put(unsaid)]).unwrap();
    let crate::plan::Step::Change { batch, .. } = &plan.steps[0] else {
        panic!()
    };
    let Some(crate::plan::Wanted::Set(new)) = batch.changes()[0].wanted() else {
        panic!()
    };
    assert_eq!(
        new.routing.as_ref().map(|routing| &routing.policy),
        Some(&Policy::Weighted(2))
    );
}

#[test]
fn a_name_that_ends_a_wildcard_for_itself_says_so() {
    let plan = edit(&[Edit::Put(set("deep.under.example.com", "A", 60, &["192.0.2.7"]))]).unwrap();
    let ends = plan
        .outlook
        .effects
        .iter()
        .filter(|effect| effect.kind == EffectKind::WildcardEnds);
    let names: Vec<String> = ends.map(|effect| effect.name.to_string()).collect();
    assert!(
        names.contains(&"under.example.com".to_owned()),
        "{:#?}",
        plan.outlook.effects
    );
    let check = plan
        .preflight
        .0
        .iter()
        .find(|check| check.code == "hidden-records")
        .unwrap();
    assert_eq!(check.outcome, Outcome::Warn);
}

#[test]
fn what_nobody_would_see_is_warned_of() {
    let plan = edit(&[Edit::Put(set("x.cut.example.com", "A", 60, &["192.0.2.7"]))]).unwrap();
    assert!(
        plan.preflight.0.iter().any(|check| check.code == "below-a-cut"),
        "{:#?}",
        plan.preflight
    );
    assert!(plan.outlook.effects.is_empty(), "{:#?}", plan.outlook.effects);
}

/// The cuts that edits touch: the name, who is referred to before and after, and the DS that is gone by.
fn touched(edits: &[Edit]) -> Vec<(String, usize, usize, bool)> {
    let scene = scene();
    let changes = crate::plan::records::changes(&scene, edits).unwrap();
    let cuts = crate::plan::touched::cuts(&scene.zone, &changes);
    let count = |servers: Option<&[crate::model::name::DnsName]>| servers.map_or(0, <[_]>::len);
    cuts.iter()
        .map(|cut| {
            (
                cut.name.to_string(),
                count(cut.coming()),
                count(cut.going()),
                cut.anchor().is_some(),
            )
        })
        .collect()
}

#[test]
fn every_edit_of_an_ns_or_a_ds_is_looked_at_as_the_cut_that_it_leads_to() {
    let ds = "12345 13 2 B5BB9D8014A0F9B1D61E21E796D78DCCDF1352F23CD32812F4850B878AE4944C";
    let to = |owner: &str, servers: &[&str]| Edit::Put(set(owner, "NS", 300, servers));
    let others = ["ns1.new.test.", "ns2.new.test.", "ns3.new.test."];
    assert_eq!(
        touched(&[to("cut.example.com", &others)]),
        [("cut.example.com".to_owned(), 3, 0, false)]
    );
    assert_eq!(
        touched(&[to("new.example.com", &others)]),
        [("new.example.com".to_owned(), 3, 0, false)]
    );
    let anchor = || Edit::Put(set("cut.example.com", "DS", 300, &[ds]));
    assert_eq!(touched(&[anchor()]), [("cut.example.com".to_owned(), 0, 0, true)]);
    assert_eq!(
        touched(&[anchor(), to("cut.example.com", &others)]),
        [("cut.example.com".to_owned(), 3, 0, true)]
    );
    let remove = Edit::Remove {
        name: name("cut.example.com"),
        record_type: kind("NS"),
        identifier: None,
    };
    assert_eq!(touched(&[remove]), [("cut.example.com".to_owned(), 0, 2, false)]);
    let shorter = Edit::Put(set(
        "cut.example.com",
        "NS",
        60,
        &["ns2.other.test.", "ns1.other.test."],
    ));
    assert_eq!(touched(&[shorter]), [("cut.example.com".to_owned(), 0, 0, false)]);
    assert_eq!(
        touched(&[Edit::Put(set("www.example.com", "A", 60, &["192.0.2.9"]))]),
        []
    );
}

fn alias(owner: &str, target: &str, zone: &str) -> ExactSet {
    ExactSet {
        ttl: None,
        content: Content::Alias {
            target: target.into(),
            zone: zone.into(),
            evaluates_health: false,
        },
        ..set(owner, "A", 60, &[])
    }
}

#[test]
fn an_alias_is_the_same_however_its_target_is_typed_and_is_sent_as_route53_will_list_it() {
    let listed = alias("front.example.com", "my-lb.elb.amazonaws.com.", "Z1ELB");
    let typed = alias("front.example.com", "My-LB.elb.amazonaws.com", "/hostedzone/Z1ELB");
    assert!(listed.is_same_as(&typed) && typed.is_same_as(&listed));
    assert!(!listed.is_same_as(&alias("front.example.com", "other-lb.elb.amazonaws.com.", "Z1ELB")));
    assert!(!listed.is_same_as(&alias("front.example.com", "my-lb.elb.amazonaws.com.", "Z2ELB")));
    let mut scene = scene();
    for new in [Edit::Put(typed.clone()), Edit::Add(typed.clone())] {
        let changes = crate::plan::records::changes(&scene, &[new]).unwrap();
        let Some(crate::plan::Wanted::Set(sent)) = changes[0].wanted() else {
            panic!("{changes:?}")
        };
        assert_eq!(*sent, listed);
    }
    scene.zone.sets.sets.push(listed);
    let again = crate::plan::records::changes(&scene, &[Edit::Put(typed)]).unwrap_err();
    assert!(again.what.contains("already is as wanted"), "{again:?}");
}
