//! Where a result goes: stdout, or a file that is written whole or not at all.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Report, WrapErr as _};

use crate::config::Glyphs;
use crate::report::paint::{Detail, Lines};
use crate::report::privacy::Mask;
use crate::report::{Document, Format, Paint, Style, json};

use super::args::Global;
use super::console::colors;
use super::exit::Stop;

/// Where a result goes, and how it looks there.
#[derive(Debug)]
pub struct Output {
    target: Target,
    /// How the text format looks.
    pub style: Style,
}

#[derive(Debug)]
enum Target {
    Stdout,
    /// A regular file, to be replaced.
    Path(PathBuf),
    /// A pipe or a device, which is opened at once and cannot be replaced.
    Open(File),
}

impl Output {
    /// Opens what the arguments name.
    pub fn open(global: &Global, glyphs: Glyphs) -> Result<Self, Report> {
        let target = match &global.output {
            Some(path) if path != Path::new("-") => Target::of(path)?,
            _ => Target::Stdout,
        };
        let terminal = matches!(target, Target::Stdout) && std::io::stdout().is_terminal();
        Ok(Self {
            style: Style {
                paint: if colors(global, terminal) {
                    Paint::Ansi
                } else {
                    Paint::Plain
                },
                lines: lines(glyphs),
                detail: if global.verbose > 0 {
                    Detail::Full
                } else {
                    Detail::Usual
                },
            },
            target,
        })
    }

    /// Writes a result in a format, and hides in it what the mask hides.
    pub fn write(self, text: &str, format: Format, mask: Option<&Mask>) -> Result<(), Report> {
        let masked = mask.map(|mask| match format {
            Format::Json | Format::Sarif => json::hide(text, mask),
            _ => mask.hide(text),
        });
        self.print(masked.as_deref().unwrap_or(text))
    }

    /// Writes a text that is no document.
    pub fn print(self, text: &str) -> Result<(), Report> {
        match self.target {
            Target::Stdout => {
                let mut stdout = std::io::stdout().lock();
                stdout.write_all(text.as_bytes())?;
                stdout.flush()?;
            }
            Target::Open(mut file) => file.write_all(text.as_bytes())?,
            Target::Path(path) => replace(&path, text.as_bytes())?,
        }
        Ok(())
    }
}

impl Target {
    fn of(path: &Path) -> Result<Self, Report> {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                Err(Stop::usage(format!("{} is a directory", printable_path(path))).into())
            }
            Ok(metadata) if !metadata.is_file() => {
                let open = std::fs::OpenOptions::new().write(true).open(path);
                Ok(Self::Open(open.wrap_err_with(|| failed_to_write(path))?))
            }
            _ => Ok(Self::Path(path.to_owned())),
        }
    }
}

/// Puts a file in the place of another in one step: readers see the old one or the new one.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), Report> {
    // A link is written through, not replaced.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = write_new(&beside, content).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written.wrap_err_with(|| failed_to_write(&path))
}

fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    // What a report holds is the map of an organisation.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A path in a sentence.
pub fn printable_path(path: &Path) -> String {
    crate::model::text::printable(&path.to_string_lossy())
}

fn failed_to_write(path: &Path) -> String {
    format!("failed to write {}", printable_path(path))
}

fn lines(glyphs: Glyphs) -> Lines {
    match glyphs {
        Glyphs::Unicode => Lines::Unicode,
        Glyphs::Ascii => Lines::Ascii,
        Glyphs::Auto if is_utf8_locale() => Lines::Unicode,
        Glyphs::Auto => Lines::Ascii,
    }
}

/// Whether the locale says that the terminal shows UTF-8: the first of the three variables that is set decides (POSIX).
pub fn is_utf8_locale() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    set.is_some_and(|value| {
        let value = value.to_string_lossy().to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

/// The format that the arguments ask for, if the document can be written in it.
pub fn format(global: &Global, document: Document) -> Result<Format, Stop> {
    let word = match (&global.format, global.json, global.plain) {
        (Some(word), _, _) => word.as_str(),
        (None, true, _) => "json",
        (None, false, true) => "plain",
        (None, false, false) => "text",
    };
    Format::read(word, document).map_err(|refusal| Stop::usage(refusal.to_string()))
}
