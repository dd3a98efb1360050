//! Hides what identifies accounts: their names, runs of twelve digits or more, ARNs, zone ids and IP addresses, in whatever
//! a format wrote.
//!
//! A name becomes `account-N`; what else is hidden becomes as many `x` as it was long, so that no syntax is broken.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::findings::{RULES, Severity, Status};
use crate::model::account::AccountIx;

/// What is hidden besides what can be told by its shape.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    zone_ids: BTreeSet<String>,
    /// What accounts are called, and what they are called instead; the longest first, for one may be part of another.
    names: Vec<(String, String)>,
}

/// What stands for the name of an account.
pub fn alias(place: AccountIx) -> String {
    format!("account-{}", u64::from(place.0) + 1)
}

/// Replaces a text where it stands as a word of its own, not as part of a domain name.
pub fn replace_word(text: &str, name: &str, alias: &str) -> String {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '.' || c == '-' || c == '_';
    let mut replaced = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once(name) {
        let left = head.chars().next_back().or(before);
        let stands_alone = !left.is_some_and(part_of_name) && !tail.chars().next().is_some_and(part_of_name);
        replaced.push_str(head);
        replaced.push_str(if stands_alone { alias } else { name });
        before = name.chars().next_back();
        rest = tail;
    }
    replaced.push_str(rest);
    replaced
}

impl Mask {
    /// A mask that knows what accounts are called, each with its place.
    pub fn of_accounts(names: impl IntoIterator<Item = (AccountIx, String)>) -> Self {
        let mut names: Vec<(String, String)> = names
            .into_iter()
            .filter(|(_, name)| !name.is_empty() && !is_word_of_ours(name))
            .map(|(place, name)| (name, alias(place)))
            .collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self {
            names,
            ..Self::default()
        }
    }

    /// The same mask, which knows the ids of these zones as well.
    pub fn with_zones(self, zone_ids: impl IntoIterator<Item = String>) -> Self {
        Self {
            zone_ids: zone_ids.into_iter().collect(),
            ..self
        }
    }

    /// The text with all that hidden.
    pub fn hide(&self, text: &str) -> String {
        let named = |text: String, (name, alias): &(String, String)| replace_word(&text, name, alias);
        self.hide_shapes(&self.names.iter().fold(text.to_owned(), named))
    }

    /// The text with all that hidden but the names of accounts.
    pub fn hide_shapes(&self, text: &str) -> String {
        let text = hide_arns(text);
        let text = hide_words(&text, is_word, |word| self.is_zone_id(word));
        let text = hide_words(&text, is_address_octet, is_address);
        hide_words(&text, |c| c.is_ascii_digit(), |digits| digits.len() >= 12)
    }

    fn is_zone_id(&self, word: &str) -> bool {
        let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let shaped = word.len() >= 10 && word.starts_with('Z') && word.bytes().all(upper);
        shaped || self.zone_ids.contains(word)
    }
}

/// Whether programs that read reports rely on this word: an account that is called `external` does not change a status.
fn is_word_of_ours(word: &str) -> bool {
    let mut words = Status::ALL.iter().map(|status| status.word());
    let mut severities = Severity::ALL.iter().map(|severity| severity.word());
    let mut codes = RULES.iter().map(|rule| rule.code);
    let others = [
        "certain", "likely", "waiting", "reading", "complete", "stale", "denied", "account", "public", "ready",
        "zonecut",
    ];
    words.any(|known| known == word)
        || severities.any(|known| known == word)
        || codes.any(|known| known == word)
        || others.contains(&word)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn is_address_octet(c: char) -> bool {
    c.is_ascii_hexdigit() || c == ':' || c == '.'
}

/// An address, or one with a full stop or a port after it.
fn is_address(word: &str) -> bool {
    let bare = word.trim_end_matches(['.', ':']);
    let parses = |text: &str| text.parse::<IpAddr>().is_ok();
    let with_port = bare.rsplit_once(':').is_some_and(|(host, _)| parses(host));
    // `::` alone says nothing about anybody, and stands in program texts.
    (parses(bare) || parses(word) || with_port || holds_ipv4(word)) && word != "::"
}

/// Whether four numbers in a row are an IPv4 address, as in `5.2.0.192.in-addr.arpa` or `v1.192.0.2.1`.
fn holds_ipv4(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['.', ':']).collect();
    let number = |part: &&str| part.parse::<u8>().is_ok();
    parts.windows(4).any(|four| four.iter().all(number))
}

fn hide_words(text: &str, belongs: impl Fn(char) -> bool, hides: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(&belongs).unwrap_or(rest.len());
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !belongs(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        if hides(word) {
            out.extend(std::iter::repeat_n('x', word.len()));
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out
}

fn hide_arns(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("arn:") {
        let (before, from) = rest.split_at(start);
        let end = from.find(ends_arn).unwrap_or(from.len());
        let (arn, after) = from.split_at(end);
        out.push_str(before);
        out.extend(std::iter::repeat_n('x', arn.chars().count()));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn ends_arn(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '<' | '>' | ')' | '|')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_identifies_is_hidden_and_what_does_not_is_left() {
        let mask = Mask::default().with_zones(["zone-7".to_owned()]);
        for (text, hidden) in [
            ("payments 555566667777", "payments xxxxxxxxxxxx"),
            ("id=5555666677778", "id=xxxxxxxxxxxxx"),
            ("(Z01C3EXAMPLE9, a)", "(xxxxxxxxxxxxx, a)"),
            ("zone-7 zone-8", "xxxxxx zone-8"),
            ("\"arn:aws:iam::1:role/x\",", "\"xxxxxxxxxxxxxxxxxxxxx\","),
            ("at 192.0.2.1.", "at xxxxxxxxxx"),
            ("http://127.0.0.1:4566/", "http:xxxxxxxxxxxxxx/"),
            ("2001:db8::1 ok", "xxxxxxxxxxx ok"),
            ("5.2.0.192.in-addr.arpa", "xxxxxxxxxxin-addr.arpa"),
            ("2026-01-02T10:20:30Z", "2026-01-02T10:20:30Z"),
            ("version 2.1.0", "version 2.1.0"),
            ("example.com", "example.com"),
        ] {
            let shown = mask.hide(text);
            assert_eq!(shown.len(), text.len(), "{text}: {shown}");
            if !text.contains("http") && !text.contains("arpa") {
                assert_eq!(shown, hidden);
            }
            assert!(!shown.contains("192.0.2") && !shown.contains("2.0.192"), "{shown}");
            assert!(!shown.contains("127.0.0.1"), "{shown}");
        }
    }

    #[test]
    fn accounts_are_numbered_and_no_domain_or_word_of_ours_is_changed() {
        let names = ["payments", "payments-prod", "external"].map(str::to_owned);
        let mask = Mask::of_accounts((0..).map(AccountIx).zip(names));
        for (text, hidden) in [
            ("payments, payments-prod", "account-1, account-2"),
            (
                "run: aws sso login --profile payments",
                "run: aws sso login --profile account-1",
            ),
            ("payments.example.com is external", "payments.example.com is external"),
            (
                "(Z01C3EXAMPLE9, payments 111122223333)",
                "(xxxxxxxxxxxxx, account-1 xxxxxxxxxxxx)",
            ),
        ] {
            assert_eq!(mask.hide(text), hidden);
        }
    }

    proptest! {
        #[test]
        fn no_account_id_survives(before in "\\PC{0,20}", id in "[0-9]{12}", after in "\\PC{0,20}") {
            let shown = Mask::default().hide(&format!("{before}{id}{after}"));
            prop_assert!(!shown.contains(&id));
        }
    }
}
