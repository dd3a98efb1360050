//! The parameters of SVCB and HTTPS records (RFC 9460 sections 2.1 and 14.3), and base64, in which some are written.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::{rdata, text};

const KEYS: [(&str, u16); 8] = [
    ("mandatory", 0),
    ("alpn", 1),
    ("no-default-alpn", 2),
    ("port", 3),
    ("ipv4hint", 4),
    ("ech", 5),
    ("ipv6hint", 6),
    ("dohpath", 7),
];

/// The wire form of the parameters, sorted by key; none where one is malformed or comes twice.
pub(super) fn parameters(fields: &[&str]) -> Option<Vec<u8>> {
    let mut sorted = BTreeMap::new();
    for field in fields {
        let (word, value) = field.split_once('=').unwrap_or((field, ""));
        let key = key(word)?;
        if sorted.insert(key, parameter(key, &text::octets(value)?)?).is_some() {
            return None;
        }
    }
    let mut wire = Vec::new();
    for (key, value) in sorted {
        wire.extend(key.to_be_bytes());
        wire.extend(u16::try_from(value.len()).ok()?.to_be_bytes());
        wire.extend(value);
    }
    Some(wire)
}

fn key(word: &str) -> Option<u16> {
    let known = KEYS.iter().find(|(name, _)| *name == word).map(|(_, key)| *key);
    known.or_else(|| word.strip_prefix("key")?.parse().ok())
}

fn parameter(key: u16, value: &[u8]) -> Option<Vec<u8>> {
    let words = || std::str::from_utf8(value).ok().map(|text| text.split(','));
    match key {
        0 => {
            let mut keys = words()?.map(self::key).collect::<Option<Vec<u16>>>()?;
            keys.sort_unstable();
            Some(keys.iter().flat_map(|key| key.to_be_bytes()).collect())
        }
        1 => protocols(value),
        2 => value.is_empty().then(Vec::new),
        3 => rdata::short(std::str::from_utf8(value).ok()?).map(Vec::from),
        4 => joined(words()?.map(|word| word.parse::<Ipv4Addr>().ok().map(|a| a.octets().to_vec()))),
        5 => base64(std::str::from_utf8(value).ok()?),
        6 => joined(words()?.map(|word| word.parse::<Ipv6Addr>().ok().map(|a| a.octets().to_vec()))),
        _ => Some(value.to_vec()),
    }
}

/// A comma-separated list of character strings in which a backslash takes the comma's meaning away (RFC 9460 appendix A.1).
fn protocols(value: &[u8]) -> Option<Vec<u8>> {
    let mut strings = vec![Vec::new()];
    let mut rest = value.iter();
    while let Some(octet) = rest.next() {
        match octet {
            b',' => strings.push(Vec::new()),
            b'\\' => strings.last_mut()?.push(*rest.next()?),
            _ => strings.last_mut()?.push(*octet),
        }
    }
    joined(
        strings
            .iter()
            .map(|string| text::character_string(string).filter(|_| !string.is_empty())),
    )
}

fn joined(parts: impl Iterator<Item = Option<Vec<u8>>>) -> Option<Vec<u8>> {
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.concat())
}

/// The octets of a base64 text (RFC 4648 section 4).
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let mut octets = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits.bytes() {
        bits = bits << 6 | sextet(digit)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.extend(u8::try_from(bits >> count));
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0 && digits.len() % 4 != 1).then_some(octets)
}

fn sextet(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
