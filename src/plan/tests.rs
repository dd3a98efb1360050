//! Plans on made-up zones, carried out on paper.

mod answers;
mod friction;
mod outside;
mod passed;
mod records;
mod undo;

use super::batch::{Change, Values};
use super::exact::{Content, ExactSet};
use super::live::{Extent, Extract, LiveZone, Occasion};
use super::step::{Step, ZoneTarget};
use super::{Moment, Party, PartyIx, Plan, PlanId};
use crate::model::account::Env;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

pub fn name(text: &str) -> DnsName {
    DnsName::parse_route53(text).unwrap()
}

pub fn kind(text: &str) -> RecordType {
    RecordType::read(text).unwrap()
}

pub fn set(owner: &str, record_type: &str, ttl: u32, values: &[&str]) -> ExactSet {
    let values = values.iter().map(|value| Untrusted::from(*value)).collect();
    ExactSet::simple(name(owner), kind(record_type), ttl, values)
}

pub fn occasion() -> Occasion {
    let party = |id: &str, env: Env| Party {
        id: id.parse().unwrap(),
        name: Untrusted::from(id),
        principal: Untrusted::from("arn:aws:iam::111111111111:user/ana"),
        profile: None,
        env_label: None,
        env,
    };
    Occasion {
        id: PlanId::new([9; 16]),
        now: Moment(1_000_000),
        parties: vec![party("111111111111", Env::NonProd), party("222222222222", Env::NonProd)],
    }
}

/// A zone of the first four servers of a number, with SOA and NS as Route 53 makes them, and these record sets.
pub fn zone(party: usize, id: &str, apex: &str, number: u32, sets: Vec<ExactSet>) -> LiveZone {
    let servers: Vec<DnsName> = (0..4).map(|at| name(&format!("ns-{number}{at}.test"))).collect();
    let own = [
        set(
            apex,
            "SOA",
            900,
            &[&format!("ns-{number}0.test. host. 1 7200 900 1209600 86400")],
        ),
        ExactSet::name_servers(name(apex), 172_800, &servers),
    ];
    let sets: Vec<ExactSet> = own.into_iter().chain(sets).collect();
    LiveZone {
        party: PartyIx(party),
        id: ZoneId::read(id).unwrap(),
        name: name(apex),
        reference: Untrusted::from("reference"),
        record_sets: sets.len() as u64,
        name_servers: servers,
        linked_service: None,
        recovery: None,
        tags: Ok(Vec::new()),
        sets: Extract {
            extent: Extent::Whole,
            ..Extract::whole(sets)
        },
    }
}

/// What a plan does to zones, on paper: created zones get the id `NEW` and servers of their own.
pub struct Paper {
    pub zones: Vec<LiveZone>,
    pub wrote: Vec<super::undo::Wrote>,
}

impl Paper {
    pub fn apply(zones: &[&LiveZone], plan: &Plan) -> Self {
        let mut paper = Self {
            zones: zones.iter().map(|zone| (*zone).clone()).collect(),
            wrote: Vec::new(),
        };
        for (at, step) in plan.steps() {
            paper.take(at, step, plan);
        }
        paper
    }

    fn take(&mut self, at: usize, step: &Step, plan: &Plan) {
        use super::undo::Wrote;
        match step {
            Step::CreateZone { party, name, .. } => {
                let mut made = zone(party.0, "NEW", &name.to_route53(), 99, Vec::new());
                made.reference = Untrusted::from(super::step::caller_reference(&plan.id, at));
                self.wrote.push(Wrote::Zone {
                    step: at,
                    id: made.id.clone(),
                });
                self.zones.push(made);
            }
            Step::Change { zone, batch, .. } => {
                let servers = self
                    .zones
                    .iter()
                    .find(|zone| zone.id.as_str() == "NEW")
                    .map(|zone| zone.name_servers.clone());
                let values = batch.values(|_| servers.clone()).unwrap();
                let id = match zone {
                    ZoneTarget::Held { id, .. } => id.clone(),
                    ZoneTarget::Created { .. } => ZoneId::read("NEW").unwrap(),
                };
                self.change(&id, &values);
                self.wrote.push(Wrote::Change { zone: id, values });
            }
            Step::DeleteZone { party, zone } => {
                let ZoneTarget::Held {
                    id, name, name_servers, ..
                } = zone
                else {
                    panic!("{zone:?}")
                };
                let gone = self.zones.iter().position(|zone| zone.id == *id).unwrap();
                let gone = self.zones.remove(gone);
                assert_eq!(gone.sets.sets.len(), 2, "a zone is deleted empty");
                self.wrote.push(Wrote::ZoneGone {
                    party: *party,
                    id: id.clone(),
                    name: name.clone(),
                    name_servers: name_servers.clone(),
                });
            }
            Step::AwaitServers { .. } | Step::Hold { .. } => {}
            Step::CreateSet { .. } | Step::DeleteSet { .. } => panic!("{step:?}"),
        }
    }

    /// As Route 53 would: all or nothing, each old record set exactly as stated, each new one where nothing is.
    fn change(&mut self, id: &ZoneId, values: &Values) {
        let zone = self.zones.iter_mut().find(|zone| zone.id == *id).unwrap();
        for old in &values.delete {
            let at = zone
                .sets
                .sets
                .iter()
                .position(|set| set.is_same_as(old))
                .unwrap_or_else(|| panic!("{old:?}"));
            zone.sets.sets.remove(at);
        }
        for new in &values.create {
            assert!(!zone.sets.sets.iter().any(|set| set.is_of_the_place_of(new)), "{new:?}");
            zone.sets.sets.push(new.clone());
        }
        zone.record_sets = zone.sets.sets.len() as u64;
    }

    /// The record sets of all zones, in an order of their own.
    pub fn sets(&self) -> Vec<(String, String)> {
        sets_of(&self.zones.iter().collect::<Vec<_>>())
    }
}

pub fn sets_of(zones: &[&LiveZone]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = zones
        .iter()
        .flat_map(|zone| {
            zone.sets
                .sets
                .iter()
                .map(|set| (zone.id.to_string(), format!("{set:?}")))
        })
        .collect();
    all.sort();
    all
}

/// Numbers that look random and are the same each time (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// What a change does to one record set, for asserting.
pub fn words(change: &Change) -> String {
    let what = match change {
        Change::Create(_) => "+",
        Change::Delete(_) => "-",
        Change::Replace { .. } => "~",
    };
    let kind = change
        .name_and_type()
        .map(|(_, kind)| kind)
        .or(change.old().map(|old| old.record_type));
    format!("{what} {} {}", change.name(), kind.unwrap())
}

/// The changes of a plan, in words.
pub fn changes(plan: &Plan) -> Vec<String> {
    plan.steps
        .iter()
        .flat_map(|step| match step {
            Step::Change { batch, .. } => batch.changes().iter().map(words).collect(),
            Step::CreateZone { name, .. } => vec![format!("create {name}")],
            Step::DeleteZone { zone, .. } => vec![format!("delete {}", zone.name())],
            Step::Hold { seconds, skipped, .. } => {
                vec![format!("hold {seconds}{}", if skipped.is_some() { " not" } else { "" })]
            }
            Step::AwaitServers { .. } => vec!["await".to_owned()],
            Step::CreateSet { .. } | Step::DeleteSet { .. } => Vec::new(),
        })
        .collect()
}

#[test]
fn an_alias_and_its_values_are_told_apart() {
    let alias = ExactSet {
        ttl: None,
        content: Content::Alias {
            target: Untrusted::from("a."),
            zone: Untrusted::from("Z1"),
            evaluates_health: false,
        },
        ..set("b.example", "A", 60, &[])
    };
    assert!(alias.values().is_empty());
}
