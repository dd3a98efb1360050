//! `zonecut sets`: the reusable delegation sets of all accounts, by which name servers are known before a zone is created.

use color_eyre::eyre::Report;

use crate::model::account::{Account, AccountIx};
use crate::model::text::{Untrusted, printable};
use crate::plan::wish::{SetWish, Want};
use crate::ports::{Desk as _, Exact as _};
use crate::report::sets::{AccountSets, SetsReport};
use crate::report::{Document, Format, json, plain, sets, text};

use super::args::{SetsAction, SetsArgs, SetsCreateArgs, SetsDeleteArgs};
use super::change::{Bench, zone_id};
use super::console::Console;
use super::delegate::set_id;
use super::desk::{Desk, Hand};
use super::exit::Exit;
use super::gather::Reach;
use super::live::Asking;
use super::mfa::TerminalPrompt;
use super::output::{self, Output};
use super::settings::Settings;

/// Lists, makes or deletes reusable delegation sets.
pub async fn run(args: &SetsArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    match &args.action {
        SetsAction::List => list(settings, console).await,
        SetsAction::Create(args) => create(args, settings, console).await,
        SetsAction::Delete(args) => delete(args, settings, console).await,
    }
}

async fn create(args: &SetsCreateArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let want = Want::DelegationSet(SetWish::Create {
        account: Untrusted::from(args.in_account.as_str()),
        zone: args.zone.as_deref().map(zone_id).transpose()?,
    });
    let bench = Bench::open(settings, console, &args.plan.consent, Asking::Nobody).await?;
    bench.carry_out(want, &args.plan).await
}

async fn delete(args: &SetsDeleteArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let want = Want::DelegationSet(SetWish::Delete {
        account: Untrusted::from(args.in_account.as_str()),
        id: set_id(&args.id),
    });
    let bench = Bench::open(settings, console, &args.plan.consent, Asking::Nobody).await?;
    bench.carry_out(want, &args.plan).await
}

async fn list(settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let format = output::format(&settings.global, Document::Sets)?;
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let reach = Reach::find(settings, TerminalPrompt::on(console)).await?;
    console.hide(reach.mask.as_ref());
    let desk = Desk::of(settings, &reach, Hand::Planning)?;
    let mut accounts = Vec::new();
    for (place, account) in (0..).map(AccountIx).zip(reach.accounts()) {
        if reach.roster.chosen.contains(&place) {
            accounts.push(of_account(&desk, place, &account).await);
        }
    }
    let report = SetsReport::of(accounts, jiff::Timestamp::now(), reach.endpoint_override());
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&sets::table(&report)),
        _ => text::sets(&report, output.style),
    };
    if format != Format::Text {
        report.errors().for_each(|error| console.warn(&error));
    }
    output.write(&written, format, reach.mask.as_ref())?;
    Ok(match report.complete {
        true => Exit::Done,
        false => Exit::Incomplete,
    })
}

async fn of_account(desk: &Desk, place: AccountIx, account: &Account) -> AccountSets {
    let unreadable = || Err("it cannot be read".to_owned());
    let found = match desk.accounts.reader(place) {
        None => unreadable(),
        Some(reader) => reader
            .reusable_sets()
            .await
            .map_err(|error| printable(&error.to_string())),
    };
    AccountSets::of(account, found)
}
