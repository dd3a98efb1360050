//! Which accounts are read: those of the flags, else of the configuration, else of the environment; never all for want of one.

use std::collections::BTreeSet;

use crate::aws::Discovery;
use crate::config::{Access, AccountConfig};
use crate::model::account::AccountIx;
use crate::model::text::printable;

use super::args::Global;
use super::exit::{Exit, Stop};

/// The accounts there are, and those of them that are read in this run.
#[derive(Debug, Clone)]
pub struct Roster {
    /// All accounts; an account's place is its `AccountIx`.
    pub accounts: Vec<AccountConfig>,
    /// Those that are read; the others are shown as not read.
    pub chosen: BTreeSet<AccountIx>,
}

impl Roster {
    /// The accounts that the flags, the configuration and the environment name.
    pub fn of(global: &Global, configured: &[AccountConfig], found: &Discovery) -> Result<Self, Stop> {
        let accounts = if !global.profile.is_empty() {
            by_profile(&global.profile, configured)
        } else if !configured.is_empty() {
            configured.to_vec()
        } else if let Some(profile) = &found.named_profile {
            vec![AccountConfig::from_profile(profile.as_str())]
        } else if found.environment {
            vec![AccountConfig::new("environment", Access::Environment)]
        } else {
            return Err(nothing(found));
        };
        let chosen = choose(&accounts, &global.account)?;
        Ok(Self { accounts, chosen })
    }

    /// All of these accounts, or those that the flags name.
    pub fn all(global: &Global, accounts: Vec<AccountConfig>) -> Result<Self, Stop> {
        let chosen = choose(&accounts, &global.account)?;
        Ok(Self { accounts, chosen })
    }
}

fn by_profile(profiles: &[String], configured: &[AccountConfig]) -> Vec<AccountConfig> {
    let mut accounts: Vec<AccountConfig> = Vec::new();
    for profile in profiles {
        let known = configured.iter().find(|a| a.profile() == Some(profile));
        let account = known
            .cloned()
            .unwrap_or_else(|| AccountConfig::from_profile(profile.as_str()));
        if !accounts.iter().any(|other| other.name == account.name) {
            accounts.push(account);
        }
    }
    accounts
}

fn choose(accounts: &[AccountConfig], wanted: &[String]) -> Result<BTreeSet<AccountIx>, Stop> {
    let places = || (0..).map(AccountIx).zip(accounts);
    if wanted.is_empty() {
        return Ok(places().map(|(place, _)| place).collect());
    }
    let mut chosen = BTreeSet::new();
    for word in wanted {
        let named = |account: &AccountConfig| account.name == *word || account.id.is_some_and(|id| id.as_str() == word);
        let found = places().find(|(_, account)| named(account));
        let (place, _) = found.ok_or_else(|| {
            let names: Vec<String> = accounts.iter().map(|a| printable(&a.name)).collect();
            Stop::usage(format!("there is no account {}", printable(word)))
                .next(format!("the accounts are: {}", names.join(", ")))
        })?;
        chosen.insert(place);
    }
    Ok(chosen)
}

fn nothing(found: &Discovery) -> Stop {
    let stop = Stop::new(Exit::NoCredentials, "no AWS account is configured");
    let stop = match found.accounts.len() {
        0 => stop.next("no profile was found in ~/.aws/config either; set one up with: aws configure sso"),
        _ => stop
            .next(format!(
                "write a configuration with the {} that were found: zonecut config init",
                crate::report::text::count(found.accounts.len(), "login")
            ))
            .next("or name a profile: --profile NAME, or AWS_PROFILE"),
    };
    stop.next("after that: zonecut config init")
        .next("without an AWS account: zonecut demo")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(named: Option<&str>, environment: bool) -> Discovery {
        Discovery {
            accounts: Vec::new(),
            profiles: 0,
            environment,
            named_profile: named.map(str::to_owned),
        }
    }

    fn names(roster: &Roster) -> Vec<&str> {
        roster.accounts.iter().map(|a| a.name.as_str()).collect()
    }

    #[test]
    fn nothing_named_is_nothing_and_the_next_step_is_said() {
        let stop = Roster::of(&Global::default(), &[], &found(None, false)).expect_err("nothing to read");
        assert_eq!(stop.exit, Exit::NoCredentials);
        let next = stop.next.join("\n");
        assert!(
            next.contains("zonecut config init") && next.contains("zonecut demo"),
            "{next}"
        );
    }

    #[test]
    fn flags_win_over_the_configuration_and_that_over_the_environment() {
        let configured = [AccountConfig::from_profile("a"), AccountConfig::from_profile("b")];
        let global = |profiles: &[&str]| Global {
            profile: profiles.iter().map(|p| (*p).to_owned()).collect(),
            ..Global::default()
        };
        let all = found(Some("named"), true);
        let roster = Roster::of(&global(&["b", "c"]), &configured, &all).expect("named");
        assert_eq!(names(&roster), ["b", "c"]);
        assert_eq!(
            names(&Roster::of(&global(&[]), &configured, &all).expect("two")),
            ["a", "b"]
        );
        assert_eq!(names(&Roster::of(&global(&[]), &[], &all).expect("one")), ["named"]);
        let variables = found(None, true);
        assert_eq!(
            names(&Roster::of(&global(&[]), &[], &variables).expect("one")),
            ["environment"]
        );
    }

    #[test]
    fn an_account_that_is_not_chosen_is_still_one_of_the_organisation() {
        let global = Global {
            account: vec!["b".into()],
            ..Global::default()
        };
        let configured = vec![AccountConfig::from_profile("a"), AccountConfig::from_profile("b")];
        let roster = Roster::all(&global, configured.clone()).expect("b is there");
        assert_eq!(roster.accounts.len(), 2);
        assert_eq!(roster.chosen, BTreeSet::from([AccountIx(1)]));
        let global = Global {
            account: vec!["c".into()],
            ..Global::default()
        };
        assert_eq!(Roster::all(&global, configured).expect_err("no c").exit, Exit::Usage);
    }
}
