//! What the servers said at a cut, in a few words: the column of the tree, and the lines of the detail pane.

use super::detail::is_parent_read;
use crate::findings::CutVerdict;
use crate::model::name::DnsName;
use crate::model::served::{Extent, Liveness, Off, SeenDelegation, Served, ServerState};
use crate::tui::known::Known;
use crate::tui::theme::Tone;
use crate::tui::when;
use crate::tui::widgets::page::Page;

/// How many of the servers that a name is delegated to serve it: `3/4`; a dot where nobody was asked.
pub fn word(known: Known<'_>, verdict: &CutVerdict) -> (String, Tone) {
    let Some(served) = known.inventory.served(&verdict.cut.name) else {
        return (glyph_of(known.inventory.liveness()).to_owned(), Tone::Dim);
    };
    let seats = Seats::of(served, verdict);
    match (seats.serving, seats.all) {
        (0, 0) => ("-".to_owned(), Tone::Dim),
        (serving, all) if seats.unknown > 0 && served.extent == Extent::UnderWay => {
            (format!("{serving}/{all}…"), Tone::Working)
        }
        (_, all) if seats.unknown == all => (format!("?/{all}"), Tone::Unscanned),
        (serving, all) => (format!("{serving}/{all}"), seats.tone()),
    }
}

fn glyph_of(liveness: Liveness) -> &'static str {
    match liveness {
        Liveness::Unasked | Liveness::On => "·",
        Liveness::Off(_) => "-",
    }
}

/// The servers that a name is delegated to, by what they come to.
struct Seats {
    serving: usize,
    unknown: usize,
    all: usize,
}

impl Seats {
    fn of(served: &Served, verdict: &CutVerdict) -> Self {
        let configured: &[DnsName] = verdict
            .cut
            .delegation
            .as_ref()
            .map_or(&[], |delegation| &delegation.name_servers);
        let mut seats = Self {
            serving: 0,
            unknown: 0,
            all: 0,
        };
        for server in served.delegated(configured) {
            seats.all += 1;
            match server.state() {
                ServerState::Serving => seats.serving += 1,
                ServerState::Unasked(_) | ServerState::Unfound => seats.unknown += 1,
                _ => {}
            }
        }
        seats
    }

    fn tone(&self) -> Tone {
        match self.serving {
            serving if serving == self.all => Tone::Ok,
            serving if serving + self.unknown == self.all => Tone::Unscanned,
            0 => Tone::Broken,
            _ => Tone::Drift,
        }
    }
}

/// The lines about what was heard.
pub fn lines(page: &mut Page<'_>, verdict: &CutVerdict) {
    let Some(served) = page.known.inventory.served(&verdict.cut.name) else {
        if let Liveness::Off(why) = page.known.inventory.liveness() {
            page.gap();
            page.field("Live", off(why));
        }
        return;
    };
    page.gap();
    let age = when::age(page.state.now, served.at);
    let extent = match served.extent {
        Extent::Whole => format!("asked {age} ago, {} queries", served.queries),
        Extent::UnderWay => "being asked".to_owned(),
        Extent::Stopped(_) => format!("asked {age} ago, not to the end: what was not heard is not known"),
        Extent::Off(why) => off(why).to_owned(),
    };
    page.field("Live", &extent);
    let (text, tone) = parent_line(served, verdict);
    page.text(2, &text, tone);
    let seats = Seats::of(served, verdict);
    if seats.all > 0 {
        let text = format!("{} of {} name servers serve it", seats.serving, seats.all);
        page.text(2, &text, seats.tone());
    }
}

/// Why nothing is asked.
pub fn off(why: Off) -> &'static str {
    match why {
        Off::Intercepted => "not asked: somebody on this network answers in the place of every name server",
        Off::Blocked => "not asked: no name server can be reached from here on port 53",
        Off::Unwanted => "not asked: only what the accounts say is shown",
    }
}

fn parent_line(served: &Served, verdict: &CutVerdict) -> (String, Tone) {
    let parent = served
        .parent
        .zone
        .as_ref()
        .map_or_else(String::new, |zone| match zone.is_root() {
            true => "the root".to_owned(),
            false => zone.to_string(),
        });
    let is_expected = verdict.cut.delegation.is_some() || !is_parent_read(&verdict.cut);
    match served.parent.seen(&served.name) {
        SeenDelegation::Delegated(referral) => {
            let servers = referral.name_servers.len();
            (format!("{parent} delegates it to {servers} name servers"), Tone::Ok)
        }
        SeenDelegation::Inconsistent => (format!("the servers of {parent} disagree about it"), Tone::Drift),
        SeenDelegation::Hidden => (
            format!("the servers of {parent} serve it too: the delegation cannot be seen"),
            Tone::Dim,
        ),
        SeenDelegation::NoName => (format!("{parent} says that there is no such name"), absent(is_expected)),
        SeenDelegation::NoDelegation => (format!("{parent} does not delegate it"), absent(is_expected)),
        SeenDelegation::Unseen => ("no server above it said anything of it".to_owned(), Tone::Unscanned),
    }
}

fn absent(is_expected: bool) -> Tone {
    if is_expected { Tone::Broken } else { Tone::Missing }
}
