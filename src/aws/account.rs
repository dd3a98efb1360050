//! One account behind the ports: built on first use, and never read before its credentials were found to be its own.

use std::fmt;
use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_route53::Client;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;
use tokio::sync::OnceCell;

use super::chain::Chain;
use super::clients::Clients;
use super::error::{Asked, plain};
use super::method::{correction, login_command};
use super::policy::session_policy;
use super::provider::provider;
use super::session::{Held, Session, Signer, State};
use super::setup::Setup;
use crate::config::AccountConfig;
use crate::model::account::AccountIx;
use crate::model::text::Untrusted;
use crate::ports::{ApiError, ApiErrorKind, Caller, Identity, WriteError};

/// For how long credentials may take to come: at least a minute, where a person with a device is asked five.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
const PATIENCE_WITH_A_PERSON: std::time::Duration = std::time::Duration::from_secs(300);

/// One AWS account. Cloning shares its credentials.
#[derive(Clone)]
pub struct Account(Arc<Inner>);

struct Inner {
    setup: Setup,
    place: AccountIx,
    config: AccountConfig,
    /// What the sessions of its roles are narrowed to.
    policy: String,
    opened: OnceCell<Opened>,
}

/// What is built on first use.
pub(super) struct Opened {
    chain: Chain,
    pub session: Arc<Session>,
    pub clients: Clients,
    pub route53: Client,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Account").field(&self.0.config.name).finish()
    }
}

impl Account {
    pub(super) fn new(setup: Setup, place: AccountIx, config: AccountConfig) -> Self {
        Self::narrowed(setup, place, config, session_policy())
    }

    /// The same with another policy for the sessions of its roles.
    pub(super) fn narrowed(setup: Setup, place: AccountIx, config: AccountConfig, policy: String) -> Self {
        Self(Arc::new(Inner {
            setup,
            place,
            config,
            policy,
            opened: OnceCell::new(),
        }))
    }

    /// Its place in the inventory.
    pub fn place(&self) -> AccountIx {
        self.0.place
    }

    /// Its configuration.
    pub fn config(&self) -> &AccountConfig {
        &self.0.config
    }

    /// The URL that replaces AWS's own; none where AWS itself is asked.
    pub fn endpoint_override(&self) -> Option<String> {
        self.0.setup.endpoint_override(&self.0.config)
    }

    async fn opened(&self) -> Result<&Opened, ApiError> {
        self.0.opened.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Opened, ApiError> {
        let (setup, config) = (&self.0.setup, &self.0.config);
        let chain = setup.chain(config).map_err(|broken| self.broken(&broken.to_string()))?;
        let clients = setup.clients(self.0.place, config, &chain);
        let session = Arc::new(Session {
            source: provider(setup, config, &chain, &clients, &self.0.policy).await,
            pinned: config.id,
            login: login_command(&chain.base, setup.seat()),
            correction: correction(&chain),
            patience: if chain.needs_mfa() {
                PATIENCE_WITH_A_PERSON
            } else {
                // A program may have to wait for its turn.
                PATIENCE.max(setup.options().process_timeout.saturating_mul(2))
            },
            state: State::default().into(),
            clients: clients.clone(),
        });
        let signer = Signer(Arc::clone(&session));
        Ok(Opened {
            chain,
            session,
            route53: clients.route53(SharedCredentialsProvider::new(signer)),
            clients,
        })
    }

    fn broken(&self, message: &str) -> ApiError {
        let message = match self.0.setup.damage() {
            Some(damage) => format!("{message}; the files cannot be read: {}", damage.expose()),
            None => message.to_owned(),
        };
        let mut error = plain("sts:GetCallerIdentity", ApiErrorKind::Credentials, message);
        error.remedy =
            self.0.config.profile().map(|profile| {
                Untrusted::from(format!("aws configure sso --profile {}", super::method::word(profile)))
            });
        error
    }

    /// The client, with credentials that were found to be this account's.
    pub(super) async fn ready(&self) -> Result<(&Opened, Held), ApiError> {
        let opened = self.opened().await?;
        let login = || self.0.setup.login_state(&opened.chain.base, Timestamp::now());
        let held = opened.session.held(login).await?;
        Ok((opened, held))
    }

    /// What the SDK's error means, for a request that this caller signed.
    pub(super) async fn failed<E>(
        &self,
        action: &'static str,
        opened: &Opened,
        caller: &Caller,
        error: SdkError<E, HttpResponse>,
    ) -> ApiError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let error = self.asked(action, opened, caller).failed(&error);
        if error.kind == ApiErrorKind::Credentials {
            opened.session.forget().await;
        }
        error
    }

    /// What the SDK's error means, for a request that would change something.
    pub(super) async fn not_made<E>(
        &self,
        action: &'static str,
        opened: &Opened,
        caller: &Caller,
        error: SdkError<E, HttpResponse>,
    ) -> WriteError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let error = self.asked(action, opened, caller).not_made(&error);
        if error.error().kind == ApiErrorKind::Credentials {
            opened.session.forget().await;
        }
        error
    }

    fn asked<'a>(&self, action: &'static str, opened: &'a Opened, caller: &'a Caller) -> Asked<'a> {
        Asked {
            action,
            principal: Some(&caller.arn),
            login: opened.session.login.as_deref(),
            patience: self.0.setup.options().request_timeout,
        }
    }
}

impl Identity for Account {
    async fn caller(&self) -> Result<Caller, ApiError> {
        let (_, held) = self.ready().await?;
        Ok(held.caller)
    }
}
