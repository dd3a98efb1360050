//! How hard it is to say yes.

use super::{name, occasion, set, zone};
use crate::model::account::Env;
use crate::plan::friction::Friction;
use crate::plan::records::{Scene, plan};
use crate::plan::wish::Edit;

fn of(edit: Edit, env: Env) -> Friction {
    let mut occasion = occasion();
    for party in &mut occasion.parties {
        party.env = env;
    }
    let zone = zone(
        0,
        "ZONE",
        "example.com",
        1,
        vec![set("www.example.com", "A", 60, &["192.0.2.1"])],
    );
    let scene = Scene {
        occasion,
        zone,
        held: Vec::new(),
        checks: Vec::new(),
    };
    Friction::of(&plan(scene, &[edit]).unwrap())
}

#[test]
fn the_more_is_lost_the_more_is_asked() {
    let add = || Edit::Add(set("new.example.com", "A", 60, &["192.0.2.2"]));
    let put = || Edit::Put(set("www.example.com", "A", 60, &["192.0.2.2"]));
    let remove = || Edit::Remove {
        name: name("www.example.com"),
        record_type: super::kind("A"),
        identifier: None,
    };
    assert_eq!(of(add(), Env::NonProd), Friction::Review);
    assert!(matches!(of(add(), Env::Prod), Friction::TypeName { .. }));
    assert!(matches!(of(add(), Env::Unknown), Friction::TypeName { .. }));
    assert!(matches!(of(put(), Env::NonProd), Friction::TypeName { .. }));
    assert!(matches!(
        of(remove(), Env::NonProd),
        Friction::TypeNameArmed { seconds: 2, .. }
    ));
}

#[test]
fn the_name_is_typed_in_full_and_nothing_that_only_looks_like_it() {
    let friction = of(Edit::Put(set("www.example.com", "A", 60, &["192.0.2.2"])), Env::NonProd);
    for typed in ["www.example.com", "WWW.example.com.", " www.example.com"] {
        assert!(friction.is_met_by(typed), "{typed}");
    }
    for typed in [
        "",
        "www.example",
        "www.example.co",
        "example.com",
        "www.ex\u{430}mple.com",
    ] {
        assert!(!friction.is_met_by(typed), "{typed}");
    }
}
