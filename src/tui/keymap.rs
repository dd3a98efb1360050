//! The keymap as data: which key asks for what, where; help, footers and the palette are read back from it.
//!
//! A screen's own keys win over the general ones while it is on top, except where [`EVERYWHERE`] says otherwise.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;

use super::action::Action;

/// What has the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// The tree.
    Tree,
    /// One zone.
    Zone,
    /// The problems.
    Problems,
    /// The trace.
    Trace,
    /// The changes.
    Changes,
    /// The activity.
    Activity,
    /// A change that is being made, step by step.
    Wizard,
    /// What is to be unlocked.
    Unlock,
    /// The ways of mending a finding.
    Ways,
    /// What is marked, and how far it is mended.
    Round,
    /// Whether to leave while a change is being applied.
    Leaving,
    /// What was left in the middle.
    Unfinished,
    /// The accounts.
    Accounts,
    /// The help.
    Help,
    /// The palette.
    Palette,
    /// The menu of what can be copied.
    Copy,
    /// The menu of what can be read again.
    Scope,
    /// A text to read or to select by hand.
    Text,
    /// The code of a multi-factor device.
    Mfa,
    /// The first start.
    FirstRun,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 20] = [
        Self::Tree,
        Self::Zone,
        Self::Problems,
        Self::Trace,
        Self::Changes,
        Self::Activity,
        Self::Wizard,
        Self::Unlock,
        Self::Ways,
        Self::Round,
        Self::Leaving,
        Self::Unfinished,
        Self::Accounts,
        Self::Help,
        Self::Palette,
        Self::Copy,
        Self::Scope,
        Self::Text,
        Self::Mfa,
        Self::FirstRun,
    ];

    /// The name of its section.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Zone => "zone",
            Self::Problems => "problems",
            Self::Trace => "trace",
            Self::Changes => "changes",
            Self::Activity => "activity",
            Self::Wizard => "wizard",
            Self::Unlock => "unlock",
            Self::Ways => "ways",
            Self::Round => "round",
            Self::Leaving => "leaving",
            Self::Unfinished => "unfinished",
            Self::Accounts => "accounts",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::Copy => "copy",
            Self::Scope => "scope",
            Self::Text => "text",
            Self::Mfa => "mfa",
            Self::FirstRun => "first-run",
        }
    }
}

/// Actions whose keys no screen may take for something else.
pub const EVERYWHERE: [Action; 12] = [
    Action::Unlock,
    Action::Quit,
    Action::Back,
    Action::QuitNow,
    Action::Help,
    Action::Palette,
    Action::Filter,
    Action::ViewTree,
    Action::ViewProblems,
    Action::ViewActivity,
    Action::ViewTrace,
    Action::ViewChanges,
];

/// One key press, without what terminals disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// Whether Ctrl was held.
    pub modifiers: KeyModifiers,
}

impl Key {
    /// Takes what matters from an event: the shift of a letter is in the letter.
    pub fn of(event: &KeyEvent) -> Self {
        Self {
            code: event.code,
            modifiers: event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT),
        }
    }

    /// Reads `j`, `ctrl-d`, `space`, `pgdn`; none where it is no key.
    pub fn read(text: &str) -> Option<Self> {
        let (modifiers, name) = match text.strip_prefix("ctrl-") {
            Some(name) => (KeyModifiers::CONTROL, name),
            None => (KeyModifiers::NONE, text),
        };
        let named = NAMED.iter().find(|(word, _)| *word == name).map(|(_, code)| *code);
        let mut letters = name.chars();
        let code = match (named, letters.next(), letters.next()) {
            (Some(code), _, _) => code,
            (None, Some(letter), None) => KeyCode::Char(letter),
            _ => return None,
        };
        Some(Self { code, modifiers })
    }

    /// The key as help and footers write it.
    pub fn shown(&self) -> String {
        let ctrl = if self.modifiers.contains(KeyModifiers::CONTROL) {
            "ctrl-"
        } else {
            ""
        };
        let name = match self.code {
            KeyCode::BackTab => "shift-tab".to_owned(),
            KeyCode::Char(letter) if letter != ' ' => letter.to_string(),
            code => NAMED
                .iter()
                .find(|(_, named)| *named == code)
                .map_or_else(String::new, |(word, _)| (*word).to_owned()),
        };
        format!("{ctrl}{name}")
    }
}

const NAMED: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("space", KeyCode::Char(' ')),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("backspace", KeyCode::Backspace),
    ("f1", KeyCode::F(1)),
];

/// One line of the keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What it asks for.
    pub action: Action,
    /// The keys, the one to show first.
    pub keys: Vec<Key>,
    /// The group in the help.
    pub group: String,
    /// The words in the help and the palette.
    pub help: String,
}

impl Binding {
    /// The keys as the help writes them.
    pub fn shown(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(Key::shown).collect();
        keys.join(" ")
    }
}

/// One entry of a footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterEntry {
    /// The actions whose keys stand there.
    pub actions: Vec<Action>,
    /// What they do, together.
    pub label: String,
}

/// Which key asks for what, where.
#[derive(Debug, Clone)]
pub struct Keymap {
    general: Vec<Binding>,
    own: Vec<(Context, Vec<Binding>)>,
    footers: BTreeMap<String, Vec<FooterEntry>>,
}

#[derive(Deserialize)]
struct RawBinding {
    action: Action,
    keys: Vec<String>,
    group: String,
    help: String,
}

static DEFAULT: LazyLock<Keymap> =
    LazyLock::new(|| Keymap::read(include_str!("../../assets/keys.toml")).expect("a test reads the keymap"));

impl Keymap {
    /// The keymap that comes with the program.
    pub fn standard() -> &'static Self {
        &DEFAULT
    }

    /// Reads a keymap; says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
        let known = |section: &str| {
            section == "general" || section == "footer" || Context::ALL.iter().any(|c| c.word() == section)
        };
        if let Some(stranger) = table.keys().find(|section| !known(section)) {
            return Err(format!("there is no screen {stranger}"));
        }
        let own = Context::ALL
            .into_iter()
            .map(|context| Ok((context, bindings(&table, context.word())?)))
            .collect::<Result<_, String>>()?;
        Ok(Self {
            general: bindings(&table, "general")?,
            own,
            footers: footers(&table)?,
        })
    }

    /// What a key asks for while `context` is on top.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let own = self.own(context).iter();
        own.chain(&self.general)
            .find(|binding| binding.keys.contains(&key))
            .map(|binding| binding.action)
    }

    /// The keys of one screen.
    pub fn own(&self, context: Context) -> &[Binding] {
        self.own
            .iter()
            .find(|(other, _)| *other == context)
            .map_or(&[], |(_, bindings)| bindings)
    }

    /// The keys that hold everywhere.
    pub fn general(&self) -> &[Binding] {
        &self.general
    }

    /// Every line, those of screens after the general ones.
    pub fn all(&self) -> impl Iterator<Item = &Binding> {
        self.general.iter().chain(self.own.iter().flat_map(|(_, own)| own))
    }

    /// The line of an action, that of `context` first.
    pub fn binding(&self, context: Context, action: Action) -> Option<&Binding> {
        let own = self.own(context).iter();
        own.chain(self.all()).find(|binding| binding.action == action)
    }

    /// The first key of each of these actions, as `] [`.
    pub fn keys(&self, context: Context, actions: &[Action]) -> String {
        let first = |action: &Action| Some(self.binding(context, *action)?.keys.first()?.shown());
        let keys: Vec<String> = actions.iter().filter_map(first).collect();
        // A slash between marks would look like one more of them.
        let are_words = keys.iter().all(|key| key.chars().all(char::is_alphanumeric));
        keys.join(if are_words { "/" } else { " " })
    }

    /// The footer of a screen, or of one of its steps: `wizard`, `wizard-apply`.
    pub fn footer(&self, name: &str) -> &[FooterEntry] {
        self.footers.get(name).map_or(&[], Vec::as_slice)
    }
}

fn bindings(table: &toml::Table, section: &str) -> Result<Vec<Binding>, String> {
    let Some(value) = table.get(section) else {
        return Ok(Vec::new());
    };
    let raw: Vec<RawBinding> = value
        .clone()
        .try_into()
        .map_err(|error| format!("{section}: {error}"))?;
    raw.into_iter()
        .map(|raw| {
            let key = |text: &String| Key::read(text).ok_or_else(|| format!("{section}: {text} is no key"));
            Ok(Binding {
                action: raw.action,
                keys: raw.keys.iter().map(key).collect::<Result<_, String>>()?,
                group: raw.group,
                help: raw.help,
            })
        })
        .collect()
}

fn footers(table: &toml::Table) -> Result<BTreeMap<String, Vec<FooterEntry>>, String> {
    let all = table.get("footer").and_then(|footers| footers.as_table());
    let of_screen = |name: &str| {
        let words = Context::ALL.map(Context::word);
        words.iter().any(|word| {
            name.strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    };
    let one = |(name, value): (&String, &toml::Value)| {
        if !of_screen(name) {
            return Err(format!("footer: there is no screen {name}"));
        }
        Ok((name.clone(), footer(value)?))
    };
    all.into_iter().flatten().map(one).collect()
}

fn footer(value: &toml::Value) -> Result<Vec<FooterEntry>, String> {
    let lines = value.as_array();
    let entry = |value: &toml::Value| {
        let text = value.as_str().unwrap_or_default();
        let (actions, label) = text.split_once(':').ok_or_else(|| format!("footer: {text}"))?;
        let action = |word: &str| {
            let found = Action::ALL.iter().copied().find(|action| action.word() == word);
            found.ok_or_else(|| format!("footer: there is no action {word}"))
        };
        Ok(FooterEntry {
            actions: actions.split('+').map(action).collect::<Result<_, String>>()?,
            label: label.to_owned(),
        })
    };
    lines.into_iter().flatten().map(entry).collect()
}
