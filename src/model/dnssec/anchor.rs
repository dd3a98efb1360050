//! Trust anchors: the keys that a chain of trust begins with, as resolvers are given them (RFC 4034 sections 2.2 and 5.3,
//! RFC 7958).

use data_encoding::BASE64;

use super::DsValue;
use crate::model::dns::Dnskey;
use crate::model::name::DnsName;

/// The anchors of the root of the internet, as IANA publishes them.
pub const INTERNET: &str = include_str!("../../../assets/root.anchors");

/// One key that is believed without being signed by anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The zone whose key it is.
    pub zone: DnsName,
    /// The value that names the key.
    pub ds: DsValue,
}

/// Why a text holds no anchors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAnchors {
    /// A record that is neither DS nor DNSKEY, by the number of the line it begins in.
    #[error("line {line} is no record such as \". IN DS 20326 8 2 E06D44B8…\" or \". IN DNSKEY 257 3 8 AwEAAaz…\"")]
    Line {
        /// Its number, from 1 on.
        line: usize,
    },
    /// No record that names a key.
    #[error("there is no DS record, and no DNSKEY record of a key that signs keys (flags 257)")]
    Nothing,
}

/// Reads anchors: DS and DNSKEY records, a line each or in parentheses over several; comments follow a semicolon.
pub fn read(text: &str) -> Result<Vec<Anchor>, BadAnchors> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for (line, words) in records(text) {
        let anchor = record(&words).ok_or(BadAnchors::Line { line })?;
        if let Some(anchor) = anchor.filter(|anchor| !anchors.contains(anchor)) {
            anchors.push(anchor);
        }
    }
    (!anchors.is_empty()).then_some(anchors).ok_or(BadAnchors::Nothing)
}

/// The words of each record, and the number of the line it begins in.
fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut records: Vec<(usize, Vec<String>)> = Vec::new();
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.split(';').next().unwrap_or_default();
        let was_open = open;
        for octet in content.bytes() {
            open = match octet {
                b'(' => true,
                b')' => false,
                _ => open,
            };
        }
        let content = content.replace(['(', ')'], " ");
        let words = content.split_ascii_whitespace().map(str::to_owned);
        match records.last_mut().filter(|_| was_open) {
            Some((_, record)) => record.extend(words),
            None => records.push((number, words.collect())),
        }
    }
    records.retain(|(_, words)| words.first().is_some_and(|word| !word.starts_with('$')));
    records
}

/// One record: `OWNER [TTL] [IN] TYPE DATA`; nothing of a key that does not sign keys.
fn record(words: &[String]) -> Option<Option<Anchor>> {
    let (owner, rest) = words.split_first()?;
    let zone = DnsName::parse_rfc1035(owner).ok()?;
    let is_skipped =
        |word: &&String| word.eq_ignore_ascii_case("IN") || word.bytes().all(|octet| octet.is_ascii_digit());
    let skipped = rest.iter().take_while(is_skipped).count();
    let (record_type, data) = rest.get(skipped..)?.split_first()?;
    let ds = match record_type.to_ascii_uppercase().as_str() {
        "DS" => DsValue::read(&data.join(" "))?,
        "DNSKEY" => {
            let key = dnskey(data)?;
            if key.flags & SECURE_ENTRY_POINT == 0 || !key.signs_zones() {
                return Some(None);
            }
            DsValue::naming(&key, &zone)
        }
        _ => return None,
    };
    Some(Some(Anchor { zone, ds }))
}

/// The flag of a key that signs keys (RFC 4034 section 2.1.1).
const SECURE_ENTRY_POINT: u16 = 1;

/// `FLAGS PROTOCOL ALGORITHM KEY`, where blanks may divide the key.
fn dnskey(words: &[String]) -> Option<Dnskey> {
    let [flags, protocol, algorithm, key @ ..] = words else {
        return None;
    };
    let public_key = BASE64.decode(key.concat().as_bytes()).ok()?;
    (!public_key.is_empty()).then_some(Dnskey {
        flags: flags.parse().ok()?,
        protocol: protocol.parse().ok()?,
        algorithm: algorithm.parse().ok()?,
        public_key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the anchors that IANA publishes, as Debian's dns-root-data has them, in the form of unbound's `root.key`.
    const KEYS: &str = "; autotrust trust anchor file
. 172800 IN DNSKEY 257 3 8 AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU= ;{id = 20326 (ksk)}
.\tIN DNSKEY ( 257 3 8
  AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMY ; half
  SjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc= )
";

    #[test]
    fn the_built_in_anchors_are_those_of_the_keys_that_iana_publishes() {
        let built_in = read(INTERNET).expect("anchors");
        assert_eq!(read(KEYS), Ok(built_in.clone()));
        let tags: Vec<u16> = built_in.iter().map(|anchor| anchor.ds.tag).collect();
        assert_eq!(tags, [20326, 38696]);
        assert!(built_in.iter().all(|anchor| anchor.zone.is_root()));
    }

    #[test]
    fn what_names_no_key_is_no_anchor() {
        assert_eq!(read("\n; nothing\n$TTL 300\n"), Err(BadAnchors::Nothing));
        assert_eq!(
            read(". IN DNSKEY 256 3 8 AwEAAaz/tAm8"),
            Err(BadAnchors::Nothing),
            "a zone key"
        );
        for text in [
            ". IN DS 20326 8 2",
            "\n. IN A 198.41.0.4",
            ". IN DNSKEY 257 3 8",
            "x..y IN DS 1 8 2 ab",
            ". 1 ) DS",
        ] {
            let line = 1 + usize::from(text.starts_with('\n'));
            assert_eq!(read(text), Err(BadAnchors::Line { line }), "{text}");
        }
    }
}
