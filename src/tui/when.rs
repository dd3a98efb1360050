//! Times and ages as the screens write them: `4s`, `2m`, `9h`, `3d`.

use std::time::Duration;

use jiff::Timestamp;

/// The age of something, in one unit.
pub fn age(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// A length of time as minutes and seconds.
pub fn minutes(length: Duration) -> String {
    let seconds = length.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The time of day, in UTC.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// A moment to come, in UTC: the time of day, with its date where that is another one.
pub fn moment(now: Timestamp, at: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    match day(at) == day(now) {
        true => clock(at),
        false => format!("{} {}", day(at), clock(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_one_unit() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let ago = |seconds: i64| age(now, Timestamp::from_second(1_000_000 - seconds).unwrap());
        assert_eq!(ago(4), "4s");
        assert_eq!(ago(125), "2m");
        assert_eq!(ago(9 * 3_600), "9h");
        assert_eq!(ago(200_000), "2d");
        assert_eq!(ago(-5), "0s");
        assert_eq!(minutes(Duration::from_secs(41)), "0:41");
    }

    #[test]
    fn another_day_is_named() {
        let now: Timestamp = "2026-11-23T22:00:00Z".parse().unwrap();
        assert_eq!(moment(now, "2026-11-23T22:05:00Z".parse().unwrap()), "22:05:00");
        assert_eq!(
            moment(now, "2026-11-25T22:00:00Z".parse().unwrap()),
            "2026-11-25 22:00:00"
        );
    }
}
