//! The journal in files: one a month, a record a line, each with the hash of the line before.
//!
//! Invariants: a record is written by one call and is on the disk before anything is done because of it; what failed once is
//! not tried again; a line that was written is never changed, and only the torn end of one that was not is cut off.

mod read;

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::private::{Directory, PrivateError};
use crate::plan::Moment;
use crate::plan::journal::Entry;
use crate::plan::journal::line::{self, LineHash, MAX_OCTETS};
use crate::ports::{DamageKind, Journal, JournalError, Pen, Reading};

use read::Tail;

/// The file that whoever writes has locked.
const LOCK: &str = "lock";
/// The most octets of one month that are read.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The journal in a directory.
#[derive(Debug, Clone)]
pub struct FileJournal {
    path: PathBuf,
}

/// The pen of a journal in files; nobody else has it while the lock is held.
#[derive(Debug)]
pub struct FilePen {
    directory: Directory,
    reading: Reading,
    tail: Tail,
    /// The file that is written to, once something was.
    open: Option<(String, File)>,
    spoiled: bool,
    /// Released when the file is closed, also by the end of the process.
    _lock: File,
}

impl FileJournal {
    /// The journal in a directory, which is made when something is noted.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl From<PrivateError> for JournalError {
    fn from(error: PrivateError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Journal for FileJournal {
    type Pen = FilePen;

    fn read(&self) -> Result<Reading, JournalError> {
        match std::fs::metadata(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Reading::default()),
            Err(error) => return Err(failed("find", &error)),
            Ok(_) => {}
        }
        Ok(read::all(&Directory::open(&self.path)?)?.0)
    }

    fn take_pen(&self) -> Result<FilePen, JournalError> {
        let directory = Directory::open(&self.path)?;
        let (lock, _) = directory.append(LOCK)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Busy),
            Err(TryLockError::Error(error)) => return Err(failed("lock", &error)),
        }
        // Read only now: whoever had the pen before may have written.
        let (reading, tail) = read::all(&directory)?;
        if let Some(format) = reading.damage.iter().find_map(|damage| newer(&damage.kind)) {
            return Err(JournalError::Newer(format));
        }
        Ok(FilePen {
            directory,
            reading,
            tail,
            open: None,
            spoiled: false,
            _lock: lock,
        })
    }
}

impl Pen for FilePen {
    fn reading(&self) -> &Reading {
        &self.reading
    }

    fn note(&mut self, entry: &Entry) -> Result<(), JournalError> {
        if self.spoiled {
            return Err(JournalError::Spoiled);
        }
        let line = line::write(self.tail.next_seq, &self.tail.hash, entry);
        let octets = line.trim_end_matches('\n').len();
        if octets > MAX_OCTETS {
            return Err(JournalError::TooLarge(octets));
        }
        let written = self.append(entry.at, line.as_bytes());
        self.spoiled = written.is_err();
        written?;
        self.tail.next_seq += 1;
        self.tail.hash = LineHash::of(line.trim_end_matches('\n').as_bytes());
        Ok(())
    }
}

impl FilePen {
    fn append(&mut self, at: Moment, line: &[u8]) -> Result<(), JournalError> {
        let name = self.file_name(at);
        let file = match self.open.take() {
            Some((open, file)) if open == name => file,
            _ => self.open_file(&name)?,
        };
        self.tail.last_file = Some(name.clone());
        let (_, file) = self.open.insert((name, file));
        let written = file.write(line).map_err(|error| failed("write", &error))?;
        if written != line.len() {
            return Err(JournalError::Failed("a record was not written to its end".to_owned()));
        }
        file.sync_data().map_err(|error| failed("sync", &error))
    }

    /// Opens the file of a month, without the torn end that a crash left in it.
    fn open_file(&self, name: &str) -> Result<File, JournalError> {
        let (file, size) = self.directory.append(name)?;
        match &self.tail.torn {
            Some((torn, whole)) if torn == name && *whole < size => {
                file.set_len(*whole).map_err(|error| failed("cut", &error))?;
                file.sync_data().map_err(|error| failed("sync", &error))?;
            }
            _ => {}
        }
        if size == 0 {
            self.directory.sync()?;
        }
        Ok(file)
    }

    /// The file of the month; a clock that was set back does not lead to a file before the last one.
    fn file_name(&self, at: Moment) -> String {
        let name = read::file_name(at);
        match &self.tail.last_file {
            Some(last) if *last > name => last.clone(),
            _ => name,
        }
    }
}

/// The version of a record that is too new to be understood here.
fn newer(kind: &DamageKind) -> Option<u32> {
    match kind {
        DamageKind::Newer(format) => Some(*format),
        DamageKind::Torn | DamageKind::Unreadable(_) | DamageKind::Broken => None,
    }
}

fn failed(doing: &str, error: &std::io::Error) -> JournalError {
    JournalError::Failed(format!("failed to {doing} it: {error}"))
}

#[cfg(all(test, unix))]
mod tests;
