//! The tree before anything is folded or filtered: every row there could be, a parent before its children.
//!
//! Derived anew when something was learned; what is looked at in each frame is `rows`.

use std::collections::HashMap;

use crate::engine::progress::Progress;
use crate::findings::{CutVerdict, Severity, Status};
use crate::model::account::AccountIx;
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::tui::filter::{self, Field};
use crate::tui::known::Known;
use crate::tui::mark::Mark;

/// What a row stands for; it stays the same while rows come and go around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RowId {
    /// The root of the DNS.
    Root,
    /// A hosted zone.
    Zone(ZoneKey),
    /// A delegation at which no zone is held.
    Cut(DnsName),
    /// An account, where the tree is by account, and where one could not be read.
    Account(AccountIx),
    /// The private zones.
    PrivateZones,
    /// The accounts that could not be read.
    UnreadAccounts,
}

/// How the tree is arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arrangement {
    /// By the hierarchy of the DNS.
    #[default]
    Hierarchy,
    /// By account, and by hierarchy within each.
    Account,
    /// One list.
    Flat,
}

impl Arrangement {
    /// The one after this.
    pub fn next(self) -> Self {
        match self {
            Self::Hierarchy => Self::Account,
            Self::Account => Self::Flat,
            Self::Flat => Self::Hierarchy,
        }
    }

    /// The words for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hierarchy => "by hierarchy",
            Self::Account => "by account",
            Self::Flat => "flat",
        }
    }
}

/// One row there could be.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it stands for.
    pub id: RowId,
    /// Its parent's place, if it has one.
    pub parent: Option<usize>,
    /// The places of its children, in order.
    pub children: Vec<usize>,
    /// What the filter searches.
    pub text: String,
    /// What it comes to.
    pub status: Status,
    /// Its gravest finding that is known.
    pub severity: Option<Severity>,
    /// Whether it is a problem of its own.
    pub is_problem: bool,
    /// Whether there is one at it or below it.
    pub leads_to_problem: bool,
    /// Its account.
    pub account: Option<AccountIx>,
    /// How many record sets it has.
    pub record_sets: u64,
    /// Whether it lies below `arpa`.
    pub is_reverse: bool,
}

/// Every row there could be.
#[derive(Debug, Clone, Default)]
pub struct Nodes {
    /// The nodes, a parent before its children.
    pub all: Vec<Node>,
    /// Those without a parent.
    pub roots: Vec<usize>,
}

impl Nodes {
    /// Derives them from what is known.
    pub fn derive(known: Known<'_>, progress: &Progress, arrangement: Arrangement) -> Self {
        let mut builder = Builder {
            known,
            progress,
            nodes: Self::default(),
        };
        match arrangement {
            Arrangement::Hierarchy => builder.by_hierarchy(),
            Arrangement::Account => builder.by_account(),
            Arrangement::Flat => builder.flat(),
        }
        builder.nodes.look_for_problems();
        builder.nodes
    }

    /// One node.
    pub fn get(&self, place: usize) -> Option<&Node> {
        self.all.get(place)
    }

    fn push(&mut self, mut node: Node, parent: Option<usize>) -> usize {
        let place = self.all.len();
        node.parent = parent;
        self.all.push(node);
        match parent.and_then(|parent| self.all.get_mut(parent)) {
            Some(parent) => parent.children.push(place),
            None => self.roots.push(place),
        }
        place
    }

    /// In tree order the reverse zones would come first, and few people come for them.
    fn put_reverse_zones_last(&mut self, root: usize) {
        let Some(node) = self.all.get_mut(root) else { return };
        let mut children = std::mem::take(&mut node.children);
        children.sort_by_key(|place| self.all.get(*place).is_some_and(|node| node.is_reverse));
        if let Some(node) = self.all.get_mut(root) {
            node.children = children;
        }
    }

    fn look_for_problems(&mut self) {
        for place in (0..self.all.len()).rev() {
            let Some(node) = self.all.get_mut(place) else { continue };
            node.leads_to_problem |= node.is_problem;
            let (leads, parent) = (node.leads_to_problem, node.parent);
            if let Some(parent) = parent.and_then(|parent| self.all.get_mut(parent)) {
                parent.leads_to_problem |= leads;
            }
        }
    }
}

struct Builder<'a> {
    known: Known<'a>,
    progress: &'a Progress,
    nodes: Nodes,
}

/// The names on the way down to the node that was added last, with their places.
type Path = Vec<(DnsName, usize)>;

impl Builder<'_> {
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
        let mark = Mark::of_zone(self.known, self.progress, zone);
        let findings = self.known.survey.findings_of(self.known.inventory, zone);
        let node = Node {
            id: RowId::Zone(entry.zone.key.clone()),
            text: self.text(&format!("{} {}", entry.zone.name, entry.zone.key.id), account),
            status: mark.status,
            severity: findings.iter().filter(|f| f.is_known()).map(|f| f.severity).max(),
            is_problem: mark.status.is_problem(),
            account: Some(account),
            record_sets: records_of(entry),
            is_reverse: is_reverse(&entry.zone.name),
            ..group(RowId::Root)
        };
        Some(self.nodes.push(node, parent))
    }

    fn cut_node(&self, verdict: &CutVerdict) -> Node {
        let account = self.holder(verdict);
        let name = verdict.cut.name.to_string();
        Node {
            id: RowId::Cut(verdict.cut.name.clone()),
            text: name,
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
            text: self.text("", place),
            status: if unread { Status::NoAccess } else { Status::Ok },
            is_problem: unread,
            account: Some(place),
            ..group(RowId::Root)
        }
    }

    fn text(&self, own: &str, account: AccountIx) -> String {
        let account = self.known.account(account).map_or("", |account| account.name.expose());
        format!("{own} {account}").to_lowercase()
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
        text: String::new(),
        status: Status::Ok,
        severity: None,
        is_problem: false,
        leads_to_problem: false,
        account: None,
        record_sets: 0,
        is_reverse: false,
    }
}

/// How many record sets a zone has: as read, else as its list says.
pub fn records_of(entry: &ZoneEntry) -> u64 {
    match entry.records() {
        Some(records) => records.len() as u64,
        None => entry.zone.record_count.unwrap_or(0),
    }
}

/// A node as the filter sees it.
pub struct Filtered<'a> {
    /// The node.
    pub node: &'a Node,
    /// What is known.
    pub known: Known<'a>,
}

impl filter::Subject for Filtered<'_> {
    fn text(&self) -> &str {
        &self.node.text
    }

    fn field(&self, field: Field, wanted: &str) -> bool {
        match field {
            Field::Status => self.status_matches(wanted),
            Field::Account => self.account_matches(wanted),
            Field::Env => self.env_matches(wanted),
            Field::Severity => self
                .node
                .severity
                .is_some_and(|s| s.word().starts_with(severity_word(wanted))),
            Field::NameServer => self.name_server_matches(wanted),
            Field::Type => self.kind().starts_with(wanted),
        }
    }
}

/// The severity meant by a shorter word.
pub fn severity_word(wanted: &str) -> &str {
    match wanted {
        "high" => "error",
        "warn" => "warning",
        _ => wanted,
    }
}

impl Filtered<'_> {
    fn status_matches(&self, wanted: &str) -> bool {
        let word = self.node.status.word();
        let broken = matches!(self.node.status, Status::Dangling | Status::Lame | Status::Bogus);
        word.starts_with(wanted) || (broken && "broken".starts_with(wanted))
    }

    fn account_matches(&self, wanted: &str) -> bool {
        let account = self.node.account.and_then(|place| self.known.account(place));
        account.is_some_and(|account| {
            let by_id = account.id.is_some_and(|id| id.as_str().contains(wanted));
            by_id || account.name.expose().to_lowercase().contains(wanted)
        })
    }

    fn env_matches(&self, wanted: &str) -> bool {
        let account = self.node.account.and_then(|place| self.known.account(place));
        account.is_some_and(|account| {
            let label = account.env_label.as_ref().map(|label| label.expose().to_lowercase());
            let class = match account.env {
                crate::model::account::Env::Prod => "prod",
                crate::model::account::Env::NonProd => "nonprod",
                crate::model::account::Env::Unknown => "unknown",
            };
            label.is_some_and(|label| label.starts_with(wanted)) || class.starts_with(wanted)
        })
    }

    fn name_server_matches(&self, wanted: &str) -> bool {
        let holds = |names: &[DnsName]| names.iter().any(|name| name.to_string().contains(wanted));
        let verdict = match &self.node.id {
            RowId::Cut(name) => self.known.survey.cut(name),
            RowId::Zone(key) => self.known.zone(key).and_then(|(_, entry)| self.known.verdict(entry)),
            _ => None,
        };
        let delegated = verdict.and_then(|v| v.cut.delegation.as_ref());
        let own = match &self.node.id {
            RowId::Zone(key) => self.known.zone(key).and_then(|(zone, _)| {
                let servers = verdict?.cut.servers(self.known.inventory, zone);
                servers.names().map(holds)
            }),
            _ => None,
        };
        delegated.is_some_and(|d| holds(&d.name_servers)) || own == Some(true)
    }

    fn kind(&self) -> &'static str {
        match &self.node.id {
            RowId::Zone(key) => match self.known.zone(key) {
                Some((_, entry)) if !entry.is_public() => "private",
                _ => "public",
            },
            RowId::Cut(_) => "delegation",
            RowId::Account(_) => "account",
            _ => "group",
        }
    }
}
