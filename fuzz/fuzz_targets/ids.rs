//! Ids, ARNs and lengths of time.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::config::{Age, RoleArn};
use zonecut::model::account::AccountId;
use zonecut::model::zone::ZoneId;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(id) = text.parse::<AccountId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Some(id) = ZoneId::read(text) {
        assert_eq!(ZoneId::read(id.as_str()), Some(id));
    }
    if let Ok(age) = text.parse::<Age>() {
        assert_eq!(age.to_string().parse::<Age>(), Ok(age));
    }
    let _ = text.parse::<RoleArn>().map(|arn| (arn.account(), arn.name().len(), arn.partition().len()));
});
