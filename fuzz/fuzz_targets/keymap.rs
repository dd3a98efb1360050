//! The keymap.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::tui::keymap::{Key, Keymap};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = Keymap::read(text);
    let _ = Key::read(text).map(|key| assert_eq!(Key::read(&key.shown()).is_some(), true));
});
