//! Which account a login led to the last time, so that the cache of an account without a pinned id is found at once.
//!
//! Invariant: it says where to look, never whose the credentials are: that is asked anew before anything is read. A login
//! is known by a digest of what makes it up, so one that was changed since is not recognised.

use sha2::{Digest, Sha256};

use super::cache::{Cache, CacheError};
use crate::model::account::AccountId;

/// The first line of the file of a login; changes with its format.
const HEAD: &str = "zonecut login 1";
const LARGEST: u64 = 1_024;

impl Cache {
    /// The account that a login led to when it was last read.
    pub fn recall(&self, login: &str) -> Result<Option<AccountId>, CacheError> {
        let digest = digest(login);
        let bytes = self.directory().read(&file_name(&digest), LARGEST)?;
        Ok(bytes.and_then(|bytes| parse(&bytes, &digest)))
    }

    /// Notes the account that a login led to.
    pub fn remember(&self, login: &str, account: AccountId) -> Result<(), CacheError> {
        if self.recall(login)? == Some(account) {
            return Ok(());
        }
        let digest = digest(login);
        let text = format!("{HEAD}\n{digest}\n{account}\n");
        Ok(self.directory().write(&file_name(&digest), text.as_bytes())?)
    }
}

/// The account in the file of a login; none where it is damaged or of another login or format.
fn parse(bytes: &[u8], digest: &str) -> Option<AccountId> {
    let mut lines = std::str::from_utf8(bytes).ok()?.lines();
    let is_ours = lines.next() == Some(HEAD) && lines.next() == Some(digest);
    let account = lines.next()?.parse().ok()?;
    (is_ours && lines.next().is_none()).then_some(account)
}

fn digest(login: &str) -> String {
    let octets = Sha256::digest(login.as_bytes());
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn file_name(digest: &str) -> String {
    let tag: String = digest.chars().take(32).collect();
    format!("login-{tag}.cache")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> AccountId {
        text.parse().unwrap()
    }

    #[test]
    fn a_login_is_recalled_and_another_one_is_not() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::open(&home.path().join("cache")).unwrap();
        assert_eq!(cache.recall("profile a").unwrap(), None);
        cache.remember("profile a", id("111122223333")).unwrap();
        assert_eq!(cache.recall("profile a").unwrap(), Some(id("111122223333")));
        assert_eq!(cache.recall("profile b").unwrap(), None);
        cache.remember("profile a", id("444455556666")).unwrap();
        assert_eq!(cache.recall("profile a").unwrap(), Some(id("444455556666")));
    }

    #[test]
    fn a_damaged_file_recalls_nothing() {
        let whole = format!("{HEAD}\n{}\n111122223333\n", digest("a"));
        assert!(parse(whole.as_bytes(), &digest("a")).is_some());
        assert!(parse(whole.as_bytes(), &digest("b")).is_none());
        for end in 0..whole.len() - 1 {
            assert!(parse(&whole.as_bytes()[..end], &digest("a")).is_none(), "{end}");
        }
        for text in ["\u{1b}[2J", &whole.replace("1111", "x111"), &format!("{whole}more\n")] {
            assert!(parse(text.as_bytes(), &digest("a")).is_none());
        }
        assert!(parse(&[0xff, 0xfe], &digest("a")).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone_and_names_neither_login_nor_account() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::open(&home.path().join("cache")).unwrap();
        cache.remember("profile payroll", id("111122223333")).unwrap();
        for entry in std::fs::read_dir(home.path().join("cache")).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            let name = entry.file_name().into_string().unwrap();
            assert!(!name.contains("payroll") && !name.contains("1111"), "{name}");
        }
    }
}
