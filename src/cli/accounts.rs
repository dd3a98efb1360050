//! `zonecut accounts`: asks each account who it is and how many zones it has, and prints what mends those that do not answer.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use color_eyre::eyre::Report;
use futures_util::future::join_all;
use jiff::Timestamp;

use crate::aws::Account;
use crate::model::account::{Env, Problem};
use crate::model::text::Untrusted;
use crate::ports::{ApiError, Caller, Identity as _, LoginState, Route53 as _};
use crate::report::accounts::{AccountsReport, Login, READY};
use crate::report::head::{SCHEMA, timestamp};
use crate::report::{Document, Format, Outside, json, plain, table, text};

use super::console::Console;
use super::exit::Exit;
use super::gather::Reach;
use super::mfa::TerminalPrompt;
use super::output::{self, Output};
use super::settings::Settings;

/// Asks all chosen accounts and prints which logins work.
pub async fn run(settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let format = output::format(&settings.global, Document::Accounts)?;
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let reach = Reach::find(settings, TerminalPrompt::on(console)).await?;
    console.hide(reach.mask.as_ref());
    let now = Timestamp::now();
    let clients = reach.clients();
    let asked = clients.iter().map(|client| login(&reach, client, settings, now));
    let report = AccountsReport {
        schema: SCHEMA,
        generated_at: timestamp(now),
        endpoint_override: reach.endpoint_override().map(Outside::from),
        backdrop: reach.backdrop(),
        accounts: merged(join_all(asked).await),
    };
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::accounts(&report)),
        _ => text::accounts(&report, output.style),
    };
    output.write(&written, format, reach.mask.as_ref())?;
    let exit = exit_of(&report.accounts);
    if exit == Exit::NoCredentials {
        for remedy in report.accounts.iter().filter_map(|login| login.remedy.as_ref()) {
            console.line(&format!("run: {}", remedy.printable()));
        }
    }
    Ok(exit)
}

/// Names the twins: a login that leads to the account of an earlier one that works as well.
fn merged(mut logins: Vec<Login>) -> Vec<Login> {
    let mut first: HashMap<String, Outside> = HashMap::new();
    for login in logins.iter_mut().filter(|login| login.is_ready()) {
        let Some(id) = login.id.clone() else { continue };
        match first.entry(id) {
            Entry::Vacant(place) => drop(place.insert(login.name.clone())),
            Entry::Occupied(other) => login.same_as = Some(other.get().clone()),
        }
    }
    logins
}

fn exit_of(logins: &[Login]) -> Exit {
    match logins.iter().filter(|login| login.is_ready()).count() {
        ready if ready == logins.len() => Exit::Done,
        0 if logins.iter().all(|login| login.status == "no-credentials") => Exit::NoCredentials,
        _ => Exit::Incomplete,
    }
}

async fn login(reach: &Reach, client: &Account, settings: &Settings, now: Timestamp) -> Login {
    let config = client.config();
    let local = reach.setup.login(config, now);
    let patience = settings.config.scan.deadline;
    let (caller, zones) = match tokio::time::timeout(patience, ask(client)).await {
        Ok(asked) => asked,
        Err(_) => (None, Err(silence())),
    };
    let problem = zones.as_ref().err().cloned().map(Problem::from);
    let env = match config.env_class(reach.setup.color(config)) {
        Env::Prod => Some("PROD"),
        Env::NonProd | Env::Unknown => config.env.as_deref(),
    };
    let expires_at = match local.state {
        LoginState::Until(at) | LoginState::Expired(at) => Some(timestamp(at)),
        LoginState::Renewable | LoginState::Missing | LoginState::Untold => None,
    };
    Login {
        name: Outside::from(&reach.told_name(client.place(), &config.name.as_str().into())),
        id: caller
            .as_ref()
            .map(|c| c.account)
            .or(config.id)
            .map(|id| id.to_string()),
        profile: config.profile().map(Outside::from),
        env: env.map(Outside::from),
        how: Outside::from(&local.how),
        expires_at,
        status: problem.as_ref().map_or(READY, |problem| problem.kind.word()),
        arn: caller.as_ref().map(|caller| Outside::from(&caller.arn)),
        expected_zones: zones.ok(),
        same_as: None,
        error: problem.as_ref().map(|p| Outside::from(&p.message)),
        remedy: problem.as_ref().and_then(|p| p.remedy.as_ref()).map(Outside::from),
        request_id: problem.as_ref().and_then(|p| p.request_id.as_ref()).map(Outside::from),
    }
}

async fn ask(client: &Account) -> (Option<Caller>, Result<u64, ApiError>) {
    match client.caller().await {
        Ok(caller) => (Some(caller), zones(client).await),
        Err(error) => (None, Err(error)),
    }
}

/// How many zones there are, if they may be listed as well: counting alone would make a login look ready that is not.
async fn zones(client: &Account) -> Result<u64, ApiError> {
    let count = client.zone_count().await?;
    client.zones(None).await.map(|_| count)
}

fn silence() -> ApiError {
    ApiError {
        action: "sts:GetCallerIdentity",
        kind: crate::ports::ApiErrorKind::Unavailable,
        code: None,
        message: Untrusted::from("no answer in the time allowed (--timeout)"),
        remedy: None,
        request_id: None,
    }
}
