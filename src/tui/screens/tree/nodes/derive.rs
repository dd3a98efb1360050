//! How the nodes are derived from what is known: by the hierarchy of the DNS, by account, or as one list.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::{Arrangement, Node, Nodes, RowId, records_of};
use crate::findings::{CutVerdict, Status};
use crate::model::account::AccountIx;
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::tui::known::Known;

/// Derives the nodes from what is known.
pub(super) struct Builder<'a> {
    known: Known<'a>,
    nodes: Nodes,
}

/// The names on the way down to the node that was added last, with their places.
type Path = Vec<(DnsName, usize)>;

impl<'a> Builder<'a> {
    /// A builder that has no node yet.
    pub(super) fn new(known: Known<'a>) -> Self {
        Self {
            known,
            nodes: Nodes::default(),
        }
    }

    /// All nodes in this arrangement.
    pub(super) fn arrange(mut self, arrangement: Arrangement) -> Nodes {
        match arrangement {
            Arrangement::Hierarchy => self.by_hierarchy(),
            Arrangement::Account => self.by_account(),
            Arrangement::Flat => self.flat(),
        }
        self.nodes
    }

    fn by_hierarchy(&mut self) {
        let root = self.nodes.push(group(RowId::Root), None);
        let mut path = Path::new();
        for verdict in self.known.survey.cuts() {
            let name = &verdict.cut.name;
            let parent = parent_on(&mut path, name).unwrap_or(root);
            let place = self.push_cut(verdict, parent);
            path.push((name.clone(), place));
        }
        self.nodes.put_reverse_zones_last(root);
        self.push_private_zones(None);
        self.push_unread_accounts();
    }

    /// The zone that is served stands for the name; the others of that name stand below it.
    fn push_cut(&mut self, verdict: &CutVerdict, parent: usize) -> usize {
        let cut = &verdict.cut;
        let first = cut.served.first().or(cut.children.first()).copied();
        let Some(first) = first else {
            let node = self.cut_node(verdict);
            return self.nodes.push(node, Some(parent));
        };
        let place = self.push_zone(first, Some(parent)).unwrap_or(parent);
        for twin in cut.children.iter().filter(|zone| **zone != first) {
            self.push_zone(*twin, Some(place));
        }
        place
    }

    fn push_private_zones(&mut self, account: Option<AccountIx>) {
        let mut zones: Vec<(ZoneIx, &ZoneEntry)> = self
            .known
            .inventory
            .iter()
            .filter(|(_, entry)| !entry.is_public() && account.is_none_or(|a| a == entry.zone.key.account))
            .collect();
        if zones.is_empty() {
            return;
        }
        zones.sort_by(|(_, a), (_, b)| (&a.zone.name, &a.zone.key).cmp(&(&b.zone.name, &b.zone.key)));
        let group = self.nodes.push(group(RowId::PrivateZones), None);
        for (zone, _) in zones {
            self.push_zone(zone, Some(group));
        }
    }

    fn push_unread_accounts(&mut self) {
        let unread: Vec<AccountIx> = self
            .known
            .inventory
            .accounts_with_places()
            .filter(|(_, account)| account.status.problem().is_some())
            .map(|(place, _)| place)
            .collect();
        if unread.is_empty() {
            return;
        }
        let group = self.nodes.push(group(RowId::UnreadAccounts), None);
        for account in unread {
            let node = self.account_node(account);
            self.nodes.push(node, Some(group));
        }
    }

    fn by_account(&mut self) {
        let mut zones: HashMap<AccountIx, Vec<ZoneIx>> = HashMap::new();
        let mut outside: HashMap<AccountIx, Vec<&CutVerdict>> = HashMap::new();
        for verdict in self.known.survey.cuts() {
            for zone in &verdict.cut.children {
                if let Some(entry) = self.known.inventory.zone(*zone) {
                    zones.entry(entry.zone.key.account).or_default().push(*zone);
                }
            }
            if let Some(account) = self.holder(verdict).filter(|_| verdict.cut.children.is_empty()) {
                outside.entry(account).or_default().push(verdict);
            }
        }
        for (place, _) in self.known.inventory.accounts_with_places() {
            let node = self.account_node(place);
            let root = self.nodes.push(node, None);
            self.push_account(root, zones.remove(&place), outside.remove(&place));
        }
        self.push_private_zones(None);
    }

    fn push_account(&mut self, root: usize, zones: Option<Vec<ZoneIx>>, outside: Option<Vec<&CutVerdict>>) {
        let zones = zones.into_iter().flatten().filter_map(|zone| {
            let entry = self.known.inventory.zone(zone)?;
            Some((entry.zone.name.clone(), Place::Zone(zone)))
        });
        let cuts = outside
            .into_iter()
            .flatten()
            .map(|v| (v.cut.name.clone(), Place::Cut(v)));
        let mut places: Vec<(DnsName, Place<'_>)> = zones.chain(cuts).collect();
        places.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut path = Path::new();
        for (name, what) in places {
            let parent = parent_on(&mut path, &name).unwrap_or(root);
            let place = match what {
                Place::Zone(zone) => self.push_zone(zone, Some(parent)),
                Place::Cut(verdict) => {
                    let node = self.cut_node(verdict);
                    Some(self.nodes.push(node, Some(parent)))
                }
            };
            if let Some(place) = place {
                path.push((name, place));
            }
        }
    }

    fn flat(&mut self) {
        for verdict in self.known.survey.cuts() {
            for zone in &verdict.cut.children {
                self.push_zone(*zone, None);
            }
            if verdict.cut.children.is_empty() {
                let node = self.cut_node(verdict);
                self.nodes.push(node, None);
            }
        }
        self.push_private_zones(None);
        self.push_unread_accounts();
    }

    /// The account whose zone delegates, where no zone is held at the cut.
    fn holder(&self, verdict: &CutVerdict) -> Option<AccountIx> {
        let zone = verdict
            .cut
            .delegation
            .as_ref()
            .map(|d| d.zone)
            .or_else(|| verdict.cut.held.first().map(|holding| holding.zone))
            .or_else(|| verdict.cut.ds.first().map(|ds| ds.zone))?;
        self.known.inventory.zone(zone).map(|entry| entry.zone.key.account)
    }

    fn push_zone(&mut self, zone: ZoneIx, parent: Option<usize>) -> Option<usize> {
        let entry = self.known.inventory.zone(zone)?;
        let account = entry.zone.key.account;
        let status = self.known.survey.zone_status(self.known.inventory, zone);
        let findings = self.known.survey.findings_of(self.known.inventory, zone);
        let node = Node {
            id: RowId::Zone(entry.zone.key.clone()),
            status,
            severity: findings.iter().filter(|f| f.is_known()).map(|f| f.severity).max(),
            is_problem: status.is_problem(),
            account: Some(account),
            record_sets: records_of(entry),
            is_reverse: is_reverse(&entry.zone.name),
            ..group(RowId::Root)
        };
        Some(self.nodes.push(node, parent))
    }

    fn cut_node(&self, verdict: &CutVerdict) -> Node {
        let account = self.holder(verdict);
        Node {
            id: RowId::Cut(verdict.cut.name.clone()),
            is_reverse: is_reverse(&verdict.cut.name),
            status: verdict.status,
            severity: verdict
                .findings
                .iter()
                .filter(|f| f.is_known())
                .map(|f| f.severity)
                .max(),
            is_problem: verdict.status.is_problem(),
            account,
            ..group(RowId::Root)
        }
    }

    fn account_node(&self, place: AccountIx) -> Node {
        let account = self.known.account(place);
        let unread = account.is_some_and(|account| account.status.problem().is_some());
        Node {
            id: RowId::Account(place),
            status: if unread { Status::NoAccess } else { Status::Ok },
            is_problem: unread,
            account: Some(place),
            ..group(RowId::Root)
        }
    }
}

enum Place<'a> {
    Zone(ZoneIx),
    Cut(&'a CutVerdict),
}

/// Shortens the path to what is above `name`, and says which node that is.
fn parent_on(path: &mut Path, name: &DnsName) -> Option<usize> {
    while path.last().is_some_and(|(above, _)| !name.is_at_or_below(above)) {
        path.pop();
    }
    path.last().map(|(_, place)| *place)
}

fn is_reverse(name: &DnsName) -> bool {
    name.labels().next_back() == Some(b"arpa")
}

fn group(id: RowId) -> Node {
    Node {
        id,
        parent: None,
        children: Vec::new(),
        text: OnceCell::new(),
        status: Status::Ok,
        severity: None,
        is_problem: false,
        leads_to_problem: false,
        account: None,
        record_sets: 0,
        is_reverse: false,
    }
}
