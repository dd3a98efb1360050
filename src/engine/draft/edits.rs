//! Drafts of edits: record sets of a zone, and what name servers say of the zone and of every cut that is touched.

use crate::engine::check::{Anchored, HeldParent, Target};
use crate::model::cut::shares;
use crate::model::dnssec::Signing;
use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::plan::batch::Change;
use crate::plan::live::{LiveZone, Seen};
use crate::plan::preflight::Check;
use crate::plan::touched::{TouchedCut, cuts};
use crate::plan::wish::{Edit, Records, ZoneChoice};
use crate::plan::{Plan, Refusal, records, sight};
use crate::ports::{Desk, Dns};

use super::Drafting;
use super::read::Wanted;
use crate::model::served::Served;

/// What name servers and the other zones say of changes.
pub(super) struct Looked {
    /// What that comes to.
    pub checks: Vec<Check>,
    /// What was heard of each cut that is touched.
    pub cuts: Vec<(TouchedCut, Seen<Served>)>,
}

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    /// Record sets of a zone are changed.
    pub(super) async fn records(&mut self, want: &Records) -> Result<Plan, Refusal> {
        let key = match &want.zone {
            ZoneChoice::Id(id) => self.find(id)?.zone.key.clone(),
            ZoneChoice::Name(name) => self.only_zone(name)?,
        };
        let mut names: Vec<DnsName> = want.edits.iter().map(|edit| owner(edit).clone()).collect();
        names.sort();
        names.dedup();
        let inventory = self.sources.inventory;
        let zone = match inventory.find(&key).map(|(_, entry)| &entry.zone.name) {
            // What is below the apex is all there is.
            Some(apex) => {
                let below: Vec<DnsName> = names.iter().filter(|name| name.is_below(apex)).cloned().collect();
                self.zone(&key, Wanted::Around(&below)).await?
            }
            None => self.zone(&key, Wanted::All).await?,
        };
        let held = names
            .iter()
            .filter(|name| **name != zone.name && !inventory.public_zones(name.as_wire()).is_empty());
        let mut scene = records::Scene {
            occasion: self.occasion.clone(),
            held: held.cloned().collect(),
            zone,
            checks: Vec::new(),
        };
        let changes = records::changes(&scene, &want.edits)?;
        scene.checks = self.look_at(&scene.zone, &changes).await.checks;
        records::plan(scene, &want.edits)
    }

    /// What name servers and the other zones say of changes: whether the zone is used, and what each cut comes to.
    pub(super) async fn look_at(&self, zone: &LiveZone, changes: &[Change]) -> Looked {
        let (inventory, survey) = (self.sources.inventory, self.sources.survey);
        let used = self.served(&zone.name, None, &zone.name_servers, &[]).await;
        let mut checks = vec![sight::zone_in_use(zone, &used, inventory).of_zone(zone)];
        let mut heard = Vec::new();
        for cut in cuts(zone, changes) {
            let served = self.served_at(zone, &cut).await;
            let signing = self.signing_at(&cut);
            let touched = sight::touched_cut(&cut, signing, &served, inventory, survey);
            checks.extend(touched.into_iter().map(|check| check.of_name(&cut.name)));
            heard.push((cut, served));
        }
        Looked { checks, cuts: heard }
    }

    /// What the servers of a cut say, those before and those afterwards; their keys as well, where a DS will name one.
    async fn served_at(&self, zone: &LiveZone, cut: &TouchedCut) -> Seen<Served> {
        self.ask(&Target {
            name: cut.name.clone(),
            parent: Some(HeldParent {
                zone: zone.name.clone(),
                servers: zone.name_servers.clone(),
            }),
            delegated: cut.before.clone().unwrap_or_default(),
            own: cut.after.clone().unwrap_or_default(),
            anchored: match cut.anchor() {
                Some(_) => Anchored::Yes,
                None => Anchored::Unknown,
            },
        })
        .await
    }

    /// What AWS says of the signing of the zone of ours that a cut leads to.
    fn signing_at(&self, cut: &TouchedCut) -> Option<&Signing> {
        let led_to = self.ours_behind(&cut.name, cut.after.as_deref()?)?;
        led_to.signing.as_ref()?.value()
    }

    /// The zone of ours of a name that some name servers serve.
    fn ours_behind(&self, name: &DnsName, servers: &[DnsName]) -> Option<&ZoneEntry> {
        let inventory = self.sources.inventory;
        let zones = inventory.public_zones(name.as_wire());
        let mut entries = zones.iter().filter_map(|zone| inventory.zone(*zone));
        entries.find(|entry| {
            let set = entry.delegation_set.as_ref().and_then(|set| set.value());
            set.is_some_and(|set| shares(&set.name_servers, servers))
        })
    }
}

fn owner(edit: &Edit) -> &DnsName {
    match edit {
        Edit::Put(set) | Edit::Add(set) => &set.name,
        Edit::Remove { name, .. } => name,
    }
}
