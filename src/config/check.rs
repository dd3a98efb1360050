//! From the raw file to the checked [`Config`]: what one value alone cannot tell.

use toml::Spanned;

use super::account::{Access, AccountConfig};
use super::error::ConfigError;
use super::raw::{RawAccount, RawCache, RawCheck, RawConfig, RawDns, RawIgnore, RawScan, RawUi};
use super::{Cache, Check, Config, Dns, Ignore, Scan, Ui, overrides};

/// Reads a configuration: the text of the file called `source`, overridden by the variables that `variable` knows.
pub fn parse(text: &str, source: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    let mut raw: RawConfig = toml::from_str(text).map_err(|e| ConfigError::from_toml(source, text, &e))?;
    raw.overlay(overrides::read(variable)?);
    Ok(Config {
        read_only: raw.read_only.unwrap_or(Config::default().read_only),
        accounts: Accounts { text, source }.check(raw.accounts)?,
        scan: scan(&raw.scan),
        dns: dns(raw.dns),
        cache: cache(&raw.cache),
        ui: ui(&raw.ui),
        check: check(&raw.check),
        ignore: raw.ignore.into_iter().map(ignore).collect(),
    })
}

struct Accounts<'a> {
    text: &'a str,
    source: &'a str,
}

impl Accounts<'_> {
    fn check(&self, raw: Vec<Spanned<RawAccount>>) -> Result<Vec<AccountConfig>, ConfigError> {
        let mut accounts: Vec<AccountConfig> = Vec::with_capacity(raw.len());
        for entry in raw {
            let at = entry.span().start;
            let account = self.account(at, entry.into_inner())?;
            if accounts.iter().any(|other| other.name == account.name) {
                let problem = format!("two accounts are named \"{}\"", account.name);
                return Err(self.refuse(at, "name", problem, "give each account its own name"));
            }
            if let Some(twin) = accounts
                .iter()
                .find(|other| other.id.is_some() && other.id == account.id)
            {
                let problem = format!("\"{}\" and \"{}\" are the same account", twin.name, account.name);
                return Err(self.refuse(at, "id", problem, "keep one of them, or correct the id"));
            }
            accounts.push(account);
        }
        Ok(accounts)
    }

    fn account(&self, at: usize, raw: RawAccount) -> Result<AccountConfig, ConfigError> {
        if raw.name.trim().is_empty() {
            return Err(self.refuse(at, "name", "the name is empty", "give the account a name to be shown"));
        }
        let owner = raw.role_arn.as_ref().map(super::RoleArn::account);
        if let (Some(pinned), Some(owner)) = (raw.id, owner)
            && pinned != owner
        {
            let problem = format!("\"{}\" is pinned to {pinned}, but its role is one of {owner}", raw.name);
            return Err(self.refuse(at, "role_arn", problem, "correct the id or the role"));
        }
        Ok(AccountConfig {
            id: raw.id.or(owner),
            access: self.access(at, &raw)?,
            name: raw.name,
            env: raw.env,
            read_only: raw.read_only,
            write_profile: raw.write_profile,
        })
    }

    fn access(&self, at: usize, raw: &RawAccount) -> Result<Access, ConfigError> {
        let name = &raw.name;
        match (&raw.profile, &raw.role_arn) {
            (Some(_), Some(_)) => Err(self.refuse(
                at,
                "profile",
                format!("\"{name}\" has both profile and role_arn"),
                "keep profile, or rename it to source_profile if it is the one that assumes the role",
            )),
            (None, None) => Err(self.refuse(
                at,
                "profile",
                format!("\"{name}\" has no credentials"),
                "add profile = \"NAME\" of ~/.aws/config, or role_arn = \"arn:aws:iam::ID:role/NAME\"",
            )),
            (Some(_), None) if raw.source_profile.is_some() || raw.external_id.is_some() => Err(self.refuse(
                at,
                "source_profile",
                format!("\"{name}\" has source_profile or external_id, but no role_arn"),
                "add role_arn, or leave them to the profile in ~/.aws/config",
            )),
            (Some(profile), None) => Ok(Access::Profile(profile.clone())),
            (None, Some(role)) => Ok(Access::Role {
                role: role.clone(),
                source_profile: raw.source_profile.clone(),
                external_id: raw.external_id.clone(),
            }),
        }
    }

    fn refuse(&self, at: usize, key: &str, problem: impl Into<String>, next: &str) -> ConfigError {
        ConfigError::new(self.source, problem, next)
            .at(self.text, at)
            .of_key(format!("accounts.{key}"))
    }
}

fn scan(raw: &RawScan) -> Scan {
    let default = Scan::default();
    Scan {
        rps: raw.rps.unwrap_or(default.rps),
        burst: raw.burst.unwrap_or(default.burst),
        in_flight: raw.in_flight.unwrap_or(default.in_flight),
        deadline: raw.deadline.map_or(default.deadline, |age| age.0),
        request_timeout: raw.request_timeout.map_or(default.request_timeout, |age| age.0),
        connect_timeout: raw.connect_timeout.map_or(default.connect_timeout, |age| age.0),
        process_timeout: raw.process_timeout.map_or(default.process_timeout, |age| age.0),
    }
}

fn dns(raw: RawDns) -> Dns {
    let default = Dns::default();
    Dns {
        live: raw.live.unwrap_or(default.live),
        roots: raw.roots,
        trust_anchor: raw.trust_anchor,
        port: raw.port.unwrap_or(default.port),
        resolvers: raw.resolvers.unwrap_or(default.resolvers),
        doh: raw.doh.unwrap_or(default.doh),
        allow: raw.allow.unwrap_or(default.allow),
        ipv6: raw.ipv6.unwrap_or(default.ipv6),
        queries: raw.queries.unwrap_or(default.queries),
        deadline: raw.deadline.map_or(default.deadline, |age| age.0),
        rps: raw.rps.unwrap_or(default.rps),
        in_flight: raw.in_flight.unwrap_or(default.in_flight),
        own_rps: raw.own_rps.unwrap_or(default.own_rps),
        own_in_flight: raw.own_in_flight.unwrap_or(default.own_in_flight),
        total_rps: raw.total_rps.unwrap_or(default.total_rps),
    }
}

fn cache(raw: &RawCache) -> Cache {
    let default = Cache::default();
    Cache {
        enabled: raw.enabled.unwrap_or(default.enabled),
        max_age: raw.max_age.map_or(default.max_age, |age| age.0),
    }
}

fn ui(raw: &RawUi) -> Ui {
    let default = Ui::default();
    Ui {
        theme: raw.theme.unwrap_or(default.theme),
        glyphs: raw.glyphs.unwrap_or(default.glyphs),
        start_view: raw.start_view.unwrap_or(default.start_view),
        mouse: raw.mouse.unwrap_or(default.mouse),
        auto_refresh: raw.auto_refresh.unwrap_or(default.auto_refresh),
    }
}

fn check(raw: &RawCheck) -> Check {
    Check {
        fail_on: raw.fail_on.unwrap_or(Check::default().fail_on),
    }
}

fn ignore(raw: RawIgnore) -> Ignore {
    Ignore {
        code: raw.code,
        name: raw.name,
        reason: raw.reason,
        until: raw.until,
    }
}

#[cfg(test)]
mod tests;
