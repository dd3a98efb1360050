//! What a plan leads to, what it costs, and how it is taken back.

use super::{Line, Role, Setting};
use crate::model::duration;
use crate::plan::outlook::EffectKind;
use crate::plan::{Moment, Plan};

pub(super) fn lines(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let outlook = &plan.outlook;
    let mut lines = vec![Line::gap()];
    let mut label = "EFFECT";
    for effect in &outlook.effects {
        lines.push(Line::new(role(effect.kind), label, setting.prose(&effect.saying)));
        label = "";
    }
    if outlook.settles_after > 0 {
        let text = format!(
            "resolvers may go on with the old answers for up to {}",
            duration::in_words(outlook.settles_after)
        );
        lines.push(Line::new(Role::Settles, "SETTLES", text));
    }
    lines.extend(cost(outlook.monthly_cents));
    if !outlook.undo.is_empty() {
        lines.push(Line::new(Role::Undo, "UNDO", setting.prose(&outlook.undo)));
    }
    lines.extend(locked(setting, outlook.undo_settles_after));
    lines.extend(
        outlook
            .notes
            .iter()
            .map(|note| Line::new(Role::Note, "NOTE", setting.prose(note))),
    );
    lines
}

fn role(kind: EffectKind) -> Role {
    match kind {
        EffectKind::Appears | EffectKind::Changes => Role::Effect,
        EffectKind::Hidden | EffectKind::WildcardEnds | EffectKind::Vanishes | EffectKind::Reachable => Role::Loss,
    }
}

fn cost(cents: i64) -> Option<Line> {
    if cents == 0 {
        return None;
    }
    let sign = if cents < 0 { '-' } else { '+' };
    let (dollars, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let text = format!("{sign}${dollars}.{rest:02} a month");
    Some(Line::new(Role::Cost, "COST", text))
}

/// A change that is taken back at once shows everywhere only when what resolvers remember of it has run out.
fn locked(setting: &Setting<'_>, seconds: u64) -> Option<Line> {
    if seconds == 0 {
        return None;
    }
    let Moment(now) = setting.now;
    let until = setting.clock(Moment(now.saturating_add(seconds)));
    let text = format!(
        "cannot be undone before {until}, if it is applied now: resolvers keep it for up to {}",
        duration::in_words(seconds)
    );
    Some(Line::bare(Role::Locked, text))
}
