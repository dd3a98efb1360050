//! `zonecut zone`: the zones of one name or id, their record sets, and both sides of their delegation.

use serde::Serialize;

use crate::findings::Finding;
use crate::model::cut::apex_name_servers;
use crate::model::dnssec::{ServeSignature, Signing};
use crate::model::inventory::{Held, Reading, ZoneEntry, ZoneIx};
use crate::model::record::{RecordData, RecordSet};

use super::basis::Basis;
use super::check::FindingLine;
use super::head::Head;
use super::outside::Outside;
use super::tree::{DelegationLine, ZoneLine, zone_line};

/// The zones of one name or id.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneReport {
    /// How complete it is.
    #[serde(flatten)]
    pub head: Head,
    /// The zones.
    pub zones: Vec<ZoneDetail>,
}

/// Everything known of one zone.
#[derive(Debug, Clone, Serialize)]
pub struct ZoneDetail {
    /// What `tree` says of it.
    #[serde(flatten)]
    pub line: ZoneLine,
    /// The comment somebody gave it.
    pub comment: Outside,
    /// The AWS service that owns it.
    pub linked_service: Option<Outside>,
    /// When its record sets were read; none where they were not.
    pub read_at: Option<String>,
    /// Why they were not read in full.
    pub error: Option<Outside>,
    /// The NS record set in the parent.
    pub delegation: Option<DelegationLine>,
    /// The NS record set at its apex.
    pub apex_name_servers: Option<Vec<String>>,
    /// The name servers Route 53 assigned, where they were asked for.
    pub delegation_set: Option<Vec<String>>,
    /// Whether it is signed, where that was asked for.
    pub signing: Option<&'static str>,
    /// Its record sets, in tree order.
    pub records: Vec<RecordLine>,
    /// What is wrong with it, in full.
    #[serde(skip)]
    pub details: Vec<FindingLine>,
}

/// A record set.
#[derive(Debug, Clone, Serialize)]
pub struct RecordLine {
    /// The owner.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub record_type: String,
    /// Seconds; an alias has none.
    pub ttl: Option<u32>,
    /// The values as stored.
    pub values: Vec<Outside>,
    /// The target of an alias.
    pub alias: Option<AliasLine>,
    /// What tells it from others of its name and type.
    pub set_identifier: Option<Outside>,
    /// The routing policy.
    pub routing: Option<Outside>,
}

/// The target of an alias record set.
#[derive(Debug, Clone, Serialize)]
pub struct AliasLine {
    /// The DNS name.
    pub target: Outside,
    /// The hosted zone of the target.
    pub zone_id: Outside,
}

impl ZoneReport {
    /// The zones at these places.
    pub fn of(basis: &Basis<'_>, zones: &[ZoneIx]) -> Self {
        Self {
            head: Head::of(basis),
            zones: zones
                .iter()
                .filter_map(|index| Some(ZoneDetail::of(basis, *index, basis.inventory.zone(*index)?)))
                .collect(),
        }
    }
}

impl ZoneDetail {
    fn of(basis: &Basis<'_>, index: ZoneIx, entry: &ZoneEntry) -> Self {
        let verdict = basis.survey.cut(&entry.zone.name).filter(|_| entry.is_public());
        let names = |names: &[crate::model::name::DnsName]| names.iter().map(ToString::to_string).collect();
        let set = entry.delegation_set.as_deref().and_then(Held::value);
        let records = entry.records.as_ref();
        let lines = entry.records().into_iter().flat_map(|records| records.iter());
        Self {
            line: zone_line(basis, index, entry),
            comment: Outside::from(&entry.zone.comment),
            linked_service: entry.zone.linked_service.as_ref().map(Outside::from),
            read_at: records
                .filter(|held| !matches!(held.reading, Reading::Failed(_)))
                .map(|held| super::head::timestamp(held.origin.at)),
            error: records.and_then(Held::problem).map(|p| Outside::from(&p.message)),
            delegation: verdict.and_then(DelegationLine::of),
            apex_name_servers: apex_name_servers(entry).map(names),
            delegation_set: set.map(|set| names(&set.name_servers)),
            signing: entry.signing.as_deref().and_then(Held::value).map(signing),
            records: lines
                .map(|record| RecordLine::of(&record.unpack(&entry.zone.name)))
                .collect(),
            details: basis
                .survey
                .findings_of(basis.inventory, index)
                .into_iter()
                .map(|finding: &Finding| FindingLine::of(basis, finding))
                .collect(),
        }
    }
}

fn signing(signing: &Signing) -> &'static str {
    match signing.status {
        ServeSignature::Signing => "signing",
        ServeSignature::NotSigning => "not-signing",
        ServeSignature::Unsure => "unsure",
    }
}

impl RecordLine {
    /// A record set as the accounts hold it.
    pub fn of(set: &RecordSet) -> Self {
        let alias = match &set.data {
            RecordData::Alias(alias) => Some(AliasLine {
                target: Outside::from(&alias.target),
                zone_id: Outside::from(&alias.zone_id),
            }),
            RecordData::Values(_) => None,
        };
        Self {
            name: set.name.to_string(),
            record_type: set.record_type.to_string(),
            ttl: set.ttl,
            values: set.values().iter().map(Outside::from).collect(),
            alias,
            set_identifier: set.routing.as_ref().map(|r| Outside::from(&r.set_identifier)),
            routing: set.routing.as_ref().map(|r| Outside::from(&r.policy)),
        }
    }

    /// The values, or the alias's target, fit to print.
    pub fn shown_values(&self) -> Vec<String> {
        match &self.alias {
            Some(alias) => vec![format!(
                "ALIAS {} ({})",
                alias.target.printable(),
                alias.zone_id.printable()
            )],
            None => self.values.iter().map(Outside::printable).collect(),
        }
    }
}
