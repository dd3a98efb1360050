//! Asking a person for the code of a multi-factor device.

use std::future::Future;
use std::pin::Pin;

use crate::model::text::Untrusted;

/// For what a code is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaRequest {
    /// The account that is waiting.
    pub account: Untrusted,
    /// The role to be assumed.
    pub role: Untrusted,
    /// The device: its ARN or serial number.
    pub serial: Untrusted,
}

/// The answer to come: the code, or none where the person declined.
pub type MfaAnswer<'a> = Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;

/// Something that can ask a person; a front end without one passes none, and such roles are refused with a remedy.
pub trait MfaPrompt: Send + Sync + 'static {
    /// Asks for one code. Several accounts may ask at once; it is for the front end to put them in a row.
    fn code(&self, request: MfaRequest) -> MfaAnswer<'_>;
}
