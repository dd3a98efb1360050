//! Why a configuration is refused: where, which key, what is wrong, and what to do.

use std::fmt;

use crate::model::text::printable;

/// A configuration that cannot be used. Its `Display` is one line that is fit to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file or the variable.
    pub source: String,
    /// The line in the file, from 1, where one can be named.
    pub line: Option<usize>,
    /// The key, where one can be named: `accounts.id`.
    pub key: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub next: String,
}

impl ConfigError {
    pub(super) fn new(source: &str, problem: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            source: source.to_owned(),
            line: None,
            key: None,
            problem: problem.into(),
            next: next.into(),
        }
    }

    pub(super) fn of_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub(super) fn at(mut self, text: &str, offset: usize) -> Self {
        self.line = Some(line_of(text, offset));
        self
    }

    pub(super) fn from_toml(source: &str, text: &str, error: &toml::de::Error) -> Self {
        let refused = Self::new(
            source,
            error.message().trim().replace('\n', "; "),
            "`zonecut config schema` lists every key and its values",
        );
        let Some(span) = error.span() else { return refused };
        let refused = refused.at(text, span.start);
        match refused.line.and_then(|line| key_of_line(text, line)) {
            Some(key) => refused.of_key(key),
            None => refused,
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// The key that a line sets, with the table it is in.
fn key_of_line(text: &str, line: usize) -> Option<String> {
    let (key, _) = text.lines().nth(line - 1)?.split_once('=')?;
    let table = text
        .lines()
        .take(line)
        .filter_map(|l| l.trim_start().strip_prefix('['))
        .last()
        .map(|l| l.trim_start_matches('[').split(']').next().unwrap_or_default().trim());
    match table {
        Some(table) => Some(format!("{table}.{}", key.trim())),
        None => Some(key.trim().to_owned()),
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.source))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ", {}", printable(key))?;
        }
        write!(f, ": {}; {}", printable(&self.problem), printable(&self.next))
    }
}

impl std::error::Error for ConfigError {}
