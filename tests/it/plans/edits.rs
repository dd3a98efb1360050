//! Edits of record sets, and what the name servers of the demo say against some of them.

use std::sync::Arc;

use zonecut::engine::atlas::Atlas;
use zonecut::engine::check::{Anchored, Checker, Target};
use zonecut::model::dns::{Outcome as Heard, Rdata, Reply};
use zonecut::model::dnssec::DsValue;
use zonecut::model::record::RecordType;
use zonecut::model::zone::ZoneId;
use zonecut::plan::preflight::Outcome;
use zonecut::plan::wish::{Edit, Records, Want, ZoneChoice};
use zonecut::plan::{ExactSet, Plan};

use super::{Lives, Organisation, check, cost, name, outcome, text};

fn put(zone: ZoneChoice, set: ExactSet) -> Want {
    Want::Records(Records {
        zone,
        edits: vec![Edit::Put(set)],
    })
}

impl Organisation {
    async fn put(&self, zone: &str, set: ExactSet) -> Plan {
        let draft = self.draft(put(ZoneChoice::Name(name(zone)), set)).await;
        draft.expect("a plan")
    }

    fn zones(&self, of: &str) -> Vec<ZoneId> {
        let inventory = self.picture.inventory();
        let zones = inventory.public_zones(name(of).as_wire());
        let entries = zones.iter().filter_map(|zone| inventory.zone(*zone));
        entries.map(|entry| entry.zone.key.id.clone()).collect()
    }

    /// The DS of a key that the servers of a zone give, as `dig` would show it.
    async fn ds_of(&self, zone: &str) -> String {
        let checker = Checker::new(self.asker(), Arc::new(Atlas::new(self.start())), cost());
        let target = Target {
            anchored: Anchored::Yes,
            ..Target::unheld(name(zone))
        };
        let served = checker.check(&target).await;
        let heard = served.servers.iter().flat_map(|server| &server.heard);
        let mut records = heard.filter_map(|heard| match heard.dnskey.as_ref()? {
            Heard::Asked(probe) => match &probe.reply {
                Reply::Answer(records) => Some(records),
                _ => None,
            },
            Heard::Unasked(_) => None,
        });
        let records = records.next().expect("keys").iter();
        let mut keys = records.filter_map(|record| match &record.data {
            Rdata::Dnskey(key) if key.flags == 257 => Some(key),
            _ => None,
        });
        let ds = DsValue::naming(keys.next().expect("a key-signing key"), &name(zone));
        format!("{} {} {} {}", ds.tag, ds.algorithm, ds.digest_type, ds.digest)
    }
}

fn ds(owner: &str, value: &str) -> ExactSet {
    ExactSet::simple(name(owner), RecordType::DS, 300, vec![text(value)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ds_that_names_no_key_of_the_child_stops_the_edit_and_one_that_does_passes() {
    let organisation = Organisation::demo().await;
    let strange = "12345 13 2 B5BB9D8014A0F9B1D61E21E796D78DCCDF1352F23CD32812F4850B878AE4944C";
    let plan = organisation.put("example.net", ds("tokens.example.net", strange)).await;
    assert_eq!(outcome(&plan, "dnssec"), Outcome::Stop, "a key that is not there");
    let plan = organisation.put("example.com", ds("api.example.com", strange)).await;
    assert_eq!(outcome(&plan, "dnssec"), Outcome::Stop, "a child that is not signed");
    let plan = organisation.put("example.com", ds("shop.example.com", strange)).await;
    assert_eq!(outcome(&plan, "dnssec"), Outcome::Stop, "an unsigned child elsewhere");
    let right = organisation.ds_of("tokens.example.net").await;
    let plan = organisation.put("example.net", ds("tokens.example.net", &right)).await;
    assert_eq!(outcome(&plan, "dnssec"), Outcome::Ok, "{:#?}", plan.preflight);
    assert_eq!(plan.preflight.in_the_way().count(), 0, "{:#?}", plan.preflight);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_do_not_answer_for_a_name_stop_the_edit_that_delegates_it_to_them() {
    let organisation = Organisation::demo().await;
    let to = |servers: [&str; 2]| ExactSet::name_servers(name("shop.example.com"), 300, &servers.map(name));
    let plan = organisation
        .put("example.com", to(["ns1.vaultline.example", "ns2.vaultline.example"]))
        .await;
    assert!(outcome(&plan, "child-answers").is_stop(), "{:#?}", plan.preflight);
    assert_eq!(outcome(&plan, "zone-is-used"), Outcome::Ok);
    let gone = Want::Records(Records {
        zone: ZoneChoice::Name(name("example.com")),
        edits: vec![Edit::Remove {
            name: name("shop.example.com"),
            record_type: RecordType::NS,
            identifier: None,
        }],
    });
    let plan = organisation.draft(gone).await.expect("a plan");
    assert_eq!(outcome(&plan, "in-use"), Outcome::Warn, "{:#?}", plan.preflight);
    let again = ExactSet {
        ttl: Some(60),
        ..to(["ns1.shopfront.example", "ns2.shopfront.example"])
    };
    let plan = organisation.put("example.com", again).await;
    assert!(
        plan.preflight.0.iter().all(|check| check.code != "child-answers"),
        "who is referred to stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_zone_that_the_internet_does_not_ask_is_stopped_and_that_of_its_twin_is_not() {
    let organisation = Organisation::demo().await;
    let set = || ExactSet::simple(name("new.www.example.com"), RecordType::A, 60, vec![text("192.0.2.77")]);
    let mut outcomes = Vec::new();
    for id in organisation.zones("www.example.com") {
        let plan = organisation
            .draft(put(ZoneChoice::Id(id), set()))
            .await
            .expect("a plan");
        assert!(
            check(&plan, "zone-is-used")
                .details
                .iter()
                .any(|line| line.contains("2 public zones"))
        );
        outcomes.push(outcome(&plan, "zone-is-used"));
    }
    outcomes.sort();
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Stop]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_server_is_asked_an_edit_waits_for_somebody_to_say_that_the_zone_is_used() {
    let organisation = Organisation::of(super::DEMO, Lives::Unasked).await;
    let new = ExactSet::simple(name("new.api.example.com"), RecordType::A, 60, vec![text("192.0.2.77")]);
    let plan = organisation.put("api.example.com", new).await;
    let stops: Vec<&str> = plan.preflight.in_the_way().map(|check| check.code.as_str()).collect();
    assert_eq!(stops, ["zone-is-used"]);
}
