//! Both sides of a cut, name server by name server: what the parent says, what the apex says, who really serves it.

use std::collections::BTreeSet;

use ratatui::text::{Line, Span};

use super::Opened;
use crate::findings::trace::clock_words;
use crate::model::cut::{Servers, apex_name_servers};
use crate::model::dns::{Outcome, Rdata, Reply};
use crate::model::inventory::{ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::{ChildAddress, ChildServer, Lameness, Located, Served, Verdict};
use crate::tui::known::Known;
use crate::tui::look::{fit_end, fit_name};
use crate::tui::screens::detail;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

struct Sides<'a> {
    parent: Option<Vec<DnsName>>,
    apex: Option<Vec<DnsName>>,
    set: Option<Vec<DnsName>>,
    parent_ttl: Option<u32>,
    apex_ttl: Option<u32>,
    served: Option<&'a Served>,
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
            match sides.served {
                Some(_) => "Nothing is wrong as far as the accounts and the servers tell.",
                None => "Nothing is wrong as far as the API tells; the servers were not asked.",
            },
            Tone::Dim,
        );
    }
    detail::findings(&mut page, findings);
    page.lines
}

impl<'a> Sides<'a> {
    fn of(known: Known<'a>, opened: &Opened<'_>) -> Self {
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
            served: opened
                .verdict
                .and_then(|verdict| known.inventory.served(&verdict.cut.name)),
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

/// The widths of the columns: of names, of each side, of what was served.
struct Columns {
    name: usize,
    side: usize,
    answer: usize,
    serial: usize,
    took: usize,
}

impl Columns {
    fn of(page: &Page<'_>, sides: &Sides<'_>) -> Self {
        let (side, serial, took) = match page.width {
            0..100 => (10, 0, 0),
            _ => (10, 11, 7),
        };
        let answer = match sides.served {
            Some(_) => 14,
            None => side + 2,
        };
        let verdict = if page.width < 100 { 18 } else { 38 };
        let others = 2 * side + answer + serial + took + verdict + 1;
        Self {
            name: page.width.saturating_sub(others).clamp(14, 40),
            side,
            answer,
            serial: sides.served.map_or(0, |_| serial),
            took: sides.served.map_or(0, |_| took),
        }
    }
}

fn table(page: &mut Page<'_>, sides: &Sides<'_>) {
    let columns = Columns::of(page, sides);
    let Columns {
        name,
        side,
        answer,
        serial,
        took,
    } = columns;
    let dim = page.state.look.style(Tone::Dim);
    let answers = if sides.served.is_some() { "ANSWERS" } else { "SERVES IT" };
    let (serials, trips) = match serial {
        0 => ("", ""),
        _ => ("SERIAL", "RTT"),
    };
    page.lines.push(Line::styled(
        format!(
            "{:<name$} {:<side$}{:<side$}{answers:<answer$}{serials:<serial$}{trips:<took$}VERDICT",
            "NAME SERVER", "IN PARENT", "IN CHILD"
        ),
        dim,
    ));
    let all = [&sides.parent, &sides.apex, &sides.set];
    let heard = sides.served.iter().flat_map(|served| &served.servers);
    let names: BTreeSet<&DnsName> = all
        .into_iter()
        .flatten()
        .flatten()
        .chain(heard.map(|server| &server.name))
        .collect();
    for name in &names {
        server(page, sides, name, &columns);
    }
    if names.is_empty() {
        page.text(0, "No name server is known on either side.", Tone::Plain);
    }
    if sides.set.is_none() && sides.served.is_none() {
        page.gap();
        page.text(
            0,
            "Which servers serve the zone is not known yet (GetHostedZone).",
            Tone::Dim,
        );
    }
}

fn server(page: &mut Page<'_>, sides: &Sides<'_>, name: &DnsName, columns: &Columns) {
    let look = &page.state.look;
    let cell = |side: &Option<Vec<DnsName>>, ttl: Option<u32>| match side {
        None => ("?".to_owned(), Tone::Unscanned),
        Some(names) if names.contains(name) => {
            let ttl = ttl.map_or_else(String::new, |ttl| format!(" {ttl}"));
            (format!("✓{ttl}"), Tone::Ok)
        }
        Some(_) => ("∅".to_owned(), Tone::Missing),
    };
    let heard = sides.served.and_then(|served| served.server(name));
    let parent = cell(&sides.parent, sides.parent_ttl);
    let apex = cell(&sides.apex, sides.apex_ttl);
    let (answer, answer_tone) = match sides.served {
        Some(_) => answers(heard),
        None => cell(&sides.set, None),
    };
    let ([long, short], tone) = judgement(sides, name, heard);
    let verdict = if page.width < 100 { short } else { long };
    let shown = fit_name(&name.to_string(), columns.name);
    let (serial, took) = heard.map_or_else(Default::default, |heard| (serial(heard), round_trip(heard)));
    let cells = [
        (parent.0, columns.side, parent.1),
        (apex.0, columns.side, apex.1),
        (answer, columns.answer, answer_tone),
        (serial, columns.serial, Tone::Plain),
        (took, columns.took, Tone::Plain),
    ];
    let mut spans = vec![Span::raw(format!("{shown:<width$} ", width = columns.name))];
    for (text, width, tone) in cells.into_iter().filter(|(_, width, _)| *width > 0) {
        let text = fit_end(&text, width.saturating_sub(1));
        spans.push(Span::styled(format!("{text:<width$}"), look.style(tone)));
    }
    spans.push(Span::styled(verdict, look.style(tone)));
    page.lines.push(Line::from(spans));
}

/// What a server answers, in a word or two.
fn answers(heard: Option<&ChildServer>) -> (String, Tone) {
    let Some(heard) = heard else {
        return ("-".to_owned(), Tone::Unscanned);
    };
    let verdicts = || heard.heard.iter().map(ChildAddress::verdict);
    // What is wrong at one address counts for the server.
    let lame = verdicts().find_map(|verdict| match verdict {
        Verdict::Lame(lameness) => Some(lame_word(lameness)),
        _ => None,
    });
    if let Some(word) = lame {
        return (format!("✗ {word}"), Tone::Broken);
    }
    if verdicts().any(|verdict| matches!(verdict, Verdict::Unresponsive(_))) {
        return ("~ no answer".to_owned(), Tone::Drift);
    }
    if verdicts().any(|verdict| verdict == Verdict::Serving) {
        return ("✓ AA".to_owned(), Tone::Ok);
    }
    match &heard.located {
        Located::NoName { .. } | Located::NoData | Located::Cycle => ("✗ no address".to_owned(), Tone::Broken),
        _ => ("? not asked".to_owned(), Tone::Unscanned),
    }
}

fn lame_word(lameness: Lameness) -> String {
    match lameness {
        Lameness::Refused => "REFUSED".to_owned(),
        Lameness::Failed => "SERVFAIL".to_owned(),
        Lameness::NotAuthoritative => "no AA".to_owned(),
        Lameness::Referral(_) => "referral".to_owned(),
        Lameness::NoName => "NXDOMAIN".to_owned(),
        Lameness::NoData => "no zone".to_owned(),
        Lameness::Alias => "alias".to_owned(),
        Lameness::Code(code) => code.to_string(),
        Lameness::Malformed => "garbled".to_owned(),
        Lameness::Empty => "empty".to_owned(),
    }
}

/// The version of the zone that a server has; several where its addresses differ.
fn serial(heard: &ChildServer) -> String {
    let mut serials: Vec<u32> = heard
        .heard
        .iter()
        .filter_map(|address| match &address.soa {
            Outcome::Asked(probe) => match &probe.reply {
                Reply::Answer(records) => records.iter().find_map(|record| match &record.data {
                    Rdata::Soa(soa) => Some(soa.serial),
                    _ => None,
                }),
                _ => None,
            },
            Outcome::Unasked(_) => None,
        })
        .collect();
    serials.sort_unstable();
    serials.dedup();
    let serials: Vec<String> = serials.iter().map(ToString::to_string).collect();
    match serials.is_empty() {
        true => "-".to_owned(),
        false => serials.join("/"),
    }
}

fn round_trip(heard: &ChildServer) -> String {
    let took = heard.heard.iter().filter_map(|address| match &address.soa {
        Outcome::Asked(probe) if !probe.reply.is_silence() => Some(probe.took),
        _ => None,
    });
    took.min().map_or_else(|| "-".to_owned(), clock_words)
}

/// What is to be said of a name server, at length and in short: what it answers first, then what is configured.
fn judgement(sides: &Sides<'_>, name: &DnsName, heard: Option<&ChildServer>) -> ([&'static str; 2], Tone) {
    let tally = heard.map(ChildServer::tally).unwrap_or_default();
    let is_in = |side: &Option<Vec<DnsName>>| side.as_ref().map(|names| names.contains(name));
    match (is_in(&sides.parent), is_in(&sides.apex), is_in(&sides.set)) {
        (Some(true), ..) if tally.lame > 0 => (["lame: remove from the parent", "lame: remove"], Tone::Broken),
        (Some(true), ..) if tally.unresponsive > 0 => (["does not answer from here", "does not answer"], Tone::Drift),
        (Some(true), _, Some(false)) if tally.serving > 0 => (
            ["answers, and is none of the zone's own", "not the zone's own"],
            Tone::Drift,
        ),
        (Some(true), _, Some(false)) => (
            ["does not serve it: remove from the parent", "remove from parent"],
            Tone::Broken,
        ),
        (Some(false), _, Some(true)) => (["not delegated: add to the parent", "add to parent"], Tone::Missing),
        (_, Some(true), Some(false)) => (["the apex names it, it does not serve", "does not serve"], Tone::Drift),
        (Some(true), Some(false), Some(true)) => (["the apex does not name it", "not at the apex"], Tone::Drift),
        (Some(true), _, Some(true)) => (["ok", "ok"], Tone::Ok),
        (Some(true), _, None) if tally.serving > 0 => (["answers", "answers"], Tone::Ok),
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
