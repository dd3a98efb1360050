//! The chain of trust in a trace's report: each zone from the anchor down, then the record sets, and what it comes to.

use serde::Serialize;

use crate::findings::trace::Trusted;

/// The chain of trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrustLine {
    /// What a resolver that validates makes of the whole: `secure`, `insecure`, `bogus`, `not proven`, or `no anchor`.
    pub state: &'static str,
    /// The zones from above, then the record sets of the aliases and of the answer.
    pub links: Vec<LinkLine>,
}

/// One zone or record set of the chain of trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkLine {
    /// The zone, or the owner of the record set.
    pub name: String,
    /// The type of the record set; none of a zone.
    #[serde(rename = "type")]
    pub record_type: Option<String>,
    /// The zone above, or that of the record set.
    pub zone: Option<String>,
    /// `secure`, `insecure`, `bogus`, `not proven`.
    pub state: &'static str,
    /// Why, in words.
    pub says: String,
}

impl TrustLine {
    pub(super) fn of(chain: &[Trusted]) -> Self {
        let has = |word: &str| chain.iter().any(|one| one.word() == word);
        let mut words = ["bogus", "not proven", "insecure", "secure"].into_iter();
        Self {
            state: words.find(|word| has(word)).unwrap_or("no anchor"),
            links: chain.iter().map(LinkLine::of).collect(),
        }
    }
}

impl LinkLine {
    fn of(one: &Trusted) -> Self {
        Self {
            name: one.name.to_string(),
            record_type: one.record_type.map(|record_type| record_type.to_string()),
            zone: one.zone.as_ref().map(ToString::to_string),
            state: one.word(),
            says: one.says.clone(),
        }
    }

    /// What it is about: a zone, or a record set by its name and type.
    pub fn subject(&self) -> String {
        match &self.record_type {
            Some(record_type) => format!("{} {record_type}", self.name),
            None => self.name.clone(),
        }
    }
}
