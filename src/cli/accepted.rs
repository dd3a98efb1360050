//! Findings that somebody accepted: by `[[ignore]]` in the configuration, or by a baseline file.
//!
//! A finding that has become graver than its baseline says is a new one, and so is one about another zone.

use std::collections::HashMap;
use std::path::Path;

use color_eyre::eyre::{Report, WrapErr as _};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::config::Ignore;
use crate::findings::Severity;
use crate::report::check::FindingLine;
use crate::report::head::SCHEMA;
use crate::report::{Outside, json};

use super::exit::Stop;
use super::output::{printable_path, replace};

/// The most octets of a baseline file.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// What was accepted.
#[derive(Debug, Default)]
pub struct Accepted {
    ignores: Vec<Ignore>,
    baseline: HashMap<Key, Severity>,
}

/// What identifies a finding from one run to the next.
type Key = (String, String, Vec<String>);

/// A baseline file, and as much of `check --json` as makes one.
#[derive(Deserialize)]
struct Baseline {
    findings: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: String,
    name: String,
    severity: String,
    #[serde(default)]
    children: Vec<Zone>,
}

#[derive(Deserialize)]
struct Zone {
    id: String,
}

#[derive(Serialize)]
struct Written<'a> {
    schema: u32,
    generated_at: &'a str,
    findings: Vec<WrittenEntry<'a>>,
}

#[derive(Serialize)]
struct WrittenEntry<'a> {
    code: &'static str,
    severity: &'static str,
    name: &'a Outside,
    children: &'a [crate::report::tree::ZonePlace],
}

impl Accepted {
    /// What the configuration and a baseline accept on a day, and what is to be said about it.
    pub fn load(ignores: &[Ignore], baseline: Option<&Path>, today: Date) -> Result<(Self, Vec<String>), Report> {
        let (holding, expired): (Vec<Ignore>, Vec<Ignore>) =
            ignores.iter().cloned().partition(|ignore| ignore.holds_on(today));
        let notes: Vec<String> = expired.iter().filter_map(said).collect();
        let accepted = Self {
            ignores: holding,
            baseline: baseline.map_or_else(|| Ok(HashMap::new()), read)?,
        };
        Ok((accepted, notes))
    }

    /// Whether a finding was accepted.
    pub fn holds(&self, line: &FindingLine) -> bool {
        self.ignores.iter().any(|ignore| ignores(ignore, line))
            || self.baseline.get(&key(line)).is_some_and(|known| line.grade <= *known)
    }
}

fn said(ignore: &Ignore) -> Option<String> {
    let name = match &ignore.name {
        Some(name) => format!(" at {name}"),
        None => String::new(),
    };
    ignore.until.map(|until| {
        format!(
            "[[ignore]] of {}{name} ended on {until}; it counts again",
            crate::model::text::printable(&ignore.code)
        )
    })
}

fn ignores(ignore: &Ignore, line: &FindingLine) -> bool {
    ignore.code == line.code
        && ignore
            .name
            .as_ref()
            .is_none_or(|name| Outside::from(name.to_string()) == line.name)
}

fn key(line: &FindingLine) -> Key {
    let mut zones: Vec<String> = line.children.iter().map(|child| child.id.clone()).collect();
    zones.sort();
    (line.code.to_owned(), line.name.expose().to_owned(), zones)
}

fn read(path: &Path) -> Result<HashMap<Key, Severity>, Report> {
    let shown = printable_path(path);
    let failed = || format!("failed to read the baseline {shown}");
    let file = std::fs::File::open(path).wrap_err_with(failed)?;
    let limited = std::io::Read::take(file, MAX_SIZE);
    let text = std::io::read_to_string(limited).wrap_err_with(failed)?;
    let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
        Stop::usage(format!("{shown} is no baseline: {error}"))
            .next("write one with: zonecut check --write-baseline FILE")
    })?;
    let entries = baseline.findings.into_iter().map(|entry| {
        let mut zones: Vec<String> = entry.children.into_iter().map(|zone| zone.id).collect();
        zones.sort();
        // An unknown word accepts the least.
        let severity = entry.severity.parse().unwrap_or(Severity::Info);
        ((entry.code, entry.name, zones), severity)
    });
    Ok(entries.collect())
}

/// Writes all findings as a baseline.
pub fn write(path: &Path, findings: &[FindingLine], generated_at: &str) -> Result<(), Report> {
    let document = Written {
        schema: SCHEMA,
        generated_at,
        findings: findings
            .iter()
            .map(|line| WrittenEntry {
                code: line.code,
                severity: line.severity,
                name: &line.name,
                children: &line.children,
            })
            .collect(),
    };
    replace(path, json::write(&document).as_bytes())
}
