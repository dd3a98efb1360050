//! Route 53's octal form: what is read is written back, and reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::name::DnsName;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(name) = DnsName::parse_route53(text) {
        assert_eq!(DnsName::parse_route53(&name.to_route53()), Ok(name.clone()));
        assert_eq!(DnsName::from_wire(name.as_wire()), Ok(name));
    }
});
