//! What a person configured, checked: file → defaults → `ZONECUT_*` variables → [`Config`].
//!
//! Parsing is pure and is handed the text and the variables; only [`load`] reads files, and never from the current directory.

mod account;
mod age;
mod check;
mod dns;
mod environment;
mod error;
pub mod init;
mod leave;
pub mod load;
mod overrides;
mod raw;
mod role;
mod words;

use std::time::Duration;

use jiff::civil::Date;

pub use account::{Access, AccountConfig, Secret, StaticKeys};
pub use age::{Age, BadAge};
pub use check::parse;
pub use dns::{BadResolver, Dns, Resolver};
pub use environment::{classify, is_production_name};
pub use error::ConfigError;
pub use leave::{Asked, Overridden, WriteCap, read_only};
pub use overrides::OVERRIDES;
pub use role::{BadRoleArn, RoleArn};
pub use words::{BadWord, FailOn, Glyphs, Ipv6Use, StartView, Theme};

/// The JSON Schema of the file, for `zonecut config schema` and for editors.
pub const SCHEMA: &str = include_str!("../assets/config.schema.json");
/// The example file: every key with its default.
pub const EXAMPLE: &str = include_str!("../config.example.toml");

/// Everything that can be configured.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Whether nothing may be written at all; an account's own key wins.
    pub read_only: bool,
    /// The accounts, in the order of the file: an account's place is its `AccountIx`.
    pub accounts: Vec<AccountConfig>,
    /// How fast and how long accounts are read.
    pub scan: Scan,
    /// How name servers are asked.
    pub dns: Dns,
    /// What is kept between runs.
    pub cache: Cache,
    /// The terminal program.
    pub ui: Ui,
    /// `zonecut check`.
    pub check: Check,
    /// Findings that somebody accepted.
    pub ignore: Vec<Ignore>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            read_only: true,
            accounts: Vec::new(),
            scan: Scan::default(),
            dns: Dns::default(),
            cache: Cache::default(),
            ui: Ui::default(),
            check: Check::default(),
            ignore: Vec::new(),
        }
    }
}

/// How fast and how long each account is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Requests a second and account; AWS allows 10, shared with the console and every other tool.
    pub rps: f64,
    /// Requests that may go out at once before `rps` holds; AWS allows 50.
    pub burst: u32,
    /// Requests of one account that are on their way at the same time.
    pub in_flight: u32,
    /// After how long an account is given up, and is partial.
    pub deadline: Duration,
    /// After how long one request is given up.
    pub request_timeout: Duration,
    /// After how long one connection attempt is given up.
    pub connect_timeout: Duration,
    /// After how long the program of a `credential_process` is ended.
    pub process_timeout: Duration,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            rps: 8.0,
            burst: 40,
            in_flight: 8,
            deadline: Duration::from_secs(30 * 60),
            request_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(3),
            process_timeout: Duration::from_secs(30),
        }
    }
}

/// What is kept between runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cache {
    /// Whether what was read is kept, and shown at the next start.
    pub enabled: bool,
    /// What is older is not shown.
    pub max_age: Duration,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            enabled: true,
            max_age: Duration::from_secs(7 * 24 * 60 * 60),
        }
    }
}

/// The terminal program.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ui {
    /// The colours.
    pub theme: Theme,
    /// The characters that draw the tree and the marks.
    pub glyphs: Glyphs,
    /// The first screen.
    pub start_view: StartView,
    /// Whether the mouse is captured.
    pub mouse: bool,
    /// Whether what is on screen is read again by itself.
    pub auto_refresh: bool,
}

/// `zonecut check`.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// From which severity on the exit code is 3.
    pub fail_on: FailOn,
}

impl Default for Check {
    fn default() -> Self {
        Self { fail_on: FailOn::Error }
    }
}

/// A finding that somebody accepted, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The code of the finding.
    pub code: String,
    /// The name it is found at; none for every name.
    pub name: Option<crate::model::name::DnsName>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is ignored; none for ever.
    pub until: Option<Date>,
}

impl Ignore {
    /// Whether this still holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}
