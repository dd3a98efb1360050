//! What a cut comes to, in one word.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Severity};
use crate::findings::signed::Signed;
use crate::findings::status::Status;
use crate::model::cut::Coverage;
use crate::model::inventory::ZoneIx;
use crate::model::served::Outlook;

/// What a cut comes to: its cause's status, or what its two sides say where nothing is wrong.
pub(super) fn status(context: &Context<'_>, findings: &[Finding]) -> Status {
    let speaks = |f: &&Finding| !f.rule.topic.stands_apart() && f.severity > Severity::Info;
    let own = match findings.iter().find(speaks) {
        Some(cause) => cause.status(),
        None => plain_status(context),
    };
    let is_cut_off = context.cut.broken_above.is_some() && context.cut.beyond.is_none();
    if is_cut_off && own.yields_to_a_broken_cut() {
        return Status::CutOff;
    }
    own
}

fn plain_status(context: &Context<'_>) -> Status {
    let cut = context.cut;
    if let Some(status) = unread_status(context) {
        return status;
    }
    let is_seen = context.is_seen_delegated();
    if (cut.beyond.is_some() || cut.known == Coverage::NoParent) && !is_seen {
        return Status::Unverified;
    }
    let is_judged = context.signed.as_ref().is_some_and(Signed::is_judged);
    if cut.has_ds() && !is_judged && !signing_is_read(context) {
        return Status::Unknown;
    }
    let is_settled = is_seen || (cut.known != Coverage::Lacking && cut.is_held_by_all_parents());
    // What only the servers above say is believed where the servers below say that they serve the zone.
    let is_confirmed = cut.delegation.is_some() || context.outlook() == Outlook::Serving;
    let is_delegated = cut.delegation.is_some() || cut.referral.is_some();
    match is_delegated && is_settled && is_confirmed {
        true if cut.children.is_empty() => Status::External,
        true if !cut.served.is_empty() => Status::Ok,
        _ => Status::Unknown,
    }
}

/// Whether the signing of both sides is known, as far as both are held: a DS can be judged only by it.
fn signing_is_read(context: &Context<'_>) -> bool {
    let cut = context.cut;
    let ds = cut.ds_of_parent().map(|ds| ds.zone);
    let is_read = |zone: ZoneIx| context.signing(zone).is_some();
    cut.children.is_empty() || ds.into_iter().chain(cut.compared().iter().copied()).all(is_read)
}

/// The status of a cut whose zones were not all read.
fn unread_status(context: &Context<'_>) -> Option<Status> {
    let mut worst = None;
    for zone in &context.cut.children {
        let status = match context.zone(*zone).and_then(|entry| entry.records.as_ref()) {
            None => Status::Unknown,
            Some(held) if held.value().is_none() => Status::NoAccess,
            Some(held) if held.problem().is_some() => Status::Partial,
            Some(_) => continue,
        };
        worst = worst.max(Some(status));
    }
    worst
}
