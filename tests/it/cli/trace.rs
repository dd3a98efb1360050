//! `trace`, `who` and `verify` in the demo: the right cut, the right account, the right next step.

use super::run::{Place, Ran};

struct Told {
    ran: Ran,
    json: serde_json::Value,
}

fn trace(place: &Place, args: &[&str]) -> Told {
    let ran = place.run(&[&["trace", "--demo", "--json"], args].concat());
    let json = ran.json();
    Told { ran, json }
}

impl Told {
    /// How it ended, the zone of the step it is about, and the account that can mend it.
    fn verdict(&self) -> (i32, &str, &str, &str) {
        let verdict = &self.json["verdict"];
        let step = verdict["step"]
            .as_u64()
            .map(|step| usize::try_from(step).expect("small"));
        let zone = step.and_then(|step| self.json["steps"][step]["zone"].as_str());
        (
            self.ran.code,
            verdict["outlook"].as_str().expect("a word"),
            zone.unwrap_or("-"),
            verdict["who"]["account_name"].as_str().unwrap_or("-"),
        )
    }

    fn notes(&self) -> String {
        self.json["verdict"]["notes"].to_string()
    }
}

#[test]
fn every_kind_of_trouble_of_the_demo_is_traced_to_its_cut_and_account() {
    let place = Place::new();
    for (name, record_type, verdict) in [
        ("www.example.com", "A", (0, "resolves", "-", "-")),
        (
            "e2e-1.qa.dev.example.com",
            "A",
            (3, "broken", "dev.example.com", "shared-dns"),
        ),
        (
            "promo.example.com",
            "A",
            (3, "broken", "promo.example.com", "shared-dns"),
        ),
        (
            "pop-ams.eu.example.com",
            "A",
            (3, "degraded", "eu.example.com", "shared-dns"),
        ),
        (
            "vault.example.net",
            "A",
            (3, "broken", "vault.example.net", "shared-dns"),
        ),
        (
            "_acme-challenge.cdn.example.com",
            "TXT",
            (3, "absent", "cdn.example.com", "edge"),
        ),
    ] {
        let told = trace(&place, &[name, record_type]);
        assert_eq!(told.verdict(), verdict, "{name}: {}", told.json["verdict"]);
        let fix = told.json["verdict"]["fix"].as_str();
        assert_eq!(fix.is_some(), verdict.0 == 3, "{name}: {fix:?}");
    }
}

#[test]
fn aliases_lead_into_other_accounts_and_what_is_not_seen_is_said() {
    let place = Place::new();
    let alias = trace(&place, &["status.api.example.com"]);
    assert_eq!(alias.json["aliases"][0]["target"], "status.example.org");
    let owners: Vec<&str> = alias.json["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["zones"][0]["account_name"].as_str())
        .collect();
    assert_eq!(owners, ["shared-dns", "payments-prod", "web", "web"]);
    let shadowed = trace(&place, &["api.example.com"]);
    assert!(shadowed.notes().contains("split horizon"), "{}", shadowed.notes());
    assert_eq!(shadowed.json["held"][0]["records"][0]["routing"], "weighted 90");
    let occluded = trace(&place, &["_acme-challenge.cdn.example.com", "TXT"]);
    assert!(occluded.notes().contains("occluded"), "{}", occluded.notes());
    let from_parent = trace(&place, &["www.example.com", "--from", "parent"]);
    assert_eq!(from_parent.json["from"], "example.com");
}

#[test]
fn owners_are_told_of_every_cut_and_verify_ends_as_it_finds_things() {
    let place = Place::new();
    let who = place.run(&["who", "3ds.pay.example.net", "--demo", "--json"]);
    assert_eq!(who.code, 0, "{}", who.err);
    let cuts: Vec<(String, String)> = who.json()["cuts"]
        .as_array()
        .expect("cuts")
        .iter()
        .map(|cut| {
            let owner = cut["zones"][0]["account_name"].as_str().unwrap_or("-").to_owned();
            (cut["zone"].as_str().expect("a name").to_owned(), owner)
        })
        .collect();
    let expected = [
        (".", "-"),
        ("net", "-"),
        ("example.net", "shared-dns"),
        ("pay.example.net", "payments-prod"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(zone, owner)| (zone.to_owned(), owner.to_owned())).into();
    assert_eq!(cuts, expected);
    let well = place.run(&["verify", "www.example.com", "--demo"]);
    assert_eq!(well.code, 0, "{}{}", well.out, well.err);
    let broken = place.run(&["verify", "promo.example.com", "--demo", "--timeout", "1s"]);
    assert_eq!(broken.code, 7, "{}{}", broken.out, broken.err);
}

#[test]
fn where_no_server_can_be_reached_nothing_is_called_broken_and_no_account_is_needed() {
    let place = Place::new();
    let hints = place.write("root.hints", ". 300 NS a.root.\na.root. 300 A 127.0.0.1\n");
    let reach = [
        "--roots",
        &hints,
        "--dns-port",
        "1",
        "--allow-private-dns",
        "127.0.0.0/8",
    ];
    let ran = place.run(&[&["trace", "www.example.com", "--json"], &reach[..]].concat());
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    let json = ran.json();
    assert_eq!(json["verdict"]["outlook"], "unknown");
    let sentence = json["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("no name server can be reached"), "{sentence}");
    assert!(ran.err.contains("owners stay unknown"), "{}", ran.err);
}
