//! Everything that was read of a zone and its cut, as it is, line by line.

use ratatui::text::Line;

use super::Opened;
use crate::model::inventory::{Held, Reading, Source};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// The lines of the tab.
pub fn lines(state: &State, known: Known<'_>, opened: &Opened<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let look = &state.look;
    if let Some((_, entry)) = opened.zone {
        let zone = &entry.zone;
        line(&mut page, "zone.id", &look.zone_id(&zone.key.id));
        line(&mut page, "zone.name", &zone.name.to_string());
        line(
            &mut page,
            "zone.visibility",
            if entry.is_public() { "public" } else { "private" },
        );
        let count = zone
            .record_count
            .map_or_else(|| "?".to_owned(), |count| count.to_string());
        line(&mut page, "zone.record_count", &count);
        line(&mut page, "zone.comment", &look.outside(&zone.comment, 400));
        line(&mut page, "zone.listed_at", &entry.origin.at.to_string());
        line(&mut page, "records", &held(state, entry.records.as_ref()));
        line(
            &mut page,
            "delegation_set",
            &held(state, entry.delegation_set.as_deref()),
        );
        if let Some(set) = entry.delegation_set.as_deref().and_then(|held| held.value()) {
            for name in &set.name_servers {
                line(&mut page, "delegation_set.name_server", &name.to_string());
            }
        }
        line(&mut page, "signing", &held(state, entry.signing.as_deref()));
    }
    if let Some(verdict) = opened.verdict {
        cut(&mut page, verdict);
    }
    page.lines
}

fn cut(page: &mut Page<'_>, verdict: &crate::findings::CutVerdict) {
    let cut = &verdict.cut;
    let none = || "none".to_owned();
    let closest = cut.closest.as_ref().map_or_else(none, ToString::to_string);
    line(page, "cut.name", &cut.name.to_string());
    line(page, "cut.closest", &closest);
    line(page, "cut.known", &format!("{:?}", cut.known));
    line(
        page,
        "cut.beyond",
        &cut.beyond.as_ref().map_or_else(none, ToString::to_string),
    );
    line(
        page,
        "cut.broken_above",
        &cut.broken_above.as_ref().map_or_else(none, ToString::to_string),
    );
    if let Some(delegation) = &cut.delegation {
        let ttl = delegation.ttl.map_or_else(none, |ttl| ttl.to_string());
        line(page, "cut.delegation.ttl", &ttl);
        for name in delegation.name_servers.iter() {
            line(page, "cut.delegation.name_server", &name.to_string());
        }
    }
    line(page, "cut.status", verdict.status.word());
    for finding in &verdict.findings {
        let cause = finding
            .cause
            .map_or_else(String::new, |cause| format!(", cause {cause}"));
        let text = format!(
            "{} {} ({}{cause})",
            finding.code(),
            finding.severity.word(),
            finding.confidence.word()
        );
        line(page, "cut.finding", &text);
    }
}

fn line(page: &mut Page<'_>, key: &str, value: &str) {
    page.text(0, &format!("{key} = {value}"), Tone::Plain);
}

fn held<T>(state: &State, held: Option<&Held<T>>) -> String {
    let Some(held) = held else {
        return "not asked for".to_owned();
    };
    let source = match held.origin.source {
        Source::Live => "live",
        Source::Cache => "cache",
    };
    let reading = match &held.reading {
        Reading::Whole(_) => "whole".to_owned(),
        Reading::Part(_, problem) => format!("part: {}", state.look.outside(&problem.message, 400)),
        Reading::Failed(problem) => format!("failed: {}", state.look.outside(&problem.message, 400)),
    };
    format!("{reading} ({source}, {})", held.origin.at)
}
