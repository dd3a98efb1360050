//! The values of an NS record set.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::awsdns;
use zonecut::model::record::name_servers;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let names = name_servers(text.lines().map(str::as_bytes));
    assert!(names.is_sorted());
    for name in &names {
        let _ = awsdns::is_awsdns(name);
    }
    let _ = awsdns::is_assignable(&names);
});
