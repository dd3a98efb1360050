//! The themes as data: what each tone looks like. A tone never stands alone, a glyph and a word go with it.
//!
//! `mono` sets no colour at all: with a colour set, crossterm under `NO_COLOR` would erase the reverse video of the selected row.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::config;

macro_rules! tones {
    ($($(#[$meta:meta])* $variant:ident = $word:literal,)+) => {
        /// What a piece of text is, as far as its looks go.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Tone {
            $($(#[$meta])* $variant,)+
        }

        impl Tone {
            /// Every tone.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word for it in a theme.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

tones! {
    /// Ordinary text.
    Plain = "plain",
    /// What matters less.
    Dim = "dim",
    /// A heading.
    Heading = "heading",
    /// Lines around and between things.
    Border = "border",
    /// Lines around the pane that has the keyboard.
    Focus = "focus",
    /// The row under the cursor.
    Selected = "selected",
    /// A key.
    Key = "key",
    /// A match of the filter.
    Match = "match",
    /// The badge of a production account.
    Prod = "prod",
    /// A banner that must not be overlooked.
    Alarm = "alarm",
    /// The badge of the demo.
    Demo = "demo",
    /// In order.
    Ok = "ok",
    /// A missing delegation.
    Missing = "missing",
    /// Broken.
    Broken = "broken",
    /// Drift and what is occluded.
    Drift = "drift",
    /// A duplicate zone that is not served.
    Shadow = "shadow",
    /// Cut off by an ancestor.
    CutOff = "cut-off",
    /// Delegated outside Route 53.
    External = "external",
    /// A private zone.
    Private = "private",
    /// Not readable.
    NoAccess = "no-access",
    /// Not read, or not known.
    Unscanned = "unscanned",
    /// Being read.
    Working = "working",
    /// A record set that comes.
    Comes = "comes",
    /// A warning.
    Warn = "warn",
}

/// What each tone looks like.
#[derive(Debug, Clone)]
pub struct Theme {
    styles: Vec<Style>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawStyle {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    modifiers: Vec<String>,
}

/// How many colours a terminal is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// None at all: the theme is `mono`, whatever was configured.
    None,
    /// The terminal's palette of 256.
    #[default]
    Palette,
    /// All of them.
    True,
}

impl Theme {
    /// The theme of this name, fitted to what the terminal can show.
    pub fn named(name: config::Theme, colours: Colours) -> Self {
        let name = if colours == Colours::None {
            config::Theme::Mono
        } else {
            name
        };
        let mut theme = Self::read(source(name)).expect("a test reads every theme");
        if colours == Colours::Palette {
            theme.styles.iter_mut().for_each(reduce);
        }
        theme
    }

    /// Reads a theme; says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut raw: BTreeMap<String, RawStyle> = toml::from_str(text).map_err(|error| format!("{error}"))?;
        let mut styles = Vec::with_capacity(Tone::ALL.len());
        for tone in Tone::ALL {
            let style = raw
                .remove(tone.word())
                .ok_or_else(|| format!("{} is missing", tone.word()))?;
            styles.push(style.checked()?);
        }
        match raw.keys().next() {
            Some(stranger) => Err(format!("there is no tone {stranger}")),
            None => Ok(Self { styles }),
        }
    }

    /// What a tone looks like.
    pub fn style(&self, tone: Tone) -> Style {
        self.styles.get(tone as usize).copied().unwrap_or_default()
    }
}

impl RawStyle {
    fn checked(self) -> Result<Style, String> {
        let colour = |text: String| Color::from_str(&text).map_err(|_| format!("{text} is no colour"));
        let mut style = Style::new();
        style.fg = self.fg.map(colour).transpose()?;
        style.bg = self.bg.map(colour).transpose()?;
        for word in &self.modifiers {
            style = style.add_modifier(modifier(word)?);
        }
        Ok(style)
    }
}

fn modifier(word: &str) -> Result<Modifier, String> {
    match word {
        "bold" => Ok(Modifier::BOLD),
        "dim" => Ok(Modifier::DIM),
        "reverse" => Ok(Modifier::REVERSED),
        "underline" => Ok(Modifier::UNDERLINED),
        _ => Err(format!("{word} is no modifier")),
    }
}

fn source(name: config::Theme) -> &'static str {
    match name {
        config::Theme::Ansi => include_str!("../../assets/themes/ansi.toml"),
        config::Theme::Light => include_str!("../../assets/themes/light.toml"),
        config::Theme::Dark => include_str!("../../assets/themes/dark.toml"),
        config::Theme::HighContrast => include_str!("../../assets/themes/hc.toml"),
        config::Theme::Mono => include_str!("../../assets/themes/mono.toml"),
        config::Theme::ColorBlindDark => include_str!("../../assets/themes/cb-dark.toml"),
        config::Theme::ColorBlindLight => include_str!("../../assets/themes/cb-light.toml"),
    }
}

fn reduce(style: &mut Style) {
    style.fg = style.fg.map(nearest);
    style.bg = style.bg.map(nearest);
}

/// The entry of the 6×6×6 cube nearest to a colour.
fn nearest(colour: Color) -> Color {
    let Color::Rgb(red, green, blue) = colour else {
        return colour;
    };
    let step = |value: u8| match value {
        0..48 => 0,
        48..115 => 1,
        _ => (value - 35) / 40,
    };
    Color::Indexed(16 + 36 * step(red) + 6 * step(green) + step(blue))
}
