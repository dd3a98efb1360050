//! Reads all files of a journal, in the order of their names, and finds what is wrong with them.

use super::LARGEST;
use crate::plan::Moment;
use crate::plan::journal::line::{self, Line, LineError, LineHash, MAX_OCTETS};
use crate::ports::{Damage, DamageKind, Reading};
use crate::store::private::{Directory, PrivateError};

const PREFIX: &str = "journal-";
const SUFFIX: &str = ".jsonl";

/// Where a journal ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tail {
    /// The number of the next record.
    pub next_seq: u64,
    /// The hash of the last line.
    pub hash: LineHash,
    /// The last file.
    pub last_file: Option<String>,
    /// The file whose last line was torn, and how many octets of it are whole.
    pub torn: Option<(String, u64)>,
}

/// The file of the month of a moment.
pub(super) fn file_name(at: Moment) -> String {
    let seconds = i64::try_from(at.0).unwrap_or(i64::MAX);
    let date = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{PREFIX}{}{SUFFIX}", date.strftime("%Y-%m"))
}

/// Everything that a directory holds, and where it ends.
pub(super) fn all(directory: &Directory) -> Result<(Reading, Tail), PrivateError> {
    let mut names = directory.names()?;
    names.retain(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
    names.sort();
    let mut reading = Reading::default();
    let mut tail = Tail {
        next_seq: 1,
        hash: LineHash::none(),
        last_file: names.last().cloned(),
        torn: None,
    };
    for name in names {
        if let Some(bytes) = directory.read(&name, LARGEST)? {
            file(&name, &bytes, &mut reading, &mut tail);
        }
    }
    Ok((reading, tail))
}

/// Reads one file.
pub(super) fn file(name: &str, bytes: &[u8], reading: &mut Reading, tail: &mut Tail) {
    let whole = bytes.iter().rposition(|octet| *octet == b'\n').map_or(0, |end| end + 1);
    let (lines, torn) = bytes.split_at_checked(whole).unwrap_or((bytes, &[]));
    for text in lines.split_inclusive(|octet| *octet == b'\n') {
        one(name, text.strip_suffix(b"\n").unwrap_or(text), reading, tail);
    }
    if !torn.is_empty() {
        tail.torn = Some((name.to_owned(), whole as u64));
        reading.damage.push(Damage {
            file: name.to_owned(),
            seq: tail.next_seq,
            kind: DamageKind::Torn,
        });
    }
}

fn one(name: &str, text: &[u8], reading: &mut Reading, tail: &mut Tail) {
    let damage = |kind| Damage {
        file: name.to_owned(),
        seq: tail.next_seq,
        kind,
    };
    let line = match text.len() <= MAX_OCTETS {
        true => line::read(text).map_err(|error| match error {
            LineError::Newer(format) => DamageKind::Newer(format),
            other => DamageKind::Unreadable(other.to_string()),
        }),
        false => Err(DamageKind::Unreadable("it is too long".to_owned())),
    };
    match line {
        Ok(Line { seq, previous, entry }) => {
            if seq != tail.next_seq || previous != tail.hash {
                reading.damage.push(damage(DamageKind::Broken));
            }
            reading.entries.push(entry);
            tail.next_seq = seq.saturating_add(1);
        }
        Err(kind) => {
            reading.damage.push(damage(kind));
            tail.next_seq = tail.next_seq.saturating_add(1);
        }
    }
    tail.hash = LineHash::of(text);
}
