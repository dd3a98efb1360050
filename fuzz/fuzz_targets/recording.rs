//! A recording, as an enemy would write it: what is accepted can be judged, and told again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::findings::Survey;
use zonecut::store::recording::{read, write};

/// What most lines begin with, so that the fuzzer does not have to find it out.
const HEAD: &str = "{\"zonecut_recording\":1,\"zonecut\":\"0.1.0\",\"recorded_at\":\"2026-01-01T00:00:00Z\",\"stage\":\"aws\",\
                    \"endpoint_override\":null,\"liveness\":\"on\"}\n";

fuzz_target!(|data: &[u8]| {
    for octets in [data.to_vec(), [HEAD.as_bytes(), data].concat()] {
        let Ok(mut recording) = read(&octets[..]) else { continue };
        Survey::of(&mut recording.inventory).findings().for_each(drop);
        let mut again = Vec::new();
        write(&mut again, &recording.circumstances, &recording.inventory).expect("it fits into memory");
        let back = read(&again[..]).expect("what is written can be read");
        assert_eq!(back.circumstances, recording.circumstances);
        assert_eq!(back.inventory.all_served(), recording.inventory.all_served());
    }
});
