//! The keymap is whole: what can be asked for can be found, and what cannot be had says why.

use std::collections::BTreeSet;

use zonecut::config::Theme;
use zonecut::tui::action::Action;
use zonecut::tui::keymap::{Context, EVERYWHERE, Keymap};
use zonecut::tui::launch::{Launch, Reach};
use zonecut::tui::screens::help::{self, Help};
use zonecut::tui::screens::palette::{Goal, Palette};
use zonecut::tui::theme::{Colours, Theme as Looks, Tone};

use super::stage::{Stage, demo, launch};

#[test]
fn every_action_has_a_line_in_the_keymap_and_an_entry_in_the_palette() {
    let stage = Stage::demo((120, 36));
    let bound: BTreeSet<Action> = Keymap::standard().all().map(|binding| binding.action).collect();
    let palette = Palette::new(&stage.state, stage.known(), Context::Tree);
    let listed: BTreeSet<Action> = palette
        .entries()
        .iter()
        .filter_map(|entry| match entry.goal {
            Goal::Do(action) => Some(action),
            _ => None,
        })
        .collect();
    for action in Action::ALL {
        assert!(bound.contains(action), "{} is not in the keymap", action.word());
        assert!(listed.contains(action), "{} is not in the palette", action.word());
    }
}

#[test]
fn every_key_has_a_line_in_the_help_of_its_screen() {
    let stage = Stage::demo((120, 36));
    for context in Context::ALL {
        let lines = help::lines(&stage.state, &Help::new(context), 110);
        let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let text = text.join("\n");
        let keymap = Keymap::standard();
        let general = keymap
            .general()
            .iter()
            .filter(|binding| binding.action.works_on(context));
        for binding in keymap.own(context).iter().chain(general) {
            assert!(text.contains(&binding.help), "{}: {}", context.word(), binding.help);
        }
    }
}

#[test]
fn a_key_that_does_nothing_on_a_screen_says_so_and_is_not_in_its_help() {
    let mut stage = Stage::demo((120, 36));
    for (screen, keys) in [("1", "]"), ("5", "/ l L x v z s"), ("2", "x v P"), ("i", "/ l x tab")] {
        for key in keys.split(' ') {
            stage.press("esc 1").press(screen).press(key);
            let toast = stage
                .state
                .toast
                .clone()
                .unwrap_or_else(|| panic!("{screen} {key} says nothing"));
            assert!(
                toast.text.contains("not on this screen"),
                "{screen} {key}: {}",
                toast.text
            );
        }
    }
    let lines = help::lines(&stage.state, &Help::new(Context::Activity), 110);
    assert!(!lines.iter().any(|line| line.to_string().contains("private zones")));
}

#[test]
fn what_would_act_is_listed_and_says_why_it_does_not() {
    let offline = Launch {
        reach: Reach::CacheOnly,
        ..launch()
    };
    let mut stage = Stage::new(demo(), offline, (120, 36));
    for (key, why) in [
        ("d", "--offline"),
        ("f", "--offline"),
        ("F", "not on this screen"),
        ("u", "not on this screen"),
        ("space", "not on this screen"),
        ("V", "not on this screen"),
        ("e", "comes with reports"),
    ] {
        stage.effects.clear();
        stage.press(key);
        let toast = stage
            .state
            .toast
            .clone()
            .unwrap_or_else(|| panic!("{key} says nothing"));
        assert!(toast.text.contains(why), "{key}: {}", toast.text);
        assert_eq!(stage.effects, [], "{key}");
    }
}

#[test]
fn no_screen_takes_a_key_that_means_the_same_everywhere() {
    let keymap = Keymap::standard();
    let kept: Vec<_> = EVERYWHERE
        .into_iter()
        .flat_map(|action| keymap.general().iter().filter(move |binding| binding.action == action))
        .flat_map(|binding| &binding.keys)
        .collect();
    for context in Context::ALL {
        for binding in keymap.own(context) {
            for key in &binding.keys {
                assert!(!kept.contains(&key), "{} takes {}", context.word(), key.shown());
            }
        }
    }
}

#[test]
fn no_key_is_bound_twice_in_one_place() {
    let keymap = Keymap::standard();
    let places = Context::ALL.map(|context| keymap.own(context));
    for bindings in places.into_iter().chain([keymap.general()]) {
        let mut seen = Vec::new();
        for key in bindings.iter().flat_map(|binding| &binding.keys) {
            assert!(!seen.contains(&key), "{}", key.shown());
            seen.push(key);
        }
    }
}

#[test]
fn a_keymap_with_a_mistake_is_refused_with_the_place() {
    let unknown = "[[general]]\naction = \"explode\"\nkeys = [\"b\"]\ngroup = \"x\"\nhelp = \"y\"\n";
    assert!(Keymap::read(unknown).unwrap_err().contains("general"));
    let key = "[[tree]]\naction = \"down\"\nkeys = [\"hyper-b\"]\ngroup = \"x\"\nhelp = \"y\"\n";
    assert!(Keymap::read(key).unwrap_err().contains("hyper-b"));
    assert!(Keymap::read("[[nowhere]]\n").unwrap_err().contains("nowhere"));
}

#[test]
fn every_theme_says_what_every_tone_looks_like() {
    for theme in Theme::ALL {
        let looks = Looks::named(*theme, Colours::True);
        let plain = Tone::ALL.iter().all(|tone| {
            let style = looks.style(*tone);
            style.fg.is_none() && style.bg.is_none()
        });
        assert_eq!(
            plain,
            matches!(theme, Theme::Mono | Theme::HighContrast),
            "{}",
            theme.word()
        );
    }
}

#[test]
fn where_colour_is_unwanted_no_theme_has_any() {
    for theme in Theme::ALL {
        let looks = Looks::named(*theme, Colours::None);
        for tone in Tone::ALL {
            let style = looks.style(*tone);
            assert_eq!((style.fg, style.bg), (None, None), "{} {}", theme.word(), tone.word());
        }
    }
}
