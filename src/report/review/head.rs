//! What stands first and last: what the plan is for, and what tells it from others.

use super::{Line, Role, Setting};
use crate::plan::file::hash;
use crate::plan::{Goal, Plan};

/// What it is for.
pub(super) fn title(plan: &Plan) -> Vec<Line> {
    vec![Line::bare(Role::Title, sentence(plan)), Line::gap()]
}

/// What a plan is for, in a sentence without its full stop.
pub fn sentence(plan: &Plan) -> String {
    let subject = &plan.subject;
    match &plan.goal {
        Goal::Delegate => format!("Delegate {subject}"),
        Goal::Repair { finding } => format!("Mend {} at {subject}", crate::model::text::printable(finding)),
        Goal::Teardown => format!("Take out {subject}: its delegation, then its zone"),
        Goal::Records => format!("Change record sets of {subject}"),
        Goal::DelegationSet => "Change the reusable delegation sets of an account".to_owned(),
        Goal::Undo { of, .. } => format!("Take back change {} of {subject}", of.short()),
    }
}

/// The equal command, the hash, and until when it holds.
pub(super) fn foot(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(command) = setting.same_as {
        lines.push(Line::new(Role::SameAs, "SAME AS", setting.prose(command)));
    }
    let text = format!("{}  change {}", hash(plan).short(), plan.id.short());
    lines.push(Line::new(Role::Hash, "HASH", text));
    let until = setting.clock(plan.expires);
    let text = match plan.is_expired(setting.now) {
        true => format!("at {until}: it is too old to be applied; make it anew"),
        false => format!("at {until}; after that it must be made anew"),
    };
    lines.push(Line::new(Role::Expires, "EXPIRES", text));
    lines
}
