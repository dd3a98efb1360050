//! Whatever comes from outside is harmless once it is fit to print, and different texts differ.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::text::{printable, printable_ascii};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let shown = printable(&text);
    assert!(!shown.chars().any(char::is_control));
    assert!(printable_ascii(&text).bytes().all(|b| (0x20..0x7f).contains(&b)));
    let mut other = text.into_owned();
    other.push('x');
    assert_ne!(printable(&other), shown);
});
