//! Route 53's errors with their codes, HTTP statuses and texts.
//!
//! The texts are the service's where they are known (route53.md A.4, A.5); programs read some of them.

use crate::model::account::AccountId;
use crate::sim::iam::{Request, Verdict};
use crate::sim::world::SimAccount;

/// An error as the service sends it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The code, as `NoSuchHostedZone`.
    pub code: &'static str,
    /// The text.
    pub message: String,
    /// The single complaints of `InvalidChangeBatch`.
    pub messages: Vec<String>,
    /// The entries of a request about protections that failed.
    pub failures: Vec<EntryFailure>,
}

/// `ProtectionError`: an entry of a request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFailure {
    /// `RecordName`, as it was written.
    pub name: String,
    /// `RecordType`, as it was written.
    pub record_type: String,
    /// `Code`.
    pub code: &'static str,
    /// `Message`.
    pub message: String,
}

impl ApiError {
    /// An error with a text.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            messages: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// The same, with the entries that failed.
    pub fn with_failures(self, failures: Vec<EntryFailure>) -> Self {
        Self { failures, ..self }
    }

    /// `InvalidInput`.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidInput", message)
    }

    /// `InvalidChangeBatch`, whose text is the list of all complaints in brackets.
    pub fn invalid_batch(messages: Vec<String>) -> Self {
        Self {
            message: format!("[{}]", messages.join(", ")),
            messages,
            ..Self::new(400, "InvalidChangeBatch", "")
        }
    }

    /// `NoSuchHostedZone`.
    pub fn no_such_zone(id: &str) -> Self {
        Self::new(404, "NoSuchHostedZone", format!("No hosted zone found with ID: {id}"))
    }

    /// `Throttling`.
    pub fn throttled() -> Self {
        Self::new(400, "Throttling", "Rate exceeded")
    }

    /// `InternalFailure`.
    pub fn internal_failure() -> Self {
        let text = "We encountered an internal error. Please try again.";
        Self::new(500, "InternalFailure", text)
    }

    /// `ServiceUnavailable`.
    pub fn unavailable() -> Self {
        let text = "The service is unavailable. Please try again later.";
        Self::new(503, "ServiceUnavailable", text)
    }

    /// `PriorRequestNotComplete`.
    pub fn prior_request_not_complete() -> Self {
        let text = "The request was rejected because Route 53 was still processing a prior request.";
        Self::new(400, "PriorRequestNotComplete", text)
    }

    /// `InvalidClientTokenId`: an access key that nobody has.
    pub fn unknown_token() -> Self {
        let text = "The security token included in the request is invalid.";
        Self::new(403, "InvalidClientTokenId", text)
    }

    /// `MissingAuthenticationToken`: a request that is not signed.
    pub fn missing_token() -> Self {
        Self::new(403, "MissingAuthenticationToken", "Missing Authentication Token")
    }

    /// `ExpiredToken`.
    pub fn expired_token() -> Self {
        let text = "The security token included in the request is expired";
        Self::new(403, "ExpiredToken", text)
    }

    /// `AccessDenied` by the principal's policies.
    pub fn access_denied(principal: &str, action: &str, resource: &str) -> Self {
        let text = format!(
            "User: {principal} is not authorized to perform: {action} on resource: {resource} \
             because no identity-based policy allows the {action} action"
        );
        Self::new(403, "AccessDenied", text)
    }

    /// `AccessDenied` by a policy of this kind (`identity-based`, `session`): by a statement, or because none allows the action.
    pub fn denied_by(principal: &str, request: &Request, kind: &str, verdict: Verdict) -> Self {
        let (action, resource) = (&request.action, &request.resource);
        let article = if kind.starts_with('i') { "an" } else { "a" };
        let why = match verdict {
            Verdict::Denied => format!("with an explicit deny in {article} {kind} policy"),
            Verdict::Allowed | Verdict::NotAllowed => format!("because no {kind} policy allows the {action} action"),
        };
        let text = format!("User: {principal} is not authorized to perform: {action} on resource: {resource} {why}");
        Self::new(403, "AccessDenied", text)
    }

    /// `AccessDenied` for a zone of another account.
    pub fn other_accounts_resource(account: &SimAccount) -> Self {
        let principal = user_arn(account.id);
        Self::new(
            403,
            "AccessDenied",
            format!("User: {principal} is not authorized to access this resource"),
        )
    }

    /// The refusal of a zone that is locked while accelerated recovery is turned on or off. Which code and text the service has for
    /// it is not published; of the codes that its API lists for the operations this one fits.
    pub fn locked(zone: &str, status: &str) -> Self {
        let text = format!("The hosted zone {zone} is locked: the status of its accelerated recovery is {status}.");
        Self::new(400, "InvalidInput", text)
    }

    /// `AccessDenied` for a zone that an AWS service manages.
    pub fn managed_by_service(zone: &str, service: &str) -> Self {
        let text = format!("The resource hostedzone/{zone} can only be managed through {service}");
        Self::new(403, "AccessDenied", text)
    }
}

/// The ARN of an account's own user.
pub fn user_arn(account: AccountId) -> String {
    format!("arn:aws:iam::{account}:user/zonecut")
}
