//! The value of a DS record.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::dnssec::DsValue;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(value) = DsValue::read(text) {
        assert!(value.digest.bytes().all(|b| b.is_ascii_hexdigit()));
    }
});
