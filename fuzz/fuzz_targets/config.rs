//! The configuration file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::config::parse;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = parse(text, "config.toml", |_| None) {
        assert!(!error.to_string().chars().any(char::is_control));
    }
});
