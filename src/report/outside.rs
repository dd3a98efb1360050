//! Text from outside in a document: written as it is by encoders that escape, made fit to print by all others.

use serde::{Serialize, Serializer};

use crate::model::text::{Untrusted, printable_ascii};

/// A text from outside. Serialises as it is, for the JSON writer escapes whatever is not plain ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outside(Untrusted);

impl Outside {
    /// The text made fit to print on one line.
    pub fn printable(&self) -> String {
        self.0.printable()
    }

    /// The text made fit for a 7-bit terminal.
    pub fn printable_ascii(&self) -> String {
        printable_ascii(self.0.expose())
    }

    /// The raw text, for comparisons alone.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text made fit to print, at most `limit` characters of it.
    pub fn clipped(&self, limit: usize) -> String {
        self.0.clipped(limit)
    }
}

impl From<&Untrusted> for Outside {
    fn from(text: &Untrusted) -> Self {
        Self(text.clone())
    }
}

impl From<&str> for Outside {
    fn from(text: &str) -> Self {
        Self(Untrusted::from(text))
    }
}

impl From<String> for Outside {
    fn from(text: String) -> Self {
        Self(Untrusted::from(text))
    }
}

impl Serialize for Outside {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}
