//! Whatever a plan changes of what resolvers are told, it lists. Judged by a resolver of its own, over pairs of zones that
//! nobody would have thought of.

use std::collections::BTreeSet;

use super::{Dice, Paper, kind, name, occasion, set, zone};
use crate::model::name::DnsName;
use crate::model::record::{RecordType, name_servers};
use crate::plan::cut::{Child, CutChange, CutScene, DsChange, HiddenChange, NsChange};
use crate::plan::exact::ExactSet;
use crate::plan::live::LiveZone;
use crate::plan::outlook::Scope;
use crate::plan::records::Scene as Edits;
use crate::plan::wish::Edit;
use crate::plan::{Goal, Plan, Refusal, cut, records};

const LABELS: [&str; 5] = ["a", "b", "c", "*", "d"];
const TYPES: [&str; 4] = ["A", "TXT", "CNAME", "MX"];

/// A resolver that knows nothing of the planner: label by label, zone by zone.
fn resolve(zones: &[LiveZone], at: &LiveZone, wanted: &DnsName, record_type: RecordType) -> BTreeSet<String> {
    let sets = &at.sets.sets;
    let mut path: Vec<DnsName> = vec![wanted.clone()];
    while let Some(upper) = path
        .last()
        .and_then(DnsName::parent)
        .filter(|upper| upper.is_below(&at.name))
    {
        path.push(upper);
    }
    for step in path.iter().rev().filter(|step| step.is_below(&at.name)) {
        let Some(ns) = sets
            .iter()
            .find(|set| set.name == *step && set.record_type == RecordType::NS)
        else {
            continue;
        };
        let servers = name_servers(ns.values().iter().map(|value| value.expose().as_bytes()));
        let of = |server: &DnsName| {
            zones
                .iter()
                .find(|zone| zone.name == *step && zone.name_servers.contains(server))
        };
        return servers
            .iter()
            .flat_map(|server| match of(server) {
                Some(zone) => resolve(zones, zone, wanted, record_type),
                None => BTreeSet::from([format!("server {server}")]),
            })
            .collect();
    }
    let there = |owner: &DnsName| sets.iter().any(|set| set.name.is_at_or_below(owner));
    let mut owner = wanted.clone();
    if !there(&owner) {
        let mut encloser = wanted.parent().unwrap();
        while !there(&encloser) {
            encloser = encloser.parent().unwrap();
        }
        owner = encloser.child(b"*").unwrap();
    }
    let data = |wanted: RecordType| -> BTreeSet<String> {
        let alike = sets.iter().filter(|set| set.name == owner && set.record_type == wanted);
        alike.map(|set| format!("{wanted} {:?}", set.values())).collect()
    };
    let found = data(record_type);
    let alias = data(RecordType::CNAME);
    match (found.is_empty(), alias.is_empty()) {
        (false, _) => found,
        (true, false) => alias,
        (true, true) => BTreeSet::from(["nothing".to_owned()]),
    }
}

/// Every name that stands anywhere, those above it, and one that does not exist below each of them.
fn names(zones: &[LiveZone]) -> BTreeSet<DnsName> {
    let apex = &zones[0].name;
    let owners = zones
        .iter()
        .flat_map(|zone| zone.sets.sets.iter().map(|set| set.name.clone()));
    let mut all: BTreeSet<DnsName> = owners
        .flat_map(|owner| {
            std::iter::once(owner.clone())
                .chain(owner.ancestors())
                .collect::<Vec<_>>()
        })
        .collect();
    all.retain(|name| name.is_at_or_below(apex));
    let below: Vec<DnsName> = all
        .iter()
        .flat_map(|name| {
            let one = name.child(b"nobody").unwrap();
            [one.child(b"deep").unwrap(), one]
        })
        .collect();
    all.extend(below);
    all
}

fn random_sets(dice: &mut Dice, apex: &str, count: usize) -> Vec<ExactSet> {
    let mut sets: Vec<ExactSet> = Vec::new();
    for _ in 0..count {
        let depth = 1 + dice.roll(3);
        let labels: Vec<&str> = (0..depth).map(|_| *dice.pick(&LABELS)).collect();
        // A star stands leftmost or nowhere.
        if labels.iter().skip(1).any(|label| *label == "*") {
            continue;
        }
        let owner = format!("{}.{apex}", labels.join(".")).replace('*', "\\052");
        let delegates = dice.roll(8) == 0 && labels[0] != "*";
        let new = match delegates {
            true => set(&owner, "NS", 300, &["ns1.elsewhere.test.", "ns2.elsewhere.test."]),
            false => set(&owner, dice.pick::<&str>(&TYPES), 60, &[*dice.pick(&["one", "two"])]),
        };
        let alone = |other: &ExactSet| other.record_type == RecordType::CNAME || new.record_type == RecordType::CNAME;
        if !sets
            .iter()
            .any(|other| other.name == new.name && (other.record_type == new.record_type || alone(other)))
        {
            sets.push(new);
        }
    }
    sets
}

struct Pair {
    parent: LiveZone,
    child: LiveZone,
    name: DnsName,
}

fn random_pair(dice: &mut Dice) -> Pair {
    let apex = *dice.pick(&[
        "a.example.com.",
        "b.a.example.com.",
        "c.b.example.com.",
        "d.example.com.",
    ]);
    let (above, below) = (dice.roll(9), dice.roll(7));
    let mut sets = random_sets(dice, "example.com.", above);
    if dice.roll(3) == 0 {
        sets.push(set("\\052.example.com.", "A", 60, &["wild"]));
    }
    let beside = dice.roll(3);
    sets.extend(random_sets(dice, apex, beside));
    let mut kept: Vec<ExactSet> = Vec::new();
    for set in sets {
        let alone = |other: &ExactSet| other.record_type == RecordType::CNAME || set.record_type == RecordType::CNAME;
        if !kept
            .iter()
            .any(|other| other.name == set.name && (other.record_type == set.record_type || alone(other)))
        {
            kept.push(set);
        }
    }
    let child = zone(1, "CHILD", apex, 2, random_sets(dice, apex, below));
    kept.retain(|set| set.name != child.name || set.record_type != RecordType::NS);
    let old: Option<Vec<DnsName>> = match dice.roll(4) {
        0 => Some(vec![name("ns1.elsewhere.test"), name("ns2.elsewhere.test")]),
        1 => Some(child.name_servers.clone()),
        2 => Some(vec![child.name_servers[0].clone(), name("ns1.elsewhere.test")]),
        _ => None,
    };
    let free = !kept
        .iter()
        .any(|set| set.name == child.name && set.record_type == RecordType::CNAME);
    kept.extend(
        old.filter(|_| free)
            .map(|old| ExactSet::name_servers(child.name.clone(), 300, &old)),
    );
    let name = child.name.clone();
    Pair {
        parent: zone(0, "PARENT", "example.com.", 1, kept),
        child,
        name,
    }
}

/// Something that a person might want of such a pair.
fn random_plan(dice: &mut Dice, pair: &Pair) -> Result<Plan, Refusal> {
    if dice.roll(4) == 0 {
        return edit(dice, pair);
    }
    let ns = match dice.roll(4) {
        0 => NsChange::Gone,
        1 => NsChange::Without(vec![name("ns1.elsewhere.test")]),
        _ => NsChange::ToChild { ttl: 300 },
    };
    let to_child = matches!(ns, NsChange::ToChild { .. });
    let hidden = *dice.pick(&[
        HiddenChange::Leave,
        HiddenChange::Copy,
        HiddenChange::Move,
        HiddenChange::Remove,
    ]);
    let child = match dice.roll(5) {
        0 if to_child => Child::Created {
            party: crate::plan::PartyIx(1),
            set: None,
        },
        _ => Child::Held(pair.child.clone()),
    };
    let scene = CutScene {
        occasion: occasion(),
        goal: Goal::Delegate,
        name: pair.name.clone(),
        parent: pair.parent.clone(),
        child,
        dead: Vec::new(),
        checks: Vec::new(),
    };
    cut::plan(
        scene,
        &CutChange {
            ns,
            ds: DsChange::Keep,
            hidden,
        },
    )
}

fn edit(dice: &mut Dice, pair: &Pair) -> Result<Plan, Refusal> {
    let present = pair
        .parent
        .sets
        .sets
        .iter()
        .filter(|set| set.name != pair.parent.name)
        .collect::<Vec<_>>();
    let edit = match (dice.roll(3), present.as_slice()) {
        (0, [_, ..]) => {
            let gone = dice.pick(&present);
            Edit::Remove {
                name: gone.name.clone(),
                record_type: gone.record_type,
                identifier: None,
            }
        }
        _ => {
            let new = random_sets(dice, "example.com.", 1).pop();
            let owner = new.map_or_else(|| name("x.example.com"), |set| set.name);
            Edit::Put(ExactSet::simple(owner, kind("A"), 60, vec!["192.0.2.7".into()]))
        }
    };
    let scene = Edits {
        occasion: occasion(),
        zone: pair.parent.clone(),
        held: Vec::new(),
        checks: Vec::new(),
    };
    records::plan(scene, &[edit])
}

/// What was planned although nothing of it was listed, or listed although nothing changes.
fn undisclosed(plan: &Plan, pair: &Pair) -> Vec<String> {
    let before = [pair.parent.clone(), pair.child.clone()];
    let after = Paper::apply(&[&pair.parent, &pair.child], plan).zones;
    let all: BTreeSet<DnsName> = names(&before).union(&names(&after)).cloned().collect();
    let types: Vec<RecordType> = TYPES.iter().chain(&["NS", "SOA"]).map(|text| kind(text)).collect();
    let changed = |name: &DnsName, record_type: RecordType| {
        let was = resolve(&before, &before[0], name, record_type);
        let is = resolve(&after, &after[0], name, record_type);
        (was != is).then(|| format!("{name} {record_type}: {was:?} -> {is:?}"))
    };
    let mut wrong = Vec::new();
    for name in &all {
        for record_type in &types {
            if let Some(what) = changed(name, *record_type)
                && !plan
                    .outlook
                    .effects
                    .iter()
                    .any(|effect| effect.covers(name, *record_type))
            {
                wrong.push(format!("not listed: {what}"));
            }
        }
    }
    // An edit knows nothing of the zone below, and so not that it says the same.
    if plan.goal == Goal::Records {
        return wrong;
    }
    for effect in plan
        .outlook
        .effects
        .iter()
        .filter(|effect| effect.scope == Scope::Name && !effect.name.is_wildcard())
    {
        let touched = types.iter().filter(|kind| {
            effect
                .record_type
                .is_none_or(|own| own == **kind || own == RecordType::CNAME)
        });
        if !touched.into_iter().any(|kind| changed(&effect.name, *kind).is_some()) {
            wrong.push(format!("listed for nothing: {}", effect.saying));
        }
    }
    wrong
}

fn judge(seeds: std::ops::Range<u64>) {
    let mut planned = 0;
    let tried = seeds.end - seeds.start;
    for seed in seeds {
        let mut dice = Dice::new(seed + 1);
        let pair = random_pair(&mut dice);
        let Ok(plan) = random_plan(&mut dice, &pair) else {
            continue;
        };
        planned += 1;
        let wrong = undisclosed(&plan, &pair);
        let show = |zone: &LiveZone| {
            zone.sets
                .sets
                .iter()
                .map(|set| format!("{} {} {:?}", set.name, set.record_type, set.values()))
                .collect::<Vec<_>>()
        };
        assert!(
            wrong.is_empty(),
            "seed {seed}: {wrong:#?}\nparent {:#?}\nchild {:#?}\nplan {:#?}\n{:#?}",
            show(&pair.parent),
            show(&pair.child),
            super::changes(&plan),
            plan.outlook.effects,
        );
    }
    assert!(planned * 2 > tried, "{planned} of {tried} pairs led to a plan");
}

#[test]
fn every_name_whose_answer_changes_is_listed() {
    judge(0..1_500);
}

#[test]
#[ignore = "takes a minute without optimisation; run by .ci/run"]
fn every_name_whose_answer_changes_is_listed_for_ten_thousand_plans() {
    judge(1_500..19_500);
}
