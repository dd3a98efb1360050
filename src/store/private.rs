//! Directories and files that are their owner's alone: 0700 and 0600 whatever the umask, no symbolic link followed.
//!
//! Invariant: a file is opened by its name in a directory that is already open and was checked, so that nothing can be
//! swapped between the check and the use. What is written appears whole or not at all.

use std::path::{Path, PathBuf};

#[cfg_attr(unix, path = "private/unix.rs")]
#[cfg_attr(not(unix), path = "private/portable.rs")]
mod system;

pub use system::Directory;

/// Why a file is not touched.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// Others can read or write it.
    #[error("{path} can be read or written by others (mode {mode:03o}): chmod {wanted:o} it, or delete it")]
    Open {
        /// The file or directory.
        path: Shown,
        /// Its permissions.
        mode: u32,
        /// What they should be.
        wanted: u32,
    },
    /// It is somebody else's.
    #[error("{0} belongs to another user")]
    Foreign(Shown),
    /// It is a symbolic link, a device or a pipe.
    #[error("{0} is not what it should be: a symbolic link, or neither a file nor a directory")]
    Odd(Shown),
    /// It is too large to be ours.
    #[error("{path} has {size} octets, more than {limit}")]
    TooLarge {
        /// The file.
        path: Shown,
        /// Its size.
        size: u64,
        /// The most that is read.
        limit: u64,
    },
    /// The system refused.
    #[error("failed to {doing} {path}: {source}")]
    System {
        /// What was being done.
        doing: &'static str,
        /// The file or directory.
        path: Shown,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A path made fit to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    fn new(path: &Path) -> Self {
        Self(crate::model::text::printable(&path.to_string_lossy()))
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file name: no separators, so that it stays in its directory.
fn is_plain(name: &str) -> bool {
    let parts = Path::new(name).components().count();
    parts == 1 && !name.contains(['/', '\\', '\0']) && name != "." && name != ".."
}

fn temporary(name: &str) -> String {
    format!(".{name}.{:016x}.new", fastrand::u64(..))
}

fn system(doing: &'static str, path: &Path, source: impl Into<std::io::Error>) -> PrivateError {
    PrivateError::System {
        doing,
        path: Shown::new(path),
        source: source.into(),
    }
}

fn join(directory: &Path, name: &str) -> Result<PathBuf, PrivateError> {
    let path = directory.join(name);
    if is_plain(name) {
        Ok(path)
    } else {
        Err(PrivateError::Odd(Shown::new(&path)))
    }
}

#[cfg(all(test, unix))]
mod tests;
