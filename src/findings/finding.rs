//! A finding, how bad and how sure it is, and the rule it comes from.

use std::fmt;
use std::str::FromStr;

use crate::model::account::AccountIx;
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::zone::ZoneId;

use super::context::Context;
use super::status::Status;

/// How bad a finding is; the order is from harmless to critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A hint, or a gap in what is known.
    Notice,
    /// Works, and is wrong.
    Warning,
    /// Fails for some, or breaks with the next change.
    Error,
    /// Names do not resolve, or someone else can take them over.
    Critical,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::Error, Self::Warning, Self::Notice, Self::Info];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A text that is no severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a severity is one of critical, error, warning, notice, info")]
pub struct BadSeverity;

impl FromStr for Severity {
    type Err = BadSeverity;

    fn from_str(text: &str) -> Result<Self, BadSeverity> {
        Self::ALL.into_iter().find(|s| s.word() == text).ok_or(BadSeverity)
    }
}

/// How sure a finding is; the order is from guess to certainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// It would need data that was not read: listed, not counted.
    Unknown,
    /// The configuration says so, and what is served was not asked; or servers said so, and others did not respond.
    Likely,
    /// It follows from data read in full, or servers said so.
    Certain,
}

impl Confidence {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A name in the tree.
    Name(DnsName),
    /// An account as a whole.
    Account(AccountIx),
}

/// A zone, as findings and reports refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ZoneRef {
    /// Its place in the inventory it was found in.
    pub index: ZoneIx,
    /// Its name.
    pub name: DnsName,
    /// Its id.
    pub id: ZoneId,
    /// Its account.
    pub account: AccountIx,
}

impl ZoneRef {
    /// Refers to a zone of the inventory.
    pub fn of(index: ZoneIx, entry: &ZoneEntry) -> Self {
        Self {
            index,
            name: entry.zone.name.clone(),
            id: entry.zone.key.id.clone(),
            account: entry.zone.key.account,
        }
    }
}

/// One thing that is wrong, or not known, at one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// How sure it is.
    pub confidence: Confidence,
    /// The code of the finding of the same cut that explains this one.
    pub cause: Option<&'static str>,
    /// The zone that delegates, or should.
    pub parent: Option<ZoneRef>,
    /// The zones of the name that it concerns.
    pub children: Vec<ZoneRef>,
    /// What was seen, a sentence each, fit to print.
    pub evidence: Vec<String>,
    /// What mends it here, in a sentence or two, fit to print.
    pub fix: String,
}

impl Finding {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.rule.code
    }

    /// The status it leads to; what is not known leads to no verdict, and what works all the same is not lame.
    pub fn status(&self) -> Status {
        match (self.confidence, self.rule.status) {
            (Confidence::Unknown, status) if status != Status::Unverified => Status::Unknown,
            // Nobody takes over what is less than critical.
            (_, Status::Dangling) if self.severity <= Severity::Error => Status::Lame,
            (_, Status::Lame) if self.severity <= Severity::Warning => Status::Drift,
            (_, status) => status,
        }
    }

    /// The name it is about, if it is about one.
    pub fn name(&self) -> Option<&DnsName> {
        match &self.subject {
            Subject::Name(name) => Some(name),
            Subject::Account(_) => None,
        }
    }

    /// Whether enough was read for it to count for `--fail-on` and in tallies.
    pub fn is_known(&self) -> bool {
        self.confidence != Confidence::Unknown
    }
}

/// One kind of finding. `RULES` is the table of them all.
pub struct Rule {
    /// The stable code, in lower case with hyphens.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it means and why it is bad.
    pub explanation: &'static str,
    /// How it is mended, in general.
    pub fix: &'static str,
    /// When it is not reported, and how it may mislead.
    pub false_positives: &'static str,
    /// The severity, unless the evidence makes it another.
    pub severity: Severity,
    /// The status it leads to.
    pub status: Status,
    /// Whether it explains others or is explained by them.
    pub topic: Topic,
    /// What it rests on.
    pub ground: Ground,
    /// Looks at one cut.
    pub check: fn(&Context<'_>) -> Vec<Finding>,
}

/// What part a rule plays among the findings of one cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Something that was done, and that explains what else is seen.
    Cause,
    /// What follows from a cause, and stands alone only where none is found.
    Symptom,
    /// What servers do: it follows from a cause that is as grave, and comes before lesser ones.
    Effect,
    /// Worth knowing of a cut that may be in order: neither explains anything nor follows from it.
    Remark,
    /// A gap in what was read: neither explains anything nor follows from it.
    Coverage,
}

/// What a rule rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// On what the API said; what servers say makes it surer, or takes it away.
    Configured,
    /// On what servers said when they were asked.
    Served,
}

impl Topic {
    /// Whether it stands apart from causes and what follows from them.
    pub fn stands_apart(self) -> bool {
        matches!(self, Self::Coverage | Self::Remark)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}
