//! Finds out whether throttling depends on how fast we ask: slow and fast stretches take turns, and their shares of
//! throttled answers are compared.
//!
//! Invariant: a trial costs no time. What a slow stretch saves, the fast one after it spends.

use std::time::Duration;

use tokio::time::Instant;

/// How fast the stretches are, as parts of the rate, and how many requests each is long: both take the same time.
const SLOW: f64 = 0.5;
const FAST: f64 = 1.5;
const SLOW_SENDS: u32 = 10;
const FAST_SENDS: u32 = 30;
/// The first of a slow stretch still meet what the fast one left, and are not counted.
const SETTLING_SENDS: u32 = 2;
/// Fast stretches after which there is a verdict, whatever it is.
const CYCLES: u32 = 2;
/// How much better two shares must explain the answers than one does, in log likelihood: before the end, where the
/// question is put many times, and at the end.
const CLEAR_AT_ONCE: f64 = 5.0;
const CLEAR_AT_THE_END: f64 = 2.7;
/// At the end, where throttling was found to be ours not long ago.
const CLEAR_AGAIN: f64 = 0.7;
/// No verdict rests on fewer answers of a fast stretch.
const FEW: u32 = 6;

/// In which stretch of which trial a request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stretch {
    /// No trial was on.
    #[default]
    None,
    Slow(u32),
    Fast(u32),
}

/// How many answers there were, and how many of them were `Throttling`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub(super) answers: u32,
    pub(super) throttled: u32,
}

impl Count {
    pub(super) fn note(&mut self, is_throttled: bool) {
        self.answers += 1;
        self.throttled += u32::from(is_throttled);
    }

    /// The share of throttled answers.
    pub(super) fn share(self) -> f64 {
        f64::from(self.throttled) / f64::from(self.answers.max(1))
    }

    fn and(self, other: Self) -> Self {
        Self {
            answers: self.answers + other.answers,
            throttled: self.throttled + other.throttled,
        }
    }

    /// The logarithm of the chance of this count where each answer is throttled with that probability.
    fn likelihood(self, probability: f64) -> f64 {
        let probability = probability.clamp(0.01, 0.99);
        f64::from(self.throttled) * probability.ln()
            + f64::from(self.answers - self.throttled) * (1.0 - probability).ln()
    }
}

/// What a trial found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// Asking more slowly lessens the throttling, from `share` to `rest`.
    Ours { share: f64, rest: f64 },
    /// This share is throttled however fast we ask.
    Chance { share: f64 },
}

/// What is held before a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspicion {
    None,
    /// Throttling was ours not long ago.
    Ours,
}

/// A trial under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    number: u32,
    suspicion: Suspicion,
    sent: u32,
    next: Instant,
    slow: Count,
    fast: Count,
}

impl Trial {
    /// A trial about to begin; numbers tell the answers of one from those of another.
    pub(super) fn new(number: u32, suspicion: Suspicion, now: Instant) -> Self {
        Self {
            number,
            suspicion,
            sent: 0,
            next: now,
            slow: Count::default(),
            fast: Count::default(),
        }
    }

    /// Lets a request go, or says when the next one may.
    pub(super) fn take(&mut self, rate: f64, now: Instant) -> Result<Stretch, Instant> {
        if now < self.next {
            return Err(self.next);
        }
        let (part, stretch) = match self.sent % (SLOW_SENDS + FAST_SENDS) {
            ..SETTLING_SENDS => (SLOW, Stretch::None),
            SETTLING_SENDS..SLOW_SENDS => (SLOW, Stretch::Slow(self.number)),
            _ => (FAST, Stretch::Fast(self.number)),
        };
        self.sent += 1;
        self.next = now + Duration::from_secs_f64(1.0 / (rate * part));
        Ok(stretch)
    }

    /// Takes in an answer; says what was found once it is clear.
    pub(super) fn answered(&mut self, stretch: Stretch, is_throttled: bool) -> Option<Verdict> {
        match stretch {
            Stretch::Slow(number) if number == self.number => self.slow.note(is_throttled),
            Stretch::Fast(number) if number == self.number => self.fast.note(is_throttled),
            _ => return None,
        }
        self.verdict()
    }

    fn verdict(&self) -> Option<Verdict> {
        let (slow, fast) = (self.slow.share(), self.fast.share());
        let share = self.slow.and(self.fast).share();
        let apart = self.slow.likelihood(slow) + self.fast.likelihood(fast);
        let together = self.slow.likelihood(share) + self.fast.likelihood(share);
        let gain = if slow < fast { apart - together } else { 0.0 };
        let is_over = self.fast.answers >= CYCLES * FAST_SENDS;
        let clear = match (is_over, self.suspicion) {
            (false, _) => CLEAR_AT_ONCE,
            (true, Suspicion::None) => CLEAR_AT_THE_END,
            (true, Suspicion::Ours) => CLEAR_AGAIN,
        };
        if gain >= clear && self.fast.answers >= FEW {
            Some(Verdict::Ours { share, rest: slow })
        } else {
            is_over.then_some(Verdict::Chance { share })
        }
    }
}
