//! What a person types, U-labels included.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::name::DnsName;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(name) = DnsName::parse_input(text) {
        let _ = name.unicode();
        assert_eq!(DnsName::parse_input(&name.to_string()), Ok(name));
    }
});
