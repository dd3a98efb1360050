//! What a trace comes to, below its list: the answer and how long it is kept, resolvers, the verdict, what mends it and who can.

use ratatui::text::Line;

use super::draw::zone_words;
use super::{Heard, until};
use crate::findings::trace::{Outlook, Place};
use crate::model::dns::{End, Resolved};
use crate::model::record::{RecordData, RecordSet};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// The lines of the page.
pub(super) fn lines(state: &State, known: Known<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    if let Some(heard) = &state.trace.heard {
        answer(&mut page, heard);
        behind(&mut page, heard);
        resolvers(&mut page, heard);
        page.gap();
        verdict(&mut page, heard);
    }
    page.lines
}

fn answer(page: &mut Page<'_>, heard: &Heard) {
    let walk = &heard.trace.walk;
    let look = &page.state.look;
    let mut rows: Vec<String> = walk
        .aliases
        .iter()
        .map(|alias| {
            let target = alias.target.as_ref().map_or_else(String::new, ToString::to_string);
            format!("{} {} {target}  TTL {}", alias.owner, alias.record_type, alias.ttl)
        })
        .collect();
    let kept = |ttl: u32| {
        let until = until(&heard.trace, ttl).unwrap_or_default();
        format!("TTL {ttl}  {until}")
    };
    match &walk.end {
        End::Answer(records) => rows.extend(records.iter().map(|record| {
            let data = look.raw(&record.shown_data(), 400);
            format!("{} {} {data}  {}", record.owner, record.record_type, kept(record.ttl))
        })),
        End::NoData(negative) | End::NoName(negative) => {
            let words = match &walk.end {
                End::NoData(_) => "no such records",
                _ => "no such name",
            };
            let ttl = negative
                .as_ref()
                .map_or_else(String::new, |negative| kept(negative.ttl));
            rows.push(format!("{words}  {ttl}"));
        }
        _ => rows.push("none".to_owned()),
    }
    for (number, row) in rows.iter().enumerate() {
        page.field(if number == 0 { "ANSWER" } else { "" }, row);
    }
}

/// The Route 53 aliases and routing policies behind the answer.
fn behind(page: &mut Page<'_>, heard: &Heard) {
    let answering = heard.diagnosis.behind.iter();
    let answering = answering.filter(|behind| matches!(behind.place, Place::Answering | Place::Perhaps));
    let rows: Vec<String> = answering
        .flat_map(|behind| behind.records.iter().filter_map(|set| telling(page, set)))
        .collect();
    for (number, row) in rows.iter().enumerate() {
        page.field(if number == 0 { "ROUTE 53" } else { "" }, row);
    }
}

fn telling(page: &Page<'_>, set: &RecordSet) -> Option<String> {
    let look = &page.state.look;
    let routing = set.routing.as_ref().map_or_else(String::new, |routing| {
        let (policy, identifier) = (
            look.outside(&routing.policy, 80),
            look.outside(&routing.set_identifier, 80),
        );
        format!("  {policy} ({identifier})")
    });
    let what = match &set.data {
        RecordData::Alias(alias) => format!("alias to {}", look.outside(&alias.target, 255)),
        RecordData::Values(_) if set.routing.is_none() => return None,
        RecordData::Values(values) => {
            let values: Vec<String> = values.iter().map(|value| look.outside(value, 80)).collect();
            values.join(", ")
        }
    };
    Some(format!("{} {}  {what}{routing}", set.name, set.record_type))
}

fn resolvers(page: &mut Page<'_>, heard: &Heard) {
    let look = &page.state.look;
    let rows: Vec<String> = heard
        .trace
        .resolvers
        .iter()
        .map(|one| {
            let says = match &one.said {
                Ok(Resolved::Answer { records, .. }) => {
                    let data: Vec<String> = records.iter().take(3).map(|record| record.shown_data()).collect();
                    look.raw(&data.join(", "), 300)
                }
                Ok(Resolved::NoData(_)) => "no data".to_owned(),
                Ok(Resolved::NoName(_)) => "NXDOMAIN".to_owned(),
                Ok(Resolved::Refused(_)) => "REFUSED".to_owned(),
                Ok(Resolved::Failed(_)) => "SERVFAIL".to_owned(),
                Ok(_) => "no answer that can be read".to_owned(),
                Err(_) => "not asked".to_owned(),
            };
            let ttl = one.said.as_ref().ok().and_then(Resolved::ttl);
            let until = ttl.and_then(|ttl| until(&heard.trace, ttl)).unwrap_or_default();
            format!(
                "{}  {says}  {until}",
                look.raw(&one.resolver.address.ip().to_string(), 60)
            )
        })
        .collect();
    for (number, row) in rows.iter().enumerate() {
        page.field(if number == 0 { "RESOLVERS" } else { "" }, row);
    }
}

fn verdict(page: &mut Page<'_>, heard: &Heard) {
    let verdict = &heard.diagnosis.verdict;
    let accounts = page.known.inventory.accounts();
    let look = &page.state.look;
    let prose = |text: &str| look.prose(text, accounts);
    page.text(0, &prose(&verdict.sentence), tone(verdict.outlook));
    for (number, why) in verdict.why.iter().enumerate() {
        page.field(if number == 0 { "WHY" } else { "" }, &prose(why));
    }
    if let Some(fix) = &verdict.fix {
        page.field("FIX", &prose(fix));
        if let Some(zone) = &verdict.who {
            let who = zone_words(page.state, page.known, zone);
            page.field("WHO", &format!("{who}, {}", zone.name));
        }
    }
    for note in &verdict.notes {
        page.field("NOTE", &prose(note));
    }
}

/// What an outlook looks like.
pub(super) fn tone(outlook: Outlook) -> Tone {
    match outlook {
        Outlook::Resolves => Tone::Ok,
        Outlook::Degraded | Outlook::Absent => Tone::Drift,
        Outlook::Unknown => Tone::Unscanned,
        Outlook::Broken => Tone::Broken,
    }
}

/// The verdict in one line, and what it looks like.
pub fn sentence(state: &State, known: Known<'_>) -> Option<(String, Tone)> {
    let verdict = &state.trace.heard.as_ref()?.diagnosis.verdict;
    let sentence = state.look.prose(&verdict.sentence, known.inventory.accounts());
    Some((format!("VERDICT  {sentence}"), tone(verdict.outlook)))
}
