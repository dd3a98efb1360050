//! `zonecut iam-policy`: the least that IAM must grant.

use color_eyre::eyre::Report;

use crate::aws::{Partition, read_policy};
use crate::config::Glyphs;

use super::args::{Global, IamPolicyArgs};
use super::exit::Exit;
use super::output::Output;

/// Prints the policy for reading.
pub fn run(args: &IamPolicyArgs, global: &Global) -> Result<Exit, Report> {
    let partitions = [Partition::Aws, Partition::GovCloud, Partition::China];
    let named = partitions
        .into_iter()
        .find(|partition| partition.word() == args.partition);
    let policy = read_policy(named.unwrap_or_default());
    Output::open(global, Glyphs::Auto)?.print(&format!("{}\n", policy.trim_end()))?;
    Ok(Exit::Done)
}
