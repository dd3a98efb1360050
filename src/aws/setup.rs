//! The AWS set-up of this machine: its profiles, variables and token caches, read once and shared by all accounts.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_route53::config::Region;
use aws_types::os_shim_internal::Env;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::chain::{Base, Broken, Chain, Role};
use super::clients::Clients;
use super::device::{Device, Devices};
use super::discover::Discovery;
use super::endpoint::{self, Service};
use super::method::{self, Seat};
use super::policy::Partition;
use super::profiles::Profiles;
use super::provider::seat_of;
use super::role::session_name;
use super::token::Caches;
use super::transport::{Reach, Transport};
use super::watch::Watch;
use super::{Account, discover};
use crate::config::{Access, AccountConfig, Scan};
use crate::model::account::AccountIx;
use crate::model::text::Untrusted;
use crate::ports::{AttemptSink, Login, LoginState, MfaPrompt};

/// How many programs of `credential_process` run at once.
const PROCESSES: usize = 4;

/// What the composition root decides.
#[derive(Clone)]
pub struct Options {
    /// After how long a connection attempt is given up.
    pub connect_timeout: Duration,
    /// After how long a request is given up.
    pub request_timeout: Duration,
    /// After how long the program of a `credential_process` is ended.
    pub process_timeout: Duration,
    /// Where each request that is sent is noted.
    pub attempts: Option<AttemptSink>,
    /// Who asks for MFA codes; none where nobody can be asked.
    pub mfa: Option<Arc<dyn MfaPrompt>>,
}

impl Default for Options {
    fn default() -> Self {
        Self::from(&Scan::default())
    }
}

impl From<&Scan> for Options {
    fn from(scan: &Scan) -> Self {
        Self {
            connect_timeout: scan.connect_timeout,
            request_timeout: scan.request_timeout,
            process_timeout: scan.process_timeout,
            attempts: None,
            mfa: None,
        }
    }
}

/// The AWS set-up of this machine. Cloning shares it.
#[derive(Clone)]
pub struct Setup(Arc<Shared>);

struct Shared {
    options: Options,
    profile_files: EnvConfigFiles,
    profiles: Profiles,
    /// Why the profiles could not be read.
    damage: Option<String>,
    variables: Env,
    caches: Caches,
    transport: Transport,
    process_turns: Arc<Semaphore>,
    devices: Devices,
}

impl Setup {
    /// Reads the set-up of this machine.
    pub async fn load(options: Options) -> Self {
        Self::from_shims(options, EnvConfigFiles::default(), Env::real()).await
    }

    /// A set-up that is described instead of read: the variables, and the files by their paths.
    ///
    /// Token files, and what the SDK reads of the variables by itself, are still those of the real machine.
    pub async fn described(options: Options, variables: &[(&str, &str)], files: &[(&str, &str)]) -> Self {
        // The SDK wants at least one file.
        let mut profile_files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "");
        for (path, content) in files {
            let kind = match path.ends_with("credentials") {
                true => EnvConfigFileKind::Credentials,
                false => EnvConfigFileKind::Config,
            };
            profile_files = profile_files.with_contents(kind, *content);
        }
        Self::from_shims(options, profile_files.build(), Env::from_slice(variables)).await
    }

    async fn from_shims(options: Options, profile_files: EnvConfigFiles, variables: Env) -> Self {
        let (profiles, damage) = match Profiles::load(&profile_files, &variables).await {
            Ok(profiles) => (profiles, None),
            Err(damage) => (Profiles::default(), Some(damage)),
        };
        let home = aws_runtime::fs_util::home_dir(&variables, aws_runtime::fs_util::Os::real());
        let login_directory = variables.get("AWS_LOGIN_CACHE_DIRECTORY").ok();
        let guarded = variables.get("ZONECUT_TEST").is_ok() || std::env::var_os("ZONECUT_TEST").is_some();
        Self(Arc::new(Shared {
            options,
            profile_files,
            profiles,
            damage,
            caches: Caches::of(home.as_deref(), login_directory.as_deref()),
            variables,
            transport: Transport::new(if guarded { Reach::Loopback } else { Reach::Anywhere }),
            process_turns: Arc::new(Semaphore::new(PROCESSES)),
            devices: Devices::default(),
        }))
    }

    /// An account at a place of the inventory; nothing is asked before its first use.
    pub fn account(&self, place: AccountIx, config: &AccountConfig) -> Account {
        Account::new(self.clone(), place, config.clone())
    }

    /// The URL that replaces AWS's own for an account, without user and password; none where AWS itself is asked.
    pub fn endpoint_override(&self, config: &AccountConfig) -> Option<String> {
        self.endpoint(config, Service::Route53)
            .or_else(|| self.endpoint(config, Service::Sts))
            .map(|url| endpoint::shown(&url))
    }

    /// All URLs that replace AWS's own for an account.
    pub(super) fn endpoints(&self, config: &AccountConfig) -> impl Iterator<Item = String> + use<> {
        let services = [Service::Route53, Service::Sts];
        services
            .map(|service| self.endpoint(config, service))
            .into_iter()
            .flatten()
    }

    /// How an account is logged in to, as far as files tell it.
    pub fn login(&self, config: &AccountConfig, now: Timestamp) -> Login {
        match self.chain(config) {
            Ok(chain) => {
                let state = self.login_state(&chain.base, now);
                Login {
                    how: Untrusted::from(method::words(&chain)),
                    state,
                    remedy: method::login_command(&chain.base, self.seat()).map(Untrusted::from),
                }
            }
            Err(broken) => Login {
                how: Untrusted::from(broken.to_string()),
                state: LoginState::Missing,
                remedy: None,
            },
        }
    }

    /// What makes up a login, without a secret: two logins with the same one lead to the same account, as long as nobody
    /// changes it on the other side. None where this machine's files do not tell.
    pub fn login_key(&self, config: &AccountConfig) -> Option<String> {
        let chain = self.chain(config).ok()?;
        let value = |profile: &str, key| self.value(profile, key).unwrap_or_default().to_owned();
        let base = match &chain.base {
            Base::Keys { profile } => value(profile, "aws_access_key_id"),
            Base::Sso { profile, .. } | Base::SsoUrl { profile, .. } => {
                format!(
                    "{} {}",
                    value(profile, "sso_account_id"),
                    value(profile, "sso_role_name")
                )
            }
            Base::WebIdentity { profile } => value(profile, "role_arn"),
            Base::Process { .. } | Base::Console { .. } => String::new(),
            Base::Environment => self.variable("AWS_ACCESS_KEY_ID")?,
            Base::Source { .. } | Base::Given => return None,
        };
        let endpoint = self.endpoint_override(config);
        Some(format!("{:?} {base:?} {:?} {endpoint:?}", chain.base, chain.roles))
    }

    /// The file whose change means that somebody logged in again; a front end may watch it.
    pub fn login_file(&self, config: &AccountConfig) -> Option<PathBuf> {
        self.0.caches.file(&self.chain(config).ok()?.base)
    }

    /// The colour that a profile was given, which tells production by `red`.
    pub fn color(&self, config: &AccountConfig) -> Option<&str> {
        self.0.profiles.color(config.profile()?)
    }

    /// What there is to log in with on this machine.
    pub fn discover(&self, now: Timestamp) -> Discovery {
        discover::discover(self, now)
    }

    /// Why `~/.aws/config` or `~/.aws/credentials` cannot be read, in one line.
    pub fn damage(&self) -> Option<Untrusted> {
        self.0.damage.as_deref().map(Untrusted::from)
    }

    pub(super) fn options(&self) -> &Options {
        &self.0.options
    }

    /// The files of profiles, for the SDK's own providers.
    pub(super) fn profile_files(&self) -> EnvConfigFiles {
        self.0.profile_files.clone()
    }

    pub(super) fn profiles(&self) -> &Profiles {
        &self.0.profiles
    }

    pub(super) fn value(&self, profile: &str, key: &str) -> Option<&str> {
        self.0.profiles.value(profile, key)
    }

    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.0.variables.get(name).ok().filter(|v| !v.is_empty())
    }

    pub(super) fn process_turns(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.process_turns)
    }

    /// The device that roles are assumed with, where it goes with keys that can open a session: a user's own.
    pub(super) fn device(&self, base: &Base, serial: &str, clients: &Clients) -> Option<Arc<Device>> {
        let key = match base {
            Base::Keys { profile } if self.value(profile, "aws_session_token").is_none() => {
                self.value(profile, "aws_access_key_id")?.to_owned()
            }
            Base::Environment if self.variable("AWS_SESSION_TOKEN").is_none() => self.variable("AWS_ACCESS_KEY_ID")?,
            _ => return None,
        };
        let endpoint = &clients.sts_endpoint;
        Some(self.0.devices.device(format!("{key} {serial} {endpoint:?}")))
    }

    pub(super) fn seat(&self) -> Seat {
        seat_of(self.variable("SSH_CONNECTION").as_deref())
    }

    pub(super) fn session_name(&self) -> String {
        let user = self
            .variable("USER")
            .or_else(|| self.variable("LOGNAME"))
            .or_else(|| self.variable("USERNAME"));
        session_name(user.as_deref())
    }

    pub(super) fn login_state(&self, base: &Base, now: Timestamp) -> LoginState {
        self.0.caches.state(base, now)
    }

    /// How the credentials of an account come about.
    pub(super) fn chain(&self, config: &AccountConfig) -> Result<Chain, Broken> {
        let profiles = &self.0.profiles;
        match &config.access {
            Access::Profile(profile) => Chain::of_profile(profiles, profile),
            Access::Role {
                role,
                source_profile,
                external_id,
            } => {
                let mut chain = match source_profile {
                    Some(profile) => Chain::of_profile(profiles, profile)?,
                    None => self.environment(),
                };
                chain.roles.push(Role {
                    arn: role.as_str().to_owned(),
                    external_id: external_id.clone(),
                    ..Role::default()
                });
                Ok(chain)
            }
            Access::Environment => Ok(self.environment()),
            Access::Keys(_) => Ok(Chain {
                base: Base::Given,
                roles: Vec::new(),
            }),
        }
    }

    /// Keys in variables come first, as in the SDK; else a profile that `AWS_PROFILE` names is read as any other.
    fn environment(&self) -> Chain {
        let named = self
            .variable("AWS_PROFILE")
            .filter(|_| self.variable("AWS_ACCESS_KEY_ID").is_none());
        let chain = named.and_then(|profile| Chain::of_profile(&self.0.profiles, &profile).ok());
        chain.unwrap_or(Chain {
            base: Base::Environment,
            roles: Vec::new(),
        })
    }

    pub(super) fn clients(&self, place: AccountIx, config: &AccountConfig, chain: &Chain) -> Clients {
        let profile = self.profile(config);
        let partition = self.partition(config, chain);
        let region = endpoint::region(&self.0.profiles, &self.0.variables, &profile, partition);
        let fips = self
            .variable("AWS_USE_FIPS_ENDPOINT")
            .or_else(|| self.value(&profile, "use_fips_endpoint").map(str::to_owned));
        Clients {
            transport: self.0.transport.clone(),
            region: Region::new(region),
            route53_endpoint: self.endpoint(config, Service::Route53),
            sts_endpoint: self.endpoint(config, Service::Sts),
            connect_timeout: self.0.options.connect_timeout,
            request_timeout: self.0.options.request_timeout,
            use_fips: fips.map(|v| v.eq_ignore_ascii_case("true")),
            watch: self
                .0
                .options
                .attempts
                .clone()
                .map(|sink| Watch { account: place, sink }),
        }
    }

    /// The profile whose region and endpoints hold for an account.
    fn profile(&self, config: &AccountConfig) -> String {
        let named = config.profile().map(str::to_owned);
        named
            .or_else(|| self.variable("AWS_PROFILE"))
            .unwrap_or_else(|| "default".to_owned())
    }

    fn endpoint(&self, config: &AccountConfig, service: Service) -> Option<String> {
        match &config.access {
            Access::Keys(keys) => Some(keys.endpoint.clone()),
            _ => endpoint::overridden(&self.0.profiles, &self.0.variables, &self.profile(config), service),
        }
    }

    /// The partition of an account; the commercial regions where nothing tells.
    pub(super) fn partition_of(&self, config: &AccountConfig) -> Partition {
        let chain = self.chain(config).ok();
        chain
            .and_then(|chain| self.partition(config, &chain))
            .unwrap_or_default()
    }

    /// The partition that the account's own ARNs name, or the region of its SSO.
    fn partition(&self, config: &AccountConfig, chain: &Chain) -> Option<Partition> {
        if let Access::Role { role, .. } = &config.access {
            return Some(Partition::of(role.as_str()));
        }
        if let Some(role) = chain.roles.last() {
            return Some(Partition::of(&role.arn));
        }
        match &chain.base {
            Base::Console { session, .. } => Some(Partition::of(session)),
            Base::Sso { session, .. } => self.0.profiles.sso_value(session, "sso_region").map(Partition::of),
            Base::SsoUrl { profile, .. } => self.value(profile, "sso_region").map(Partition::of),
            _ => None,
        }
    }
}
