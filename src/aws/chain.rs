//! How the credentials of a profile come about: a base that gives the first ones, and the roles assumed with them.
//!
//! The SDK knows this too, but ignores `mfa_serial` and lets a `credential_process` run for ever; so it is worked out here.

use super::profiles::Profiles;

/// A base and the roles that are assumed from it, in that order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    pub base: Base,
    pub roles: Vec<Role>,
}

/// Where the first credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// Keys in the profile.
    Keys { profile: String },
    /// A program that the profile names.
    Process { profile: String, command: String },
    /// SSO with a session that profiles share.
    Sso { profile: String, session: String },
    /// SSO in the old way, where each profile states the URL.
    SsoUrl { profile: String, start_url: String },
    /// `aws login`.
    Console { profile: String, session: String },
    /// A token in a file.
    WebIdentity { profile: String },
    /// `credential_source`: variables, the instance, or the container.
    Source { profile: String, source: Source },
    /// The SDK's default chain.
    Environment,
    /// Keys that the program gives itself.
    Given,
}

/// The values of `credential_source`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    Instance,
    Container,
}

/// A role that is assumed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Role {
    pub arn: String,
    pub external_id: Option<String>,
    pub session_name: Option<String>,
    pub mfa_serial: Option<String>,
    pub seconds: Option<i32>,
}

/// Why a profile gives no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    #[error("there is no profile \"{0}\" in ~/.aws/config or ~/.aws/credentials")]
    NoProfile(String),
    #[error("the profile \"{0}\" refers to itself through source_profile")]
    Loop(String),
    #[error("the profile \"{0}\" has a role_arn, but neither source_profile nor credential_source")]
    NoSource(String),
    #[error("the profile \"{0}\" has both source_profile and credential_source")]
    TwoSources(String),
    #[error("the profile \"{0}\" has an unknown credential_source")]
    UnknownSource(String),
    #[error("the profile \"{profile}\" refers to the sso-session \"{session}\", which does not exist")]
    NoSsoSession { profile: String, session: String },
    #[error("the profile \"{0}\" holds nothing to log in with")]
    Empty(String),
}

impl Chain {
    /// The chain of a profile.
    pub(super) fn of_profile(profiles: &Profiles, name: &str) -> Result<Self, Broken> {
        let mut roles = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let mut name = name;
        let base = loop {
            if profiles.get(name).is_none() {
                return Err(Broken::NoProfile(name.to_owned()));
            }
            if seen.contains(&name) {
                return Err(Broken::Loop(name.to_owned()));
            }
            // Keys of a profile that another one refers to come before its own role, as in the SDK.
            if !seen.is_empty() && has_keys(profiles, name) {
                break Base::Keys {
                    profile: name.to_owned(),
                };
            }
            seen.push(name);
            let Some(role) = role(profiles, name) else {
                break base(profiles, name)?;
            };
            roles.push(role);
            match source(profiles, name)? {
                Some(next) if next != name => name = next,
                _ => break base(profiles, name)?,
            }
        };
        roles.reverse();
        Ok(Self { base, roles })
    }

    /// Whether a person has to be asked for a code.
    pub(super) fn needs_mfa(&self) -> bool {
        self.roles.iter().any(|role| role.mfa_serial.is_some())
    }
}

fn has_keys(profiles: &Profiles, name: &str) -> bool {
    profiles.value(name, "aws_access_key_id").is_some() && profiles.value(name, "aws_secret_access_key").is_some()
}

/// The role that a profile assumes; with a token file it is the base that assumes it.
fn role(profiles: &Profiles, name: &str) -> Option<Role> {
    if profiles.value(name, "web_identity_token_file").is_some() {
        return None;
    }
    let value = |key| profiles.value(name, key).map(str::to_owned);
    Some(Role {
        arn: value("role_arn")?,
        external_id: value("external_id"),
        session_name: value("role_session_name"),
        mfa_serial: value("mfa_serial"),
        seconds: value("duration_seconds").and_then(|s| s.parse().ok()),
    })
}

fn source<'a>(profiles: &'a Profiles, name: &str) -> Result<Option<&'a str>, Broken> {
    let named = profiles.value(name, "source_profile");
    match (named, profiles.value(name, "credential_source")) {
        (Some(_), Some(_)) => Err(Broken::TwoSources(name.to_owned())),
        (None, None) => Err(Broken::NoSource(name.to_owned())),
        (named, _) => Ok(named),
    }
}

fn base(profiles: &Profiles, name: &str) -> Result<Base, Broken> {
    let profile = name.to_owned();
    let value = |key| profiles.value(name, key).map(str::to_owned);
    if let Some(source) = value("credential_source") {
        let source = match source.to_ascii_lowercase().as_str() {
            "environment" => Source::Environment,
            "ec2instancemetadata" => Source::Instance,
            "ecscontainer" => Source::Container,
            _ => return Err(Broken::UnknownSource(profile)),
        };
        return Ok(Base::Source { profile, source });
    }
    if value("web_identity_token_file").is_some() {
        return Ok(Base::WebIdentity { profile });
    }
    if let Some(session) = value("sso_session") {
        return match profiles.sso_value(&session, "sso_start_url") {
            Some(_) => Ok(Base::Sso { profile, session }),
            None => Err(Broken::NoSsoSession { profile, session }),
        };
    }
    if let Some(start_url) = value("sso_start_url") {
        return Ok(Base::SsoUrl { profile, start_url });
    }
    if let Some(session) = value("login_session") {
        return Ok(Base::Console { profile, session });
    }
    if let Some(command) = value("credential_process") {
        return Ok(Base::Process { profile, command });
    }
    if has_keys(profiles, name) {
        return Ok(Base::Keys { profile });
    }
    Err(Broken::Empty(profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "
[profile hub]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = ReadOnly
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-central-1
[profile audit]
role_arn = arn:aws:iam::444455556666:role/audit
source_profile = hub
external_id = x1
role_session_name = ana
duration_seconds = 3600
[profile deep]
role_arn = arn:aws:iam::555566667777:role/deep
source_profile = audit
mfa_serial = arn:aws:iam::111122223333:mfa/ana
[profile self]
role_arn = arn:aws:iam::555566667777:role/self
source_profile = self
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile tool]
credential_process = /opt/granted credential-process --profile tool
[profile console]
login_session = arn:aws:iam::111122223333:user/ana
[profile machine]
role_arn = arn:aws:iam::555566667777:role/m
credential_source = Ec2InstanceMetadata
[profile a]
role_arn = arn:aws:iam::555566667777:role/a
source_profile = b
[profile b]
role_arn = arn:aws:iam::555566667777:role/b
source_profile = a
[profile lost]
role_arn = arn:aws:iam::555566667777:role/l
source_profile = nobody
[profile empty]
region = eu-west-1
[profile no-session]
sso_session = none
";

    fn chain(name: &str) -> Result<Chain, Broken> {
        Chain::of_profile(&Profiles::of(CONFIG), name)
    }

    #[test]
    fn roles_are_assumed_from_the_base_on() {
        let deep = chain("deep").unwrap();
        assert_eq!(
            deep.base,
            Base::Sso {
                profile: "hub".into(),
                session: "acme".into()
            }
        );
        let arns: Vec<_> = deep.roles.iter().map(|r| r.arn.as_str()).collect();
        assert_eq!(
            arns,
            [
                "arn:aws:iam::444455556666:role/audit",
                "arn:aws:iam::555566667777:role/deep"
            ]
        );
        assert!(deep.needs_mfa());
        let audit = chain("audit").unwrap();
        assert!(!audit.needs_mfa());
        assert_eq!(audit.roles[0].external_id.as_deref(), Some("x1"));
        assert_eq!(audit.roles[0].seconds, Some(3600));
    }

    #[test]
    fn a_profile_may_assume_a_role_with_its_own_keys() {
        let own = chain("self").unwrap();
        assert_eq!(own.base, Base::Keys { profile: "self".into() });
        assert_eq!(own.roles.len(), 1);
    }

    #[test]
    fn each_kind_of_base_is_told() {
        assert!(matches!(chain("tool").unwrap().base, Base::Process { .. }));
        assert!(matches!(chain("console").unwrap().base, Base::Console { .. }));
        let machine = chain("machine").unwrap();
        assert!(matches!(
            machine.base,
            Base::Source {
                source: Source::Instance,
                ..
            }
        ));
        assert_eq!(machine.roles.len(), 1);
    }

    #[test]
    fn a_broken_chain_names_the_profile_at_fault() {
        assert_eq!(chain("a"), Err(Broken::Loop("a".into())));
        assert_eq!(chain("lost"), Err(Broken::NoProfile("nobody".into())));
        assert_eq!(chain("empty"), Err(Broken::Empty("empty".into())));
        assert_eq!(chain("absent"), Err(Broken::NoProfile("absent".into())));
        assert!(matches!(chain("no-session"), Err(Broken::NoSsoSession { .. })));
    }
}
