//! RFC 1035's decimal form: what is read is written back, and reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::name::DnsName;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(name) = DnsName::parse_rfc1035(text) {
        let shown = name.to_string();
        assert!(shown.bytes().all(|b| (0x20..0x7f).contains(&b)));
        assert_eq!(DnsName::parse_rfc1035(&shown), Ok(name));
    }
});
