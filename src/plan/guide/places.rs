//! Where a name can be delegated from and to, as far as the accounts at hand tell.

use crate::model::account::{AccountIx, AccountStatus};
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::name::DnsName;

/// A zone that a name can be delegated to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildPlace {
    /// One that is there.
    Existing(ZoneIx),
    /// One that is created in this account.
    Create(AccountIx),
}

/// The zones that a name can be delegated to: those of its name, or where there is none, one in any account that was reached.
pub fn children(inventory: &Inventory, name: &DnsName) -> Vec<ChildPlace> {
    let existing = inventory.public_zones(name.as_wire());
    if !existing.is_empty() {
        return existing.iter().copied().map(ChildPlace::Existing).collect();
    }
    let is_reached = |status: &AccountStatus| {
        matches!(
            status,
            AccountStatus::Complete | AccountStatus::Partial(_) | AccountStatus::Reading | AccountStatus::Stale
        )
    };
    let accounts = inventory.accounts_with_places();
    accounts
        .filter(|(_, account)| is_reached(&account.status))
        .map(|(place, _)| ChildPlace::Create(place))
        .collect()
}

/// The zones of the closest name above that the accounts hold; several where it has twins.
pub fn parents(inventory: &Inventory, name: &DnsName) -> Vec<ZoneIx> {
    let mut above = name.suffixes().skip(1).map(|wire| inventory.public_zones(wire));
    above
        .find(|zones| !zones.is_empty())
        .map(<[ZoneIx]>::to_vec)
        .unwrap_or_default()
}
