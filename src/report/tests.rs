//! What documents say, and that nothing from outside gets through them.

mod traced;

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::accounts::{AccountsReport, Login};
use super::basis::{Backdrop, Basis, Selection};
use super::check::CheckReport;
use super::csv::Formulas;
use super::paint::{Detail, Lines, Paint};
use super::privacy::Mask;
use super::text::Clock;
use super::trace::TraceReport;
use super::tree::TreeReport;
use super::who::WhoReport;
use super::zone::ZoneReport;
use super::{Outside, Style, csv, json, junit, markdown, plain, sarif, table, text};
use crate::config::FailOn;
use crate::findings::Survey;
use crate::findings::trace::Diagnosis;
use crate::model::account::{Account, AccountIx, AccountStatus, Env, Problem, ProblemKind};
use crate::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use crate::model::name::DnsName;
use crate::model::record::{Alias, RecordData, RecordSet, RecordType, Routing};
use crate::model::records::Records;
use crate::model::text::Untrusted;
use crate::model::zone::{Visibility, Zone, ZoneId, ZoneKey};

const AT: Timestamp = Timestamp::constant(1_700_000_000, 0);

/// An organisation in which every text that somebody else may choose is `hostile`.
fn inventory(hostile: &str, label: &[u8]) -> Inventory {
    let outside = || Untrusted::from(hostile);
    let account = |id: &str| Account {
        name: outside(),
        id: Some(id.parse().expect("an id")),
        profile: Some(outside()),
        env_label: Some(outside()),
        env: Env::NonProd,
        status: AccountStatus::Waiting,
    };
    let mut inventory = Inventory::new(vec![account("111122223333"), account("444455556666")]);
    let problem = Problem {
        kind: ProblemKind::Denied,
        message: outside(),
        remedy: Some(outside()),
        request_id: Some(outside()),
    };
    inventory.apply(Fact::Status {
        account: AccountIx(0),
        status: AccountStatus::Complete,
    });
    inventory.apply(Fact::Status {
        account: AccountIx(1),
        status: AccountStatus::Failed(problem.clone()),
    });
    let parent: DnsName = "example.com".parse().expect("a name");
    let child = parent
        .child(label)
        .unwrap_or_else(|_| parent.child(b"dev").expect("short"));
    for (id, name) in [("ZPARENT000001", &parent), ("ZCHILD0000001", &child)] {
        add_zone(&mut inventory, id, name, hostile);
    }
    let broken = ZoneKey {
        account: AccountIx(0),
        id: ZoneId::read("ZCHILD0000001").expect("an id"),
    };
    inventory.apply(Fact::DelegationSet {
        zone: broken,
        reading: Reading::Failed(problem),
        origin: origin(),
    });
    inventory
}

fn origin() -> Origin {
    Origin {
        source: Source::Live,
        at: AT,
    }
}

fn add_zone(inventory: &mut Inventory, id: &str, name: &DnsName, hostile: &str) {
    let key = ZoneKey {
        account: AccountIx(0),
        id: ZoneId::read(id).expect("an id"),
    };
    let set = |record_type, data| RecordSet {
        name: name.clone(),
        record_type,
        ttl: Some(300),
        data,
        routing: Some(Routing {
            set_identifier: hostile.into(),
            policy: hostile.into(),
        }),
    };
    let alias = RecordData::Alias(Alias {
        target: hostile.into(),
        zone_id: hostile.into(),
    });
    let values = RecordData::Values(vec![hostile.into()]);
    let sets = vec![set(RecordType::A, alias), set(RecordType::TXT, values)];
    inventory.apply(Fact::Zones {
        account: AccountIx(0),
        zones: vec![Zone {
            key: key.clone(),
            name: name.clone(),
            visibility: Visibility::Public,
            record_count: Some(2),
            comment: hostile.into(),
            linked_service: Some(hostile.into()),
        }],
        origin: origin(),
    });
    inventory.apply(Fact::Records {
        zone: key,
        reading: Reading::Whole(Arc::new(Records::pack(name, sets).0)),
        origin: origin(),
    });
}

/// Every document in every format, with the name of the sink.
fn sinks(hostile: &str, label: &[u8], lines: Lines, mask: Option<&Mask>) -> Vec<(&'static str, String)> {
    let mut inventory = inventory(hostile, label);
    let survey = Survey::of(&mut inventory);
    let basis = Basis {
        inventory: &inventory,
        survey: &survey,
        expected_zones: &[],
        endpoint_override: Some(hostile),
        backdrop: Backdrop::Stranger,
        at: AT,
    };
    let style = Style {
        paint: Paint::Plain,
        lines,
        detail: Detail::Full,
    };
    let all = Selection::default();
    let check = CheckReport::of(&basis, &all, FailOn::Info, |_| false);
    let tree = TreeReport::of(&basis, &all);
    let places: Vec<_> = inventory.iter().map(|(index, _)| index).collect();
    let zone = ZoneReport::of(&basis, &places);
    let heard = traced::trace(hostile);
    let diagnosis = Diagnosis::of(&heard, &inventory, &survey);
    let trace = TraceReport::of(&basis, &heard, &diagnosis);
    let who = WhoReport::of(&basis, &heard.walk.question.name, &diagnosis);
    let clock = Clock {
        now: AT,
        zone: jiff::tz::TimeZone::UTC,
    };
    let accounts = accounts(hostile);
    vec![
        ("check text", text::check(&check, style)),
        ("check json", json::write(&check)),
        ("check plain", plain::write(&table::check(&check))),
        ("check csv", csv::write(&table::check(&check), Formulas::Defused)),
        ("check md", markdown::check(&check, mask)),
        ("check sarif", sarif::check(&check)),
        ("check junit", junit::check(&check)),
        ("tree text", text::tree(&tree, style)),
        ("tree json", json::write(&tree)),
        ("tree plain", plain::write(&table::tree(&tree))),
        ("tree csv", csv::write(&table::tree(&tree), Formulas::Defused)),
        ("zone text", text::zone(&zone, style)),
        ("zone json", json::write(&zone)),
        ("zone plain", plain::write(&table::zone_records(&zone))),
        ("trace text", text::trace(&trace, &clock, style)),
        ("trace json", json::write(&trace)),
        ("trace plain", plain::write(&table::trace(&trace))),
        ("trace md", markdown::trace(&trace, mask)),
        ("who text", text::who(&who, style)),
        ("who json", json::write(&who)),
        ("who plain", plain::write(&table::who(&who))),
        ("accounts text", text::accounts(&accounts, style)),
        ("accounts json", json::write(&accounts)),
        ("accounts plain", plain::write(&table::accounts(&accounts))),
    ]
}

fn accounts(hostile: &str) -> AccountsReport {
    let outside = || Some(Outside::from(hostile));
    AccountsReport {
        schema: 1,
        generated_at: String::new(),
        endpoint_override: outside(),
        backdrop: Backdrop::Stranger,
        accounts: vec![Login {
            name: Outside::from(hostile),
            id: None,
            profile: outside(),
            env: outside(),
            how: Outside::from(hostile),
            expires_at: None,
            status: "denied",
            arn: outside(),
            expected_zones: None,
            same_as: None,
            error: outside(),
            remedy: outside(),
            request_id: outside(),
        }],
    }
}

/// Whether a character may be in an output: what our own layout needs, and what is fit to print.
fn is_harmless(c: char) -> bool {
    let own = matches!(c, '\n' | '├' | '└' | '│' | '─' | '⟨' | '⟩');
    own || crate::model::text::printable(&format!("a{c}")) == format!("a{c}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_format_lets_through_what_a_terminal_would_obey(
        hostile in prop_oneof![any::<String>(), "[\u{0}-\u{a0}\u{200b}-\u{202e}\u{2066}-\u{2069}]{0,40}"],
        label in proptest::collection::vec(any::<u8>(), 1..20),
        ascii in any::<bool>(),
    ) {
        let lines = if ascii { Lines::Ascii } else { Lines::Unicode };
        for (sink, text) in sinks(&hostile, &label, lines, None) {
            let allowed = |c: char| is_harmless(c)
                || (c == '\t' && sink.ends_with("plain"))
                || (c == '\r' && sink.ends_with("csv"));
            prop_assert!(text.chars().all(allowed), "{sink}: {text:?}");
            if sink.ends_with("json") || sink.ends_with("sarif") || (ascii && sink.ends_with("text")) {
                prop_assert!(text.is_ascii(), "{sink}: {text:?}");
            }
            if sink.ends_with("json") || sink.ends_with("sarif") {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{sink}");
            }
        }
    }

    #[test]
    fn rows_cannot_be_forged(hostile in any::<String>()) {
        let count = |text: &str| {
            sinks(text, b"dev", Lines::Unicode, None)
                .into_iter()
                .filter(|(sink, _)| sink.ends_with("plain") || sink.ends_with("csv") || sink.ends_with("md"))
                .map(|(_, text)| text.matches('\n').count())
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(count(&hostile), count("harmless"));
    }
}

#[test]
fn privacy_leaves_no_id_arn_or_address_in_any_format() {
    let telling = "arn:aws:iam::123456789012:role/x at 192.0.2.7 and 2001:db8::7, 999988887777, Z0123456789ABC";
    let mask = Mask::default().with_zones(["ZPARENT000001".to_owned(), "ZCHILD0000001".to_owned()]);
    for (sink, text) in sinks(telling, b"dev", Lines::Unicode, Some(&mask)) {
        let masked = match sink.ends_with("json") || sink.ends_with("sarif") {
            true => json::hide(&text, &mask),
            false => mask.hide(&text),
        };
        for told in [
            "arn:",
            "192.0.2.7",
            "2001:db8",
            "123456789012",
            "999988887777",
            "111122223333",
            "Z0123456789ABC",
            "ZPARENT000001",
            "ZCHILD0000001",
        ] {
            // A Markdown reader shows escaped punctuation without its backslashes.
            assert!(
                !masked.replace('\\', "").contains(told),
                "{sink} tells {told}: {masked}"
            );
        }
    }
}

#[test]
fn what_follows_from_a_cause_and_what_is_not_known_does_not_count() {
    let mut inventory = inventory("harmless", b"dev");
    let survey = Survey::of(&mut inventory);
    let basis = Basis {
        inventory: &inventory,
        survey: &survey,
        expected_zones: &[Some(2), None],
        endpoint_override: None,
        backdrop: Backdrop::Stranger,
        at: AT,
    };
    let report = CheckReport::of(&basis, &Selection::default(), FailOn::Error, |_| false);
    let counted: Vec<_> = report.counted().map(|line| line.code).collect();
    assert_eq!(counted, ["missing-delegation"]);
    let none = CheckReport::of(&basis, &Selection::default(), FailOn::None, |_| false);
    assert_eq!(none.counted().count(), 0);
    assert!(!report.head.complete);
    let account = report.findings.first().expect("the unread account");
    assert_eq!((account.code, account.name.expose()), ("unread-account", "harmless"));
    assert!(account.parent.is_none() && account.children.is_empty());
    let accepted = CheckReport::of(&basis, &Selection::default(), FailOn::Error, |line| {
        line.code == "missing-delegation"
    });
    assert_eq!((accepted.counted().count(), accepted.accepted), (0, 1));
}

#[test]
fn times_are_utc_in_whole_seconds() {
    let at: Timestamp = "2026-03-04T05:06:07.9Z".parse().expect("a time");
    assert_eq!(super::head::timestamp(at), "2026-03-04T05:06:07Z");
}
