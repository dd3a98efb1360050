//! What there is to log in with on this machine: the profiles, grouped by the account they lead to, for the first run.
//!
//! Nothing is asked over the network. Of several profiles of one account the one that looks read-only comes first.

use jiff::Timestamp;

use super::chain::{Base, Chain};
use super::setup::Setup;
use crate::config::AccountConfig;
use crate::model::account::{AccountId, Env};
use crate::ports::Login;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// The accounts, those with a known id first, in the order of their names.
    pub accounts: Vec<FoundAccount>,
    /// The number of profiles.
    pub profiles: usize,
    /// Whether variables give credentials (`AWS_ACCESS_KEY_ID`, a token file, a container's URI).
    pub environment: bool,
    /// The profile that `AWS_PROFILE` names.
    pub named_profile: Option<String>,
}

/// One account, and the profiles that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAccount {
    /// The id, where a profile tells it.
    pub id: Option<AccountId>,
    /// The ways to it, the best one first.
    pub candidates: Vec<Candidate>,
}

/// One profile as a way to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The profile's name.
    pub profile: String,
    /// The role's name, where one is known.
    pub role: Option<String>,
    /// How it is logged in.
    pub login: Login,
    /// The class of the environment, by colour and name.
    pub env: Env,
    rank: Rank,
}

/// How much a profile may do, as its names tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    ReadOnly,
    Plain,
    Admin,
}

impl Candidate {
    /// Whether its name, or its role's, says that it may do everything.
    pub fn looks_like_admin(&self) -> bool {
        self.rank == Rank::Admin
    }
}

impl FoundAccount {
    /// The configuration that reads it by its best profile.
    pub fn to_config(&self) -> Option<AccountConfig> {
        let best = self.candidates.first()?;
        let mut config = AccountConfig::from_profile(best.profile.as_str());
        config.id = self.id;
        Some(config)
    }
}

pub(super) fn discover(setup: &Setup, now: Timestamp) -> Discovery {
    let names = setup.profiles().names();
    let mut accounts: Vec<FoundAccount> = Vec::new();
    for name in &names {
        // A profile without credentials (a region, a colour) leads nowhere.
        let Ok(chain) = Chain::of_profile(setup.profiles(), name) else {
            continue;
        };
        let id = account_of(setup, name, &chain);
        let candidate = candidate(setup, name, &chain, now);
        match accounts.iter_mut().find(|a| id.is_some() && a.id == id) {
            Some(account) => account.candidates.push(candidate),
            None => accounts.push(FoundAccount {
                id,
                candidates: vec![candidate],
            }),
        }
    }
    for account in &mut accounts {
        account
            .candidates
            .sort_by(|a, b| (a.rank, &a.profile).cmp(&(b.rank, &b.profile)));
    }
    accounts.sort_by_key(|a| (a.id.is_none(), a.candidates.first().map(|c| c.profile.clone())));
    Discovery {
        profiles: names.len(),
        accounts,
        environment: ENVIRONMENT.iter().any(|name| setup.variable(name).is_some()),
        named_profile: setup.variable("AWS_PROFILE"),
    }
}

const ENVIRONMENT: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

fn candidate(setup: &Setup, profile: &str, chain: &Chain, now: Timestamp) -> Candidate {
    let config = AccountConfig::from_profile(profile);
    let role = role_of(setup, profile, chain);
    Candidate {
        rank: rank(profile, role.as_deref()),
        login: setup.login(&config, now),
        env: config.env_class(setup.color(&config)),
        profile: profile.to_owned(),
        role,
    }
}

/// The account that a profile leads to: that of its last role, else that of its base.
fn account_of(setup: &Setup, profile: &str, chain: &Chain) -> Option<AccountId> {
    let of_arn = |arn: &str| arn.split(':').nth(4)?.parse().ok();
    if let Some(role) = chain.roles.last() {
        return of_arn(&role.arn);
    }
    let value = |key| setup.value(profile, key);
    match &chain.base {
        Base::Sso { .. } | Base::SsoUrl { .. } => value("sso_account_id")?.parse().ok(),
        Base::Console { session, .. } => of_arn(session),
        Base::WebIdentity { .. } => of_arn(value("role_arn")?),
        _ => value("aws_account_id")?.parse().ok(),
    }
}

fn role_of(setup: &Setup, profile: &str, chain: &Chain) -> Option<String> {
    let of_arn = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    match chain.roles.last() {
        Some(role) => of_arn(&role.arn),
        None => setup
            .value(profile, "sso_role_name")
            .map(str::to_owned)
            .or_else(|| setup.value(profile, "role_arn").and_then(of_arn)),
    }
}

/// A role's name says more than a profile's.
fn rank(profile: &str, role: Option<&str>) -> Rank {
    let of_role = role.map_or(Rank::Plain, rank_of);
    if of_role == Rank::Plain {
        rank_of(profile)
    } else {
        of_role
    }
}

fn rank_of(name: &str) -> Rank {
    let squeezed: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let has = |parts: &[&str]| parts.iter().any(|part| squeezed.contains(part));
    let is_word = |word: &str| {
        name.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|w| w.eq_ignore_ascii_case(word))
    };
    if has(&["readonly", "viewonly", "audit", "reader"]) || is_word("ro") || is_word("read") || is_word("view") {
        Rank::ReadOnly
    } else if has(&["admin", "poweruser", "fullaccess", "owner"])
        || is_word("root")
        || is_word("rw")
        || is_word("write")
    {
        Rank::Admin
    } else {
        Rank::Plain
    }
}

#[cfg(test)]
mod tests;
