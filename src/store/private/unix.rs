//! Private directories and files on Unix: every call is relative to a directory that is open and was checked.

use std::fs::{DirBuilder, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{PrivateError, Shown, join, system, temporary};

/// A directory that is its owner's alone.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    handle: OwnedFd,
}

const OTHERS: u32 = 0o077;

impl Directory {
    /// Opens a directory; makes it, and those above it, where they are missing.
    pub fn open(path: &Path) -> Result<Self, PrivateError> {
        if let Err(error) = DirBuilder::new().recursive(true).mode(0o700).create(path)
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(system("create", path, error));
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::RDONLY;
        let handle = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match error {
            Errno::LOOP | Errno::NOTDIR => PrivateError::Odd(Shown::new(path)),
            other => system("open", path, other),
        })?;
        let status = rustix::fs::fstat(&handle).map_err(|error| system("look at", path, error))?;
        check(path, &status, FileType::Directory, 0o700)?;
        Ok(Self {
            path: path.to_owned(),
            handle,
        })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a file of at most `limit` octets; none where it is not there.
    pub fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, PrivateError> {
        let path = join(&self.path, name)?;
        // Without NONBLOCK, a pipe of that name would wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK;
        let Some(file) = self.open_file(name, flags)? else {
            return Ok(None);
        };
        let status = rustix::fs::fstat(&file).map_err(|error| system("look at", &path, error))?;
        check(&path, &status, FileType::RegularFile, 0o600)?;
        let size = u64::try_from(status.st_size).unwrap_or(u64::MAX);
        let too_large = |size| PrivateError::TooLarge {
            path: Shown::new(&path),
            size,
            limit,
        };
        if size > limit {
            return Err(too_large(size));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
        let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| system("read", &path, error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(Some(bytes))
    }

    /// Writes a file whole: a reader sees the old one or the new one, also after a crash.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), PrivateError> {
        let path = join(&self.path, name)?;
        let temporary = temporary(name);
        let written = self.write_new(&temporary, bytes).and_then(|()| {
            rustix::fs::renameat(&self.handle, &temporary, &self.handle, name)?;
            rustix::fs::fsync(&self.handle)?;
            Ok(())
        });
        written.map_err(|error| {
            let _ = rustix::fs::unlinkat(&self.handle, &temporary, AtFlags::empty());
            system("write", &path, error)
        })
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = rustix::fs::openat(&self.handle, name, flags, Mode::from_raw_mode(0o600))?;
        // A strange umask may have taken bits away from the owner.
        rustix::fs::fchmod(&handle, Mode::from_raw_mode(0o600))?;
        let mut file = File::from(handle);
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Opens a file to add to its end, and says how long it is; makes it where it is missing.
    pub fn append(&self, name: &str) -> Result<(File, u64), PrivateError> {
        let path = join(&self.path, name)?;
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NONBLOCK;
        let file = self
            .open_file(name, flags)?
            .ok_or_else(|| system("open", &path, std::io::ErrorKind::NotFound))?;
        let status = rustix::fs::fstat(&file).map_err(|error| system("look at", &path, error))?;
        check(&path, &status, FileType::RegularFile, 0o600)?;
        Ok((file, u64::try_from(status.st_size).unwrap_or(0)))
    }

    fn open_file(&self, name: &str, flags: OFlags) -> Result<Option<File>, PrivateError> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.handle, name, flags, Mode::from_raw_mode(0o600)) {
            Ok(handle) => Ok(Some(File::from(handle))),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::LOOP | Errno::NXIO) => Err(PrivateError::Odd(Shown::new(&self.path.join(name)))),
            Err(error) => Err(system("open", &self.path.join(name), error)),
        }
    }

    /// The names of everything in it.
    pub fn names(&self) -> Result<Vec<String>, PrivateError> {
        let listed = rustix::fs::Dir::read_from(&self.handle).and_then(|entries| {
            let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
            names.collect::<Result<Vec<_>, Errno>>()
        });
        listed.map_err(|error| system("list", &self.path, error))
    }

    /// Has the system write to the disk which files there are.
    pub fn sync(&self) -> Result<(), PrivateError> {
        rustix::fs::fsync(&self.handle).map_err(|error| system("sync", &self.path, error))
    }

    /// Gives a file another name; whatever had that name is gone.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), PrivateError> {
        let path = join(&self.path, from)?;
        join(&self.path, to)?;
        rustix::fs::renameat(&self.handle, from, &self.handle, to).map_err(|error| system("rename", &path, error))
    }

    /// Deletes a file, if it is there.
    pub fn remove(&self, name: &str) -> Result<(), PrivateError> {
        let path = join(&self.path, name)?;
        match rustix::fs::unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(system("delete", &path, error)),
        }
    }
}

fn check(path: &Path, status: &Stat, wanted: FileType, mode: u32) -> Result<(), PrivateError> {
    #[cfg_attr(
        target_os = "linux",
        expect(clippy::useless_conversion, reason = "mode_t has 16 bits on macOS")
    )]
    let raw = u32::from(status.st_mode);
    if FileType::from_raw_mode(status.st_mode) != wanted {
        return Err(PrivateError::Odd(Shown::new(path)));
    }
    if status.st_uid != rustix::process::geteuid().as_raw() {
        return Err(PrivateError::Foreign(Shown::new(path)));
    }
    if raw & OTHERS != 0 {
        return Err(PrivateError::Open {
            path: Shown::new(path),
            mode: raw & 0o777,
            wanted: mode,
        });
    }
    Ok(())
}
