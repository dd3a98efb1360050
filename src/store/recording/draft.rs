//! A recording that is being made: beside the place it is meant for, for its owner alone, and there only once it is whole.
//!
//! It is begun before anything is read, so that a place that cannot be written to costs nobody a run.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use super::lines::MAGIC;
use super::{Circumstances, RecordingError, write};
use crate::model::inventory::Inventory;

/// A recording that is being made; dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    beside: PathBuf,
    file: File,
}

impl Draft {
    /// Begins a recording at a path, where nothing is, nothing but an empty file, or an older recording.
    pub fn begin(path: &Path) -> Result<Self, RecordingError> {
        refuse_what_is_none_of_ours(path)?;
        // A link is written through, not replaced.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let beside = path.with_file_name(format!(".{name}.{:016x}.part", fastrand::u64(..)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // It is the map of an organisation.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&beside)?;
        Ok(Self { path, beside, file })
    }

    /// Where it is going to be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes all that an inventory holds, and puts it in its place in one step.
    pub fn finish(self, circumstances: &Circumstances, inventory: &Inventory) -> Result<(), RecordingError> {
        let mut out = BufWriter::with_capacity(1 << 16, &self.file);
        write::write(&mut out, circumstances, inventory)?;
        out.flush()?;
        self.file.sync_all()?;
        refuse_what_is_none_of_ours(&self.path)?;
        std::fs::rename(&self.beside, &self.path)?;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After it was put in its place there is nothing of this name.
        let _ = std::fs::remove_file(&self.beside);
    }
}

fn refuse_what_is_none_of_ours(path: &Path) -> Result<(), RecordingError> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if metadata.is_dir() {
        return Err(RecordingError::Taken("a directory"));
    }
    if !metadata.is_file() {
        return Err(RecordingError::Taken("a pipe or a device"));
    }
    let mut begins = Vec::new();
    File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut begins)?;
    if begins.is_empty() || begins == MAGIC {
        Ok(())
    } else {
        Err(RecordingError::Taken("a file that is no recording"))
    }
}
