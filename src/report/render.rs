//! A plan in the words of other tools, to be used instead of applying it: the aws CLI, Terraform and OpenTofu, CDK, a ticket.
//!
//! Invariant: every text is printable ASCII apart from the ticket, and text from outside is quoted by the rules of the tool it is for.

mod aws_cli;
mod cdk;
mod hcl;
mod names;
#[cfg(test)]
mod tests;
mod ticket;

pub use aws_cli::aws_cli;
pub use cdk::cdk;
pub use hcl::{hcl, record_set};
pub use ticket::ticket;

use crate::plan::Plan;
use crate::plan::step::Step;

/// The words that name these texts, and what each is.
pub const RENDERINGS: [(&str, &str); 4] = [
    ("aws-cli", "a shell script of aws commands"),
    ("terraform", "resources for Terraform and OpenTofu"),
    ("cdk", "constructs for the AWS CDK, in TypeScript"),
    ("ticket", "the review as Markdown, for whoever must agree"),
];

/// The text that a word of [`RENDERINGS`] names; the ticket needs a review, see [`ticket`].
pub fn of_word(word: &str, plan: &Plan) -> Option<String> {
    match word {
        "aws-cli" => Some(aws_cli(plan)),
        "terraform" => Some(hcl(plan)),
        "cdk" => Some(cdk(plan)),
        _ => None,
    }
}

/// Who a step is for, as a comment says it.
fn whose(plan: &Plan, step: &Step) -> Option<String> {
    let party = plan.party(step.party()?)?;
    let name = crate::model::text::printable_ascii(party.name.expose());
    Some(format!("account {name} {}", party.id))
}
