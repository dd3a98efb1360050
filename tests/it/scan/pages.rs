//! Zones of several pages of which one gets lost on its way: for a while, for good, in part, or in a circle.
//!
//! Whatever is lost, the zone is then known in part, and nobody is accused of what may stand on the lost page.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use zonecut::engine::session::Session;
use zonecut::findings::Status;
use zonecut::model::inventory::Reading;
use zonecut::model::name::DnsName;
use zonecut::sim::faults::{Framing, LostPage, PageLoss, Truncation};
use zonecut::sim::service::{CallFault, Delivery, Injected};
use zonecut::sim::world::{AccountSpec, World, WorldBuilder, ZoneSpec};

use super::{Field, id, is_honest};
use crate::cli::run::{Place, Ran};

const RECORDS: &str = "ListResourceRecordSets";
const LOSSES: [PageLoss; 3] = [PageLoss::EndsEarly, PageLoss::Skipped, PageLoss::Emptied];
const FRAMINGS: [Framing; 3] = [Framing::ContentLength, Framing::Chunked, Framing::UntilClose];

/// One zone of three pages, on each of which one child is delegated to; the last child has three pages too.
fn world() -> World {
    let mut builder = WorldBuilder::new("pages");
    let handle = builder.account(AccountSpec::new(id(0).to_string(), "one"));
    for name in ["example.com", "aa.example.com", "h310x.example.com", "zz.example.com"] {
        let mut spec = ZoneSpec::public(name.parse().unwrap());
        if name == "example.com" || name == "zz.example.com" {
            spec.lines = (0..650).map(|host| format!("h{host:03} 300 A 192.0.2.1")).collect();
        }
        builder.zone(handle, spec);
    }
    builder.build().unwrap()
}

/// The same, scanned with short patience.
async fn field() -> Field {
    let mut field = Field::new(world()).await;
    field
        .simulator
        .set_faults(id(0), |faults| faults.rate = super::unlimited());
    field.limits.patience = Duration::from_millis(100);
    field.limits.longest_back_off = Duration::from_micros(100);
    field
}

/// The findings that are said to be known.
fn known(session: &Session) -> BTreeSet<(&'static str, Option<DnsName>)> {
    let findings = session.picture().survey().findings();
    findings
        .filter(|finding| finding.is_known())
        .map(|finding| (finding.code(), finding.name().cloned()))
        .collect()
}

/// Nothing is said of what is there: no zone is missing, no delegation dangles, and what is not whole is not called ok.
fn accuses_nobody(session: &Session, what: &str) {
    let (inventory, survey) = (session.picture().inventory(), session.picture().survey());
    let accused: Vec<_> = known(session)
        .into_iter()
        .filter(|(code, _)| *code != "unread-account" && *code != "parent-not-visible")
        .collect();
    assert!(accused.is_empty(), "{what}: {accused:?}");
    for (index, entry) in inventory.iter() {
        let status = survey.zone_status(inventory, index);
        assert!(
            !matches!(status, Status::Missing | Status::Dangling | Status::Lame),
            "{what}: {} is {status}",
            entry.zone.name
        );
        assert!(
            entry.is_read() || status != Status::Ok,
            "{what}: {} is called ok",
            entry.zone.name
        );
    }
}

/// Scans, and says whether everything was read.
async fn scan(field: &Field, what: &str) -> bool {
    let session = field.scan().await;
    is_honest(&session, field);
    accuses_nobody(&session, what);
    session.picture().inventory().is_read()
}

async fn lose(field: &Field, page: u64, how: PageLoss, times: Option<u64>) -> bool {
    field.simulator.set_faults(id(0), |faults| {
        faults.lost_page = Some(LostPage {
            action: RECORDS.to_owned(),
            page,
            how,
            times,
        });
    });
    scan(field, &format!("page {page} {how:?} {times:?}")).await
}

#[tokio::test]
async fn without_a_loss_every_page_is_read_and_nothing_is_found() {
    let field = field().await;
    assert!(scan(&field, "nothing lost").await);
    assert_eq!(field.requests(RECORDS), 3 + 3 + 1 + 1);
}

#[tokio::test]
async fn a_page_of_record_sets_lost_once_is_read_again() {
    let field = field().await;
    for how in LOSSES {
        for page in 1..=3 {
            assert!(lose(&field, page, how, Some(1)).await, "page {page} {how:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_record_sets_lost_for_good_leaves_the_zone_partial_and_accuses_nobody() {
    let field = field().await;
    for how in LOSSES {
        for page in 1..=3 {
            let is_read = lose(&field, page, how, None).await;
            // The first page cannot be skipped or be cut off by the page before it.
            let is_lost = page > 1 || how == PageLoss::Emptied;
            assert_eq!(is_read, !is_lost, "page {page} {how:?}");
        }
    }
}

#[tokio::test]
async fn record_sets_that_lead_back_to_their_start_are_known_in_part() {
    let field = field().await;
    field
        .simulator
        .set_faults(id(0), |faults| faults.marker_cycle = Some(RECORDS.to_owned()));
    let session = field.scan().await;
    is_honest(&session, &field);
    accuses_nobody(&session, "a circle");
    let parts = session.picture().inventory().iter().filter(|(_, entry)| {
        let reading = entry.records.as_ref().map(|held| &held.reading);
        matches!(reading, Some(Reading::Part(..)))
    });
    assert_eq!(parts.count(), 2, "the two zones of several pages");
}

#[tokio::test]
async fn pages_cut_at_any_point_leave_the_zone_partial_and_accuse_nobody() {
    let mut field = field().await;
    field.limits.patience = Duration::from_millis(1);
    // A page of 300 record sets has some 60,000 octets, the last one some 10,000.
    let step = if crate::tui::is_full() { 997 } else { 9_973 };
    for framing in FRAMINGS {
        for at in (0..50_000).step_by(step) {
            field.simulator.set_faults(id(0), |faults| {
                faults.truncate = Some(Truncation {
                    action: RECORDS.to_owned(),
                    at,
                    framing,
                });
            });
            assert!(
                !scan(&field, &format!("{framing:?} {at}")).await,
                "{framing:?}: {at} octets were enough"
            );
        }
    }
}

#[tokio::test]
async fn a_page_cut_once_at_any_point_is_read_again() {
    let field = field().await;
    let step = if crate::tui::is_full() { 1_999 } else { 19_997 };
    for framing in FRAMINGS {
        for at in (0..50_000).step_by(step) {
            field.simulator.inject(Injected {
                account: None,
                action: RECORDS.to_owned(),
                fault: CallFault::LostAfter(Delivery::Cut(at, framing)),
                times: 1,
            });
            assert!(scan(&field, &format!("{framing:?} {at}")).await, "{framing:?}: {at}");
        }
    }
}

/// The world as a file, with a zone of three pages; `wrong` adds a zone that is not delegated to.
fn file(fault: &str, wrong: bool) -> String {
    let mut text = format!(
        "name = \"pages\"\n[[account]]\nid = \"{}\"\nname = \"one\"\nfault = {{ {fault} }}\n",
        id(0)
    );
    let hosts: Vec<String> = (0..650).map(|host| format!("\"h{host:03} 300 A 192.0.2.1\"")).collect();
    for name in ["example.com", "aa.example.com", "h310x.example.com", "zz.example.com"] {
        write!(text, "[[account.zone]]\nname = \"{name}\"\n").unwrap();
        if name == "example.com" {
            writeln!(text, "records = [{}]", hosts.join(",")).unwrap();
        }
    }
    if wrong {
        text += "[[account.zone]]\nname = \"example.org\"\n";
        text += "[[account.zone]]\nname = \"lost.example.org\"\ndelegate = false\n";
    }
    text
}

fn check(fault: &str, wrong: bool) -> Ran {
    let place = Place::new();
    let world = format!("--demo={}", place.write("w.toml", &file(fault, wrong)));
    place.run(&["check", "--json", &world])
}

#[test]
fn a_lost_page_ends_check_with_4_and_with_3_where_findings_stand() {
    assert_eq!(check("latency_ms = 0", false).code, 0);
    for (page, how) in [
        (1, "emptied"),
        (2, "ends-early"),
        (2, "skipped"),
        (3, "emptied"),
        (3, "ends-early"),
    ] {
        let fault = format!("lost_page = {{ action = \"{RECORDS}\", page = {page}, how = \"{how}\" }}");
        let ran = check(&fault, false);
        assert_eq!(ran.code, 4, "page {page} {how}: {ran:?}");
        let json = ran.json();
        assert_eq!(json["complete"], false);
        for finding in json["findings"].as_array().unwrap() {
            let code = finding["code"].as_str().unwrap();
            let is_sure = finding["confidence"] != "unknown";
            assert!(!is_sure || code == "unread-account", "page {page} {how}: {finding}");
        }
        if page > 1 {
            let ran = check(&fault, true);
            assert_eq!(ran.code, 3, "page {page} {how}: {ran:?}");
            assert!(ran.out.contains("lost.example.org"));
        }
    }
}
