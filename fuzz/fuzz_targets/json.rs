//! JSON of any text: 7-bit, and nothing lost.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::report::{Outside, json};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let json = json::write(&[Outside::from(text.as_ref())]);
    assert!(json.bytes().all(|b| b == b'\n' || (0x20..0x7f).contains(&b)));
    let read: Vec<String> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read, [text.as_ref()]);
});
