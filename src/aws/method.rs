//! How an account is logged in to, in words, and the exact command that logs in again.

use super::chain::{Base, Chain, Source};

/// Where a person sits: at this machine, or at the other end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    Local,
    OverSsh,
}

/// The way in a few words.
pub(super) fn words(chain: &Chain) -> String {
    let base = match &chain.base {
        Base::Keys { .. } => "static keys".to_owned(),
        Base::Process { command, .. } => format!("process {}", program(command)),
        Base::Sso { session, .. } => format!("SSO {session}"),
        Base::SsoUrl { .. } => "SSO".to_owned(),
        Base::Console { .. } => "aws login".to_owned(),
        Base::WebIdentity { .. } => "web identity".to_owned(),
        Base::Source { source, .. } => match source {
            Source::Environment => "variables".to_owned(),
            Source::Instance => "instance role".to_owned(),
            Source::Container => "container role".to_owned(),
        },
        Base::Environment => "environment".to_owned(),
        Base::Given => "demo".to_owned(),
    };
    match (chain.roles.is_empty(), chain.needs_mfa()) {
        (true, _) => base,
        (false, false) => format!("role from {base}"),
        (false, true) => format!("role with MFA from {base}"),
    }
}

/// The command that logs in, where there is one.
pub(super) fn login_command(base: &Base, seat: Seat) -> Option<String> {
    let device = match seat {
        Seat::Local => "",
        Seat::OverSsh => " --use-device-code",
    };
    match base {
        Base::Sso { session, .. } => Some(format!("aws sso login --sso-session {}{device}", word(session))),
        Base::SsoUrl { profile, .. } => Some(format!("aws sso login --profile {}{device}", word(profile))),
        Base::Console { profile, .. } => Some(format!("aws login --profile {}", word(profile))),
        Base::Keys { profile } => Some(format!("aws configure --profile {}", word(profile))),
        Base::Process { profile, command } => Some(tool_command(profile, command)),
        Base::WebIdentity { profile } | Base::Source { profile, .. } => {
            Some(format!("aws sts get-caller-identity --profile {}", word(profile)))
        }
        Base::Environment => Some("aws sts get-caller-identity".to_owned()),
        Base::Given => None,
    }
}

/// The command that leads a profile to another account, where it is the profile itself that leads to one.
pub(super) fn correction(chain: &Chain) -> Option<String> {
    match &chain.base {
        _ if !chain.roles.is_empty() => None,
        Base::Sso { profile, .. } | Base::SsoUrl { profile, .. } => {
            Some(format!("aws configure sso --profile {}", word(profile)))
        }
        Base::Keys { profile } => Some(format!("aws configure --profile {}", word(profile))),
        Base::Console { profile, .. } => Some(format!("aws login --profile {}", word(profile))),
        Base::Process { .. } | Base::WebIdentity { .. } | Base::Source { .. } | Base::Environment | Base::Given => None,
    }
}

/// The tools that people use behind `credential_process` have their own logins.
fn tool_command(profile: &str, command: &str) -> String {
    let profile = word(profile);
    match program(command) {
        "granted" | "dgranted" => format!("assume {profile}"),
        "aws-vault" => format!("aws-vault exec {profile} -- zonecut"),
        "saml2aws" => format!("saml2aws login --profile {profile}"),
        "aws-sso" => "aws-sso login".to_owned(),
        _ => format!("aws sts get-caller-identity --profile {profile}"),
    }
}

/// The name of the program of a command line, without its path; never its arguments, which may hold secrets.
pub(super) fn program(command: &str) -> &str {
    let command = command.trim_start();
    let path = match command.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => command.split_ascii_whitespace().next(),
    };
    let name = path.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

/// One word of a shell command.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_way_has_its_command() {
        let profile = || "my prod".to_owned();
        let sso = Base::Sso {
            profile: profile(),
            session: "ext".into(),
        };
        let url = Base::SsoUrl {
            profile: profile(),
            start_url: "https://x".into(),
        };
        let console = Base::Console {
            profile: profile(),
            session: "arn".into(),
        };
        let process = |command: &str| Base::Process {
            profile: "p".into(),
            command: command.into(),
        };
        for (base, seat, command) in [
            (&sso, Seat::Local, "aws sso login --sso-session ext"),
            (&sso, Seat::OverSsh, "aws sso login --sso-session ext --use-device-code"),
            (&url, Seat::Local, "aws sso login --profile 'my prod'"),
            (&console, Seat::Local, "aws login --profile 'my prod'"),
            (
                &Base::Keys { profile: profile() },
                Seat::Local,
                "aws configure --profile 'my prod'",
            ),
            (&process("/opt/bin/granted credential-process"), Seat::Local, "assume p"),
            (
                &process("aws-vault exec --json x"),
                Seat::Local,
                "aws-vault exec p -- zonecut",
            ),
            (
                &process("\"C:\\a b\\tool.exe\" --secret x"),
                Seat::Local,
                "aws sts get-caller-identity --profile p",
            ),
        ] {
            assert_eq!(login_command(base, seat).as_deref(), Some(command));
        }
    }

    #[test]
    fn words_never_show_the_arguments_of_a_program() {
        let chain = Chain {
            base: Base::Process {
                profile: "p".into(),
                command: "/opt/bin/tool --password hunter2".into(),
            },
            roles: Vec::new(),
        };
        assert_eq!(words(&chain), "process tool");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[cfg(unix)]
        #[test]
        fn a_word_stays_one_word_in_a_shell(text in "[^\0]{0,24}") {
            let output = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {}", word(&text))])
                .output()
                .unwrap();
            prop_assert_eq!(output.stdout, text.into_bytes());
        }
    }
}
