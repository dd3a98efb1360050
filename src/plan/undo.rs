//! Takes a plan back: what it wrote is replaced by what was there before, the parent first and a zone last.
//!
//! Invariant: what is not as the plan left it is not touched; then there is no plan, but the difference three ways.

use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

use super::batch::{Batch, Change, Values, Wanted};
use super::conflict::Conflict;
use super::cut::{UNKNOWN_TTL, ZONE_CENTS, servers_of, too_much};
use super::effects::{ZoneChange, of_changes};
use super::exact::{Content, ExactSet};
use super::live::{LiveZone, Occasion};
use super::outlook::Outlook;
use super::preflight::{Check, Outcome};
use super::step::{Step, ZoneTarget, caller_reference};
use super::teardown::{Outside, hold, is_own, nobody_outside};
use super::wish::Patience;
use super::{Goal, PartyIx, Plan, PlanId, Refusal, checks, remembered};

/// One thing that a plan made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrote {
    /// A reusable delegation set.
    Set {
        /// In which account.
        party: PartyIx,
        /// Its id.
        id: Untrusted,
    },
    /// A zone.
    Zone {
        /// The step that made it, of which its caller reference is made.
        step: usize,
        /// Its id.
        id: ZoneId,
    },
    /// Record sets of a zone.
    Change {
        /// The zone.
        zone: ZoneId,
        /// What was deleted and what was created.
        values: Values,
    },
    /// A zone is gone.
    ZoneGone {
        /// In which account it was.
        party: PartyIx,
        /// Its id.
        id: ZoneId,
        /// Its apex.
        name: DnsName,
        /// Its name servers, sorted.
        name_servers: Vec<DnsName>,
    },
    /// A reusable delegation set is gone.
    SetGone {
        /// Its id.
        id: Untrusted,
    },
}

/// What a plan made, and the zones as they are now.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Whose accounts take part, when, and what the plan is called.
    pub occasion: Occasion,
    /// The plan that is taken back.
    pub of: PlanId,
    /// How much the journal tells of it.
    pub records: usize,
    /// The name that it is about.
    pub subject: DnsName,
    /// What it made, in the order in which it did.
    pub wrote: Vec<Wrote>,
    /// The zones that it changed or made, as far as they are still there: those that it made with all their record sets.
    pub zones: Vec<LiveZone>,
    /// Of each zone that it made, whether somebody refers to it whose delegation is not taken back.
    pub outside: Vec<(ZoneId, Outside)>,
}

/// Plans to take a plan back.
pub fn plan(scene: &Scene, patience: &Patience) -> Result<Plan, Refusal> {
    let mut back = Back {
        scene,
        patience,
        steps: Vec::new(),
        checks: Vec::new(),
        done: Vec::new(),
        conflicts: Vec::new(),
        created: None,
        notes: Vec::new(),
        cents: 0,
        deleted: Vec::new(),
        waited: false,
    };
    for wrote in scene.wrote.iter().rev() {
        back.take(wrote)?;
    }
    if !back.conflicts.is_empty() {
        let what = format!(
            "what the plan {} wrote was changed since, so nothing of it is taken back",
            scene.of.short()
        );
        return Err(Refusal::new(what)
            .next("look at the difference, then change what is there now by a plan of its own")
            .conflicts(back.conflicts));
    }
    if !back.steps.iter().any(Step::is_write) {
        let what = format!("nothing is left to take back of the plan {}", scene.of.short());
        let refusal = Refusal::new(what);
        return Err(match back.notes.first() {
            Some(note) => refusal.next(note.clone()),
            None => refusal,
        });
    }
    let preflight = back.preflight();
    let outlook = back.outlook();
    let goal = Goal::Undo {
        of: scene.of.clone(),
        records: scene.records,
    };
    Ok(scene
        .occasion
        .clone()
        .plan(goal, scene.subject.clone(), back.steps, preflight.into(), outlook))
}

/// The way back, as far as it was found.
struct Back<'a> {
    scene: &'a Scene,
    patience: &'a Patience,
    steps: Vec<Step>,
    checks: Vec<Check>,
    /// What becomes of the record sets of zones that are there.
    done: Vec<(ZoneId, Vec<Change>)>,
    conflicts: Vec<Conflict>,
    /// A zone that is made anew in the place of one that is gone: the step that makes it, and what it replaces.
    created: Option<Anew<'a>>,
    notes: Vec<String>,
    cents: i64,
    /// Zones that are deleted.
    deleted: Vec<ZoneId>,
    waited: bool,
}

#[derive(Clone, Copy)]
struct Anew<'a> {
    step: usize,
    party: PartyIx,
    id: &'a ZoneId,
    name: &'a DnsName,
    name_servers: &'a [DnsName],
    awaited: bool,
}

impl<'a> Back<'a> {
    fn take(&mut self, wrote: &'a Wrote) -> Result<(), Refusal> {
        match wrote {
            Wrote::Set { party, id } => self.steps.push(Step::DeleteSet {
                party: *party,
                id: id.clone(),
            }),
            Wrote::Zone { step, id } => self.delete_zone(*step, id),
            Wrote::Change { zone, values } => self.change(zone, values)?,
            Wrote::ZoneGone {
                party,
                id,
                name,
                name_servers,
            } => self.make_anew(*party, id, name, name_servers),
            Wrote::SetGone { id } => self.notes.push(format!(
                "the reusable delegation set {} cannot be brought back: a new one has other name servers",
                id.clipped(80)
            )),
        }
        Ok(())
    }

    fn zone(&self, id: &ZoneId) -> Option<&'a LiveZone> {
        self.scene.zones.iter().find(|zone| zone.id == *id)
    }

    /// Whether the plan made a zone.
    fn is_made(&self, id: &ZoneId) -> bool {
        self.scene
            .wrote
            .iter()
            .any(|wrote| matches!(wrote, Wrote::Zone { id: made, .. } if made == id))
    }

    fn change(&mut self, id: &ZoneId, values: &Values) -> Result<(), Refusal> {
        if let Some(anew) = self.created
            && anew.id == id
        {
            return self.fill(anew, values);
        }
        let Some(zone) = self.zone(id) else {
            if self.is_made(id) {
                return Ok(());
            }
            return Err(Refusal::new(format!(
                "the zone {id} is not there any more, so nothing in it is taken back"
            )));
        };
        let changes = self.inverse(zone, values);
        if changes.is_empty() {
            return Ok(());
        }
        if self.is_made(id) {
            self.wait();
        }
        if let Some(anew) = self.created.as_mut().filter(|anew| !anew.awaited) {
            anew.awaited = true;
            let target = ZoneTarget::Created {
                step: anew.step,
                name: anew.name.clone(),
            };
            self.steps.push(Step::AwaitServers {
                party: anew.party,
                zone: target,
            });
        }
        let together = changes.len().min(8);
        for batch in Batch::several(changes.clone(), together).map_err(too_much)? {
            self.steps.push(Step::Change {
                party: zone.party,
                zone: zone.target(),
                batch,
            });
        }
        self.done.push((id.clone(), changes));
        Ok(())
    }

    /// What makes of the record sets of a zone what they were.
    fn inverse(&mut self, zone: &LiveZone, values: &Values) -> Vec<Change> {
        let mut changes = Vec::new();
        let (deleted, created) = (&values.delete, &values.create);
        for ours in created {
            let old = deleted.iter().find(|set| set.is_of_the_place_of(ours));
            changes.extend(self.put_back(zone, Some(ours), old));
        }
        let vacant = deleted
            .iter()
            .filter(|set| !created.iter().any(|ours| ours.is_of_the_place_of(set)));
        for old in vacant {
            changes.extend(self.put_back(zone, None, Some(old)));
        }
        changes
    }

    /// What puts back what was there before, if what we left is still there; nothing where it is back already.
    fn put_back(&mut self, zone: &LiveZone, ours: Option<&ExactSet>, old: Option<&ExactSet>) -> Option<Change> {
        let place = ours.or(old)?;
        let there = zone.sets.at(&place.name).find(|set| set.is_of_the_place_of(place));
        let same = |a: Option<&ExactSet>, b: Option<&ExactSet>| match (a, b) {
            (Some(a), Some(b)) => a.is_same_as(b),
            (None, None) => true,
            _ => false,
        };
        if same(there, old) {
            return None;
        }
        if !same(there, ours) {
            self.conflicts.push(Conflict {
                zone: zone.id.clone(),
                name: place.name.clone(),
                record_type: place.record_type,
                old: ours.cloned(),
                yours: old.cloned(),
                theirs: there.cloned(),
            });
            return None;
        }
        if let Some(old) = old.filter(|old| self.is_shared(old)) {
            self.leave_shared(old);
            return None;
        }
        match (there, old.and_then(|old| self.wanted(old))) {
            (Some(there), Some(new)) => Some(Change::Replace {
                old: Box::new(there.clone()),
                new: Box::new(new),
            }),
            (Some(there), None) => Some(Change::Delete(there.clone())),
            (None, Some(new)) => Some(Change::Create(new)),
            (None, None) => None,
        }
    }

    /// What was there before; where it led to a zone that is made anew, that zone's name servers. The DS of the old zone's
    /// keys would break the new one.
    fn wanted(&self, old: &ExactSet) -> Option<Wanted> {
        let Some(anew) = self.created.filter(|anew| *anew.name == old.name) else {
            return Some(Wanted::Set(old.clone()));
        };
        match old.record_type {
            RecordType::DS => None,
            RecordType::NS if servers_of(old).iter().all(|name| anew.name_servers.contains(name)) => {
                Some(Wanted::Servers {
                    name: old.name.clone(),
                    ttl: old.ttl.unwrap_or(UNKNOWN_TTL),
                    of: anew.step,
                })
            }
            _ => Some(Wanted::Set(old.clone())),
        }
    }

    /// Whether a delegation led to a zone that is made anew, and to others beside it.
    fn is_shared(&self, old: &ExactSet) -> bool {
        let Some(anew) = self.created.filter(|anew| *anew.name == old.name) else {
            return false;
        };
        let servers = servers_of(old);
        let are_gone = |name: &DnsName| anew.name_servers.contains(name);
        old.record_type == RecordType::NS && servers.iter().any(are_gone) && !servers.iter().all(are_gone)
    }

    /// What is left of it stays: the servers of the zone that is gone would lead nowhere, or to somebody else.
    fn leave_shared(&mut self, old: &ExactSet) {
        let saying = format!(
            "{} NS stays with the servers of others alone: those of the new zone are added by a plan of their own",
            old.name
        );
        self.notes.push(saying.clone());
        let check = Check::new("delegation-kept", "Delegation to others", Outcome::Warn, saying);
        self.checks.push(check);
    }

    /// A zone that is gone cannot come back; another one of its name takes its place.
    fn make_anew(&mut self, party: PartyIx, id: &'a ZoneId, name: &'a DnsName, name_servers: &'a [DnsName]) {
        let step = self.steps.len();
        self.steps.push(Step::CreateZone {
            party,
            name: name.clone(),
            delegation_set: None,
            comment: Untrusted::from(format!("In the place of {id}, by zonecut")),
        });
        self.created = Some(Anew {
            step,
            party,
            id,
            name,
            name_servers,
            awaited: false,
        });
        self.cents += ZONE_CENTS;
        self.notes.push(format!(
            "{id} cannot come back: a new zone {name} takes its place, with other name servers"
        ));
    }

    /// Puts what a zone held into the one that takes its place.
    fn fill(&mut self, anew: Anew<'_>, values: &Values) -> Result<(), Refusal> {
        let inside = values.delete.iter().filter(|set| {
            set.name != *anew.name || (set.record_type != RecordType::NS && set.record_type != RecordType::SOA)
        });
        // Nobody knows the id of the new zone yet, and Route 53 takes no alias into one that is gone.
        let is_own_alias =
            |set: &&ExactSet| matches!(&set.content, Content::Alias { zone, .. } if zone.expose() == anew.id.as_str());
        let (aliases, inside): (Vec<&ExactSet>, Vec<&ExactSet>) = inside.partition(is_own_alias);
        self.leave_aliases(anew, &aliases);
        let changes: Vec<Change> = inside
            .into_iter()
            .cloned()
            .map(|set| Change::Create(Wanted::Set(set)))
            .collect();
        let target = ZoneTarget::Created {
            step: anew.step,
            name: anew.name.clone(),
        };
        for batch in Batch::several(changes, 0).map_err(too_much)? {
            self.steps.push(Step::Change {
                party: anew.party,
                zone: target.clone(),
                batch,
            });
        }
        Ok(())
    }

    /// Tells of aliases to record sets of the zone that is gone: they come back by a plan of their own.
    fn leave_aliases(&mut self, anew: Anew<'_>, aliases: &[&ExactSet]) {
        if aliases.is_empty() {
            return;
        }
        let lines = aliases.iter().map(|set| format!("{} {}", set.name, set.record_type));
        let saying = format!(
            "{} aliases to record sets of {} itself are put back by a plan of their own, once the new zone has an id",
            aliases.len(),
            anew.name
        );
        self.notes.push(saying.clone());
        let check = Check::new("aliases-left-out", "Aliases within the zone", Outcome::Warn, saying);
        self.checks.push(check.with(lines));
    }

    /// Deletes a zone that the plan made, unless somebody put something into it.
    fn delete_zone(&mut self, step: usize, id: &ZoneId) {
        let Some(zone) = self.zone(id) else { return };
        let (code, title) = ("zone-kept", "The zone that was made");
        let ours = caller_reference(&self.scene.of, step);
        if zone.reference.expose() != ours {
            let saying = format!("{} was not made by this plan: it stays", zone.describe());
            return self.checks.push(Check::new(code, title, Outcome::Warn, saying));
        }
        let emptied = || {
            self.done
                .iter()
                .filter(|(other, _)| other == id)
                .flat_map(|(_, changes)| changes)
        };
        let is_emptied = |set: &ExactSet| emptied().filter_map(Change::old).any(|old| old == set);
        let foreign: Vec<String> = zone
            .sets
            .sets
            .iter()
            .filter(|set| !is_own(set, zone) && !is_emptied(set))
            .map(|set| format!("{} {}", set.name, set.record_type))
            .collect();
        if !foreign.is_empty() {
            let saying = format!(
                "{} holds {} record sets that others put into it: it stays",
                zone.describe(),
                foreign.len()
            );
            return self
                .checks
                .push(Check::new(code, title, Outcome::Warn, saying).with(foreign));
        }
        self.wait();
        self.checks.push(checks::writable(zone).of_zone(zone));
        let outside = self.scene.outside.iter().find(|(of, _)| of == id);
        self.checks
            .extend(outside.and_then(|(_, outside)| Some(nobody_outside(zone, outside)?.of_zone(zone))));
        self.steps.push(Step::DeleteZone {
            party: zone.party,
            zone: zone.target(),
        });
        self.deleted.push(id.clone());
        self.cents -= ZONE_CENTS;
    }

    /// Waits until resolvers have forgotten the delegations that the plan made, once: those that are gone already as well, for
    /// nobody knows since when.
    fn wait(&mut self) {
        if std::mem::replace(&mut self.waited, true) {
            return;
        }
        let zones: Vec<&LiveZone> = self.scene.zones.iter().collect();
        let made = self.scene.wrote.iter().flat_map(|wrote| match wrote {
            Wrote::Change { values, .. } => values.create.as_slice(),
            _ => &[],
        });
        let made = made
            .filter(|set| set.record_type == RecordType::NS)
            .map(|set| remembered::delegation(set, |_| true, &zones));
        let longest = self
            .forgotten(&[RecordType::NS, RecordType::DS])
            .into_iter()
            .chain(made)
            .max();
        self.steps
            .extend(longest.map(|seconds| hold(&self.scene.subject, seconds, self.patience)));
    }

    /// For how long what is taken out of one of these types is remembered, each for itself; of all types without any.
    fn forgotten(&self, types: &[RecordType]) -> Vec<u32> {
        let zones: Vec<&LiveZone> = self.scene.zones.iter().collect();
        let mut all = Vec::new();
        for (id, changes) in &self.done {
            if let Some(zone) = self.zone(id) {
                let old = |change| remembered::old(change, &zone.name, &[], &zones);
                let is_meant = |change: &&Change| {
                    let old = change.old();
                    types.is_empty() || old.is_some_and(|old| types.contains(&old.record_type))
                };
                all.extend(changes.iter().filter(is_meant).filter_map(old));
            }
        }
        all
    }

    /// The checks of each zone that is changed, for all that is changed in it together.
    fn of_zones(&self) -> Vec<Check> {
        let batches_of = |zone: &LiveZone| -> Vec<&Batch> {
            let steps = self.steps.iter().filter_map(|step| match step {
                Step::Change {
                    zone: target, batch, ..
                } if target.id() == Some(&zone.id) => Some(batch),
                _ => None,
            });
            steps.collect()
        };
        let zones = self.scene.zones.iter().map(|zone| (zone, batches_of(zone)));
        zones
            .filter(|(_, batches)| !batches.is_empty())
            .flat_map(|(zone, batches)| checks::of_change(&self.scene.occasion, zone, &batches))
            .collect()
    }

    fn preflight(&mut self) -> Vec<Check> {
        let mut all = Vec::new();
        for check in self.of_zones().into_iter().chain(std::mem::take(&mut self.checks)) {
            if !all.contains(&check) {
                all.push(check);
            }
        }
        let saying = format!("what the plan {} wrote is there as it left it", self.scene.of.short());
        all.push(Check::new("as-we-left-it", "Unchanged since", Outcome::Ok, saying));
        let parties = self.steps.iter().filter_map(Step::party);
        for party in parties.filter_map(|party| self.scene.occasion.party(party)) {
            let caller = checks::caller(party);
            if !all.contains(&caller) {
                all.insert(0, caller);
            }
        }
        all
    }

    /// What it takes to have again what is taken back.
    fn way_on(&self) -> &'static str {
        let has = |wanted: fn(&Step) -> bool| self.steps.iter().any(wanted);
        if has(|step| matches!(step, Step::DeleteSet { .. })) {
            "it cannot be taken back: a new reusable delegation set has other name servers"
        } else if has(|step| matches!(step, Step::DeleteZone { .. })) {
            "zonecut undo of this plan makes a new zone, with other name servers, in the place of the one that is deleted"
        } else {
            "zonecut undo of this plan does again what was taken back"
        }
    }

    fn outlook(&self) -> Outlook {
        let deleted: Vec<&LiveZone> = self.deleted.iter().filter_map(|id| self.zone(id)).collect();
        let changes: Vec<ZoneChange<'_>> = self
            .done
            .iter()
            .filter_map(|(id, changes)| {
                Some(ZoneChange {
                    zone: self.zone(id)?,
                    changes: changes.iter().collect(),
                })
            })
            .collect();
        let all = || self.done.iter().flat_map(|(_, changes)| changes);
        let gone = self.forgotten(&[]).into_iter().map(u64::from).max();
        let comes = all().filter_map(Change::wanted).map(|new| match new {
            Wanted::Set(set) => u64::from(set.ttl.unwrap_or(60)),
            Wanted::Servers { ttl, .. } => u64::from(*ttl),
        });
        let negative = self
            .scene
            .zones
            .iter()
            .map(|zone| u64::from(zone.negative_ttl()))
            .max()
            .unwrap_or(0);
        Outlook {
            effects: of_changes(&changes, &deleted, &[]),
            monthly_cents: self.cents,
            settles_after: gone.unwrap_or(negative),
            undo_settles_after: comes.max().unwrap_or(negative),
            undo: self.way_on().to_owned(),
            notes: self.notes.clone(),
        }
    }
}
