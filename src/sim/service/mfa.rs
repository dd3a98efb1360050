//! Multi-factor devices: `GetSessionToken`, and codes that work once. Every code of six digits is right the first time.

use std::time::Duration;

use super::identity::{Principal, Session, asked};
use super::{Asked, Reply, Service, Token};
use crate::sim::api::ApiError;

/// For how long a device shows a code.
const SHOWN_FOR: Duration = Duration::from_secs(30);

/// `GetSessionToken`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionToken {
    /// `DurationSeconds`.
    pub seconds: Option<u64>,
    /// `SerialNumber` of an MFA device.
    pub serial_number: Option<String>,
    /// `TokenCode` of that device.
    pub token_code: Option<String>,
}

impl Service {
    /// `sts:GetSessionToken`: for users, not for sessions.
    pub fn session_token(&mut self, now: Duration, token: &Token<'_>, request: &SessionToken) -> Reply<Session> {
        let asked = asked(now, "GetSessionToken");
        self.turn(asked, token, |service| service.session_token_now(asked, token, request))
    }

    fn session_token_now(&mut self, asked: Asked, token: &Token<'_>, request: &SessionToken) -> Reply<Session> {
        let now = asked.at;
        let principal = match self.principal(now, token) {
            Ok(principal) => principal,
            Err(error) => return self.refuse(asked, None, error),
        };
        self.run(asked, principal.account, |service| {
            service.open_user_session(now, principal, request)
        })
    }

    fn open_user_session(&mut self, now: Duration, by: Principal, request: &SessionToken) -> Result<Session, ApiError> {
        if by.session.is_some() {
            return Err(ApiError::new(
                403,
                "AccessDenied",
                "Cannot call GetSessionToken with session credentials",
            ));
        }
        let account = self.world.accounts().get(by.account);
        if account.is_some_and(|account| account.faults.denies("GetSessionToken")) {
            return Err(ApiError::access_denied(&by.arn, "sts:GetSessionToken", "*"));
        }
        let seconds = request.seconds.unwrap_or(43_200);
        if !(900..=129_600).contains(&seconds) {
            return Err(invalid("DurationSeconds must be 900 to 129600"));
        }
        let has_mfa = self.use_code(now, request.serial_number.as_deref(), request.token_code.as_deref())?;
        Ok(self.begin_session(now, seconds, Principal { has_mfa, ..by }, ""))
    }

    /// Uses the code of a device up; says whether there was one.
    pub(super) fn use_code(
        &mut self,
        now: Duration,
        serial: Option<&str>,
        code: Option<&str>,
    ) -> Result<bool, ApiError> {
        let (serial, code) = match (serial, code) {
            (None, None) => return Ok(false),
            (Some(serial), Some(code)) => (serial, code),
            _ => return Err(invalid("SerialNumber and TokenCode go together")),
        };
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid("TokenCode must be six digits"));
        }
        self.codes.retain(|_, used| now < *used + SHOWN_FOR);
        match self.codes.insert((serial.to_owned(), code.to_owned()), now) {
            None => Ok(true),
            Some(_) => Err(ApiError::new(
                403,
                "AccessDenied",
                "MultiFactorAuthentication failed with invalid MFA one time pass code.",
            )),
        }
    }
}

fn invalid(text: &str) -> ApiError {
    ApiError::new(400, "ValidationError", text)
}
