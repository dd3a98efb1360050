//! From the SDK's errors to the ports' classes: by code where there is one, else by status, else by what broke.

use std::error::Error;
use std::io;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::body;
use super::guard::{NotAllowed, READS};
use super::transport::NotWhole;
use crate::model::text::Untrusted;
use crate::ports::{ApiError, ApiErrorKind, WriteError};

/// Who asked for what, and what mends a refusal.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    /// The action, as IAM names it.
    pub action: &'static str,
    /// The ARN whose credentials signed it, once it is known.
    pub principal: Option<&'a Untrusted>,
    /// The command that logs in again.
    pub login: Option<&'a str>,
    /// After how long a request is given up.
    pub patience: Duration,
}

/// An error of its own, with nothing but a message.
pub(super) fn plain(action: &'static str, kind: ApiErrorKind, message: impl Into<Box<str>>) -> ApiError {
    ApiError {
        action,
        kind,
        code: None,
        message: Untrusted::new(message),
        remedy: None,
        request_id: None,
    }
}

impl Asked<'_> {
    /// The class, message and remedy of what the SDK reports.
    pub(super) fn failed<E>(&self, error: &SdkError<E, HttpResponse>) -> ApiError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if let Some(known) = in_chain::<ApiError>(error) {
            return known.clone();
        }
        if in_chain::<NotWhole>(error).is_some() {
            return plain(
                self.action,
                ApiErrorKind::Malformed,
                "the answer was cut short, or is no answer of AWS",
            );
        }
        if let Some(refusal) = in_chain::<NotAllowed>(error) {
            return plain(self.action, ApiErrorKind::Refused, refusal.to_string());
        }
        match error {
            SdkError::TimeoutError(_) => self.no_answer(),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => self.no_answer(),
            SdkError::DispatchFailure(_) => {
                let message = format!("the connection failed: {}", innermost(error));
                plain(self.action, ApiErrorKind::Unavailable, message)
            }
            SdkError::ResponseError(_) | SdkError::ServiceError(_) => self.refused(error),
            _ => plain(self.action, ApiErrorKind::Refused, innermost(error)),
        }
    }

    /// What the SDK reports of a request that changes something: refused, or not known to have been made.
    ///
    /// Refused is only what was not sent at all, and what the service itself refused with a code of its own and a status
    /// of 4xx; whoever else answered in its place may have passed the request on.
    pub(super) fn not_made<E>(&self, error: &SdkError<E, HttpResponse>) -> WriteError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let failed = self.failed(error);
        match is_unsent(error) || is_refusal(error, &failed) {
            true => WriteError::Refused(failed),
            false => WriteError::Unknown(failed),
        }
    }

    fn no_answer(&self) -> ApiError {
        let message = format!("no answer within {:?}", self.patience);
        plain(self.action, ApiErrorKind::Unavailable, message)
    }

    fn refused<E>(&self, error: &SdkError<E, HttpResponse>) -> ApiError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let raw = error.raw_response();
        let from_body = raw.and_then(|r| r.body().bytes()).and_then(body::error_of);
        let (bare_code, bare_message) = from_body.unzip();
        let metadata = error.as_service_error().map(ProvideErrorMetadata::meta);
        let code = metadata.and_then(|m| m.code()).map(str::to_owned).or(bare_code);
        let message = metadata
            .and_then(|m| m.message())
            .map(str::to_owned)
            .or(bare_message.flatten());
        let status = raw.map_or(0, |r| r.status().as_u16());
        let mut refusal = self.of_code(code.as_deref(), message.as_deref(), status);
        refusal.code = code.map(Untrusted::from);
        refusal.request_id = raw
            .and_then(|r| r.headers().get("x-amzn-requestid"))
            .map(Untrusted::from);
        refusal
    }

    /// The class, message and remedy of a code, or of a status where there is no code.
    pub(super) fn of_code(&self, code: Option<&str>, message: Option<&str>, status: u16) -> ApiError {
        let kind = kind(code, status);
        let mut error = plain(self.action, kind, self.message(kind, code, message, status));
        error.remedy = match (kind, code) {
            (ApiErrorKind::Denied, _) if is_reading(self.action) => Some("zonecut iam-policy --read".into()),
            (ApiErrorKind::Credentials, Some(code)) if CLOCK.contains(&code) => {
                Some("sudo timedatectl set-ntp true".into()).filter(|_| cfg!(target_os = "linux"))
            }
            (ApiErrorKind::Credentials, _) => self.login.map(Untrusted::from),
            _ => None,
        };
        error
    }

    fn message(&self, kind: ApiErrorKind, code: Option<&str>, message: Option<&str>, status: u16) -> String {
        let said = match (code, message) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(code), None) => code.to_owned(),
            (None, Some(message)) => message.to_owned(),
            (None, None) if (200..300).contains(&status) => "the answer cannot be understood".to_owned(),
            (None, None) => format!("HTTP status {status}"),
        };
        match (kind, self.principal) {
            (ApiErrorKind::Denied, Some(arn)) if !said.contains(arn.expose()) => {
                format!("{} is not allowed {}: {said}", arn.expose(), self.action)
            }
            (ApiErrorKind::Credentials, _) if code.is_some_and(|c| CLOCK.contains(&c)) => {
                format!("the clock of this machine is wrong: {said}")
            }
            _ => said,
        }
    }
}

/// Whether it is certain that nothing was sent.
fn is_unsent<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> bool {
    let refused_connection =
        || in_chain::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(_) => in_chain::<NotAllowed>(error).is_some() || refused_connection(),
        _ => in_chain::<NotAllowed>(error).is_some(),
    }
}

/// Whether the service itself said that it did not do it.
fn is_refusal<E>(error: &SdkError<E, HttpResponse>, failed: &ApiError) -> bool {
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    matches!(error, SdkError::ServiceError(_) | SdkError::ResponseError(_))
        && failed.code.is_some()
        && (400..500).contains(&status)
        && status != 408
}

fn is_reading(action: &str) -> bool {
    READS.iter().any(|read| read.action == action) && action.starts_with("route53:")
}

const CLOCK: [&str; 3] = ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"];

fn kind(code: Option<&str>, status: u16) -> ApiErrorKind {
    match code {
        Some(
            "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "TooManyRequestsException"
            | "RequestLimitExceeded"
            | "BandwidthLimitExceeded"
            | "SlowDown"
            | "PriorRequestNotComplete",
        ) => ApiErrorKind::Throttled,
        Some("AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "OptInRequired") => {
            ApiErrorKind::Denied
        }
        Some(
            "ExpiredToken"
            | "ExpiredTokenException"
            | "TokenRefreshRequired"
            | "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "InvalidAccessKeyId"
            | "AuthFailure"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignature"
            | "SignatureDoesNotMatch"
            | "InvalidIdentityToken"
            | "IDPCommunicationError"
            | "NotAuthorized",
        ) => ApiErrorKind::Credentials,
        Some(code) if CLOCK.contains(&code) => ApiErrorKind::Credentials,
        Some("NoSuchHostedZone" | "NoSuchChange" | "NoSuchDelegationSet") => ApiErrorKind::NotFound,
        Some("ServiceUnavailable" | "InternalFailure" | "InternalError" | "InternalServerError" | "RequestTimeout") => {
            ApiErrorKind::Unavailable
        }
        _ => by_status(code.is_some(), status),
    }
}

fn by_status(has_code: bool, status: u16) -> ApiErrorKind {
    match status {
        429 => ApiErrorKind::Throttled,
        408 | 500..=599 => ApiErrorKind::Unavailable,
        200..=299 => ApiErrorKind::Malformed,
        401 | 403 => ApiErrorKind::Denied,
        // A page of a proxy or a portal: AWS states a code.
        300..=399 | 404 if !has_code => ApiErrorKind::Malformed,
        _ => ApiErrorKind::Refused,
    }
}

/// The first error of a type among an error and its sources.
pub(super) fn in_chain<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    sources(error).find_map(|e| e.downcast_ref::<T>())
}

/// The text of the innermost source: the one that says what happened.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    sources(error).last().map_or_else(String::new, ToString::to_string)
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&e| e.source()).take(32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(principal: &Untrusted) -> Asked<'_> {
        Asked {
            action: "route53:ListHostedZones",
            principal: Some(principal),
            login: Some("aws sso login --sso-session acme"),
            patience: Duration::from_secs(15),
        }
    }

    #[test]
    fn codes_decide_before_the_status_does() {
        for (code, status, kind) in [
            (Some("Throttling"), 400, ApiErrorKind::Throttled),
            (Some("PriorRequestNotComplete"), 400, ApiErrorKind::Throttled),
            (Some("AccessDenied"), 403, ApiErrorKind::Denied),
            (Some("ExpiredToken"), 403, ApiErrorKind::Credentials),
            (Some("InvalidClientTokenId"), 403, ApiErrorKind::Credentials),
            (Some("NoSuchHostedZone"), 404, ApiErrorKind::NotFound),
            (Some("InvalidInput"), 400, ApiErrorKind::Refused),
            (Some("SomethingNew"), 503, ApiErrorKind::Unavailable),
            (Some("SomethingNew"), 429, ApiErrorKind::Throttled),
            (None, 502, ApiErrorKind::Unavailable),
            (None, 200, ApiErrorKind::Malformed),
            (None, 302, ApiErrorKind::Malformed),
            (None, 404, ApiErrorKind::Malformed),
            (None, 403, ApiErrorKind::Denied),
        ] {
            assert_eq!(super::kind(code, status), kind, "{code:?} {status}");
        }
    }

    #[test]
    fn a_denial_names_the_principal_once_and_the_policy() {
        let arn = Untrusted::from("arn:aws:sts::111122223333:assumed-role/audit/ana");
        let silent = asked(&arn).of_code(Some("AccessDenied"), None, 403);
        assert_eq!(
            silent.message.expose(),
            "arn:aws:sts::111122223333:assumed-role/audit/ana is not allowed route53:ListHostedZones: AccessDenied"
        );
        assert_eq!(silent.remedy, Some("zonecut iam-policy --read".into()));
        let said = format!(
            "User: {} is not authorized to perform: route53:ListHostedZones",
            arn.expose()
        );
        let spoken = asked(&arn).of_code(Some("AccessDenied"), Some(&said), 403);
        assert_eq!(spoken.message.expose().matches("assumed-role/audit/ana").count(), 1);
    }

    #[test]
    fn expired_credentials_name_the_login() {
        let arn = Untrusted::default();
        let error = asked(&arn).of_code(Some("ExpiredToken"), Some("The security token is expired"), 403);
        assert_eq!(error.remedy, Some("aws sso login --sso-session acme".into()));
        let clock = asked(&arn).of_code(Some("RequestTimeTooSkewed"), None, 403);
        assert_ne!(clock.remedy, Some("aws sso login --sso-session acme".into()));
        assert!(clock.message.expose().contains("clock"));
    }
}
