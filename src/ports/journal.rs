//! Where it is noted what is done: read by everybody, written to by one at a time.

use crate::plan::journal::Entry;

/// A journal on this machine.
pub trait Journal: Send + Sync + 'static {
    /// Writes to it, alone.
    type Pen: Pen;

    /// Everything that was noted. Damage never keeps the rest from being read.
    fn read(&self) -> Result<Reading, JournalError>;

    /// Takes the pen, which nobody else has until it is dropped. Nobody gets it who does not understand all versions of what
    /// is there.
    fn take_pen(&self) -> Result<Self::Pen, JournalError>;
}

/// Writes to a journal.
///
/// Invariant: after an error it writes nothing any more, as nobody knows what of it reached the disk; but for a record that is
/// too large, of which nothing is written.
pub trait Pen: Send + 'static {
    /// What the journal held when the pen was taken.
    fn reading(&self) -> &Reading;

    /// Notes a record. When it returns, the record is on the disk.
    fn note(&mut self, entry: &Entry) -> Result<(), JournalError>;
}

/// What a journal holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The records, the oldest first.
    pub entries: Vec<Entry>,
    /// What is wrong with it.
    pub damage: Vec<Damage>,
}

/// Something that is wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: String,
    /// The number that the record at fault has or should have.
    pub seq: u64,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What can be wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DamageKind {
    /// The last line was not written to its end, so nothing was ever done because of it. It is left out.
    Torn,
    /// A line is no record, or was changed; why.
    Unreadable(String),
    /// It was written by a newer zonecut, in this version of the format: what it says is not known here.
    Newer(u32),
    /// The record does not follow on the one before it: something was changed, taken out or put in.
    Broken,
}

/// Why a journal cannot be read or written to. Fit to print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Another zonecut has the pen.
    #[error("another zonecut is applying a plan on this machine; this one only reads until it is done")]
    Busy,
    /// The system refused.
    #[error("the journal cannot be used: {0}")]
    Failed(String),
    /// A newer zonecut wrote to it, in this version of the format. What it left open is not known here.
    #[error("a newer zonecut wrote to the journal (format {0}), so this one only reads it")]
    Newer(u32),
    /// The record has so many octets that it would not be read again. Nothing of it was written.
    #[error("the journal takes no record of {0} octets: it could not be read again")]
    TooLarge(usize),
    /// A write failed before, so nothing more is written.
    #[error("the journal could not be written before, so nothing more is noted or sent")]
    Spoiled,
}

impl Damage {
    /// In a sentence fit to print.
    pub fn saying(&self) -> String {
        let Self { file, seq, kind } = self;
        match kind {
            DamageKind::Torn => format!("{file}: record {seq} was not written to its end and is left out"),
            DamageKind::Unreadable(why) => format!("{file}: record {seq} cannot be read: {why}"),
            DamageKind::Newer(format) => {
                format!("{file}: record {seq} was written by a newer zonecut (format {format}) and is left out")
            }
            DamageKind::Broken => format!("{file}: record {seq} does not follow on the one before it"),
        }
    }
}
