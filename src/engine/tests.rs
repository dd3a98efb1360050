//! The engine over a scripted account, in virtual time.

mod complete;
mod fake;
mod order;
mod owner;
mod storms;

use std::sync::Arc;
use std::time::Duration;

use super::limits::Limits;
use super::picture::Picture;
use super::scan::{Scan, Source};
use super::session::Session;
use super::wants::Audit;
use crate::model::account::{Account, AccountIx, AccountStatus, Env};
use crate::model::inventory::{Inventory, Reading, ZoneEntry};
use fake::Fake;

/// A scan of these accounts, about to be run.
fn session(accounts: &[Arc<Fake>], limits: Limits) -> Session {
    let picture = Picture::new(inventory(accounts), Audit::WhereNeeded);
    Session::new(picture, scan(accounts, limits))
}

fn inventory(accounts: &[Arc<Fake>]) -> Inventory {
    let listed = accounts.iter().map(|account| Account {
        name: account.name.as_str().into(),
        id: None,
        profile: None,
        env_label: None,
        env: Env::Unknown,
        status: AccountStatus::Waiting,
    });
    Inventory::new(listed.collect())
}

fn scan(accounts: &[Arc<Fake>], limits: Limits) -> Scan {
    let sources = accounts.iter().zip(0..).map(|(account, place)| Source {
        account: AccountIx(place),
        pinned: account.pinned,
        route53: Arc::clone(account),
        identity: Arc::clone(account),
    });
    Scan::seeded(sources.collect(), &limits, 7)
}

async fn run(session: &mut Session) {
    session.run_to_end(Duration::from_secs(3600), |_, _| {}).await;
}

/// Reads these accounts to the end.
async fn read(accounts: &[Arc<Fake>], limits: Limits) -> Session {
    let mut session = session(accounts, limits);
    run(&mut session).await;
    session
}

fn status(session: &Session, account: usize) -> &AccountStatus {
    &session.picture().inventory().accounts()[account].status
}

fn zone<'a>(session: &'a Session, name: &str) -> &'a ZoneEntry {
    let zones = session.picture().inventory().iter();
    zones
        .map(|(_, entry)| entry)
        .find(|entry| entry.zone.name.to_string() == name)
        .unwrap_or_else(|| panic!("no zone {name}"))
}

fn is_whole(entry: &ZoneEntry) -> bool {
    matches!(
        entry.records.as_ref().map(|held| &held.reading),
        Some(Reading::Whole(_))
    )
}

/// The names of zones whose record sets were not read in full.
fn unread(session: &Session) -> Vec<String> {
    let zones = session.picture().inventory().iter();
    zones
        .filter(|(_, entry)| !is_whole(entry))
        .map(|(_, entry)| entry.zone.name.to_string())
        .collect()
}

/// Whether an account has so many zones that were read.
fn zones_are_read(session: &Session, account: u32, zones: usize) -> bool {
    let inventory = session.picture().inventory();
    let of_account = inventory
        .iter()
        .filter(|(_, entry)| entry.zone.key.account == AccountIx(account));
    of_account.filter(|(_, entry)| is_whole(entry)).count() >= zones
}
