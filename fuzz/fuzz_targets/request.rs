//! A request for a delegation, as it comes out of a ticket: what was written is read, no change of an octet passes for another
//! request, and no text is a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::model::dnssec::DsValue;
use zonecut::model::name::DnsName;
use zonecut::model::zone::ZoneId;
use zonecut::plan::request::{Request, read, write};

/// A name of whatever octets, its labels divided by zeros.
fn name(octets: &[u8]) -> Option<DnsName> {
    DnsName::from_labels(octets.split(|octet| *octet == 0)).ok()
}

/// A request of whatever names and DS records, a line for each: a name, the zone, name servers, and DS as text.
fn request(data: &[u8]) -> Option<Request> {
    let mut lines = data.split(|octet| *octet == b'\n');
    let name_of_zone = name(lines.next()?)?;
    let zone = ZoneId::read(std::str::from_utf8(lines.next()?).ok()?)?;
    let (mut name_servers, mut ds) = (Vec::new(), Vec::new());
    for line in lines.take(13) {
        match std::str::from_utf8(line).ok().and_then(DsValue::read) {
            Some(value) => ds.push(value),
            None => name_servers.push(name(line)?),
        }
    }
    (name_servers.len() >= 2).then(|| Request {
        name: name_of_zone,
        name_servers,
        zone,
        account: "444455556666".parse().expect("twelve digits"),
        ds,
    })
}

fn unchanged(request: &Request, dice: u32) {
    let written = write(request);
    let back = read(&written).expect("what is written can be read");
    assert_eq!(back, *request);
    assert_eq!(write(&back), written);
    let mut changed = written.into_bytes();
    let place = (dice >> 3) as usize % changed.len();
    changed[place] ^= 1 << (dice & 7);
    if let Ok(changed) = std::str::from_utf8(&changed)
        && let Ok(other) = read(changed)
    {
        assert_eq!(other, *request, "a change of octet {place} passed");
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((data, dice)) = data.split_last_chunk::<3>() else { return };
    // An input, and the dice at its end that say which octet is changed, and how.
    let dice = u32::from_le_bytes([dice[0], dice[1], dice[2], 0]);
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(request) = read(text)
    {
        unchanged(&request, dice);
    }
    if let Some(request) = request(data) {
        unchanged(&request, dice);
    }
});
