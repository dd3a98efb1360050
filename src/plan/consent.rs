//! What a person has done on the way to a yes, and what still keeps a plan from being applied.
//!
//! Invariant: nothing in here is ever taken for granted; a new draft begins with nothing seen, ticked or typed.

use jiff::{SignedDuration, Timestamp};

use super::friction::Friction;
use super::preflight::Check;
use super::{Moment, Plan};

/// What a person has done on the way to a yes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    seen: bool,
    /// The warnings as they were shown: another of the same code is another.
    acknowledged: Vec<Check>,
    typed: String,
    /// When the latest of these was done.
    since: Option<Timestamp>,
}

/// What still keeps a plan from being applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A check stands against it.
    Stopped(String),
    /// It is too old.
    Expired,
    /// The end of it was not shown yet.
    Unread,
    /// So many warnings were not acknowledged.
    Unacknowledged(usize),
    /// The name is not typed.
    NotTyped,
    /// The pause is not over.
    NotArmed,
}

impl Missing {
    /// In a few words, for a button.
    pub fn words(&self) -> String {
        match self {
            Self::Stopped(check) => format!("stopped by \"{check}\""),
            Self::Expired => "the plan is too old: r drafts it anew".to_owned(),
            Self::Unread => "read it to its end first".to_owned(),
            Self::Unacknowledged(1) => "1 warning is not acknowledged".to_owned(),
            Self::Unacknowledged(count) => format!("{count} warnings are not acknowledged"),
            Self::NotTyped => "the name is not typed".to_owned(),
            Self::NotArmed => "a moment".to_owned(),
        }
    }
}

impl Consent {
    /// The end of what would be changed was shown.
    pub fn see(&mut self, now: Timestamp) {
        if !self.seen {
            self.seen = true;
            self.since = Some(now);
        }
    }

    /// A warning is acknowledged, or no longer.
    pub fn toggle(&mut self, check: &Check, now: Timestamp) {
        match self.has_acknowledged(check) {
            true => self.acknowledged.retain(|other| other != check),
            false => self.acknowledged.push(check.clone()),
        }
        self.since = Some(now);
    }

    /// Whether a warning was acknowledged.
    pub fn has_acknowledged(&self, check: &Check) -> bool {
        self.acknowledged.contains(check)
    }

    /// A text was typed.
    pub fn type_text(&mut self, text: &str, now: Timestamp) {
        if self.typed != text {
            text.clone_into(&mut self.typed);
            self.since = Some(now);
        }
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// What still keeps the plan from being applied, in the order in which a person comes upon it.
    pub fn missing(&self, plan: &Plan, friction: &Friction, now: Timestamp) -> Vec<Missing> {
        let mut missing: Vec<Missing> = plan
            .preflight
            .in_the_way()
            .map(|check| Missing::Stopped(check.title.clone()))
            .collect();
        if plan.is_expired(moment(now)) {
            missing.push(Missing::Expired);
        }
        if !self.seen {
            missing.push(Missing::Unread);
        }
        let open = plan.preflight.warnings().filter(|check| !self.has_acknowledged(check));
        match open.count() {
            0 => {}
            count => missing.push(Missing::Unacknowledged(count)),
        }
        if !friction.is_met_by(&self.typed) {
            missing.push(Missing::NotTyped);
        }
        if missing.is_empty() && !self.is_armed(friction, now) {
            missing.push(Missing::NotArmed);
        }
        missing
    }

    fn is_armed(&self, friction: &Friction, now: Timestamp) -> bool {
        let pause = SignedDuration::from_secs(i64::try_from(friction.pause()).unwrap_or(i64::MAX));
        self.since.is_some_and(|since| now.duration_since(since) >= pause)
    }
}

/// A time as plans hold it.
pub fn moment(at: Timestamp) -> Moment {
    Moment(u64::try_from(at.as_second()).unwrap_or(0))
}
