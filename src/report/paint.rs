//! Colours and line characters of the text format. Colour is never the only signal: every state is a word as well.

use crate::findings::{Severity, Status};
use crate::model::text::printable_ascii;

use super::outside::Outside;

/// Ends every colour.
pub const RESET: &str = "\u{1b}[0m";

const RED_BOLD: &str = "\u{1b}[1;31m";
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const BOLD: &str = "\u{1b}[1m";
const YELLOW: &str = "\u{1b}[33m";
const MAGENTA: &str = "\u{1b}[35m";
const CYAN: &str = "\u{1b}[36m";
const BLUE: &str = "\u{1b}[34m";
const DIM: &str = "\u{1b}[2m";
const REVERSE: &str = "\u{1b}[7m";

/// Whether colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paint {
    /// None.
    #[default]
    Plain,
    /// The terminal's own sixteen.
    Ansi,
}

/// Which characters draw lines and marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lines {
    /// Box drawing.
    Unicode,
    /// 7-bit; text from outside is escaped to that as well.
    #[default]
    Ascii,
}

/// How the text format looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The colours.
    pub paint: Paint,
    /// The lines.
    pub lines: Lines,
    /// How much is told.
    pub detail: Detail,
}

/// How much the text format tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What matters most.
    #[default]
    Usual,
    /// Everything.
    Full,
}

impl Style {
    /// The colour of a severity.
    pub fn severity(self, severity: Severity) -> Option<&'static str> {
        self.color(match severity {
            Severity::Critical => RED_BOLD,
            Severity::Error => RED,
            Severity::Warning => YELLOW,
            Severity::Notice | Severity::Info => CYAN,
        })
    }

    /// The colour of a status word.
    pub fn status(self, word: &str) -> Option<&'static str> {
        let status = Status::ALL.into_iter().find(|status| status.word() == word)?;
        self.color(match status {
            Status::Ok | Status::CutOff | Status::Partial | Status::Unknown | Status::NoAccess => DIM,
            Status::Missing | Status::Drift | Status::Occluded => YELLOW,
            Status::Dangling | Status::Lame | Status::Bogus => RED_BOLD,
            Status::Shadow => MAGENTA,
            Status::Unverified | Status::External => CYAN,
            Status::Private => BLUE,
        })
    }

    /// The badge of production.
    pub fn env(self, word: &str) -> Option<&'static str> {
        if word == "PROD" { self.color(REVERSE) } else { None }
    }

    /// Text from outside, fit for this terminal.
    pub fn outside(self, text: &Outside) -> String {
        match self.lines {
            Lines::Unicode => text.printable(),
            Lines::Ascii => text.printable_ascii(),
        }
    }

    /// A sentence that may quote text from outside and is fit to print already, fit for this terminal.
    pub fn prose(self, text: &str) -> String {
        match self.lines {
            Lines::Unicode => text.to_owned(),
            Lines::Ascii => printable_ascii(text),
        }
    }

    /// What should stand out as dangerous.
    pub fn alarm(self) -> Option<&'static str> {
        self.color(RED_BOLD)
    }

    /// What comes.
    pub fn good(self) -> Option<&'static str> {
        self.color(GREEN)
    }

    /// What goes, or stands in the way.
    pub fn bad(self) -> Option<&'static str> {
        self.color(RED)
    }

    /// What a person must have seen.
    pub fn caution(self) -> Option<&'static str> {
        self.color(YELLOW)
    }

    /// What stays as it is.
    pub fn quiet(self) -> Option<&'static str> {
        self.color(DIM)
    }

    /// What is read first.
    pub fn strong(self) -> Option<&'static str> {
        self.color(BOLD)
    }

    fn color(self, code: &'static str) -> Option<&'static str> {
        (self.paint == Paint::Ansi).then_some(code)
    }
}
