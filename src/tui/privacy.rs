//! What is masked so that a screen can be shown to others: names and ids of accounts, ids of zones, ARNs, IP addresses.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use crate::model::account::{Account, AccountIx};
pub use crate::report::privacy::alias;
use crate::report::privacy::replace_word;

/// Whether accounts, ids and addresses are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Privacy {
    /// They are shown.
    #[default]
    Shown,
    /// They are not.
    Masked,
}

impl Privacy {
    /// The other one.
    pub fn toggled(self) -> Self {
        match self {
            Self::Shown => Self::Masked,
            Self::Masked => Self::Shown,
        }
    }
}

/// What stands for the id of an account.
pub const ACCOUNT: &str = "************";
/// What stands for the id of a zone.
pub const ZONE: &str = "Z***";
const ARN: &str = "arn:***";
const ADDRESS: &str = "*.*.*.*";

/// Masks ids, ARNs and addresses in a text, and the names of accounts.
pub fn mask_accounts(text: &str, accounts: &[Account]) -> String {
    let mut names: Vec<(String, String)> = (0..)
        .map(AccountIx)
        .zip(accounts)
        .map(|(place, account)| (account.name.printable(), alias(place)))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    // The longest first: one name may be part of another.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let masked = names
        .iter()
        .fold(text.to_owned(), |text, (name, alias)| replace_word(&text, name, alias));
    mask(&masked).into_owned()
}

/// Masks ids, ARNs and addresses in a text.
pub fn mask(text: &str) -> Cow<'_, str> {
    let separator = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | ',' | ';' | '=' | '[' | ']');
    let mut masked = String::with_capacity(text.len());
    for word in text.split_inclusive(separator) {
        let bare = word.strip_suffix(separator).unwrap_or(word);
        mask_word(bare, &mut masked);
        masked.push_str(word.strip_prefix(bare).unwrap_or_default());
    }
    if masked == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(masked)
    }
}

fn mask_word(word: &str, masked: &mut String) {
    if let Some((head, _)) = word.split_once("arn:") {
        masked.push_str(head);
        masked.push_str(ARN);
        return;
    }
    let address = word.strip_prefix("ip6:").unwrap_or(word);
    let address = address.split_once('/').map_or(address, |(address, _)| address);
    if address.trim_end_matches('.').parse::<Ipv6Addr>().is_ok() {
        masked.push_str(ADDRESS);
        return;
    }
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let run = |keep: fn(char) -> bool| rest.find(|c| !keep(c)).unwrap_or(rest.len());
        let end = if first.is_ascii_digit() && is_dotted_quad(rest) {
            run(|c| c.is_ascii_digit() || c == '.')
        } else if first.is_ascii_alphanumeric() {
            run(|c| c.is_ascii_alphanumeric())
        } else {
            first.len_utf8()
        };
        let (piece, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        masked.push_str(mask_piece(piece));
        rest = tail;
    }
}

fn is_dotted_quad(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let quad = text
        .split_at_checked(end)
        .map_or("", |(quad, _)| quad)
        .trim_end_matches('.');
    quad.split('.').count() == 4 && quad.split('.').all(|part| part.parse::<u8>().is_ok())
}

fn mask_piece(piece: &str) -> &str {
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    if digits > 0 && piece.contains('.') {
        return ADDRESS;
    }
    if digits >= 12 {
        return ACCOUNT;
    }
    let looks_like_a_zone_id = piece.len() >= 10
        && piece.starts_with('Z')
        && piece.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if looks_like_a_zone_id { ZONE } else { piece }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_arns_and_addresses_are_masked_wherever_they_stand() {
        assert_eq!(
            mask("shared 111122223333 (Z01C3EXAMPLE9)"),
            "shared ************ (Z***)"
        );
        assert_eq!(mask("arn:aws:sts::111122223333:assumed-role/x is"), "arn:*** is");
        assert_eq!(mask("v=spf1 ip4:192.0.2.0/24 -all"), "v=spf1 ip4:*.*.*.*/24 -all");
        assert_eq!(mask("2001:db8::1"), "*.*.*.*");
        assert_eq!(mask("v=spf1 ip6:2001:db8::/32"), "v=spf1 *.*.*.*");
        assert_eq!(mask("ns-12.awsdns-01.com"), "ns-12.awsdns-01.com");
        assert_eq!(mask("10:42:07"), "10:42:07");
    }
}
