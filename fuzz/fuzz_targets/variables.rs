//! The ZONECUT_* variables.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::config::parse;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let value = |_: &str| Some(text.to_owned());
    if let Err(error) = parse("", "", value) {
        assert!(!error.to_string().chars().any(char::is_control));
    }
});
