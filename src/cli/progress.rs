//! Progress on stderr: a line that is overwritten, or lines of text every five seconds. Every share has its whole.

use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr as _;

use crate::engine::progress::{Progress, Whole};

use super::console::{Console, Pace};

/// How often a line that is overwritten is written anew.
pub const TICK: Duration = Duration::from_millis(250);
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows progress.
#[derive(Debug)]
pub struct Meter<'a> {
    console: &'a Console,
    said: Option<Instant>,
    width: usize,
}

impl<'a> Meter<'a> {
    /// Starts to show progress, in the way the console does.
    pub fn new(console: &'a Console) -> Self {
        Self {
            console,
            said: None,
            width: 0,
        }
    }

    /// Shows how far a scan is.
    pub fn show(&mut self, progress: &Progress) {
        if self.console.question().is_open() {
            return;
        }
        match self.console.pace() {
            Pace::Silent => {}
            Pace::Live => self.overwrite(&words(progress)),
            Pace::Lines if self.said.is_some_and(|at| at.elapsed() < LINE_EVERY) => {}
            Pace::Lines => {
                self.said = Some(Instant::now());
                self.console.line(&words(progress));
            }
        }
    }

    fn overwrite(&mut self, line: &str) {
        let blank = " ".repeat(self.width.saturating_sub(line.width()));
        self.console.piece(&format!("\r{line}{blank}"));
        self.width = line.width();
    }
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        if self.width > 0 {
            self.console.piece(&format!("\r{}\r", " ".repeat(self.width)));
        }
    }
}

/// Shows what is waited for: a line that is overwritten, or one of text each time that it changes.
#[derive(Debug)]
pub struct Waiting<'a> {
    meter: Meter<'a>,
    said: String,
}

impl<'a> Waiting<'a> {
    /// Starts to show it, in the way the console does.
    pub fn new(console: &'a Console) -> Self {
        Self {
            meter: Meter::new(console),
            said: String::new(),
        }
    }

    /// Shows what is waited for now.
    pub fn show(&mut self, line: &str) {
        match self.meter.console.pace() {
            Pace::Silent => {}
            Pace::Live => self.meter.overwrite(line),
            Pace::Lines if self.said == line => {}
            Pace::Lines => self.meter.console.line(line),
        }
        line.clone_into(&mut self.said);
    }
}

fn words(progress: &Progress) -> String {
    let whole = match progress.zones() {
        Whole::Exactly(number) => number.to_string(),
        Whole::AtLeast(number) => format!("~{number}"),
    };
    let mut line = format!(
        "scanned {} of {whole} zones, {} of {} accounts done",
        progress.zones_read(),
        progress.accounts_done(),
        progress.accounts.len()
    );
    if let Some(eta) = progress.eta().filter(|eta| eta.as_secs() > 0) {
        line.push_str(&format!(", {} s left", eta.as_secs()));
    }
    let waiting = progress.accounts.iter().filter_map(|account| account.back_off).max();
    if let Some(back_off) = waiting {
        line.push_str(&format!(", back-off {:.1} s", back_off.as_secs_f64()));
    }
    if let Some(live) = progress.live.filter(|live| live.total > 0) {
        line.push_str(&format!(", {} of {} delegations asked", live.done, live.total));
    }
    line
}
