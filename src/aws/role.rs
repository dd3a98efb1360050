//! Assumes a role with the credentials of another provider, asking a person for a code where the role wants one.
//!
//! A user's own keys open one session for the device, from which all its roles are assumed; session credentials cannot, so
//! there each role takes a code of its own.

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result as CredentialsResult, SharedCredentialsProvider, future,
};
use aws_sdk_sts::Client;
use aws_sdk_sts::types::Credentials as StsCredentials;

use super::chain::Role;
use super::clients::Clients;
use super::device::Device;
use super::error::{Asked, plain};
use crate::model::text::Untrusted;
use crate::ports::{ApiError, ApiErrorKind, MfaPrompt, MfaRequest};

const ACTION: &str = "sts:AssumeRole";
const OPENING: &str = "sts:GetSessionToken";

/// A role, and how to assume it.
pub(super) struct Assume {
    /// The client that signs with the credentials the role is assumed with.
    pub client: Client,
    /// Makes clients for other credentials.
    pub clients: Clients,
    /// The device's session, where one can be opened.
    pub device: Option<Arc<Device>>,
    pub role: Role,
    /// The session's name where the profile gives none.
    pub session_name: String,
    /// What the session is narrowed to.
    pub policy: Option<String>,
    pub mfa: Option<Arc<dyn MfaPrompt>>,
    /// The account's name, for the question.
    pub account: String,
    /// The command that reads this account alone, and asks.
    pub asking: String,
    /// The command that logs in to the base again.
    pub login: Option<String>,
    pub patience: std::time::Duration,
}

impl std::fmt::Debug for Assume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Assume").field(&self.role.arn).finish()
    }
}

impl ProvideCredentials for Assume {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.credentials().await.map_err(CredentialsError::provider_error) })
    }
}

impl Assume {
    async fn credentials(&self) -> Result<Credentials, ApiError> {
        let Some(serial) = &self.role.mfa_serial else {
            return self.assume(&self.client, None).await;
        };
        if let Some(device) = &self.device
            && let Some(session) = device.session(|| self.open(serial)).await?
        {
            let client = self.clients.sts(SharedCredentialsProvider::new(session));
            let assumed = self.assume(&client, None).await;
            if assumed.as_ref().is_err_and(|e| e.kind == ApiErrorKind::Credentials) {
                device.forget().await;
            }
            return assumed;
        }
        let code = self.ask(serial).await?;
        self.assume(&self.client, Some((serial, code))).await
    }

    /// Opens a session for the device; none where the user may not have one.
    async fn open(&self, serial: &str) -> Result<Option<Credentials>, ApiError> {
        let code = self.ask(serial).await?;
        let answer = self
            .client
            .get_session_token()
            .serial_number(serial)
            .token_code(code)
            .send()
            .await;
        let error = match answer {
            Ok(answer) => return held(answer.credentials, OPENING).map(Some),
            Err(error) => self.asked(OPENING).failed(&error),
        };
        match about_the_code(&error, OPENING) {
            Some(refusal) => Err(refusal),
            None if error.kind == ApiErrorKind::Denied => Ok(None),
            None => Err(error),
        }
    }

    async fn assume(&self, client: &Client, code: Option<(&String, String)>) -> Result<Credentials, ApiError> {
        let (serial, code) = code.unzip();
        let session_name = self.role.session_name.as_deref().unwrap_or(&self.session_name);
        let answer = client
            .assume_role()
            .role_arn(&self.role.arn)
            .role_session_name(session_name)
            .set_external_id(self.role.external_id.clone())
            .set_duration_seconds(self.role.seconds)
            .set_policy(self.policy.clone())
            .set_serial_number(serial.cloned())
            .set_token_code(code)
            .send()
            .await
            .map_err(|error| self.explain(self.asked(ACTION).failed(&error)))?;
        held(answer.credentials, ACTION)
    }

    fn asked(&self, action: &'static str) -> Asked<'_> {
        Asked {
            action,
            principal: None,
            login: self.login.as_deref(),
            patience: self.patience,
        }
    }

    /// STS says who may not assume which role; what to look at is the role's trust policy.
    fn explain(&self, mut error: ApiError) -> ApiError {
        if let Some(refusal) = about_the_code(&error, ACTION).filter(|_| self.role.mfa_serial.is_some()) {
            return refusal;
        }
        if error.kind == ApiErrorKind::Denied {
            let said = error.message.expose();
            let told = if said.contains(&self.role.arn) {
                ""
            } else {
                self.role.arn.as_str()
            };
            let message = format!("{said} {told} (see the role's trust policy, its external id and its MFA condition)");
            error.message = Untrusted::from(message);
        }
        error
    }

    async fn ask(&self, serial: &str) -> Result<String, ApiError> {
        let refuse = |message: String| plain(ACTION, ApiErrorKind::Credentials, message);
        let Some(prompt) = &self.mfa else {
            let mut refusal = refuse(format!(
                "the role {} wants an MFA code, and nobody may be asked for one here (--no-input, or no terminal)",
                self.role.arn
            ));
            refusal.remedy = Some(Untrusted::from(self.asking.as_str()));
            return Err(refusal);
        };
        let request = MfaRequest {
            account: Untrusted::from(self.account.as_str()),
            role: Untrusted::from(self.role.arn.as_str()),
            serial: Untrusted::from(serial),
        };
        let code = prompt.code(request).await.map(|code| code.trim().to_owned());
        match code {
            Some(code) if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) => Ok(code),
            Some(_) => Err(refuse("an MFA code has six digits".to_owned())),
            None => Err(refuse(format!("no MFA code was given for {serial}"))),
        }
    }
}

/// What is wrong with the code, where that is what STS complains of.
fn about_the_code(error: &ApiError, action: &'static str) -> Option<ApiError> {
    let said = error.message.expose();
    if error.kind != ApiErrorKind::Denied || !said.contains("MultiFactorAuthentication") {
        return None;
    }
    let message =
        format!("the MFA code was not accepted ({said}); a code works once: wait for the next code, then try again");
    Some(plain(action, ApiErrorKind::Credentials, message))
}

fn held(credentials: Option<StsCredentials>, action: &'static str) -> Result<Credentials, ApiError> {
    into_credentials(credentials).map_err(|_| plain(action, ApiErrorKind::Malformed, "the answer holds no credentials"))
}

fn into_credentials(credentials: Option<StsCredentials>) -> CredentialsResult {
    let given = credentials.ok_or_else(CredentialsError::not_loaded_no_source)?;
    let expires = given.expiration.try_into().map_err(CredentialsError::unhandled)?;
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        Some(expires),
        "STS",
    ))
}

/// `zonecut-USER`, of the characters that a session's name may have.
pub(super) fn session_name(user: Option<&str>) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "_=,.@-".contains(*c);
    let user: String = user.unwrap_or_default().chars().filter(allowed).take(40).collect();
    match user.as_str() {
        "" => "zonecut".to_owned(),
        user => format!("zonecut-{user}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_after_its_user() {
        assert_eq!(session_name(Some("ana")), "zonecut-ana");
        assert_eq!(session_name(Some("DOMAIN\\Ana Ü")), "zonecut-DOMAINAna");
        assert_eq!(session_name(None), "zonecut");
        assert!(session_name(Some(&"a".repeat(100))).len() <= 64);
    }
}
