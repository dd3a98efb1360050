//! What traces mean, told of small internets and of what the accounts hold of them.

use std::sync::Arc as Shared;

use super::*;
use crate::findings::Survey;
use crate::findings::trace::{Diagnosis, Holder, Outlook, Place, Standing};
use crate::model::account::{Account, AccountIx, AccountStatus, Env};
use crate::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use crate::model::record::{RecordData, RecordSet};
use crate::model::records::Records;
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};

/// A registry, and the zone above all that the accounts hold.
const INTERNET: &str = "
    server 5.0.0.1 serves .
    server 5.0.0.2 serves com
    zone .
    com NS a.gtld.net
    a.gtld.net A 5.0.0.2
    zone com
    example.com NS ns-1.example.com
    example.com NS ns-2.example.com
    ns-1.example.com A 5.0.0.3
    ns-2.example.com A 5.0.0.4
    server 5.0.0.3 serves example.com
    server 5.0.0.4 serves example.com
    zone example.com
    ns-1.example.com A 5.0.0.3
    ns-2.example.com A 5.0.0.4
";

/// What accounts hold: `zone NAME ID ACCOUNT public|private SERVER...`, then its record sets, a line each.
fn inventory(text: &str) -> Inventory {
    let account = |name: &str, id: &str| Account {
        name: name.into(),
        id: Some(id.parse().expect("an id")),
        profile: Some(Untrusted::from(name)),
        env_label: None,
        env: Env::NonProd,
        status: AccountStatus::Waiting,
    };
    let mut inventory = Inventory::new(vec![
        account("shared-dns", "111122223333"),
        account("payments", "555566667777"),
    ]);
    for place in 0..2 {
        inventory.apply(Fact::Status {
            account: AccountIx(place),
            status: AccountStatus::Complete,
        });
    }
    for zone in text.split("zone ").skip(1) {
        let mut lines = zone.lines().map(str::trim).filter(|line| !line.is_empty());
        hold(&mut inventory, lines.next().expect("a zone"), lines);
    }
    inventory
}

fn hold<'a>(inventory: &mut Inventory, head: &str, lines: impl Iterator<Item = &'a str>) {
    let words: Vec<&str> = head.split_whitespace().collect();
    let [apex, id, account, visibility, servers @ ..] = words.as_slice() else {
        panic!("{head}")
    };
    let key = ZoneKey {
        account: AccountIx(account.parse().expect("a place")),
        id: ZoneId::read(id).expect("an id"),
    };
    let origin = Origin {
        source: Source::Live,
        at: Timestamp::UNIX_EPOCH,
    };
    let set = |owner: DnsName, record_type: &str, values: Vec<Untrusted>| RecordSet {
        name: owner,
        record_type: RecordType::read(record_type).expect("a type"),
        ttl: Some(300),
        data: RecordData::Values(values),
        routing: None,
    };
    let servers: Vec<DnsName> = servers.iter().map(|server| name(server)).collect();
    let own = servers.iter().map(|server| server.to_string().into()).collect();
    let mut sets = vec![set(name(apex), "NS", own)];
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [owner, record_type, values @ ..] = words.as_slice() else {
            panic!("{line}")
        };
        let values = values.iter().map(|value| Untrusted::from(*value)).collect();
        sets.push(set(name(owner), record_type, values));
    }
    inventory.apply(Fact::Zones {
        account: key.account,
        zones: vec![Zone {
            key: key.clone(),
            name: name(apex),
            visibility: match *visibility {
                "private" => Visibility::Private,
                _ => Visibility::Public,
            },
            record_count: None,
            comment: "".into(),
            linked_service: None,
        }],
        origin,
    });
    inventory.apply(Fact::Records {
        zone: key.clone(),
        reading: Reading::Whole(Shared::new(Records::pack(&name(apex), sets).0)),
        origin,
    });
    inventory.apply(Fact::DelegationSet {
        zone: key,
        reading: Reading::Whole(DelegationSet {
            id: None,
            name_servers: servers,
        }),
        origin,
    });
}

const PARENT: &str = "zone example.com ZPARENT 0 public ns-1.example.com ns-2.example.com\n";

async fn diagnose(internet: &str, held: &str, to: &str) -> Diagnosis {
    let internet = format!("{INTERNET}{internet}");
    let went = super::trace_of(&internet, to, |tracer| tracer).await;
    let mut inventory = inventory(&format!("{PARENT}{held}"));
    let survey = Survey::of(&mut inventory);
    Diagnosis::of(&went.trace, &inventory, &survey)
}

#[tokio::test(start_paused = true)]
async fn a_healthy_name_resolves_and_every_step_has_its_owner() {
    let diagnosis = diagnose(
        "www.example.com A 5.9.9.9",
        "www.example.com A 5.9.9.9",
        "www.example.com",
    )
    .await;
    let verdict = &diagnosis.verdict;
    assert_eq!(
        (verdict.outlook, &verdict.fix),
        (Outlook::Resolves, &None),
        "{verdict:?}"
    );
    let is_parent = |holder: &Holder| matches!(holder, Holder::Held(zone) if zone.id.as_str() == "ZPARENT");
    let holders: Vec<bool> = diagnosis.steps.iter().map(|step| is_parent(&step.holder)).collect();
    assert_eq!(holders, [false, false, true]);
    assert!(matches!(diagnosis.behind.as_slice(), [one] if one.place == Place::Answering));
}

const CHILD: &str = "
    dev.example.com NS ns-3.dev.example.com
    dev.example.com NS ns-4.dev.example.com
    ns-3.dev.example.com A 5.0.0.5
    ns-4.dev.example.com A 5.0.0.6
    zone dev.example.com
    www.dev.example.com A 5.9.9.9
    ns-3.dev.example.com A 5.0.0.5
    ns-4.dev.example.com A 5.0.0.6
";
const HELD_CHILD: &str = "
    dev.example.com NS ns-3.dev.example.com ns-4.dev.example.com
    ns-3.dev.example.com A 5.0.0.5
    ns-4.dev.example.com A 5.0.0.6
    zone dev.example.com ZCHILD 1 public ns-3.dev.example.com ns-4.dev.example.com
    www.dev.example.com A 5.9.9.9
";

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_degrades_its_step_and_the_zone_above_is_where_it_is_mended() {
    let internet = format!("{CHILD} server 5.0.0.5 serves dev.example.com\n server 5.0.0.6 is refusing");
    let verdict = diagnose(&internet, HELD_CHILD, "www.dev.example.com").await.verdict;
    assert_eq!((verdict.outlook, verdict.step), (Outlook::Degraded, Some(3)));
    assert_eq!(
        verdict.sentence,
        "degraded at cut 3 (dev.example.com): 1 of 2 servers is lame"
    );
    assert_eq!(verdict.who.map(|zone| zone.id.to_string()).as_deref(), Some("ZPARENT"));
}

#[tokio::test(start_paused = true)]
async fn silence_of_all_is_not_known_and_refusal_of_all_is_broken() {
    let internet = format!("{CHILD} server 5.0.0.5 is silent\n server 5.0.0.6 is silent");
    let verdict = diagnose(&internet, HELD_CHILD, "www.dev.example.com").await.verdict;
    assert_eq!(
        (verdict.outlook, verdict.step),
        (Outlook::Unknown, Some(3)),
        "{verdict:?}"
    );
    let internet = format!("{CHILD} server 5.0.0.5 is refusing\n server 5.0.0.6 is refusing");
    let verdict = diagnose(&internet, HELD_CHILD, "www.dev.example.com").await.verdict;
    assert_eq!(verdict.outlook, Outlook::Broken);
    assert_eq!(
        verdict.sentence,
        "broken at cut 3 (dev.example.com): all 2 servers are lame"
    );
}

#[tokio::test(start_paused = true)]
async fn servers_that_only_ipv6_leads_to_are_not_known_where_there_is_none_and_the_reason_is_told() {
    let internet = CHILD
        .replace("A 5.0.0.5", "AAAA 2600::5")
        .replace("A 5.0.0.6", "AAAA 2600::6");
    let verdict = diagnose(&internet, HELD_CHILD, "www.dev.example.com").await.verdict;
    assert_eq!((verdict.outlook, verdict.step), (Outlook::Unknown, Some(3)));
    assert!(
        verdict.sentence.ends_with("there is no IPv6 from here"),
        "{}",
        verdict.sentence
    );
    let half = CHILD.replace("A 5.0.0.5", "AAAA 2600::5") + "server 5.0.0.6 serves dev.example.com";
    let verdict = diagnose(&half, HELD_CHILD, "www.dev.example.com").await.verdict;
    assert_eq!(verdict.outlook, Outlook::Resolves, "{}", verdict.sentence);
}

#[tokio::test(start_paused = true)]
async fn a_zone_that_nobody_refers_to_is_the_step_that_is_missing() {
    let held = "zone dev.example.com ZCHILD 1 public ns-3.dev.example.com ns-4.dev.example.com
        www.dev.example.com A 5.9.9.9";
    let diagnosis = diagnose("", held, "www.dev.example.com").await;
    let last = diagnosis.steps.last().expect("a step");
    assert!(matches!(&last.holder, Holder::Undelegated(zones) if zones.len() == 1));
    assert_eq!((last.leg, last.standing), (None, Standing::Broken));
    let verdict = &diagnosis.verdict;
    assert_eq!((verdict.outlook, verdict.step), (Outlook::Broken, Some(3)));
    let fix = verdict.fix.as_deref().expect("a fix");
    assert!(fix.contains("ns-3.dev.example.com") && fix.contains("ZPARENT"), "{fix}");
    assert_eq!(verdict.who.as_ref().map(|zone| zone.id.as_str()), Some("ZPARENT"));
}

#[tokio::test(start_paused = true)]
async fn a_record_set_that_a_delegation_hides_is_named_where_the_name_does_not_exist() {
    let internet = format!("{CHILD} server 5.0.0.5 serves dev.example.com\n server 5.0.0.6 serves dev.example.com");
    let held = format!("jump.dev.example.com A 5.9.9.8\n{HELD_CHILD}");
    let diagnosis = diagnose(&internet, &held, "jump.dev.example.com").await;
    let verdict = &diagnosis.verdict;
    assert_eq!(verdict.outlook, Outlook::Absent);
    let hidden = Place::Hidden(name("dev.example.com"));
    assert!(diagnosis.behind.iter().any(|behind| behind.place == hidden));
    let fix = verdict.fix.as_deref().expect("a fix");
    assert!(fix.contains("ZPARENT") && fix.contains("ZCHILD"), "{fix}");
}

#[tokio::test(start_paused = true)]
async fn a_private_zone_that_shadows_the_name_is_said() {
    let held = "www.example.com A 5.9.9.9\nzone example.com ZPRIVATE 1 private ns-0.awsdns-00.com";
    let diagnosis = diagnose("www.example.com A 5.9.9.9", held, "www.example.com").await;
    assert_eq!(diagnosis.verdict.outlook, Outlook::Resolves);
    let notes = diagnosis.verdict.notes.join("\n");
    assert!(notes.contains("split horizon") && notes.contains("ZPRIVATE"), "{notes}");
}
