//! From a chain to a provider of credentials: the base from the SDK, each role assumed from what comes before it.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::chain::{Base, Chain, Source};
use super::clients::Clients;
use super::method::{Seat, login_command, word};
use super::process::Process;
use super::role::Assume;
use super::setup::Setup;
use crate::config::{Access, AccountConfig};

/// The provider of an account's credentials, before anybody checked whose they are. Sessions of roles are narrowed by a policy.
pub(super) async fn provider(
    setup: &Setup,
    config: &AccountConfig,
    chain: &Chain,
    clients: &Clients,
    narrowed: &str,
) -> SharedCredentialsProvider {
    let mut provider = base(setup, config, &chain.base, clients).await;
    let last = chain.roles.len().saturating_sub(1);
    for (index, role) in chain.roles.iter().enumerate() {
        let serial = role.mfa_serial.as_deref().filter(|_| index == 0);
        provider = SharedCredentialsProvider::new(Assume {
            client: clients.sts(provider),
            clients: clients.clone(),
            device: serial.and_then(|serial| setup.device(&chain.base, serial, clients)),
            role: role.clone(),
            session_name: setup.session_name(),
            // A role on the way needs to assume the next one, so only the last is narrowed.
            policy: (index == last).then(|| narrowed.to_owned()),
            mfa: setup.options().mfa.clone(),
            account: config.name.clone(),
            asking: match config.profile() {
                Some(profile) => format!("zonecut scan --profile {}", word(profile)),
                None => format!("zonecut scan --account {}", word(&config.name)),
            },
            login: login_command(&chain.base, setup.seat()),
            patience: clients.patience(),
        });
    }
    provider
}

async fn base(setup: &Setup, config: &AccountConfig, base: &Base, clients: &Clients) -> SharedCredentialsProvider {
    let sdk = ProviderConfig::without_region()
        .with_region(Some(clients.region.clone()))
        .with_http_client(clients.transport.for_logins());
    match base {
        Base::Keys { profile } => SharedCredentialsProvider::new(keys(setup, profile)),
        Base::Process { command, .. } => SharedCredentialsProvider::new(Process {
            command: command.clone(),
            patience: setup.options().process_timeout,
            turns: setup.process_turns(),
        }),
        Base::Sso { profile, .. }
        | Base::SsoUrl { profile, .. }
        | Base::Console { profile, .. }
        | Base::WebIdentity { profile } => SharedCredentialsProvider::new(
            ProfileFileCredentialsProvider::builder()
                .configure(&sdk)
                .profile_files(setup.profile_files())
                .profile_name(profile)
                .build(),
        ),
        Base::Source { source, .. } => match source {
            Source::Environment => SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()),
            Source::Instance => {
                SharedCredentialsProvider::new(ImdsCredentialsProvider::builder().configure(&sdk).build())
            }
            Source::Container => {
                SharedCredentialsProvider::new(EcsCredentialsProvider::builder().configure(&sdk).build())
            }
        },
        Base::Environment => {
            let chain = DefaultCredentialsChain::builder()
                .configure(sdk)
                .region(clients.region.clone());
            SharedCredentialsProvider::new(chain.build().await)
        }
        Base::Given => SharedCredentialsProvider::new(given(config)),
    }
}

fn keys(setup: &Setup, profile: &str) -> Credentials {
    let value = |key| setup.value(profile, key).map(str::to_owned);
    Credentials::new(
        value("aws_access_key_id").unwrap_or_default(),
        value("aws_secret_access_key").unwrap_or_default(),
        value("aws_session_token"),
        None,
        "profile",
    )
}

fn given(config: &AccountConfig) -> Credentials {
    match &config.access {
        Access::Keys(keys) => Credentials::new(
            &keys.access_key_id,
            keys.secret_access_key.expose(),
            keys.session_token.as_ref().map(|token| token.expose().to_owned()),
            None,
            "given",
        ),
        _ => Credentials::new("", "", None, None, "none"),
    }
}

/// Where the person sits, for the commands that open a browser.
pub(super) fn seat_of(ssh_connection: Option<&str>) -> Seat {
    match ssh_connection {
        Some(connection) if !connection.is_empty() => Seat::OverSsh,
        _ => Seat::Local,
    }
}
