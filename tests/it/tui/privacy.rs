//! With the privacy mask on, no screen and no copy names an account, an id, an ARN or an address.

use zonecut::tui::effect::Effect;
use zonecut::tui::privacy::Privacy;

use super::sizes::SCREENS;
use super::stage::{Stage, demo, launch};

fn leaks(stage: &Stage, text: &str) -> Option<String> {
    let accounts = stage.inventory.accounts().iter();
    let ids = accounts
        .clone()
        .filter_map(|account| account.id)
        .map(|id| id.to_string());
    let zones = stage.inventory.iter().map(|(_, entry)| entry.zone.key.id.to_string());
    // A name that is also a label of the tree is no secret there; those with a hyphen are only accounts'.
    let names = accounts
        .map(|account| account.name.printable())
        .filter(|name| name.contains('-'));
    let digits = |text: &str| {
        let mut run = 0;
        text.chars().any(|c| {
            run = if c.is_ascii_digit() { run + 1 } else { 0 };
            run >= 12
        })
    };
    if digits(text) {
        return Some("twelve digits".to_owned());
    }
    if text.contains("192.0.2.") || text.contains("198.51.100.") || text.contains("arn:aws") {
        return Some("an address or an ARN".to_owned());
    }
    ids.chain(zones).chain(names).find(|secret| text.contains(secret))
}

#[test]
fn no_screen_shows_what_is_masked() {
    let base = demo();
    for (name, keys) in SCREENS {
        let mut stage = Stage::new(base.clone(), launch(), (160, 50));
        stage.state.look.privacy = Privacy::Masked;
        stage.press(keys);
        let screen = stage.screen();
        assert_eq!(leaks(&stage, &screen), None, "{name}:\n{screen}");
    }
}

#[test]
fn no_copy_holds_what_is_masked() {
    for key in ["n", "z", "a", "r", "s", "m", "j", "c"] {
        let mut stage = Stage::demo((120, 36));
        stage.state.look.privacy = Privacy::Masked;
        stage.press("} y").press(key);
        for effect in &stage.effects {
            if let Effect::Copy(text) = effect {
                assert_eq!(
                    leaks(&stage, &text.replace("arn:aws:route53:::hostedzone/Z***", "")),
                    None,
                    "{text}"
                );
            }
        }
    }
}
