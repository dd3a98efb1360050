//! A change batch that cannot overwrite: it creates what is absent and deletes what it states exactly.
//!
//! Invariant: Route 53 applies a batch as a whole or not at all, so a `DELETE` of the old and a `CREATE` of the new in one
//! batch is a compare-and-swap. There is no `UPSERT`, and no way to say one.

use serde::{Deserialize, Serialize};

use super::exact::ExactSet;
use super::text;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// The most records that one request may name.
pub const MAX_RECORDS: usize = 1_000;
/// The most characters that the values of one request may have.
pub const MAX_CHARACTERS: usize = 32_000;

/// What becomes of one record set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// It is created; its place must be free.
    Create(Wanted),
    /// It is deleted, if it is still exactly this.
    Delete(ExactSet),
    /// It is replaced, if it is still exactly the old one; both are of one name, type and set identifier.
    Replace {
        /// What is there.
        old: Box<ExactSet>,
        /// What comes in its place.
        new: Box<Wanted>,
    },
}

/// A record set that shall be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wanted {
    /// Exactly this.
    Set(ExactSet),
    /// An NS record set of the name servers that Route 53 assigns to the zone that an earlier step creates.
    Servers {
        /// The owner.
        #[serde(with = "text::one")]
        name: DnsName,
        /// The time to live in seconds.
        ttl: u32,
        /// The step that creates the zone, by its place in the plan.
        of: usize,
    },
}

/// What becomes of the record sets of one zone, all at once or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Change>", into = "Vec<Change>")]
pub struct Batch(Vec<Change>);

/// Why changes are no batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// There are none.
    #[error("there is nothing to change")]
    Empty,
    /// Two of them are about the same record set.
    #[error("{0} is changed twice in one batch")]
    Twice(DnsName),
    /// One of them replaces a record set by one of another place, or by itself.
    #[error("{0} cannot be replaced by a record set of another name, type or set identifier, nor by itself")]
    OtherPlace(DnsName),
    /// There is more than Route 53 takes in one request.
    #[error(
        "{records} records with {characters} characters are more than Route 53 takes at once ({MAX_RECORDS} and {MAX_CHARACTERS})"
    )]
    TooLarge {
        /// The records, over all record sets.
        records: usize,
        /// The characters of their values.
        characters: usize,
    },
}

/// The values of a batch as it is sent: what is deleted comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// What must be there exactly so, and goes.
    pub delete: Vec<ExactSet>,
    /// What must not be there, and comes.
    pub create: Vec<ExactSet>,
}

impl Batch {
    /// Takes changes, if each is about another record set and all fit into one request.
    pub fn new(changes: Vec<Change>) -> Result<Self, BatchError> {
        if changes.is_empty() {
            return Err(BatchError::Empty);
        }
        for (at, change) in changes.iter().enumerate() {
            change.check()?;
            let (name, kind, identifier) = change.place();
            let before = changes.iter().take(at);
            if before.map(Change::place).any(|other| other == (name, kind, identifier)) {
                return Err(BatchError::Twice(name.clone()));
            }
        }
        let records = changes.iter().map(Change::records).sum();
        let characters = changes.iter().map(Change::characters).sum();
        if records > MAX_RECORDS || characters > MAX_CHARACTERS {
            return Err(BatchError::TooLarge { records, characters });
        }
        Ok(Self(changes))
    }

    /// Puts changes into as few batches as Route 53 takes, in their order; the first `together` of them stay in one.
    pub fn several(changes: Vec<Change>, together: usize) -> Result<Vec<Self>, BatchError> {
        let mut batches: Vec<Vec<Change>> = Vec::new();
        for (at, change) in changes.into_iter().enumerate() {
            let room = batches.last_mut().filter(|batch| {
                let with = || batch.iter().chain([&change]);
                let records: usize = with().map(Change::records).sum();
                let characters: usize = with().map(Change::characters).sum();
                at < together || (records <= MAX_RECORDS && characters <= MAX_CHARACTERS)
            });
            match room {
                Some(batch) => batch.push(change),
                None => batches.push(vec![change]),
            }
        }
        batches.into_iter().map(Self::new).collect()
    }

    /// The changes.
    pub fn changes(&self) -> &[Change] {
        &self.0
    }

    /// What is sent, with the name servers of zones that were created put in; none where such a zone is not there yet.
    pub fn values(&self, servers_of: impl Fn(usize) -> Option<Vec<DnsName>>) -> Option<Values> {
        let mut values = Values {
            delete: Vec::new(),
            create: Vec::new(),
        };
        for change in &self.0 {
            values.delete.extend(change.old().cloned());
            if let Some(new) = change.wanted() {
                values.create.push(new.set(&servers_of)?);
            }
        }
        Some(values)
    }
}

impl Change {
    /// What is there before, where something is.
    pub fn old(&self) -> Option<&ExactSet> {
        match self {
            Self::Create(_) => None,
            Self::Delete(old) => Some(old),
            Self::Replace { old, .. } => Some(old),
        }
    }

    /// What is there afterwards, where something is.
    pub fn wanted(&self) -> Option<&Wanted> {
        match self {
            Self::Create(new) => Some(new),
            Self::Replace { new, .. } => Some(new),
            Self::Delete(_) => None,
        }
    }

    /// The owner.
    pub fn name(&self) -> &DnsName {
        self.place().0
    }

    /// The owner and the type of the record set that comes, where one does.
    pub fn name_and_type(&self) -> Option<(&DnsName, RecordType)> {
        self.wanted().map(|new| match new {
            Wanted::Set(set) => (&set.name, set.record_type),
            Wanted::Servers { name, .. } => (name, RecordType::NS),
        })
    }

    fn place(&self) -> (&DnsName, RecordType, Option<&str>) {
        match self {
            Self::Delete(set) | Self::Create(Wanted::Set(set)) => set.place(),
            Self::Replace { old, .. } => old.place(),
            Self::Create(Wanted::Servers { name, .. }) => (name, RecordType::NS, None),
        }
    }

    fn check(&self) -> Result<(), BatchError> {
        let Self::Replace { old, new } = self else {
            return Ok(());
        };
        let fits = match new.as_ref() {
            Wanted::Set(new) => old.is_of_the_place_of(new) && old.as_ref() != new,
            Wanted::Servers { name, .. } => {
                old.name == *name && old.record_type == RecordType::NS && old.identifier().is_none()
            }
        };
        fits.then_some(())
            .ok_or_else(|| BatchError::OtherPlace(old.name.clone()))
    }

    fn records(&self) -> usize {
        let count = |set: &ExactSet| set.values().len().max(1);
        let new = self.wanted().map_or(0, |new| match new {
            Wanted::Set(set) => count(set),
            Wanted::Servers { .. } => 4,
        });
        self.old().map_or(0, count) + new
    }

    fn characters(&self) -> usize {
        let count = |set: &ExactSet| set.values().iter().map(|v| v.expose().chars().count()).sum();
        let new = self.wanted().map_or(0, |new| match new {
            Wanted::Set(set) => count(set),
            Wanted::Servers { .. } => 4 * 32,
        });
        self.old().map_or(0, count) + new
    }
}

impl Wanted {
    /// The record set; none where it depends on a zone that is not there yet.
    fn set(&self, servers_of: &impl Fn(usize) -> Option<Vec<DnsName>>) -> Option<ExactSet> {
        match self {
            Self::Set(set) => Some(set.clone()),
            Self::Servers { name, ttl, of } => {
                let servers = servers_of(*of)?;
                Some(ExactSet::name_servers(name.clone(), *ttl, &servers))
            }
        }
    }

    /// The owner.
    pub fn name(&self) -> &DnsName {
        match self {
            Self::Set(set) => &set.name,
            Self::Servers { name, .. } => name,
        }
    }
}

impl TryFrom<Vec<Change>> for Batch {
    type Error = BatchError;

    fn try_from(changes: Vec<Change>) -> Result<Self, BatchError> {
        Self::new(changes)
    }
}

impl From<Batch> for Vec<Change> {
    fn from(batch: Batch) -> Self {
        batch.0
    }
}
