//! Reads zones exactly: all of a small one; of a large one what is at and below a name, and what decides about it above.
//!
//! Invariant: pages that do not go forward, or do not end, are an error, and a part is never taken for the whole.

use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::{Visibility, ZoneId, ZoneKey};
use crate::plan::exact::ExactSet;
use crate::plan::live::{Extent, Extract, LiveZone, Seen};
use crate::plan::{PartyIx, Refusal};
use crate::ports::{ApiError, Desk, Dns, Exact, ExactPage, RecordPlace, ZoneDetail};

use super::Drafting;
use super::accounts::failed;
use crate::engine::patience::patiently;

/// The most pages that are read of one zone.
const MAX_PAGES: usize = 400;
/// Up to how many record sets a zone is read as a whole, whatever is asked of it.
const SMALL: u64 = 900;

/// How much of a zone is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// All of it.
    All,
    /// What is at and below these names, and what decides about them above.
    Around(&'a [DnsName]),
}

impl<D: Desk, N: Dns> Drafting<'_, D, N> {
    /// Reads a zone that is held.
    pub(super) async fn zone(&mut self, key: &ZoneKey, wanted: Wanted<'_>) -> Result<LiveZone, Refusal> {
        let party = self.accounts.party(key.account, &mut self.occasion).await?;
        let reader = self.accounts.reader(key.account)?;
        let detail = patiently(|| reader.zone(&key.id))
            .await
            .map_err(|error| failed("show the zone", &error))?;
        if detail.visibility == Visibility::Private {
            return Err(private(&detail));
        }
        let sets = match wanted {
            Wanted::Around(names) if detail.record_sets > SMALL => around(reader, &detail, names).await,
            _ => all(reader, &detail).await,
        };
        let sets = sets.map_err(|error| error.refusal(&detail))?;
        let tags = patiently(|| reader.tags(&key.id))
            .await
            .map_err(|error| error.to_string());
        live_zone(party, detail, sets, tags)
    }

    /// The zone of an id, in whatever account it was listed.
    pub(super) fn find(&self, id: &ZoneId) -> Result<&ZoneEntry, Refusal> {
        let mut found = self
            .sources
            .inventory
            .iter()
            .filter(|(_, entry)| entry.zone.key.id == *id);
        let unknown = || {
            Refusal::new(format!("no zone of the accounts has the id {id}"))
                .next("scan again, or see zonecut tree for those that there are")
        };
        found.next().map(|(_, entry)| entry).ok_or_else(unknown)
    }
}

/// A zone that resolvers of the internet do not see is not changed here.
fn private(detail: &ZoneDetail) -> Refusal {
    Refusal::new(format!("{} ({}) is a private zone", detail.name, detail.id))
        .next("private zones need no delegation; zonecut changes public ones alone")
}

fn live_zone(
    party: PartyIx,
    detail: ZoneDetail,
    sets: Extract,
    tags: Seen<Vec<(Untrusted, Untrusted)>>,
) -> Result<LiveZone, Refusal> {
    let Some(set) = detail.delegation_set else {
        let what = format!("AWS did not tell the name servers of {} ({})", detail.name, detail.id);
        return Err(Refusal::new(what).next("try again"));
    };
    Ok(LiveZone {
        party,
        id: detail.id,
        name: detail.name,
        reference: detail.reference,
        record_sets: detail.record_sets,
        name_servers: set.name_servers,
        linked_service: detail.linked_service,
        recovery: detail.recovery,
        tags,
        sets,
    })
}

/// Why record sets were not read.
#[derive(Debug)]
enum Unread {
    Failed(ApiError),
    /// The pages come back to where they were, or do not end.
    Endless,
    /// A record set of another zone.
    Stranger,
}

impl Unread {
    fn refusal(self, detail: &ZoneDetail) -> Refusal {
        let zone = format!("{} ({})", detail.name, detail.id);
        match self {
            Self::Failed(error) => failed(&format!("list the record sets of {zone}"), &error),
            Self::Endless => Refusal::new(format!("the list of record sets of {zone} does not come to an end")),
            Self::Stranger => Refusal::new(format!("the list of record sets of {zone} holds names of another zone")),
        }
    }
}

impl From<ApiError> for Unread {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

/// Pages of one zone, in the order that Route 53 gives them.
struct Pages<'a, R> {
    reader: &'a R,
    zone: &'a ZoneDetail,
    read: usize,
    unreadable: Vec<String>,
}

impl<R: Exact> Pages<'_, R> {
    async fn next(&mut self, from: Option<&RecordPlace>) -> Result<ExactPage, Unread> {
        self.read += 1;
        if self.read > MAX_PAGES {
            return Err(Unread::Endless);
        }
        let page = patiently(|| self.reader.exact_sets(&self.zone.id, from)).await?;
        if page.next.is_some() && page.next.as_ref() == from {
            return Err(Unread::Endless);
        }
        if page.sets.iter().any(|set| !set.name.is_at_or_below(&self.zone.name)) {
            return Err(Unread::Stranger);
        }
        self.unreadable.extend(page.unreadable.iter().map(Untrusted::printable));
        Ok(page)
    }

    /// From a place on, as long as `goes_on` says so.
    async fn from(
        &mut self,
        place: Option<RecordPlace>,
        goes_on: impl Fn(&DnsName) -> bool,
    ) -> Result<Vec<ExactSet>, Unread> {
        let (mut sets, mut seen) = (Vec::new(), std::collections::HashSet::new());
        let mut place = place;
        loop {
            let page = self.next(place.as_ref()).await?;
            let is_over = page.sets.iter().any(|set| !goes_on(&set.name));
            sets.extend(page.sets.into_iter().filter(|set| goes_on(&set.name)));
            let Some(next) = page.next.filter(|_| !is_over) else {
                return Ok(sets);
            };
            if !seen.insert(next.clone()) {
                return Err(Unread::Endless);
            }
            place = Some(next);
        }
    }
}

async fn all<R: Exact>(reader: &R, zone: &ZoneDetail) -> Result<Extract, Unread> {
    let mut pages = Pages {
        reader,
        zone,
        read: 0,
        unreadable: Vec::new(),
    };
    let sets = pages.from(None, |_| true).await?;
    Ok(Extract {
        unreadable: pages.unreadable,
        ..Extract::whole(sets)
    })
}

/// What is at and below some names, at the apex, at the names in between, and at the wildcards beside those.
async fn around<R: Exact>(reader: &R, zone: &ZoneDetail, names: &[DnsName]) -> Result<Extract, Unread> {
    let mut pages = Pages {
        reader,
        zone,
        read: 0,
        unreadable: Vec::new(),
    };
    let mut extract = Extract {
        extent: Extent::Part,
        ..Extract::default()
    };
    let mut uppers: Vec<DnsName> = vec![zone.name.clone()];
    for name in names {
        let below = pages
            .from(Some(place(name)), |owner| owner.is_at_or_below(name))
            .await?;
        extract.sets.extend(below);
        uppers.extend(name.ancestors().filter(|upper| upper.is_at_or_below(&zone.name)));
    }
    uppers.sort();
    uppers.dedup();
    for upper in uppers {
        let page = pages.next(Some(&place(&upper))).await?;
        if page.sets.iter().any(|set| set.name.is_at_or_below(&upper)) {
            extract.names.push(upper.clone());
        }
        extract
            .sets
            .extend(page.sets.into_iter().filter(|set| set.name == upper));
        if let Ok(wildcard) = upper.child(b"*") {
            let at = pages.from(Some(place(&wildcard)), |owner| *owner == wildcard).await?;
            extract.sets.extend(at);
        }
    }
    extract.sets.sort_by(|a, b| a.name.cmp(&b.name));
    let mut kept: Vec<ExactSet> = Vec::new();
    for set in std::mem::take(&mut extract.sets) {
        if kept
            .iter()
            .rev()
            .take_while(|other| other.name == set.name)
            .all(|other| !other.is_of_the_place_of(&set))
        {
            kept.push(set);
        }
    }
    extract.sets = kept;
    extract.unreadable = pages.unreadable;
    extract.unreadable.sort();
    extract.unreadable.dedup();
    Ok(extract)
}

fn place(name: &DnsName) -> RecordPlace {
    RecordPlace {
        name: name.clone(),
        record_type: None,
        identifier: None,
    }
}
