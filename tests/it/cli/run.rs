//! Runs the program in a place of its own: an empty home, no variables but those given, loopback alone.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A home directory with nothing in it, and a current directory of its own.
pub struct Place {
    home: TempDir,
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(home.path().join("cwd")).expect("a directory");
        Self { home }
    }

    pub fn path(&self) -> &Path {
        self.home.path()
    }

    pub fn write(&self, file: &str, text: &str) -> String {
        let path = self.path().join(file);
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).expect("a directory");
        }
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    /// The variables of every run.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let home = self.path().display().to_string();
        vec![
            ("HOME", home.clone()),
            ("XDG_RUNTIME_DIR", home.clone()),
            ("TMPDIR", home),
            ("TZ", "UTC".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            // Whatever a mistake may be, it must not reach the internet.
            ("ZONECUT_TEST", "1".to_owned()),
            // Most stories are about what the accounts say; those about name servers ask for them.
            ("ZONECUT_LIVE", "false".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// The program with these arguments, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zonecut"));
        command
            .args(args)
            .env_clear()
            .envs(self.variables())
            .current_dir(self.path().join("cwd"))
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("the program starts"))
    }

    pub fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(args);
        command.envs(variables.iter().copied());
        Ran::of(command.output().expect("the program starts"))
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A small organisation: one parent, a zone it delegates to, one it does not, and an account that is denied.
pub const SMALL: &str = r#"
name = "small"

[[account]]
id = "111122223333"
name = "hub"
env = "prod"

[[account.zone]]
name = "example.com"
records = ["www 300 A 192.0.2.1"]

[[account]]
id = "444455556666"
name = "team"

[[account.zone]]
name = "ok.example.com"

[[account.zone]]
name = "lost.example.com"
delegate = false
records = ["www 300 A 192.0.2.2"]
"#;

/// The same, with an account that cannot be read.
pub fn small_with(fault: &str) -> String {
    format!(
        "{SMALL}\n[[account]]\nid = \"777788889999\"\nname = \"other\"\nfault = {{ {fault} }}\n[[account.zone]]\nname = \"other.example\"\n"
    )
}
