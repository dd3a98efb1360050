//! A plan for people: the lines of its review, each with the colour of its role.

use crate::report::paint::{RESET, Style};
use crate::report::review::{Line, Outcome, Role, wrapped};

/// Writes the lines of a review, no wider than so many columns where their words allow that.
pub fn review(lines: &[Line], columns: usize, style: Style) -> String {
    let mut out = String::new();
    for line in lines {
        for piece in wrapped(line, columns) {
            match color(line.role, style).filter(|_| !piece.is_empty()) {
                Some(color) => out.push_str(&format!("{color}{piece}{RESET}\n")),
                None => out.push_str(&format!("{piece}\n")),
            }
        }
    }
    out
}

fn color(role: Role, style: Style) -> Option<&'static str> {
    match role {
        Role::Comes => style.good(),
        Role::Goes | Role::Check(Outcome::Stop | Outcome::Unchecked) => style.bad(),
        Role::Changes | Role::Loss | Role::Locked | Role::Override | Role::Check(Outcome::Warn) => style.caution(),
        Role::Unchanged | Role::Stays | Role::Detail | Role::Check(Outcome::Ok) => style.quiet(),
        Role::Title | Role::Tally => style.strong(),
        _ => None,
    }
}
