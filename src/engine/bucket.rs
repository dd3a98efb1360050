//! The token bucket that the requests of an account leave by, and what throttling does to its rate.
//!
//! Invariant: in any span of time no more requests are let through than the burst plus the configured rate times the span.
//! Throttling that lessens when we ask slowly is ours, and the rate falls. Throttling that does not is chance: slowing down
//! would help nobody, and only the request itself waits.

use std::time::Duration;

use tokio::time::Instant;

use super::limits::Limits;
use super::trial::{Count, Stretch, Suspicion, Trial, Verdict};

const SLOWEST: f64 = 0.01;
/// The rate never falls below this part of the configured one.
const FLOOR: f64 = 0.125;
/// One verdict takes no more than this part of the rate.
const STEEPEST: f64 = 0.5;
/// What a quiet second gives back of the configured rate; each further one gives so much more.
const RECOVERY: f64 = 0.02;
/// Answers over which a share is taken; fewer where they are rare.
const WINDOW: u32 = 20;
const FEW: u32 = 5;
const LONG: Duration = Duration::from_secs(3);
/// A share that is so much larger than chance explains is tried out.
const NOTABLE: f64 = 0.08;
/// Chance is tried out again after this time.
const DOUBTED_AFTER: Duration = Duration::from_secs(30);
/// A bucket that refuses so many in a row in the midst of a burst may be empty, unless chance explains it.
const EMPTY_AFTER: u32 = 3;
const UNLIKELY: f64 = 0.02;
/// For so long after throttling that may be ours, requests leave at random distances up to so many times the mean one: at
/// even ones we would take each token the moment that it is there, and leave none to whoever comes at other moments.
const SHARED_FOR: Duration = Duration::from_secs(60);
const SPREAD: f64 = 1.6;
/// Refusals in a row after which nothing seems to get through at all, and after how many more it is said again.
const SHUT_AFTER: u32 = 32;
const SHUT_STILL: u32 = 16;

/// What an answer tells about throttling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// The request was let through, whatever came of it.
    LetThrough,
    /// It was throttled.
    Throttled,
    /// Nothing: the answer was lost, or the request never left.
    Nothing,
}

/// A token bucket that slows down when throttling is its own doing.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    configured: f64,
    rate: f64,
    burst: f64,
    tokens: f64,
    /// What there would be, had nothing ever been slowed down or thrown away.
    owed: f64,
    updated: Instant,
    /// The bucket was full when a request left: nothing is refilled before an answer is in, because the server's own bucket
    /// starts to refill only when the request reaches it.
    is_held: bool,
    quiet_since: Instant,
    throttled_at: Option<Instant>,
    refused_in_a_row: u32,
    window: Count,
    window_since: Instant,
    /// The share of answers that is throttled however fast we ask.
    chance: f64,
    judged: Instant,
    trial: Option<Trial>,
    trials: u32,
    /// What the latest verdict was.
    suspicion: Suspicion,
    /// The next request leaves no earlier.
    not_before: Instant,
    random: fastrand::Rng,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn new(limits: &Limits, random: fastrand::Rng, now: Instant) -> Self {
        let configured = if limits.rps.is_finite() {
            limits.rps.max(SLOWEST)
        } else {
            SLOWEST
        };
        let burst = f64::from(limits.burst.max(1));
        Self {
            configured,
            rate: configured,
            burst,
            tokens: burst,
            owed: burst,
            updated: now,
            is_held: false,
            quiet_since: now,
            throttled_at: None,
            refused_in_a_row: 0,
            window: Count::default(),
            window_since: now,
            chance: 0.0,
            judged: now,
            trial: None,
            trials: 0,
            suspicion: Suspicion::None,
            not_before: now,
            random,
        }
    }

    /// Takes a token, or says when there will be one. What it gives goes back to [`Self::answered`] with the answer.
    pub(super) fn take(&mut self, now: Instant) -> Result<Stretch, Instant> {
        self.refill(now);
        if self.tokens < 1.0 {
            return Err(self.ready_at(now));
        }
        let stretch = match &mut self.trial {
            None if now < self.not_before => return Err(self.not_before),
            None => Stretch::None,
            Some(trial) => trial.take(self.rate, now)?,
        };
        if self.tokens >= self.burst {
            self.is_held = true;
        }
        self.tokens -= 1.0;
        self.owed -= 1.0;
        // A burst is spent as it comes: distances matter where one token after the other is waited for.
        let is_paced = self.tokens < 2.0;
        if is_paced && self.throttled_at.is_some_and(|at| now < at + SHARED_FOR) && self.chance < NOTABLE {
            let spread = SPREAD * self.random.f64() / self.rate;
            self.not_before = now + Duration::from_secs_f64(spread);
        }
        Ok(stretch)
    }

    /// When there will be a token. While the clock is held, the answer that releases it comes first.
    fn ready_at(&self, now: Instant) -> Instant {
        let wait = Duration::from_secs_f64((1.0 - self.tokens).max(0.0) / self.rate);
        // Rounding down would wake up one nanosecond early and find no token.
        now + wait + Duration::from_micros(1)
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.updated).as_secs_f64();
        self.updated = now;
        if self.is_held {
            return;
        }
        self.tokens = (self.tokens + passed * self.rate).min(self.burst);
        self.owed = (self.owed + passed * self.configured).min(self.burst);
        if self.trial.is_none() {
            let quiet = now.saturating_duration_since(self.quiet_since).as_secs_f64();
            self.rate = (self.rate + passed * RECOVERY * (1.0 + quiet) * self.configured).min(self.configured);
        }
    }

    /// Nothing that is under way will be answered.
    pub(super) fn release(&mut self, now: Instant) {
        self.refill(now);
        self.is_held = false;
    }

    /// Takes in an answer to a request, and what [`Self::take`] gave for that.
    pub(super) fn answered(&mut self, stretch: Stretch, heard: Heard, now: Instant) {
        self.release(now);
        let is_throttled = match heard {
            Heard::Nothing => return,
            Heard::LetThrough => {
                self.refused_in_a_row = 0;
                false
            }
            Heard::Throttled => {
                self.refused_in_a_row += 1;
                self.throttled_at = Some(now);
                true
            }
        };
        if is_throttled && self.is_shut() {
            self.lower(STEEPEST, now);
            self.tokens = 0.0;
            self.trial = None;
        } else if let Some(trial) = &mut self.trial {
            if let Some(verdict) = trial.answered(stretch, is_throttled) {
                self.judge(verdict, now);
            }
        } else {
            self.count(is_throttled, now);
        }
    }

    fn is_shut(&self) -> bool {
        self.refused_in_a_row >= SHUT_AFTER && self.refused_in_a_row.is_multiple_of(SHUT_STILL)
    }

    /// Requests that were refused since one was let through.
    pub(super) fn refused_in_a_row(&self) -> u32 {
        self.refused_in_a_row
    }

    fn count(&mut self, is_throttled: bool, now: Instant) {
        self.window.note(is_throttled);
        if is_throttled && self.chance < NOTABLE {
            self.quiet_since = now;
        }
        let seems_empty = is_throttled
            && self.tokens >= 1.0
            && self.refused_in_a_row >= EMPTY_AFTER
            && self.chance.powf(f64::from(EMPTY_AFTER)) < UNLIKELY;
        let is_long = now.saturating_duration_since(self.window_since) >= LONG;
        if seems_empty {
            self.begin_trial(now);
        } else if self.window.answers >= WINDOW || (self.window.answers >= FEW && is_long) {
            self.weigh(now);
        }
    }

    /// Weighs the share of a window against what chance explains of it.
    fn weigh(&mut self, now: Instant) {
        let window = std::mem::take(&mut self.window);
        self.window_since = now;
        let share = window.share();
        let spread = (self.chance * (1.0 - self.chance) / f64::from(window.answers.max(1))).sqrt();
        let excess = share - self.chance - spread;
        let is_doubted = self.chance > NOTABLE && now >= self.judged + DOUBTED_AFTER;
        // Whoever was found to be too fast slows down first and asks then.
        if excess > 0.0 && (excess < NOTABLE || self.suspicion == Suspicion::Ours) {
            self.lower(1.0 - excess / 2.0, now);
        }
        if excess >= NOTABLE || is_doubted {
            self.begin_trial(now);
        } else if share < self.chance {
            self.chance += (share - self.chance) / 4.0;
        }
    }

    fn begin_trial(&mut self, now: Instant) {
        self.trials = self.trials.wrapping_add(1);
        self.trial = Some(Trial::new(self.trials, self.suspicion, now));
    }

    fn judge(&mut self, verdict: Verdict, now: Instant) {
        self.trial = None;
        self.window = Count::default();
        self.window_since = now;
        self.judged = now;
        tracing::debug!(?verdict, rate = self.rate, "throttling was tried out");
        match verdict {
            Verdict::Ours { share, rest } => {
                self.suspicion = Suspicion::Ours;
                self.chance = self.chance.min(rest);
                let ours = (share - self.chance) / (1.0 - self.chance);
                self.lower((1.0 - ours).max(STEEPEST), now);
                // The server's bucket is empty: what ours holds is worth nothing.
                self.tokens = 0.0;
            }
            Verdict::Chance { share } => {
                self.suspicion = Suspicion::None;
                self.chance = share;
                // Whatever was held back for a limit that is none may be spent.
                self.tokens = self.owed;
            }
        }
    }

    fn lower(&mut self, part: f64, now: Instant) {
        self.rate = (self.rate * part).max(self.configured * FLOOR);
        self.quiet_since = now;
    }

    /// How long so many requests will take.
    pub(super) fn time_for(&self, requests: u64) -> Duration {
        let waiting = (requests as f64 - self.tokens).max(0.0);
        Duration::try_from_secs_f64(waiting / self.rate).unwrap_or(Duration::MAX)
    }

    /// The rate at present, in requests a second.
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }
}

#[cfg(test)]
mod tests;
