use super::*;
use crate::model::record::RecordType;

const ACME: &str = r#"
name = "acme"
[[account]]
id = "111122223333"
name = "shared"
env = "prod"
[[account.zone]]
name = "example.com"
records = [
  "www 300 A 192.0.2.1",
  "www 300 A 192.0.2.2",
  "gone 300 NS $GONE(gone)",
  "mixed 300 NS $SET(dev)[0..3] ns1.example.net.",
  "signed 300 DS $DS(signed.example.com)",
]
[[account.zone]]
name = "example.com"
key = "vpc"
private = true
[[account]]
id = "444455556666"
name = "team"
fault = { latency_ms = 80, deny = ["ListResourceRecordSets"] }
[[account.zone]]
name = "dev.example.com"
key = "dev"
[[account.zone]]
name = "svc-{1..3}.dev.example.com"
[[account.zone]]
name = "signed.example.com"
signing = "SIGNING"
[[account.zone]]
name = "lost.example.com"
delegate = false
[[account.zone]]
name = "stale.example.com"
delegate_ns = ["$GONE(stale)"]
[[expect]]
code = "missing-delegation"
name = "lost.example.com"
"#;

fn acme() -> World {
    World::from_toml(ACME).expect("a valid world")
}

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

fn values(world: &World, key: &str, owner: &str, record_type: RecordType) -> Vec<String> {
    let (_, zone) = world.zone_by_key(key).expect("a zone");
    let set = zone.find(&name(owner), record_type).expect("a record set");
    set.values.iter().map(ToString::to_string).collect()
}

fn set_of(world: &World, key: &str) -> Vec<String> {
    let (_, zone) = world.zone_by_key(key).expect("a zone");
    zone.delegation_set.iter().map(|server| format!("{server}.")).collect()
}

#[test]
fn a_parent_in_another_account_delegates_to_the_zone_by_its_own_set() {
    let world = acme();
    assert_eq!(
        values(&world, "example.com", "dev.example.com", RecordType::NS),
        set_of(&world, "dev")
    );
    assert_eq!(
        values(&world, "dev", "svc-2.dev.example.com", RecordType::NS),
        set_of(&world, "svc-2.dev.example.com")
    );
    let (_, parent) = world.zone_by_key("example.com").expect("a zone");
    assert_eq!(parent.find(&name("lost.example.com"), RecordType::NS), None);
    assert_eq!(parent.find(&name("svc-1.dev.example.com"), RecordType::NS), None);
}

#[test]
fn the_apex_is_as_route_53_makes_it() {
    let world = acme();
    let (_, zone) = world.zone_by_key("dev").expect("a zone");
    let ns = zone.find(&zone.name, RecordType::NS).expect("the apex NS");
    assert_eq!(ns.ttl, Some(172_800));
    let soa = values(&world, "dev", "dev.example.com", RecordType::SOA);
    let primary = &set_of(&world, "dev")[0];
    assert_eq!(
        soa,
        [format!(
            "{primary} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
        )]
    );
}

#[test]
fn no_zone_shares_a_server_with_an_ancestor_or_twin() {
    let mut builder = WorldBuilder::new("wide");
    let account = builder.account(AccountSpec::new("111122223333", "a"));
    builder.zone(account, ZoneSpec::public(name("example.com")));
    for index in 0..2_000 {
        builder.zone(account, ZoneSpec::public(name(&format!("c{index}.example.com"))));
    }
    let world = builder.build().expect("a world");
    let (_, apex) = world.zone_by_key("example.com").expect("a zone");
    for server in &apex.delegation_set {
        assert_eq!(world.zones_served_by(server).count(), 1);
    }
    let deepest = world.zone_served_by(&apex.delegation_set[0], &name("c7.example.com"));
    assert_eq!(deepest.map(|zone| &zone.name), Some(&name("example.com")));
}

#[test]
fn placeholders_stand_for_what_was_assigned() {
    let world = acme();
    let mixed = values(&world, "example.com", "mixed.example.com", RecordType::NS);
    assert_eq!(mixed[..3], set_of(&world, "dev")[..3]);
    assert_eq!(mixed[3], "ns1.example.net.");
    let stale = values(&world, "example.com", "stale.example.com", RecordType::NS);
    assert!(
        stale
            .iter()
            .all(|server| world.zones_served_by(&name(server)).next().is_none())
    );
    let ds = values(&world, "example.com", "signed.example.com", RecordType::DS);
    let (_, signed) = world.zone_by_key("signed.example.com").expect("a zone");
    let key = signed.signing.key.as_ref().expect("a key");
    let ds = crate::model::dnssec::DsValue::read(&ds[0]).expect("a DS value");
    assert_eq!(ds.names(key, &signed.name), Some(true));
}

#[test]
fn the_file_is_the_same_world_in_every_run() {
    let ids = |world: &World| world.zones().map(|(_, zone)| zone.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&acme()), ids(&acme()));
    let (account, zone) = acme()
        .zone_by_key("vpc")
        .map(|(a, z)| (a.id, z.clone()))
        .expect("a zone");
    assert_eq!(account.as_str(), "111122223333");
    assert!(zone.id.as_str().starts_with('Z') && (14..=21).contains(&zone.id.as_str().len()));
    assert_eq!(zone.delegation_set, servers::of_private_zones());
    assert_eq!(
        acme().expectations(When::Live).cloned().collect::<Vec<_>>(),
        [Expectation::new("missing-delegation", "lost.example.com")]
    );
    assert_eq!(acme().accounts()[1].faults.latency_ms, 80);
}

#[test]
fn an_error_names_the_place() {
    let broken = |from: &str, to: &str| {
        World::from_toml(&ACME.replace(from, to))
            .expect_err("broken")
            .to_string()
    };
    assert!(broken("$SET(dev)", "$SET(nobody)").contains("zone example.com, record \"mixed"));
    assert!(broken("latency_ms", "latencyms").contains("line"));
    assert!(broken("444455556666", "111122223333").contains("two accounts"));
    assert!(broken("192.0.2.2\"", "192.0.2.2\", \"www 60 A 192.0.2.3\"").contains("another TTL"));
    assert!(
        broken(
            "name = \"lost.example.com\"\ndelegate = false",
            "name = \"dev.example.com\""
        )
        .contains("delegated too")
    );
    assert!(broken("www 300 A 192.0.2.1", "dev 300 NS $GONE(x)").contains("two record sets"));
    assert!(broken("www 300 A 192.0.2.1", "www.example.net. 300 A 192.0.2.1").contains("does not lie in the zone"));
}

#[test]
fn a_name_exists_where_something_lies_below_it() {
    let world = World::from_toml(&ACME.replace("www 300 A 192.0.2.1", "a.b 300 A 192.0.2.1")).expect("a world");
    let (_, zone) = world.zone_by_key("example.com").expect("a zone");
    assert!(zone.exists(&name("b.example.com")));
    assert!(!zone.exists(&name("c.example.com")));
    assert_eq!(zone.at(&name("www.example.com")).len(), 1);
}
