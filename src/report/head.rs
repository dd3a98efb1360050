//! The head of every document: how complete it is, when it was made, and what became of each account.

use serde::Serialize;

use crate::model::account::{Account, AccountStatus};

use super::asked::Asked;
use super::basis::{Backdrop, Basis};
use super::outside::Outside;

/// The version of the JSON documents; they change only by addition.
pub const SCHEMA: u32 = 1;

/// The head of every document.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Whether every account and every zone was read in full, and all servers asked that were to be asked.
    pub complete: bool,
    /// RFC 3339, UTC, whole seconds.
    pub generated_at: String,
    /// The URL that requests went to instead of AWS.
    pub endpoint_override: Option<Outside>,
    /// Who answers there.
    #[serde(skip)]
    pub backdrop: Backdrop,
    /// How far name servers were asked.
    pub live: Asked,
    /// The accounts, in the order of the configuration.
    pub accounts: Vec<AccountState>,
}

/// What became of one account.
#[derive(Debug, Clone, Serialize)]
pub struct AccountState {
    /// Twelve digits; none where the credentials never said.
    pub id: Option<String>,
    /// The name in the configuration.
    pub name: Outside,
    /// How far it was read.
    pub status: &'static str,
    /// The zones that are known of it.
    pub zones: u64,
    /// The zones it says it has.
    pub expected_zones: Option<u64>,
    /// The name of the account that it is the same as: it is read there, once.
    pub same_as: Option<Outside>,
    /// Why it was not read in full.
    pub error: Option<Outside>,
    /// The command that mends it.
    #[serde(skip)]
    pub remedy: Option<Outside>,
}

impl Head {
    /// The head for what was read.
    pub fn of(basis: &Basis<'_>) -> Self {
        let mut zones = vec![0_u64; basis.inventory.accounts().len()];
        for (_, entry) in basis.inventory.iter() {
            if let Some(count) = zones.get_mut(entry.zone.key.account.0 as usize) {
                *count += 1;
            }
        }
        let counts = zones
            .into_iter()
            .zip(basis.expected_zones.iter().copied().chain(std::iter::repeat(None)));
        Self {
            schema: SCHEMA,
            complete: basis.is_complete(),
            generated_at: timestamp(basis.at),
            endpoint_override: basis.endpoint_override.map(Outside::from),
            backdrop: basis.backdrop,
            live: Asked::of(basis.inventory),
            accounts: basis
                .inventory
                .accounts()
                .iter()
                .zip(counts)
                .map(|(account, (zones, expected))| AccountState::of(basis, account, zones, expected))
                .collect(),
        }
    }

    /// The accounts that were read in full.
    pub fn accounts_read(&self) -> usize {
        self.accounts.iter().filter(|a| a.is_read()).count()
    }
}

impl AccountState {
    fn of(basis: &Basis<'_>, account: &Account, zones: u64, expected_zones: Option<u64>) -> Self {
        let problem = account.status.problem();
        let same_as = match account.status {
            AccountStatus::Merged(other) => basis.account(other),
            _ => None,
        };
        Self {
            id: account.id.map(|id| id.to_string()),
            name: Outside::from(&account.name),
            status: account.status.word(),
            zones,
            expected_zones,
            same_as: same_as.map(|other| Outside::from(&other.name)),
            error: problem.map(|p| Outside::from(&p.message)),
            remedy: problem.and_then(|p| p.remedy.as_ref()).map(Outside::from),
        }
    }

    /// Whether all its zones are listed.
    pub fn is_read(&self) -> bool {
        matches!(self.status, "complete" | "merged")
    }
}

/// A time as documents write it.
pub fn timestamp(at: jiff::Timestamp) -> String {
    let whole = jiff::TimestampRound::new()
        .smallest(jiff::Unit::Second)
        .mode(jiff::RoundMode::Trunc);
    at.round(whole).unwrap_or(at).to_string()
}
