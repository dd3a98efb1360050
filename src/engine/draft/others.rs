//! Drafts of what is not about one cut alone: a teardown, reusable delegation sets.

use crate::model::dnssec::ServeSignature;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::plan::cut::ReusableSet;
use crate::plan::preflight::{Check, Outcome};
use crate::plan::wish::{SetWish, Teardown};
use crate::plan::{Goal, Plan, Refusal, set, sight, teardown};
use crate::ports::{Desk, Dns, Exact as _, ManagedSet};

use super::Drafting;
use super::accounts::failed;
use super::read::Wanted;
use crate::engine::patience::patiently;

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    /// A delegation is taken out, and then its zone.
    pub(super) async fn teardown(&mut self, want: &Teardown) -> Result<Plan, Refusal> {
        let name = &want.name;
        let key = match &want.zone {
            Some(id) => self.find(id)?.zone.key.clone(),
            None => self.only_zone(name)?,
        };
        let zone = self.zone(&key, Wanted::All).await?;
        if zone.name != *name {
            return Err(Refusal::new(format!(
                "{} is not a zone of the name {name}",
                zone.describe()
            )));
        }
        let mut holders = Vec::new();
        for holder in self.holders(name) {
            holders.push(self.zone(&holder, Wanted::Around(std::slice::from_ref(name))).await?);
        }
        let served = self.served(name, holders.first(), &zone.name_servers, &[]).await;
        let outside = sight::outside(name, &zone.name_servers, &holders, &served);
        let checks = self.teardown_checks(name, &key);
        let scene = teardown::Scene {
            occasion: self.occasion.clone(),
            goal: Goal::Teardown,
            zone,
            holders,
            outside,
            checks,
        };
        teardown::plan(scene, &want.patience, want.contents)
    }

    /// The zones of all accounts that hold an NS record set at a name.
    fn holders(&self, name: &DnsName) -> Vec<ZoneKey> {
        let inventory = self.sources.inventory;
        let cut = self.sources.survey.cut(name).map(|verdict| &verdict.cut);
        let held = cut.iter().flat_map(|cut| &cut.held);
        held.filter_map(|holding| Some(inventory.zone(holding.zone)?.zone.key.clone()))
            .collect()
    }

    fn teardown_checks(&self, name: &DnsName, key: &ZoneKey) -> Vec<Check> {
        let (inventory, survey) = (self.sources.inventory, self.sources.survey);
        let mut all: Vec<Check> = sight::unread(inventory).into_iter().collect();
        all.push(sight::cuts_below(name, survey));
        let signing = inventory
            .find(key)
            .and_then(|(_, entry)| entry.signing.as_ref()?.value());
        let is_signed = signing.is_some_and(|signing| signing.status != ServeSignature::NotSigning);
        let saying =
            "Route 53 deletes no zone that it signs: switch signing off first, once the DS is gone from the parent";
        all.extend(is_signed.then(|| Check::new("dnssec", "DNSSEC", Outcome::Stop, saying).firm()));
        all
    }

    /// A reusable delegation set is made or deleted.
    pub(super) async fn delegation_set(&mut self, want: &SetWish) -> Result<Plan, Refusal> {
        let (SetWish::Create { account, .. } | SetWish::Delete { account, .. }) = want;
        let account = self.accounts.meant(account)?;
        let party = self.accounts.party(account, &mut self.occasion).await?;
        let reader = self.accounts.reader(account)?;
        let sets = patiently(|| reader.reusable_sets()).await;
        let sets = sets.map_err(|error| failed("list the reusable delegation sets", &error))?;
        let sets: Vec<ReusableSet> = sets.into_iter().map(reusable).collect();
        match want {
            SetWish::Create { zone: None, .. } => set::create(self.occasion.clone(), party, None, &sets),
            SetWish::Create { zone: Some(id), .. } => {
                let key = self.find(id)?.zone.key.clone();
                if key.account != account {
                    return Err(Refusal::new(format!("the zone {id} is in another account")));
                }
                let zone = self.zone(&key, Wanted::Around(&[])).await?;
                set::create(self.occasion.clone(), party, Some(&zone), &sets)
            }
            SetWish::Delete { id, .. } => {
                let of_account = self
                    .sources
                    .inventory
                    .iter()
                    .filter(|(_, entry)| entry.zone.key.account == account);
                let users = of_account.filter(|(_, entry)| {
                    let set = entry.delegation_set.as_ref().and_then(|held| held.value());
                    set.is_some_and(|set| set.id.as_ref() == Some(id))
                });
                let users: Vec<String> = users
                    .map(|(_, entry)| format!("{} ({})", entry.zone.name, entry.zone.key.id))
                    .collect();
                set::delete(self.occasion.clone(), party, id, &sets, &users)
            }
        }
    }
}

fn reusable(set: ManagedSet) -> ReusableSet {
    ReusableSet {
        id: set.id,
        name_servers: set.name_servers,
    }
}
