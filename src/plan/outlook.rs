//! What a plan leads to: what becomes visible and what hidden, what it costs, and how and when it can be taken back.

use serde::{Deserialize, Serialize};

use super::text;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// What a plan leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlook {
    /// Every name whose answer changes, as far as the zones at hand tell.
    pub effects: Vec<Effect>,
    /// What it adds to the bill of a month, in hundredths of a US dollar; negative where it saves.
    pub monthly_cents: i64,
    /// For how many seconds resolvers may go on with what was there before, once the plan is applied.
    pub settles_after: u64,
    /// How it is taken back, in a sentence fit to print.
    pub undo: String,
    /// For how many seconds resolvers remember what the plan brings, so that an undo shows everywhere only then.
    pub undo_settles_after: u64,
    /// What is good to know, a sentence each, fit to print.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// What becomes of the answers at one name, or at and below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// What becomes of them.
    pub kind: EffectKind,
    /// The name.
    #[serde(with = "text::one")]
    pub name: DnsName,
    /// Whether the names below are meant as well.
    #[serde(default)]
    pub scope: Scope,
    /// The type, where only one is concerned.
    #[serde(rename = "type", with = "text::optional", default)]
    pub record_type: Option<RecordType>,
    /// The same in a sentence fit to print.
    pub saying: String,
}

/// How far an effect goes down the tree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The name alone; that of a wildcard stands for all names that it answers for.
    #[default]
    Name,
    /// The name, and all below it that no other effect speaks of.
    Subtree,
}

/// What becomes of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectKind {
    /// Names resolve that did not.
    Appears,
    /// The answer is another one.
    Changes,
    /// A record set of the parent is not served any more, as a cut lies above it.
    Hidden,
    /// A wildcard of the parent no longer answers for names below the cut.
    WildcardEnds,
    /// Names no longer resolve.
    Vanishes,
    /// A delegation below becomes reachable, with whatever is wrong about it.
    Reachable,
}

impl EffectKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Appears => "appears",
            Self::Changes => "changes",
            Self::Hidden => "hidden",
            Self::WildcardEnds => "wildcard ends",
            Self::Vanishes => "vanishes",
            Self::Reachable => "reachable",
        }
    }
}
