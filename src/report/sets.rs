//! `zonecut sets list`: the reusable delegation sets of each account.

use serde::Serialize;

use super::head::{SCHEMA, timestamp};
use super::outside::Outside;
use super::table::Table;
use crate::model::account::Account;
use crate::ports::ManagedSet;

/// The reusable delegation sets of all accounts.
#[derive(Debug, Clone, Serialize)]
pub struct SetsReport {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Whether every account could be asked.
    pub complete: bool,
    /// RFC 3339, UTC, whole seconds.
    pub generated_at: String,
    /// The URL that requests went to instead of AWS.
    pub endpoint_override: Option<Outside>,
    /// The accounts.
    pub accounts: Vec<AccountSets>,
}

/// Those of one account.
#[derive(Debug, Clone, Serialize)]
pub struct AccountSets {
    /// Twelve digits; none where the configuration does not state them.
    pub id: Option<String>,
    /// The name in the configuration.
    pub name: Outside,
    /// The sets.
    pub sets: Vec<SetLine>,
    /// Why it could not be asked.
    pub error: Option<Outside>,
}

/// One set.
#[derive(Debug, Clone, Serialize)]
pub struct SetLine {
    /// Its id.
    pub id: Outside,
    /// Its name servers.
    pub name_servers: Vec<String>,
}

impl SetsReport {
    /// The document.
    pub fn of(accounts: Vec<AccountSets>, at: jiff::Timestamp, endpoint_override: Option<String>) -> Self {
        Self {
            schema: SCHEMA,
            complete: accounts.iter().all(|account| account.error.is_none()),
            generated_at: timestamp(at),
            endpoint_override: endpoint_override.map(Outside::from),
            accounts,
        }
    }

    /// What could not be read, a sentence each.
    pub fn errors(&self) -> impl Iterator<Item = String> {
        self.accounts.iter().filter_map(|account| {
            let error = account.error.as_ref()?.printable();
            Some(format!("{} was not read: {error}", account.name.printable()))
        })
    }
}

impl AccountSets {
    /// Those of one account, or why they are not known.
    pub fn of(account: &Account, found: Result<Vec<ManagedSet>, String>) -> Self {
        let (sets, error) = match found {
            Ok(sets) => (sets, None),
            Err(error) => (Vec::new(), Some(Outside::from(error))),
        };
        let line = |set: &ManagedSet| SetLine {
            id: Outside::from(&set.id),
            name_servers: set.name_servers.iter().map(ToString::to_string).collect(),
        };
        Self {
            id: account.id.map(|id| id.to_string()),
            name: Outside::from(&account.name),
            sets: sets.iter().map(line).collect(),
            error,
        }
    }
}

/// A record for each set.
pub fn table(report: &SetsReport) -> Table {
    let rows = report.accounts.iter().flat_map(|account| {
        account.sets.iter().map(|set| {
            vec![
                account.name.printable(),
                account.id.clone().unwrap_or_else(|| "-".to_owned()),
                set.id.printable(),
                set.name_servers.join(" "),
            ]
        })
    });
    Table {
        header: &["account_name", "account", "id", "name_servers"],
        rows: rows.collect(),
    }
}
