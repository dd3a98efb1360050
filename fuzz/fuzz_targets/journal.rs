//! Lines of a journal, as an enemy would write them: what is read is written again as it was, no change of an octet passes, and
//! whatever the records say comes to a history.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zonecut::plan::journal::line::{read, write};
use zonecut::plan::journal::{Entry, History};

/// CRC-32 (IEEE 802.3): an enemy knows how to make one.
fn checksum(octets: &[u8]) -> u32 {
    let fold = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    !octets.iter().fold(u32::MAX, |sum, octet| (0..8).fold(sum ^ u32::from(*octet), |sum, _| fold(sum)))
}

fn entry(line: &[u8], dice: u32) -> Option<Entry> {
    let _ = read(line);
    let json = line.splitn(2, |octet| *octet == b' ').nth(1)?;
    let line = read(&[format!("{:08x} ", checksum(json)).as_bytes(), json].concat()).ok()?;
    let written = write(line.seq, &line.previous, &line.entry);
    let mut octets = written.strip_suffix('\n').expect("a line ends").as_bytes().to_vec();
    let back = read(&octets).expect("what is written can be read");
    assert_eq!(back, line);
    assert_eq!(write(back.seq, &back.previous, &back.entry), written);
    let place = (dice >> 3) as usize % octets.len();
    octets[place] ^= 1 << (dice & 7);
    assert!(read(&octets).is_err(), "a change of octet {place} passed");
    Some(line.entry)
}

fuzz_target!(|data: &[u8]| {
    let Some((lines, dice)) = data.split_last_chunk::<3>() else { return };
    // An input, and the dice at its end that say which octet of each line is changed, and how.
    let dice = u32::from_le_bytes([dice[0], dice[1], dice[2], 0]);
    let entries: Vec<Entry> = lines.split(|octet| *octet == b'\n').filter_map(|line| entry(line, dice)).collect();
    let history = History::of(&entries);
    for run in history.runs() {
        let _ = (run.next(), run.standing(), run.due(), run.unsettled(), run.advice());
        run.written().for_each(drop);
        for (place, _) in run.plan.steps() {
            let _ = run.created(place);
        }
    }
    assert!(history.open().count() + history.strays <= entries.len());
});
