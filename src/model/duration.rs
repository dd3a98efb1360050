//! Durations as people say them.

/// A number of seconds in words: `45 s`, `15 min`, `48 h`, `2 d`.
pub fn in_words(seconds: impl Into<u64>) -> String {
    let seconds: u64 = seconds.into();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        120..7_200 => format!("{} min {} s", seconds / 60, seconds % 60),
        7_200..259_200 if seconds.is_multiple_of(3_600) => format!("{} h", seconds / 3_600),
        7_200..259_200 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d", seconds.div_ceil(86_400)),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn seconds_are_said_in_the_unit_that_people_think_in() {
        let all = [45, 300, 90 * 60, 3_725, 48 * 3_600, 1_209_600_u64].map(in_words);
        assert_eq!(all, ["45 s", "5 min", "90 min", "62 min 5 s", "48 h", "14 d"]);
    }
}
