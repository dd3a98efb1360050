//! The arguments. Each subcommand's own are here, so that the whole surface can be read in one place.

mod change;

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::builder::TypedValueParser as _;
use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;

pub use change::{
    AcceptArgs, ApplyArgs, ConsentArgs, DelegateArgs, FixArgs, LogArgs, PlanArgs, RecordAction, RecordArgs,
    RecordRemoveArgs, RecordSetArgs, RequestArgs, ResumeArgs, SetsAction, SetsArgs, SetsCreateArgs, SetsDeleteArgs,
    TeardownArgs, UndoArgs,
};

use super::resolvers::Named;
use crate::config::{Age, FailOn, Glyphs};

/// Shows every Route 53 hosted zone of every AWS account as one DNS tree, and marks each broken or missing delegation.
///
/// Without a command it opens the terminal program. Nothing is changed in AWS before a plan was shown and confirmed.
#[derive(Debug, Parser)]
#[command(
    name = "zonecut",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Try it without an AWS account: zonecut demo\nFirst steps with AWS: zonecut config init"
)]
pub struct Args {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Explore a built-in organisation; no AWS account needed.
    Demo(DemoArgs),
    /// Read everything anew, keep it in the cache, and print a summary.
    Scan,
    /// Print the zones and delegations of all accounts as one DNS tree.
    Tree(TreeArgs),
    /// Print what is wrong; the exit code says whether anything is.
    Check(CheckArgs),
    /// Print one zone: both sides of its delegation, what is wrong with it, its record sets.
    Zone(ZoneArgs),
    /// Follow a name from the root to its answer: who owns each step, and the first that is broken.
    Trace(TraceArgs),
    /// Print who owns each cut on the way to a name.
    Who(WhoArgs),
    /// Wait until every server says what it should, and end with 0; with 7 where that is not before --timeout.
    Verify(VerifyArgs),
    /// Delegate a name: to a zone that is there, or to one that is created, in whichever account.
    Delegate(DelegateArgs),
    /// Mend what is wrong with a name.
    Fix(FixArgs),
    /// Take out a delegation, wait until it is forgotten, then delete its zone.
    Teardown(TeardownArgs),
    /// Create, change or delete a record set.
    Record(RecordArgs),
    /// Apply a plan that was saved with --out, if nothing has changed since.
    Apply(ApplyArgs),
    /// Take back a change.
    Undo(UndoArgs),
    /// Go on with a change that was interrupted.
    Resume(ResumeArgs),
    /// Print what was changed with zonecut on this machine.
    Log(LogArgs),
    /// Write a request to delegate a name, for the owner of the zone above.
    Request(RequestArgs),
    /// Delegate what a request asks for, after asking the name servers it names.
    Accept(AcceptArgs),
    /// List, make and delete reusable delegation sets.
    Sets(SetsArgs),
    /// Explain a finding, an exit code or a word (offline).
    Explain(ExplainArgs),
    /// Print which logins work, and the exact command for those that do not.
    Accounts,
    /// Print the IAM policy that zonecut needs.
    IamPolicy(IamPolicyArgs),
    /// Show or write the configuration.
    Config(ConfigArgs),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
    /// Write the manual pages, or print the one of zonecut.
    Man(ManArgs),
    /// Print the help of a command, or the keys of the terminal program (`help keys`).
    #[command(name = "help")]
    Help(HelpArgs),
}

/// What holds for every command.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Options for every command")]
pub struct Global {
    /// Only these accounts: names or ids of the configuration.
    #[arg(long, global = true, value_name = "NAME|ID", value_delimiter = ',')]
    pub account: Vec<String>,
    /// Read these profiles of ~/.aws/config instead of the configured accounts.
    #[arg(long, global = true, value_name = "PROFILE", value_delimiter = ',')]
    pub profile: Vec<String>,
    /// Read this configuration instead of the platform's.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The built-in demo organisation instead of AWS; or that of a file.
    #[arg(long, global = true, value_name = "WORLD", num_args = 0..=1, require_equals = true)]
    pub demo: Option<Option<PathBuf>>,
    /// How the result is written: text, json, plain, csv, md, sarif, junit.
    #[arg(short = 'F', long, global = true, value_name = "FORMAT", conflicts_with_all = ["json", "plain"])]
    pub format: Option<String>,
    /// The same as --format json.
    #[arg(long, global = true, conflicts_with = "plain")]
    pub json: bool,
    /// The same as --format plain: one record a line, separated by tabs.
    #[arg(long, global = true)]
    pub plain: bool,
    /// Leave CSV cells that look like formulas as they are.
    #[arg(long, global = true)]
    pub csv_raw: bool,
    /// Write the result to a file, all of it or nothing; `-` is stdout.
    #[arg(short = 'o', long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Use colours: auto, always, never.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// The same as --color never.
    #[arg(long, global = true)]
    pub no_color: bool,
    /// The characters for lines and marks: auto, unicode, ascii.
    #[arg(long, global = true, value_name = "SET", value_parser = word::<Glyphs>(Glyphs::ALL.iter().map(|g| g.word())))]
    pub glyphs: Option<Glyphs>,
    /// Print no progress and no hints.
    #[arg(short = 'q', long, global = true)]
    pub quiet: bool,
    /// Tell more; twice: into the log as well.
    #[arg(short = 'v', long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Never ask for anything.
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Give up an account after this long; what is missing then is unknown. Units: s, m, h, d.
    #[arg(long, global = true, value_name = "TIME")]
    pub timeout: Option<Age>,
    /// Do not show what the cache holds and is older.
    #[arg(long, global = true, value_name = "TIME")]
    pub max_age: Option<Age>,
    /// Show what the cache holds, and send nothing.
    #[arg(long, global = true, conflicts_with = "refresh")]
    pub offline: bool,
    /// Ignore what the cache holds.
    #[arg(long, global = true)]
    pub refresh: bool,
    /// Refuse every change, whatever the configuration allows.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Open the terminal program with writing unlocked; everything is still reviewed and confirmed.
    #[arg(long, conflicts_with = "read_only")]
    pub write: bool,
    /// Let the terminal program write even where requests go to another endpoint than AWS's own, over HTTPS or on this machine.
    #[arg(long)]
    pub allow_endpoint_override: bool,
    /// Hide account names and ids, ARNs, zone ids and IP addresses in whatever is written.
    #[arg(long, global = true)]
    pub privacy: bool,
    /// For screen readers: no full-screen program, progress as lines of text.
    #[arg(long, global = true, env = "ZONECUT_ACCESSIBLE", value_parser = clap::builder::FalseyValueParser::new(), hide_env = true)]
    pub accessible: bool,
    /// Write a log, without secrets and record data, to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        })
    }
}

/// A parser for a closed set of words of the configuration.
fn word<T>(words: impl Iterator<Item = &'static str>) -> impl clap::builder::TypedValueParser<Value = T>
where
    T: std::str::FromStr<Err = crate::config::BadWord> + Clone + Send + Sync + 'static,
{
    clap::builder::PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

/// `zonecut demo`.
#[derive(Debug, ClapArgs)]
pub struct DemoArgs {
    /// Let the terminal program change things from the start.
    #[arg(long, conflicts_with = "serve")]
    pub write: bool,
    /// Keep the demo organisation running as an endpoint, and print the environment that leads other programs to it.
    #[arg(long)]
    pub serve: bool,
    /// The port of Route 53 and STS; any free one where not given.
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "serve")]
    pub port: u16,
    /// The port of the DNS resolver; any free one where not given.
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "serve")]
    pub dns_port: u16,
    /// Open a door beside the API through which tests inject faults, read counters and advance the clock.
    #[arg(long, hide = true, requires = "serve")]
    pub control: bool,
}

/// `zonecut tree`.
#[derive(Debug, ClapArgs)]
pub struct TreeArgs {
    /// Only what is at or below this name.
    pub name: Option<String>,
}

/// `zonecut check`.
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// Only what is at or below these names; no servers are asked of what is neither that nor above it.
    pub names: Vec<String>,
    /// End with 3 where a finding is at least this grave: critical, error, warning, notice, info, none [default: error].
    #[arg(long, value_name = "SEVERITY", value_parser = word::<FailOn>(FailOn::ALL.iter().map(|f| f.word())), hide_possible_values = true)]
    pub fail_on: Option<FailOn>,
    /// Leave out the findings that this file lists: one written by --write-baseline, or any `check --json`.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to a file, to be named with --baseline later.
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Ask for every zone's delegation set: one request more for each public zone.
    #[arg(long)]
    pub audit: bool,
    /// Keep all that was read and heard in a file, to be replayed: names, record sets, answers; no credentials.
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub record: Option<PathBuf>,
    /// Judge what a file written by --record holds, instead of reading accounts and asking servers.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["audit", "no_live", "allow_private_dns", "roots", "dns_port"])]
    pub replay: Option<PathBuf>,
    /// Do not ask name servers: what the accounts say is all.
    #[arg(long, help_heading = "Asking name servers")]
    pub no_live: bool,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// How name servers are asked.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Asking name servers")]
pub struct LiveArgs {
    /// Ask these networks too, although they are private or set aside otherwise.
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    pub allow_private_dns: Vec<ipnet::IpNet>,
    /// Begin at the root servers that this hints file names.
    #[arg(long, value_name = "FILE")]
    pub roots: Option<PathBuf>,
    /// The port of all name servers [default: 53].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub dns_port: Option<u16>,
}

/// `zonecut zone`.
#[derive(Debug, ClapArgs)]
pub struct ZoneArgs {
    /// The name or the id of a hosted zone.
    #[arg(value_name = "NAME|ID")]
    pub zone: String,
}

/// `zonecut trace`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes: 0 it resolves and nothing on the way is wrong; 3 a step is broken or degraded, or there is no such\nrecord; 4 it cannot be told from here. Accounts that could not be read leave owners unknown, and change no exit code."
)]
pub struct TraceArgs {
    /// The name.
    pub name: String,
    /// The record type [default: A].
    #[arg(value_name = "TYPE")]
    pub record_type: Option<String>,
    /// Begin at the root, or at the closest zone that is held above the name.
    #[arg(long, value_name = "WHERE", default_value = "root")]
    pub from: From,
    /// Ask this resolver too: an address, `system`, or an https:// URL. May be given more than once.
    #[arg(long, value_name = "IP|system|URL", value_delimiter = ',')]
    pub resolver: Vec<Named>,
    /// Trace again every 5 seconds, or every so many, until Ctrl-C.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "5")]
    pub repeat: Option<NonZeroU64>,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// `zonecut who`.
#[derive(Debug, ClapArgs)]
pub struct WhoArgs {
    /// The name.
    pub name: String,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// `zonecut verify`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Asks every 5 seconds for 15 minutes, or as long as --timeout says. Exit codes: 0 all is well; 7 not before the time was\nup; 4 it cannot be told from here."
)]
pub struct VerifyArgs {
    /// The name: a zone, or a name in one.
    pub name: String,
    /// The record type [default: SOA where a zone begins, else A].
    #[arg(value_name = "TYPE")]
    pub record_type: Option<String>,
    /// What is waited for: every server on the way answers as it should.
    #[arg(long, value_name = "STATE", default_value = "ok")]
    pub until: Until,
    /// This resolver has to say so too: an address, `system`, or an https:// URL. May be given more than once.
    #[arg(long, value_name = "IP|system|URL", value_delimiter = ',')]
    pub resolver: Vec<Named>,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// What `verify` waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Until {
    /// Every server on the way answers as it should.
    #[default]
    Ok,
}

/// Where a trace begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum From {
    /// At the root.
    #[default]
    Root,
    /// At the closest zone that is held above the name.
    Parent,
}

/// `zonecut explain`.
#[derive(Debug, ClapArgs)]
pub struct ExplainArgs {
    /// The code of a finding, or a topic; all are listed where none is given.
    #[arg(value_name = "CODE|TOPIC")]
    pub topic: Option<String>,
}

/// `zonecut iam-policy`.
#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("policy").required(true).args(["read", "write"]))]
pub struct IamPolicyArgs {
    /// The policy for reading an account.
    #[arg(long)]
    pub read: bool,
    /// The policy for delegating one name from a zone: its NS and DS record sets, to be created and deleted only.
    #[arg(long, num_args = 2, value_names = ["ZONE_ID", "NAME"])]
    pub write: Option<Vec<String>>,
    /// The partition: aws, aws-us-gov, aws-cn.
    #[arg(long, value_name = "PARTITION", default_value = "aws", value_parser = ["aws", "aws-us-gov", "aws-cn"])]
    pub partition: String,
}

/// `zonecut config`.
#[derive(Debug, ClapArgs)]
pub struct ConfigArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Write a configuration with the accounts found in ~/.aws/config.
    Init(InitArgs),
    /// Print the configuration that holds: file, variables and flags.
    Show,
    /// Print where the configuration is read from.
    Path,
    /// Print the JSON Schema of the configuration.
    Schema,
}

/// `zonecut config init`.
#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// Replace a configuration that is there; it is kept beside the new one.
    #[arg(long)]
    pub replace: bool,
}

/// `zonecut completions`.
#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

/// `zonecut man`.
#[derive(Debug, ClapArgs)]
pub struct ManArgs {
    /// Write a page for each command into this directory.
    pub dir: Option<PathBuf>,
}

/// `zonecut help`.
#[derive(Debug, ClapArgs)]
pub struct HelpArgs {
    /// `keys` for those of the terminal program, or a command.
    #[arg(value_name = "keys|COMMAND")]
    pub topic: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_contradict_nothing() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_world_of_ones_own_is_named_with_an_equals_sign() {
        let args = Args::try_parse_from(["zonecut", "--demo", "check", "example.com"]).expect("valid");
        assert_eq!(args.global.demo, Some(None));
        let args = Args::try_parse_from(["zonecut", "check", "--demo=w.toml"]).expect("valid");
        assert_eq!(args.global.demo, Some(Some("w.toml".into())));
    }

    #[test]
    fn several_accounts_may_be_given_with_commas() {
        let args = Args::try_parse_from(["zonecut", "tree", "--account", "a,b", "--account=c"]).expect("valid");
        assert_eq!(args.global.account, ["a", "b", "c"]);
    }
}
