//! How things are shown: theme, glyphs, privacy; and the one way by which text from outside gets onto the screen.

use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::config;
use crate::model::account::{Account, AccountId, AccountIx};
use crate::model::name::DnsName;
use crate::model::text::{self, Untrusted};
use crate::model::zone::ZoneId;

use super::glyphs::GlyphSet;
use super::privacy::{self, Privacy};
use super::theme::{Colours, Theme, Tone};

/// How things are shown.
#[derive(Debug, Clone)]
pub struct Look {
    theme: Theme,
    name: config::Theme,
    colours: Colours,
    /// Which characters are drawn.
    pub glyphs: GlyphSet,
    /// Whether accounts, ids and addresses are masked.
    pub privacy: Privacy,
}

impl Look {
    /// The look of a theme, as far as the terminal can show it.
    pub fn new(name: config::Theme, colours: Colours, glyphs: GlyphSet, privacy: Privacy) -> Self {
        Self {
            theme: Theme::named(name, colours),
            name,
            colours,
            glyphs,
            privacy,
        }
    }

    /// What a tone looks like.
    pub fn style(&self, tone: Tone) -> Style {
        self.theme.style(tone)
    }

    /// Takes the theme after this one; says which.
    pub fn next_theme(&mut self) -> config::Theme {
        let all = config::Theme::ALL;
        let at = all.iter().position(|theme| *theme == self.name).unwrap_or(0);
        self.name = all.iter().copied().cycle().nth(at + 1).unwrap_or_default();
        self.theme = Theme::named(self.name, self.colours);
        self.name
    }

    /// Takes the other set of characters.
    pub fn next_glyphs(&mut self) {
        self.glyphs = match self.glyphs {
            GlyphSet::Unicode => GlyphSet::Ascii,
            GlyphSet::Ascii => GlyphSet::Unicode,
        };
    }

    /// Text from outside, at most `limit` characters of it, made fit for this terminal.
    pub fn outside(&self, text: &Untrusted, limit: usize) -> String {
        self.raw(text.expose(), limit)
    }

    /// Text from outside that has no type of its own: record values, what a person typed.
    pub fn raw(&self, text: &str, limit: usize) -> String {
        let masked = match self.privacy {
            Privacy::Shown => std::borrow::Cow::Borrowed(text),
            Privacy::Masked => privacy::mask(text),
        };
        match self.glyphs {
            GlyphSet::Unicode => text::clipped(&masked, limit),
            GlyphSet::Ascii => match masked.char_indices().nth(limit) {
                None => text::printable_ascii(&masked),
                Some((end, _)) => {
                    let (head, rest) = masked.split_at(end);
                    format!("{}...(+{})", text::printable_ascii(head), rest.chars().count())
                }
            },
        }
    }

    /// A sentence that is fit to print already, with names of accounts in it.
    pub fn prose(&self, sentence: &str, accounts: &[Account]) -> String {
        let masked = match self.privacy {
            Privacy::Shown => sentence.to_owned(),
            Privacy::Masked => privacy::mask_accounts(sentence, accounts),
        };
        match self.glyphs {
            GlyphSet::Unicode => masked,
            GlyphSet::Ascii if masked.is_ascii() => masked,
            GlyphSet::Ascii => text::printable_ascii(&masked),
        }
    }

    /// A name, with its U-label form behind it where that is safe to show.
    pub fn name(&self, name: &DnsName) -> String {
        match (self.glyphs, name.unicode()) {
            (GlyphSet::Unicode, Some(unicode)) => format!("{name} ({})", text::printable(&unicode)),
            _ => name.to_string(),
        }
    }

    /// The name of an account.
    pub fn account(&self, place: AccountIx, account: &Account) -> String {
        match self.privacy {
            Privacy::Shown => self.outside(&account.name, 60),
            Privacy::Masked => privacy::alias(place),
        }
    }

    /// The id of an account.
    pub fn account_id(&self, id: Option<AccountId>) -> String {
        match (id, self.privacy) {
            (None, _) => "?".to_owned(),
            (Some(_), Privacy::Masked) => privacy::ACCOUNT.to_owned(),
            (Some(id), Privacy::Shown) => id.to_string(),
        }
    }

    /// The id of a zone.
    pub fn zone_id(&self, id: &ZoneId) -> String {
        match self.privacy {
            Privacy::Masked => privacy::ZONE.to_owned(),
            Privacy::Shown => id.to_string(),
        }
    }
}

/// Shortens a name to `width` columns: its first label tells it from its siblings, its right end says where it lies.
pub fn fit_name(name: &str, width: usize) -> String {
    if name.width() <= width {
        return name.to_owned();
    }
    let own = name.split('.').next().unwrap_or(name);
    let left = own.width().max(width.saturating_sub(1) / 2);
    if left + 1 + LEAST_END > width {
        return fit_below(name, own.len(), width);
    }
    let head = take_columns(name.chars(), left);
    format!("{head}…{}", take_columns_from_end(name, width - 1 - left))
}

/// Less than this of its right end says nothing of a name.
const LEAST_END: usize = 6;

/// Shortens a name that stands below its parent's: what both share is cut first, the `own` bytes at its left last.
pub fn fit_below(name: &str, own: usize, width: usize) -> String {
    let own = name.split_at_checked(own).map_or(name, |(own, _)| own);
    if name.width() <= width || own.width() < width {
        return fit_end(name, width);
    }
    match width {
        0 => String::new(),
        _ => format!("{}…", fit_middle(own, width - 1)),
    }
}

/// Shortens a text in the middle to `width` columns: of names that are much alike, either end may be what differs.
pub fn fit_middle(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width < 2 {
        return take_columns(text.chars(), width);
    }
    let left = (width - 1) / 2;
    let head = take_columns(text.chars(), left);
    format!("{head}…{}", take_columns_from_end(text, width - 1 - left))
}

fn take_columns_from_end(text: &str, width: usize) -> String {
    take_columns(text.chars().rev(), width).chars().rev().collect()
}

/// Shortens a text at its end to `width` columns.
pub fn fit_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    match width {
        0 => String::new(),
        _ => format!("{}…", take_columns(text.chars(), width - 1)),
    }
}

fn take_columns(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= width
        })
        .collect()
}

/// Breaks a text into lines of at most `width` columns, at blanks where there are any.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let mut word = word;
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.width() > width {
            let head = take_columns(word.chars(), width);
            let Some((_, rest)) = word.split_at_checked(head.len()).filter(|(head, _)| !head.is_empty()) else {
                break;
            };
            word = rest;
            lines.push(head);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_in_the_middle_and_keep_their_right_end() {
        assert_eq!(fit_middle("verylonglabel.example.com", 15), "verylon…ple.com");
        assert_eq!(fit_middle("short", 15), "short");
        assert_eq!(fit_middle("abc", 1), "a");
        assert_eq!(fit_end("abcdef", 4), "abc…");
    }

    #[test]
    fn a_name_keeps_its_first_label_and_as_much_of_its_right_end_as_there_is_room_for() {
        assert_eq!(
            fit_name("feature-012.lab.dev.example.com", 22),
            "feature-012…xample.com"
        );
        assert_eq!(fit_name("a.b.c.lab.dev.example.com", 21), "a.b.c.lab.…xample.com");
        assert_eq!(fit_name("a-label-that-is-long.example.com", 12), "a-lab…-long…");
        assert_eq!(fit_name("short.example.com", 17), "short.example.com");
    }

    #[test]
    fn below_its_parent_a_name_loses_what_it_shares_with_it_first() {
        let own = "feature-012".len();
        assert_eq!(
            fit_below("feature-012.dev.example.com", own, 20),
            "feature-012.dev.exa…"
        );
        assert_eq!(fit_below("feature-012.dev.example.com", own, 12), "feature-012…");
        assert_eq!(fit_below("feature-012.dev.example.com", own, 9), "fea…-012…");
        assert_eq!(fit_below("feature-012.dev.example.com", own, 1), "…");
        assert_eq!(fit_below("x.example.com", 1, 0), "");
    }

    #[test]
    fn words_are_wrapped_and_what_is_longer_than_a_line_is_broken() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn a_seven_bit_terminal_gets_seven_bits() {
        let look = Look::new(config::Theme::Mono, Colours::None, GlyphSet::Ascii, Privacy::Shown);
        assert!(look.raw("Zürich \u{1b}[2J", 80).is_ascii());
        assert!(look.prose("a ⟨U+001B⟩ b", &[]).is_ascii());
    }
}
