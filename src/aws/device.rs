//! One session for each multi-factor device: its code is asked for once, and all roles behind it are assumed from there.
//!
//! Invariant: no code is sent twice, for STS takes none twice. Whoever waited for a session that could not be opened gets
//! the same refusal, instead of asking the person again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Instant;

use aws_credential_types::Credentials;
use tokio::sync::Mutex;

use super::session::is_fresh;
use crate::ports::ApiError;

/// The devices of a set-up, each with the user's keys that it goes with.
#[derive(Debug, Default)]
pub(super) struct Devices(Lock<HashMap<String, Arc<Device>>>);

impl Devices {
    /// The device with this key, the same for everyone who names it.
    pub(super) fn device(&self, key: String) -> Arc<Device> {
        let mut devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(devices.entry(key).or_default())
    }
}

/// One device, and the session that was opened with it.
#[derive(Debug, Default)]
pub(super) struct Device(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Closed,
    Open(Credentials),
    /// The user may not have such sessions: each role needs a code of its own.
    Refused,
    Failed(Instant, ApiError),
}

impl Device {
    /// The session; `open` gives one where there is none, or none where the user may not have one.
    pub(super) async fn session<F>(&self, open: impl FnOnce() -> F) -> Result<Option<Credentials>, ApiError>
    where
        F: Future<Output = Result<Option<Credentials>, ApiError>>,
    {
        let asked = Instant::now();
        let mut state = self.0.lock().await;
        match &*state {
            State::Open(session) if is_fresh(session) => return Ok(Some(session.clone())),
            State::Refused => return Ok(None),
            State::Failed(at, error) if *at >= asked => return Err(error.clone()),
            _ => {}
        }
        let opened = open().await;
        *state = match &opened {
            Ok(Some(session)) => State::Open(session.clone()),
            Ok(None) => State::Refused,
            Err(error) => State::Failed(Instant::now(), error.clone()),
        };
        opened
    }

    /// Forgets the session, for STS does not take it any more.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = State::Closed;
    }
}
