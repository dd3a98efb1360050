//! What privacy leaves.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::report::privacy::Mask;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let hidden = Mask::default().hide(text);
    assert!(!hidden.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 12));
});
