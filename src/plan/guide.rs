//! The walk from a wish to a plan that a person said yes to: the terminal program draws it, the accessible one asks it.
//!
//! Pure. Invariant: a change of what is wished for throws the draft and all consent to it away; a draft that comes back for an
//! older wish is passed over; the yes is given once.

pub mod places;

use jiff::Timestamp;

use super::consent::{Consent, Missing};
use super::entry::Entry;
use super::friction::Friction;
use super::preflight::Override;
use super::wish::{ChildZone, Delegate, FIRST_TTL, Hidden, Want, Wish};
use super::{Plan, Refusal};
use crate::model::name::DnsName;
use crate::model::zone::ZoneId;

/// A step of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Which zone the name is delegated to.
    Child,
    /// What the record set is to be.
    Entry,
    /// Which zone delegates it.
    Parent,
    /// What was checked.
    Checks,
    /// What there is to choose.
    Options,
    /// What would be changed.
    Review,
    /// What the owner of the zone above is given.
    Request,
    /// It is applied, and proven.
    Apply,
}

impl Stage {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Child => "Child",
            Self::Entry => "Record set",
            Self::Parent => "Parent",
            Self::Checks => "Checks",
            Self::Options => "Options",
            Self::Review => "Review",
            Self::Request => "Request",
            Self::Apply => "Apply & verify",
        }
    }
}

/// What is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// A delegation, chosen step by step.
    Delegate(Delegation),
    /// A record set, as it is typed.
    Entry(Box<Entry>),
    /// Something that is whole from the start.
    Whole(Want),
}

/// A delegation as far as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// The name.
    pub name: Option<DnsName>,
    /// The zone to delegate to.
    pub to: Option<ChildZone>,
    /// The zone to delegate from.
    pub parent: Option<ZoneId>,
    /// Who writes it there.
    pub by: By,
    /// The TTL in seconds.
    pub ttl: u32,
    /// What becomes of hidden record sets.
    pub hidden: Hidden,
}

/// Who writes a delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Whoever walks here.
    #[default]
    Us,
    /// The owner of the zone above, who is asked for it.
    Owner,
}

/// How far the draft is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Draft {
    /// None was asked for.
    #[default]
    None,
    /// It is being made.
    UnderWay,
    /// There it is.
    Ready(Box<Plan>),
    /// There is none.
    Refused(Refusal),
}

/// The walk from a wish to a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    aim: Aim,
    overrides: Vec<Override>,
    stage: Stage,
    draft: Draft,
    /// Counts the drafts that were asked for.
    asked: u64,
    consent: Consent,
}

impl Guide {
    /// A walk to a delegation of a name, where one is known.
    pub fn delegate(name: Option<DnsName>) -> Self {
        let delegation = Delegation {
            name,
            to: None,
            parent: None,
            by: By::Us,
            ttl: FIRST_TTL,
            hidden: Hidden::default(),
        };
        Self::new(Aim::Delegate(delegation), Stage::Child)
    }

    /// A walk to what is whole from the start.
    pub fn to(want: Want) -> Self {
        let has_options = matches!(want, Want::Teardown(_) | Want::Undo { .. });
        let first = if has_options { Stage::Options } else { Stage::Checks };
        Self::new(Aim::Whole(want), first)
    }

    /// A walk to a record set that is typed.
    pub fn entry(entry: Entry) -> Self {
        Self::new(Aim::Entry(Box::new(entry)), Stage::Entry)
    }

    fn new(aim: Aim, stage: Stage) -> Self {
        Self {
            aim,
            overrides: Vec::new(),
            stage,
            draft: Draft::None,
            asked: 0,
            consent: Consent::default(),
        }
    }

    /// The steps there are, in their order.
    pub fn stages(&self) -> &'static [Stage] {
        use Stage::{Apply, Checks, Child, Entry, Options, Parent, Request, Review};
        match &self.aim {
            Aim::Delegate(chosen) if chosen.by == By::Owner => &[Child, Parent, Request],
            Aim::Delegate(_) => &[Child, Parent, Checks, Options, Review, Apply],
            Aim::Entry(_) => &[Entry, Checks, Review, Apply],
            Aim::Whole(Want::Teardown(_) | Want::Undo { .. }) => &[Options, Checks, Review, Apply],
            Aim::Whole(_) => &[Checks, Review, Apply],
        }
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The number of the step, from 1.
    pub fn number(&self) -> usize {
        self.stages().iter().position(|stage| *stage == self.stage).unwrap_or(0) + 1
    }

    /// What is wished for.
    pub fn aim(&self) -> &Aim {
        &self.aim
    }

    /// The delegation as far as it was chosen.
    pub fn delegation(&self) -> Option<&Delegation> {
        match &self.aim {
            Aim::Delegate(delegation) => Some(delegation),
            Aim::Entry(_) | Aim::Whole(_) => None,
        }
    }

    /// The draft.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The plan, once it is drafted.
    pub fn plan(&self) -> Option<&Plan> {
        match &self.draft {
            Draft::Ready(plan) => Some(plan),
            _ => None,
        }
    }

    /// What the person has done on the way to a yes.
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// The same, to add to it.
    pub fn consent_mut(&mut self) -> &mut Consent {
        &mut self.consent
    }

    /// What is overridden so far.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// Chooses the name that is delegated.
    pub fn name(&mut self, name: Option<DnsName>) {
        self.choose(|delegation| {
            if delegation.name != name {
                delegation.to = None;
                delegation.parent = None;
            }
            delegation.name = name;
        });
    }

    /// Chooses the zone to delegate to.
    pub fn child(&mut self, to: ChildZone) {
        self.choose(|delegation| delegation.to = Some(to));
    }

    /// Chooses the zone to delegate from.
    pub fn parent(&mut self, parent: Option<ZoneId>) {
        self.choose(|delegation| {
            delegation.parent = parent;
            delegation.by = By::Us;
        });
    }

    /// Leaves the zone above to its owner.
    pub fn ask_owner(&mut self) {
        self.choose(|delegation| {
            delegation.parent = None;
            delegation.by = By::Owner;
        });
    }

    /// Chooses the TTL.
    pub fn ttl(&mut self, ttl: u32) {
        self.choose(|delegation| delegation.ttl = ttl);
    }

    /// Chooses what becomes of hidden record sets.
    pub fn hidden(&mut self, hidden: Hidden) {
        self.choose(|delegation| delegation.hidden = hidden);
    }

    /// Wishes for something else that is whole.
    pub fn want(&mut self, want: Want) {
        if self.aim != Aim::Whole(want.clone()) {
            self.aim = Aim::Whole(want);
            self.forget();
        }
    }

    /// Types the record set otherwise.
    pub fn enter(&mut self, entry: Entry) {
        let is_other = matches!(&self.aim, Aim::Entry(before) if **before != entry);
        if is_other {
            self.aim = Aim::Entry(Box::new(entry));
            self.forget();
        }
    }

    fn choose(&mut self, change: impl FnOnce(&mut Delegation)) {
        let Aim::Delegate(delegation) = &mut self.aim else {
            return;
        };
        let before = delegation.clone();
        change(delegation);
        if *delegation != before {
            self.forget();
        }
    }

    /// Goes on in spite of a check, for a reason; without one no longer.
    pub fn go_on(&mut self, over: Override) {
        self.overrides.retain(|other| other.check != over.check);
        if !over.reason.expose().trim().is_empty() {
            self.overrides.push(over);
        }
        self.forget();
    }

    /// Throws the draft away, and all that was said to it.
    fn forget(&mut self) {
        self.draft = Draft::None;
        self.consent = Consent::default();
    }

    /// What is wished for, once everything is chosen.
    pub fn wish(&self) -> Option<Wish> {
        let want = match &self.aim {
            Aim::Whole(want) => want.clone(),
            Aim::Entry(entry) => Want::Records(entry.records()?),
            Aim::Delegate(chosen) if chosen.by == By::Owner => return None,
            Aim::Delegate(chosen) => Want::Delegate(Delegate {
                child: chosen.name.clone()?,
                parent: chosen.parent.clone(),
                to: chosen.to.clone()?,
                ttl: chosen.ttl,
                hidden: chosen.hidden,
            }),
        };
        Some(Wish {
            want,
            overrides: self.overrides.clone(),
        })
    }

    /// Asks for a draft: its number, and what it is to be of. The answer goes to [`Guide::drafted`].
    pub fn ask(&mut self) -> Option<(u64, Wish)> {
        let wish = self.wish()?;
        self.asked += 1;
        self.draft = Draft::UnderWay;
        self.consent = Consent::default();
        Some((self.asked, wish))
    }

    /// Takes a draft, unless it is of an older wish.
    pub fn drafted(&mut self, number: u64, outcome: Result<Plan, Refusal>) {
        if number != self.asked || self.draft != Draft::UnderWay {
            return;
        }
        self.draft = match outcome {
            Ok(plan) => Draft::Ready(Box::new(plan)),
            Err(refusal) => Draft::Refused(refusal),
        };
    }

    /// Throws the draft away, so that another is asked for.
    pub fn start_over(&mut self) {
        if self.stage != Stage::Apply {
            self.forget();
        }
    }

    /// Stands at the end of the walk, with a plan that was said yes to before.
    pub fn resume(&mut self, plan: Plan) {
        self.draft = Draft::Ready(Box::new(plan));
        self.stage = Stage::Apply;
    }

    /// Whether a draft has to be asked for here.
    pub fn wants_draft(&self) -> bool {
        matches!(self.stage, Stage::Checks | Stage::Review) && self.draft == Draft::None
    }

    /// Why there is no going on from here; none where there is.
    pub fn hindrance(&self) -> Option<String> {
        match (self.stage, &self.aim) {
            (Stage::Child, Aim::Delegate(chosen)) if chosen.name.is_none() => {
                Some("type the name that is to be delegated".to_owned())
            }
            (Stage::Child, Aim::Delegate(chosen)) if chosen.to.is_none() => {
                Some("choose the zone that it is delegated to".to_owned())
            }
            (Stage::Entry, Aim::Entry(entry)) => entry
                .edit()
                .err()
                .map(|(place, why)| format!("{}: {why}", place.word())),
            (Stage::Parent, Aim::Delegate(chosen))
                if chosen.by == By::Owner && !matches!(chosen.to, Some(ChildZone::Existing(_))) =>
            {
                Some("a request names a zone that is there: create the zone first, by whatever makes your zones, then read again".to_owned())
            }
            (Stage::Parent, Aim::Delegate(chosen)) if chosen.by == By::Us && chosen.parent.is_none() => {
                Some("choose the zone that delegates it".to_owned())
            }
            (Stage::Checks, _) => match &self.draft {
                Draft::Ready(plan) => plan
                    .preflight
                    .in_the_way()
                    .next()
                    .map(|check| format!("\"{}\" stands against it", check.title)),
                Draft::Refused(_) => Some("there is no plan".to_owned()),
                Draft::None | Draft::UnderWay => Some("it is still being checked".to_owned()),
            },
            (Stage::Review, _) => Some("apply it, or leave".to_owned()),
            (Stage::Request | Stage::Apply, _) => Some("this is the last step".to_owned()),
            _ => None,
        }
    }

    /// Goes on by one step; says why not.
    pub fn forward(&mut self) -> Result<Stage, String> {
        if let Some(hindrance) = self.hindrance() {
            return Err(hindrance);
        }
        let mut after = self.stages().iter().skip_while(|stage| **stage != self.stage).skip(1);
        if let Some(next) = after.next() {
            self.stage = *next;
        }
        Ok(self.stage)
    }

    /// Goes back by one step; false on the first, and once it is applied.
    pub fn back(&mut self) -> bool {
        let before = self.stages().iter().take_while(|stage| **stage != self.stage).last();
        match before {
            Some(before) if self.stage != Stage::Apply => {
                self.stage = *before;
                true
            }
            _ => false,
        }
    }

    /// What still keeps the plan from being applied.
    pub fn missing(&self, friction: &Friction, now: Timestamp) -> Vec<Missing> {
        match &self.draft {
            Draft::Ready(plan) => self.consent.missing(plan, friction, now),
            _ => vec![Missing::Unread],
        }
    }

    /// The yes: gives the plan out, once, where nothing is missing.
    pub fn apply(&mut self, friction: &Friction, now: Timestamp) -> Result<Plan, Missing> {
        if self.stage != Stage::Review {
            return Err(Missing::Unread);
        }
        if let Some(missing) = self.missing(friction, now).into_iter().next() {
            return Err(missing);
        }
        let plan = self.plan().cloned().ok_or(Missing::Unread)?;
        self.stage = Stage::Apply;
        Ok(plan)
    }

    /// The yes was not taken: back to the review, with nothing said to it.
    pub fn refused(&mut self) {
        if self.stage == Stage::Apply {
            self.stage = Stage::Review;
            self.consent = Consent::default();
        }
    }
}
