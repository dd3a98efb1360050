//! The record sets of a zone: all of them, filtered, scrolled; only those in view are unpacked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Opened, Tab};
use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::model::record::{RecordData, RecordSet, RecordType};
use crate::model::records::{RecordRef, Records};
use crate::plan::value;
use crate::plan::wish::{Edit, Records as WantedRecords, Want, ZoneChoice};
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::filter::{Field, Matching, Subject};
use crate::tui::filter_line::FilterLine;
use crate::tui::known::Known;
use crate::tui::look::Look;
use crate::tui::screens::text::TextPane;
use crate::tui::screens::tree::own_part;
use crate::tui::screens::wizard;
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Tone;
use crate::tui::widgets::row::{self, Cell};

/// The record sets of the zone that was opened.
#[derive(Debug, Clone, Default)]
pub struct RecordList {
    /// What is typed to filter them.
    pub line: FilterLine,
    /// The places of those that pass the filter.
    places: Vec<usize>,
    cursor: Cursor,
}

impl RecordList {
    /// Filters anew.
    pub fn refresh(&mut self, entry: Option<&ZoneEntry>) {
        let Some((entry, records)) = entry.and_then(|entry| Some((entry, entry.records()?))) else {
            self.places.clear();
            return;
        };
        let selected = self.places.get(self.cursor.at).copied();
        if self.line.filter().is_empty() {
            self.places = (0..records.len()).collect();
        } else {
            self.places = self.filtered(&entry.zone.name, records);
        }
        let line = selected.and_then(|place| self.places.binary_search(&place).ok());
        self.cursor.follow(line.unwrap_or(0));
    }

    fn filtered(&self, zone: &DnsName, records: &Records) -> Vec<usize> {
        let mut matching = Matching::default();
        let passes = |(place, record): (usize, RecordRef<'_>)| {
            let subject = Filtered {
                text: text_of(zone, &record).to_lowercase(),
                record,
            };
            self.line.filter().matches(&subject, &mut matching).then_some(place)
        };
        records.iter().enumerate().filter_map(passes).collect()
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        self.cursor.settle(self.places.len(), height.saturating_sub(3));
    }
}

struct Filtered<'a> {
    text: String,
    record: RecordRef<'a>,
}

impl Subject for Filtered<'_> {
    fn text(&self) -> &str {
        &self.text
    }

    fn field(&self, field: Field, wanted: &str) -> bool {
        let kind = self.record.record_type();
        match field {
            Field::Type => kind.as_str().to_lowercase().starts_with(wanted),
            Field::NameServer => kind.as_str() == "NS" && self.text.contains(wanted),
            _ => true,
        }
    }
}

/// What a filter searches of a record set; of a very long value its beginning is enough.
fn text_of(zone: &DnsName, record: &RecordRef<'_>) -> String {
    let mut text = record.name(zone).to_string();
    for value in record.values() {
        text.push(' ');
        text.extend(value.chars().take(512));
    }
    if record.is_alias()
        && let RecordData::Alias(alias) = record.unpack(zone).data
    {
        text.push(' ');
        text.push_str(alias.target.expose());
    }
    text
}

/// The zone that was opened and the record set under the cursor.
fn selected<'a>(state: &State, known: Known<'a>) -> Option<(&'a ZoneEntry, Option<RecordSet>)> {
    let screen = state.zone.as_ref().filter(|screen| screen.tab == Tab::Records)?;
    let (_, entry) = Opened::of(known, &screen.row).zone?;
    let place = screen.records.places.get(screen.records.cursor.at);
    let set = place.and_then(|place| entry.records()?.get(*place));
    Some((entry, set.map(|set| set.unpack(&entry.zone.name))))
}

/// Why no record set can be added, changed or deleted here; none where it can.
pub fn refusal(state: &State, known: Known<'_>, action: Action) -> Option<String> {
    let Some((entry, set)) = selected(state, known) else {
        return Some("only on the Records tab of a zone".to_owned());
    };
    if !entry.is_public() {
        return Some("zonecut changes public zones alone, and this one is private".to_owned());
    }
    if let Err(why) = state.lock.permits(entry.zone.key.account, state.now) {
        return Some(why);
    }
    if action == Action::AddRecord {
        return None;
    }
    let Some(set) = set else {
        return Some("no record set is selected".to_owned());
    };
    let kind = set.record_type;
    if set.name == entry.zone.name && (kind == RecordType::NS || kind == RecordType::SOA) {
        return Some(format!(
            "the {kind} record set at the apex is Route 53's own: see zonecut explain apex"
        ));
    }
    let is_alias = matches!(set.data, RecordData::Alias(_));
    match action {
        Action::ChangeRecord if is_alias => {
            Some("an alias is shown and not typed here: zonecut record set --alias changes it".to_owned())
        }
        Action::ChangeRecord if !value::WRITABLE.contains(&kind.as_str()) => {
            Some(format!("record sets of type {kind} are shown and not written"))
        }
        _ => None,
    }
}

/// Begins to add, change or delete a record set.
pub fn begin(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let Some((entry, set)) = selected(state, known) else {
        return Vec::new();
    };
    let (id, apex) = (entry.zone.key.id.clone(), entry.zone.name.clone());
    match (action, set) {
        (Action::AddRecord, _) => wizard::add_record(state, known, id, apex),
        (Action::ChangeRecord, Some(set)) => wizard::change_record(state, known, id, apex, &set),
        (Action::DeleteRecord, Some(set)) => {
            let what = format!("Delete the {} record set", set.record_type);
            let edit = Edit::Remove {
                name: set.name,
                record_type: set.record_type,
                identifier: set.routing.map(|routing| routing.set_identifier),
            };
            let want = Want::Records(WantedRecords {
                zone: ZoneChoice::Id(id),
                edits: vec![edit],
            });
            wizard::begin(state, known, what, want)
        }
        _ => Vec::new(),
    }
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(crate::tui::view::body_height(state))
        .unwrap_or(1)
        .saturating_sub(3)
        .max(1);
    let Some(screen) = &mut state.zone else {
        return Vec::new();
    };
    let list = &mut screen.records;
    let len = list.places.len();
    match action {
        Action::Down | Action::NextMatch => list.cursor.step(1, len),
        Action::Up | Action::PreviousMatch => list.cursor.step(-1, len),
        Action::HalfDown => list.cursor.step(page / 2, len),
        Action::HalfUp => list.cursor.step(-page / 2, len),
        Action::PageDown => list.cursor.step(page, len),
        Action::PageUp => list.cursor.step(-page, len),
        Action::First => list.cursor.at = 0,
        Action::Last => list.cursor.at = len.saturating_sub(1),
        Action::Filter => list.line.begin(),
        Action::Enter => show(state, known),
        _ => {}
    }
    Vec::new()
}

/// Shows the record set under the cursor with all its values.
fn show(state: &mut State, known: Known<'_>) {
    let Some(screen) = &state.zone else { return };
    let opened = Opened::of(known, &screen.row);
    let Some((_, entry)) = opened.zone else { return };
    let place = screen.records.places.get(screen.records.cursor.at).copied();
    let Some(record) = place.and_then(|place| entry.records()?.get(place)) else {
        return;
    };
    let set = record.unpack(&entry.zone.name);
    let look = &state.look;
    let title = format!("{} {}", look.name(&set.name), set.record_type);
    let pane = TextPane::new(title, lines_of(look, &set));
    state.overlays.push(Overlay::Text(pane));
}

/// A value longer than this is not shown whole even here.
const LONGEST: usize = 20_000;

fn lines_of(look: &Look, set: &RecordSet) -> Vec<String> {
    let ttl = set.ttl.map_or_else(|| "alias".to_owned(), |ttl| ttl.to_string());
    let mut lines = vec![
        format!("Name   {}", look.name(&set.name)),
        format!("Type   {}", set.record_type),
        format!("TTL    {ttl}"),
    ];
    if let Some(routing) = &set.routing {
        lines.push(format!("Policy {}", look.outside(&routing.policy, 200)));
        lines.push(format!("Set    {}", look.outside(&routing.set_identifier, 200)));
    }
    lines.push(String::new());
    match &set.data {
        RecordData::Values(values) => lines.extend(values.iter().map(|value| look.outside(value, LONGEST))),
        RecordData::Alias(alias) => {
            lines.push(format!("Alias of {}", look.outside(&alias.target, 400)));
            lines.push(format!("in zone  {}", look.outside(&alias.zone_id, 80)));
        }
    }
    lines
}

/// Draws the list.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, opened: &Opened<'_>, list: &RecordList) {
    let look = &state.look;
    let dim = look.style(Tone::Dim);
    let Some((_, entry)) = opened.zone else {
        row::text(buffer, row::at(area, 0), "No zone of this name is held.", dim);
        return;
    };
    let Some(records) = entry.records() else {
        row::text(buffer, row::at(area, 0), "Its record sets were not read.", dim);
        return;
    };
    let name = (area.width * 3 / 10).max(30);
    let policy = if area.width >= 100 { 14 } else { 0 };
    let used = name + 1 + 8 + 7 + if policy > 0 { policy + 1 } else { 0 };
    let widths = [name, 7, 6, area.width.saturating_sub(used + 1), policy];
    let heads = ["NAME", "TYPE", "TTL", "VALUES", "POLICY"].map(|head| Cell::new(head, dim));
    row::draw(buffer, row::at(area, 0), &widths, &heads);
    let rows = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let lines = list.places.iter().enumerate().skip(list.cursor.top);
    for ((line, place), area) in lines.zip(rows.rows()) {
        let Some(record) = records.get(*place) else { continue };
        let set = record.unpack(&entry.zone.name);
        row::draw(buffer, area, &widths, &cells(look, &set, &entry.zone.name));
        if line == list.cursor.at {
            row::select(buffer, area, look);
        }
    }
    if list.places.is_empty() {
        let text = if records.is_empty() {
            "The zone is empty."
        } else {
            "Nothing passes the filter. esc clears it."
        };
        row::text(buffer, row::at(rows, 1), text, Style::new());
    }
}

fn cells(look: &Look, set: &RecordSet, zone: &DnsName) -> [Cell; 5] {
    let plain = Style::new();
    let dim = look.style(Tone::Dim);
    let values = match &set.data {
        RecordData::Values(values) => {
            let shown: Vec<String> = values.iter().take(8).map(|value| look.outside(value, 120)).collect();
            let more = if values.len() > 8 {
                format!("  (+{})", values.len() - 8)
            } else {
                String::new()
            };
            shown.join("  ") + &more
        }
        RecordData::Alias(alias) => format!("alias {}", look.outside(&alias.target, 120)),
    };
    let policy = set
        .routing
        .as_ref()
        .map_or_else(String::new, |routing| look.outside(&routing.policy, 40));
    [
        Cell::below(look.name(&set.name), own_part(&set.name, zone), plain),
        Cell::new(set.record_type.to_string(), plain),
        Cell::right(set.ttl.map_or_else(|| "-".to_owned(), |ttl| ttl.to_string()), dim),
        Cell::new(values, plain),
        Cell::new(policy, dim),
    ]
}
