//! How long a failed request waits: full jitter over a doubling span, so that clients that failed together do not return
//! together.

use std::time::Duration;

use super::limits::Limits;

/// The longest span for a throttled request while others are let through: the bucket paces it, and a long wait would only
/// make it the last.
const WHILE_OTHERS_PASS: Duration = Duration::from_millis(500);
/// Refusals in a row that say nothing yet, and after how many more that span doubles.
const OTHERS_PASS: u32 = 24;
const DOUBLES_AFTER: u32 = 8;

/// The wait before the next attempt, after so many failed ones.
pub fn full_jitter(limits: &Limits, failures: u32, random: &mut fastrand::Rng) -> Duration {
    span(limits, failures).mul_f64(random.f64())
}

/// The wait of a request that was throttled so many times, while so many were refused in a row in its account.
pub fn after_throttling(limits: &Limits, times: u32, in_a_row: u32, random: &mut fastrand::Rng) -> Duration {
    let doublings = in_a_row.saturating_sub(OTHERS_PASS) / DOUBLES_AFTER;
    let longest = WHILE_OTHERS_PASS.saturating_mul(1_u32 << doublings.min(20));
    span(limits, times).min(longest).mul_f64(random.f64())
}

fn span(limits: &Limits, failures: u32) -> Duration {
    let doubled = limits
        .back_off
        .saturating_mul(1_u32 << failures.saturating_sub(1).min(20));
    doubled.min(limits.longest_back_off)
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

    #[test]
    fn a_throttled_request_waits_briefly_while_others_pass_and_long_where_none_does() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut longest = |in_a_row| {
            let wait = |_| after_throttling(&Limits::default(), 30, in_a_row, &mut random);
            (0..200).map(wait).max().unwrap()
        };
        assert!(longest(5) <= Duration::from_millis(500));
        assert!(longest(48) > Duration::from_secs(3));
        let last = longest(1_000);
        assert!(last > Duration::from_secs(25) && last <= Duration::from_secs(30));
    }
}
