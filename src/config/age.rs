//! Lengths of time as people write them: `90s`, `15m`, `12h`, `7d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A length of time, read from a whole number and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(pub Duration);

/// A text that is no length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number and a unit, such as 90s, 15m, 12h or 7d")]
pub struct BadAge;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl FromStr for Age {
    type Err = BadAge;

    fn from_str(text: &str) -> Result<Self, BadAge> {
        let unit = text.chars().next_back().ok_or(BadAge)?;
        let (_, seconds) = UNITS.into_iter().find(|(letter, _)| *letter == unit).ok_or(BadAge)?;
        let number = text.strip_suffix(unit).ok_or(BadAge)?;
        if !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadAge);
        }
        let number: u64 = number.parse().map_err(|_| BadAge)?;
        number
            .checked_mul(seconds)
            .map(|s| Self(Duration::from_secs(s)))
            .ok_or(BadAge)
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (letter, size) = UNITS
            .into_iter()
            .find(|(_, size)| seconds > 0 && seconds.is_multiple_of(*size))
            .unwrap_or(('s', 1));
        write!(f, "{}{letter}", seconds / size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_in_the_largest_unit_that_divides_it() {
        for (text, shown) in [
            ("90s", "90s"),
            ("60s", "1m"),
            ("24h", "1d"),
            ("0s", "0s"),
            ("15m", "15m"),
        ] {
            assert_eq!(text.parse::<Age>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_number_without_a_unit_is_refused() {
        for text in [
            "",
            "5",
            "m",
            "-1s",
            "+1s",
            "1.5h",
            "1w",
            "99999999999999999999d",
            "9999999999999999999d",
            "1µ",
        ] {
            assert_eq!(text.parse::<Age>(), Err(BadAge), "{text}");
        }
    }
}
