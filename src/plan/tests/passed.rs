//! Checks of one code about several things: each is passed, and each is known, by itself.

use jiff::Timestamp;

use super::{name, occasion};
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::plan::again::{Present, news};
use crate::plan::consent::{Consent, Missing};
use crate::plan::friction::Friction;
use crate::plan::preflight::{About, Check, Outcome, Override, Preflight};
use crate::plan::{Goal, Outlook, Plan};

fn about(code: &str, outcome: Outcome, zone: &str, id: &str) -> Check {
    Check {
        about: Some(About {
            name: name(zone),
            zone: ZoneId::read(id),
        }),
        ..Check::new(code, code, outcome, format!("of {zone} {id}"))
    }
}

fn plan(checks: Vec<Check>) -> Plan {
    let (subject, outlook) = (name("dev.example.com"), Outlook::default());
    occasion().plan(Goal::Delegate, subject, Vec::new(), Preflight::from(checks), outlook)
}

fn over(check: &str) -> Override {
    Override {
        check: check.to_owned(),
        reason: Untrusted::from("looked at"),
    }
}

fn left(preflight: &Preflight) -> Vec<String> {
    preflight.in_the_way().map(Check::key).collect()
}

/// Two twins and a zone of another name.
fn stops() -> Preflight {
    Preflight::from(vec![
        about("blast-radius", Outcome::Stop, "example.com.", "Z0000001"),
        about("blast-radius", Outcome::Stop, "dev.example.com.", "Z0000002"),
        about("blast-radius", Outcome::Stop, "dev.example.com.", "Z0000003"),
        about("managed-by-code", Outcome::Unchecked, "example.com.", "Z0000001"),
    ])
}

#[test]
fn one_reason_passes_the_one_stop_that_it_names() {
    for (text, passed) in [
        ("blast-radius@example.com", Some("blast-radius@Z0000001")),
        ("blast-radius@Z0000003", Some("blast-radius@Z0000003")),
        ("managed-by-code", Some("managed-by-code@Z0000001")),
        ("managed-by-code@EXAMPLE.com.", Some("managed-by-code@Z0000001")),
        ("blast-radius", None),
        ("blast-radius@dev.example.com", None),
        ("blast-radius@Z0000009", None),
        ("managed-by-code@dev.example.com", None),
    ] {
        let mut preflight = stops();
        let idle = preflight.set_aside(&[over(text)]);
        assert_eq!(idle.is_empty(), passed.is_some(), "{text}");
        let overridden = preflight.0.iter().filter(|check| check.overridden.is_some());
        let overridden: Vec<(String, &str)> = overridden
            .map(|check| (check.key(), check.overridden.as_ref().unwrap().check.as_str()))
            .collect();
        let expected: Vec<(String, &str)> = passed.iter().map(|key| ((*key).to_owned(), *key)).collect();
        assert_eq!(overridden, expected, "{text}");
    }
}

#[test]
fn what_a_stop_is_called_passes_it_and_no_other() {
    let before = stops();
    let called: Vec<String> = before.0.iter().map(|check| before.call(check)).collect();
    assert_eq!(
        called,
        [
            "blast-radius@example.com",
            "blast-radius@Z0000002",
            "blast-radius@Z0000003",
            "managed-by-code"
        ]
    );
    for (check, called) in before.0.iter().zip(&called) {
        let mut preflight = before.clone();
        assert_eq!(preflight.set_aside(&[over(called)]), []);
        let gone: Vec<String> = left(&before)
            .into_iter()
            .filter(|key| !left(&preflight).contains(key))
            .collect();
        assert_eq!(gone, [check.key()]);
    }
}

#[test]
fn a_reason_does_not_become_one_for_what_is_left_because_another_was_named() {
    let mut preflight = stops();
    let idle = preflight.set_aside(&[
        over("blast-radius@Z0000001"),
        over("blast-radius@Z0000002"),
        over("blast-radius"),
    ]);
    assert_eq!(idle, [over("blast-radius")]);
    assert_eq!(left(&preflight), ["blast-radius@Z0000003", "managed-by-code@Z0000001"]);
}

#[test]
fn one_tick_acknowledges_one_warning() {
    let plan = plan(vec![
        about("managed-by-code", Outcome::Warn, "example.com.", "Z0000001"),
        about("managed-by-code", Outcome::Warn, "dev.example.com.", "Z0000002"),
    ]);
    let [parent, child] = plan.preflight.0.as_slice() else {
        unreachable!()
    };
    let now = Timestamp::from_second(i64::try_from(plan.made.0).unwrap()).unwrap();
    let mut consent = Consent::default();
    consent.see(now);
    let missing = |consent: &Consent| consent.missing(&plan, &Friction::Review, now);
    assert_eq!(missing(&consent), [Missing::Unacknowledged(2)]);
    consent.toggle(parent, now);
    assert_eq!(missing(&consent), [Missing::Unacknowledged(1)]);
    assert!(!consent.has_acknowledged(child));
    consent.toggle(child, now);
    assert_eq!(missing(&consent), []);
    consent.toggle(parent, now);
    assert_eq!(missing(&consent), [Missing::Unacknowledged(1)]);
}

#[test]
fn a_warning_of_one_zone_hides_no_later_one_of_another() {
    let plan = plan(vec![
        about("managed-by-code", Outcome::Warn, "example.com.", "Z0000001"),
        about("managed-by-code", Outcome::Ok, "dev.example.com.", "Z0000002"),
    ]);
    let told = |now: Check| {
        let checks = vec![now];
        news(
            &plan,
            &Present {
                checks,
                ..Present::default()
            },
        )
    };
    let seen = about("managed-by-code", Outcome::Warn, "example.com.", "Z0000001");
    assert_eq!(told(seen), Vec::<String>::new());
    for id in ["Z0000002", "Z0000004"] {
        let later = about("managed-by-code", Outcome::Warn, "dev.example.com.", id);
        assert_eq!(told(later), [format!("managed-by-code: of dev.example.com. {id}")]);
    }
}
