//! The record sets of a parent zone that a cut hides: which they are, which of them the child lacks, which can be copied.

use crate::model::name::DnsName;
use crate::model::record::RecordType;

use super::Refusal;
use super::batch::{Change, Wanted};
use super::cut::{Child, CutScene, HiddenChange, NsChange, is_whole, servers_of};
use super::exact::{Content, ExactSet, Policy};
use super::live::LiveZone;
use super::preflight::{Check, Outcome};

/// What a cut hides.
#[derive(Debug, Clone, Default)]
pub struct Hidden {
    /// The record sets of the parent at and below the name that nobody sees beside the cut.
    pub below: Vec<ExactSet>,
    /// Those of them that cannot stand in another zone as they are, each with why.
    pub stuck: Vec<(ExactSet, String)>,
}

impl Hidden {
    /// What the cut of a scene hides, or would hide.
    pub fn of(scene: &CutScene, change: &NsChange) -> Self {
        let parent = &scene.parent;
        let is_cut = parent.sets.find(&scene.name, RecordType::NS).is_some();
        if !is_cut && !matches!(change, NsChange::ToChild { .. }) {
            return Self::default();
        }
        let glue = glue(scene);
        // A cut that stands already hides delegations as well, which are findings of their own.
        let is_lower_cut = |set: &ExactSet| *change == NsChange::Keep && is_of_a_cut(set);
        let below: Vec<ExactSet> = parent
            .sets
            .subtree(&scene.name)
            .filter(|set| !belongs(set, scene, change, &glue) && !is_lower_cut(set))
            .cloned()
            .collect();
        let stuck = below
            .iter()
            .filter_map(|set| Some((set.clone(), why_stuck(set, scene)?)))
            .collect();
        Self { below, stuck }
    }

    /// Those that can be taken out of the parent: they are in the child, or can be copied there.
    pub fn movable(&self) -> impl Iterator<Item = &ExactSet> {
        let is_stuck = |set: &&ExactSet| self.stuck.iter().any(|(stuck, _)| stuck == *set);
        self.below.iter().filter(move |set| !is_stuck(set))
    }

    /// What is created in the child, which must lack it.
    pub fn copies(&self, scene: &CutScene) -> Result<Vec<Change>, Refusal> {
        let lacking = |set: &&ExactSet| match &scene.child {
            Child::Held(child) => child.sets.at(&set.name).all(|other| !other.is_of_the_place_of(set)),
            _ => true,
        };
        match &scene.child {
            Child::Held(child) if !is_whole(child) => Err(Refusal::new(format!(
                "the record sets of {} were not read in full, so nothing is copied into it",
                child.describe()
            ))),
            Child::Held(_) | Child::Created { .. } => {
                let copies = self.movable().filter(lacking);
                Ok(copies.cloned().map(|set| Change::Create(Wanted::Set(set))).collect())
            }
            Child::Elsewhere(_) | Child::Nobody => Err(Refusal::new(format!(
                "there is no zone {} of ours to copy record sets into",
                scene.name
            ))),
        }
    }

    /// The check that lists them.
    pub fn check(&self, scene: &CutScene, change: HiddenChange, copies: &[Change]) -> Check {
        let (code, title) = ("hidden-records", "Hidden record sets");
        let (name, parent) = (&scene.name, &scene.parent.name);
        if self.below.is_empty() {
            return Check::new(
                code,
                title,
                Outcome::Ok,
                format!("{parent} holds nothing at or below {name} that the cut hides"),
            );
        }
        let count = self.below.len();
        let sets = if count == 1 { "record set" } else { "record sets" };
        let copied = match copies.len() {
            1 => "1 is copied into the child first".to_owned(),
            copies => format!("{copies} are copied into the child first"),
        };
        let saying = match change {
            HiddenChange::Leave => format!("the cut hides {count} {sets} of {parent}, which stay there unseen"),
            HiddenChange::Copy => format!("the cut hides {count} {sets} of {parent}; {copied}"),
            HiddenChange::Move => format!("{count} hidden {sets} of {parent} deleted; {copied}"),
            HiddenChange::Remove => format!("{count} hidden {sets} of {parent} deleted"),
        };
        let lines = self.below.iter().map(|set| line(set, scene, copies));
        Check::new(code, title, Outcome::Warn, saying).with(lines)
    }
}

/// What becomes of one of them, in a line.
fn line(set: &ExactSet, scene: &CutScene, copies: &[Change]) -> String {
    let what = format!("{} {} {}", set.name, set.record_type, show(set));
    if copies
        .iter()
        .any(|copy| matches!(copy, Change::Create(Wanted::Set(other)) if other == set))
    {
        return format!("{what} (is copied)");
    }
    let Child::Held(child) = &scene.child else {
        return what;
    };
    match child.sets.at(&set.name).find(|other| other.is_of_the_place_of(set)) {
        Some(other) if other.content == set.content => format!("{what} (the child has the same)"),
        Some(other) => format!("{what} (the child has {})", show(other)),
        None => match why_stuck(set, scene) {
            Some(why) => format!("{what} (cannot be copied: {why})"),
            None => format!("{what} (the child lacks it)"),
        },
    }
}

/// What a record set holds, on one line.
pub fn show(set: &ExactSet) -> String {
    match &set.content {
        Content::Values(values) => {
            let values: Vec<String> = values.iter().map(|value| value.clipped(80)).collect();
            values.join(", ")
        }
        Content::Alias { target, .. } => format!("alias to {}", target.clipped(255)),
    }
}

/// Whether a record set belongs to the cut itself, and is seen beside it.
fn belongs(set: &ExactSet, scene: &CutScene, change: &NsChange, glue: &[DnsName]) -> bool {
    let is_at_the_cut = set.name == scene.name;
    let kind = set.record_type;
    let makes_room = kind == RecordType::CNAME && matches!(change, NsChange::ToChild { .. });
    (is_at_the_cut && (kind == RecordType::NS || kind == RecordType::DS || makes_room))
        || (kind.is_address() && glue.contains(&set.name))
}

fn is_of_a_cut(set: &ExactSet) -> bool {
    set.record_type == RecordType::NS || set.record_type == RecordType::DS
}

/// The names that the zone gives as name servers, and those that it will.
fn glue(scene: &CutScene) -> Vec<DnsName> {
    let sets = scene.parent.sets.sets.iter();
    let named = sets
        .filter(|set| set.record_type == RecordType::NS)
        .flat_map(servers_of);
    named
        .chain(scene.child.servers().unwrap_or_default().iter().cloned())
        .collect()
}

/// Why a record set cannot stand in the child as it is.
fn why_stuck(set: &ExactSet, scene: &CutScene) -> Option<String> {
    if let Content::Alias { zone, .. } = &set.content
        && zone.expose() == scene.parent.id.as_str()
    {
        return Some("an alias to a record set of its own zone".to_owned());
    }
    if set.record_type == RecordType::CNAME && set.name == scene.name {
        return Some("no CNAME can stand at the apex of a zone".to_owned());
    }
    if set.health_check.is_some() {
        return Some("its health check belongs to the parent's account".to_owned());
    }
    if set.traffic_policy.is_some() {
        return Some("a traffic policy made it".to_owned());
    }
    if set
        .routing
        .as_ref()
        .is_some_and(|routing| matches!(routing.policy, Policy::Cidr { .. } | Policy::Unknown))
    {
        return Some("its routing policy belongs to the parent's account".to_owned());
    }
    match &scene.child {
        Child::Held(child) => stands_beside(set, child),
        _ => None,
    }
}

/// Nothing stands beside a CNAME.
fn stands_beside(set: &ExactSet, child: &LiveZone) -> Option<String> {
    let others = || child.sets.at(&set.name).filter(|other| !other.is_of_the_place_of(set));
    let alone = RecordType::CNAME;
    let clashes = others().any(|other| (other.record_type == alone) != (set.record_type == alone));
    clashes.then(|| "nothing stands beside a CNAME".to_owned())
}
