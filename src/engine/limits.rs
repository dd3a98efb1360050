//! How fast an account may be asked: the limits, and the token bucket that keeps them.
//!
//! Invariant: in any span of time no more requests are let through than the burst plus the configured rate times the span.
//! A `Throttling` answer lowers the rate at once, quiet time raises it slowly, never above the configured one.

use std::time::Duration;

use tokio::time::Instant;

/// How an account may be asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Requests a second; Route 53 allows an account 10, shared with everything else that uses it.
    pub rps: f64,
    /// Requests that may be sent at once after a rest; Route 53 allows 50.
    pub burst: u32,
    /// Requests under way at the same time.
    pub in_flight: usize,
    /// How long an account may fail in a row before what is left of it is given up.
    pub patience: Duration,
    /// How long the reading of an account may take at all.
    pub deadline: Option<Duration>,
    /// The span of the first wait after a failure; it doubles with each further one.
    pub back_off: Duration,
    /// The longest span that a wait is drawn from.
    pub longest_back_off: Duration,
    /// How long one request may take before it counts as failed. Adapters have limits of their own; this one only has to
    /// be longer, and longer than a person may take to type a code.
    pub timeout: Duration,
}

impl From<&crate::config::Scan> for Limits {
    fn from(scan: &crate::config::Scan) -> Self {
        Self {
            rps: scan.rps,
            burst: scan.burst,
            in_flight: scan.in_flight as usize,
            deadline: Some(scan.deadline),
            ..Self::default()
        }
    }
}

impl Default for Limits {
    /// Four fifths of what Route 53 allows, so that other users of the account are not throttled.
    fn default() -> Self {
        Self {
            rps: 8.0,
            burst: 40,
            in_flight: 8,
            patience: Duration::from_secs(600),
            deadline: None,
            back_off: Duration::from_millis(200),
            longest_back_off: Duration::from_secs(30),
            timeout: Duration::from_secs(330),
        }
    }
}

/// What a `Throttling` answer leaves of the rate, and of it what quiet seconds give back.
const DECREASE: f64 = 0.7;
const RECOVERY_PER_SECOND: f64 = 0.05;
/// The rate never falls below this part of the configured one.
const FLOOR: f64 = 0.125;
/// Answers to requests sent together tell one thing once.
const DECREASE_AT_MOST_EVERY: Duration = Duration::from_millis(500);
const SLOWEST: f64 = 0.01;

/// A token bucket that slows down when it is told of throttling.
#[derive(Debug, Clone)]
pub struct Bucket {
    configured: f64,
    rate: f64,
    burst: f64,
    tokens: f64,
    updated: Instant,
    /// The bucket was full when a request left: nothing is refilled before an answer is in, because the server's own bucket
    /// starts to refill only when the request reaches it.
    is_held: bool,
    lowered: Option<Instant>,
}

impl Bucket {
    /// A full bucket.
    pub fn new(limits: &Limits, now: Instant) -> Self {
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
            updated: now,
            is_held: false,
            lowered: None,
        }
    }

    /// Takes a token, or says when there will be one.
    pub fn take(&mut self, now: Instant) -> Result<(), Instant> {
        self.refill(now);
        if self.tokens < 1.0 {
            return Err(self.ready_at(now));
        }
        if self.tokens >= self.burst {
            self.is_held = true;
        }
        self.tokens -= 1.0;
        Ok(())
    }

    /// When there will be a token. While the clock is held, the answer that releases it comes first.
    fn ready_at(&self, now: Instant) -> Instant {
        let wait = Duration::from_secs_f64((1.0 - self.tokens).max(0.0) / self.rate);
        // Rounding down would wake up one nanosecond early and find no token.
        now + wait + Duration::from_micros(1)
    }

    /// Notes that an answer came in.
    pub fn answered(&mut self, now: Instant) {
        self.refill(now);
        self.is_held = false;
    }

    /// Notes that the server found the account over its limit: our tokens are worth nothing, and the rate was too high.
    pub fn throttled(&mut self, now: Instant) {
        self.refill(now);
        self.tokens = 0.0;
        let fresh = self.lowered.is_none_or(|at| now >= at + DECREASE_AT_MOST_EVERY);
        if fresh {
            self.rate = (self.rate * DECREASE).max(self.configured * FLOOR);
            self.lowered = Some(now);
        }
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.updated).as_secs_f64();
        self.updated = now;
        if self.is_held {
            return;
        }
        self.tokens = (self.tokens + passed * self.rate).min(self.burst);
        self.rate = (self.rate + passed * RECOVERY_PER_SECOND * self.configured).min(self.configured);
    }

    /// How long so many requests will take.
    pub fn time_for(&self, requests: u64) -> Duration {
        let waiting = (requests as f64 - self.tokens).max(0.0);
        Duration::try_from_secs_f64(waiting / self.rate).unwrap_or(Duration::MAX)
    }

    /// The rate at present, in requests a second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The tokens left when last looked at.
    pub fn tokens(&self) -> f64 {
        self.tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(rps: f64, burst: u32) -> Limits {
        Limits {
            rps,
            burst,
            ..Limits::default()
        }
    }

    /// Takes tokens as fast as they come for some seconds; says when each was taken.
    fn drain(bucket: &mut Bucket, start: Instant, span: Duration) -> Vec<Instant> {
        let mut now = start;
        let mut taken = Vec::new();
        while now < start + span {
            match bucket.take(now) {
                Ok(()) => taken.push(now),
                Err(at) => now = at,
            }
            bucket.answered(now);
        }
        taken
    }

    #[test]
    fn no_span_of_time_sees_more_than_the_burst_and_the_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::new(&limits(8.0, 40), start);
        let taken = drain(&mut bucket, start, Duration::from_secs(20));
        assert!(taken.len() >= 199, "{}", taken.len());
        for (first, from) in taken.iter().enumerate() {
            for (last, to) in taken.iter().enumerate().skip(first) {
                let allowed = 40.0 + 8.0 * (*to - *from).as_secs_f64() + 1e-6;
                assert!((last - first + 1) as f64 <= allowed);
            }
        }
    }

    #[test]
    fn throttling_slows_down_and_quiet_time_never_goes_beyond_the_configured_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::new(&limits(8.0, 40), start);
        bucket.throttled(start);
        assert!(bucket.tokens() < 1.0);
        assert!(bucket.rate() < 8.0);
        let once = bucket.rate();
        bucket.throttled(start + Duration::from_millis(10));
        assert!(bucket.rate() >= once, "answers that belong together count once");
        for second in 1..50 {
            bucket.throttled(start + Duration::from_secs(second));
        }
        assert!((bucket.rate() - 1.0).abs() < 0.5, "{}", bucket.rate());
        bucket.answered(start + Duration::from_secs(10_000));
        assert!((bucket.rate() - 8.0).abs() < 1e-9);
    }

    #[test]
    fn a_full_bucket_refills_only_once_the_first_answer_is_in() {
        let start = Instant::now();
        let mut bucket = Bucket::new(&limits(10.0, 2), start);
        assert!(bucket.take(start).is_ok());
        assert!(bucket.take(start).is_ok());
        let answer = start + Duration::from_millis(300);
        assert!(bucket.take(answer).is_err(), "the first request may still be under way");
        bucket.answered(answer);
        assert!(bucket.take(answer + Duration::from_millis(99)).is_err());
        assert!(bucket.take(answer + Duration::from_millis(101)).is_ok());
    }
}
