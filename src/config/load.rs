//! Where the configuration lies, and the one place that reads it.
//!
//! The platform's config directory or the file that was named: never the current directory, never a file others may write.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::{Config, parse};

/// The most octets a configuration may have.
const MAX_SIZE: u64 = 4 * 1024 * 1024;

/// What was loaded, and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file; none where there is no file and the defaults hold.
    pub file: Option<PathBuf>,
}

/// The file that is read where none is named: `config.toml` in the platform's config directory.
pub fn default_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "zonecut").map(|dirs| dirs.config_dir().join("config.toml"))
}

/// Loads the file that was named (`--config` or `ZONECUT_CONFIG`), else the default one, and lays the variables over it.
///
/// A named file must exist; the default one need not.
pub fn load(named: Option<&Path>, variable: impl Fn(&str) -> Option<String>) -> Result<Loaded, ConfigError> {
    let from_variable = variable("ZONECUT_CONFIG").filter(|v| !v.is_empty()).map(PathBuf::from);
    let named = named.map(Path::to_owned).or(from_variable);
    let must_exist = named.is_some();
    let path = named.or_else(default_path);
    let text = match &path {
        Some(path) => read(path, must_exist)?,
        None => None,
    };
    let source = path.as_ref().map_or_else(String::new, |p| p.display().to_string());
    let config = parse(text.as_deref().unwrap_or_default(), &source, variable)?;
    Ok(Loaded {
        config,
        file: path.filter(|_| text.is_some()),
    })
}

fn read(path: &Path, must_exist: bool) -> Result<Option<String>, ConfigError> {
    let source = path.display().to_string();
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => return Ok(None),
        Err(error) => {
            let next = "name a file that can be read, or run `zonecut config init` to write one";
            return Err(ConfigError::new(&source, format!("cannot be opened: {error}"), next));
        }
    };
    let unreadable = |error: std::io::Error| {
        ConfigError::new(&source, format!("cannot be read: {error}"), "name a text file in UTF-8")
    };
    refuse_foreign(&file.metadata().map_err(unreadable)?, &source)?;
    let mut text = String::new();
    file.by_ref()
        .take(MAX_SIZE + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if text.len() as u64 > MAX_SIZE {
        return Err(ConfigError::new(
            &source,
            "is larger than 4 MiB",
            "name a configuration file",
        ));
    }
    Ok(Some(text))
}

/// A file that others can write decides which credentials are used, so it is refused.
#[cfg(unix)]
fn refuse_foreign(metadata: &std::fs::Metadata, source: &str) -> Result<(), ConfigError> {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    // A shell's `<(command)` is a pipe, and `/dev/null` a device.
    let pipe = metadata.file_type().is_fifo() || metadata.file_type().is_char_device();
    if !metadata.is_file() && !pipe {
        return Err(ConfigError::new(source, "is no file", "name a configuration file"));
    }
    let own = rustix::process::geteuid().as_raw();
    if metadata.uid() != own && metadata.uid() != 0 {
        let problem = format!("belongs to user {}, neither to you nor to root", metadata.uid());
        return Err(ConfigError::new(
            source,
            problem,
            "copy it to a file of your own, and name that",
        ));
    }
    if metadata.mode() & 0o022 != 0 && metadata.is_file() {
        let quoted = source.replace('\'', r"'\''");
        let next = format!("run: chmod go-w '{quoted}'");
        return Err(ConfigError::new(source, "can be written by others", next));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_foreign(_: &std::fs::Metadata, _: &str) -> Result<(), ConfigError> {
    Ok(())
}
