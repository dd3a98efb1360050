//! Changes at one cut: the NS record set in the parent, the DS beside it, and what it hides. Delegating is one of them, and so
//! are most repairs.
//!
//! Invariant: the child comes first, the parent's NS after it; name servers come from a delegation set, or from a request
//! whose servers were asked.

mod sets;

use crate::model::dnssec::DsValue;
use crate::model::duration::in_words;
use crate::model::name::{DnsName, list};
use crate::model::record::RecordType;
use crate::model::text::Untrusted;

use super::answers::{View, ViewZone};
use super::batch::{Batch, BatchError, Change, Wanted};
use super::effects::effects;
use super::exact::ExactSet;
use super::live::{Extent, LiveZone, Occasion};
use super::outlook::{EffectKind, Outlook};
use super::preflight::{Check, Outcome, Preflight};
use super::step::{Step, ZoneTarget};
use super::{Goal, PartyIx, Plan, Refusal, checks, hidden, remembered};

pub use sets::servers_of;
use sets::{ds_change, ns_change};

/// What a hosted zone costs a month, in hundredths of a US dollar.
pub const ZONE_CENTS: i64 = 50;
/// For how long a delegation is remembered whose TTL is not known.
pub const UNKNOWN_TTL: u32 = 172_800;

/// A cut as it is, and what is to become of it.
#[derive(Debug, Clone)]
pub struct CutScene {
    /// Whose accounts take part, when, and what the plan is called.
    pub occasion: Occasion,
    /// What the plan is for.
    pub goal: Goal,
    /// The name of the cut.
    pub name: DnsName,
    /// The zone that delegates, with all that it has at and below the name.
    pub parent: LiveZone,
    /// What is delegated to.
    pub child: Child,
    /// Servers that were heard not to answer for the name.
    pub dead: Vec<DnsName>,
    /// What was checked of the name servers and of the other zones.
    pub checks: Vec<Check>,
}

/// What a name is delegated to.
#[derive(Debug, Clone)]
pub enum Child {
    /// A zone of ours, with all its record sets.
    Held(LiveZone),
    /// One that is created.
    Created {
        /// In which account.
        party: PartyIx,
        /// The reusable delegation set that it shall have.
        set: Option<ReusableSet>,
    },
    /// One in an account that is not ours: its name servers, as a request names them.
    Elsewhere(Vec<DnsName>),
    /// Nothing that matters.
    Nobody,
}

/// A reusable delegation set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReusableSet {
    /// Its id.
    pub id: Untrusted,
    /// Its name servers.
    pub name_servers: Vec<DnsName>,
}

/// What becomes of a cut.
#[derive(Debug, Clone)]
pub struct CutChange {
    /// What becomes of the NS record set in the parent.
    pub ns: NsChange,
    /// What becomes of the DS record set beside it.
    pub ds: DsChange,
    /// What becomes of record sets that the cut hides.
    pub hidden: HiddenChange,
}

/// What becomes of the NS record set in the parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NsChange {
    /// It stays.
    Keep,
    /// It becomes the name servers of the child, with this TTL.
    ToChild {
        /// The TTL in seconds.
        ttl: u32,
    },
    /// It loses these names.
    Without(Vec<DnsName>),
    /// It goes.
    Gone,
}

/// What becomes of the DS record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DsChange {
    /// It stays.
    Keep,
    /// It goes, where there is one.
    Gone,
    /// It loses these values.
    Without(Vec<DsValue>),
}

/// What becomes of record sets that the cut hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HiddenChange {
    /// They stay.
    Leave,
    /// They are copied into the child first.
    Copy,
    /// They are copied into the child, then deleted.
    Move,
    /// They are deleted.
    Remove,
}

impl CutChange {
    /// The cut leads to the child.
    pub fn to_child(ttl: u32, hidden: HiddenChange) -> Self {
        Self {
            ns: NsChange::ToChild { ttl },
            ds: DsChange::Keep,
            hidden,
        }
    }
}

/// Plans a change at a cut.
pub fn plan(scene: CutScene, change: &CutChange) -> Result<Plan, Refusal> {
    let sketch = Sketch::of(&scene, change)?;
    let steps = sketch.steps(&scene)?;
    let preflight = sketch.preflight(&scene);
    let outlook = sketch.outlook(&scene, &preflight);
    Ok(scene
        .occasion
        .plan(scene.goal, scene.name, steps, preflight.into(), outlook))
}

/// The changes of a plan, before they are steps.
struct Sketch {
    /// What comes into the child.
    copies: Vec<Change>,
    /// What is changed in the parent: what belongs to the cut first.
    changes: Vec<Change>,
    /// How many of those must happen at once.
    together: usize,
    /// The record sets that the cut hides.
    hidden: hidden::Hidden,
    what_hidden: HiddenChange,
}

impl Sketch {
    fn of(scene: &CutScene, change: &CutChange) -> Result<Self, Refusal> {
        let (name, parent) = (&scene.name, &scene.parent);
        if !name.is_below(&parent.name) {
            return Err(Refusal::new(format!(
                "{name} is not below {}, so that zone cannot delegate it",
                parent.name
            )));
        }
        let mut changes = Vec::new();
        changes.extend(ns_change(scene, &change.ns)?);
        if matches!(change.ns, NsChange::ToChild { .. }) {
            let aliases = parent.sets.at(name).filter(|set| set.record_type == RecordType::CNAME);
            changes.extend(aliases.cloned().map(Change::Delete));
        }
        changes.extend(ds_change(scene, &change.ds));
        let together = changes.len();
        let hidden = hidden::Hidden::of(scene, &change.ns);
        let copies = match change.hidden {
            HiddenChange::Copy | HiddenChange::Move => hidden.copies(scene)?,
            HiddenChange::Leave | HiddenChange::Remove => Vec::new(),
        };
        match change.hidden {
            HiddenChange::Move => changes.extend(hidden.movable().cloned().map(Change::Delete)),
            HiddenChange::Remove => changes.extend(hidden.below.iter().cloned().map(Change::Delete)),
            HiddenChange::Leave | HiddenChange::Copy => {}
        }
        if changes.is_empty() {
            return Err(nothing_to_do(scene));
        }
        Ok(Self {
            copies,
            changes,
            together,
            hidden,
            what_hidden: change.hidden,
        })
    }

    fn steps(&self, scene: &CutScene) -> Result<Vec<Step>, Refusal> {
        let mut steps = Vec::new();
        let creates = self
            .changes
            .iter()
            .any(|change| matches!(change.wanted(), Some(Wanted::Servers { .. })));
        let target = match &scene.child {
            Child::Created { party, set } if creates => {
                steps.extend(creation(scene, *party, set.as_ref()));
                Some((
                    *party,
                    ZoneTarget::Created {
                        step: 0,
                        name: scene.name.clone(),
                    },
                ))
            }
            Child::Held(child) => Some((child.party, child.target())),
            _ => None,
        };
        if let Some((party, zone)) = target.filter(|_| !self.copies.is_empty()) {
            let batches = Batch::several(self.copies.clone(), 0).map_err(too_much)?;
            steps.extend(batches.into_iter().map(|batch| Step::Change {
                party,
                zone: zone.clone(),
                batch,
            }));
        }
        let batches = Batch::several(self.changes.clone(), self.together).map_err(too_much)?;
        steps.extend(batches.into_iter().map(|batch| Step::Change {
            party: scene.parent.party,
            zone: scene.parent.target(),
            batch,
        }));
        Ok(steps)
    }

    fn preflight(&self, scene: &CutScene) -> Vec<Check> {
        let parent = Batch::several(self.changes.clone(), self.together).unwrap_or_default();
        let batches: Vec<&Batch> = parent.iter().collect();
        let mut all = checks::of_change(&scene.occasion, &scene.parent, &batches);
        match &scene.child {
            Child::Held(child) if !self.copies.is_empty() => {
                let copies = Batch::several(self.copies.clone(), 0).unwrap_or_default();
                let batches: Vec<&Batch> = copies.iter().collect();
                all.extend(checks::of_change(&scene.occasion, child, &batches));
            }
            Child::Created { party, .. } if *party != scene.parent.party => {
                all.extend(scene.occasion.party(*party).map(checks::caller));
            }
            _ => {}
        }
        all.extend(scene.checks.iter().cloned());
        all.push(self.occupied(scene));
        all.extend(self.shared_servers(scene));
        all.extend(self.few_servers());
        all.push(self.hidden.check(scene, self.what_hidden, &self.copies));
        all
    }

    /// Whether the name is free in the parent, or what makes room.
    fn occupied(&self, scene: &CutScene) -> Check {
        let (code, title, name) = ("name-is-free", "Name in the parent", &scene.name);
        let gone: Vec<String> = self
            .changes
            .iter()
            .take(self.together)
            .filter_map(|change| {
                let old = change.old()?;
                let verb = if change.wanted().is_some() {
                    "is replaced"
                } else {
                    "is deleted"
                };
                let values: Vec<String> = old.values().iter().map(|value| value.clipped(80)).collect();
                Some(format!(
                    "{} {} {verb}: {}",
                    old.name,
                    old.record_type,
                    values.join(", ")
                ))
            })
            .collect();
        match gone.is_empty() {
            true => Check::new(
                code,
                title,
                Outcome::Ok,
                format!("no NS, CNAME or DS stands at {name} in {}", scene.parent.name),
            ),
            false => {
                let saying = format!("{} holds record sets at {name} that change or go", scene.parent.name);
                Check::new(code, title, Outcome::Warn, saying).with(gone)
            }
        }
    }

    /// Route 53 lets no server have both a zone and the one above it (`ConflictingDomainExists`).
    fn shared_servers(&self, scene: &CutScene) -> Option<Check> {
        let servers = scene.child.servers()?;
        let shared: Vec<String> = servers
            .iter()
            .filter(|name| scene.parent.name_servers.contains(name))
            .map(DnsName::to_string)
            .collect();
        let saying = format!(
            "the zones {} and {} would have servers in common",
            scene.name, scene.parent.name
        );
        (!shared.is_empty()).then(|| {
            Check::new("shared-servers", "Servers of both zones", Outcome::Stop, saying)
                .with(shared)
                .firm()
        })
    }

    /// One server is none when it fails (RFC 1034 section 4.1).
    fn few_servers(&self) -> Option<Check> {
        let new = self
            .changes
            .iter()
            .filter_map(Change::wanted)
            .find_map(|new| match new {
                Wanted::Set(set) if set.record_type == RecordType::NS => Some(set),
                _ => None,
            })?;
        let saying = format!("{} would have a single name server", new.name);
        (new.values().len() < 2).then(|| Check::new("two-servers", "Two servers at least", Outcome::Stop, saying))
    }

    fn outlook(&self, scene: &CutScene, preflight: &[Check]) -> Outlook {
        let before = scene.view();
        let mut after = before.clone();
        self.carry_out(scene, &mut after);
        let effects = effects(&before, &after, &self.changed());
        let creates = matches!(scene.child, Child::Created { .. });
        let ttl = |sets: &mut dyn Iterator<Item = &ExactSet>| sets.map(|set| set.ttl.unwrap_or(60)).max().unwrap_or(0);
        let negative = scene.parent.negative_ttl();
        let gone = self.forgotten(scene);
        let hidden = ttl(&mut self.hidden.below.iter());
        let comes = self.changes.iter().filter_map(Change::wanted).map(wanted_ttl).max();
        let is_new = self.changes.iter().any(|change| change.old().is_none());
        let settles = gone.max(if is_new { negative.max(hidden) } else { 0 });
        let undone = comes.unwrap_or(negative).max(self.brought(scene));
        Outlook {
            monthly_cents: if creates { ZONE_CENTS } else { 0 },
            settles_after: u64::from(settles),
            undo_settles_after: u64::from(undone),
            undo: self.undo(scene, undone),
            notes: notes(scene, &effects, preflight),
            effects,
        }
    }

    /// For how long resolvers remember what goes.
    fn forgotten(&self, scene: &CutScene) -> u32 {
        let child: Vec<&LiveZone> = scene.child.held().into_iter().collect();
        let gone = self
            .changes
            .iter()
            .filter_map(|change| remembered::old(change, &scene.parent.name, &scene.dead, &child));
        gone.max().unwrap_or(0)
    }

    /// For how long resolvers remember what servers say of themselves to whom they are newly referred.
    fn brought(&self, scene: &CutScene) -> u32 {
        let brings = |change: &Change| match change.wanted() {
            Some(Wanted::Servers { .. }) => true,
            Some(Wanted::Set(new)) if new.record_type == RecordType::NS && new.name == scene.name => {
                let before = change.old().map(servers_of).unwrap_or_default();
                servers_of(new).iter().any(|server| !before.contains(server))
            }
            _ => false,
        };
        match self.changes.iter().any(brings) {
            true => scene.child.held().map_or(UNKNOWN_TTL, remembered::apex),
            false => 0,
        }
    }

    fn changed(&self) -> Vec<DnsName> {
        let mut names: Vec<DnsName> = self
            .changes
            .iter()
            .chain(&self.copies)
            .map(|change| change.name().clone())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn carry_out(&self, scene: &CutScene, view: &mut View) {
        if matches!(scene.child, Child::Created { .. }) {
            view.zones.push(scene.created());
        }
        for change in &self.changes {
            carry_out(change, scene, view, &scene.parent.name);
        }
        for change in &self.copies {
            carry_out(change, scene, view, &scene.name);
        }
    }

    fn undo(&self, scene: &CutScene, seconds: u32) -> String {
        let all: Vec<&Change> = self.changes.iter().chain(&self.copies).collect();
        let is_new = |change: &&Change| change.old().is_none();
        let is_gone = |change: &&Change| change.wanted().is_none();
        let what = match all.as_slice() {
            [Change::Create(_)] => "deletes exactly this record set".to_owned(),
            [Change::Replace { .. }] => "puts exactly the old record set back".to_owned(),
            several if several.iter().all(is_new) => format!("deletes exactly these {} record sets", several.len()),
            several if several.iter().all(is_gone) => "creates exactly what was deleted".to_owned(),
            _ => "deletes exactly what was created and creates exactly what was deleted".to_owned(),
        };
        let zone = match scene.child {
            Child::Created { .. } => {
                ", waits until it is forgotten, and then deletes the zone if nobody put anything into it"
            }
            _ => "",
        };
        let lasting = in_words(seconds);
        format!("zonecut undo {what}{zone}; resolvers remember what this plan brings for up to {lasting}")
    }
}

impl Child {
    /// The zone, where it is there and in one of the accounts.
    fn held(&self) -> Option<&LiveZone> {
        match self {
            Self::Held(zone) => Some(zone),
            Self::Created { .. } | Self::Elsewhere(_) | Self::Nobody => None,
        }
    }

    /// The name servers, where they are known before the plan is applied.
    pub fn servers(&self) -> Option<&[DnsName]> {
        match self {
            Self::Held(zone) => Some(&zone.name_servers),
            Self::Created { set, .. } => set.as_ref().map(|set| &*set.name_servers),
            Self::Elsewhere(servers) => Some(servers),
            Self::Nobody => None,
        }
    }
}

impl CutScene {
    /// The zones as they are.
    fn view(&self) -> View {
        let zone = |zone: &LiveZone| {
            ViewZone::new(
                zone.name.clone(),
                zone.name_servers.clone(),
                &zone.sets.sets,
                &zone.sets.names,
            )
        };
        let child = match &self.child {
            Child::Held(child) => Some(zone(child)),
            _ => None,
        };
        View {
            zones: std::iter::once(zone(&self.parent)).chain(child).collect(),
            dead: self.dead.clone(),
        }
    }

    /// The zone that is created, as Route 53 makes it.
    fn created(&self) -> ViewZone {
        let servers = self.assigned();
        let soa = vec![Untrusted::from(
            "ns. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400",
        )];
        let sets = [
            ExactSet::name_servers(self.name.clone(), UNKNOWN_TTL, &servers),
            ExactSet::simple(self.name.clone(), RecordType::SOA, 900, soa),
        ];
        ViewZone::new(self.name.clone(), servers, &sets, &[])
    }

    /// The servers of the zone that is created; a stand-in for those that nobody knows before.
    fn assigned(&self) -> Vec<DnsName> {
        match self.child.servers() {
            Some(servers) => servers.to_vec(),
            None => DnsName::from_labels([&b"assigned"[..], b"invalid"])
                .into_iter()
                .collect(),
        }
    }
}

fn carry_out(change: &Change, scene: &CutScene, view: &mut View, zone: &DnsName) {
    let Some(zone) = view.zones.iter_mut().find(|other| other.name == *zone) else {
        return;
    };
    if let Some(old) = change.old() {
        zone.take(old);
    }
    match change.wanted() {
        Some(Wanted::Set(set)) => zone.put(set.clone()),
        Some(Wanted::Servers { name, ttl, .. }) => {
            zone.put(ExactSet::name_servers(name.clone(), *ttl, &scene.assigned()))
        }
        None => {}
    }
}

fn creation(scene: &CutScene, party: PartyIx, set: Option<&ReusableSet>) -> [Step; 2] {
    let name = scene.name.clone();
    let comment = format!("Delegated from {} by zonecut", scene.parent.id);
    [
        Step::CreateZone {
            party,
            name: name.clone(),
            delegation_set: set.map(|set| set.id.clone()),
            comment: Untrusted::from(comment),
        },
        Step::AwaitServers {
            party,
            zone: ZoneTarget::Created { step: 0, name },
        },
    ]
}

fn nothing_to_do(scene: &CutScene) -> Refusal {
    Refusal::new(format!(
        "there is nothing to change at {} in {}",
        scene.name,
        scene.parent.describe()
    ))
    .next("scan again: what was found may have been mended since")
}

/// Why changes fit into no batch.
pub fn too_much(error: BatchError) -> Refusal {
    Refusal::new(format!("this cannot be sent: {error}"))
}

fn wanted_ttl(new: &Wanted) -> u32 {
    match new {
        Wanted::Set(set) => set.ttl.unwrap_or(60),
        Wanted::Servers { ttl, .. } => *ttl,
    }
}

fn notes(scene: &CutScene, effects: &[super::outlook::Effect], checks: &[Check]) -> Vec<String> {
    let count = |kind: EffectKind| effects.iter().filter(|effect| effect.kind == kind).count();
    let mut notes: Vec<String> = sets::of_new_zone(&scene.child).into_iter().collect();
    if let Child::Created { set: Some(set), .. } = &scene.child {
        notes.push(format!(
            "the new zone gets the name servers of the reusable delegation set {}: {}",
            set.id.printable(),
            list(&set.name_servers)
        ));
    }
    let reached = count(EffectKind::Reachable);
    if reached > 0 {
        notes.push(format!("delegations below that are reached now: {reached}"));
    }
    let unchecked = checks
        .iter()
        .filter(|check| check.outcome == Outcome::Unchecked)
        .count();
    if unchecked > 0 {
        notes.push(format!("could not be checked, and so stand in the way: {unchecked}"));
    }
    notes
}

impl Occasion {
    /// A plan of this occasion.
    pub fn plan(self, goal: Goal, subject: DnsName, steps: Vec<Step>, preflight: Preflight, outlook: Outlook) -> Plan {
        Plan {
            id: self.id,
            goal,
            subject,
            made: self.now,
            expires: self.now.after(super::LIFETIME),
            parties: self.parties,
            steps,
            preflight,
            outlook,
        }
    }
}

impl From<Vec<Check>> for Preflight {
    fn from(checks: Vec<Check>) -> Self {
        Self(checks)
    }
}

/// Whether all record sets of a zone were read.
pub fn is_whole(zone: &LiveZone) -> bool {
    zone.sets.extent == Extent::Whole
}
