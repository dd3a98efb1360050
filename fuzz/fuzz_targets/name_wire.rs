//! The wire form, and the order of the tree.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::name::DnsName;

fuzz_target!(|data: &[u8]| {
    let (a, b) = data.split_at(data.len() / 2);
    let (Ok(a), Ok(b)) = (DnsName::from_wire(a), DnsName::from_wire(b)) else { return };
    assert_eq!(a.cmp(&b), a.tree_key().cmp(&b.tree_key()));
    assert_eq!(a.is_at_or_below(&b), a.tree_key().is_at_or_below(&b.tree_key()));
    if let Some(relative) = a.relative_to(&b) {
        assert_eq!(DnsName::join(relative, &b), Ok(a.clone()));
    }
});
