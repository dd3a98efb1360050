//! Which record sets of a routing policy answer: always the same ones, for a client of whom nothing is known.
//!
//! Health checks always pass here. Where a real server would find no fitting location, nothing is answered.

use crate::sim::record::{Geolocation, PolicyKind, ResourceRecordSet};

/// The most record sets of which a multivalue answer is made (Route 53 Developer Guide, "Multivalue answer routing").
const MULTIVALUE_ANSWERS: usize = 8;

/// The record sets, of those of one name and type, that a query is answered from.
pub(super) fn chosen<'a>(sets: &[&'a ResourceRecordSet]) -> Vec<&'a ResourceRecordSet> {
    let policy = sets.first().and_then(|set| set.routing.as_ref());
    let one = match policy.map(|policy| &policy.kind) {
        Some(PolicyKind::Multivalue) => return sets.iter().copied().take(MULTIVALUE_ANSWERS).collect(),
        Some(PolicyKind::Weighted(_)) => heaviest(sets),
        Some(PolicyKind::Failover(_)) => sets.iter().find(|set| is_primary(set)).or(sets.first()),
        Some(PolicyKind::Geolocation(_) | PolicyKind::Cidr { .. }) => sets.iter().find(|set| is_default(set)),
        Some(PolicyKind::Latency(_) | PolicyKind::Geoproximity(_)) | None => sets.first(),
    };
    one.copied().into_iter().collect()
}

/// The first of the greatest weight; where all weights are zero, all have the same chance, so the first.
fn heaviest<'a, 'b>(sets: &'b [&'a ResourceRecordSet]) -> Option<&'b &'a ResourceRecordSet> {
    let weight = |set: &ResourceRecordSet| match set.routing.as_ref().map(|policy| &policy.kind) {
        Some(PolicyKind::Weighted(weight)) => *weight,
        _ => 0,
    };
    sets.iter().rev().max_by_key(|set| weight(set))
}

fn is_primary(set: &ResourceRecordSet) -> bool {
    let kind = set.routing.as_ref().map(|policy| &policy.kind);
    matches!(kind, Some(PolicyKind::Failover(role)) if &**role == "PRIMARY")
}

fn is_default(set: &ResourceRecordSet) -> bool {
    match set.routing.as_ref().map(|policy| &policy.kind) {
        Some(PolicyKind::Geolocation(Geolocation { country, .. })) => country.as_deref() == Some("*"),
        Some(PolicyKind::Cidr { location, .. }) => &**location == "*",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::RecordType;
    use crate::sim::record::RoutingPolicy;

    fn set(identifier: &str, kind: PolicyKind) -> ResourceRecordSet {
        let name = "www.example.com".parse().expect("a name");
        let mut set = ResourceRecordSet::simple(name, RecordType::A, 60, ["192.0.2.1"]);
        set.routing = Some(Box::new(RoutingPolicy {
            set_identifier: identifier.into(),
            kind,
        }));
        set
    }

    fn chosen_of(kinds: Vec<PolicyKind>) -> String {
        let sets: Vec<_> = ["a", "b", "c"]
            .into_iter()
            .zip(kinds)
            .map(|(identifier, kind)| set(identifier, kind))
            .collect();
        let chosen = chosen(&sets.iter().collect::<Vec<_>>());
        chosen.iter().filter_map(|set| set.set_identifier()).collect()
    }

    fn country(code: &str) -> PolicyKind {
        PolicyKind::Geolocation(Geolocation {
            country: Some(code.into()),
            ..Geolocation::default()
        })
    }

    #[test]
    fn the_choice_is_the_same_every_time() {
        use PolicyKind::{Failover, Latency, Multivalue, Weighted};
        assert_eq!(chosen_of(vec![Weighted(1), Weighted(9), Weighted(9)]), "b");
        assert_eq!(chosen_of(vec![Weighted(0), Weighted(0)]), "a");
        assert_eq!(
            chosen_of(vec![Failover("SECONDARY".into()), Failover("PRIMARY".into())]),
            "b"
        );
        assert_eq!(
            chosen_of(vec![Latency("eu-west-1".into()), Latency("us-east-1".into())]),
            "a"
        );
        assert_eq!(chosen_of(vec![Multivalue, Multivalue]), "ab");
    }

    #[test]
    fn a_client_of_no_known_place_gets_the_default_location_or_nothing() {
        assert_eq!(chosen_of(vec![country("DE"), country("*")]), "b");
        assert_eq!(chosen_of(vec![country("DE"), country("FR")]), "");
    }
}
