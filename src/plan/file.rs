//! A plan as a file: ASCII JSON with a hash over all of it, so that what was reviewed is what is applied.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Plan;
use crate::model::text::ascii_json;

/// The most octets that a plan file may have.
pub const MAX_OCTETS: usize = 1024 * 1024;
/// The version of the format.
const SCHEMA: u32 = 1;

/// SHA-256 over the plan as it is written, as lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlanHash(String);

impl PlanHash {
    /// All 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as a screen shows it.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }

    /// Whether a person means this one: at least its first twelve digits.
    pub fn is_meant_by(&self, text: &str) -> bool {
        text.len() >= 12 && self.0.starts_with(&text.to_ascii_lowercase())
    }
}

/// Why a file is no plan that can be applied.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is too large to be one.
    #[error("it has {0} octets, more than {MAX_OCTETS}")]
    TooLarge(usize),
    /// It is not of this format.
    #[error("it is not a plan of zonecut: {0}")]
    Format(String),
    /// It is of a newer version.
    #[error("it was written by a newer zonecut (format {0}, this one knows {SCHEMA})")]
    Newer(u32),
    /// It was changed after it was written.
    #[error("it was changed after it was written: its hash is not that of its contents")]
    Edited,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<P> {
    zonecut_plan: u32,
    hash: String,
    plan: P,
}

#[derive(Deserialize)]
struct Version {
    zonecut_plan: u32,
}

/// The hash of a plan.
pub fn hash(plan: &Plan) -> PlanHash {
    let text = serde_json::to_vec(plan).expect("plans hold nothing that JSON cannot say");
    PlanHash(data_encoding::HEXLOWER.encode(&Sha256::digest(&text)))
}

/// The plan as it is saved, without anything that could act on a terminal.
pub fn write(plan: &Plan) -> String {
    let file = File {
        zonecut_plan: SCHEMA,
        hash: hash(plan).0,
        plan,
    };
    let text = serde_json::to_string_pretty(&file).expect("plans hold nothing that JSON cannot say");
    let mut ascii = ascii_json(&text);
    ascii.push('\n');
    ascii
}

/// Reads a plan, and refuses one that was edited.
pub fn read(text: &str) -> Result<Plan, FileError> {
    if text.len() > MAX_OCTETS {
        return Err(FileError::TooLarge(text.len()));
    }
    let format = |error: serde_json::Error| FileError::Format(crate::model::text::printable(&error.to_string()));
    let version: Version = serde_json::from_str(text).map_err(format)?;
    if version.zonecut_plan != SCHEMA {
        return Err(FileError::Newer(version.zonecut_plan));
    }
    let file: File<Plan> = serde_json::from_str(text).map_err(format)?;
    match hash(&file.plan).0 == file.hash {
        true => Ok(file.plan),
        false => Err(FileError::Edited),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Goal, Moment, Outlook, PlanId, Preflight};
    use super::*;
    use crate::model::name::DnsName;

    fn plan() -> Plan {
        Plan {
            id: PlanId::new([7; 16]),
            goal: Goal::Delegate,
            subject: DnsName::parse_route53("\\052.b\\303\\274cher.example.").unwrap(),
            made: Moment(1_000),
            expires: Moment(1_900),
            parties: Vec::new(),
            steps: Vec::new(),
            preflight: Preflight::default(),
            outlook: Outlook {
                undo: "caf\u{e9} \u{202e} \u{1f600} \u{7f}".to_owned(),
                ..Outlook::default()
            },
        }
    }

    #[test]
    fn a_plan_comes_back_from_its_file_as_it_was() {
        let text = write(&plan());
        assert!(text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{text}");
        assert_eq!(read(&text).unwrap(), plan());
    }

    #[test]
    fn a_file_that_was_edited_is_refused_wherever_that_was() {
        let text = write(&plan());
        let edits = [
            ("1000", "1001"),
            ("example", "exemple"),
            ("delegate", "teardown"),
            ("caf", "cuf"),
        ];
        for (old, new) in edits {
            let edited = text.replacen(old, new, 1);
            assert_ne!(edited, text);
            assert!(matches!(read(&edited), Err(FileError::Edited)), "{old}");
        }
        let unknown = text.replacen("\"made\"", "\"maid\": 1, \"made\"", 1);
        assert!(matches!(read(&unknown), Err(FileError::Format(_))));
    }

    #[test]
    fn a_plan_of_a_newer_version_says_so() {
        let text = write(&plan()).replacen("\"zonecut_plan\": 1", "\"zonecut_plan\": 2", 1);
        assert!(matches!(read(&text), Err(FileError::Newer(2))));
    }
}
