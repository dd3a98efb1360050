//! The log file: 0600, rotated by size, one line an event, nothing in it that could act on a terminal.
//!
//! Invariant: the AWS SDK and its HTTP client are heard at WARN and above only, whatever is asked for; below that they
//! write access keys and response bodies.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use super::private::{Directory, PrivateError};
use crate::model::text::printable;

/// The name of the log file in its directory.
pub const NAME: &str = "zonecut.log";
const OLD: &str = "zonecut.log.1";
/// A file that reaches this size becomes the old one.
const FULL: u64 = 4 * 1024 * 1024;
/// More of one event is left out.
const LONGEST: usize = 4096;

/// Opens the log in a directory; what it gives is to be made the program's subscriber.
pub fn open(directory: &Path, level: LevelFilter) -> Result<impl Subscriber + Send + Sync + 'static, PrivateError> {
    let directory = Directory::open(directory)?;
    let (file, size) = directory.append(NAME)?;
    let writer = LogFile(Arc::new(Mutex::new(Inner { directory, file, size })));
    let layer = tracing_subscriber::fmt::layer()
        .event_format(OneLine)
        .with_writer(writer);
    Ok(tracing_subscriber::registry().with(filter(level)).with(layer))
}

/// Our own events at the level asked for, everybody else's at WARN.
fn filter(level: LevelFilter) -> Targets {
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("zonecut", level)
}

#[derive(Clone)]
struct LogFile(Arc<Mutex<Inner>>);

struct Inner {
    directory: Directory,
    file: File,
    size: u64,
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.size > 0 && inner.size + line.len() as u64 > FULL {
            inner.rotate()?;
        }
        inner.file.write_all(line)?;
        inner.size += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Inner {
    fn rotate(&mut self) -> io::Result<()> {
        self.directory.rename(NAME, OLD).map_err(io::Error::other)?;
        (self.file, self.size) = self.directory.append(NAME).map_err(io::Error::other)?;
        Ok(())
    }
}

/// Writes an event as `TIME LEVEL target: message field=value`.
struct OneLine;

impl<S, N> FormatEvent<S, N> for OneLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let text = crate::model::text::clipped(&format!("{}{}", fields.message, fields.others), LONGEST);
        writeln!(
            writer,
            "{:.3} {:5} {}: {text}",
            Timestamp::now(),
            metadata.level().as_str(),
            printable(metadata.target()),
        )
    }
}

/// The fields of one event as text, not yet fit to print.
#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.others.push_str(&format!(" {}={value:?}", field.name()));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.others.push_str(&format!(" {}={value}", field.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(level: LevelFilter, tell: impl Fn()) -> String {
        let place = tempfile::tempdir().unwrap();
        let subscriber = open(&place.path().join("state"), level).unwrap();
        tracing::subscriber::with_default(subscriber, tell);
        std::fs::read_to_string(place.path().join("state").join(NAME)).unwrap()
    }

    #[test]
    fn an_event_is_one_line_and_nothing_in_it_acts() {
        let hostile = "a\n2026-01-01T00:00:00Z ERROR zonecut: forged\u{1b}]0;owned\u{7}\u{202e}\u{9b}2J";
        let text = logged(LevelFilter::INFO, || {
            tracing::info!(target: "zonecut::x", name = hostile, other = ?hostile, "{hostile}");
            tracing::info!(target: "zonecut::x", "second");
        });
        assert_eq!(text.lines().count(), 2, "{text}");
        let dangerous = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(dangerous), "{text:?}");
        assert!(text.contains("⟨U+001B⟩]0;owned"), "{text}");
        assert!(text.lines().all(|line| line.contains(" INFO  zonecut::x: ")), "{text}");
    }

    #[test]
    fn others_are_heard_at_warn_whatever_is_asked_for() {
        let text = logged(LevelFilter::TRACE, || {
            tracing::trace!(target: "aws_smithy_runtime::client", "canary");
            tracing::debug!(target: "aws_runtime", "canary");
            tracing::info!(target: "hyper", "canary");
            tracing::warn!(target: "aws_config", "heard");
            tracing::trace!(target: "zonecut::engine", "ours");
        });
        assert!(!text.contains("canary"), "{text}");
        assert!(text.contains("heard") && text.contains("ours"), "{text}");
        let quiet = logged(LevelFilter::ERROR, || tracing::warn!(target: "aws_config", "canary"));
        assert_eq!(quiet, "");
    }

    #[test]
    fn a_full_file_becomes_the_old_one() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("state");
        let subscriber = open(&directory, LevelFilter::INFO).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            let long = "x".repeat(3000);
            for _ in 0..3000 {
                tracing::info!(target: "zonecut", "{long}");
            }
        });
        let sizes = [NAME, OLD].map(|name| std::fs::metadata(directory.join(name)).unwrap().len());
        assert!(sizes.iter().all(|size| *size <= FULL), "{sizes:?}");
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 2);
    }
}
