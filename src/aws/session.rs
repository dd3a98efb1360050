//! The credentials of one account: loaded once, found to belong to the pinned account, kept until shortly before their end.
//!
//! Invariant: no credentials leave this file before `GetCallerIdentity` named the account they belong to, and new ones are
//! asked about anew. So nothing of a wrong account is ever read.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::result::ConnectorError;
use tokio::sync::Mutex;

use super::clients::Clients;
use super::error::{Asked, in_chain, innermost, plain};
use super::guard::NotAllowed;
use crate::model::account::AccountId;
use crate::model::text::Untrusted;
use crate::ports::{ApiError, ApiErrorKind, Caller, LoginState};

const ACTION: &str = "sts:GetCallerIdentity";
/// Credentials are renewed this long before they end.
const MARGIN: Duration = Duration::from_secs(60);

/// The credentials of one account.
#[derive(Debug)]
pub(super) struct Session {
    pub source: SharedCredentialsProvider,
    pub clients: Clients,
    pub pinned: Option<AccountId>,
    /// The command that logs in again.
    pub login: Option<String>,
    /// The command that leads the profile to another account.
    pub correction: Option<String>,
    /// For how long credentials may take to come: longer where a person is asked.
    pub patience: Duration,
    pub state: Mutex<State>,
}

/// What is held, or what went wrong last.
#[derive(Debug, Default)]
pub(super) struct State {
    held: Option<Held>,
    failed: Option<(Instant, ApiError)>,
    /// The account that was found first: later credentials must be its, even where none is pinned.
    found: Option<AccountId>,
}

/// Credentials, and whose they are.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub credentials: Credentials,
    pub caller: Caller,
}

impl Session {
    /// Whose credentials these are; loads them where there are none, and refuses those of another account.
    pub(super) async fn held(&self, login: impl Fn() -> LoginState) -> Result<Held, ApiError> {
        let asked = Instant::now();
        let mut state = self.state.lock().await;
        if let Some(held) = state.held.as_ref().filter(|held| is_fresh(&held.credentials)) {
            return Ok(held.clone());
        }
        // Whoever waited for a failing load gets its failure, instead of loading once more.
        if let Some((_, error)) = state.failed.as_ref().filter(|(at, _)| *at >= asked) {
            return Err(error.clone());
        }
        state.held = None;
        match self.load(login(), self.pinned.or(state.found)).await {
            Ok(held) => {
                *state = State {
                    found: Some(held.caller.account),
                    held: Some(held.clone()),
                    failed: None,
                };
                Ok(held)
            }
            Err(error) => {
                state.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// Forgets the credentials, for AWS does not take them any more.
    pub(super) async fn forget(&self) {
        self.state.lock().await.held = None;
    }

    async fn load(&self, login: LoginState, expected: Option<AccountId>) -> Result<Held, ApiError> {
        self.refuse_lapsed(login)?;
        let loading = self.source.provide_credentials();
        let credentials = match tokio::time::timeout(self.patience, loading).await {
            Ok(Ok(credentials)) => credentials,
            Ok(Err(error)) => return Err(self.not_loaded(&error)),
            Err(_) => return Err(self.lapsed(format!("no credentials within {:?}", self.patience))),
        };
        let caller = self.identify(&credentials).await?;
        self.refuse_stranger(expected, &caller)?;
        Ok(Held { credentials, caller })
    }

    /// An expired login is told from its file, so it costs no request.
    fn refuse_lapsed(&self, login: LoginState) -> Result<(), ApiError> {
        match login {
            LoginState::Expired(at) => Err(self.lapsed(format!("the login expired at {at}"))),
            LoginState::Missing => Err(self.lapsed("nobody is logged in".to_owned())),
            LoginState::Until(_) | LoginState::Renewable | LoginState::Untold => Ok(()),
        }
    }

    fn lapsed(&self, message: String) -> ApiError {
        let mut error = plain(ACTION, ApiErrorKind::Credentials, message);
        error.remedy = self.login.as_deref().map(Untrusted::from);
        error
    }

    fn not_loaded(&self, error: &CredentialsError) -> ApiError {
        if let Some(known) = in_chain::<ApiError>(error) {
            return known.clone();
        }
        if let Some(refusal) = in_chain::<NotAllowed>(error) {
            return plain(ACTION, ApiErrorKind::Refused, refusal.to_string());
        }
        match error {
            CredentialsError::CredentialsNotLoaded(_) => self.lapsed("no credentials were found".to_owned()),
            CredentialsError::ProviderError(_) if is_line_broken(error) => {
                let message = format!("the credentials could not be fetched: {}", innermost(error));
                plain(ACTION, ApiErrorKind::Unavailable, message)
            }
            _ => self.lapsed(innermost(error)),
        }
    }

    fn refuse_stranger(&self, expected: Option<AccountId>, caller: &Caller) -> Result<(), ApiError> {
        let Some(expected) = expected.filter(|expected| *expected != caller.account) else {
            return Ok(());
        };
        let message = format!(
            "the credentials belong to account {}, but {expected} is expected; nothing of it was read or written ({}). \
             Correct the profile, or the id in the configuration: `zonecut config path` says where that lies",
            caller.account,
            caller.arn.expose()
        );
        let mut error = plain(ACTION, ApiErrorKind::WrongAccount, message);
        error.remedy = self.correction.as_deref().map(Untrusted::from);
        Err(error)
    }

    /// Whose credentials these are, asked anew; refused where they are no longer those of the account they were.
    pub(super) async fn ask_again(&self, held: &Held) -> Result<Caller, ApiError> {
        let expected = Some(self.pinned.unwrap_or(held.caller.account));
        let asked = match self.identify(&held.credentials).await {
            Ok(caller) => self.refuse_stranger(expected, &caller).map(|()| caller),
            Err(error) => Err(error),
        };
        if asked.is_err() {
            self.forget().await;
        }
        asked
    }

    async fn identify(&self, credentials: &Credentials) -> Result<Caller, ApiError> {
        let client = self.clients.sts(SharedCredentialsProvider::new(credentials.clone()));
        let asked = Asked {
            action: ACTION,
            principal: None,
            login: self.login.as_deref(),
            patience: self.clients.patience(),
        };
        let answer = client.get_caller_identity().send().await;
        let answer = answer.map_err(|error| asked.failed(&error))?;
        let malformed = || plain(ACTION, ApiErrorKind::Malformed, "the answer names no account");
        Ok(Caller {
            account: answer.account().and_then(|a| a.parse().ok()).ok_or_else(malformed)?,
            arn: answer.arn().map(Untrusted::from).ok_or_else(malformed)?,
        })
    }
}

/// A login that could not be asked for is not a login that lapsed: trying again may help.
fn is_line_broken(error: &CredentialsError) -> bool {
    in_chain::<ConnectorError>(error).is_some_and(|e| e.is_io() || e.is_timeout())
}

pub(super) fn is_fresh(credentials: &Credentials) -> bool {
    credentials.expiry().is_none_or(|end| SystemTime::now() + MARGIN < end)
}

/// Signs with what the session holds.
#[derive(Debug, Clone)]
pub(super) struct Signer(pub Arc<Session>);

impl ProvideCredentials for Signer {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let held = self.0.held(|| LoginState::Untold).await;
            held.map(|held| held.credentials)
                .map_err(CredentialsError::provider_error)
        })
    }
}
