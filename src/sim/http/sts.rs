//! STS over its query protocol: `GetCallerIdentity`, `AssumeRole` and `GetSessionToken`, version 2011-06-15.

use super::Clock;
use super::answer::{Page, error_content};
use super::query::Query;
use super::xml::Xml;
use crate::sim::api::ApiError;
use crate::sim::service::{AssumeRole, Identity, Session, SessionToken};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// A request to STS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request {
    CallerIdentity,
    AssumeRole(AssumeRole),
    SessionToken(SessionToken),
}

/// Reads a form body.
pub(super) fn request(body: &str) -> Result<Request, ApiError> {
    let form = Query::read(body);
    match form.get("Action").as_deref() {
        Some("GetCallerIdentity") => Ok(Request::CallerIdentity),
        Some("AssumeRole") => Ok(Request::AssumeRole(AssumeRole {
            role_arn: form.get("RoleArn").unwrap_or_default(),
            session_name: form.get("RoleSessionName").unwrap_or_default(),
            external_id: form.get("ExternalId"),
            seconds: form.get("DurationSeconds").and_then(|text| text.parse().ok()),
            serial_number: form.get("SerialNumber"),
            token_code: form.get("TokenCode"),
            policy: form.get("Policy"),
        })),
        Some("GetSessionToken") => Ok(Request::SessionToken(SessionToken {
            seconds: form.get("DurationSeconds").and_then(|text| text.parse().ok()),
            serial_number: form.get("SerialNumber"),
            token_code: form.get("TokenCode"),
        })),
        other => {
            let text = format!("Could not find operation {}", other.unwrap_or_default());
            Err(ApiError::new(400, "InvalidAction", text))
        }
    }
}

fn page(action: &str, request_id: &str, fill: impl FnOnce(&mut Xml)) -> Page {
    let body = Xml::document(&format!("{action}Response"), NAMESPACE, |xml| {
        xml.element(&format!("{action}Result"), fill);
        xml.element("ResponseMetadata", |xml| xml.leaf("RequestId", request_id));
    });
    Page {
        status: 200,
        location: None,
        body,
    }
}

/// Writes who the caller is.
pub(super) fn identity(identity: &Identity, request_id: &str) -> Page {
    page("GetCallerIdentity", request_id, |xml| {
        xml.leaf("Arn", &identity.arn);
        xml.leaf("UserId", &identity.user_id);
        xml.leaf("Account", identity.account);
    })
}

/// Writes the credentials of a role's session.
pub(super) fn session(session: &Session, request_id: &str, clock: &Clock) -> Page {
    page("AssumeRole", request_id, |xml| {
        xml.element("AssumedRoleUser", |xml| {
            xml.leaf("AssumedRoleId", &session.role_id);
            xml.leaf("Arn", &session.arn);
        });
        credentials(xml, session, clock);
    })
}

/// Writes the credentials of a user's session.
pub(super) fn session_token(session: &Session, request_id: &str, clock: &Clock) -> Page {
    page("GetSessionToken", request_id, |xml| credentials(xml, session, clock))
}

fn credentials(xml: &mut Xml, session: &Session, clock: &Clock) {
    xml.element("Credentials", |xml| {
        xml.leaf("AccessKeyId", &session.access_key);
        xml.leaf("SecretAccessKey", &session.secret_key);
        xml.leaf("SessionToken", &session.token);
        xml.leaf("Expiration", clock.timestamp(session.ends));
    });
}

/// Writes an error.
pub(super) fn error(error: &ApiError, request_id: &str) -> Page {
    Page {
        status: error.status,
        location: None,
        body: Xml::document("ErrorResponse", NAMESPACE, |xml| error_content(xml, error, request_id)),
    }
}
