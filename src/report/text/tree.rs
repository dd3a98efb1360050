//! `zonecut tree` for people: the zones under the names that enclose them, then the private ones.

use std::collections::BTreeMap;

use crate::report::columns::{Cell, Row, align};
use crate::report::paint::{Lines, Style};
use crate::report::tree::{CutLine, TreeReport, ZoneLine};

use super::{count, coverage};

/// Writes the tree.
pub fn tree(report: &TreeReport, style: Style) -> String {
    let mut zones: BTreeMap<&str, Vec<&ZoneLine>> = BTreeMap::new();
    for line in report.zones.iter().filter(|line| !line.private) {
        zones.entry(&line.name).or_default().push(line);
    }
    let guides = guides(&depths(&report.cuts), style.lines);
    let mut rows = Vec::new();
    for (cut, guide) in report.cuts.iter().zip(guides) {
        let held = zones.get(cut.name.as_str()).map_or(&[][..], Vec::as_slice);
        rows.extend(cut_rows(cut, held, &guide, style));
    }
    let private: Vec<&ZoneLine> = report.zones.iter().filter(|line| line.private).collect();
    if !private.is_empty() {
        rows.push(vec![format!("private zones ({})", private.len()).into()]);
    }
    rows.extend(
        private
            .iter()
            .map(|line| zone_row(line, &format!("  {}", line.name), style)),
    );
    let mut out = align(&rows);
    out.push_str(&format!(
        "{}, {}\n",
        count(report.zones.len(), "hosted zone"),
        count(report.cuts.len(), "cut")
    ));
    out.push_str(&coverage(&report.head, style));
    out
}

fn cut_rows(cut: &CutLine, zones: &[&ZoneLine], guide: &str, style: Style) -> Vec<Row> {
    match zones {
        [] => {
            let servers = cut.delegation.as_ref().map_or_else(String::new, |d| {
                let names: Vec<&str> = d.name_servers.iter().take(2).map(String::as_str).collect();
                let more = d.name_servers.len().saturating_sub(names.len());
                let rest = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                format!("to {}{rest}", names.join(" "))
            });
            vec![vec![
                format!("{guide}{}", cut.name).into(),
                Cell::painted(cut.status, style.status(cut.status)),
                "no zone".into(),
                Cell::new(""),
                "-".into(),
                servers.into(),
            ]]
        }
        [zone] => vec![zone_row(zone, &format!("{guide}{}", cut.name), style)],
        several => several
            .iter()
            .map(|zone| zone_row(zone, &format!("{guide}{} #{}", cut.name, zone.id), style))
            .collect(),
    }
}

fn zone_row(line: &ZoneLine, shown: &str, style: Style) -> Row {
    let env = style.outside(&line.env);
    let painted = style.env(&env);
    vec![
        shown.into(),
        Cell::painted(line.status, style.status(line.status)),
        style.outside(&line.account_name).into(),
        Cell::painted(env, painted),
        line.record_sets
            .map_or_else(|| "?".to_owned(), |n| n.to_string())
            .into(),
        line.findings.join(" ").into(),
    ]
}

/// How many cuts enclose each cut.
fn depths(cuts: &[CutLine]) -> Vec<usize> {
    let mut above: Vec<&CutLine> = Vec::new();
    let mut depths = Vec::with_capacity(cuts.len());
    for cut in cuts {
        while above.last().is_some_and(|upper| !encloses(upper, cut)) {
            above.pop();
        }
        depths.push(above.len());
        above.push(cut);
    }
    depths
}

/// Whether a cut lies above another. Their names are in presentation form, so a suffix after a dot is an ancestor unless
/// that dot is an escaped one, which the number of labels tells.
fn encloses(upper: &CutLine, lower: &CutLine) -> bool {
    if upper.labels == 0 {
        return lower.labels > 0;
    }
    upper.labels < lower.labels
        && lower
            .name
            .strip_suffix(upper.name.as_str())
            .is_some_and(|rest| rest.ends_with('.'))
}

/// The lines before each name, from how deep it is.
fn guides(depths: &[usize], lines: Lines) -> Vec<String> {
    let (tee, corner, bar) = match lines {
        Lines::Unicode => ("├─ ", "└─ ", "│  "),
        Lines::Ascii => ("|- ", "`- ", "|  "),
    };
    // From the end: whether a sibling follows at each depth, with nothing shallower in between.
    let mut follows: Vec<bool> = Vec::new();
    let mut guides = Vec::with_capacity(depths.len());
    for depth in depths.iter().rev() {
        follows.resize(depth + 1, false);
        let inner = follows.iter().take(*depth).skip(1);
        let mut guide: String = inner.map(|more| if *more { bar } else { "   " }).collect();
        if let Some(more) = follows.last_mut().filter(|_| *depth > 0) {
            guide.push_str(if *more { tee } else { corner });
            *more = true;
        }
        guides.push(guide);
    }
    guides.reverse();
    guides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_to_siblings_and_end_at_the_last() {
        let drawn = guides(&[0, 1, 2, 2, 1, 2, 0], Lines::Ascii);
        assert_eq!(drawn, ["", "|- ", "|  |- ", "|  `- ", "`- ", "   `- ", ""]);
    }
}
