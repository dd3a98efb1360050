//! `zonecut config init`: a first configuration, from the profiles of this machine. Nothing under ~/.aws is changed.

use std::path::Path;

use color_eyre::eyre::{Report, WrapErr as _};
use jiff::Timestamp;

use crate::aws::{FoundAccount, Options, Setup};
use crate::cli::args::InitArgs;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::printable_path;
use crate::config::AccountConfig;
use crate::config::init::{Existing, render, write};
use crate::model::account::Env;
use crate::model::text::printable;
use crate::report::text::count;

/// Writes a configuration with the accounts that were found.
pub async fn run(args: &InitArgs, path: &Path, console: &Console) -> Result<Exit, Report> {
    let is_there = path.symlink_metadata().is_ok();
    if is_there && !args.replace {
        return Err(
            Stop::new(Exit::Refused, format!("{} is there already", printable_path(path)))
                .next("see what holds: zonecut config show")
                .next("write a new one, and keep the old one beside it: zonecut config init --replace")
                .into(),
        );
    }
    let setup = Setup::load(Options::default()).await;
    let found = setup.discover(Timestamp::now());
    if found.accounts.is_empty() {
        return Err(nothing(&setup).into());
    }
    let accounts: Vec<AccountConfig> = found.accounts.iter().filter_map(best_of).collect();
    if is_there {
        let kept = path.with_extension("toml.old");
        std::fs::rename(path, &kept).wrap_err_with(|| format!("failed to keep {}", printable_path(&kept)))?;
        console.hint(&format!("the old one is {}", printable_path(&kept)));
    }
    save(path, &accounts)?;
    found.accounts.iter().for_each(|account| note(account, console));
    console.hint(&format!(
        "wrote {} with {}; see which logins work: zonecut accounts",
        printable_path(path),
        count(accounts.len(), "account")
    ));
    Ok(Exit::Done)
}

/// Writes a configuration with these accounts where there is none.
pub fn save(path: &Path, accounts: &[AccountConfig]) -> Result<(), Stop> {
    write(path, &render(accounts), Existing::Keep).map_err(|error| Stop::new(Exit::Failed, error.to_string()))
}

/// The account by its best profile, which looks least like one that may do everything.
pub fn best_of(found: &FoundAccount) -> Option<AccountConfig> {
    let mut config = found.to_config()?;
    if found.candidates.first().is_some_and(|best| best.env == Env::Prod) {
        config.env = Some("prod".to_owned());
    }
    Some(config)
}

fn note(found: &FoundAccount, console: &Console) {
    let Some((best, others)) = found.candidates.split_first() else {
        return;
    };
    let profile = printable(&best.profile);
    if best.looks_like_admin() {
        console.hint(&format!(
            "{profile} may do everything, by its name; a role that may only read is better: zonecut iam-policy --read"
        ));
    }
    if !others.is_empty() {
        let names: Vec<String> = others.iter().map(|other| printable(&other.profile)).collect();
        console.hint(&format!(
            "{profile} stands for its account, also reached by {}",
            names.join(", ")
        ));
    }
}

fn nothing(setup: &Setup) -> Stop {
    let stop = Stop::new(
        Exit::NoCredentials,
        "no login was found in ~/.aws/config or ~/.aws/credentials",
    );
    let stop = match setup.damage() {
        Some(damage) => stop.next(format!("the files cannot be read: {}", damage.printable())),
        None => stop,
    };
    stop.next("set one up: aws configure sso")
        .next("without an AWS account: zonecut demo")
}
