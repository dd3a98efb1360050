//! Drafts of what mends a finding: the way is chosen from what was read before, and all it needs is read anew.

use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::ZoneKey;
use crate::plan::batch::{Batch, Change};
use crate::plan::cut::{Child, CutChange, DsChange, HiddenChange, NsChange, too_much};
use crate::plan::live::LiveZone;
use crate::plan::repair::{self, Mend, Way, WhichDs};
use crate::plan::step::Step;
use crate::plan::wish::{FIRST_TTL, Repair};
use crate::plan::{Goal, Plan, Refusal, apex, checks, sight};
use crate::ports::{Desk, Dns};

use super::Drafting;
use super::read::Wanted;

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    /// A finding is mended.
    pub(super) async fn repair(&mut self, want: &Repair) -> Result<Plan, Refusal> {
        let (code, way) = self.way(want)?;
        let goal = Goal::Repair { finding: code };
        self.mend(goal, &want.name, &way.mend).await
    }

    /// The finding that is meant, and the way that is.
    fn way(&self, want: &Repair) -> Result<(String, Way), Refusal> {
        let name = &want.name;
        let found = repair::choose(
            name,
            want.finding.as_deref(),
            self.sources.survey,
            self.sources.inventory,
        );
        let Some((finding, ways)) = found else {
            let what = match &want.finding {
                Some(code) => format!("{name} has no finding {}", crate::model::text::printable(code)),
                None => format!("nothing wrong is known of {name}"),
            };
            return Err(Refusal::new(what).next(format!("zonecut check {name} says what is wrong")));
        };
        let code = finding.code().to_owned();
        let ways = ways.map_err(|why| {
            Refusal::new(format!("no write of zonecut mends {code} at {name}: {why}"))
                .next(format!("zonecut explain {code} says more"))
        })?;
        let mut words = ways.iter().map(|way| way.word.clone()).collect::<Vec<_>>().join(", ");
        let mut ways = ways.into_iter();
        let way = match &want.way {
            None => ways.next(),
            Some(word) => ways.find(|way| way.word == *word),
        };
        if words.is_empty() {
            words.push_str("none");
        }
        let way = way.ok_or_else(|| {
            Refusal::new(format!("{code} at {name} is not mended so")).next(format!("the ways that there are: {words}"))
        })?;
        Ok((code, way))
    }

    async fn mend(&mut self, goal: Goal, name: &DnsName, mend: &Mend) -> Result<Plan, Refusal> {
        match mend {
            Mend::Delegate { parent, child } => {
                let parent = self.around(parent, name).await?;
                let child = self.held(child, name).await?;
                self.cut(goal, name, parent, child, &to_child()).await
            }
            Mend::Create { parent } => {
                let account = parent.account;
                let parent = self.around(parent, name).await?;
                let child = self.created(account, name, None, &parent).await?;
                self.cut(goal, name, parent, child, &to_child()).await
            }
            Mend::Remove { holder } => {
                let change = CutChange {
                    ns: NsChange::Gone,
                    ds: DsChange::Gone,
                    hidden: HiddenChange::Leave,
                };
                let holder = self.around(holder, name).await?;
                let child = self.led_to(name).await?;
                self.cut(goal, name, holder, child, &change).await
            }
            Mend::RemoveServers { holder, servers } => {
                let change = CutChange {
                    ns: NsChange::Without(servers.clone()),
                    ds: DsChange::Keep,
                    hidden: HiddenChange::Leave,
                };
                let holder = self.around(holder, name).await?;
                let child = self.led_to(name).await?;
                self.cut(goal, name, holder, child, &change).await
            }
            Mend::RestoreApex { zone } => self.restore_apex(goal, name, zone).await,
            Mend::RemoveDs { holder, which } => {
                let ds = match which {
                    WhichDs::All => DsChange::Gone,
                    WhichDs::Values(values) => DsChange::Without(values.clone()),
                };
                let change = CutChange {
                    ns: NsChange::Keep,
                    ds,
                    hidden: HiddenChange::Leave,
                };
                let holder = self.around(holder, name).await?;
                self.cut(goal, name, holder, Child::Nobody, &change).await
            }
            Mend::MoveHidden { holder, child } => {
                let holder = self.around(holder, name).await?;
                let child = self.held(child, name).await?;
                self.cut(goal, name, holder, child, &hidden(HiddenChange::Move)).await
            }
            Mend::RemoveHidden { holder } => {
                let holder = self.around(holder, name).await?;
                self.cut(goal, name, holder, Child::Nobody, &hidden(HiddenChange::Remove))
                    .await
            }
            Mend::LeaveDeadParent { dead, live, child } => self.leave_dead_parent(goal, name, dead, live, child).await,
        }
    }

    async fn around(&mut self, zone: &ZoneKey, name: &DnsName) -> Result<LiveZone, Refusal> {
        self.zone(zone, Wanted::Around(std::slice::from_ref(name))).await
    }

    /// The zone of ours that a delegation leads to, where it leads to one.
    async fn led_to(&mut self, name: &DnsName) -> Result<Child, Refusal> {
        let survey = self.sources.survey;
        let served = survey.cut(name).and_then(|verdict| verdict.cut.served.first().copied());
        let key = served
            .and_then(|zone| self.sources.inventory.zone(zone))
            .map(|entry| entry.zone.key.clone());
        match key {
            Some(key) => self.held(&key, name).await,
            None => Ok(Child::Nobody),
        }
    }

    async fn restore_apex(&mut self, goal: Goal, name: &DnsName, zone: &ZoneKey) -> Result<Plan, Refusal> {
        let zone = self.zone(zone, Wanted::Around(&[])).await?;
        let served = self.served(name, None, &zone.name_servers, &[]).await;
        let answers = sight::child_answers(name, &zone.name_servers, &served);
        apex::restore(self.occasion.clone(), goal, &zone, vec![answers])
    }

    /// The parent that is served gets the NS record set, and then the one that is not loses it.
    async fn leave_dead_parent(
        &mut self,
        goal: Goal,
        name: &DnsName,
        dead: &ZoneKey,
        live: &ZoneKey,
        child: &ZoneKey,
    ) -> Result<Plan, Refusal> {
        let live = self.around(live, name).await?;
        let dead = self.around(dead, name).await?;
        let child = self.held(child, name).await?;
        let gone = dead
            .sets
            .at(name)
            .filter(|set| set.record_type == RecordType::NS || set.record_type == RecordType::DS);
        let gone: Vec<Change> = gone.cloned().map(Change::Delete).collect();
        let batch = Batch::new(gone).map_err(too_much)?;
        let mut plan = self.cut(goal, name, live, child, &to_child()).await?;
        plan.preflight
            .0
            .extend(checks::of_change(&self.occasion, &dead, &[&batch]));
        plan.steps.push(Step::Change {
            party: dead.party,
            zone: dead.target(),
            batch,
        });
        Ok(plan)
    }
}

fn to_child() -> CutChange {
    CutChange::to_child(FIRST_TTL, HiddenChange::Leave)
}

fn hidden(change: HiddenChange) -> CutChange {
    CutChange {
        ns: NsChange::Keep,
        ds: DsChange::Keep,
        hidden: change,
    }
}
