//! The arguments of the commands that plan changes, and of those that apply them and take them back.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::LiveArgs;

/// How a plan is shown, kept, confirmed and applied.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Planning and applying")]
pub struct PlanArgs {
    /// Show what would be changed, and change nothing.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Save the plan for `zonecut apply`, and change nothing unless --confirm is given as well.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print the plan in the words of another tool, and change nothing: aws-cli, terraform, cdk, ticket.
    #[arg(long = "as", value_name = "TOOL", value_parser = ["aws-cli", "terraform", "cdk", "ticket"], conflicts_with = "confirm")]
    pub words_of: Option<String>,
    /// How it is confirmed.
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// Go on in spite of a check, for a reason that stays in the log. May be given more than once: where a check stops at
    /// several zones or names, each needs its own, as CHECK@NAME=REASON or CHECK@ZONE_ID=REASON.
    #[arg(long = "override", value_name = "CHECK[@NAME]=REASON", value_parser = check_and_reason)]
    pub overrides: Vec<(String, String)>,
    /// End with 3 where the plan changes something and was not applied.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// How a plan is confirmed.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Planning and applying")]
pub struct ConsentArgs {
    /// Apply it: the name that it is about, as the review asks for it.
    #[arg(long, value_name = "NAME", conflicts_with = "dry_run")]
    pub confirm: Option<String>,
    /// Write even where requests go to another endpoint than AWS's own, over HTTPS or on this machine.
    #[arg(long)]
    pub allow_endpoint_override: bool,
}

/// Reads `CHECK=REASON`.
fn check_and_reason(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((check, reason)) if !check.is_empty() && !reason.trim().is_empty() => {
            Ok((check.to_owned(), reason.to_owned()))
        }
        _ => Err(
            "a check and the reason for going on in spite of it, such as managed-by-code='agreed in #42'".to_owned(),
        ),
    }
}

/// `zonecut delegate`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Without CHILD, on a terminal: asks for everything, step by step.")]
pub struct DelegateArgs {
    /// The name to delegate.
    pub child: Option<String>,
    /// The zone to delegate from, by name or id [default: the closest one above that the internet uses].
    #[arg(long, value_name = "NAME|ID")]
    pub parent: Option<String>,
    /// Create the zone of the name in this account.
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "zone")]
    pub create_in: Option<String>,
    /// Give the new zone the name servers of this reusable delegation set of its account (see `zonecut sets`).
    #[arg(long, value_name = "ID", requires = "create_in")]
    pub delegation_set: Option<String>,
    /// The zone to delegate to, where several have the name.
    #[arg(long, value_name = "ID")]
    pub zone: Option<String>,
    /// The TTL of the NS record set, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = crate::plan::wish::FIRST_TTL, value_parser = clap::value_parser!(u32).range(1..=2_147_483_647))]
    pub ttl: u32,
    /// Copy the record sets that the delegation would hide into the new zone first.
    #[arg(long)]
    pub copy_hidden: bool,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut fix`.
#[derive(Debug, ClapArgs)]
pub struct FixArgs {
    /// The name that something is wrong with.
    pub name: String,
    /// The code of the finding [default: the worst that a change can mend].
    #[arg(value_name = "FINDING")]
    pub finding: Option<String>,
    /// Which way of mending it, where there are several; all are listed with the plan.
    #[arg(long, value_name = "WORD")]
    pub way: Option<String>,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut teardown`.
#[derive(Debug, ClapArgs)]
pub struct TeardownArgs {
    /// The name of the zone.
    pub name: String,
    /// The zone, where several have the name.
    #[arg(long, value_name = "ID")]
    pub zone: Option<String>,
    /// Do not wait until resolvers have forgotten the delegation before the zone is deleted.
    #[arg(long, requires = "reason")]
    pub now: bool,
    /// Why it is not waited for; it stays in the log.
    #[arg(long, value_name = "TEXT", requires = "now")]
    pub reason: Option<String>,
    /// Delete the record sets that the zone still holds, each of which the review lists.
    #[arg(long)]
    pub delete_records: bool,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut record`.
#[derive(Debug, ClapArgs)]
pub struct RecordArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: RecordAction,
}

/// What becomes of a record set.
#[derive(Debug, Subcommand)]
pub enum RecordAction {
    /// Create a record set that must not be there yet.
    Add(RecordSetArgs),
    /// Create a record set, or replace it where it is there.
    Set(RecordSetArgs),
    /// Delete a record set.
    Remove(RecordRemoveArgs),
}

/// `zonecut record add` and `zonecut record set`.
#[derive(Debug, ClapArgs)]
pub struct RecordSetArgs {
    /// The zone, by name or id.
    #[arg(value_name = "ZONE")]
    pub zone: String,
    /// The name of the record set, in full.
    pub name: String,
    /// Its type.
    #[arg(value_name = "TYPE")]
    pub record_type: String,
    /// Its values as Route 53 writes them, each one argument: '10 mail.example.com.', '"text"'.
    #[arg(value_name = "VALUE", required_unless_present = "alias")]
    pub values: Vec<String>,
    /// The TTL in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = crate::plan::wish::FIRST_TTL, value_parser = clap::value_parser!(u32).range(0..=2_147_483_647))]
    pub ttl: u32,
    /// Make it an alias of this name instead.
    #[arg(long, value_name = "TARGET", requires = "alias_zone", conflicts_with = "values")]
    pub alias: Option<String>,
    /// The hosted zone id of the alias's target.
    #[arg(long, value_name = "ID", requires = "alias")]
    pub alias_zone: Option<String>,
    /// Let the alias follow the health of its target.
    #[arg(long, requires = "alias")]
    pub evaluate_health: bool,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut record remove`.
#[derive(Debug, ClapArgs)]
pub struct RecordRemoveArgs {
    /// The zone, by name or id.
    #[arg(value_name = "ZONE")]
    pub zone: String,
    /// The name of the record set, in full.
    pub name: String,
    /// Its type.
    #[arg(value_name = "TYPE")]
    pub record_type: String,
    /// Its set identifier, where a routing policy makes several of one name and type.
    #[arg(long, value_name = "TEXT")]
    pub set_identifier: Option<String>,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut apply`.
#[derive(Debug, ClapArgs)]
pub struct ApplyArgs {
    /// A plan that was saved with --out.
    pub plan: PathBuf,
    /// How it is confirmed.
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// Apply it only if its hash begins so, as the review showed it: at least twelve digits.
    #[arg(long, value_name = "HASH")]
    pub plan_hash: Option<String>,
    /// Show it, and change nothing.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Print it in the words of another tool, and change nothing: aws-cli, terraform, cdk, ticket.
    #[arg(long = "as", value_name = "TOOL", value_parser = ["aws-cli", "terraform", "cdk", "ticket"], conflicts_with = "confirm")]
    pub words_of: Option<String>,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// `zonecut undo`.
#[derive(Debug, ClapArgs)]
pub struct UndoArgs {
    /// The change, by the first digits of its id [default: the latest that was not taken back].
    pub id: Option<String>,
    /// Do not wait until resolvers have forgotten what it brought before a zone is deleted.
    #[arg(long, requires = "reason")]
    pub now: bool,
    /// Why it is not waited for; it stays in the log.
    #[arg(long, value_name = "TEXT", requires = "now")]
    pub reason: Option<String>,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut resume`.
#[derive(Debug, ClapArgs)]
pub struct ResumeArgs {
    /// The change, by the first digits of its id.
    pub id: String,
    /// How it is confirmed.
    #[command(flatten)]
    pub consent: ConsentArgs,
    /// Show what is left of it, and change nothing.
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Give it up: note that nobody will go on with it, and why. What was made of it stays as it is.
    #[arg(long, value_name = "REASON", conflicts_with_all = ["dry_run", "confirm"])]
    pub give_up: Option<String>,
    /// How name servers are asked.
    #[command(flatten)]
    pub live: LiveArgs,
}

/// `zonecut log`.
#[derive(Debug, ClapArgs)]
pub struct LogArgs {
    /// Only this change, in full, by the first digits of its id.
    pub id: Option<String>,
    /// Check that no line of the log was changed or taken out.
    #[arg(long, conflicts_with = "id")]
    pub verify: bool,
}

/// `zonecut request`.
#[derive(Debug, ClapArgs)]
pub struct RequestArgs {
    /// The name to be delegated; one of the accounts has its zone.
    pub child: String,
    /// The zone, where several have the name.
    #[arg(long, value_name = "ID")]
    pub zone: Option<String>,
}

/// `zonecut accept`.
#[derive(Debug, ClapArgs)]
pub struct AcceptArgs {
    /// The request, or any text that holds it; `-` is stdin.
    pub file: PathBuf,
    /// The zone to delegate from, by name or id [default: the closest one above that the internet uses].
    #[arg(long, value_name = "NAME|ID")]
    pub parent: Option<String>,
    /// The TTL of the NS record set, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = crate::plan::wish::FIRST_TTL, value_parser = clap::value_parser!(u32).range(1..=2_147_483_647))]
    pub ttl: u32,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut sets`.
#[derive(Debug, ClapArgs)]
pub struct SetsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub action: SetsAction,
}

/// What to do with reusable delegation sets.
#[derive(Debug, Subcommand)]
pub enum SetsAction {
    /// List those of all accounts.
    List,
    /// Make one, so that name servers are known before a zone is created.
    Create(SetsCreateArgs),
    /// Delete one that no zone has.
    Delete(SetsDeleteArgs),
}

/// `zonecut sets create`.
#[derive(Debug, ClapArgs)]
pub struct SetsCreateArgs {
    /// The account, by name or id.
    #[arg(value_name = "ACCOUNT")]
    pub in_account: String,
    /// Make the delegation set of this zone reusable, instead of a new one.
    #[arg(long, value_name = "ID")]
    pub zone: Option<String>,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// `zonecut sets delete`.
#[derive(Debug, ClapArgs)]
pub struct SetsDeleteArgs {
    /// The account, by name or id.
    #[arg(value_name = "ACCOUNT")]
    pub in_account: String,
    /// The id of the delegation set.
    pub id: String,
    /// How it is planned.
    #[command(flatten)]
    pub plan: PlanArgs,
}
