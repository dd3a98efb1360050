//! What there is to say of one row, as lines: for the pane beside the tree and for the first tab of a zone.

use std::collections::BTreeSet;

use ratatui::text::{Line, Span};

use super::tree::nodes::{RowId, records_of};
use crate::findings::{CutVerdict, Finding, Status};
use crate::model::account::{AccountIx, Problem};
use crate::model::cut::{Coverage, Cut, Servers};
use crate::model::inventory::{Source, ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::tui::known::Known;
use crate::tui::look::fit_name;
use crate::tui::mark::Mark;
use crate::tui::screens::{live, problems};
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::when;
use crate::tui::widgets::page::Page;

/// The name of what a row stands for.
pub fn title(state: &State, known: Known<'_>, row: &RowId) -> String {
    match row {
        RowId::Root => "public DNS root".to_owned(),
        RowId::PrivateZones => "private zones".to_owned(),
        RowId::UnreadAccounts => "accounts that were not read".to_owned(),
        RowId::Account(place) => known.account_name(&state.look, *place),
        RowId::Cut(name) => state.look.name(name),
        RowId::Zone(key) => known
            .zone(key)
            .map_or_else(String::new, |(_, entry)| state.look.name(&entry.zone.name)),
    }
}

/// The mark of what a row stands for.
pub fn mark(state: &State, known: Known<'_>, row: &RowId) -> Option<Mark> {
    match row {
        RowId::Root | RowId::PrivateZones | RowId::UnreadAccounts => None,
        RowId::Account(place) => known.account(*place).map(|account| Mark::of_account(&account.status)),
        RowId::Cut(name) => known.survey.cut(name).map(Mark::of_cut),
        RowId::Zone(key) => known
            .zone(key)
            .map(|(zone, _)| Mark::of_zone(known, &state.progress, zone)),
    }
}

/// All there is to say of a row.
pub fn lines(state: &State, known: Known<'_>, row: &RowId, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    match row {
        RowId::Root => about_all(&mut page),
        RowId::PrivateZones => page.text(
            0,
            "Zones that answer only inside the VPCs they are associated with. They have no delegation, so none can be missing.",
            Tone::Plain,
        ),
        RowId::UnreadAccounts => page.text(
            0,
            "What these accounts hold is not known. Every verdict that needs to know that there is no such zone anywhere is marked with ? while this lasts.",
            Tone::Plain,
        ),
        RowId::Account(place) => about_account(&mut page, *place),
        RowId::Cut(name) => {
            if let Some(verdict) = known.survey.cut(name) {
                about_cut(&mut page, verdict, None);
            }
        }
        RowId::Zone(key) => {
            if let Some((zone, entry)) = known.zone(key) {
                about_zone(&mut page, zone, entry);
            }
        }
    }
    page.lines
}

fn about_all(page: &mut Page<'_>) {
    let inventory = page.known.inventory;
    let accounts = inventory.accounts().len();
    page.field("Accounts", &accounts.to_string());
    page.field("Zones", &inventory.zone_count().to_string());
    page.field("Cuts", &page.known.survey.len().to_string());
    if !inventory.is_complete() {
        page.gap();
        page.text(
            0,
            "Not every account was read in full: what rests on an absence is marked with ?.",
            Tone::Warn,
        );
    }
}

fn about_account(page: &mut Page<'_>, place: AccountIx) {
    let Some(account) = page.known.account(place) else {
        return;
    };
    let look = &page.state.look;
    let id = look.account_id(account.id);
    let env = page.known.env(look, place);
    page.field("Account", &format!("{id} {env}"));
    if let Some(login) = page.state.logins.get(place.0 as usize) {
        page.field("Login", &look.outside(login, 120));
    }
    page.field("Zones", &page.state.holding(place).zones.to_string());
    if let Some(problem) = account.status.problem() {
        page.gap();
        problem_lines(page, problem);
    }
}

/// What went wrong, the command that mends it, and the request id.
pub fn problem_lines(page: &mut Page<'_>, problem: &Problem) {
    let look = &page.state.look;
    let message = look.prose(&look.outside(&problem.message, 400), page.known.inventory.accounts());
    page.text(0, &message, Tone::Warn);
    if let Some(remedy) = &problem.remedy {
        page.gap();
        page.text(0, "Run this (y copies it):", Tone::Dim);
        page.text(4, &look.outside(remedy, 400), Tone::Key);
    }
    if let Some(id) = &problem.request_id {
        page.field("Request", &look.outside(id, 80));
    }
}

fn about_zone(page: &mut Page<'_>, zone: ZoneIx, entry: &ZoneEntry) {
    let look = &page.state.look;
    let place = entry.zone.key.account;
    let id = page
        .known
        .account(place)
        .map_or_else(String::new, |account| look.account_id(account.id));
    let env = page.known.env(look, place);
    page.field(
        "Account",
        &format!("{} {id} {env}", page.known.account_name(look, place)),
    );
    if let Some(login) = page.state.logins.get(place.0 as usize) {
        page.field("Login", &look.outside(login, 120));
    }
    let kind = if entry.is_public() { "public" } else { "private" };
    page.field("Zone ID", &format!("{}   {kind}", look.zone_id(&entry.zone.key.id)));
    page.field("Records", &records_line(page, entry));
    if !entry.zone.comment.is_empty() {
        page.field("Comment", &look.outside(&entry.zone.comment, 200));
    }
    if let Some(service) = &entry.zone.linked_service {
        page.field(
            "Managed",
            &format!("by {}: it alone may change this zone", look.outside(service, 80)),
        );
    }
    if let Some(problem) = entry.records.as_ref().and_then(|held| held.problem()) {
        page.gap();
        problem_lines(page, problem);
    }
    match page.known.verdict(entry) {
        Some(verdict) => about_cut(page, verdict, Some(zone)),
        None => findings(page, page.known.survey.findings_of(page.known.inventory, zone)),
    }
}

fn records_line(page: &Page<'_>, entry: &ZoneEntry) -> String {
    let count = records_of(entry);
    match &entry.records {
        None if entry.zone.record_count.is_some() => format!("{count}, not read yet"),
        None => "not read yet".to_owned(),
        Some(held) => {
            let age = when::age(page.state.now, held.origin.at);
            let source = match held.origin.source {
                Source::Live => "read",
                Source::Cache => "from the cache, read",
            };
            format!("{count}, {source} {age} ago")
        }
    }
}

/// Both sides of a cut, then what is wrong with it.
fn about_cut(page: &mut Page<'_>, verdict: &CutVerdict, zone: Option<ZoneIx>) {
    parents(page, verdict);
    servers(page, verdict, zone);
    live::lines(page, verdict);
    let all: Vec<&Finding> = match zone {
        Some(zone) => page.known.survey.findings_of(page.known.inventory, zone),
        None => verdict.findings.iter().collect(),
    };
    findings(page, all);
    below(page, verdict);
}

fn parents(page: &mut Page<'_>, verdict: &CutVerdict) {
    let look = &page.state.look;
    let cut = &verdict.cut;
    let parents = cut.parents.iter().filter_map(|zone| page.known.inventory.zone(*zone));
    let lines: Vec<String> = parents
        .map(|entry| {
            let account = page.known.account_name(look, entry.zone.key.account);
            format!("{}  {account}  {}", entry.zone.name, look.zone_id(&entry.zone.key.id))
        })
        .collect();
    if lines.is_empty() {
        let text = match &cut.closest {
            None => "none in these accounts: the registry or another provider delegates it".to_owned(),
            Some(closest) => closest.to_string(),
        };
        page.field("Parent", &text);
    }
    for line in lines {
        page.field("Parent", &line);
    }
    if let Some(beyond) = &cut.beyond {
        page.field(
            "",
            &format!("{beyond} is delegated to a zone that is not in these accounts"),
        );
    }
    if let Some(above) = &cut.broken_above {
        page.field("Cut off", &format!("{above} above it is broken: mend that first"));
    }
}

/// Whether the absence of a delegation means something: it is not missing where no parent is held, or none was read.
pub fn is_parent_read(cut: &Cut) -> bool {
    let is_read = matches!(cut.known, Coverage::Whole | Coverage::Cached) && cut.beyond.is_none();
    cut.delegation.is_some() || is_read
}

/// Each name server of either side, and on which sides it stands.
fn servers(page: &mut Page<'_>, verdict: &CutVerdict, zone: Option<ZoneIx>) {
    let delegation = verdict.cut.delegation.as_ref();
    match delegation {
        Some(delegation) => {
            let ttl = delegation
                .ttl
                .map_or_else(|| "no TTL".to_owned(), |ttl| format!("TTL {ttl}"));
            page.field(
                "Delegated",
                &format!("to {} name servers, {ttl}", delegation.name_servers.len()),
            );
        }
        None if verdict.cut.parents.is_empty() => {}
        None if !is_parent_read(&verdict.cut) => page.field("Delegated", "not known: the parent was not read in full"),
        None => page.field("Delegated", "no: the parent has no NS record set here"),
    }
    let delegated: &[DnsName] = delegation.map_or(&[], |delegation| &delegation.name_servers);
    let own = zone.map(|zone| verdict.cut.servers(page.known.inventory, zone));
    let own = own.as_ref().and_then(Servers::names);
    let names: BTreeSet<&DnsName> = delegated.iter().chain(own.into_iter().flatten()).collect();
    if names.is_empty() {
        return;
    }
    page.gap();
    let column = page.width.saturating_sub(15).min(40);
    let dim = page.state.look.style(Tone::Dim);
    let head = format!("{:<column$} PARENT SERVES", "NAME SERVER");
    page.lines.push(Line::styled(head, dim));
    for name in names {
        let look = &page.state.look;
        let side = |names: Option<&[DnsName]>| match names {
            None => ("?", Tone::Unscanned),
            Some(names) if names.contains(name) => ("✓", Tone::Ok),
            Some(_) => ("∅", Tone::Missing),
        };
        let (parent, parent_tone) = side(is_parent_read(&verdict.cut).then_some(delegated));
        let (serves, serves_tone) = side(own);
        page.lines.push(Line::from(vec![
            Span::raw(format!("{:<column$} ", fit_name(&name.to_string(), column))),
            Span::styled(format!("{parent:<7}"), look.style(parent_tone)),
            Span::styled(serves, look.style(serves_tone)),
        ]));
    }
}

/// What is wrong, the cause first, what follows from it behind it.
pub fn findings(page: &mut Page<'_>, findings: Vec<&Finding>) {
    for finding in findings {
        page.gap();
        problems::headline(page, finding);
        let accounts = page.known.inventory.accounts();
        for evidence in &finding.evidence {
            let evidence = page.state.look.prose(evidence, accounts);
            page.bullet("-", &evidence);
        }
        if !finding.fix.is_empty() && finding.cause.is_none() {
            let fix = page.state.look.prose(&finding.fix, accounts);
            page.bullet("→", &format!("to mend it: {fix}"));
        }
    }
}

fn below(page: &mut Page<'_>, verdict: &CutVerdict) {
    if !verdict.is_broken {
        return;
    }
    let cut_off = page
        .known
        .survey
        .below(&verdict.cut.name)
        .filter(|below| below.status == Status::CutOff)
        .count();
    page.gap();
    let text = match cut_off {
        0 => "Its names do not resolve from the internet.".to_owned(),
        1 => "Its names do not resolve from the internet, nor those of 1 cut below it.".to_owned(),
        n => format!("Its names do not resolve from the internet, nor those of {n} cuts below it."),
    };
    page.text(0, &text, Tone::Plain);
}
