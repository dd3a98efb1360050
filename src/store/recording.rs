//! What a run learned, kept in a file: replayed, it gives the same verdicts, without network and without credentials.
//!
//! Invariant: what is written comes back as it was, and a file that is not what was written (cut short, of another version,
//! hostile) gives a reason and nothing else. It holds knowledge, not exchanges: accounts, zones, what servers said.

mod account;
mod ascii;
mod dns;
mod draft;
mod lines;
mod read;
mod record_set;
mod served;
mod told;
mod words;
mod write;
mod zone;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::account::AccountIx;
use crate::model::inventory::Inventory;
use crate::model::text::Untrusted;

pub use draft::Draft;
pub use read::{open, read};
pub use write::write;

/// The format. Once it has been released, it changes with every field that comes or goes: a recording of another one is
/// refused by its number, never read by halves.
pub const SCHEMA: u32 = 1;

/// No larger file is read or written.
const LARGEST: u64 = 2 << 30;

/// No longer line is: that of a zone with two million record sets.
const LONGEST: u64 = 256 << 20;

/// What a recording holds.
#[derive(Debug)]
pub struct Recording {
    /// How it was learned.
    pub circumstances: Circumstances,
    /// What was learned.
    pub inventory: Inventory,
}

/// How something was learned, as far as reports tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The version of the program that recorded it.
    pub version: Untrusted,
    /// When it was recorded.
    pub at: Timestamp,
    /// Whose accounts they are.
    pub stage: Stage,
    /// The URL that requests went to instead of AWS.
    pub endpoint_override: Option<Untrusted>,
    /// The accounts that were to be read.
    pub chosen: BTreeSet<AccountIx>,
    /// How many zones each account says it has, by the accounts' places.
    pub expected_zones: Vec<Option<u64>>,
}

/// Whether what was read is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is.
    Aws,
    /// It is the demo's.
    Demo,
}

/// Why a file is no recording that can be replayed, or cannot become one.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It is something else.
    #[error("it is no recording")]
    NoRecording,
    /// Another zonecut wrote it.
    #[error("it has format {found}, and this zonecut reads format {SCHEMA}")]
    Version {
        /// The format found.
        found: u32,
        /// The version of the program that wrote it, fit to print; none where it does not say.
        version: Option<String>,
    },
    /// Its end is missing.
    #[error("it ends in the middle, after {lines} whole lines")]
    CutShort {
        /// How many lines are whole.
        lines: usize,
    },
    /// A line is not as it must be.
    #[error("line {line} is damaged: {why}")]
    Damaged {
        /// Its number, from 1 on.
        line: usize,
        /// What is wrong with it, fit to print.
        why: String,
    },
    /// It is larger than anything that is recorded.
    #[error("it is too large: a recording has at most {} MiB, and each line {} MiB", LARGEST >> 20, LONGEST >> 20)]
    TooLarge,
    /// A file of that name is there already, and is none of ours.
    #[error("something else is there: {0}")]
    Taken(&'static str),
    /// The system refused.
    #[error("{0}")]
    System(#[from] std::io::Error),
}

#[cfg(test)]
mod tests;
