//! What the composition root hands over: plain data, and the scan behind a trait.

use std::future::Future;
use std::pin::Pin;

use crate::config::Ui;
use crate::engine::command::Command;
use crate::engine::progress::Progress;
use crate::findings::Survey;
use crate::model::account::{AccountId, Env};
use crate::model::dns::{Question, Trace};
use crate::model::inventory::Inventory;
use crate::model::text::Untrusted;

use super::effect::Choice;
use super::glyphs::GlyphSet;
use super::lock::Lock;
use super::privacy::Privacy;
use super::theme::Colours;

/// Everything the terminal program is started with.
#[derive(Debug, Clone)]
pub struct Launch {
    /// What was configured.
    pub ui: Ui,
    /// What the terminal can do.
    pub surroundings: Surroundings,
    /// What stands in the header before everything else: the name of the organisation, or of the config file.
    pub title: Untrusted,
    /// Whether the data are not those of the real Route 53.
    pub banner: Banner,
    /// Whether anything can be asked of AWS.
    pub reach: Reach,
    /// Whether accounts, ids and addresses are masked from the start.
    pub privacy: Privacy,
    /// How each account logs in, in a few words, in the order of the accounts.
    pub logins: Vec<Untrusted>,
    /// Which accounts may be written to, and whether any may from the start.
    pub lock: Lock,
    /// What was found where nothing is configured; then nothing is scanned, and the outcome is a choice.
    pub first_run: Option<FirstRun>,
}

/// Whether the data are not those of the real Route 53.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Banner {
    /// They are.
    #[default]
    None,
    /// They are the demo's.
    Demo,
    /// They come from another endpoint: its URL is shown in red for as long as this lasts.
    Endpoint(Untrusted),
}

/// Whether anything can be asked of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// The scan answers.
    #[default]
    Live,
    /// Only the cache is shown (`--offline`).
    CacheOnly,
}

/// What was found at the first start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FirstRun {
    /// Where credentials were looked for, and what was there.
    pub looked: Vec<Looked>,
    /// The accounts that could be read.
    pub candidates: Vec<Candidate>,
    /// The IAM policy that lets zonecut read.
    pub policy: String,
    /// Where the configuration will be written.
    pub config_path: Untrusted,
}

/// One place where credentials were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Whether there was something.
    pub found: Found,
    /// The place.
    pub place: Untrusted,
    /// What was there, or what was not.
    pub detail: Untrusted,
}

/// Whether there was something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// There was.
    Yes,
    /// There was not.
    No,
}

/// An account that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The profile.
    pub name: Untrusted,
    /// The account it leads to, where that is known without asking.
    pub id: Option<AccountId>,
    /// How it logs in.
    pub how: Untrusted,
    /// The environment.
    pub env: Env,
    /// What there is to say of it: why it is not ticked, what is to be done first.
    pub note: Untrusted,
    /// Whether it is ticked at first.
    pub ticked: Ticked,
}

/// Whether a candidate will be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticked {
    /// It will.
    Yes,
    /// It will not.
    No,
}

/// How the terminal program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exit {
    /// As the person wanted.
    Quit,
    /// With a choice at the first start, for the composition root to act on.
    Chosen(Choice),
    /// By a signal; the process ends with 128 and its number.
    Signal(i32),
}

/// What the terminal can do, told from environment variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// How many colours.
    pub colours: Colours,
    /// Which characters.
    pub glyphs: GlyphSet,
    /// Where the person sits.
    pub seat: Seat,
    /// What stands between us and the terminal.
    pub multiplexer: Multiplexer,
}

/// Where the person sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seat {
    /// At this machine: its clipboard is theirs.
    #[default]
    Here,
    /// At the other end of an SSH connection: only the terminal reaches their clipboard.
    Remote,
}

/// What stands between us and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Multiplexer {
    /// Nothing that we know of.
    #[default]
    None,
    /// tmux.
    Tmux,
}

impl Surroundings {
    /// Tells them from environment variables. `NO_COLOR` counts when it is not empty (no-color.org).
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let terminal = set("TERM").unwrap_or_default();
        let colours = match set("COLORTERM").as_deref() {
            _ if set("NO_COLOR").is_some() || terminal == "dumb" => Colours::None,
            Some("truecolor" | "24bit") => Colours::True,
            _ => Colours::Palette,
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(set)
            .unwrap_or_default();
        let utf8 = locale.to_ascii_lowercase().replace('-', "").contains("utf8");
        let plain = matches!(terminal.as_str(), "linux" | "dumb") || !utf8;
        Self {
            colours,
            glyphs: if plain { GlyphSet::Ascii } else { GlyphSet::Unicode },
            seat: set("SSH_CONNECTION").map_or(Seat::Here, |_| Seat::Remote),
            multiplexer: set("TMUX").map_or(Multiplexer::None, |_| Multiplexer::Tmux),
        }
    }
}

/// The scan, as the terminal program sees it. It holds what is known, so that updates and frames can borrow it.
pub trait Scan {
    /// Everything that was read.
    fn inventory(&self) -> &Inventory;

    /// The verdicts on it.
    fn survey(&self) -> &Survey;

    /// How far it is.
    fn progress(&self) -> Progress;

    /// Waits until something was learned, and learns a bounded amount of it; never ends once nothing more can come.
    ///
    /// It must be safe to drop before it ends.
    fn learn(&mut self) -> impl Future<Output = ()>;

    /// Asks it for something.
    fn ask(&mut self, command: Command);
}

/// Whoever can trace names, as the terminal program sees it.
pub trait Traces: Send + Sync {
    /// Traces a name; what was heard so far is told again and again, and all of it at the end.
    fn trace(&self, question: Question, tell: Tell) -> Pin<Box<dyn Future<Output = Trace> + Send>>;
}

/// Takes what was heard so far.
pub type Tell = Box<dyn FnMut(&Trace) + Send>;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_terminal_is_told_from_its_variables() {
        let modern = of(&[("TERM", "xterm"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")]);
        assert_eq!((modern.colours, modern.glyphs), (Colours::True, GlyphSet::Unicode));
        let console = of(&[("TERM", "linux"), ("LANG", "en_US.utf8"), ("NO_COLOR", "1")]);
        assert_eq!((console.colours, console.glyphs), (Colours::None, GlyphSet::Ascii));
        assert_eq!(of(&[("NO_COLOR", "")]).colours, Colours::Palette);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "C.UTF-8")]).glyphs, GlyphSet::Ascii);
        assert_eq!(of(&[("SSH_CONNECTION", "x"), ("TMUX", "y")]).seat, Seat::Remote);
    }
}
