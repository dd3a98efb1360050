//! What the demo organisation offers to a plan: owners in tags and TXT, a protected delegation, a locked zone.

use super::*;
use aws_sdk_route53::types::TagResourceType;

const DEMO: &str = include_str!("../../../assets/demo.toml");

struct Demo {
    bench: Bench,
}

impl Demo {
    async fn start() -> Self {
        Self {
            bench: Bench::simulated_from(DEMO).await,
        }
    }

    /// The zone of a handle, through the keys of its own account.
    fn zone(&self, key: &str) -> Zone {
        let found = self.bench.simulator().with_world(|world| {
            let (account, zone) = world.zone_by_key(key)?;
            Some((account.id.to_string(), zone.id.to_string(), zone.name.to_string()))
        });
        let (account, id, name) = found.expect("a zone");
        let client = self.bench.route53_as(self.bench.credentials(&account));
        Zone {
            client,
            id,
            name,
            servers: vec![],
        }
    }
}

async fn tags(zones: &[&Zone]) -> Vec<(String, String, String)> {
    let request = zones[0]
        .client
        .list_tags_for_resources()
        .resource_type(TagResourceType::Hostedzone);
    let ids = zones.iter().map(|zone| zone.id.clone()).collect();
    let answer = request.set_resource_ids(Some(ids)).send().await.expect("tags");
    let sets = answer.resource_tag_sets.into_iter();
    sets.flat_map(|set| {
        let id = set.resource_id.clone().unwrap_or_default();
        let name = zones
            .iter()
            .find(|zone| zone.id == id)
            .expect("one that was asked for")
            .name
            .clone();
        let text = |text: Option<String>| text.unwrap_or_default();
        set.tags
            .unwrap_or_default()
            .into_iter()
            .map(move |tag| (name.clone(), text(tag.key), text(tag.value)))
    })
    .collect()
}

#[tokio::test]
async fn the_demo_says_in_tags_and_in_txt_which_programs_look_after_what() {
    let Some(_) = Bench::simulated().await else { return };
    let demo = Demo::start().await;
    let (us, ap, eu) = (
        demo.zone("us.example.com"),
        demo.zone("ap.example.com"),
        demo.zone("eu.example.com"),
    );
    let of_stack =
        |zone: &str, key: &str, value: &str| (zone.to_owned(), format!("aws:cloudformation:{key}"), value.to_owned());
    assert_eq!(
        tags(&[&us, &eu, &ap]).await,
        [
            of_stack("us.example.com", "logical-id", "Zone"),
            of_stack("us.example.com", "stack-name", "edge-dns"),
            of_stack("ap.example.com", "logical-id", "Zone"),
            of_stack("ap.example.com", "stack-name", "edge-dns"),
        ]
    );
    let managed = |zone: &str, value: &str| (zone.to_owned(), "ManagedBy".to_owned(), value.to_owned());
    assert_eq!(
        tags(&[&demo.zone("api.example.com")]).await[0],
        managed("api.example.com", "terraform")
    );
    assert_eq!(
        tags(&[&demo.zone("mail.example.com")]).await,
        [managed("mail.example.com", "OpenTofu")]
    );
    let owner = demo
        .zone("atlas.apps.example.com")
        .values("api.atlas.apps.example.com.", RrType::Txt)
        .await;
    assert!(owner[0].contains("heritage=external-dns"), "{owner:?}");
}

#[tokio::test]
async fn the_demo_has_a_protected_delegation_and_a_locked_zone() {
    let Some(_) = Bench::simulated().await else { return };
    let demo = Demo::start().await;
    let parent = demo.zone("example.com");
    let delegation = parent
        .find("api.example.com.", RrType::Ns)
        .await
        .expect("it is delegated");
    let refusal = parent
        .change(vec![delete(delegation)])
        .await
        .expect_err("it is protected");
    assert!(
        refusal.code == "InvalidChangeBatch" && refusal.message.contains("ask #dns"),
        "{refusal:?}"
    );
    let locked = demo.zone("links.example.net");
    let refusal = locked
        .refused(vec![create(set("new.links.example.net.", RrType::A, &["192.0.2.1"]))])
        .await;
    assert!(refusal.message.contains("ENABLING_HOSTED_ZONE_LOCKED"), "{refusal:?}");
}
