//! The simulator's file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::sim::world::World;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.len() < 4096 {
        let _ = World::from_toml(text);
    }
});
