//! Route 53's errors with their codes, HTTP statuses and texts.
//!
//! The texts are the service's where they are known (route53.md A.4, A.5); programs read some of them.

use crate::model::account::AccountId;
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
}

impl ApiError {
    /// An error with a text.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            messages: Vec::new(),
        }
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

    /// `AccessDenied` for a zone of another account.
    pub fn other_accounts_resource(account: &SimAccount) -> Self {
        let principal = user_arn(account.id);
        Self::new(
            403,
            "AccessDenied",
            format!("User: {principal} is not authorized to access this resource"),
        )
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
