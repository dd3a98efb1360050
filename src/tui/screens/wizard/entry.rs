//! A record set as it is typed: one field for each text of it, a row for each value, and one row more for the next.

use ratatui::text::Line;

use super::items::Item;
use super::{Wizard, enter_stage, open};
use crate::model::name::DnsName;
use crate::model::record::RecordSet;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::plan::entry::{Entry, Place, Task};
use crate::plan::guide::{Aim, Guide};
use crate::plan::wish::FIRST_TTL;
use crate::tui::effect::Effect;
use crate::tui::field::Field;
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// The width of the labels.
const LABEL: usize = 7;
/// The least columns that what is typed has.
const ROOM: usize = 16;

/// The fields of a record set.
#[derive(Debug, Clone)]
pub struct Form {
    zone: ZoneId,
    /// The name of the zone.
    pub apex: DnsName,
    task: Task,
    /// The policy that is kept, fit to be shown.
    policy: Option<Untrusted>,
    name: Field,
    record_type: Field,
    ttl: Field,
    values: Vec<Field>,
}

impl Form {
    /// For a record set that is added to a zone.
    pub fn adding(zone: ZoneId, apex: DnsName) -> Self {
        let name = Field::new(&format!(".{apex}"), 0);
        Self {
            zone,
            apex,
            task: Task::Add,
            policy: None,
            name,
            record_type: Field::default(),
            ttl: end(&FIRST_TTL.to_string()),
            values: vec![Field::default()],
        }
    }

    /// For a record set that is there; none where one of its values cannot be typed.
    pub fn changing(zone: ZoneId, apex: DnsName, set: &RecordSet) -> Option<Self> {
        let values: Vec<&str> = set.values().iter().map(Untrusted::expose).collect();
        let mut fields: Vec<Field> = values.iter().map(|value| end(value)).collect();
        let is_whole = fields.iter().map(Field::text).eq(values);
        fields.push(Field::default());
        let identifier = set.routing.as_ref().map(|routing| routing.set_identifier.clone());
        is_whole.then(|| Self {
            zone,
            apex,
            task: Task::Change { identifier },
            policy: set.routing.as_ref().map(|routing| routing.policy.clone()),
            name: end(&set.name.to_string()),
            record_type: end(set.record_type.as_str()),
            ttl: end(&set.ttl.map_or_else(String::new, |ttl| ttl.to_string())),
            values: fields,
        })
    }

    /// What is typed.
    pub fn entry(&self) -> Entry {
        Entry {
            zone: self.zone.clone(),
            apex: self.apex.clone(),
            task: self.task.clone(),
            name: self.name.text().to_owned(),
            record_type: self.record_type.text().to_owned(),
            ttl: self.ttl.text().to_owned(),
            values: self.values.iter().map(|value| value.text().to_owned()).collect(),
        }
    }

    /// The fields that can be typed into: of what is there, name and type stay.
    pub fn items(&self) -> Vec<Item> {
        let place: &[Place] = match self.task {
            Task::Add => &[Place::Name, Place::Type, Place::Ttl],
            Task::Change { .. } => &[Place::Ttl],
        };
        let values = (0..self.values.len()).map(Place::Value);
        place.iter().copied().chain(values).map(Item::Entry).collect()
    }

    /// One of them.
    pub fn field_mut(&mut self, place: Place) -> Option<&mut Field> {
        match place {
            Place::Name => Some(&mut self.name),
            Place::Type => Some(&mut self.record_type),
            Place::Ttl => Some(&mut self.ttl),
            Place::Value(number) => self.values.get_mut(number),
        }
    }

    fn field(&self, place: Place) -> Option<&Field> {
        match place {
            Place::Name => Some(&self.name),
            Place::Type => Some(&self.record_type),
            Place::Ttl => Some(&self.ttl),
            Place::Value(number) => self.values.get(number),
        }
    }

    /// Keeps one empty row for the next value.
    pub fn grow(&mut self) {
        if self.values.last().is_none_or(|last| !last.text().is_empty()) {
            self.values.push(Field::default());
        }
    }

    /// Pastes lines from a value on, each a value of its own.
    pub fn paste(&mut self, number: usize, text: &str) {
        for (line, place) in text.lines().zip(number..) {
            if let Some(field) = self.field_mut(Place::Value(place)) {
                field.paste(line);
            }
            self.grow();
        }
    }

    /// Whether this is the empty row for the next value, behind others.
    pub fn is_spare(&self, place: Place) -> bool {
        let last = self.values.len().saturating_sub(1);
        place == Place::Value(last) && last > 0 && self.field(place).is_some_and(|field| field.text().is_empty())
    }
}

/// Begins to add a record set to a zone.
pub fn add(state: &mut State, known: Known<'_>, zone: ZoneId, apex: DnsName) -> Vec<Effect> {
    type_record(state, known, "Add a record set to", Form::adding(zone, apex))
}

/// Begins to change a record set of a zone; says so where it cannot be typed.
pub fn change(state: &mut State, known: Known<'_>, zone: ZoneId, apex: DnsName, set: &RecordSet) -> Vec<Effect> {
    match Form::changing(zone, apex, set) {
        Some(form) => type_record(state, known, "Change a record set of", form),
        None => {
            state.refuse("it holds a value that cannot be typed here: zonecut record set changes it");
            Vec::new()
        }
    }
}

fn type_record(state: &mut State, known: Known<'_>, what: &str, form: Form) -> Vec<Effect> {
    let mut wizard = Wizard::new(what, Guide::entry(form.entry()));
    wizard.form = Some(form);
    let mut effects = open(state, wizard);
    effects.extend(enter_stage(state, known));
    effects
}

fn end(text: &str) -> Field {
    Field::new(text, text.chars().count())
}

/// What stands above the fields.
pub(super) fn lines(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let Some(form) = &wizard.form else { return page.lines };
    match &form.task {
        Task::Add => page.text(
            0,
            "The name in full; each value on a row of its own, as Route 53 writes it.",
            Tone::Plain,
        ),
        Task::Change { .. } => {
            let what = format!("{} {}", state.look.raw(form.name.text(), 300), form.record_type.text());
            page.text(0, &what, Tone::Heading);
        }
    }
    if let (Task::Change { identifier: Some(set) }, Some(policy)) = (&form.task, &form.policy) {
        let kept = format!(
            "Policy {}, set {}: kept as it is.",
            state.look.outside(policy, 80),
            state.look.outside(set, 80)
        );
        page.text(0, &kept, Tone::Dim);
    }
    let example = match wizard.guide.aim() {
        Aim::Entry(entry) => entry.example(),
        _ => None,
    };
    let example = example.map_or_else(
        || "A type is one of A AAAA CAA CNAME DS MX NS PTR SRV TXT.".to_owned(),
        |example| format!("A value is {example}"),
    );
    page.text(0, &example, Tone::Dim);
    page.lines
}

/// A field with what is wrong about it, and the column of the cursor in it.
pub(super) fn row(state: &State, wizard: &Wizard, place: Place) -> (String, Option<(usize, usize)>) {
    let label = format!("{:LABEL$}", place.word());
    let (Some(field), Aim::Entry(entry)) = (
        wizard.form.as_ref().and_then(|form| form.field(place)),
        wizard.guide.aim(),
    ) else {
        return (label, None);
    };
    let flaw = entry.flaw(place).map_or_else(String::new, |why| format!("  ✗ {why}"));
    let inside = usize::from(state.size.0).saturating_sub(4 + 2 + LABEL);
    let room = inside.saturating_sub(flaw.chars().count() + 1).max(ROOM);
    let text = state.look.raw(field.text(), 5_000);
    // A long value is shown around its cursor.
    let column = field.column();
    let hidden = (column + 1).saturating_sub(room);
    let shown: String = text.chars().skip(hidden).take(room).collect();
    (format!("{label}{shown}{flaw}"), Some((LABEL, column - hidden)))
}
