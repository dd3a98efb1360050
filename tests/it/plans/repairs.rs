//! Mending every finding of the demo, in every way that is offered.

use zonecut::findings::Finding;
use zonecut::plan::repair::{Way, mending};
use zonecut::plan::step::Step;
use zonecut::plan::wish::{Repair, Want};
use zonecut::plan::{Goal, Plan};

use super::{Organisation, check, name};

/// Each finding that a write can mend, with its ways.
fn mendable(organisation: &Organisation) -> Vec<(Finding, Vec<Way>)> {
    let (survey, inventory) = (organisation.picture.survey(), organisation.picture.inventory());
    let ways = survey
        .findings()
        .map(|finding| (finding.clone(), mending(finding, survey, inventory)));
    ways.filter_map(|(finding, ways)| Some((finding, ways.ok()?))).collect()
}

async fn mend(organisation: &Organisation, at: &str, finding: &str, way: &str) -> Plan {
    let want = Want::Repair(Repair {
        name: name(at),
        finding: Some(finding.to_owned()),
        way: Some(way.to_owned()),
    });
    organisation.draft(want).await.expect("a plan")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_that_is_offered_in_the_demo_leads_to_a_plan() {
    let organisation = Organisation::demo().await;
    let mut told = Vec::new();
    let mendable = mendable(&organisation);
    assert!(mendable.len() > 30, "{}", mendable.len());
    for (finding, ways) in mendable {
        let at = finding.name().expect("a name");
        for way in ways {
            let want = Want::Repair(Repair {
                name: at.clone(),
                finding: Some(finding.code().to_owned()),
                way: Some(way.word.clone()),
            });
            let line = match organisation.draft(want).await {
                Ok(plan) => {
                    assert_eq!(
                        plan.goal,
                        Goal::Repair {
                            finding: finding.code().to_owned()
                        }
                    );
                    assert!(plan.steps.iter().any(Step::is_write), "{plan:#?}");
                    let stops: Vec<String> = plan
                        .preflight
                        .in_the_way()
                        .map(|check| format!("{}: {}", check.code, check.saying))
                        .collect();
                    format!("{at} {} {} {}", finding.code(), way.word, stops.join(" | "))
                }
                Err(refusal) => format!("{at} {} {} REFUSED {refusal}", finding.code(), way.word),
            };
            told.push(line);
        }
    }
    let refused: Vec<&String> = told.iter().filter(|line| line.contains("REFUSED")).collect();
    assert!(refused.is_empty(), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mends_a_finding_takes_name_servers_from_the_delegation_set() {
    let organisation = Organisation::demo().await;
    for (at, finding, way) in [
        ("staging.example.com", "stale-delegation-set", "replace"),
        ("eu.example.com", "dangling-nameserver", "replace"),
        ("id.example.com", "apex-ns-foreign", "restore-apex"),
        ("lab.example.com", "self-delegation", "replace"),
    ] {
        let plan = mend(&organisation, at, finding, way).await;
        let inventory = organisation.picture.inventory();
        let zones = inventory.public_zones(name(at).as_wire());
        let entry = inventory.zone(zones[0]).expect("a zone");
        let change = plan.steps.iter().find_map(|step| match step {
            Step::Change { batch, .. } => batch.changes().first(),
            _ => None,
        });
        let new = change.and_then(|change| change.wanted()).expect("something comes");
        let zonecut::plan::Wanted::Set(new) = new else {
            panic!("{new:?}")
        };
        let set = entry
            .delegation_set
            .as_ref()
            .and_then(|held| held.value())
            .expect("its set was read");
        assert_eq!(zonecut::plan::cut::servers_of(new), set.name_servers, "{at}");
        assert_eq!(plan.preflight.in_the_way().count(), 0, "{at}: {:#?}", plan.preflight);
        let _ = check(&plan, "caller");
    }
}

/// What the finding at `events.acme.example` is offered in the demo with these servers.
async fn offered(delegation: &str, servers: &str) -> Result<Vec<String>, String> {
    let world = super::DEMO
        .replace("events 3600 NS ns1.eventhost.example. ns2.olddns.example.", delegation)
        .replace(
            "name = \"{events,surveys}.acme.example\"\nservers = [\"ns1.eventhost.example\"]",
            &format!("name = \"{{events,surveys}}.acme.example\"\nservers = [{servers}]"),
        );
    let organisation = Organisation::of(&world, super::Lives::Asked).await;
    let (survey, inventory) = (organisation.picture.survey(), organisation.picture.inventory());
    let cut = survey.cut(&name("events.acme.example")).expect("a cut");
    let finding = cut.findings.iter().find(|one| one.code() == "dangling-nameserver");
    let ways = mending(finding.expect("the finding"), survey, inventory)?;
    Ok(ways.into_iter().map(|way| way.word).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_serve_is_taken_out_where_two_others_do() {
    let delegation = "events 3600 NS ns1.eventhost.example. ns2.olddns.example. ns3.eventhost.example.";
    let ways = offered(delegation, "\"ns{1,3}.eventhost.example\"").await;
    assert_eq!(ways, Ok(vec!["remove-servers".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_is_left_to_a_single_server_and_it_is_said_what_to_do() {
    let delegation = "events 3600 NS ns1.eventhost.example. ns2.olddns.example.";
    let why = offered(delegation, "\"ns1.eventhost.example\"")
        .await
        .expect_err("no way");
    assert!(why.contains("one name server would be left"), "{why}");
    assert!(why.contains("Without ns2.olddns.example "), "{why}");
}
