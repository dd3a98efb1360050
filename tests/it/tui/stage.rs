//! The stage: the state, what is known, and a window, without a terminal.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use zonecut::config::{Glyphs, Theme, Ui};
use zonecut::engine::progress::{AccountProgress, Progress, Sent, Stage as AccountStage};
use zonecut::findings::Survey;
use zonecut::model::account::{Account, AccountIx, Env};
use zonecut::model::inventory::{Fact, Inventory};
use zonecut::model::name::DnsName;
use zonecut::model::text::Untrusted;
use zonecut::sim::world::World;
use zonecut::tui::effect::Effect;
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::keymap::Key;
use zonecut::tui::known::Known;
use zonecut::tui::launch::{Banner, Launch, Reach, Surroundings};
use zonecut::tui::lock::{Lock, Rule};
use zonecut::tui::message::{Message, News};
use zonecut::tui::privacy::Privacy;
use zonecut::tui::screens::tree::nodes::RowId;
use zonecut::tui::state::State;
use zonecut::tui::theme::Colours;
use zonecut::tui::update::update;
use zonecut::tui::view::view;

use crate::organisations::reading::{self, Troubles};

/// The state, what is known, and a window.
pub struct Stage {
    pub state: State,
    pub inventory: Inventory,
    pub survey: Survey,
    /// Every effect so far.
    pub effects: Vec<Effect>,
}

/// The time of the stage: two minutes after everything was read.
pub fn now() -> Timestamp {
    Timestamp::from_second(120).expect("a time")
}

/// A launch with nothing special about it, without colours.
pub fn launch() -> Launch {
    Launch {
        ui: Ui {
            theme: Theme::Ansi,
            glyphs: Glyphs::Unicode,
            ..Ui::default()
        },
        surroundings: Surroundings {
            colours: Colours::None,
            ..Surroundings::default()
        },
        title: Untrusted::from("acme-org"),
        banner: Banner::Demo,
        reach: Reach::Live,
        privacy: Privacy::Shown,
        lock: Lock::new(vec![Rule::Lockable; 64]),
        logins: Vec::new(),
        first_run: None,
    }
}

/// The demo's world.
pub fn world() -> World {
    World::from_toml(include_str!("../../../assets/demo.toml")).expect("the demo is a world")
}

/// What is known before the curtain rises: an inventory and the verdicts on it.
#[derive(Clone, Default)]
pub struct Base {
    pub inventory: Inventory,
    pub survey: Survey,
}

impl Base {
    /// An inventory from which no verdict was derived yet.
    pub fn of(mut inventory: Inventory) -> Self {
        let survey = Survey::of(&mut inventory);
        Self { inventory, survey }
    }
}

/// The demo, read in full.
pub fn demo() -> Base {
    base(&world(), &Troubles::default())
}

/// A world, read as far as the troubles let it be.
pub fn base(world: &World, troubles: &Troubles) -> Base {
    let mut inventory = Inventory::new(reading::accounts(world).into_iter().map(with_env).collect());
    for fact in reading::facts(world, troubles) {
        inventory.apply(fact);
    }
    let mut survey = Survey::of(&mut inventory);
    loop {
        let wants = reading::wants(&survey, &inventory);
        if wants.is_empty() {
            return Base { inventory, survey };
        }
        for want in &wants {
            inventory.apply(reading::answer(world, troubles, want));
        }
        survey.refresh(&mut inventory);
    }
}

fn with_env(mut account: Account) -> Account {
    let name = account.name.expose().to_owned();
    account.env = zonecut::config::classify(None, &name, None);
    if account.env == Env::Unknown && name.contains("dev") {
        account.env = Env::NonProd;
        account.env_label = Some(Untrusted::from("dev"));
    }
    account
}

impl Stage {
    /// A stage over what is known.
    pub fn new(base: Base, launch: Launch, size: (u16, u16)) -> Self {
        let Base { inventory, survey } = base;
        let mut state = State::new(launch, size, now());
        state.start(Known {
            inventory: &inventory,
            survey: &survey,
        });
        Self {
            state,
            inventory,
            survey,
            effects: Vec::new(),
        }
    }

    /// The demo, read in full, on a stage of this size.
    pub fn demo(size: (u16, u16)) -> Self {
        Self::new(demo(), launch(), size)
    }

    /// What is known.
    pub fn known(&self) -> Known<'_> {
        Known {
            inventory: &self.inventory,
            survey: &self.survey,
        }
    }

    /// Puts the cursor of the tree on the public zone of a name.
    pub fn reveal(&mut self, name: &str) {
        let name: DnsName = name.parse().expect("a name");
        let zone = self.inventory.public_zones(name.as_wire())[0];
        let key = self.inventory.zone(zone).expect("a zone").zone.key.clone();
        let known = Known {
            inventory: &self.inventory,
            survey: &self.survey,
        };
        self.state.tree.reveal(known, &RowId::Zone(key));
    }

    /// Tells it something.
    pub fn tell(&mut self, message: Message) -> Vec<Effect> {
        let known = Known {
            inventory: &self.inventory,
            survey: &self.survey,
        };
        let effects = update(&mut self.state, known, message);
        self.effects.extend(effects.iter().cloned());
        effects
    }

    /// Presses keys, written as in the keymap, with blanks between them; `"text"` is typed letter by letter.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for (place, part) in keys.split('"').enumerate() {
            if place % 2 == 1 {
                part.chars()
                    .for_each(|c| _ = self.key(KeyCode::Char(c), KeyModifiers::NONE));
                continue;
            }
            for key in part.split(' ').filter(|key| !key.is_empty()) {
                let key = Key::read(key).unwrap_or_else(|| panic!("{key} is no key"));
                self.key(key.code, key.modifiers);
            }
        }
        self
    }

    /// Presses one key.
    pub fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) -> Vec<Effect> {
        self.tell(Message::Key(KeyEvent::new(code, modifiers)))
    }

    /// Learns some facts, and lets the screen catch up.
    pub fn learn(&mut self, facts: Vec<Fact>) {
        for fact in facts {
            self.inventory.apply(fact);
        }
        self.survey.refresh(&mut self.inventory);
        self.tick(self.state.progress.clone());
    }

    /// Lets the screen catch up.
    pub fn tick(&mut self, progress: Progress) {
        self.tell(Message::Tick {
            now: now(),
            progress,
            news: News::Some,
        });
    }

    /// The frame.
    pub fn frame(&self) -> Buffer {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view(&self.state, self.known(), &mut buffer);
        buffer
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        text_of(&self.frame())
    }

    /// The line of the screen that is under the cursor, without its border.
    pub fn selected_line(&self) -> String {
        let frame = self.frame();
        let width = usize::from(frame.area.width);
        let reversed = |row: &[ratatui::buffer::Cell]| {
            row.iter()
                .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED))
                .count()
        };
        let row = frame
            .content
            .chunks(width)
            .max_by_key(|row| reversed(row))
            .expect("a row");
        row.iter()
            .map(|cell| cell.symbol())
            .collect::<String>()
            .trim()
            .to_owned()
    }

    /// The number of the line that is under the cursor.
    pub fn selected_row(&self) -> usize {
        let line = self.selected_line();
        self.screen()
            .lines()
            .position(|other| other.trim() == line)
            .expect("it is on the screen")
    }

    /// What is seen by other glyphs.
    pub fn with_glyphs(mut self, glyphs: GlyphSet) -> Self {
        self.state.look.glyphs = glyphs;
        self
    }
}

/// A frame as text, blanks at the ends of lines left out.
pub fn text_of(frame: &Buffer) -> String {
    let width = usize::from(frame.area.width.max(1));
    let rows = frame.content.chunks(width);
    let lines = rows.map(|row| {
        row.iter()
            .map(|cell| cell.symbol())
            .collect::<String>()
            .trim_end()
            .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// How far a scan of an inventory is, halfway through.
pub fn halfway(inventory: &Inventory) -> Progress {
    let accounts = inventory.accounts_with_places().map(|(account, _)| {
        let zones = inventory
            .iter()
            .filter(|(_, entry)| entry.zone.key.account == account)
            .count() as u64;
        AccountProgress {
            account,
            stage: if account.0 % 2 == 0 {
                AccountStage::Done
            } else {
                AccountStage::Reading
            },
            zones_listed: zones,
            zones_expected: Some(zones),
            zones_read: if account.0 % 2 == 0 { zones } else { zones / 2 },
            sent: Sent {
                zones: 1,
                records: zones,
                ..Sent::default()
            },
            throttled: u64::from(account.0 == 3),
            retried: 0,
            failed: 0,
            queued: 12,
            in_flight: 4,
            remaining: zones / 2,
            rate: 8.0,
            limit: 8.0,
            now: 5,
            back_off: (account == AccountIx(3)).then_some(Duration::from_millis(1_200)),
            eta: Some(Duration::from_secs(41)),
            problem: None,
        }
    });
    Progress {
        accounts: accounts.collect(),
        requests: Vec::new(),
        elapsed: Duration::from_secs(12),
        live: None,
    }
}
