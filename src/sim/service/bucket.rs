//! Token buckets with the rates of Route 53 (route53.md A.1).

use std::time::Duration;

use crate::sim::faults::Rate;

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Duration,
}

impl Bucket {
    /// A full bucket.
    pub fn full(rate: Rate, now: Duration) -> Self {
        Self {
            rate,
            tokens: rate.burst,
            at: now,
        }
    }

    /// Takes a token, if there is a whole one.
    pub fn take(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.at = self.at.max(now);
        self.tokens = (self.tokens + passed * self.rate.per_second).min(self.rate.burst);
        let granted = self.tokens >= 1.0;
        if granted {
            self.tokens -= 1.0;
        }
        granted
    }
}

/// The rate of an action, `*` being all of them together; `set` replaces what Route 53 gives to most.
pub fn rate_of(action: &str, set: Option<Rate>) -> Rate {
    let rate = |burst, per_second| Rate { burst, per_second };
    match action {
        "CreateHostedZone" | "CreateReusableDelegationSet" => rate(40.0, 2.0),
        "DeleteHostedZone" | "DeleteReusableDelegationSet" => rate(40.0, 5.0),
        "GetCallerIdentity" | "AssumeRole" => rate(1_000.0, 600.0),
        _ => set.unwrap_or(rate(50.0, 10.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let second = Duration::from_secs;
        let mut bucket = Bucket::full(rate_of("*", None), second(0));
        let taken = (0..60).filter(|_| bucket.take(second(0))).count();
        assert_eq!(taken, 50);
        let taken = (0..60).filter(|_| bucket.take(second(2))).count();
        assert_eq!(taken, 20);
        let taken = (0..60).filter(|_| bucket.take(second(100))).count();
        assert_eq!(taken, 50);
    }
}
