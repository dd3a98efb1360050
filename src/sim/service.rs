//! The simulated service: who calls, the token buckets, the faults, the counters and the log, around a [`World`].
//!
//! No sockets and no clock of its own: the time comes with each call, so tests in virtual time use it as it is.

mod bucket;
mod identity;
mod lists;
mod log;
mod mfa;
mod outcome;
mod turns;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::api::{Answer, ApiError, Call, Operation};
use super::faults::{Faults, Framing};
use super::world::World;
use crate::model::account::AccountId;

pub use bucket::{Bucket, rate_of};
pub use identity::{AssumeRole, Identity, Principal, Session};
pub use log::{Count, LogEntry};
pub use mfa::SessionToken;
pub use outcome::{Applied, Outcome};
pub use turns::{Between, Nth, Side, Turn};

/// The simulated Route 53 and STS of one organisation.
#[derive(Debug)]
pub struct Service {
    /// The organisation.
    pub world: World,
    buckets: HashMap<(usize, &'static str), Bucket>,
    principals: HashMap<String, Principal>,
    injected: VecDeque<Injected>,
    identity_calls: HashMap<usize, u64>,
    /// The codes of devices that were used, and when.
    codes: HashMap<(String, String), Duration>,
    page_losses: HashMap<usize, u64>,
    random: fastrand::Rng,
    requests: u64,
    log: log::Log,
    turns: turns::Turns,
}

/// A call's result, and what becomes of it on its way to the caller.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    /// What the service says.
    pub outcome: Result<T, ApiError>,
    /// How long the call takes.
    pub latency: Duration,
    /// How the answer travels.
    pub delivery: Delivery,
    /// The request id.
    pub request_id: String,
    /// Whether an `InvalidChangeBatch` is to be sent in the old form.
    pub bare_change_errors: bool,
}

/// How an answer travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// As it is.
    Intact,
    /// Not at all: the connection is reset.
    Reset,
    /// Not at all: the connection stays open and silent.
    Silence,
    /// Cut short after so many octets of the body.
    Cut(usize, Framing),
    /// With another body, under the status 200.
    Replaced(String),
    /// Not at all: the connection is closed.
    Closed,
    /// Not at all: somebody on the way says something else.
    Foreign {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// Not at all: what is sent under the status 200 begins like an answer and ends too early.
    Torn(String, Framing),
}

impl Delivery {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Reset => "reset",
            Self::Silence => "silence",
            Self::Cut(..) | Self::Torn(..) => "cut",
            Self::Replaced(_) | Self::Foreign { .. } => "replaced",
            Self::Closed => "closed",
        }
    }
}

/// A fault that is put in front of the next calls that fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Injected {
    /// The account; any, where none is given.
    pub account: Option<AccountId>,
    /// The action; `*` for any.
    pub action: String,
    /// What happens.
    pub fault: CallFault,
    /// How often.
    pub times: u64,
}

/// What can happen to one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallFault {
    /// It is refused with this error and not applied.
    Refused(ApiError),
    /// It is applied, and answered with this error.
    FailsAfter(ApiError),
    /// It is not applied, and travels so.
    LostBefore(Delivery),
    /// It is applied, and the answer travels so.
    LostAfter(Delivery),
}

impl Service {
    /// Serves a world; `seed` decides which calls the shares of faults hit.
    pub fn new(world: World, seed: u64) -> Self {
        let principals = identity::users(&world);
        Self {
            world,
            buckets: HashMap::new(),
            principals,
            injected: VecDeque::new(),
            identity_calls: HashMap::new(),
            codes: HashMap::new(),
            page_losses: HashMap::new(),
            random: fastrand::Rng::with_seed(seed),
            requests: 0,
            log: log::Log::default(),
            turns: turns::Turns::default(),
        }
    }

    /// Puts a fault in front of the next calls that fit.
    pub fn inject(&mut self, fault: Injected) {
        self.injected.push_back(fault);
    }

    /// Takes back what was injected and not used up, what waits for a number included.
    pub fn clear_injected(&mut self) {
        self.injected.clear();
        self.turns.clear_faults();
    }

    /// Changes the faults of an account; its token buckets start full again.
    pub fn set_faults(&mut self, account: AccountId, change: impl FnOnce(&mut Faults)) {
        if let Some(place) = self.world.account_place(account) {
            self.buckets.retain(|(owner, _), _| *owner != place);
            self.page_losses.remove(&place);
        }
        if let Some(account) = self.world.account_mut(account) {
            change(&mut account.faults);
        }
    }

    /// Answers a Route 53 operation.
    pub fn call(&mut self, now: Duration, token: &Token<'_>, operation: &Operation) -> Reply<Answer> {
        let asked = Asked {
            at: now,
            action: operation.action(),
            write: operation.is_write(),
        };
        self.turn(asked, token, |service| service.call_now(asked, token, operation))
    }

    fn call_now(&mut self, asked: Asked, token: &Token<'_>, operation: &Operation) -> Reply<Answer> {
        let (now, action) = (asked.at, asked.action);
        let principal = match self.principal(now, token) {
            Ok(principal) => principal,
            Err(error) => return self.refuse(asked, None, error),
        };
        let account = principal.account;
        let granted = self
            .throttle(now, account, action)
            .and_then(|()| self.permit(&principal, operation));
        match granted {
            Err(error) => self.refuse(asked, Some(account), error),
            Ok(()) => self.run(asked, account, |service| {
                service.answer(Call { account, now }, operation)
            }),
        }
    }

    /// Runs a permitted call under the faults of its account.
    fn run<T>(
        &mut self,
        asked: Asked,
        account: usize,
        apply: impl FnOnce(&mut Self) -> Result<T, ApiError>,
    ) -> Reply<T> {
        let (outcome, delivery) = match self.next_fault(account, asked.action) {
            None => (apply(self), Delivery::Intact),
            Some(CallFault::Refused(error)) => (Err(error), Delivery::Intact),
            Some(CallFault::FailsAfter(error)) => (apply(self).and(Err(error)), Delivery::Intact),
            Some(CallFault::LostBefore(delivery)) => (Err(ApiError::new(500, "NotApplied", "")), delivery),
            Some(CallFault::LostAfter(delivery)) => (apply(self), delivery),
        };
        self.note(asked, Some(account), outcome.as_ref().err(), &delivery);
        self.reply(Some(account), outcome, delivery)
    }

    fn refuse<T>(&mut self, asked: Asked, account: Option<usize>, error: ApiError) -> Reply<T> {
        self.note(asked, account, Some(&error), &Delivery::Intact);
        self.reply(account, Err(error), Delivery::Intact)
    }

    fn note(&mut self, asked: Asked, account: Option<usize>, error: Option<&ApiError>, delivery: &Delivery) {
        self.log.note(LogEntry {
            at: asked.at,
            account: account.and_then(|place| self.world.accounts().get(place)).map(|a| a.id),
            action: asked.action,
            write: asked.write,
            error: error.map(|error| error.code),
            delivery: delivery.clone(),
        });
    }

    fn reply<T>(&mut self, account: Option<usize>, outcome: Result<T, ApiError>, delivery: Delivery) -> Reply<T> {
        self.requests += 1;
        let faults = account
            .and_then(|place| self.world.accounts().get(place))
            .map(|a| &a.faults);
        Reply {
            outcome,
            latency: faults.map(Faults::latency).unwrap_or_default(),
            delivery,
            request_id: format!("00000000-0000-4000-8000-{:012x}", self.requests),
            bare_change_errors: faults.is_some_and(|faults| faults.bare_change_errors),
        }
    }

    /// Takes a token of the account's bucket and one of the action's, or says that the rate is exceeded.
    fn throttle(&mut self, now: Duration, account: usize, action: &'static str) -> Result<(), ApiError> {
        let Some(faults) = self.world.accounts().get(account).map(|a| &a.faults) else {
            return Ok(());
        };
        let (rate, share) = (faults.rate, faults.throttle);
        let mut bucket = |name| {
            let full = || Bucket::full(rate_of(name, rate), now);
            self.buckets.entry((account, name)).or_insert_with(full).take(now)
        };
        let granted = bucket("*") & bucket(action);
        match granted && self.random.f64() >= share {
            true => Ok(()),
            false => Err(ApiError::throttled()),
        }
    }

    /// What befalls a call: what was put in front of its number, what was injected, else what the account's faults say.
    fn next_fault(&mut self, account: usize, action: &'static str) -> Option<CallFault> {
        if let Some(fault) = self.turns.take_fault() {
            return Some(fault);
        }
        if let Some(fault) = self.take_injected(account, action) {
            return Some(fault);
        }
        let faults = &self.world.accounts().get(account)?.faults;
        if faults.hangs(action) {
            return Some(CallFault::LostBefore(Delivery::Silence));
        }
        let (errors, before, after) = (faults.server_errors, faults.reset_before, faults.reset_after);
        let truncation = faults.truncate.clone();
        if self.random.f64() < errors {
            return Some(CallFault::Refused(self.server_error()));
        }
        if self.random.f64() < before {
            return Some(CallFault::LostBefore(Delivery::Reset));
        }
        if self.random.f64() < after {
            return Some(CallFault::LostAfter(Delivery::Reset));
        }
        let truncation = truncation.filter(|cut| super::faults::names(std::slice::from_ref(&cut.action), action))?;
        Some(CallFault::LostAfter(Delivery::Cut(truncation.at, truncation.framing)))
    }

    fn take_injected(&mut self, account: usize, action: &str) -> Option<CallFault> {
        let id = self.world.accounts().get(account)?.id;
        let place = self.injected.iter().position(|fault| {
            fault.account.is_none_or(|wanted| wanted == id)
                && super::faults::names(std::slice::from_ref(&fault.action), action)
        })?;
        let fault = self.injected.get_mut(place)?;
        fault.times = fault.times.saturating_sub(1);
        let what = fault.fault.clone();
        if fault.times == 0 {
            self.injected.remove(place);
        }
        Some(what)
    }

    fn server_error(&mut self) -> ApiError {
        match self.random.bool() {
            true => ApiError::internal_failure(),
            false => ApiError::unavailable(),
        }
    }

    /// How many requests came, by account and action.
    pub fn counts(&self) -> &HashMap<(Option<AccountId>, &'static str), Count> {
        self.log.counts()
    }

    /// The latest requests, oldest first.
    pub fn log(&self) -> impl Iterator<Item = &LogEntry> {
        self.log.entries()
    }

    /// Forgets counters and log.
    pub fn clear_log(&mut self) {
        self.log = log::Log::default();
    }
}

/// What was asked, for the log.
#[derive(Debug, Clone, Copy)]
struct Asked {
    at: Duration,
    action: &'static str,
    write: bool,
}

/// The credentials of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Token<'a> {
    /// The access key id; none where the request is not signed.
    pub access_key: Option<&'a str>,
    /// The session token, where one came along.
    pub session: Option<&'a str>,
}

#[cfg(test)]
mod tests;
