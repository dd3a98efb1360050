//! Writes a configuration for accounts that were found, for `zonecut config init` and the first run.

use std::io::Write as _;
use std::path::Path;

use super::account::{Access, AccountConfig};
use super::error::ConfigError;

/// What to do where there is a file already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it alone, and say so.
    Keep,
    /// Put the new one in its place.
    Replace,
}

const HEAD: &str = "\
# zonecut's configuration, written by `zonecut config init`.
#
# Each account below is read with its profile of ~/.aws/config, and only read: nothing is changed, there or in AWS.
# `id` pins the account: credentials that lead to another one are refused.
# Every other key has a default; `zonecut config schema` lists them.

read_only = true
";

/// The text of a configuration with these accounts; those that no file can describe are left out.
pub fn render(accounts: &[AccountConfig]) -> String {
    let mut text = HEAD.to_owned();
    for account in accounts {
        let mut keys = vec![
            ("name", Some(account.name.clone())),
            ("id", account.id.map(|id| id.to_string())),
        ];
        match &account.access {
            Access::Profile(profile) => keys.push(("profile", Some(profile.clone()))),
            Access::Role {
                role,
                source_profile,
                external_id,
            } => keys.extend([
                ("role_arn", Some(role.to_string())),
                ("source_profile", source_profile.clone()),
                ("external_id", external_id.clone()),
            ]),
            Access::Environment | Access::Keys(_) => continue,
        }
        keys.push(("env", account.env.clone()));
        keys.push(("write_profile", account.write_profile.clone()));
        text.push_str("\n[[accounts]]\n");
        for (key, value) in keys {
            if let Some(value) = value {
                text.push_str(&format!("{key} = {}\n", toml::Value::String(value)));
            }
        }
        match account.read_only {
            Some(read_only) => text.push_str(&format!("read_only = {read_only}\n")),
            None if account.env.is_none() => text.push_str("#env = \"prod\"\n"),
            None => {}
        }
    }
    text
}

/// Writes a configuration that only its owner can read and write, with the directories above it.
///
/// The file is complete or not there: it is written beside its place and then moved.
pub fn write(path: &Path, text: &str, existing: Existing) -> Result<(), ConfigError> {
    let source = path.display().to_string();
    if existing == Existing::Keep && path.symlink_metadata().is_ok() {
        let next = "add the accounts to it by hand, or run `zonecut config init --replace` to replace it";
        return Err(ConfigError::new(&source, "exists already", next));
    }
    put(path, text).map_err(|error| {
        let next = "name a place that you can write to: `zonecut --config FILE config init`";
        ConfigError::new(&source, format!("cannot be written: {error}"), next)
    })
}

fn put(path: &Path, text: &str) -> std::io::Result<()> {
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty());
    if let Some(directory) = directory {
        std::fs::create_dir_all(directory)?;
    }
    let beside = path.with_extension(format!("toml.{}", std::process::id()));
    let written = private(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| std::fs::rename(&beside, path));
    if moved.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    moved
}

fn private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn accounts() -> Vec<AccountConfig> {
        let mut odd = AccountConfig::from_profile("it's \"odd\" \\ \u{1b}[2J");
        odd.env = Some("prod".into());
        odd.write_profile = Some("w".into());
        odd.read_only = Some(false);
        let mut role = AccountConfig::new(
            "role",
            Access::Role {
                role: "arn:aws:iam::111122223333:role/zonecut-read".parse().unwrap(),
                source_profile: Some("hub".into()),
                external_id: Some("x".into()),
            },
        );
        role.id = "111122223333".parse().ok();
        vec![AccountConfig::from_profile("plain"), odd, role]
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let text = render(&accounts());
        let config = parse(&text, "config.toml", |_| None).unwrap();
        assert_eq!(config.accounts, accounts());
        assert!(!text.contains('\u{1b}'));
        assert!(text.starts_with("# zonecut"));
    }

    #[test]
    fn a_file_is_not_replaced_unless_told_and_is_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/config.toml");
        write(&path, "read_only = true\n", Existing::Keep).unwrap();
        let refusal = write(&path, "", Existing::Keep).unwrap_err().to_string();
        assert!(
            refusal.contains("exists already") && refusal.contains("--replace"),
            "{refusal}"
        );
        write(&path, "read_only = false\n", Existing::Replace).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "read_only = false\n");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
