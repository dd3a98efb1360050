//! The log file: what zonecut did, without secrets and without record data.
//!
//! Libraries are heard at WARN and above only, whatever RUST_LOG says, for some log keys and whole answers below that.

use std::io::{self, Write};
use std::sync::Arc;

use color_eyre::eyre::{Report, WrapErr as _};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::model::text::{Untrusted, printable};
use crate::ports::Attempt;

use super::args::Global;
use super::crash::private_file;
use super::output::printable_path;

/// Starts to log, if a file is named.
pub fn start(global: &Global) -> Result<(), Report> {
    let Some(path) = &global.log_file else { return Ok(()) };
    let file = private_file(path).wrap_err_with(|| format!("failed to open {}", printable_path(path)))?;
    let own = if global.verbose > 1 {
        LevelFilter::DEBUG
    } else {
        LevelFilter::INFO
    };
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("zonecut", own);
    let file = Arc::new(file);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(move || Printable(Arc::clone(&file)));
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()
        .map_err(|error| Report::msg(format!("failed to set up the log: {error}")))
}

/// Notes a request that was sent: what was asked and what came of it, never what was answered.
pub fn attempt(attempt: Attempt) {
    let subject = attempt.subject.as_ref().map(Untrusted::printable).unwrap_or_default();
    let failure = attempt.failure.as_ref().map(Untrusted::printable).unwrap_or_default();
    tracing::info!(
        target: "zonecut::aws",
        account = attempt.account.0,
        action = attempt.action,
        subject,
        status = attempt.status,
        failure,
        milliseconds = attempt.took.as_millis(),
        "request"
    );
}

/// Makes each line fit to print before it is written.
struct Printable(Arc<std::fs::File>);

impl Write for Printable {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(octets);
        let lines: Vec<String> = text.split('\n').map(printable).collect();
        (&*self.0).write_all(lines.join("\n").as_bytes())?;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.0).flush()
    }
}
