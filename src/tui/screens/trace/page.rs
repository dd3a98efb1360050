//! What a trace comes to, below its list: the answer and how long it is kept, resolvers, the verdict, what mends it and who can.

use ratatui::text::Line;

use super::draw::zone_words;
use super::{Heard, until};
use crate::findings::trace::{Outlook, Place, Trusted};
use crate::model::dns::{End, Question, Resolved, ResolverSaid};
use crate::model::dnssec::{Trust, Unproven};
use crate::model::record::{RecordData, RecordSet};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// The lines of the page.
pub(super) fn lines(state: &State, known: Known<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    if let Some(heard) = &state.trace.heard {
        if heard.diagnosis.verdict.fix.is_some() {
            // Where a screen is small, what is to be done must not stand below its end.
            verdict(&mut page, heard);
            page.gap();
            heard_of(&mut page, heard);
        } else {
            heard_of(&mut page, heard);
            page.gap();
            verdict(&mut page, heard);
        }
    }
    page.lines
}

/// What was heard: the answer, what is behind it, the resolvers, and how far it is proven.
fn heard_of(page: &mut Page<'_>, heard: &Heard) {
    answer(page, heard);
    behind(page, heard);
    resolvers(page, heard);
    trust(page, heard);
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

/// The resolvers beside the servers; where no server can be asked, also what those over HTTPS say of each name on the way.
fn resolvers(page: &mut Page<'_>, heard: &Heard) {
    let rows: Vec<String> = heard.trace.resolvers.iter().map(|one| said(page, heard, one)).collect();
    for (number, row) in rows.iter().enumerate() {
        page.field(if number == 0 { "RESOLVERS" } else { "" }, row);
    }
    let told = heard.trace.hearsay.iter();
    let rows: Vec<String> = told
        .map(|one| {
            let Question { name, record_type } = &one.question;
            let alias = one
                .alias_of()
                .map_or_else(String::new, |name| format!("an alias of {name}: "));
            format!("{name} {record_type}  {alias}{}", said(page, heard, &one.said))
        })
        .collect();
    for (number, row) in rows.iter().enumerate() {
        page.field(if number == 0 { "HEARSAY" } else { "" }, row);
    }
}

/// What a resolver said, and until when it goes on saying so.
fn said(page: &Page<'_>, heard: &Heard, one: &ResolverSaid) -> String {
    let look = &page.state.look;
    let says = match &one.said {
        Ok(Resolved::Answer { records, .. }) => {
            let data: Vec<String> = records.iter().take(3).map(|record| record.shown_data()).collect();
            look.raw(&data.join(", "), 300)
        }
        Ok(Resolved::NoData(_)) => "no data".to_owned(),
        Ok(Resolved::NoName(_)) => "NXDOMAIN".to_owned(),
        Ok(Resolved::Refused(_)) => "REFUSED".to_owned(),
        Ok(Resolved::Failed(_)) => "SERVFAIL".to_owned(),
        Ok(Resolved::Unreachable(why)) => format!("cannot be reached: {}", why.words()),
        Ok(_) => "no answer that can be read".to_owned(),
        Err(_) => "not asked".to_owned(),
    };
    let ttl = one.said.as_ref().ok().and_then(Resolved::ttl);
    let until = ttl.and_then(|ttl| until(&heard.trace, ttl)).unwrap_or_default();
    format!("{}  {says}  {until}", look.raw(&one.resolver.to_string(), 120))
}

/// What a resolver that validates makes of the way: where the same is so of all of it, in a line.
fn trust(page: &mut Page<'_>, heard: &Heard) {
    for (number, row) in trust_rows(&heard.diagnosis.chain).iter().enumerate() {
        page.field(if number == 0 { "TRUST" } else { "" }, row);
    }
}

fn trust_rows(chain: &[Trusted]) -> Vec<String> {
    let subject = |one: &Trusted| match one.record_type {
        Some(record_type) => format!("{} {record_type}", one.name),
        None => one.name.to_string(),
    };
    let secure = chain.iter().take_while(|one| one.word() == "secure").last();
    let secure = secure.map(|last| format!("secure  down to {}", subject(last)));
    let others: Vec<&Trusted> = chain.iter().filter(|one| one.word() != "secure").collect();
    let alike = others.chunk_by(|one, next| goes_with(one, next));
    let others = alike.filter_map(|group| {
        let (first, last) = (group.first()?, group.last()?);
        let whom = match group {
            [one] => subject(one),
            [one, other] => format!("{}, {}", subject(one), subject(other)),
            _ => format!("{} to {}", subject(first), subject(last)),
        };
        Some(format!("{}  {whom}: {}", first.word(), first.says))
    });
    secure.into_iter().chain(others).collect()
}

/// Whether of one zone or record set nothing else is said than of the one before, or only that nothing is proven above it.
fn goes_with(before: &Trusted, one: &Trusted) -> bool {
    let depends = one.trust == Trust::Unknown(Unproven::Above);
    before.word() == one.word() && (depends || before.says == one.says)
}

fn verdict(page: &mut Page<'_>, heard: &Heard) {
    let verdict = &heard.diagnosis.verdict;
    let accounts = page.known.inventory.accounts();
    let look = &page.state.look;
    let prose = |text: &str| look.prose(text, accounts);
    page.text(0, &prose(&verdict.sentence), tone(verdict.outlook));
    if let Some(fix) = &verdict.fix {
        page.field("FIX", &prose(fix));
        if let Some(zone) = &verdict.who {
            let who = zone_words(page.state, page.known, zone);
            page.field("WHO", &format!("{who}, {}", zone.name));
        }
    }
    for (number, why) in verdict.why.iter().enumerate() {
        page.field(if number == 0 { "WHY" } else { "" }, &prose(why));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(name: &str, trust: Trust, says: &str) -> Trusted {
        Trusted {
            name: name.parse().expect("a name"),
            record_type: None,
            zone: None,
            leg: None,
            trust,
            says: says.to_owned(),
        }
    }

    #[test]
    fn of_what_the_same_is_said_it_is_said_once() {
        let no_ds = |name| judged(name, Trust::Unknown(Unproven::NoDs), "no DS");
        let above = |name| judged(name, Trust::Unknown(Unproven::Above), "not known of a zone above");
        let secure = judged("com", Trust::Secure(jiff::Timestamp::UNIX_EPOCH), "signed");
        let all = [
            secure,
            no_ds("example.com"),
            above("dev.example.com"),
            above("a.dev.example.com"),
        ];
        assert_eq!(
            trust_rows(&all),
            [
                "secure  down to com",
                "not proven  example.com to a.dev.example.com: no DS"
            ]
        );
        let unlike = [
            no_ds("example.com"),
            judged("dev.example.com", Trust::Insecure, "unknown"),
            above("x.example.com"),
        ];
        assert_eq!(trust_rows(&unlike).len(), 3);
        assert_eq!(
            trust_rows(&[no_ds("example.com"), no_ds("dev.example.com")]),
            ["not proven  example.com, dev.example.com: no DS"]
        );
    }
}
