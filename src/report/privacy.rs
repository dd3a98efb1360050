//! Hides what identifies accounts: runs of twelve digits or more, ARNs, zone ids and IP addresses, in whatever a format wrote.
//!
//! Each is replaced by as many `x` as it was long, so that columns stay aligned and no syntax is broken.

use std::collections::BTreeSet;
use std::net::IpAddr;

/// What is hidden besides what can be told by its shape.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    zone_ids: BTreeSet<String>,
}

impl Mask {
    /// A mask that knows the ids of these zones as well.
    pub fn new(zone_ids: impl IntoIterator<Item = String>) -> Self {
        Self {
            zone_ids: zone_ids.into_iter().collect(),
        }
    }

    /// The text with all that hidden.
    pub fn hide(&self, text: &str) -> String {
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
        let mask = Mask::new(["zone-7".to_owned()]);
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

    proptest! {
        #[test]
        fn no_account_id_survives(before in "\\PC{0,20}", id in "[0-9]{12}", after in "\\PC{0,20}") {
            let shown = Mask::default().hide(&format!("{before}{id}{after}"));
            prop_assert!(!shown.contains(&id));
        }
    }
}
