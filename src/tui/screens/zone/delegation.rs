//! Both sides of a cut, name server by name server: what the parent says, what the apex says, who really serves it.

use std::collections::BTreeSet;

use ratatui::text::{Line, Span};

use super::Opened;
use crate::model::cut::{Servers, apex_name_servers};
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::tui::known::Known;
use crate::tui::look::fit_name;
use crate::tui::screens::detail;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

struct Sides {
    parent: Option<Vec<DnsName>>,
    apex: Option<Vec<DnsName>>,
    set: Option<Vec<DnsName>>,
    parent_ttl: Option<u32>,
    apex_ttl: Option<u32>,
}

/// The lines of the tab.
pub fn lines(state: &State, known: Known<'_>, opened: &Opened<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let Some(verdict) = opened.verdict else {
        page.text(
            0,
            "A private zone has no delegation: its VPCs know it by association.",
            Tone::Plain,
        );
        return page.lines;
    };
    let sides = Sides::of(known, opened);
    table(&mut page, &sides);
    page.gap();
    zones(&mut page, opened);
    let findings = match opened.zone {
        Some((zone, _)) => known.survey.findings_of(known.inventory, zone),
        None => verdict.findings.iter().collect(),
    };
    if findings.is_empty() {
        page.gap();
        page.text(
            0,
            "Nothing is wrong as far as the API tells. What the servers answer comes with live DNS.",
            Tone::Dim,
        );
    }
    detail::findings(&mut page, findings);
    page.lines
}

impl Sides {
    fn of(known: Known<'_>, opened: &Opened<'_>) -> Self {
        let delegation = opened.verdict.and_then(|verdict| verdict.cut.delegation.as_ref());
        let zone = opened.zone;
        Self {
            parent: opened
                .verdict
                .filter(|verdict| detail::is_parent_read(&verdict.cut))
                .map(|_| delegation.map_or_else(Vec::new, |d| d.name_servers.to_vec())),
            parent_ttl: delegation.and_then(|d| d.ttl),
            apex: zone
                .and_then(|(_, entry)| apex_name_servers(entry))
                .map(<[DnsName]>::to_vec),
            apex_ttl: zone.and_then(|(_, entry)| entry.records()?.find(&[], RecordType::NS)?.ttl()),
            set: zone.and_then(|(index, entry)| set_of(known, opened, index, entry)),
        }
    }
}

fn set_of(known: Known<'_>, opened: &Opened<'_>, zone: ZoneIx, entry: &ZoneEntry) -> Option<Vec<DnsName>> {
    if let Some(set) = entry.delegation_set.as_ref().and_then(|held| held.value()) {
        return Some(set.name_servers.clone());
    }
    match opened.verdict?.cut.servers(known.inventory, zone) {
        Servers::Set(names) | Servers::Apex(names) => Some(names.to_vec()),
        Servers::Unknown => None,
    }
}

/// The widths of the columns: of names, of each side.
fn columns(page: &Page<'_>) -> (usize, usize) {
    match page.width {
        0..100 => (page.width.saturating_sub(3 * 10 + 20).clamp(14, 24), 10),
        width => (width.saturating_sub(3 * 12 + 22).clamp(14, 40), 12),
    }
}

fn table(page: &mut Page<'_>, sides: &Sides) {
    let (name_width, column) = columns(page);
    let dim = page.state.look.style(Tone::Dim);
    page.lines.push(Line::styled(
        format!(
            "{:<name_width$} {:<column$}{:<column$}{:<column$}{}",
            "NAME SERVER", "IN PARENT", "IN CHILD", "SERVES IT", "VERDICT"
        ),
        dim,
    ));
    let all = [&sides.parent, &sides.apex, &sides.set];
    let names: BTreeSet<&DnsName> = all.into_iter().flatten().flatten().collect();
    for name in &names {
        server(page, sides, name);
    }
    if names.is_empty() {
        page.text(0, "No name server is known on either side.", Tone::Plain);
    }
    if sides.set.is_none() {
        page.gap();
        page.text(
            0,
            "Which servers serve the zone is not known yet (GetHostedZone).",
            Tone::Dim,
        );
    }
}

fn server(page: &mut Page<'_>, sides: &Sides, name: &DnsName) {
    let (name_width, column) = columns(page);
    let look = &page.state.look;
    let cell = |side: &Option<Vec<DnsName>>, ttl: Option<u32>| match side {
        None => ("?".to_owned(), Tone::Unscanned),
        Some(names) if names.contains(name) => {
            let ttl = ttl.map_or_else(String::new, |ttl| format!(" {ttl}"));
            (format!("✓{ttl}"), Tone::Ok)
        }
        Some(_) => ("∅".to_owned(), Tone::Missing),
    };
    let parent = cell(&sides.parent, sides.parent_ttl);
    let apex = cell(&sides.apex, sides.apex_ttl);
    let set = cell(&sides.set, None);
    let ([long, short], tone) = judgement(sides, name);
    let verdict = if page.width < 100 { short } else { long };
    let shown = fit_name(&name.to_string(), name_width);
    let mut spans = vec![Span::raw(format!("{shown:<name_width$} "))];
    for (text, tone) in [parent, apex, set] {
        spans.push(Span::styled(format!("{text:<column$}"), look.style(tone)));
    }
    spans.push(Span::styled(verdict, look.style(tone)));
    page.lines.push(Line::from(spans));
}

/// What is to be said of a name server, at length and in short.
fn judgement(sides: &Sides, name: &DnsName) -> ([&'static str; 2], Tone) {
    let is_in = |side: &Option<Vec<DnsName>>| side.as_ref().map(|names| names.contains(name));
    match (is_in(&sides.parent), is_in(&sides.apex), is_in(&sides.set)) {
        (Some(true), _, Some(false)) => (
            ["does not serve it: remove from the parent", "remove from parent"],
            Tone::Broken,
        ),
        (Some(false), _, Some(true)) => (["not delegated: add to the parent", "add to parent"], Tone::Missing),
        (_, Some(true), Some(false)) => (["the apex names it, it does not serve", "does not serve"], Tone::Drift),
        (Some(true), Some(false), Some(true)) => (["the apex does not name it", "not at the apex"], Tone::Drift),
        (Some(true), _, Some(true)) => (["ok", "ok"], Tone::Ok),
        (None, _, Some(true)) => (
            ["the parent is not among what was read", "parent not read"],
            Tone::Unscanned,
        ),
        _ => (["not known", "not known"], Tone::Unscanned),
    }
}

fn zones(page: &mut Page<'_>, opened: &Opened<'_>) {
    let known = page.known;
    let Some(verdict) = opened.verdict else { return };
    let describe = |page: &Page<'_>, entry: &ZoneEntry| {
        let look = &page.state.look;
        let place = entry.zone.key.account;
        let id = known
            .account(place)
            .map_or_else(String::new, |account| look.account_id(account.id));
        format!(
            "{}  {} {id} {}  {}",
            entry.zone.name,
            known.account_name(look, place),
            known.env(look, place),
            look.zone_id(&entry.zone.key.id)
        )
    };
    for zone in &verdict.cut.parents {
        if let Some(entry) = known.inventory.zone(*zone) {
            let text = describe(page, entry);
            page.field("PARENT", &text);
        }
    }
    for zone in &verdict.cut.dead_parents {
        if let Some(entry) = known.inventory.zone(*zone) {
            let text = format!("{} (not the one that is served)", describe(page, entry));
            page.field("", &text);
        }
    }
    for zone in &verdict.cut.children {
        if let Some(entry) = known.inventory.zone(*zone) {
            let served = verdict.cut.served.contains(zone) || verdict.cut.served.is_empty();
            let note = if served { "" } else { " (not delegated to)" };
            let text = format!("{}{note}", describe(page, entry));
            page.field("CHILD", &text);
        }
    }
}
