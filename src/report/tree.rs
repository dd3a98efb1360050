//! `zonecut tree`: every zone, and every name at which a zone begins or is delegated.

use serde::Serialize;

use crate::findings::{CutVerdict, Finding, ZoneRef};
use crate::model::account::Env;
use crate::model::inventory::{ZoneEntry, ZoneIx};

use super::basis::{Basis, Selection};
use super::head::Head;
use super::outside::Outside;

/// The tree.
#[derive(Debug, Clone, Serialize)]
pub struct TreeReport {
    /// How complete it is.
    #[serde(flatten)]
    pub head: Head,
    /// The zones in tree order, private ones too.
    pub zones: Vec<ZoneLine>,
    /// The cuts in tree order.
    pub cuts: Vec<CutLine>,
}

/// A hosted zone.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneLine {
    /// Its apex.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account: Option<String>,
    /// Whether only VPCs can resolve it.
    pub private: bool,
    /// How many record sets it has, where that is known.
    pub record_sets: Option<u64>,
    /// What it comes to.
    pub status: &'static str,
    /// The codes of the findings that concern it.
    pub findings: Vec<&'static str>,
    /// The zone that delegates to it, or should.
    pub parent: Option<ZoneName>,
    /// The account's name.
    #[serde(skip)]
    pub account_name: Outside,
    /// The badge or the word of the account's environment.
    #[serde(skip)]
    pub env: Outside,
}

/// A name at which a zone begins, or at which a zone above delegates.
#[derive(Debug, Clone, Serialize)]
pub struct CutLine {
    /// The name.
    pub name: String,
    /// What it comes to.
    pub status: &'static str,
    /// The zone that delegates it, or should.
    pub parent: Option<ZoneName>,
    /// The NS record set that resolvers follow.
    pub delegation: Option<DelegationLine>,
    /// The public zones of the name.
    pub children: Vec<ZonePlace>,
    /// The codes of its findings, the cause first.
    pub findings: Vec<&'static str>,
    /// How many cuts lie above it in this tree.
    #[serde(skip)]
    pub labels: usize,
}

/// A zone by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneName {
    /// Its apex.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account: Option<String>,
}

/// A zone whose name is said beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZonePlace {
    /// Its id.
    pub id: String,
    /// The id of its account.
    pub account: Option<String>,
}

/// An NS record set in a parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DelegationLine {
    /// Seconds.
    pub ttl: Option<u32>,
    /// The names, sorted.
    pub name_servers: Vec<String>,
}

impl ZoneName {
    /// Names a zone.
    pub fn of(zone: &ZoneRef, basis: &Basis<'_>) -> Self {
        Self {
            name: zone.name.to_string(),
            id: zone.id.to_string(),
            account: basis.account_id(zone.account),
        }
    }
}

impl ZonePlace {
    /// Places a zone.
    pub fn of(zone: &ZoneRef, basis: &Basis<'_>) -> Self {
        Self {
            id: zone.id.to_string(),
            account: basis.account_id(zone.account),
        }
    }
}

impl DelegationLine {
    /// The delegation that resolvers follow at a cut.
    pub fn of(verdict: &CutVerdict) -> Option<Self> {
        verdict.cut.delegation.as_ref().map(|delegation| Self {
            ttl: delegation.ttl,
            name_servers: delegation.name_servers.iter().map(ToString::to_string).collect(),
        })
    }
}

impl TreeReport {
    /// The tree of the selected names.
    pub fn of(basis: &Basis<'_>, selection: &Selection) -> Self {
        let mut zones: Vec<(ZoneIx, &ZoneEntry)> = basis
            .inventory
            .iter()
            .filter(|(_, entry)| selection.holds(&entry.zone.name))
            .collect();
        zones.sort_by_cached_key(|(_, entry)| (entry.zone.name.tree_key(), entry.zone.key.clone()));
        let cuts = basis.survey.cuts().filter(|verdict| selection.holds(&verdict.cut.name));
        Self {
            head: Head::of(basis),
            zones: zones
                .into_iter()
                .map(|(index, entry)| zone_line(basis, index, entry))
                .collect(),
            cuts: cuts.map(|verdict| cut_line(basis, verdict)).collect(),
        }
    }

    /// Whether nothing was selected.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty() && self.cuts.is_empty()
    }
}

/// A zone in a line.
pub fn zone_line(basis: &Basis<'_>, index: ZoneIx, entry: &ZoneEntry) -> ZoneLine {
    let account = basis.account(entry.zone.key.account);
    let verdict = basis.survey.cut(&entry.zone.name).filter(|_| entry.is_public());
    ZoneLine {
        name: entry.zone.name.to_string(),
        id: entry.zone.key.id.to_string(),
        account: basis.account_id(entry.zone.key.account),
        private: !entry.is_public(),
        record_sets: record_sets(entry),
        status: basis.survey.zone_status(basis.inventory, index).word(),
        findings: codes(basis.survey.findings_of(basis.inventory, index)),
        parent: verdict.and_then(|verdict| parent(basis, verdict)),
        account_name: account.map_or_else(|| Outside::from(""), |a| Outside::from(&a.name)),
        env: account.map_or_else(|| Outside::from(""), environment),
    }
}

/// How many record sets a zone has: those that were read in full, else what the list of zones says.
pub fn record_sets(entry: &ZoneEntry) -> Option<u64> {
    match entry.records() {
        Some(records) if entry.is_read() => u64::try_from(records.len()).ok(),
        _ => entry.zone.record_count,
    }
}

/// The badge of a production account, else the environment's own word.
pub fn environment(account: &crate::model::account::Account) -> Outside {
    match (account.env, &account.env_label) {
        (Env::Prod, _) => Outside::from("PROD"),
        (_, Some(label)) => Outside::from(label),
        (_, None) => Outside::from(""),
    }
}

fn cut_line(basis: &Basis<'_>, verdict: &CutVerdict) -> CutLine {
    let cut = &verdict.cut;
    let places = cut
        .children
        .iter()
        .filter_map(|zone| Some(ZoneRef::of(*zone, basis.inventory.zone(*zone)?)));
    CutLine {
        name: cut.name.to_string(),
        status: verdict.status.word(),
        parent: parent(basis, verdict),
        delegation: DelegationLine::of(verdict),
        children: places.map(|zone| ZonePlace::of(&zone, basis)).collect(),
        findings: codes(&verdict.findings),
        labels: cut.name.label_count(),
    }
}

/// The zone that delegates a cut, or should.
pub fn parent(basis: &Basis<'_>, verdict: &CutVerdict) -> Option<ZoneName> {
    let cut = &verdict.cut;
    let zone = match &cut.delegation {
        Some(delegation) => delegation.zone,
        None => *cut.parents.first()?,
    };
    let entry = basis.inventory.zone(zone)?;
    Some(ZoneName::of(&ZoneRef::of(zone, entry), basis))
}

/// The codes of findings, each once, in their order.
fn codes<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<&'static str> {
    let mut codes = Vec::new();
    for finding in findings {
        if !codes.contains(&finding.code()) {
            codes.push(finding.code());
        }
    }
    codes
}
