//! Which addresses never answered anything: nobody waits long for them again, and still everybody asks.
//!
//! Invariant: one answer to anybody, whatever it says, and an address is not silent.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::dns::Transport;

/// How many queries an address leaves unanswered before it is known to be silent: two questions at full length.
const ENOUGH: u32 = 6;

/// Who was asked in vain.
#[derive(Debug, Default)]
pub(super) struct Silence(Mutex<HashMap<(IpAddr, Transport), Heed>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heed {
    /// It answered, once at least.
    Answered,
    /// It was sent so many queries, and never answered.
    InVain(u32),
}

impl Silence {
    fn lock(&self) -> MutexGuard<'_, HashMap<(IpAddr, Transport), Heed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_known(&self, address: IpAddr, transport: Transport) -> bool {
        matches!(self.lock().get(&(address, transport)), Some(Heed::InVain(times)) if *times >= ENOUGH)
    }

    /// Takes note of a query that was not answered.
    pub(super) fn note(&self, address: IpAddr, transport: Transport) {
        if let Heed::InVain(times) = self.lock().entry((address, transport)).or_insert(Heed::InVain(0)) {
            *times += 1;
        }
    }

    /// Takes note of an answer.
    pub(super) fn end(&self, address: IpAddr, transport: Transport) {
        self.lock().insert((address, transport), Heed::Answered);
    }
}
