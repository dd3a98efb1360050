//! The exit codes, which are stable, and the errors that choose one.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Done; nothing at or above `--fail-on`.
    Done,
    /// It could not be done: network, AWS, disk, or a defect.
    Failed,
    /// The arguments or the configuration are wrong.
    Usage,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Nothing at or above `--fail-on`, but not everything could be read.
    Incomplete,
    /// No usable credentials.
    NoCredentials,
    /// Refused: read-only, not confirmed, or the world has changed since the plan.
    Refused,
    /// It was not so before the time was up.
    Unverified,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// Whoever read the output has gone.
    ClosedPipe,
    /// Another signal ended the terminal program.
    Signal(u8),
}

/// Every exit code and what it means: for help, the manual and `explain exit-codes`.
pub const EXITS: [(Exit, &str); 11] = [
    (Exit::Done, "done; nothing at or above --fail-on"),
    (Exit::Failed, "could not do it (network, AWS error, disk, defect)"),
    (Exit::Usage, "usage error: arguments or configuration"),
    (
        Exit::Findings,
        "findings at or above --fail-on; with --detailed-exitcode, a plan that changes something and was not applied",
    ),
    (
        Exit::Incomplete,
        "nothing at or above --fail-on, but an account, a zone or a server could not be read or asked",
    ),
    (
        Exit::NoCredentials,
        "no usable credentials; stderr has the login command",
    ),
    (
        Exit::Refused,
        "refused: read-only, not confirmed, a check stands in the way, or something has changed since the plan",
    ),
    (
        Exit::Unverified,
        "verify: not before --timeout; a change: sent, but not finished or not seen everywhere, and open in the log",
    ),
    (Exit::Interrupted, "interrupted (Ctrl-C)"),
    (Exit::ClosedPipe, "the reader of the output has gone; nothing is said"),
    (Exit::Terminated, "terminated (SIGTERM)"),
];

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Findings => 3,
            Self::Incomplete => 4,
            Self::NoCredentials => 5,
            Self::Refused => 6,
            Self::Unverified => 7,
            Self::Interrupted => 130,
            Self::ClosedPipe => 141,
            Self::Terminated => 143,
            Self::Signal(number) => 128_u8.saturating_add(number),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An end that chooses its exit code, with what to say and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Stop {
    /// The code.
    pub exit: Exit,
    /// What happened, fit to print; empty where nothing is to be said.
    pub message: String,
    /// What to do, a line each, fit to print.
    pub next: Vec<String>,
}

impl Stop {
    /// An end with a message.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            next: Vec::new(),
        }
    }

    /// An end that says nothing.
    pub fn silent(exit: Exit) -> Self {
        Self::new(exit, "")
    }

    /// A usage error.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds a line that says what to do.
    pub fn next(mut self, line: impl Into<String>) -> Self {
        self.next.push(line.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_in_ascending_order() {
        let codes: Vec<u8> = EXITS.iter().map(|(exit, _)| exit.code()).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }
}
