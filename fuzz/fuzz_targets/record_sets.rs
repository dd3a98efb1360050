//! Record sets, packed and unpacked.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::name::DnsName;
use zonecut::model::record::{RecordData, RecordSet, RecordType};
use zonecut::model::records::Records;
use zonecut::model::text::Untrusted;

fuzz_target!(|data: &[u8]| {
    let zone = DnsName::root();
    let sets: Vec<RecordSet> = data
        .chunks(24)
        .filter_map(|chunk| {
            let (label, value) = chunk.split_at(chunk.len().min(6));
            Some(RecordSet {
                name: DnsName::from_labels([label]).ok()?,
                record_type: RecordType::TXT,
                ttl: Some(u32::from(*label.first()?)),
                data: RecordData::Values(vec![Untrusted::from(String::from_utf8_lossy(value).into_owned())]),
                routing: None,
            })
        })
        .collect();
    let count = sets.len();
    let (records, strangers) = Records::pack(&zone, sets);
    assert_eq!((records.len(), strangers), (count, 0));
    for record in records.iter() {
        let set = record.unpack(&zone);
        assert!(records.exists(record.owner()));
        assert_eq!(set.values().len(), 1);
    }
});
