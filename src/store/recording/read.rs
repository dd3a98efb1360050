//! Reads a recording line by line into an inventory, and believes nothing that was not checked.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Take};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::lines::{AccountLine, Head, Line, MAGIC, Totals, Version, ZoneLine};
use super::{Circumstances, LARGEST, LONGEST, Recording, RecordingError, SCHEMA};
use crate::model::account::{Account, AccountIx, AccountStatus};
use crate::model::dnssec::Signing;
use crate::model::inventory::{Fact, Held, Inventory, Reading};
use crate::model::name::DnsName;
use crate::model::record::RecordSet;
use crate::model::records::Records;
use crate::model::served::Served;
use crate::model::text::clipped;
use crate::model::zone::{DelegationSet, Zone};

/// The most octets of the first line.
const LONGEST_HEAD: u64 = 64 << 10;
/// The most characters of a message that quotes the file.
const LONGEST_MESSAGE: usize = 200;

type ReadLine = Line<Account, Zone, Vec<RecordSet>, Held<DelegationSet>, Held<Signing>, Served>;
type ReadZone = ZoneLine<Zone, Vec<RecordSet>, Held<DelegationSet>, Held<Signing>>;

/// Reads a recording from a file.
pub fn open(path: &Path) -> Result<Recording, RecordingError> {
    let file = File::open(path)?;
    read(BufReader::with_capacity(1 << 16, file))
}

/// Reads a recording.
pub fn read(source: impl BufRead) -> Result<Recording, RecordingError> {
    let mut source = Source {
        source: source.take(LARGEST + 1),
        line: Vec::new(),
        number: 0,
    };
    let head = source.head()?;
    let mut building = Building::new(head);
    loop {
        if !source.advance(LONGEST)? {
            return Err(RecordingError::CutShort { lines: source.number });
        }
        let line: ReadLine = source.parse()?;
        match building.learn(line) {
            Ok(Step::More) => {}
            Ok(Step::Last) => break,
            Err(why) => return Err(source.damaged(why)),
        }
    }
    if source.advance(LONGEST)? {
        return Err(source.damaged("something follows the end"));
    }
    Ok(building.recording)
}

/// The lines of a file.
struct Source<R> {
    source: Take<R>,
    line: Vec<u8>,
    /// That of the line that was read last, from 1 on.
    number: usize,
}

impl<R: BufRead> Source<R> {
    /// Reads the next line; tells whether there is one.
    fn advance(&mut self, longest: u64) -> Result<bool, RecordingError> {
        self.line.clear();
        let mut limited = self.source.by_ref().take(longest);
        limited.read_until(b'\n', &mut self.line)?;
        let is_whole = self.line.pop_if(|last| *last == b'\n').is_some();
        if self.source.limit() == 0 || (!is_whole && self.line.len() as u64 == longest) {
            return Err(RecordingError::TooLarge);
        }
        if !is_whole && !self.line.is_empty() {
            return Err(RecordingError::CutShort { lines: self.number });
        }
        self.number += usize::from(is_whole);
        Ok(is_whole)
    }

    fn head(&mut self) -> Result<Head, RecordingError> {
        let begun = self.advance(LONGEST_HEAD);
        // Whatever is wrong with a file that does not begin so: it is something else.
        if !self.line.starts_with(MAGIC) {
            return match begun {
                Err(RecordingError::System(error)) => Err(error.into()),
                _ => Err(RecordingError::NoRecording),
            };
        }
        begun?;
        let version: Version = self.parse()?;
        if version.zonecut_recording != SCHEMA {
            return Err(RecordingError::Version {
                found: version.zonecut_recording,
                version: version.zonecut.map(|version| clipped(&version, LONGEST_MESSAGE)),
            });
        }
        self.parse()
    }

    fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, RecordingError> {
        serde_json::from_slice(&self.line).map_err(|error| self.damaged(&error.to_string()))
    }

    fn damaged(&self, why: &str) -> RecordingError {
        RecordingError::Damaged {
            line: self.number,
            why: clipped(why, LONGEST_MESSAGE),
        }
    }
}

/// A recording as far as it was read.
struct Building {
    recording: Recording,
    accounts: Vec<Account>,
    liveness: Option<Fact>,
    totals: Totals,
}

/// Whether more lines must follow.
enum Step {
    More,
    Last,
}

impl Building {
    fn new(head: Head) -> Self {
        let Head {
            zonecut_recording: _,
            zonecut,
            recorded_at,
            stage,
            endpoint_override,
            liveness,
        } = head;
        let circumstances = Circumstances {
            version: zonecut,
            at: recorded_at,
            stage,
            endpoint_override,
            chosen: std::collections::BTreeSet::new(),
            expected_zones: Vec::new(),
        };
        Self {
            recording: Recording {
                circumstances,
                inventory: Inventory::default(),
            },
            accounts: Vec::new(),
            liveness: Some(Fact::Liveness(liveness)),
            totals: Totals::default(),
        }
    }

    fn learn(&mut self, line: ReadLine) -> Result<Step, &'static str> {
        match line {
            Line::Account(line) => self.learn_account(line)?,
            Line::Zone(line) => {
                self.begin()?;
                self.learn_zone(line)?;
            }
            Line::Served(served) => {
                self.begin()?;
                self.learn_served(served)?;
            }
            Line::End(totals) => {
                self.begin()?;
                return (totals == self.totals)
                    .then_some(Step::Last)
                    .ok_or("lines are missing before it");
            }
        }
        Ok(Step::More)
    }

    fn learn_account(&mut self, line: AccountLine<Account>) -> Result<(), &'static str> {
        let AccountLine {
            account,
            chosen,
            expected_zones,
        } = line;
        if self.liveness.is_none() {
            return Err("an account stands after the first zone");
        }
        let place = u32::try_from(self.accounts.len()).map_err(|_| "there are too many accounts")?;
        if chosen {
            self.recording.circumstances.chosen.insert(AccountIx(place));
        }
        self.recording.circumstances.expected_zones.push(expected_zones);
        self.accounts.push(account);
        self.totals.accounts += 1;
        Ok(())
    }

    /// Begins the inventory when all accounts are known.
    fn begin(&mut self) -> Result<(), &'static str> {
        let Some(liveness) = self.liveness.take() else {
            return Ok(());
        };
        let accounts = std::mem::take(&mut self.accounts);
        let is_strange = |account: &Account| match account.status {
            AccountStatus::Merged(other) => other.0 as usize >= accounts.len(),
            _ => false,
        };
        if accounts.iter().any(is_strange) {
            return Err("an account is merged with one that is not there");
        }
        self.recording.inventory = Inventory::new(accounts);
        self.recording.inventory.apply(liveness);
        Ok(())
    }

    fn learn_zone(&mut self, line: ReadZone) -> Result<(), &'static str> {
        let ZoneLine {
            zone,
            origin,
            delegation_set,
            signing,
            records,
        } = line;
        let inventory = &mut self.recording.inventory;
        let (key, name) = (zone.key.clone(), zone.name.clone());
        if inventory.account(key.account).is_none() {
            return Err("the zone is in an account that is not there");
        }
        if inventory.find(&key).is_some() {
            return Err("the zone is there already");
        }
        inventory.apply(Fact::Zones {
            account: key.account,
            zones: vec![zone],
            origin,
        });
        if let Some(Held { reading, origin }) = records {
            let reading = packed(&name, reading)?;
            let zone = key.clone();
            inventory.apply(Fact::Records { zone, reading, origin });
        }
        if let Some(Held { reading, origin }) = delegation_set {
            let zone = key.clone();
            inventory.apply(Fact::DelegationSet { zone, reading, origin });
        }
        if let Some(Held { reading, origin }) = signing {
            let zone = key.clone();
            inventory.apply(Fact::Signing { zone, reading, origin });
        }
        self.totals.zones += 1;
        Ok(())
    }

    fn learn_served(&mut self, served: Served) -> Result<(), &'static str> {
        let inventory = &mut self.recording.inventory;
        if inventory.served(&served.name).is_some() {
            return Err("the cut is there already");
        }
        inventory.apply(Fact::Served(Arc::new(served)));
        self.totals.served += 1;
        Ok(())
    }
}

fn packed(zone: &DnsName, reading: Reading<Vec<RecordSet>>) -> Result<Reading<Arc<Records>>, &'static str> {
    let pack = |sets| match Records::pack(zone, sets) {
        (records, 0) => Ok(Arc::new(records)),
        _ => Err("a record set does not belong to the zone"),
    };
    Ok(match reading {
        Reading::Whole(sets) => Reading::Whole(pack(sets)?),
        Reading::Part(sets, problem) => Reading::Part(pack(sets)?, problem),
        Reading::Failed(problem) => Reading::Failed(problem),
    })
}
