//! Whether an account is production: by its configured word, else by its colour, else by its name.
//!
//! Nothing is ever taken for harmless by its name: what is not told is unknown.

use crate::model::account::Env;

/// The class of an account's environment.
pub fn classify(label: Option<&str>, name: &str, color: Option<&str>) -> Env {
    match label {
        Some(label) if is_production_name(label) => Env::Prod,
        Some(_) => Env::NonProd,
        None if color.is_some_and(|c| c.eq_ignore_ascii_case("red")) || is_production_name(name) => Env::Prod,
        None => Env::Unknown,
    }
}

/// Whether a name has the word `prod` or `production` in it, and no `non` or `pre` right before it.
pub fn is_production_name(name: &str) -> bool {
    let mut before = "";
    for word in name.split(|c: char| !c.is_alphanumeric()) {
        let production = word.eq_ignore_ascii_case("prod") || word.eq_ignore_ascii_case("production");
        let negated = ["non", "not", "pre"].iter().any(|n| before.eq_ignore_ascii_case(n));
        if production && !negated {
            return true;
        }
        before = word;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_a_word_of_the_name() {
        for name in [
            "prod",
            "payments-prod",
            "PROD eu",
            "production",
            "shared_prod",
            "a.Production.b",
        ] {
            assert!(is_production_name(name), "{name}");
        }
        for name in [
            "",
            "product",
            "nonprod",
            "preprod",
            "non-prod",
            "pre-production",
            "prods",
            "produktion",
            "reprod",
        ] {
            assert!(!is_production_name(name), "{name}");
        }
    }

    #[test]
    fn the_configured_word_wins_over_colour_and_name() {
        assert_eq!(classify(Some("dev"), "payments-prod", Some("red")), Env::NonProd);
        assert_eq!(classify(Some("prod"), "sandbox", None), Env::Prod);
        assert_eq!(classify(None, "sandbox", Some("red")), Env::Prod);
        assert_eq!(classify(None, "sandbox", Some("green")), Env::Unknown);
        assert_eq!(classify(None, "nonprod", None), Env::Unknown);
    }
}
