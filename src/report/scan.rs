//! `zonecut scan`: what was read, and how many findings there are.

use serde::Serialize;

use crate::engine::progress::Progress;
use crate::findings::Severity;

use super::basis::Basis;
use super::head::Head;

/// What a scan came to.
#[derive(Debug, Clone, Serialize)]
pub struct ScanReport {
    /// How complete it is.
    #[serde(flatten)]
    pub head: Head,
    /// The hosted zones that are known.
    pub zones: u64,
    /// Those of them whose record sets were read in full.
    pub zones_read: u64,
    /// The record sets that were read.
    pub record_sets: u64,
    /// Requests sent to Route 53.
    pub requests: u64,
    /// Those of them that were throttled.
    pub throttled: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// Problems, by severity.
    pub findings: Tally,
}

/// How many problems of each severity there are: causes alone, and only what is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Critical ones.
    pub critical: u64,
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Notices.
    pub notice: u64,
    /// Infos.
    pub info: u64,
}

impl Tally {
    /// Counts one.
    pub fn add(&mut self, severity: Severity) {
        *match severity {
            Severity::Critical => &mut self.critical,
            Severity::Error => &mut self.error,
            Severity::Warning => &mut self.warning,
            Severity::Notice => &mut self.notice,
            Severity::Info => &mut self.info,
        } += 1;
    }

    /// How many there are of a severity.
    pub fn of(self, severity: Severity) -> u64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Notice => self.notice,
            Severity::Info => self.info,
        }
    }

    /// The severities that occur, the worst first: `3 critical, 1 warning`.
    pub fn in_words(self) -> String {
        let words: Vec<String> = Severity::ALL
            .into_iter()
            .filter(|severity| self.of(*severity) > 0)
            .map(|severity| format!("{} {severity}", self.of(severity)))
            .collect();
        words.join(", ")
    }
}

impl ScanReport {
    /// What was read, and by how many requests.
    pub fn of(basis: &Basis<'_>, progress: &Progress) -> Self {
        let mut findings = Tally::default();
        for finding in basis.survey.findings() {
            if finding.cause.is_none() && finding.is_known() {
                findings.add(finding.severity);
            }
        }
        let records = basis.inventory.iter().filter_map(|(_, entry)| entry.records());
        Self {
            head: Head::of(basis),
            zones: basis.inventory.zone_count() as u64,
            zones_read: basis.inventory.iter().filter(|(_, entry)| entry.is_read()).count() as u64,
            record_sets: records.map(|records| records.len() as u64).sum(),
            requests: progress.requests_sent(),
            throttled: progress.throttled(),
            seconds: (progress.elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
            findings,
        }
    }
}
