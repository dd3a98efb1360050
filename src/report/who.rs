//! `zonecut who`: the owner of each cut on the way to a name.

use serde::Serialize;

use crate::findings::trace::{Diagnosis, Holder};
use crate::findings::{Survey, ZoneRef};
use crate::model::cut::Cut;
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;

use super::basis::Basis;
use super::head::Head;
use super::trace::{Owner, holder_word};

/// The owner of each cut on the way to a name.
#[derive(Debug, Clone, Serialize)]
pub struct WhoReport {
    /// How complete the inventory is.
    #[serde(flatten)]
    pub head: Head,
    /// The name.
    pub name: String,
    /// The cuts, from the root down.
    pub cuts: Vec<CutOwner>,
}

/// The owner of one cut.
#[derive(Debug, Clone, Serialize)]
pub struct CutOwner {
    /// The zone.
    pub zone: String,
    /// Who has it: `held`, `one-of`, `elsewhere`, `undelegated`, `nobody`, `unknown`.
    pub holder: &'static str,
    /// The zones of the name that the accounts hold.
    pub zones: Vec<Owner>,
    /// The zone that delegates it, where the accounts hold that.
    pub delegated_in: Option<Owner>,
    /// Whether servers were seen to refer to it, or only the accounts say that it is there.
    pub served: bool,
}

impl WhoReport {
    /// The cuts that a trace passed, and those that the accounts hold besides.
    pub fn of(basis: &Basis<'_>, name: &DnsName, diagnosis: &Diagnosis) -> Self {
        let mut names: Vec<DnsName> = name.suffixes().map(DnsName::from_suffix).collect();
        names.reverse();
        let cuts = names
            .iter()
            .filter_map(|zone| CutOwner::of(basis, zone, diagnosis))
            .collect();
        Self {
            head: Head::of(basis),
            name: name.to_string(),
            cuts,
        }
    }

    /// Whether the owner of some cut is not known for want of reading.
    pub fn is_unsure(&self) -> bool {
        self.cuts.iter().any(|cut| matches!(cut.holder, "unknown" | "one-of"))
    }
}

impl CutOwner {
    fn of(basis: &Basis<'_>, zone: &DnsName, diagnosis: &Diagnosis) -> Option<Self> {
        let step = diagnosis.steps.iter().find(|step| step.zone == *zone);
        let holder = match step {
            Some(step) => step.holder.clone(),
            None => configured(basis.inventory, basis.survey, zone)?,
        };
        let cut = basis.survey.cut(zone).map(|verdict| &verdict.cut);
        let delegation = cut.and_then(|cut| cut.delegation.as_ref());
        let parent = delegation.and_then(|delegation| {
            let entry = basis.inventory.zone(delegation.zone)?;
            Some(Owner::of(basis, &ZoneRef::of(delegation.zone, entry)))
        });
        Some(Self {
            zone: zone.to_string(),
            holder: holder_word(&holder),
            zones: holder.zones().iter().map(|zone| Owner::of(basis, zone)).collect(),
            delegated_in: parent,
            served: step.is_some_and(|step| step.leg.is_some()),
        })
    }
}

/// Who has a zone that no server was seen to refer to, as the accounts say.
fn configured(inventory: &Inventory, survey: &Survey, zone: &DnsName) -> Option<Holder> {
    let cut: &Cut = &survey.cut(zone)?.cut;
    let zones: Vec<ZoneRef> = cut
        .compared()
        .iter()
        .filter_map(|zone| Some(ZoneRef::of(*zone, inventory.zone(*zone)?)))
        .collect();
    match <[ZoneRef; 1]>::try_from(zones) {
        Ok([one]) => Some(Holder::Held(one)),
        Err(zones) if zones.is_empty() => None,
        Err(zones) => Some(Holder::OneOf(zones)),
    }
}
