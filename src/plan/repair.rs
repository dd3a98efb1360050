//! Which findings a write can mend, and in which ways; what no write mends says why.
//!
//! Invariant: every rule stands in the table, and a way never takes name servers from anywhere but a zone's delegation set.

mod table;

use crate::findings::{Context, Finding, Survey};
use crate::model::cut::{Cut, Delegation, apex_name_servers};
use crate::model::dnssec::DsValue;
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::name::{DnsName, list};
use crate::model::served::ServerState;
use crate::model::zone::ZoneKey;

pub use table::{Kind, MENDING};

/// One way of mending a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// What names it on the command line: `replace`, `remove`.
    pub word: String,
    /// What it does, in a few words fit to print.
    pub title: String,
    /// The same for the planner.
    pub mend: Mend,
}

/// What a way does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// The NS record set in the parent becomes the delegation set of a zone; it is created where there is none.
    Delegate {
        /// The zone that delegates.
        parent: ZoneKey,
        /// The zone that is delegated to.
        child: ZoneKey,
    },
    /// A zone is created in the parent's account, and the NS record set in the parent becomes its delegation set.
    Create {
        /// The zone that delegates.
        parent: ZoneKey,
    },
    /// The NS record set goes, and the DS record set with it.
    Remove {
        /// The zone that holds it.
        holder: ZoneKey,
    },
    /// Some names are taken out of the NS record set.
    RemoveServers {
        /// The zone that holds it.
        holder: ZoneKey,
        /// The names.
        servers: Vec<DnsName>,
    },
    /// The NS record set at the apex of a zone becomes its delegation set.
    RestoreApex {
        /// The zone.
        zone: ZoneKey,
    },
    /// The DS record set goes, or those of its values that name no key.
    RemoveDs {
        /// The zone that holds it.
        holder: ZoneKey,
        /// Which values.
        which: WhichDs,
    },
    /// Record sets that the delegation hides are deleted, after those that the child lacks were copied into it.
    MoveHidden {
        /// The zone that holds them.
        holder: ZoneKey,
        /// The zone that is delegated to.
        child: ZoneKey,
    },
    /// Record sets that the delegation hides are deleted.
    RemoveHidden {
        /// The zone that holds them.
        holder: ZoneKey,
    },
    /// The NS record set is created in the parent that is delegated to, and deleted from the one that is not.
    LeaveDeadParent {
        /// The zone that holds it.
        dead: ZoneKey,
        /// The zone that shall hold it.
        live: ZoneKey,
        /// The zone that is delegated to.
        child: ZoneKey,
    },
}

/// Which values of a DS record set go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichDs {
    /// All.
    All,
    /// These.
    Values(Vec<DsValue>),
}

/// The ways of mending a finding, the most usual first; none where no write of ours mends it.
pub fn ways(finding: &Finding, survey: &Survey, inventory: &Inventory) -> Vec<Way> {
    mending(finding, survey, inventory).unwrap_or_default()
}

/// The ways of mending a finding, at least one; or why there is none, in a sentence fit to print.
pub fn mending(finding: &Finding, survey: &Survey, inventory: &Inventory) -> Result<Vec<Way>, String> {
    let kind = match Kind::of(finding.code()) {
        Some(Kind::Manual(why)) => return Err(why.to_owned()),
        Some(kind) => kind,
        None => return Err("Nothing is known of how it is mended.".to_owned()),
    };
    let verdict = finding.name().and_then(|name| survey.cut(name));
    let Some(verdict) = verdict else {
        return Err("It is about no name of the tree that could be changed.".to_owned());
    };
    let bench = Bench {
        finding,
        cut: &verdict.cut,
        inventory,
    };
    let ways = bench.ways(kind);
    match ways.is_empty() {
        false => Ok(ways),
        true => Err(bench.why_none(kind)),
    }
}

/// A finding and what is known of its cut.
struct Bench<'a> {
    finding: &'a Finding,
    cut: &'a Cut,
    inventory: &'a Inventory,
}

impl Bench<'_> {
    fn ways(&self, kind: Kind) -> Vec<Way> {
        match kind {
            Kind::Delegate => self.delegate(),
            Kind::Replace => self.replace().into_iter().chain(self.lead_nowhere()).collect(),
            Kind::Remove => self.remove().into_iter().chain(self.create()).collect(),
            Kind::Servers => self.servers(),
            Kind::BothSides => self.replace().into_iter().chain(self.restore_apexes()).collect(),
            Kind::Apex => self.restore_apexes(),
            Kind::Ds => self.remove_ds(WhichDs::All),
            Kind::StaleDs => self.stale_ds(),
            Kind::Hidden => self.hidden(),
            Kind::HiddenDelegation => self.hidden_delegation(),
            Kind::DeadParent => self.dead_parent(),
            Kind::Manual(_) => Vec::new(),
        }
    }

    fn why_none(&self, kind: Kind) -> String {
        let name = &self.cut.name;
        if !matches!(kind, Kind::Apex) && self.cut.parents.is_empty() && self.cut.held.is_empty() {
            return format!(
                "The zone above {name} is in none of the accounts: the change is to be made at the registrar, or by whoever has that zone."
            );
        }
        match kind {
            Kind::Servers if let Some((bad, good)) = self.too_few() => format!(
                "Without {} one name server would be left to serve {name}, {good}, and one alone is none when it fails: ask whoever runs it for a second one, and put that in its place (zonecut record).",
                list(&bad),
            ),
            Kind::Servers if self.cut.children.is_empty() => format!(
                "No zone of the accounts is called {name}, and what is right is for a person to say: {}. What stands in a zone of the accounts, zonecut record changes.",
                self.finding.fix
            ),
            Kind::Servers => format!(
                "What {name} is delegated to is what it should be, as far as the accounts say: the server itself must be mended."
            ),
            _ => "It depends on what was not read yet: read it again, then look for ways.".to_owned(),
        }
    }

    fn key(&self, zone: ZoneIx) -> Option<ZoneKey> {
        Some(self.inventory.zone(zone)?.zone.key.clone())
    }

    fn account(&self, zone: &ZoneKey) -> String {
        let account = self.inventory.account(zone.account);
        account.map_or_else(String::new, |account| account.name.printable())
    }

    /// The zone that delegates, or should: the only one that counts.
    fn parent(&self) -> Option<ZoneKey> {
        if let Some(delegation) = &self.cut.delegation {
            return self.key(delegation.zone);
        }
        match (&*self.cut.parents, &self.cut.beyond) {
            ([parent], None) => self.key(*parent),
            _ => None,
        }
    }

    /// The zones that may be delegated to: the one that is, before the others.
    fn candidates(&self) -> Vec<ZoneIx> {
        let mut zones = self.cut.children.to_vec();
        zones.sort_by_key(|zone| !self.cut.served.contains(zone));
        zones
    }

    /// One way for each zone that the name could be delegated to.
    fn delegate_by(&self, word: &str, verb: &str) -> Vec<Way> {
        let Some(parent) = self.parent() else {
            return Vec::new();
        };
        let zones = self.candidates();
        let is_one = zones.len() == 1;
        let to = |zone: ZoneIx| {
            let child = self.key(zone)?;
            if self.leads_to(zone) {
                return None;
            }
            let (account, id) = (self.account(&child), &child.id);
            Some(Way {
                word: if is_one {
                    word.to_owned()
                } else {
                    format!("{word}-{id}")
                },
                title: format!("{verb} the delegation set of the zone {id} in {account}"),
                mend: Mend::Delegate {
                    parent: parent.clone(),
                    child,
                },
            })
        };
        zones.into_iter().filter_map(to).collect()
    }

    /// Whether the NS record set gives exactly the name servers of a zone.
    fn leads_to(&self, zone: ZoneIx) -> bool {
        let servers = self.cut.servers(self.inventory, zone);
        let delegated = self.cut.delegation.as_ref().map(|delegation| &*delegation.name_servers);
        delegated.is_some() && servers.names() == delegated
    }

    fn delegate(&self) -> Vec<Way> {
        self.delegate_by("delegate", "create the NS record set in the parent with")
    }

    fn replace(&self) -> Vec<Way> {
        if self.cut.delegation.is_none() {
            return Vec::new();
        }
        self.delegate_by("replace", "replace the NS record set in the parent by")
    }

    /// What is offered where the delegation leads to nothing of ours.
    fn lead_nowhere(&self) -> Vec<Way> {
        match self.cut.children.is_empty() {
            true => self.create().into_iter().chain(self.remove()).collect(),
            false => self.remove().into_iter().collect(),
        }
    }

    fn create(&self) -> Option<Way> {
        if !self.cut.children.is_empty() {
            return None;
        }
        let parent = self.parent()?;
        let account = self.account(&parent);
        Some(Way {
            word: "create".to_owned(),
            title: format!("create the zone in {account}, then replace the NS record set by its delegation set"),
            mend: Mend::Create { parent },
        })
    }

    fn delegation(&self) -> Option<(&Delegation, ZoneKey)> {
        let delegation = self.cut.delegation.as_ref().or(self.cut.dead_delegation.as_deref())?;
        Some((delegation, self.key(delegation.zone)?))
    }

    fn remove(&self) -> Option<Way> {
        let (_, holder) = self.delegation()?;
        let account = self.account(&holder);
        let ds = if self.cut.has_ds() {
            " and the DS record set"
        } else {
            ""
        };
        Some(Way {
            word: "remove".to_owned(),
            title: format!("delete the NS record set{ds} in {account}: the name ends"),
            mend: Mend::Remove { holder },
        })
    }

    /// What is wrong with servers of the delegation: they become those of the zone, or the bad ones are taken out.
    fn servers(&self) -> Vec<Way> {
        if !self.cut.children.is_empty() {
            let replace = self.replace();
            return match replace.is_empty() && !self.is_delegated_to_ours() {
                true => self.remove_servers().into_iter().collect(),
                false => replace,
            };
        }
        let Some((delegation, _)) = self.delegation() else {
            return Vec::new();
        };
        let bad = self.bad_servers(delegation);
        match bad.len() == delegation.name_servers.len() {
            true => self.remove().into_iter().chain(self.create()).collect(),
            false => self.remove_servers().into_iter().collect(),
        }
    }

    fn is_delegated_to_ours(&self) -> bool {
        self.cut.children.iter().any(|zone| self.leads_to(*zone))
    }

    fn remove_servers(&self) -> Option<Way> {
        let (delegation, holder) = self.delegation()?;
        let servers = self.bad_servers(delegation);
        // Whoever is left must serve the name, and not alone; but one server is safer than one beside it that anybody can have.
        let is_left = delegation.name_servers.iter().any(|name| self.serves(name));
        let enough = if self.finding.code() == "ns-domain-unregistered" {
            1
        } else {
            2
        };
        if servers.is_empty() || !is_left || delegation.name_servers.len() - servers.len() < enough {
            return None;
        }
        Some(Way {
            word: "remove-servers".to_owned(),
            title: format!("take {} out of the NS record set in the parent", list(&servers)),
            mend: Mend::RemoveServers { holder, servers },
        })
    }

    /// The servers that do not serve the name, and the one that would be left without them.
    fn too_few(&self) -> Option<(Vec<DnsName>, DnsName)> {
        let (delegation, _) = self.delegation()?;
        let bad = self.bad_servers(delegation);
        let mut left = delegation.name_servers.iter().filter(|name| !bad.contains(name));
        let only = left.next().filter(|name| self.serves(name))?.clone();
        (!bad.is_empty() && left.next().is_none()).then_some((bad, only))
    }

    fn serves(&self, name: &DnsName) -> bool {
        self.state(name) == Some(ServerState::Serving)
    }

    /// The servers that were heard not to serve the name; who is silent, or was not asked, is not among them.
    fn bad_servers(&self, delegation: &Delegation) -> Vec<DnsName> {
        let is_bad = |name: &&DnsName| {
            matches!(
                self.state(name),
                Some(ServerState::Lame(_) | ServerState::Nowhere | ServerState::Cycle)
            )
        };
        delegation.name_servers.iter().filter(is_bad).cloned().collect()
    }

    fn state(&self, name: &DnsName) -> Option<ServerState> {
        let served = self.inventory.served(&self.cut.name)?;
        Some(served.server(name)?.state())
    }

    fn restore_apexes(&self) -> Vec<Way> {
        let concerned = self.finding.children.iter().map(|child| child.index);
        let zones: Vec<ZoneIx> = concerned.filter(|zone| self.has_another_apex(*zone)).collect();
        let is_one = zones.len() == 1;
        let restore = |zone: ZoneIx| {
            let zone = self.key(zone)?;
            let (account, id) = (self.account(&zone), &zone.id);
            let word = if is_one {
                "restore-apex".to_owned()
            } else {
                format!("restore-apex-{id}")
            };
            let title = format!("restore the NS record set at the apex of {id} in {account} to its delegation set");
            Some(Way {
                word,
                title,
                mend: Mend::RestoreApex { zone },
            })
        };
        zones.into_iter().filter_map(restore).collect()
    }

    fn has_another_apex(&self, zone: ZoneIx) -> bool {
        let Some(entry) = self.inventory.zone(zone) else {
            return false;
        };
        let set = entry.delegation_set.as_ref().and_then(|held| held.value());
        let apex = apex_name_servers(entry);
        set.is_some_and(|set| apex.is_some_and(|apex| *apex != *set.name_servers))
    }

    fn remove_ds(&self, which: WhichDs) -> Vec<Way> {
        let stray = self.cut.ds.iter().find(|ds| !ds.beside_delegation);
        let holding = self.cut.ds_of_parent().or(stray).or(self.cut.ds.first());
        let Some(holder) = holding.and_then(|ds| self.key(ds.zone)) else {
            return Vec::new();
        };
        let account = self.account(&holder);
        let title = match &which {
            WhichDs::All => format!("delete the DS record set in {account}: the zone is no longer validated"),
            WhichDs::Values(values) => {
                let tags: Vec<String> = values.iter().map(|ds| ds.tag.to_string()).collect();
                format!(
                    "take the values with key tag {} out of the DS record set in {account}",
                    tags.join(", ")
                )
            }
        };
        let mend = Mend::RemoveDs { holder, which };
        vec![Way {
            word: "remove-ds".to_owned(),
            title,
            mend,
        }]
    }

    /// The values that name no key, unless all do.
    fn stale_ds(&self) -> Vec<Way> {
        let context = Context::new(self.cut, self.inventory);
        let stale: Vec<DsValue> = context
            .signed
            .iter()
            .flat_map(|signed| signed.stale())
            .cloned()
            .collect();
        let all = self.cut.ds_of_parent().map_or(0, |ds| ds.values.len());
        match stale.is_empty() || stale.len() >= all {
            true => Vec::new(),
            false => self.remove_ds(WhichDs::Values(stale)),
        }
    }

    fn hidden(&self) -> Vec<Way> {
        let Some(holder) = self.finding.parent.as_ref().and_then(|parent| self.key(parent.index)) else {
            return Vec::new();
        };
        let account = self.account(&holder);
        let child = match (&*self.cut.served, &*self.cut.children) {
            ([child], _) | ([], [child]) => self.key(*child),
            _ => None,
        };
        let moved = child.map(|child| Way {
            word: "move".to_owned(),
            title: format!(
                "copy what {} lacks into it, then delete the hidden record sets in {account}",
                child.id
            ),
            mend: Mend::MoveHidden {
                holder: holder.clone(),
                child,
            },
        });
        let removed = Way {
            word: "remove-hidden".to_owned(),
            title: format!("delete the hidden record sets in {account}"),
            mend: Mend::RemoveHidden { holder },
        };
        moved.into_iter().chain([removed]).collect()
    }

    fn hidden_delegation(&self) -> Vec<Way> {
        let hidden: Vec<ZoneIx> = self
            .cut
            .held
            .iter()
            .filter(|held| held.hidden_by.is_some())
            .map(|held| held.zone)
            .collect();
        let is_one = hidden.len() == 1;
        let remove = |zone: ZoneIx| {
            let holder = self.key(zone)?;
            let (account, id) = (self.account(&holder), &holder.id);
            let word = if is_one {
                "remove-hidden".to_owned()
            } else {
                format!("remove-hidden-{id}")
            };
            let title = format!("delete the hidden NS record set in {id} of {account}");
            Some(Way {
                word,
                title,
                mend: Mend::Remove { holder },
            })
        };
        hidden.into_iter().filter_map(remove).collect()
    }

    fn dead_parent(&self) -> Vec<Way> {
        let dead = self.cut.dead_delegation.as_ref().and_then(|dead| self.key(dead.zone));
        let live = match &*self.cut.parents {
            [live] => self.key(*live),
            _ => None,
        };
        let (Some(dead), Some(live)) = (dead, live) else {
            return Vec::new();
        };
        let removed = Way {
            word: "remove".to_owned(),
            title: format!(
                "delete the NS record set in {} of {}, which nobody sees",
                dead.id,
                self.account(&dead)
            ),
            mend: Mend::Remove { holder: dead.clone() },
        };
        let [child] = &*self.cut.children else {
            return vec![removed];
        };
        let moved = self.key(*child).map(|child| Way {
            word: "move".to_owned(),
            title: format!(
                "create the NS record set in {} of {}, and delete it from {}",
                live.id,
                self.account(&live),
                dead.id
            ),
            mend: Mend::LeaveDeadParent { dead, live, child },
        });
        moved.into_iter().chain([removed]).collect()
    }
}

/// The finding at a name that is to be mended: the one that is named, else the worst that a write can mend.
pub fn choose<'a>(
    name: &DnsName,
    code: Option<&str>,
    survey: &'a Survey,
    inventory: &Inventory,
) -> Option<(&'a Finding, Result<Vec<Way>, String>)> {
    let findings = &survey.cut(name)?.findings;
    let fits = |finding: &&Finding| code.is_none_or(|code| finding.code() == code);
    let mut all = findings
        .iter()
        .filter(fits)
        .map(|finding| (finding, mending(finding, survey, inventory)));
    let first = all.next()?;
    if first.1.is_ok() {
        return Some(first);
    }
    Some(all.find(|(_, ways)| ways.is_ok()).unwrap_or(first))
}
