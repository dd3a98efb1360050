//! Private directories and files where there are no Unix permissions: the directory of the user's profile is theirs alone.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::{PrivateError, Shown, join, system, temporary};

/// A directory that is its owner's alone.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Opens a directory; makes it, and those above it, where they are missing.
    pub fn open(path: &Path) -> Result<Self, PrivateError> {
        std::fs::create_dir_all(path).map_err(|error| system("create", path, error))?;
        let status = std::fs::symlink_metadata(path).map_err(|error| system("look at", path, error))?;
        if status.is_dir() {
            Ok(Self { path: path.to_owned() })
        } else {
            Err(PrivateError::Odd(Shown::new(path)))
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn is_there(&self, path: &Path) -> Result<bool, PrivateError> {
        match std::fs::symlink_metadata(path) {
            Ok(status) if status.is_file() => Ok(true),
            Ok(_) => Err(PrivateError::Odd(Shown::new(path))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(system("look at", path, error)),
        }
    }

    /// Reads a file of at most `limit` octets; none where it is not there.
    pub fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, PrivateError> {
        let path = join(&self.path, name)?;
        if !self.is_there(&path)? {
            return Ok(None);
        }
        let file = File::open(&path).map_err(|error| system("open", &path, error))?;
        let mut bytes = Vec::new();
        let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| system("read", &path, error))?;
        if bytes.len() as u64 > limit {
            return Err(PrivateError::TooLarge {
                path: Shown::new(&path),
                size: bytes.len() as u64,
                limit,
            });
        }
        Ok(Some(bytes))
    }

    /// Writes a file whole: a reader sees the old one or the new one.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), PrivateError> {
        let path = join(&self.path, name)?;
        let temporary = self.path.join(temporary(name));
        let written = write_new(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, &path));
        written.map_err(|error| {
            let _ = std::fs::remove_file(&temporary);
            system("write", &path, error)
        })
    }

    /// Opens a file to add to its end, and says how long it is; makes it where it is missing.
    pub fn append(&self, name: &str) -> Result<(File, u64), PrivateError> {
        let path = join(&self.path, name)?;
        self.is_there(&path)?;
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)
            .map_err(|error| system("open", &path, error))?;
        let size = file.metadata().map_err(|error| system("look at", &path, error))?.len();
        Ok((file, size))
    }

    /// The names of everything in it.
    pub fn names(&self) -> Result<Vec<String>, PrivateError> {
        let listed = std::fs::read_dir(&self.path).and_then(|entries| {
            let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
            names.collect::<std::io::Result<Vec<_>>>()
        });
        listed.map_err(|error| system("list", &self.path, error))
    }

    /// Nothing: there is no such call here, and the file system sees to it.
    pub fn sync(&self) -> Result<(), PrivateError> {
        Ok(())
    }

    /// Gives a file another name; whatever had that name is gone.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), PrivateError> {
        let path = join(&self.path, from)?;
        std::fs::rename(&path, join(&self.path, to)?).map_err(|error| system("rename", &path, error))
    }

    /// Deletes a file, if it is there.
    pub fn remove(&self, name: &str) -> Result<(), PrivateError> {
        let path = join(&self.path, name)?;
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(system("delete", &path, error)),
            _ => Ok(()),
        }
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
