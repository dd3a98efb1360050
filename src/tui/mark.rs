//! What a status looks like: glyph, word and tone, always all three; and `?` where it is not confirmed.

use crate::engine::progress::{Progress, Stage};
use crate::findings::{CutVerdict, Finding, Severity, Status};
use crate::model::account::{AccountIx, AccountStatus};
use crate::model::inventory::{Source, ZoneEntry, ZoneIx};

use super::known::Known;
use super::theme::Tone;

/// A status as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it comes to.
    pub status: Status,
    /// The sign.
    pub glyph: &'static str,
    /// The word, with `?` where it is not confirmed.
    pub word: String,
    /// The looks.
    pub tone: Tone,
}

impl Mark {
    /// The mark of a status that is confirmed.
    pub fn of(status: Status) -> Self {
        let (glyph, word, tone) = table(status);
        Self {
            status,
            glyph,
            word: word.to_owned(),
            tone,
        }
    }

    /// The same, not confirmed.
    fn doubted(mut self) -> Self {
        if !self.word.ends_with('?') {
            self.word.push('?');
        }
        self
    }

    fn working() -> Self {
        Self {
            status: Status::Unknown,
            glyph: "▖",
            word: "checking".to_owned(),
            tone: Tone::Working,
        }
    }

    fn waiting() -> Self {
        Self {
            word: "waiting".to_owned(),
            ..Self::of(Status::Unknown)
        }
    }

    /// The glyph and the word.
    pub fn text(&self) -> String {
        format!("{} {}", self.glyph, self.word)
    }

    /// The mark of a zone.
    pub fn of_zone(known: Known<'_>, progress: &Progress, zone: ZoneIx) -> Self {
        let status = known.survey.zone_status(known.inventory, zone);
        let Some(entry) = known.inventory.zone(zone) else {
            return Self::of(Status::Unknown);
        };
        if status == Status::Unknown {
            return Self::of_unknown(known, progress, zone, entry);
        }
        let mark = Self::of(status);
        let is_plain = matches!(
            status,
            Status::Private | Status::NoAccess | Status::Unverified | Status::Partial
        );
        if is_remembered(known, entry) && !is_plain {
            mark.doubted()
        } else {
            mark
        }
    }

    /// The mark of a cut at which no zone is held.
    pub fn of_cut(verdict: &CutVerdict) -> Self {
        match verdict.status {
            Status::Unknown => verdict
                .findings
                .iter()
                .find(|finding| suspects(finding))
                .map_or_else(|| Self::of(Status::Unknown), Self::suspected),
            status => Self::of(status),
        }
    }

    /// The mark of a finding.
    pub fn of_finding(finding: &Finding) -> Self {
        if finding.is_known() {
            Self::of(finding.rule.status)
        } else {
            Self::suspected(finding)
        }
    }

    /// The mark of an account as a whole.
    pub fn of_account(status: &AccountStatus) -> Self {
        let (status, word) = match status {
            AccountStatus::Complete => (Status::Ok, "ready".to_owned()),
            AccountStatus::Merged(_) => (Status::Ok, "merged".to_owned()),
            AccountStatus::Waiting => return Self::waiting(),
            AccountStatus::Reading => {
                return Self {
                    word: "reading".to_owned(),
                    ..Self::working()
                };
            }
            AccountStatus::Stale => {
                return Self {
                    word: "cached".to_owned(),
                    ..Self::of(Status::Unknown)
                };
            }
            AccountStatus::Partial(_) => return Self::of(Status::Partial),
            AccountStatus::Failed(problem) => (Status::NoAccess, problem.kind.word().to_owned()),
        };
        Self {
            word,
            ..Self::of(status)
        }
    }

    fn of_unknown(known: Known<'_>, progress: &Progress, zone: ZoneIx, entry: &ZoneEntry) -> Self {
        let runs = is_running(progress, entry.zone.key.account);
        if entry.records.is_none() {
            return if runs {
                Self::waiting()
            } else {
                Self::of(Status::Unknown)
            };
        }
        let findings = known.survey.findings_of(known.inventory, zone);
        if let Some(finding) = findings.into_iter().find(|finding| suspects(finding)) {
            return Self::suspected(finding);
        }
        if is_remembered(known, entry) {
            return Self::of(Status::Unknown);
        }
        if runs {
            Self::working()
        } else {
            Self::of(Status::Unknown)
        }
    }

    fn suspected(finding: &Finding) -> Self {
        Self {
            status: Status::Unknown,
            tone: Tone::Unscanned,
            ..Self::of(finding.rule.status)
        }
        .doubted()
    }
}

fn suspects(finding: &Finding) -> bool {
    !finding.is_known() && !finding.rule.topic.stands_apart() && finding.severity > Severity::Info
}

fn is_remembered(known: Known<'_>, entry: &ZoneEntry) -> bool {
    let cached = entry
        .records
        .as_ref()
        .map_or(entry.origin.source, |held| held.origin.source)
        == Source::Cache;
    let account = known.inventory.account(entry.zone.key.account);
    cached || account.is_some_and(|account| account.status == AccountStatus::Stale)
}

/// Whether an account is still being read.
pub fn is_running(progress: &Progress, account: AccountIx) -> bool {
    progress
        .accounts
        .iter()
        .any(|a| a.account == account && !matches!(a.stage, Stage::Done | Stage::Failed | Stage::Paused))
}

fn table(status: Status) -> (&'static str, &'static str, Tone) {
    match status {
        Status::Ok => ("✓", "ok", Tone::Ok),
        Status::Missing => ("∅", "MISSING", Tone::Missing),
        Status::Dangling => ("✗", "DANGLING", Tone::Broken),
        Status::Lame => ("✗", "LAME", Tone::Broken),
        Status::Bogus => ("✗", "BOGUS DS", Tone::Broken),
        Status::Drift => ("~", "DRIFT", Tone::Drift),
        Status::Occluded => ("~", "OCCLUDED", Tone::Drift),
        Status::Shadow => ("◌", "SHADOW", Tone::Shadow),
        Status::Unverified => ("?", "unverified", Tone::Unscanned),
        Status::External => ("⇢", "external", Tone::External),
        Status::CutOff => ("»", "cut off", Tone::CutOff),
        Status::Private => ("⌂", "private", Tone::Private),
        Status::Partial => ("?", "partial", Tone::Warn),
        Status::Unknown => ("?", "unscanned", Tone::Unscanned),
        Status::NoAccess => ("⊘", "no access", Tone::NoAccess),
    }
}
