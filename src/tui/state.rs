//! Everything the terminal program remembers between two messages, apart from what is known of the DNS.
//!
//! Invariant: after each update the cursors are on rows that exist, and in view.

use jiff::Timestamp;

use crate::config::{Glyphs, StartView};
use crate::engine::progress::{Progress, Stage};
use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneKey;

use super::glyphs::{GlyphSet, SPINNER};
use super::keymap::Context;
use super::known::{Holding, Known, Tally};
use super::launch::{Banner, Launch, Reach};
use super::lock::Lock;
use super::look::Look;
use super::message::News;
use super::screens::accounts::Accounts;
use super::screens::activity::Activity;
use super::screens::changes::Changes;
use super::screens::first_run::FirstRunScreen;
use super::screens::help::Help;
use super::screens::mfa::Questions;
use super::screens::palette::Palette;
use super::screens::problems::Problems;
use super::screens::round::Round;
use super::screens::text::TextPane;
use super::screens::trace::TraceScreen;
use super::screens::tree::Tree;
use super::screens::tree::nodes::RowId;
use super::screens::unlock::Unlock;
use super::screens::ways::Ways;
use super::screens::wizard::{Shown, Wizard};
use super::screens::zone::ZoneScreen;

/// The views that the number keys lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The tree.
    Tree,
    /// The problems.
    Problems,
    /// The trace.
    Trace,
    /// The changes.
    Changes,
    /// The activity.
    Activity,
}

/// What lies on top of a view.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The help.
    Help(Help),
    /// The palette.
    Palette(Palette),
    /// The accounts.
    Accounts(Accounts),
    /// What can be copied.
    Copy,
    /// What can be read again.
    Scope,
    /// A text.
    Text(TextPane),
    /// What is to be unlocked.
    Unlock(Unlock),
    /// The ways of mending a finding.
    Ways(Ways),
    /// What is marked, and how far it is mended.
    Round,
    /// A change was left in the middle.
    Unfinished,
    /// Whether to leave while a change is being applied.
    Leaving,
}

/// A line for the person, until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What it says.
    pub text: String,
    /// Whether it is bad news.
    pub kind: ToastKind,
}

/// Whether a toast is bad news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done.
    Done,
    /// Something was not done, and why.
    Refused,
}

/// Everything the terminal program remembers.
#[derive(Debug, Clone)]
pub struct State {
    /// The columns and rows of the window.
    pub size: (u16, u16),
    /// The time, as of the latest tick.
    pub now: Timestamp,
    /// How things are shown.
    pub look: Look,
    /// What stands in the header before everything else.
    pub title: Untrusted,
    /// Whether the data are not those of the real Route 53.
    pub banner: Banner,
    /// Which view was configured to come first.
    pub start_view: StartView,
    /// Whether anything can be asked of AWS.
    pub reach: Reach,
    /// How each account logs in.
    pub logins: Vec<Untrusted>,
    /// How far the scan is.
    pub progress: Progress,
    /// How many problems there are.
    pub tally: Tally,
    /// What is held of each account.
    pub holdings: Vec<Holding>,
    /// Which view is shown.
    pub view: View,
    /// Which was shown before it.
    pub previous: View,
    /// The tree.
    pub tree: Tree,
    /// The problems.
    pub problems: Problems,
    /// The trace.
    pub trace: TraceScreen,
    /// The activity.
    pub activity: Activity,
    /// The changes.
    pub changes: Changes,
    /// Whether anything may be written.
    pub lock: Lock,
    /// A change that is being made, on top of the view.
    pub wizard: Option<Wizard>,
    /// What was marked and is mended one after the other.
    pub round: Option<Round>,
    /// The zone that was opened, on top of the view.
    pub zone: Option<ZoneScreen>,
    /// What lies on top of everything, the topmost last.
    pub overlays: Vec<Overlay>,
    /// The first start.
    pub first_run: Option<FirstRunScreen>,
    /// The codes that accounts wait for.
    pub questions: Questions,
    /// A line for the person.
    pub toast: Option<Toast>,
    /// The text that was copied last.
    pub copied: Option<String>,
    /// Counts the ticks, for what moves.
    pub beat: usize,
    /// Whether what is derived from what is known has to be derived again.
    pub news: News,
    /// What the scan was last told the eye is on.
    pub focus: Vec<ZoneKey>,
}

/// What an action is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The name.
    pub name: Option<DnsName>,
    /// The zone.
    pub zone: Option<ZoneKey>,
    /// The account.
    pub account: Option<AccountIx>,
}

/// The least window that is drawn into.
pub const LEAST: (u16, u16) = (60, 16);

/// What was configured wins over what the terminal seems to be able to show.
fn glyphs(launch: &Launch) -> GlyphSet {
    match launch.ui.glyphs {
        Glyphs::Auto => launch.surroundings.glyphs,
        Glyphs::Unicode => GlyphSet::Unicode,
        Glyphs::Ascii => GlyphSet::Ascii,
    }
}

impl State {
    /// The state at the start.
    pub fn new(launch: Launch, size: (u16, u16), now: Timestamp) -> Self {
        let look = Look::new(
            launch.ui.theme,
            launch.surroundings.colours,
            glyphs(&launch),
            launch.privacy,
        );
        let mut state = Self {
            size,
            now,
            look,
            title: launch.title,
            banner: launch.banner,
            start_view: launch.ui.start_view,
            reach: launch.reach,
            logins: launch.logins,
            progress: Progress::default(),
            tally: Tally::default(),
            holdings: Vec::new(),
            view: View::Tree,
            previous: View::Problems,
            tree: Tree::default(),
            problems: Problems::default(),
            trace: TraceScreen::default(),
            activity: Activity::default(),
            changes: Changes::default(),
            lock: launch.lock,
            wizard: None,
            round: None,
            zone: None,
            overlays: Vec::new(),
            first_run: launch.first_run.map(FirstRunScreen::new),
            questions: Questions::default(),
            toast: None,
            copied: None,
            beat: 0,
            news: News::Some,
            focus: Vec::new(),
        };
        if launch.ui.start_view == StartView::Problems {
            state.show(View::Problems);
        }
        state
    }

    /// Goes to a view and closes what lies on top of it; a change that is being applied goes on behind it.
    pub fn show(&mut self, view: View) {
        match &mut self.wizard {
            Some(wizard) if wizard.is_applying() => wizard.shown = Shown::Aside,
            _ => self.wizard = None,
        }
        self.zone = None;
        self.overlays.clear();
        if self.view != view {
            self.previous = self.view;
            self.view = view;
        }
    }

    /// Says something until the next key.
    pub fn say(&mut self, text: impl Into<String>) {
        self.toast = Some(Toast {
            text: text.into(),
            kind: ToastKind::Done,
        });
    }

    /// Says why something was not done.
    pub fn refuse(&mut self, text: impl Into<String>) {
        self.toast = Some(Toast {
            text: text.into(),
            kind: ToastKind::Refused,
        });
    }

    /// What has the keyboard.
    pub fn context(&self) -> Context {
        if self.is_asking() {
            return Context::Mfa;
        }
        match self.overlays.last() {
            Some(Overlay::Help(_)) => Context::Help,
            Some(Overlay::Palette(_)) => Context::Palette,
            Some(Overlay::Accounts(_)) => Context::Accounts,
            Some(Overlay::Copy) => Context::Copy,
            Some(Overlay::Scope) => Context::Scope,
            Some(Overlay::Text(_)) => Context::Text,
            Some(Overlay::Unlock(_)) => Context::Unlock,
            Some(Overlay::Ways(_)) => Context::Ways,
            Some(Overlay::Round) => Context::Round,
            Some(Overlay::Unfinished) => Context::Unfinished,
            Some(Overlay::Leaving) => Context::Leaving,
            None => self.base_context(),
        }
    }

    /// What would have the keyboard, were nothing on top.
    pub fn base_context(&self) -> Context {
        if self.first_run.is_some() {
            return Context::FirstRun;
        }
        if self.wizard_on_screen().is_some() {
            return Context::Wizard;
        }
        if self.zone.is_some() {
            return Context::Zone;
        }
        match self.view {
            View::Tree => Context::Tree,
            View::Problems => Context::Problems,
            View::Trace => Context::Trace,
            View::Changes => Context::Changes,
            View::Activity => Context::Activity,
        }
    }

    /// The change that is being made, unless it goes on behind the other screens.
    pub fn wizard_on_screen(&self) -> Option<&Wizard> {
        self.wizard.as_ref().filter(|wizard| wizard.shown == Shown::Here)
    }

    /// Whether a change is being applied.
    pub fn is_applying(&self) -> bool {
        self.wizard.as_ref().is_some_and(Wizard::is_applying)
    }

    /// What is held of an account.
    pub fn holding(&self, place: AccountIx) -> Holding {
        self.holdings.get(place.0 as usize).copied().unwrap_or_default()
    }

    /// Whether the window is too small to be drawn into.
    pub fn is_too_small(&self) -> bool {
        self.size.0 < LEAST.0 || self.size.1 < LEAST.1
    }

    /// Whether an account is still being read, or halted.
    pub fn is_scanning(&self) -> bool {
        !self.progress.is_done()
    }

    /// Whether the scan is halted.
    pub fn is_paused(&self) -> bool {
        let mut left = self
            .progress
            .accounts
            .iter()
            .filter(|account| !account.is_done())
            .peekable();
        left.peek().is_some() && left.all(|account| account.stage == Stage::Paused)
    }

    /// Whether name servers are still being asked.
    pub fn is_asking_servers(&self) -> bool {
        self.progress.live.is_some_and(|live| live.done < live.total)
    }

    /// Whether something on the screen moves by itself.
    pub fn is_moving(&self) -> bool {
        (self.is_scanning() && !self.is_paused())
            || self.is_asking_servers()
            || self.trace.is_moving()
            || self.wizard.as_ref().is_some_and(Wizard::is_moving)
            || self.lock.left(self.now).is_some()
    }

    /// What stands for something that is being worked on.
    pub fn spinner(&self) -> &'static str {
        SPINNER
            .iter()
            .copied()
            .cycle()
            .nth(self.beat % SPINNER.len())
            .unwrap_or("▖")
    }

    /// What an action would be about.
    pub fn target(&self, known: Known<'_>) -> Target {
        let accounts = self.overlays.iter().rev().find_map(|overlay| match overlay {
            Overlay::Accounts(accounts) => Some(accounts),
            _ => None,
        });
        if let Some(accounts) = accounts {
            return Target {
                account: accounts.selected(known),
                ..Target::default()
            };
        }
        if let Some(wizard) = self.wizard_on_screen() {
            return Target {
                name: wizard.subject().cloned(),
                ..Target::default()
            };
        }
        if let Some(zone) = &self.zone {
            return Target::of_row(known, &zone.row);
        }
        match self.view {
            View::Tree => self
                .tree
                .selected()
                .map_or_else(Target::default, |row| Target::of_row(known, row)),
            View::Problems => self.problems.target(known),
            View::Trace => self.trace.target(),
            View::Changes => self.changes.target(),
            View::Activity => self.activity.target(self),
        }
    }
}

impl Target {
    /// What a row of the tree is about.
    pub fn of_row(known: Known<'_>, row: &RowId) -> Self {
        match row {
            RowId::Zone(key) => Self {
                name: known.zone(key).map(|(_, entry)| entry.zone.name.clone()),
                zone: Some(key.clone()),
                account: Some(key.account),
            },
            RowId::Cut(name) => Self {
                name: Some(name.clone()),
                ..Self::default()
            },
            RowId::Account(place) => Self {
                account: Some(*place),
                ..Self::default()
            },
            RowId::Root | RowId::PrivateZones | RowId::UnreadAccounts => Self::default(),
        }
    }
}
