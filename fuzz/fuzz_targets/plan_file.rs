//! A saved plan, as an enemy would write it: what is read is written again as it was, no change of an octet passes, and whatever
//! a file says can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::plan::file::{hash, read, write};
use zonecut::plan::{Moment, Plan};
use zonecut::report::paint::Lines;
use zonecut::report::render;
use zonecut::report::review::{self, Place, Setting};

/// The words in which a plan is said otherwise.
const WORDS: [&str; 3] = ["aws-cli", "terraform", "cdk"];

fn look_at(plan: &Plan) {
    for (glyphs, place) in [(Lines::Unicode, Place::Screen), (Lines::Ascii, Place::Command)] {
        let setting = Setting {
            now: Moment(1_800_000_000),
            zone: jiff::tz::TimeZone::UTC,
            glyphs,
            place,
            same_as: None,
        };
        for line in review::lines(plan, &setting) {
            assert!(!line.text.contains(['\n', '\x1b']), "{:?}", line.text);
        }
    }
    for word in WORDS {
        assert!(render::of_word(word, plan).is_some(), "{word}");
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((data, dice)) = data.split_last_chunk::<3>() else { return };
    // An input, and the dice at its end that say which octet is changed, and how.
    let dice = u32::from_le_bytes([dice[0], dice[1], dice[2], 0]);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = read(text);
    // An enemy knows how to make a hash.
    let Ok(file) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let Ok(plan) = serde_json::from_value::<Plan>(file["plan"].clone()) else { return };
    let written = write(&plan);
    let back = read(&written).expect("what is written can be read");
    assert_eq!(back, plan);
    assert_eq!(hash(&back), hash(&plan));
    assert_eq!(write(&back), written);
    let mut changed = written.into_bytes();
    let place = (dice >> 3) as usize % changed.len();
    changed[place] ^= 1 << (dice & 7);
    if let Ok(changed) = std::str::from_utf8(&changed)
        && let Ok(other) = read(changed)
    {
        assert_eq!(other, plan, "a change of octet {place} passed");
    }
    look_at(&plan);
});
