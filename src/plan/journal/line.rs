//! A record as one line of ASCII: JSON with its number, the hash of the line before, and a checksum of its own.
//!
//! Invariant: a line that was torn, or changed in one octet, is not read as a record.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Entry;
use crate::model::text::ascii_json;

/// The version of the format.
pub const SCHEMA: u32 = 1;
/// The most octets that one line may have: a plan and a little more.
pub const MAX_OCTETS: usize = 2 * crate::plan::file::MAX_OCTETS;

/// SHA-256 over a line without its end, as lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineHash(String);

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, counted over all files.
    pub seq: u64,
    /// The hash of the line before.
    pub previous: LineHash,
    /// What it holds.
    pub entry: Entry,
}

/// Why a line is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It was torn or changed: its checksum is not that of its contents.
    #[error("it is damaged: its checksum does not fit")]
    Checksum,
    /// It is not of this format.
    #[error("it is no record of a journal")]
    Format,
    /// It is of a newer version.
    #[error("it was written by a newer zonecut (format {0}, this one knows {SCHEMA})")]
    Newer(u32),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Framed<E> {
    schema: u32,
    seq: u64,
    prev: LineHash,
    entry: E,
}

#[derive(Deserialize)]
struct Version {
    schema: u32,
}

impl LineHash {
    /// What the first line of all has in the place of a hash.
    pub fn none() -> Self {
        Self("0".repeat(64))
    }

    /// The hash of a line, without its end.
    pub fn of(line: &[u8]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&Sha256::digest(line)))
    }
}

/// Writes a record as a line, its end included.
pub fn write(seq: u64, previous: &LineHash, entry: &Entry) -> String {
    write_as(SCHEMA, seq, previous, entry)
}

/// The same in a version of the format.
pub(crate) fn write_as(schema: u32, seq: u64, previous: &LineHash, entry: &Entry) -> String {
    let framed = Framed {
        schema,
        seq,
        prev: previous.clone(),
        entry,
    };
    let json = serde_json::to_string(&framed).expect("records hold nothing that JSON cannot say");
    let json = ascii_json(&json);
    format!("{:08x} {json}\n", checksum(json.as_bytes()))
}

/// Reads a line, without its end.
pub fn read(line: &[u8]) -> Result<Line, LineError> {
    let text = std::str::from_utf8(line).map_err(|_| LineError::Format)?;
    let (sum, json) = text.split_once(' ').ok_or(LineError::Format)?;
    if sum != format!("{:08x}", checksum(json.as_bytes())) {
        return Err(LineError::Checksum);
    }
    let version: Version = serde_json::from_str(json).map_err(|_| LineError::Format)?;
    if version.schema > SCHEMA {
        return Err(LineError::Newer(version.schema));
    }
    let framed: Framed<Entry> = serde_json::from_str(json).map_err(|_| LineError::Format)?;
    Ok(Line {
        seq: framed.seq,
        previous: framed.prev,
        entry: framed.entry,
    })
}

/// CRC-32 (IEEE 802.3), bit by bit: records are few and short.
fn checksum(octets: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for octet in octets {
        sum ^= u32::from(*octet);
        for _ in 0..8 {
            let carry = sum & 1;
            sum >>= 1;
            if carry == 1 {
                sum ^= 0xedb8_8320;
            }
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Untrusted;
    use crate::plan::journal::Record;
    use crate::plan::{Moment, PlanId};

    fn entry() -> Entry {
        Entry {
            at: Moment(7),
            plan: PlanId::new([1; 16]),
            record: Record::NotMade {
                step: 3,
                said: Untrusted::from("caf\u{e9}\u{1b}[2J\n\u{202e}"),
            },
        }
    }

    #[test]
    fn the_checksum_is_the_one_that_everybody_knows() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_record_comes_back_from_its_line() {
        let line = write(9, &LineHash::none(), &entry());
        assert!(line.is_ascii() && line.ends_with('\n') && line.matches('\n').count() == 1);
        let read = read(line.trim_end().as_bytes()).unwrap();
        assert_eq!((read.seq, read.previous, read.entry), (9, LineHash::none(), entry()));
    }

    #[test]
    fn a_line_that_was_torn_or_changed_anywhere_is_no_record() {
        let line = write(9, &LineHash::none(), &entry());
        let line = line.trim_end().as_bytes();
        for cut in 0..line.len() {
            assert!(read(&line[..cut]).is_err(), "{cut}");
            let mut changed = line.to_vec();
            changed[cut] ^= 1;
            assert!(read(&changed).is_err(), "{cut}");
        }
    }
}
