//! A response to a query: whatever comes in, it is read, malformed or something else, and soon (RFC 9267).

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::dns::{Received, Sent};
use zonecut::model::dns::{Heard, Question, Reply};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::ports::{Extension, Recursion};

const TYPES: [RecordType; 5] = [
    RecordType::A,
    RecordType::NS,
    RecordType::SOA,
    RecordType::DS,
    RecordType::DNSKEY,
];

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else { return };
    let question = Question {
        name: "dev.example.com".parse().expect("a name"),
        record_type: TYPES[usize::from(*kind) % TYPES.len()].clone(),
    };
    let Some(sent) = Sent::new(&question, Extension::Edns, Recursion::Undesired, [0; 34]) else { return };
    // The raw octets, and the same behind the head that is waited for.
    let question_end = sent.octets().len() - 11;
    let mut headed = sent.octets()[..question_end].to_vec();
    headed[2] |= 0x84;
    for (place, octet) in headed[6..12].iter_mut().zip(data) {
        *place = *octet;
    }
    headed.extend(data.get(6..).unwrap_or_default());
    for octets in [data, &headed] {
        if let Received::Response(response) = sent.receive(octets) {
            let heard = Heard::Response(response);
            for zone in [DnsName::root(), "example.com".parse().expect("a name"), question.name.clone()] {
                let _ = Reply::of(&question, &zone, &heard);
            }
        }
    }
});
