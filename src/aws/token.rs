//! What the files of `aws sso login` and `aws login` say of a login: so that an expired one costs no request.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::chain::Base;
use crate::ports::LoginState;

/// Where the two commands keep their tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caches {
    pub sso: Option<PathBuf>,
    pub login: Option<PathBuf>,
}

impl Caches {
    pub(super) fn of(home: Option<&str>, login_directory: Option<&str>) -> Self {
        let below = |path: &str| home.map(|home| Path::new(home).join(path));
        Self {
            sso: below(".aws/sso/cache"),
            login: login_directory.map(PathBuf::from).or_else(|| below(".aws/login/cache")),
        }
    }

    /// Whether a login holds at a time; reads the one file that tells.
    pub(super) fn state(&self, base: &Base, now: Timestamp) -> LoginState {
        match self.file(base) {
            Some(path) => state(std::fs::read(path).ok().as_deref(), now),
            None => LoginState::Untold,
        }
    }

    /// The file that tells of a login: its name is a digest of what it is for.
    pub(super) fn file(&self, base: &Base) -> Option<PathBuf> {
        let (directory, name) = match base {
            Base::Sso { session, .. } => (&self.sso, hexadecimal(&Sha1::digest(session))),
            Base::SsoUrl { start_url, .. } => (&self.sso, hexadecimal(&Sha1::digest(start_url))),
            Base::Console { session, .. } => (&self.login, hexadecimal(&Sha256::digest(session.trim()))),
            _ => return None,
        };
        directory.as_ref().map(|d| d.join(format!("{name}.json")))
    }
}

/// What the content of a token file says at a time; no content means that there is no file.
pub(super) fn state(content: Option<&[u8]>, now: Timestamp) -> LoginState {
    let Some(content) = content else {
        return LoginState::Missing;
    };
    let Ok(Value::Object(token)) = serde_json::from_slice::<Value>(content) else {
        return LoginState::Missing;
    };
    let field = |name: &str| {
        let direct = token.get(name);
        direct.or_else(|| token.get("accessToken").and_then(|inner| inner.get(name)))
    };
    let Some(ends) = field("expiresAt").and_then(time) else {
        return LoginState::Missing;
    };
    if is_renewable(&token, now) {
        return LoginState::Renewable;
    }
    if now < ends {
        LoginState::Until(ends)
    } else {
        LoginState::Expired(ends)
    }
}

/// SSO renews while the client's registration holds; `aws login` while its refresh token does, which only AWS knows.
fn is_renewable(token: &serde_json::Map<String, Value>, now: Timestamp) -> bool {
    let has = |name: &str| token.get(name).is_some_and(Value::is_string);
    if has("dpopKey") {
        return has("refreshToken");
    }
    let registered = token
        .get("registrationExpiresAt")
        .and_then(time)
        .is_some_and(|end| now < end);
    has("refreshToken") && has("clientId") && has("clientSecret") && registered
}

/// RFC 3339, or the `2020-06-17T10:02:08UTC` of older releases of the AWS CLI.
fn time(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    match text.strip_suffix("UTC") {
        Some(bare) => format!("{bare}Z").parse().ok(),
        None => text.parse().ok(),
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_token_holds_until_its_end_unless_it_can_be_renewed() {
        let now = at("2026-11-23T12:00:00Z");
        let plain = br#"{"accessToken":"x","expiresAt":"2026-11-23T19:12:00Z"}"#;
        assert_eq!(state(Some(plain), now), LoginState::Until(at("2026-11-23T19:12:00Z")));
        let old = br#"{"accessToken":"x","expiresAt":"2026-11-23T09:00:00UTC"}"#;
        assert_eq!(state(Some(old), now), LoginState::Expired(at("2026-11-23T09:00:00Z")));
        let renewable = br#"{"accessToken":"x","expiresAt":"2026-11-23T09:00:00Z","refreshToken":"r","clientId":"c",
            "clientSecret":"s","registrationExpiresAt":"2026-12-01T00:00:00Z"}"#;
        assert_eq!(state(Some(renewable), now), LoginState::Renewable);
        assert_eq!(
            state(Some(renewable), at("2026-12-02T00:00:00Z")),
            LoginState::Expired(at("2026-11-23T09:00:00Z"))
        );
        let console = br#"{"accessToken":{"accessKeyId":"A","expiresAt":"2026-11-23T09:00:00Z"},"refreshToken":"r","dpopKey":"k"}"#;
        assert_eq!(state(Some(console), now), LoginState::Renewable);
    }

    #[test]
    fn no_file_or_one_that_is_no_token_is_no_login() {
        let now = at("2026-11-23T12:00:00Z");
        for content in [
            None,
            Some(&b""[..]),
            Some(b"{"),
            Some(b"[]"),
            Some(b"{}"),
            Some(br#"{"expiresAt":5}"#),
        ] {
            assert_eq!(state(content, now), LoginState::Missing);
        }
    }

    #[test]
    fn the_file_is_named_by_the_digest_of_the_session() {
        let caches = Caches::of(Some("/home/ana"), None);
        let base = Base::Sso {
            profile: "p".into(),
            session: "my-sso".into(),
        };
        // The value that the AWS CLI and the SDKs agree on for this name: SHA-1 of "my-sso".
        let expected = format!("{}.json", hexadecimal(&Sha1::digest("my-sso")));
        assert_eq!(
            caches.file(&base).unwrap(),
            Path::new("/home/ana/.aws/sso/cache").join(expected)
        );
        assert_eq!(caches.file(&Base::Environment), None);
        assert_eq!(Caches::of(None, Some("/x")).login, Some("/x".into()));
    }
}
