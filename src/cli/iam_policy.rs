//! `zonecut iam-policy`: the least that IAM must grant.

use color_eyre::eyre::Report;

use crate::aws::{Partition, read_policy};
use crate::config::Glyphs;
use crate::model::text::printable;
use crate::model::zone::ZoneId;
use crate::report::iam::delegator_policy;

use super::args::{Global, IamPolicyArgs};
use super::check::read_name;
use super::exit::{Exit, Stop};
use super::output::Output;

/// Prints the policy for reading, or that for delegating one name.
pub fn run(args: &IamPolicyArgs, global: &Global) -> Result<Exit, Report> {
    let partitions = [Partition::Aws, Partition::GovCloud, Partition::China];
    let named = partitions
        .into_iter()
        .find(|partition| partition.word() == args.partition);
    let partition = named.unwrap_or_default();
    let policy = match args.write.as_deref() {
        None => read_policy(partition),
        Some(words) => write_policy(partition, words)?,
    };
    Output::open(global, Glyphs::Auto)?.print(&format!("{}\n", policy.trim_end()))?;
    Ok(Exit::Done)
}

fn write_policy(partition: Partition, words: &[String]) -> Result<String, Stop> {
    let [zone, name] = words else {
        return Err(Stop::usage(
            "--write takes the id of the parent zone and the name to delegate",
        ));
    };
    let id = ZoneId::read(zone).ok_or_else(|| {
        Stop::usage(format!("{} is not the id of a hosted zone", printable(zone)))
            .next("zonecut zone NAME prints the id of a zone")
    })?;
    let name = read_name(name)?;
    if name.is_wildcard() {
        return Err(Stop::usage(format!(
            "Route 53 takes no NS record set at a wildcard, so {name} is delegated by nobody"
        )));
    }
    Ok(delegator_policy(partition.word(), &id, &name))
}
