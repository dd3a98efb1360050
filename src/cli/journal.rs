//! Where a run notes what it does: in the data directory; the demo, which is gone after each run, in memory.

use std::sync::{Arc, Mutex, PoisonError};

use crate::plan::journal::{Entry, Operator};
use crate::ports::{Journal, JournalError, Pen, Reading};
use crate::store::journal::{FileJournal, FilePen};

use super::exit::{Exit, Stop};
use super::gather::Reach;
use super::settings::variable;

/// The journal of a run. Clones are the same one.
#[derive(Debug, Clone)]
pub enum Notes {
    /// In files.
    Files(FileJournal),
    /// In memory.
    Memory(Arc<Mutex<Vec<Entry>>>),
}

/// Writes to it.
#[derive(Debug)]
pub enum NotesPen {
    /// In files.
    Files(FilePen),
    /// In memory.
    Memory {
        /// What was noted so far.
        notes: Arc<Mutex<Vec<Entry>>>,
        /// What was there when the pen was taken.
        reading: Reading,
    },
}

impl Notes {
    /// The journal of this user on this machine.
    pub fn kept() -> Result<Self, Stop> {
        let dirs = directories::ProjectDirs::from("", "", "zonecut")
            .ok_or_else(|| Stop::new(Exit::Failed, "there is no home directory to keep the log of changes in"))?;
        Ok(Self::Files(FileJournal::at(dirs.data_dir())))
    }

    /// The journal of a run over these accounts.
    pub fn of(reach: &Reach) -> Result<Self, Stop> {
        match reach.simulator {
            Some(_) => Ok(Self::Memory(Arc::default())),
            None => Self::kept(),
        }
    }
}

impl Journal for Notes {
    type Pen = NotesPen;

    fn read(&self) -> Result<Reading, JournalError> {
        match self {
            Self::Files(files) => files.read(),
            Self::Memory(notes) => Ok(reading(notes)),
        }
    }

    fn take_pen(&self) -> Result<NotesPen, JournalError> {
        Ok(match self {
            Self::Files(files) => NotesPen::Files(files.take_pen()?),
            Self::Memory(notes) => NotesPen::Memory {
                reading: reading(notes),
                notes: Arc::clone(notes),
            },
        })
    }
}

fn reading(notes: &Mutex<Vec<Entry>>) -> Reading {
    Reading {
        entries: notes.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        damage: Vec::new(),
    }
}

impl Pen for NotesPen {
    fn reading(&self) -> &Reading {
        match self {
            Self::Files(pen) => pen.reading(),
            Self::Memory { reading, .. } => reading,
        }
    }

    fn note(&mut self, entry: &Entry) -> Result<(), JournalError> {
        match self {
            Self::Files(pen) => pen.note(entry),
            Self::Memory { notes, .. } => {
                notes.lock().unwrap_or_else(PoisonError::into_inner).push(entry.clone());
                Ok(())
            }
        }
    }
}

/// Who applies plans in this run.
pub fn operator() -> Operator {
    let user = variable("USER")
        .or_else(|| variable("LOGNAME"))
        .or_else(|| variable("USERNAME"));
    let arguments = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = std::iter::once("zonecut".to_owned()).chain(arguments).collect();
    Operator {
        user: user.unwrap_or_else(|| "unknown".to_owned()).into(),
        host: host().into(),
        command: crate::report::shell::line(words.iter().map(String::as_str)).into(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn host() -> String {
    let files = ["/proc/sys/kernel/hostname", "/etc/hostname"];
    let told = files.iter().find_map(|file| std::fs::read_to_string(file).ok());
    let named = told
        .or_else(|| variable("HOSTNAME"))
        .or_else(|| variable("COMPUTERNAME"));
    named.map_or_else(|| "unknown".to_owned(), |name| name.trim().to_owned())
}
