//! The formats there are, and which documents each can hold: one table.

use std::fmt;

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// `zonecut check`.
    Check,
    /// `zonecut tree`.
    Tree,
    /// `zonecut zone`.
    Zone,
    /// `zonecut accounts`.
    Accounts,
    /// `zonecut scan`.
    Scan,
    /// `zonecut trace` and `zonecut verify`.
    Trace,
    /// `zonecut who`.
    Who,
    /// A plan, and what became of it: `zonecut delegate`, `fix`, `teardown`, `record`, `apply`, `undo`, `accept`, `sets`.
    Plan,
    /// `zonecut sets list`.
    Sets,
    /// `zonecut log`.
    Log,
}

impl Document {
    /// All documents.
    pub const ALL: [Self; 10] = [
        Self::Check,
        Self::Tree,
        Self::Zone,
        Self::Accounts,
        Self::Scan,
        Self::Trace,
        Self::Who,
        Self::Plan,
        Self::Sets,
        Self::Log,
    ];

    /// The command that writes it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Tree => "tree",
            Self::Zone => "zone",
            Self::Accounts => "accounts",
            Self::Scan => "scan",
            Self::Trace => "trace",
            Self::Who => "who",
            Self::Plan => "delegate",
            Self::Sets => "sets",
            Self::Log => "log",
        }
    }
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns for a person.
    Text,
    /// JSON with a schema.
    Json,
    /// One record a line, separated by tabs.
    Plain,
    /// RFC 4180.
    Csv,
    /// A Markdown table.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for CI servers.
    Junit,
}

/// A line of the table of formats.
#[derive(Debug, Clone, Copy)]
pub struct FormatInfo {
    /// The format.
    pub format: Format,
    /// The word after `--format`.
    pub word: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What it can hold.
    pub documents: &'static [Document],
}

use Document::{Check, Plan, Trace, Tree};

/// All formats. To add one: a file beside this, a variant, a line here.
pub static FORMATS: [FormatInfo; 7] = [
    info(Format::Text, "text", "aligned columns, for people", &Document::ALL),
    info(Format::Json, "json", "JSON with a schema, 7-bit", &Document::ALL),
    info(
        Format::Plain,
        "plain",
        "one record a line, separated by tabs",
        &Document::ALL,
    ),
    info(
        Format::Csv,
        "csv",
        "RFC 4180, safe to open in a spreadsheet",
        &[Check, Tree],
    ),
    info(
        Format::Markdown,
        "md",
        "Markdown, for issues and tickets",
        &[Check, Trace, Plan],
    ),
    info(Format::Sarif, "sarif", "SARIF 2.1.0, for code scanning", &[Check]),
    info(Format::Junit, "junit", "JUnit XML, for CI servers", &[Check]),
];

const fn info(format: Format, word: &'static str, about: &'static str, documents: &'static [Document]) -> FormatInfo {
    FormatInfo {
        format,
        word,
        about,
        documents,
    }
}

/// A word that is no format, or none that can hold the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`zonecut {}` cannot be written as {}; it can be written as {}", .document.command(), crate::model::text::printable(.word), .document.formats())]
pub struct BadFormat {
    word: String,
    document: Document,
}

impl Document {
    /// The words of the formats that can hold it, in a sentence.
    pub fn formats(self) -> String {
        let words: Vec<&str> = FORMATS
            .iter()
            .filter(|info| info.documents.contains(&self))
            .map(|info| info.word)
            .collect();
        words.join(", ")
    }
}

impl Format {
    /// The format of a word, if it can hold the document.
    pub fn read(word: &str, document: Document) -> Result<Self, BadFormat> {
        FORMATS
            .iter()
            .find(|info| info.word == word && info.documents.contains(&document))
            .map(|info| info.format)
            .ok_or_else(|| BadFormat {
                word: word.to_owned(),
                document,
            })
    }

    /// The word after `--format`.
    pub fn word(self) -> &'static str {
        FORMATS
            .iter()
            .find(|info| info.format == self)
            .map_or("text", |info| info.word)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_that_does_not_exist_is_refused_with_those_that_do() {
        let refusal = Format::read("mermaid", Document::Tree)
            .expect_err("not yet")
            .to_string();
        assert_eq!(
            refusal,
            "`zonecut tree` cannot be written as mermaid; it can be written as text, json, plain, csv"
        );
        assert!(Format::read("sarif", Document::Tree).is_err());
        assert_eq!(Format::read("sarif", Document::Check), Ok(Format::Sarif));
    }

    #[test]
    fn every_format_has_its_own_word() {
        for info in &FORMATS {
            assert_eq!(FORMATS.iter().filter(|other| other.word == info.word).count(), 1);
            assert_eq!(info.format.word(), info.word);
        }
    }
}
