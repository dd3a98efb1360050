//! `ListResourceRecordSets`: pages of a zone's record sets, from a name, a type and a set identifier on.

use super::operation::RecordPage;
use super::{ApiError, Call, page_size};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::world::{World, place};

/// The most record sets that one page holds.
pub const MAX_RECORD_SETS: usize = 300;

/// Where a page begins, as the caller wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordStart {
    /// `StartRecordName`.
    pub name: Option<String>,
    /// `StartRecordType`.
    pub record_type: Option<String>,
    /// `StartRecordIdentifier`.
    pub identifier: Option<String>,
}

impl World {
    /// `ListResourceRecordSets`.
    pub fn list_record_sets(
        &self,
        call: Call,
        zone: &str,
        start: &RecordStart,
        max_items: Option<i64>,
    ) -> Result<RecordPage, ApiError> {
        let max_items = page_size(max_items, MAX_RECORD_SETS)?;
        let zone = self.zone_of(call, zone)?;
        let all = zone.seen_at(call.now, self.caller(call)?.faults.read_lag());
        let from = match start.read()? {
            None => 0,
            Some((name, record_type)) => place(&all, &name, record_type, start.identifier.as_deref()),
        };
        let to = all.len().min(from + max_items);
        Ok(RecordPage {
            next: all.get(to).cloned(),
            shown: from..to,
            all,
            max_items,
        })
    }
}

impl RecordStart {
    fn read(&self) -> Result<Option<(DnsName, Option<RecordType>)>, ApiError> {
        let Some(name) = &self.name else {
            return match self.record_type.is_some() || self.identifier.is_some() {
                true => Err(ApiError::invalid_input("The name must be specified with the type")),
                false => Ok(None),
            };
        };
        if self.identifier.is_some() && self.record_type.is_none() {
            let text = "The name and the type must be specified with the identifier";
            return Err(ApiError::invalid_input(text));
        }
        let name = DnsName::parse_route53(name)
            .map_err(|why| ApiError::invalid_input(format!("Invalid domain name: {why}")))?;
        let record_type = self.record_type.as_deref().map(record_type).transpose()?;
        Ok(Some((name, record_type)))
    }
}

fn record_type(text: &str) -> Result<RecordType, ApiError> {
    RecordType::read(text)
        .filter(|known| super::check::TYPES.contains(&known.as_str()))
        .ok_or_else(|| ApiError::invalid_input(format!("Invalid record type: {text}")))
}
