//! Writes a recording, one line after the other, from what is held: nothing is held twice.

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::ascii::Ascii;
use super::lines::{AccountLine, Head, Line, Totals, ZoneLine};
use super::record_set::SetsOf;
use super::{Circumstances, LARGEST, LONGEST, RecordingError, SCHEMA};
use crate::model::account::{Account, AccountIx};
use crate::model::dnssec::Signing;
use crate::model::inventory::{Held, Inventory, Reading, ZoneEntry};
use crate::model::name::DnsName;
use crate::model::records::Records;
use crate::model::served::Served;
use crate::model::zone::{DelegationSet, Zone};

type WrittenLine<'a> = Line<&'a Account, &'a Zone, SetsOf<'a>, &'a Held<DelegationSet>, &'a Held<Signing>, &'a Served>;

/// Writes all that an inventory holds.
pub fn write(out: impl Write, circumstances: &Circumstances, inventory: &Inventory) -> Result<(), RecordingError> {
    let Circumstances {
        version,
        at,
        stage,
        endpoint_override,
        chosen: _,
        expected_zones: _,
    } = circumstances;
    let mut out = Measured { out, line: 0, all: 0 };
    out.print(&Head {
        zonecut_recording: SCHEMA,
        zonecut: version.clone(),
        recorded_at: *at,
        stage: *stage,
        endpoint_override: endpoint_override.clone(),
        liveness: inventory.liveness(),
    })?;
    let mut totals = Totals::default();
    for (place, account) in inventory.accounts_with_places() {
        out.print(&account_line(place, account, circumstances))?;
        totals.accounts += 1;
    }
    for (_, entry) in inventory.iter() {
        out.print(&zone_line(entry))?;
        totals.zones += 1;
    }
    for served in inventory.all_served() {
        out.print(&WrittenLine::Served(served))?;
        totals.served += 1;
    }
    out.print(&WrittenLine::End(totals))?;
    Ok(out.flush()?)
}

fn account_line<'a>(place: AccountIx, account: &'a Account, circumstances: &Circumstances) -> WrittenLine<'a> {
    Line::Account(AccountLine {
        account,
        chosen: circumstances.chosen.contains(&place),
        expected_zones: circumstances.expected_zones.get(place.0 as usize).copied().flatten(),
    })
}

fn zone_line(entry: &ZoneEntry) -> WrittenLine<'_> {
    let ZoneEntry {
        zone,
        origin,
        records,
        // Both are read from the record sets.
        apex: _,
        holds_cuts: _,
        delegation_set,
        signing,
    } = entry;
    Line::Zone(ZoneLine {
        zone,
        origin: *origin,
        delegation_set: delegation_set.as_deref(),
        signing: signing.as_deref(),
        records: records.as_ref().map(|held| sets_of(&zone.name, held)),
    })
}

fn sets_of<'a>(zone: &'a DnsName, held: &'a Held<Arc<Records>>) -> Held<SetsOf<'a>> {
    let reading = match &held.reading {
        Reading::Whole(records) => Reading::Whole(SetsOf { zone, records }),
        Reading::Part(records, problem) => Reading::Part(SetsOf { zone, records }, problem.clone()),
        Reading::Failed(problem) => Reading::Failed(problem.clone()),
    };
    Held {
        reading,
        origin: held.origin,
    }
}

/// Counts what is written, so that nothing is written that would not be read.
struct Measured<W> {
    out: W,
    line: u64,
    all: u64,
}

impl<W: Write> Measured<W> {
    fn print(&mut self, line: &impl Serialize) -> Result<(), RecordingError> {
        self.line = 0;
        let mut serializer = serde_json::Serializer::with_formatter(&mut *self, Ascii);
        line.serialize(&mut serializer).map_err(io::Error::from)?;
        self.write_all(b"\n")?;
        if self.line > LONGEST || self.all > LARGEST {
            return Err(RecordingError::TooLarge);
        }
        Ok(())
    }
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let count = self.out.write(octets)?;
        self.line += count as u64;
        self.all += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
