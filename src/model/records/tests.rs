//! Packing loses nothing, and what lies below a name is found.

use proptest::prelude::*;

use super::*;
use crate::model::record::{Alias, RecordData, Routing};
use crate::model::text::Untrusted;

fn set(name: &str, record_type: RecordType, values: &[&str]) -> RecordSet {
    RecordSet {
        name: name.parse().expect("a name"),
        record_type,
        ttl: Some(300),
        data: RecordData::Values(values.iter().map(|v| (*v).into()).collect()),
        routing: None,
    }
}

fn zone() -> DnsName {
    "example.com".parse().expect("a name")
}

#[test]
fn a_subtree_is_what_lies_at_or_below_a_name() {
    let names = ["dev", "a.dev", "b.a.dev", "devil", "z", "a"].map(|n| format!("{n}.example.com"));
    let sets = names.iter().map(|n| set(n, RecordType::A, &["192.0.2.1"])).collect();
    let (records, strangers) = Records::pack(&zone(), sets);
    assert_eq!(strangers, 0);
    let below: Vec<_> = records
        .subtree(b"\x03dev")
        .map(|r| r.name(&zone()).to_string())
        .collect();
    assert_eq!(below, ["dev.example.com", "a.dev.example.com", "b.a.dev.example.com"]);
    assert!(records.exists(b"\x01a\x03dev"));
    assert!(!records.exists(b"\x02no"));
}

#[test]
fn the_apex_is_no_delegation() {
    let sets = vec![
        set("example.com", RecordType::NS, &["ns1.example.net."]),
        set("dev.example.com", RecordType::NS, &["ns2.example.net."]),
    ];
    let (records, _) = Records::pack(&zone(), sets);
    let cuts: Vec<_> = records.delegations().map(|r| r.name(&zone()).to_string()).collect();
    assert_eq!(cuts, ["dev.example.com"]);
    let apex = records.find(b"", RecordType::NS).expect("the apex NS");
    assert_eq!(apex.values().collect::<Vec<_>>(), ["ns1.example.net."]);
}

#[test]
fn a_record_set_of_another_domain_is_counted_not_kept() {
    let (records, strangers) = Records::pack(&zone(), vec![set("example.net", RecordType::A, &["192.0.2.1"])]);
    assert!(records.is_empty());
    assert_eq!(strangers, 1);
}

fn any_set() -> impl Strategy<Value = RecordSet> {
    let text = any::<String>().prop_map(Untrusted::from);
    let values =
        proptest::collection::vec(any::<String>().prop_map(Untrusted::from), 0..4).prop_map(RecordData::Values);
    let alias = (any::<String>(), any::<String>()).prop_map(|(t, z)| {
        RecordData::Alias(Alias {
            target: t.into(),
            zone_id: z.into(),
        })
    });
    let routing = proptest::option::of((text.clone(), text).prop_map(|(s, p)| Routing {
        set_identifier: s,
        policy: p,
    }));
    let labels = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..4), 0..3);
    (
        labels,
        prop_oneof![values, alias],
        routing,
        proptest::option::of(0..1_000_000_u32),
    )
        .prop_map(|(labels, data, routing, ttl)| {
            let relative: DnsName = DnsName::from_labels(labels).expect("short");
            let wire = relative.as_wire();
            let name = DnsName::join(&wire[..wire.len() - 1], &zone()).expect("short");
            RecordSet {
                name,
                record_type: RecordType::TXT,
                ttl,
                data,
                routing,
            }
        })
}

proptest! {
    #[test]
    fn packing_loses_nothing(sets in proptest::collection::vec(any_set(), 0..12)) {
        let (records, strangers) = Records::pack(&zone(), sets.clone());
        prop_assert_eq!(strangers, 0);
        let mut unpacked: Vec<_> = records.iter().map(|r| format!("{:?}", r.unpack(&zone()))).collect();
        let mut wanted: Vec<_> = sets.iter().map(|s| format!("{s:?}")).collect();
        unpacked.sort();
        wanted.sort();
        prop_assert_eq!(unpacked, wanted);
    }
}
