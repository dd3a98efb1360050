//! Runs the `credential_process` of a profile: a few at a time, for a limited time, and without reading what it complains.
//!
//! Invariants: neither its arguments nor its output reach a message or a log; when the time is up, it and what it started end.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result as CredentialsResult, future};
use jiff::Timestamp;
use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::method::program;

/// The most octets of an answer.
const MAX_ANSWER: u64 = 64 * 1024;

/// A program that gives credentials.
#[derive(Clone)]
pub(super) struct Process {
    pub command: String,
    pub patience: Duration,
    /// How many such programs may run at once.
    pub turns: Arc<Semaphore>,
}

/// The arguments may hold secrets.
impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Process").field(&program(&self.command)).finish()
    }
}

/// Why it gave no credentials.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoCredentials {
    #[error("credential_process {0} could not be started: {1}")]
    NotStarted(String, std::io::ErrorKind),
    #[error(
        "credential_process {0} gave no answer within {1:?} and was ended: it may wait for somebody; [scan] process_timeout gives it longer"
    )]
    TooSlow(String, Duration),
    #[error("credential_process {0} ended with {1}")]
    Failed(String, std::process::ExitStatus),
    #[error("credential_process {0} gave an answer that is not the JSON of credentials")]
    NotUnderstood(String),
}

impl ProvideCredentials for Process {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

impl Process {
    async fn credentials(&self) -> CredentialsResult {
        let _turn = self.turns.acquire().await.map_err(CredentialsError::unhandled)?;
        self.run().await.map_err(CredentialsError::provider_error)
    }

    async fn run(&self) -> Result<Credentials, NoCredentials> {
        let name = program(&self.command).to_owned();
        let spawned = shell(&self.command).spawn();
        let mut running = Running(spawned.map_err(|error| NoCredentials::NotStarted(name.clone(), error.kind()))?);
        let ended = tokio::time::timeout(self.patience, running.answer()).await;
        drop(running);
        let Ok(ended) = ended else {
            return Err(NoCredentials::TooSlow(name, self.patience));
        };
        match ended {
            Ok((status, _)) if !status.success() => Err(NoCredentials::Failed(name, status)),
            Ok((_, answer)) => parse(&answer).ok_or(NoCredentials::NotUnderstood(name)),
            Err(_) => Err(NoCredentials::NotUnderstood(name)),
        }
    }
}

/// A program that is running. When this is dropped, it ends, with all that it started where the system knows groups.
struct Running(Child);

impl Running {
    async fn answer(&mut self) -> std::io::Result<(std::process::ExitStatus, Vec<u8>)> {
        let mut answer = Vec::new();
        if let Some(output) = self.0.stdout.take() {
            output.take(MAX_ANSWER).read_to_end(&mut answer).await?;
        }
        Ok((self.0.wait().await?, answer))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once it was waited for it has no id any more, and its number may be another's.
        #[cfg(unix)]
        if let Some(group) = self
            .0
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?))
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.start_kill();
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]).process_group(0);
    quiet(command)
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd.exe");
    command.arg("/C").raw_arg(format!("\"{line}\""));
    quiet(command)
}

/// It must not write to the screen, nor wait for keys.
fn quiet(mut command: Command) -> Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
fn parse(answer: &[u8]) -> Option<Credentials> {
    let Ok(Value::Object(answer)) = serde_json::from_slice::<Value>(answer) else {
        return None;
    };
    let field = |name: &str| {
        answer
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    };
    let text = |name: &str| field(name).and_then(Value::as_str).map(str::to_owned);
    if field("Version").and_then(Value::as_u64) != Some(1) {
        return None;
    }
    let expires = match text("Expiration") {
        Some(text) => Some(SystemTime::from(text.parse::<Timestamp>().ok()?)),
        None => None,
    };
    Some(Credentials::new(
        text("AccessKeyId")?,
        text("SecretAccessKey")?,
        text("SessionToken").filter(|token| !token.is_empty()),
        expires,
        "credential_process",
    ))
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use super::super::error::innermost;
    use super::*;

    fn process(command: &str, patience: Duration) -> Process {
        Process {
            command: command.into(),
            patience,
            turns: Arc::new(Semaphore::new(2)),
        }
    }

    async fn refusal(command: &str, patience: Duration) -> String {
        innermost(
            &process(command, patience)
                .credentials()
                .await
                .expect_err("no credentials"),
        )
    }

    const LONG: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn the_answer_becomes_credentials() {
        let command = r#"echo '{"Version":1,"AccessKeyId":"A","secretaccesskey":"S","SessionToken":"T","Expiration":"2030-01-01T00:00:00Z"}'"#;
        let credentials = process(command, LONG).credentials().await.unwrap();
        assert_eq!(credentials.access_key_id(), "A");
        assert_eq!(credentials.session_token(), Some("T"));
        assert!(credentials.expiry().is_some());
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended() {
        let since = Instant::now();
        let refusal = refusal("sleep 600", Duration::from_millis(200)).await;
        assert!(refusal.contains("no answer within"), "{refusal}");
        assert!(since.elapsed() < Duration::from_secs(60));
    }

    #[tokio::test]
    async fn what_it_started_ends_with_it() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let command = format!("exec 3>{}; sleep 600 & echo started >&3; wait", pipe.display());
        let process = process(&command, LONG);
        let running = tokio::spawn(async move { process.credentials().await });
        let (said, end) = tokio::sync::oneshot::channel();
        let reader = tokio::task::spawn_blocking(move || {
            use std::io::{BufRead as _, Read as _};
            let mut pipe = std::io::BufReader::new(std::fs::File::open(pipe).unwrap());
            let mut line = String::new();
            pipe.read_line(&mut line).unwrap();
            said.send(line).unwrap();
            // The end of the pipe comes when the last of those that hold it has ended.
            pipe.read_to_string(&mut String::new()).unwrap()
        });
        assert_eq!(end.await.unwrap(), "started\n");
        running.abort();
        let ended = tokio::time::timeout(LONG, reader).await;
        assert_eq!(ended.expect("nobody holds the pipe any more").unwrap(), 0);
    }

    #[tokio::test]
    async fn what_it_says_is_never_repeated() {
        for command in [
            "echo hunter2 >&2; exit 7",
            "echo hunter2; exit 7",
            "echo hunter2",
            "echo '{\"Version\":1,\"AccessKeyId\":\"hunter2\"}'",
            "echo '{\"Version\":2,\"AccessKeyId\":\"hunter2\",\"SecretAccessKey\":\"hunter2\"}'",
            "cat /dev/zero",
        ] {
            let refusal = refusal(command, LONG).await;
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
        assert!(!format!("{:?}", process("tool --token hunter2", LONG)).contains("hunter2"));
    }

    #[tokio::test]
    async fn an_exit_code_is_named() {
        assert!(refusal("exit 7", LONG).await.contains('7'));
    }
}
