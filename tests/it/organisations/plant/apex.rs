//! NS record sets at the apex that are not what Route 53 made.

use super::super::generate::Draft;
use super::{PROVIDER, Plant, is_top, pick, plain, take};

/// What is planted here.
pub const KINDS: &[(&str, Plant)] = &[
    ("apex lacks", |d| apex(d, &["[0..3]"], &[], &["apex-ns-edited"])),
    ("apex adds", |d| {
        apex(d, &[""], &["ns1.provider.example."], &["apex-ns-edited"])
    }),
    ("apex foreign", |d| {
        apex(d, &["[0..3]"], &["$GONE(x)[2]"], &["apex-ns-edited", "apex-ns-foreign"])
    }),
    ("top apex", top_apex),
];

fn apex(draft: &mut Draft, own: &[&str], extra: &[&str], codes: &[&str]) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, key, _) = take(draft, zone);
    set_apex(draft, zone, &key, own, extra);
    for code in codes {
        draft.expect(code, &name);
    }
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn set_apex(draft: &mut Draft, zone: usize, key: &str, own: &[&str], extra: &[&str]) {
    let mut values: Vec<String> = own.iter().map(|range| format!("$SET({key}){range}")).collect();
    values.extend(extra.iter().map(|value| (*value).to_owned()));
    draft.zones[zone].apex_ns = Some(values);
}

fn top_apex(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_top)?;
    draft.zones[zone].taken = true;
    let (name, key) = (draft.zones[zone].name.clone(), draft.zones[zone].key.clone());
    match draft.rng.u8(0..3) {
        0 => {
            set_apex(draft, zone, &key, &["[0..3]"], &[]);
            draft.expect("apex-ns-edited", &name);
        }
        1 => {
            set_apex(draft, zone, &key, &["[1..4]"], &["$GONE(t)[0]"]);
            draft.expect("apex-ns-edited", &name);
            draft.expect("apex-ns-foreign", &name);
        }
        _ => {
            set_apex(draft, zone, &key, &[""], &PROVIDER);
            draft.expect_as("apex-ns-edited", &name, true);
        }
    }
    Some(())
}
