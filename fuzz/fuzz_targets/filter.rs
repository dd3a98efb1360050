//! The filter of the terminal program.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::tui::filter::Filter;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let filter = Filter::read(text);
    assert!(!text.trim().is_empty() || filter.is_empty());
});
