//! Looks again at what a plan rests on: reads its zones and asks the servers as for a draft, for the steps that still wait.

use crate::engine::apply::Again;
use crate::model::cut::shares;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::plan::again::{Present, Rest, assigned, news, rest, to_be_created};
use crate::plan::batch::Batch;
use crate::plan::journal::{Phase, Run};
use crate::plan::live::LiveZone;
use crate::plan::step::Step;
use crate::plan::{Goal, Moment, Refusal, checks, sight};
use crate::ports::{Desk, Dns};

use super::edits::Looked;
use super::read::Wanted;
use super::{Drafting, Sources};

/// Looks again at what a plan rests on, by reading and asking.
pub struct Afresh<'a, D, N>(
    /// What that rests on besides.
    pub Sources<'a, D, N>,
);

impl<D: Desk, N: Dns> Again for Afresh<'_, D, N> {
    async fn look(&self, run: &Run, now: Moment) -> Result<Vec<String>, Refusal> {
        let mut drafting = Drafting::new(&self.0, now, run.plan.id.clone());
        let present = drafting.present(run).await?;
        Ok(news(&run.plan, &present))
    }
}

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    async fn present(&mut self, run: &Run) -> Result<Present, Refusal> {
        let mut present = Present::default();
        for rest in rest(run) {
            let zone = self.zone_of(run, &rest).await?;
            let batches = Batch::several(rest.changes.clone(), 0).unwrap_or_default();
            let batches: Vec<&Batch> = batches.iter().collect();
            present
                .checks
                .extend(checks::of_change(&self.occasion, &zone, &batches));
            if rest.is_disclosed {
                let looked = self.look_at(&zone, &rest.changes).await;
                self.take(run, &zone, looked, &mut present).await?;
            }
            present.zones.push((zone, rest));
        }
        let waiting = run.plan.steps.iter().zip(&run.phases);
        for (step, _) in waiting.filter(|(_, phase)| **phase == Phase::Waiting) {
            if let Step::DeleteZone { party, zone } = step
                && let Some(id) = run.zone_id(zone)
            {
                let (account, _) = self.again(run, *party).await?;
                let key = ZoneKey {
                    account,
                    id: id.clone(),
                };
                present.gone.push(self.zone(&key, Wanted::All).await?);
            }
        }
        Ok(present)
    }

    async fn zone_of(&mut self, run: &Run, rest: &Rest) -> Result<LiveZone, Refusal> {
        let (account, _) = self.again(run, rest.party).await?;
        let key = ZoneKey {
            account,
            id: rest.zone.clone(),
        };
        let names: Vec<DnsName> = rest
            .changes
            .iter()
            .map(|change| change.name().clone())
            .filter(|name| name.is_below(&rest.apex))
            .collect();
        self.zone(&key, Wanted::Around(&names)).await
    }

    /// What was heard at the cuts of a zone, and the zones of ours behind them.
    async fn take(&mut self, run: &Run, zone: &LiveZone, looked: Looked, present: &mut Present) -> Result<(), Refusal> {
        present.checks.extend(looked.checks);
        let knows_below = matches!(run.plan.goal, Goal::Delegate | Goal::Repair { .. });
        for (cut, served) in looked.cuts {
            let dead = sight::dead_servers(&served).into_iter();
            present.dead.extend(dead.filter(|server| !assigned().contains(server)));
            present
                .checks
                .push(sight::parent_in_use(zone, &served, self.sources.inventory).of_zone(zone));
            let servers = cut.after.or(cut.before).unwrap_or_default();
            if knows_below && let Some(child) = self.behind(run, &cut.name, &servers).await? {
                present.children.push(child);
            }
        }
        Ok(())
    }

    /// The zone that some name servers serve: one that the plan made, or one that was read before.
    async fn behind(&mut self, run: &Run, name: &DnsName, servers: &[DnsName]) -> Result<Option<LiveZone>, Refusal> {
        for (at, step) in run.plan.steps() {
            if let Step::CreateZone { party, name, .. } = step
                && run.created(at).is_none()
            {
                return Ok(to_be_created(*party, name));
            }
            if let (Step::CreateZone { party, .. }, Some((id, own))) = (step, run.created(at))
                && shares(own, servers)
            {
                let (account, _) = self.again(run, *party).await?;
                let key = ZoneKey {
                    account,
                    id: id.clone(),
                };
                return self.zone(&key, Wanted::All).await.map(Some);
            }
        }
        for key in self.ours_of(name) {
            if self.is_there(&key).await? {
                let zone = self.zone(&key, Wanted::All).await?;
                if shares(&zone.name_servers, servers) {
                    return Ok(Some(zone));
                }
            }
        }
        Ok(None)
    }

    /// The public zones of ours of a name. Which of them some servers serve shows when it is read: what was read before need not
    /// tell its delegation set.
    fn ours_of(&self, name: &DnsName) -> Vec<ZoneKey> {
        let inventory = self.sources.inventory;
        let zones = inventory.public_zones(name.as_wire()).iter();
        zones
            .filter_map(|zone| Some(inventory.zone(*zone)?.zone.key.clone()))
            .collect()
    }
}
