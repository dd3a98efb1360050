//! One account as configured: which id it must have, and by which credentials it is read.

use std::fmt;

use super::role::RoleArn;
use crate::model::account::{AccountId, Env};

/// An account to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountConfig {
    /// The name that is shown; unique.
    pub name: String,
    /// The pinned id: credentials of any other account are refused.
    pub id: Option<AccountId>,
    /// Where the credentials come from.
    pub access: Access,
    /// The environment's own word (`prod`, `dev`).
    pub env: Option<String>,
    /// Whether this account may not be written to, whatever else is said; unset follows the global key.
    pub read_only: Option<bool>,
    /// The profile that writes; reading never uses it.
    pub write_profile: Option<String>,
}

impl AccountConfig {
    /// An account that is named after the profile it is read with, and is not pinned.
    pub fn from_profile(profile: impl Into<String>) -> Self {
        let profile = profile.into();
        Self::new(profile.clone(), Access::Profile(profile))
    }

    /// An account that is not pinned and has no environment.
    pub fn new(name: impl Into<String>, access: Access) -> Self {
        Self {
            name: name.into(),
            id: None,
            access,
            env: None,
            read_only: None,
            write_profile: None,
        }
    }

    /// The profile that commands to copy should name.
    pub fn profile(&self) -> Option<&str> {
        match &self.access {
            Access::Profile(profile) => Some(profile),
            Access::Role { source_profile, .. } => source_profile.as_deref(),
            Access::Environment | Access::Keys(_) => None,
        }
    }

    /// The class of the environment; `color` is what granted or the console gives the profile.
    pub fn env_class(&self, color: Option<&str>) -> Env {
        super::environment::classify(self.env.as_deref(), &self.name, color)
    }
}

/// Where the credentials of an account come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// A profile of `~/.aws/config` or `~/.aws/credentials`.
    Profile(String),
    /// A role that is assumed with the credentials of a profile, or of the environment where none is named.
    Role {
        /// The role.
        role: RoleArn,
        /// The profile that may assume it.
        source_profile: Option<String>,
        /// The external id that the role's trust policy asks for.
        external_id: Option<String>,
    },
    /// The SDK's default chain: variables, web identity, container, instance.
    Environment,
    /// Keys and an endpoint given by the program itself, as the demo does.
    Keys(StaticKeys),
}

/// Keys and an endpoint that the program gives itself; nothing of the environment is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticKeys {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: Secret,
    /// The session token, where there is one.
    pub session_token: Option<Secret>,
    /// The URL that all requests go to.
    pub endpoint: String,
}

/// A text that no log, error or `Debug` may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the signer alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
