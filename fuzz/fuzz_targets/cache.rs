//! The payload of a cache file, as an enemy would write it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::account::AccountIx;
use zonecut::model::inventory::Inventory;
use zonecut::store::cache::{CacheKey, read_payload};

fuzz_target!(|data: &[u8]| {
    let key = CacheKey {
        account: "111122223333".parse().expect("twelve digits"),
        endpoint: None,
    };
    if let Some(facts) = read_payload(data, &key, AccountIx(0)) {
        let mut inventory = Inventory::new(Vec::new());
        facts.into_iter().for_each(|fact| inventory.apply(fact));
    }
});
