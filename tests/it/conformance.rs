//! What the write protocol rests on in Route 53, as one run over one zone that may be the real service's.
//!
//! `cargo test` runs it against the simulator. Against AWS it is run by hand, with an account and a zone named for it:
//!
//! ```text
//! ZONECUT_CONFORMANCE_ACCOUNT=123456789012 ZONECUT_CONFORMANCE_ZONE=Z0EXAMPLE ZONECUT_CONFORMANCE_PROFILE=dns-lab \
//!   cargo test --test it -- --ignored --nocapture real_route_53_does_what_we_rely_on
//! ```
//!
//! The zone must be public and hold nothing but SOA and NS at its apex; the run refuses any other, and leaves it as it was.
//! `ZONECUT_CONFORMANCE_CREATE=1` lets it create a zone below that one as well, which it deletes (free within 12 hours).

#![expect(clippy::print_stdout, reason = "the run says what it did")]

use std::time::Duration;

use aws_sdk_route53::Client;
use aws_sdk_route53::config::retry::RetryConfig;
use aws_sdk_route53::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_route53::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_route53::types::{
    Change, ChangeAction, ChangeBatch, ChangeStatus, ResourceRecord, ResourceRecordSet, RrType,
};
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::World;

const ACCOUNT: &str = "ZONECUT_CONFORMANCE_ACCOUNT";
const ZONE: &str = "ZONECUT_CONFORMANCE_ZONE";
const PROFILE: &str = "ZONECUT_CONFORMANCE_PROFILE";
const CREATE: &str = "ZONECUT_CONFORMANCE_CREATE";

const WORLD: &str = r#"
name = "conformance"
[[account]]
id = "111122223333"
name = "lab"
[[account.zone]]
name = "lab.example"
records = []
"#;

#[tokio::test]
async fn the_simulator_passes_the_run_that_is_meant_for_route_53() {
    let world = World::from_toml(WORLD).expect("a valid world");
    let simulator = Simulator::start(world, Options::default()).await.expect("a free port");
    let account = simulator.accounts()[0];
    let keys = simulator.keys(account).expect("the account's keys");
    let config = aws_sdk_route53::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(simulator.endpoint())
        .credentials_provider(Credentials::new(keys.access_key, keys.secret_key, None, None, "lab"))
        .retry_config(RetryConfig::disabled())
        .http_client(Builder::new().build_http())
        .build();
    let client = Client::from_conf(config);
    let zones = client.list_hosted_zones().send().await.expect("the zones").hosted_zones;
    Run::begin(client, &zones[0].id).await.all(Creating::Allowed).await;
}

#[tokio::test]
#[ignore = "writes to a real zone: only by hand, with an account and a zone named for it"]
async fn real_route_53_does_what_we_rely_on() {
    let (Ok(account), Ok(zone), Ok(profile)) = (std::env::var(ACCOUNT), std::env::var(ZONE), std::env::var(PROFILE))
    else {
        println!("not run: {ACCOUNT}, {ZONE} and {PROFILE} must all be set");
        return;
    };
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .profile_name(profile)
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .region(Region::new("us-east-1"))
        .load()
        .await;
    let caller = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
    let caller = caller.expect("sts:GetCallerIdentity");
    assert_eq!(
        caller.account.as_deref(),
        Some(account.as_str()),
        "the profile leads to another account; nothing was sent"
    );
    let creating = match std::env::var(CREATE).as_deref() {
        Ok("1") => Creating::Allowed,
        _ => Creating::Forbidden,
    };
    Run::begin(Client::new(&config), &zone).await.all(creating).await;
}

/// Whether the run may create a zone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Creating {
    Allowed,
    Forbidden,
}

/// A run over one zone that holds nothing but its apex.
struct Run {
    client: Client,
    id: String,
    name: String,
    /// SOA and NS, as they were found.
    before: Vec<ResourceRecordSet>,
    failed: Vec<&'static str>,
}

impl Run {
    async fn begin(client: Client, id: &str) -> Self {
        let zone = client.get_hosted_zone().id(id).send().await.expect("the zone");
        let zone = zone.hosted_zone.expect("the zone");
        assert!(
            !zone.config.is_some_and(|c| c.private_zone),
            "the zone is private; nothing was sent"
        );
        let mut run = Self {
            client,
            id: zone.id.trim_start_matches("/hostedzone/").to_owned(),
            name: zone.name,
            before: Vec::new(),
            failed: Vec::new(),
        };
        run.before = run.sets().await;
        let others = run.before.iter().filter(|set| set.name != run.name).count();
        assert!(
            others == 0 && run.before.len() == 2,
            "the zone holds more than SOA and NS at its apex; nothing was sent"
        );
        println!("zone {} {}: 2 record sets", run.name, run.id);
        run
    }

    async fn all(mut self, creating: Creating) {
        self.create_and_delete().await;
        self.compare_and_swap().await;
        self.all_or_nothing().await;
        self.one_place_one_kind().await;
        self.names_and_values().await;
        self.apex().await;
        self.until_in_sync().await;
        match creating {
            Creating::Allowed => self.zones().await,
            Creating::Forbidden => println!("not run: a zone of its own ({CREATE}=1 allows it)"),
        }
        self.clean_up().await;
        assert!(self.failed.is_empty(), "{:?}", self.failed);
    }

    async fn create_and_delete(&mut self) {
        let ns = self.set("dev", RrType::Ns, 300, &["ns1.example.net.", "ns2.example.net."]);
        let made = self.send(vec![create(&ns)]).await;
        self.case("CREATE of what is absent is accepted", made.is_ok());
        let found = self.find("dev", RrType::Ns).await;
        self.case("what is PENDING is listed at once", found.as_ref() == Some(&ns));
        let again = self.send(vec![create(&ns)]).await;
        self.case(
            "CREATE over the same record set is refused, and says that it exists",
            says(&again, "already exists"),
        );
        let mut other = self.set("dev", RrType::Ns, 60, &["ns9.example.net."]);
        let over = self.send(vec![create(&other)]).await;
        self.case(
            "CREATE over another record set is refused",
            says(&over, "already exists"),
        );
        other.ttl = Some(300);
        let wrong = self.send(vec![delete(&other)]).await;
        self.case(
            "DELETE with other values is refused, and says so",
            says(&wrong, "do not match the current values"),
        );
        let mut late = ns.clone();
        late.ttl = Some(301);
        let wrong = self.send(vec![delete(&late)]).await;
        self.case(
            "DELETE with another TTL is refused",
            says(&wrong, "do not match the current values"),
        );
        let turned = self.set("dev", RrType::Ns, 300, &["ns2.example.net.", "ns1.example.net."]);
        let gone = self.send(vec![delete(&turned)]).await;
        self.case("DELETE with the values in another order is accepted", gone.is_ok());
        let missing = self.send(vec![delete(&ns)]).await;
        self.case(
            "DELETE of what is absent is refused, and says so",
            says(&missing, "was not found"),
        );
    }

    async fn compare_and_swap(&mut self) {
        let old = self.set("cas", RrType::Ns, 300, &["ns1.example.net."]);
        let foreign = self.set("cas", RrType::Ns, 300, &["ns-foreign.example.net."]);
        let new = self.set("cas", RrType::Ns, 300, &["ns2.example.net."]);
        let ready = self.send(vec![create(&old)]).await.is_ok();
        let swapped = self.send(vec![delete(&old), create(&foreign)]).await.is_ok();
        self.case(
            "DELETE of the exact old and CREATE of the new in one batch is accepted",
            ready && swapped,
        );
        let stale = self.send(vec![delete(&old), create(&new)]).await;
        let text = "do not match the current values";
        self.case(
            "the same from a stale old value is refused, with both reasons",
            says(&stale, text) && says(&stale, "already exists"),
        );
        let found = self.find("cas", RrType::Ns).await;
        self.case(
            "a refused swap leaves the foreign value",
            found == Some(foreign.clone()),
        );
        let gone = self.send(vec![delete(&foreign)]).await;
        self.case("the foreign value is removed again", gone.is_ok());
    }

    async fn all_or_nothing(&mut self) {
        let fresh = self.set("fresh", RrType::A, 60, &["192.0.2.1"]);
        let absent = self.set("absent", RrType::A, 60, &["192.0.2.2"]);
        let refused = self.send(vec![create(&fresh), delete(&absent)]).await;
        let found = self.find("fresh", RrType::A).await;
        self.case(
            "a batch with one wrong change changes nothing",
            refused.is_err() && found.is_none(),
        );
    }

    async fn one_place_one_kind(&mut self) {
        let ns = self.set("kind", RrType::Ns, 300, &["ns1.example.net."]);
        let cname = self.set("kind", RrType::Cname, 300, &["www.example.net"]);
        let ready = self.send(vec![create(&ns)]).await.is_ok();
        let beside = self.send(vec![create(&cname)]).await;
        self.case(
            "CNAME beside NS is refused",
            ready && says(&beside, "conflicts with other records"),
        );
        let swapped = self.send(vec![delete(&ns), create(&cname)]).await.is_ok();
        self.case("NS is replaced by CNAME in one batch", swapped);
        let gone = self.send(vec![delete(&cname)]).await;
        self.case("the CNAME is removed again", gone.is_ok());
        let wildcard = self.set("*", RrType::Ns, 300, &["ns1.example.net."]);
        let refused = self.send(vec![create(&wildcard)]).await;
        self.case("NS at a wildcard is refused", refused.is_err());
    }

    async fn names_and_values(&mut self) {
        let odd = self.set("0/26", RrType::Ns, 300, &["ns1.example.net."]);
        let made = self.send(vec![create(&odd)]).await.is_ok();
        let listed = self.sets().await;
        let stored = listed.iter().find(|set| set.name.starts_with("0\\05726."));
        self.case(
            "a name with a slash is listed with an octal escape",
            made && stored.is_some(),
        );
        if let Some(stored) = stored {
            let gone = self.send(vec![delete(stored)]).await;
            self.case("what was listed can be deleted as it was listed", gone.is_ok());
        }
        let text = self.set("text", RrType::Txt, 60, &["\"b\" \"a\"", "\"a\\\"b\""]);
        let made = self.send(vec![create(&text)]).await.is_ok();
        let found = self.find("text", RrType::Txt).await;
        let found_values = found
            .as_ref()
            .and_then(|set| set.resource_records.as_ref())
            .map(Vec::len);
        self.case("strings and quotes of TXT come back", made && found_values == Some(2));
        if let Some(found) = found {
            let gone = self.send(vec![delete(&found)]).await;
            self.case("TXT is deleted as it was listed", gone.is_ok());
        }
    }

    /// The one write to an apex that zonecut makes: NS restored to exactly the delegation set.
    async fn apex(&mut self) {
        let ns = self
            .before
            .iter()
            .find(|set| set.r#type == RrType::Ns)
            .cloned()
            .expect("NS at the apex");
        let alone = self.send(vec![delete(&ns)]).await;
        self.case("DELETE of NS at the apex is refused", alone.is_err());
        let mut short = ns.clone();
        short.ttl = Some(ns.ttl.unwrap_or(172_800).saturating_add(1));
        let there = self.send(vec![delete(&ns), create(&short)]).await;
        let changed = self.sets().await.contains(&short);
        self.case(
            "NS at the apex is replaced by DELETE and CREATE in one batch",
            there.is_ok() && changed,
        );
        if there.is_ok() {
            let back = self.send(vec![delete(&short), create(&ns)]).await;
            self.case("and put back in the same way", back.is_ok());
        }
        let soa = self
            .before
            .iter()
            .find(|set| set.r#type == RrType::Soa)
            .cloned()
            .expect("SOA at the apex");
        let refused = self.send(vec![delete(&soa)]).await;
        self.case("DELETE of SOA is refused", refused.is_err());
    }

    async fn until_in_sync(&mut self) {
        let set = self.set("sync", RrType::A, 60, &["192.0.2.3"]);
        let id = self.send(vec![create(&set)]).await.unwrap_or_default();
        let first = self.client.get_change().id(&id).send().await;
        let known = first.is_ok_and(|change| change.change_info.is_some());
        self.case("GetChange knows the change", known);
        let in_sync = self.in_sync(&id).await;
        self.case("the change is INSYNC within five minutes", in_sync);
        let unknown = self.client.get_change().id("C0000000000000").send().await;
        let code = unknown.as_ref().err().and_then(ProvideErrorMetadata::code);
        self.case("an unknown change is NoSuchChange", code == Some("NoSuchChange"));
    }

    async fn in_sync(&self, id: &str) -> bool {
        for wait in [1, 2, 4].into_iter().chain(std::iter::repeat_n(5, 60)) {
            let change = self.client.get_change().id(id).send().await;
            let info = change.ok().and_then(|change| change.change_info);
            if info.is_some_and(|info| info.status == ChangeStatus::Insync) {
                return true;
            }
            tokio::time::sleep(Duration::from_secs(wait)).await;
        }
        false
    }

    async fn zones(&mut self) {
        let reference = format!("zonecut-conformance-{:032x}", fastrand::u128(..));
        let name = format!("zone.{}", self.name);
        let new = || {
            self.client
                .create_hosted_zone()
                .name(&name)
                .caller_reference(&reference)
                .send()
        };
        let made = new().await;
        let again = new().await;
        let id = made
            .as_ref()
            .ok()
            .and_then(|made| made.hosted_zone.as_ref())
            .map(|zone| zone.id.clone());
        let code = again
            .as_ref()
            .err()
            .and_then(ProvideErrorMetadata::code)
            .map(str::to_owned);
        self.case("CreateHostedZone makes a zone", id.is_some());
        self.case(
            "the same CallerReference makes no second one",
            code.as_deref() == Some("HostedZoneAlreadyExists"),
        );
        let Some(id) = id else { return };
        let listed = self
            .client
            .list_hosted_zones_by_name()
            .dns_name(&name)
            .max_items(1)
            .send()
            .await;
        let found = listed.ok().and_then(|page| page.hosted_zones.into_iter().next());
        let found = found.is_some_and(|zone| zone.caller_reference == reference);
        self.case("the zone is found by its name, with its CallerReference", found);
        let inner = ResourceRecordSet::builder()
            .name(format!("www.{name}"))
            .r#type(RrType::A)
            .ttl(60);
        let inner = inner
            .resource_records(value("192.0.2.4"))
            .build()
            .expect("a record set");
        let filled = self.send_to(&id, vec![create(&inner)]).await.is_ok();
        let refused = self.client.delete_hosted_zone().id(&id).send().await;
        let code = refused
            .as_ref()
            .err()
            .and_then(ProvideErrorMetadata::code)
            .map(str::to_owned);
        self.case(
            "a zone that holds record sets is not deleted",
            filled && code.as_deref() == Some("HostedZoneNotEmpty"),
        );
        let emptied = self.send_to(&id, vec![delete(&inner)]).await.is_ok();
        let gone = self.client.delete_hosted_zone().id(&id).send().await.is_ok();
        self.case("an empty zone is deleted", emptied && gone);
    }

    /// Takes out whatever is left, and compares with what was found.
    async fn clean_up(&mut self) {
        let left = self.sets().await;
        for set in left.iter().filter(|set| set.name != self.name) {
            let gone = self.send(vec![delete(set)]).await;
            println!(
                "took out {} {}: {}",
                set.name,
                set.r#type,
                if gone.is_ok() { "done" } else { "failed" }
            );
        }
        let after = self.sets().await;
        let same = after == self.before;
        self.case("the zone is as it was", same);
    }

    fn case(&mut self, name: &'static str, holds: bool) {
        println!("{} {name}", if holds { "ok  " } else { "FAIL" });
        if !holds {
            self.failed.push(name);
        }
    }

    async fn send(&self, changes: Vec<Change>) -> Result<String, String> {
        self.send_to(&self.id, changes).await
    }

    /// The id of the change, or the code and the message of the refusal.
    async fn send_to(&self, zone: &str, changes: Vec<Change>) -> Result<String, String> {
        let batch = ChangeBatch::builder()
            .comment("zonecut conformance run")
            .set_changes(Some(changes));
        let sent = self.client.change_resource_record_sets().hosted_zone_id(zone);
        let sent = sent.change_batch(batch.build().expect("a batch")).send().await;
        sent.map(|answer| answer.change_info.map(|info| info.id).unwrap_or_default())
            .map_err(refusal)
    }

    async fn sets(&self) -> Vec<ResourceRecordSet> {
        let page = self
            .client
            .list_resource_record_sets()
            .hosted_zone_id(&self.id)
            .send()
            .await;
        page.expect("the record sets").resource_record_sets
    }

    async fn find(&self, label: &str, record_type: RrType) -> Option<ResourceRecordSet> {
        let name = format!("{label}.{}", self.name);
        let sets = self.sets().await;
        sets.into_iter()
            .find(|set| set.name == name && set.r#type == record_type)
    }

    fn set(&self, label: &str, record_type: RrType, ttl: i64, values: &[&str]) -> ResourceRecordSet {
        let records = values.iter().map(|text| value(text)).collect();
        ResourceRecordSet::builder()
            .name(format!("{label}.{}", self.name))
            .r#type(record_type)
            .ttl(ttl)
            .set_resource_records(Some(records))
            .build()
            .expect("a record set")
    }
}

fn value(text: &str) -> ResourceRecord {
    ResourceRecord::builder().value(text).build().expect("a value")
}

fn create(set: &ResourceRecordSet) -> Change {
    change(ChangeAction::Create, set)
}

fn delete(set: &ResourceRecordSet) -> Change {
    change(ChangeAction::Delete, set)
}

fn change(action: ChangeAction, set: &ResourceRecordSet) -> Change {
    let change = Change::builder().action(action).resource_record_set(set.clone());
    change.build().expect("a change")
}

fn says<T>(result: &Result<T, String>, text: &str) -> bool {
    result.as_ref().is_err_and(|refusal| refusal.contains(text))
}

fn refusal<E: ProvideErrorMetadata>(error: SdkError<E, HttpResponse>) -> String {
    format!(
        "{}: {}",
        error.code().unwrap_or("no code"),
        error.message().unwrap_or("no message")
    )
}
