//! Reusable delegation sets: made beforehand, belonging to one account, never shared between related zones.

use super::*;
use aws_sdk_route53::types::DelegationSet;

async fn client() -> aws_sdk_route53::Client {
    Bench::start_leaked().await.route53()
}

async fn new_set(client: &aws_sdk_route53::Client) -> DelegationSet {
    let created = client
        .create_reusable_delegation_set()
        .caller_reference(unique("set"))
        .send()
        .await;
    created.expect("a set").delegation_set.expect("a set")
}

fn set_id(set: &DelegationSet) -> &str {
    set.id.as_deref().expect("a reusable set has an id")
}

async fn zone_on(client: &aws_sdk_route53::Client, name: &str, id: &str) -> Result<Zone, Refusal> {
    let create = client
        .create_hosted_zone()
        .name(name)
        .caller_reference(unique("reference"))
        .delegation_set_id(id);
    let created = create.send().await.map_err(refusal)?;
    Ok(Zone {
        client: client.clone(),
        id: created.hosted_zone.expect("a zone").id,
        name: name.to_owned(),
        servers: created.delegation_set.expect("a set").name_servers,
    })
}

#[tokio::test]
async fn a_set_has_four_servers_before_there_is_a_zone() {
    let client = client().await;
    let set = new_set(&client).await;
    assert_eq!(set.name_servers.len(), 4);
    let got = client
        .get_reusable_delegation_set()
        .id(set_id(&set))
        .send()
        .await
        .expect("a set");
    assert_eq!(got.delegation_set.expect("a set").name_servers, set.name_servers);
    let listed = client
        .list_reusable_delegation_sets()
        .send()
        .await
        .expect("sets")
        .delegation_sets;
    assert!(listed.iter().any(|listed| listed.name_servers == set.name_servers));
}

#[tokio::test]
async fn a_caller_reference_makes_one_set_only() {
    let client = client().await;
    let reference = unique("set");
    let create = || {
        client
            .create_reusable_delegation_set()
            .caller_reference(&reference)
            .send()
    };
    create().await.expect("a set");
    assert_eq!(code(create().await), "DelegationSetAlreadyCreated");
}

#[tokio::test]
async fn a_zone_created_on_a_set_has_its_servers() {
    let client = client().await;
    let set = new_set(&client).await;
    let zone = zone_on(&client, &format!("{}.example.com", unique("on-set")), set_id(&set))
        .await
        .expect("a zone");
    assert_eq!(zone.servers, set.name_servers);
    let got = client.get_hosted_zone().id(&zone.id).send().await.expect("a zone");
    assert!(got.delegation_set.and_then(|set| set.id).is_some());
    let listed = client
        .list_hosted_zones()
        .delegation_set_id(set_id(&set))
        .send()
        .await
        .expect("zones");
    let names: Vec<_> = listed.hosted_zones.into_iter().map(|zone| zone.name).collect();
    assert_eq!(names, [format!("{}.", zone.name)]);
}

#[tokio::test]
async fn zones_of_one_name_do_not_share_a_set() {
    let client = client().await;
    let set = new_set(&client).await;
    let name = format!("{}.example.com", unique("twins"));
    zone_on(&client, &name, set_id(&set)).await.expect("a zone");
    let refusal = zone_on(&client, &name, set_id(&set)).await.err().expect("refused");
    assert_eq!(refusal.code, "ConflictingDomainExists");
}

#[tokio::test]
async fn a_parent_and_its_child_do_not_share_a_set() {
    let client = client().await;
    let set = new_set(&client).await;
    let name = format!("{}.example.com", unique("parent"));
    zone_on(&client, &name, set_id(&set)).await.expect("a zone");
    let refusal = zone_on(&client, &format!("dev.{name}"), set_id(&set))
        .await
        .err()
        .expect("refused");
    assert_eq!(refusal.code, "ConflictingDomainExists");
}

#[tokio::test]
async fn siblings_share_a_set() {
    let client = client().await;
    let set = new_set(&client).await;
    for label in ["one", "two"] {
        let name = format!("{label}.{}.example.com", unique("siblings"));
        zone_on(&client, &name, set_id(&set)).await.expect("a zone");
    }
}

#[tokio::test]
async fn a_set_that_does_not_exist_is_refused() {
    let client = client().await;
    let refusal = zone_on(&client, "nowhere.example.com", "N0000000000000")
        .await
        .err()
        .expect("refused");
    assert_eq!(refusal.code, "NoSuchDelegationSet");
    assert_eq!(
        code(client.get_reusable_delegation_set().id("N0000000000000").send().await),
        "NoSuchDelegationSet"
    );
    assert_eq!(
        code(
            client
                .list_hosted_zones()
                .delegation_set_id("N0000000000000")
                .send()
                .await
        ),
        "NoSuchDelegationSet"
    );
}

#[tokio::test]
async fn the_set_of_an_existing_zone_becomes_reusable_once() {
    let client = client().await;
    let zone = Zone::create(&client).await;
    let from_zone = || {
        let create = client.create_reusable_delegation_set().caller_reference(unique("set"));
        create.hosted_zone_id(zone.id.trim_start_matches("/hostedzone/")).send()
    };
    let set = from_zone().await.expect("a set").delegation_set.expect("a set");
    assert_eq!(set.name_servers, zone.servers);
    assert_eq!(code(from_zone().await), "DelegationSetAlreadyReusable");
}

#[tokio::test]
async fn a_set_in_use_cannot_be_deleted() {
    let client = client().await;
    let set = new_set(&client).await;
    let zone = zone_on(&client, &format!("{}.example.com", unique("in-use")), set_id(&set))
        .await
        .expect("a zone");
    let delete = || client.delete_reusable_delegation_set().id(set_id(&set)).send();
    assert_eq!(code(delete().await), "DelegationSetInUse");
    client
        .delete_hosted_zone()
        .id(&zone.id)
        .send()
        .await
        .expect("a deletion");
    delete().await.expect("a deletion");
    assert_eq!(code(delete().await), "NoSuchDelegationSet");
}
