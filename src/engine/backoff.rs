//! How long a failed request waits: full jitter over a doubling span, so that clients that failed together do not return
//! together.

use std::time::Duration;

use super::limits::Limits;

/// The wait before the next attempt, after so many failed ones.
pub fn full_jitter(limits: &Limits, failures: u32, random: &mut fastrand::Rng) -> Duration {
    let doubled = limits
        .back_off
        .saturating_mul(1_u32 << failures.saturating_sub(1).min(20));
    doubled.min(limits.longest_back_off).mul_f64(random.f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_spread_over_a_span_that_doubles_up_to_thirty_seconds() {
        let mut random = fastrand::Rng::with_seed(1);
        for failures in 1..100 {
            let waits: Vec<_> = (0..200)
                .map(|_| full_jitter(&Limits::default(), failures, &mut random))
                .collect();
            let span = Duration::from_millis(200 << (failures - 1).min(20)).min(Duration::from_secs(30));
            assert!(waits.iter().all(|wait| *wait <= span));
            assert!(waits.iter().any(|wait| *wait < span / 4));
            assert!(waits.iter().any(|wait| *wait > span / 4 * 3));
        }
    }
}
