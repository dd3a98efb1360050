//! `zonecut who` for people: a line for each cut.

use crate::report::columns::{Cell, Row, align};
use crate::report::paint::Style;
use crate::report::who::{CutOwner, WhoReport};

use super::{coverage, or_dash};

/// Writes the owners.
pub fn who(report: &WhoReport, style: Style) -> String {
    let mut rows: Vec<Row> = Vec::new();
    for cut in &report.cuts {
        rows.extend(lines(cut, style));
    }
    let mut out = align(&rows);
    out.push_str(&coverage(&report.head, style));
    out
}

fn lines(cut: &CutOwner, style: Style) -> Vec<Row> {
    let words = match cut.holder {
        "nobody" => "in none of the accounts",
        "unknown" => "in no account that was read",
        _ => "",
    };
    if !words.is_empty() {
        let words = if cut.zone == "." { "the root" } else { words };
        return vec![vec![cut.zone.clone().into(), words.into()]];
    }
    let standing = match (cut.holder, cut.served) {
        ("one-of", _) => "perhaps this one",
        ("elsewhere", _) => "others are asked, not this one",
        ("undelegated", _) => "not delegated",
        (_, false) => "not seen from here",
        _ => "",
    };
    let by = match &cut.delegated_in {
        Some(parent) => format!("delegated in {} {}", parent.zone.name, parent.zone.id),
        None => "registrar unknown".to_owned(),
    };
    let owner = |owner: &crate::report::trace::Owner| {
        let env = style.outside(&owner.env);
        let painted = style.env(&env);
        let profile = owner
            .profile
            .as_ref()
            .map_or_else(String::new, |profile| format!("profile {}", style.outside(profile)));
        vec![
            Cell::new(cut.zone.clone()),
            or_dash(style.outside(&owner.account_name)).into(),
            owner.zone.account.clone().unwrap_or_default().into(),
            Cell::painted(env, painted),
            owner.zone.id.clone().into(),
            profile.into(),
            by.clone().into(),
            standing.into(),
        ]
    };
    cut.zones.iter().map(owner).collect()
}
