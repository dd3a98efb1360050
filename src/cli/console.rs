//! What is said on stderr: errors with the next step, warnings, hints. Never results, and never raw text from outside.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use color_eyre::eyre::Report;

use crate::model::text::printable;
use crate::report::privacy::Mask;

use super::args::{Global, When};
use super::exit::{Exit, Stop};

/// Says things on stderr.
#[derive(Debug, Clone)]
pub struct Console {
    colors: Colors,
    talk: Talk,
    pace: Pace,
    input: Input,
    mask: Option<Mask>,
    /// What takes the mask's place once it is known what the accounts are called.
    accounts: Arc<OnceLock<Mask>>,
    question: Question,
}

/// A question to the person at the terminal, which is open until it is answered. Clones are the same question.
#[derive(Debug, Clone, Default)]
pub struct Question(Arc<AtomicBool>);

/// Closes the question when it is dropped.
#[derive(Debug)]
pub struct Open<'a>(&'a Question);

impl Question {
    /// Opens it.
    pub fn open(&self) -> Open<'_> {
        self.0.store(true, Ordering::SeqCst);
        Open(self)
    }

    /// Whether somebody is asked at present.
    pub fn is_open(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::SeqCst);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colors {
    Used,
    Unused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Talk {
    Usual,
    ErrorsOnly,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Not at all.
    Silent,
    /// A line that is overwritten.
    Live,
    /// A line of text every five seconds.
    Lines,
}

/// Whether a person can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// On the terminal.
    Terminal,
    /// Nobody is there, or wants to be asked.
    Nobody,
}

impl Console {
    /// The console before the arguments are known.
    pub fn plain() -> Self {
        Self {
            colors: Colors::Unused,
            talk: Talk::Usual,
            pace: Pace::Silent,
            input: Input::Nobody,
            mask: None,
            accounts: Arc::default(),
            question: Question::default(),
        }
    }

    /// The console that the arguments ask for.
    pub fn new(global: &Global) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let pace = match (global.quiet, global.accessible || is_set("CI"), terminal) {
            (true, _, _) | (false, false, false) => Pace::Silent,
            (false, true, _) => Pace::Lines,
            (false, false, true) => Pace::Live,
        };
        let asks = !global.no_input && std::io::stdin().is_terminal() && terminal;
        Self {
            colors: if colors(global, terminal) {
                Colors::Used
            } else {
                Colors::Unused
            },
            talk: if global.quiet { Talk::ErrorsOnly } else { Talk::Usual },
            pace,
            input: if asks { Input::Terminal } else { Input::Nobody },
            mask: global.privacy.then(Mask::default),
            accounts: Arc::default(),
            question: Question::default(),
        }
    }

    /// The question that is put on this console.
    pub fn question(&self) -> Question {
        self.question.clone()
    }

    /// Hides what this mask hides from now on.
    pub fn hide(&self, mask: Option<&Mask>) {
        if let Some(mask) = mask {
            let _ = self.accounts.set(mask.clone());
        }
    }

    /// How progress is shown.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Whether a person can be asked.
    pub fn input(&self) -> Input {
        self.input
    }

    /// Says something that is good to know.
    pub fn hint(&self, line: &str) {
        if self.talk == Talk::Usual {
            self.line(line);
        }
    }

    /// Says something that changes what the result means; quiet does not silence it.
    pub fn warn(&self, line: &str) {
        self.line(&format!("{} {line}", self.tag("warning:", "\u{1b}[33m")));
    }

    /// Says how a run ended that chose its exit code.
    pub fn stop(&self, stop: &Stop) -> Exit {
        match (stop.message.is_empty(), stop.exit) {
            (true, _) => {}
            (false, Exit::Done) => self.line(&format!("no changes: {}", stop.message)),
            (false, _) => self.error(&stop.message),
        }
        for line in &stop.next {
            self.line(&format!("  {line}"));
        }
        stop.exit
    }

    /// Says why a run failed, with what to do where that is known.
    pub fn fail(&self, report: &Report) -> Exit {
        if report.chain().any(is_broken_pipe) {
            return Exit::ClosedPipe;
        }
        let chain: Vec<String> = report.chain().map(|cause| printable(&cause.to_string())).collect();
        self.error(&chain.join(": "));
        // color-eyre keeps suggestions in its handler, and shows them in the debug form alone.
        let shown = format!("{report:?}");
        for line in shown.lines().filter(|line| line.starts_with("Suggestion:")) {
            self.line(&format!("  {}", printable(line.trim_start_matches("Suggestion: "))));
        }
        Exit::Failed
    }

    /// A line of progress or of an error, as it is.
    pub fn line(&self, line: &str) {
        let line = self.masked(line);
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// A piece of a line.
    pub fn piece(&self, text: &str) {
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "{}", self.masked(text));
        let _ = stderr.flush();
    }

    fn error(&self, message: &str) {
        self.line(&format!("{} {message}", self.tag("error:", "\u{1b}[1;31m")));
    }

    fn tag(&self, word: &str, color: &str) -> String {
        match self.colors {
            Colors::Used => format!("{color}{word}\u{1b}[0m"),
            Colors::Unused => word.to_owned(),
        }
    }

    fn masked(&self, text: &str) -> String {
        match self.accounts.get().or(self.mask.as_ref()) {
            Some(mask) => mask.hide(text),
            None => text.to_owned(),
        }
    }
}

/// Whether colours are used on a stream that is or is not a terminal.
pub fn colors(global: &Global, terminal: bool) -> bool {
    match (global.no_color, global.color) {
        (true, _) | (_, When::Never) => false,
        (false, When::Always) => true,
        (false, When::Auto) => terminal && !is_set("NO_COLOR") && !is_dumb(),
    }
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether a variable is set, and not to nothing.
pub fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
