//! The first start, where nothing is configured: what was found on this machine, for the terminal program to offer.

use jiff::Timestamp;

use crate::aws::{Discovery, FoundAccount, Partition, Setup, read_policy};
use crate::config::AccountConfig;
use crate::model::text::Untrusted;
use crate::ports::LoginState;
use crate::report::text::count;
use crate::tui::launch::{Candidate, FirstRun, Found, Looked, Ticked};

use super::config::init::best_of;

/// What the first screen shows, and the account that each of its candidates stands for.
pub struct Offer {
    /// What is shown.
    pub shown: FirstRun,
    accounts: Vec<AccountConfig>,
}

impl Offer {
    /// What there is to offer.
    pub fn of(setup: &Setup, found: &Discovery, config_path: &std::path::Path) -> Self {
        let accounts: Vec<(AccountConfig, Candidate)> = found
            .accounts
            .iter()
            .filter_map(|account| Some((best_of(account)?, candidate(account)?)))
            .collect();
        let (accounts, candidates) = accounts.into_iter().unzip();
        Self {
            shown: FirstRun {
                looked: looked(setup, found),
                candidates,
                policy: read_policy(Partition::default()),
                config_path: Untrusted::from(config_path.to_string_lossy().into_owned()),
            },
            accounts,
        }
    }

    /// The accounts at these places of the candidates.
    pub fn chosen(&self, places: &[usize]) -> Vec<AccountConfig> {
        places
            .iter()
            .filter_map(|place| self.accounts.get(*place).cloned())
            .collect()
    }
}

fn looked(setup: &Setup, found: &Discovery) -> Vec<Looked> {
    let files = match setup.damage() {
        Some(damage) => (Found::No, damage),
        None if found.profiles == 0 => (Found::No, Untrusted::from("no profile")),
        None => (Found::Yes, Untrusted::from(count(found.profiles, "profile"))),
    };
    let environment = if found.environment {
        (Found::Yes, "credentials are given")
    } else {
        (Found::No, "no credentials")
    };
    vec![
        Looked {
            found: files.0,
            place: Untrusted::from("~/.aws/config and ~/.aws/credentials"),
            detail: files.1,
        },
        Looked {
            found: environment.0,
            place: Untrusted::from("environment variables"),
            detail: Untrusted::from(environment.1),
        },
    ]
}

fn candidate(found: &FoundAccount) -> Option<Candidate> {
    let best = found.candidates.first()?;
    let usable = best.login.state.is_usable();
    let note = match (&best.login.remedy, best.login.state, best.looks_like_admin()) {
        (Some(remedy), LoginState::Expired(_) | LoginState::Missing, _) => remedy.clone(),
        (_, _, true) => Untrusted::from("may do everything, by its name"),
        _ => Untrusted::default(),
    };
    Some(Candidate {
        name: Untrusted::from(best.profile.as_str()),
        id: found.id,
        how: best.login.how.clone(),
        env: best.env,
        note,
        ticked: if usable { Ticked::Yes } else { Ticked::No },
    })
}

/// How each account logs in, for the terminal program.
pub fn logins(setup: &Setup, accounts: &[AccountConfig]) -> Vec<Untrusted> {
    let now = Timestamp::now();
    accounts.iter().map(|account| setup.login(account, now).how).collect()
}
