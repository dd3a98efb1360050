//! Drafts of changes at a cut: delegating a name, and the repairs that are about its NS, its DS or what it hides.

use crate::engine::check::{Anchored, HeldParent, Target};
use crate::model::account::AccountIx;
use crate::model::dnssec::Signing;
use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::{Extent, Liveness, Served};
use crate::model::text::Untrusted;
use crate::model::zone::ZoneKey;
use crate::plan::cut::{self, Child, CutChange, CutScene, HiddenChange, NsChange, ReusableSet, servers_of};
use crate::plan::live::{LiveZone, Seen};
use crate::plan::preflight::Check;
use crate::plan::wish::{ChildZone, Delegate, Hidden};
use crate::plan::{Goal, Plan, Refusal, sight};
use crate::ports::{Desk, Dns, Exact as _};

use super::Drafting;
use super::accounts::failed;
use super::read::Wanted;
use crate::engine::patience::patiently;

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    /// A name is delegated.
    pub(super) async fn delegate(&mut self, want: &Delegate) -> Result<Plan, Refusal> {
        let name = &want.child;
        if name.is_wildcard() {
            return Err(Refusal::new("Route 53 has no NS record set at a wildcard").next("delegate the name itself"));
        }
        let parent = self.parent_of(want)?;
        let parent = self.zone(&parent, Wanted::Around(std::slice::from_ref(name))).await?;
        let child = self.child_of(want, &parent).await?;
        let hidden = match want.hidden {
            Hidden::Leave => HiddenChange::Leave,
            Hidden::Copy => HiddenChange::Copy,
        };
        let asked_for = match &want.to {
            ChildZone::Requested { ds, name_servers, .. } if !ds.is_empty() => {
                let served = self.served(name, Some(&parent), name_servers, &[]).await;
                Some(sight::requested_ds(name, ds, &served))
            }
            _ => None,
        };
        let change = CutChange::to_child(want.ttl, hidden);
        let mut plan = self.cut(Goal::Delegate, name, parent, child, &change).await?;
        plan.preflight.0.extend(asked_for);
        Ok(plan)
    }

    /// A change at a cut: asks the name servers, looks at the other zones, and plans it.
    pub(super) async fn cut(
        &mut self,
        goal: Goal,
        name: &DnsName,
        parent: LiveZone,
        child: Child,
        change: &CutChange,
    ) -> Result<Plan, Refusal> {
        let delegated = parent
            .sets
            .find(name, RecordType::NS)
            .map(servers_of)
            .unwrap_or_default();
        let own = child.servers().unwrap_or_default();
        let served = self.served(name, Some(&parent), own, &delegated).await;
        let checks = self.checks_of(name, &parent, &child, change, &served);
        let scene = CutScene {
            occasion: self.occasion.clone(),
            goal,
            name: name.clone(),
            parent,
            child,
            dead: sight::dead_servers(&served),
            checks,
        };
        cut::plan(scene, change)
    }

    fn checks_of(
        &self,
        name: &DnsName,
        parent: &LiveZone,
        child: &Child,
        change: &CutChange,
        served: &Seen<Served>,
    ) -> Vec<Check> {
        let (inventory, survey) = (self.sources.inventory, self.sources.survey);
        let is_to_child = matches!(change.ns, NsChange::ToChild { .. });
        let mut checks = Vec::new();
        if is_to_child && !matches!(child, Child::Created { .. }) {
            let servers = child.servers().unwrap_or_default();
            checks.push(sight::child_answers(name, servers, served));
            checks.push(sight::apex_as_served(name, servers, served));
        }
        if let NsChange::Without(gone) = &change.ns {
            let old = parent
                .sets
                .find(name, RecordType::NS)
                .map(servers_of)
                .unwrap_or_default();
            let left: Vec<DnsName> = old.into_iter().filter(|server| !gone.contains(server)).collect();
            checks.push(sight::child_answers(name, &left, served));
        }
        if is_to_child || matches!(change.ns, NsChange::Without(_)) {
            checks.push(sight::parent_in_use(parent, served, inventory).of_zone(parent));
        }
        if is_to_child {
            let ds = parent.sets.find(name, RecordType::DS);
            let signing = self.signing(child);
            checks.push(sight::dnssec(name, ds, signing, served));
            checks.push(sight::private_twins(name, inventory));
            checks.push(sight::cuts_below(name, survey));
        }
        if change.ns == NsChange::Gone {
            let old = parent
                .sets
                .find(name, RecordType::NS)
                .map(servers_of)
                .unwrap_or_default();
            let is_hidden = parent.sets.cut_above(&parent.name, name).is_some();
            checks.extend((!is_hidden).then(|| sight::in_use(name, &old, served)));
            checks.extend(sight::unread(inventory));
            checks.push(sight::cuts_below(name, survey));
        }
        checks
    }

    fn signing(&self, child: &Child) -> Option<&Signing> {
        let Child::Held(child) = child else { return None };
        let entry = self.find(&child.id).ok()?;
        entry.signing.as_ref()?.value()
    }

    /// What the servers of both sides say right now: those that are delegated to, and those of a zone's own.
    pub(super) async fn served(
        &self,
        name: &DnsName,
        parent: Option<&LiveZone>,
        own: &[DnsName],
        delegated: &[DnsName],
    ) -> Seen<Served> {
        let has_ds = parent.is_some_and(|parent| parent.sets.find(name, RecordType::DS).is_some());
        self.ask(&Target {
            name: name.clone(),
            parent: parent.map(|parent| HeldParent {
                zone: parent.name.clone(),
                servers: parent.name_servers.clone(),
            }),
            delegated: delegated.to_vec(),
            own: own.to_vec(),
            anchored: if has_ds { Anchored::Yes } else { Anchored::Unknown },
        })
        .await
    }

    /// What the servers of a cut say right now, or why they are not asked.
    pub(super) async fn ask(&self, target: &Target) -> Seen<Served> {
        let Some(checker) = self.sources.checker else {
            return Err("no name servers are asked".to_owned());
        };
        if let Liveness::Off(_) = self.sources.inventory.liveness() {
            return Err("name servers cannot be asked from here".to_owned());
        }
        let served = checker.check(target).await;
        match served.extent {
            Extent::Off(_) => Err("name servers cannot be asked from here".to_owned()),
            _ => Ok(served),
        }
    }

    /// The zone to delegate from: the one that is named, or the closest enclosing one that the internet uses.
    fn parent_of(&self, want: &Delegate) -> Result<ZoneKey, Refusal> {
        if let Some(id) = &want.parent {
            return Ok(self.find(id)?.zone.key.clone());
        }
        let (inventory, survey) = (self.sources.inventory, self.sources.survey);
        let name = &want.child;
        let closest = name
            .suffixes()
            .skip(1)
            .find(|wire| !inventory.public_zones(wire).is_empty());
        let Some(closest) = closest else {
            return Err(Refusal::new(format!("no zone above {name} is in the accounts"))
                .next(format!("ask its owner: zonecut request {name} writes what they need")));
        };
        let zones = inventory.public_zones(closest);
        let verdict = survey.cut(&DnsName::from_suffix(closest));
        let served: Vec<_> = zones
            .iter()
            .filter(|zone| zones.len() == 1 || verdict.is_some_and(|verdict| verdict.cut.served.contains(zone)))
            .collect();
        match served.as_slice() {
            [zone] => inventory.zone(**zone).map(|entry| entry.zone.key.clone()),
            _ => None,
        }
        .ok_or_else(|| {
            let upper = DnsName::from_suffix(closest);
            Refusal::new(format!(
                "several public zones are called {upper}, and it is not known which the internet uses"
            ))
            .next("name the one to delegate from by its id: --parent ID")
        })
    }

    async fn child_of(&mut self, want: &Delegate, parent: &LiveZone) -> Result<Child, Refusal> {
        match &want.to {
            ChildZone::Only => {
                let key = self.only_zone(&want.child)?;
                self.held(&key, &want.child).await
            }
            ChildZone::Existing(id) => {
                let key = self.find(id)?.zone.key.clone();
                self.held(&key, &want.child).await
            }
            ChildZone::Create {
                account,
                delegation_set,
            } => {
                let account = self.accounts.meant(account)?;
                self.created(account, &want.child, delegation_set.as_ref(), parent)
                    .await
            }
            ChildZone::Requested { name_servers, .. } => requested(&want.child, name_servers),
        }
    }

    /// The one public zone of a name.
    pub(super) fn only_zone(&self, name: &DnsName) -> Result<ZoneKey, Refusal> {
        let inventory = self.sources.inventory;
        let zones: Vec<&ZoneEntry> = inventory
            .public_zones(name.as_wire())
            .iter()
            .filter_map(|zone| inventory.zone(*zone))
            .collect();
        match zones.as_slice() {
            [zone] => Ok(zone.zone.key.clone()),
            [] => Err(Refusal::new(format!("no public zone of the accounts is called {name}"))
                .next(format!("have it created: zonecut delegate {name} --create-in ACCOUNT"))),
            several => {
                let ids: Vec<String> = several.iter().map(|entry| entry.zone.key.id.to_string()).collect();
                Err(
                    Refusal::new(format!("{} public zones are called {name}", several.len()))
                        .next(format!("name the one that is meant by its id: {}", ids.join(", "))),
                )
            }
        }
    }

    pub(super) async fn held(&mut self, key: &ZoneKey, name: &DnsName) -> Result<Child, Refusal> {
        let zone = self.zone(key, Wanted::All).await?;
        match zone.name == *name {
            true => Ok(Child::Held(zone)),
            false => Err(Refusal::new(format!(
                "{} is not a zone of the name {name}",
                zone.describe()
            ))),
        }
    }

    /// A zone that is created in an account; there must be none of the name there.
    pub(super) async fn created(
        &mut self,
        account: AccountIx,
        name: &DnsName,
        delegation_set: Option<&Untrusted>,
        parent: &LiveZone,
    ) -> Result<Child, Refusal> {
        let party = self.accounts.party(account, &mut self.occasion).await?;
        let reader = self.accounts.reader(account)?;
        let named = patiently(|| reader.zones_named(name))
            .await
            .map_err(|error| failed("list the zones of that name", &error))?;
        let public = crate::model::zone::Visibility::Public;
        if let Some(twin) = named
            .iter()
            .find(|zone| zone.visibility == public && zone.name == *name)
        {
            return Err(
                Refusal::new(format!("the account has a public zone {name} already: {}", twin.id)).next(format!(
                    "delegate to that one: zonecut delegate {name} --zone {}",
                    twin.id
                )),
            );
        }
        let Some(id) = delegation_set else {
            return Ok(Child::Created { party, set: None });
        };
        let sets = patiently(|| reader.reusable_sets())
            .await
            .map_err(|error| failed("list the reusable delegation sets", &error))?;
        let Some(set) = sets.into_iter().find(|set| set.id == *id) else {
            return Err(
                Refusal::new(format!("the account has no reusable delegation set {}", id.clipped(80)))
                    .next("zonecut sets list shows those that there are"),
            );
        };
        if set
            .name_servers
            .iter()
            .any(|server| parent.name_servers.contains(server))
        {
            return Err(Refusal::new(format!(
                "the reusable delegation set {} shares a name server with {}, which Route 53 does not allow (ConflictingDomainExists)",
                id.clipped(80),
                parent.describe()
            ))
            .next("choose another set, or none"));
        }
        let set = Some(ReusableSet {
            id: set.id,
            name_servers: set.name_servers,
        });
        Ok(Child::Created { party, set })
    }
}

/// The servers of a request: names, and more than one.
fn requested(name: &DnsName, servers: &[DnsName]) -> Result<Child, Refusal> {
    let mut servers = servers.to_vec();
    servers.sort();
    servers.dedup();
    match servers.len() {
        2..=13 => Ok(Child::Elsewhere(servers)),
        count => Err(Refusal::new(format!(
            "a request to delegate {name} names 2 to 13 name servers, not {count}"
        ))),
    }
}
