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

/// A small internet that is signed from the root down, with everything that can be wrong below that.
const SIGNED: &str = r#"
name = "signed"
[[account]]
id = "111122223333"
name = "dns"
[[account.zone]]
name = "example.test"
signing = "SIGNING"
ds = true
records = ["www 60 A 192.0.2.1", "mail 60 MX 10 Mail.Example.TEST.", "* 60 A 192.0.2.9", "to 60 CNAME www.deep.same.test."]
[[account.zone]]
name = "plain.example.test"
records = ["www 60 A 192.0.2.2"]
[[account.zone]]
name = "stale.example.test"
signing = "SIGNING"
signatures = "records-expired"
ds = true
records = ["www 60 A 192.0.2.3"]
[[account.zone]]
name = "child.stale.example.test"
signing = "SIGNING"
ds = true
records = ["www 60 A 192.0.2.4"]
[[account.zone]]
name = "spoilt.example.test"
signing = "SIGNING"
signatures = "records-spoilt"
ds = true
records = ["www 60 TXT \"x\""]
[[account.zone]]
name = "bare.example.test"
signing = "SIGNING"
signatures = "records-unsigned"
ds = true
records = ["www 60 A 192.0.2.5"]
[[outside]]
name = "."
signing = "SIGNING"
[[outside]]
name = "test"
signing = "SIGNING"
ds = true
servers = ["ns1.same.test", "ns2.same.test"]
[[outside]]
name = "same.test"
signing = "SIGNING"
ds = true
servers = ["ns1.same.test", "ns2.same.test"]
records = ["www 60 A 192.0.2.6"]
[[outside]]
name = "deep.same.test"
signing = "SIGNING"
ds = true
servers = ["ns1.same.test", "ns2.same.test"]
records = ["www 60 A 192.0.2.7"]
"#;

/// The chain of trust: each zone and record set, what becomes of it, and why where it is not secure.
fn chain(told: &Told) -> Vec<String> {
    let links = told.json["trust"]["links"].as_array().expect("links");
    let words = |link: &serde_json::Value, key: &str| link[key].as_str().unwrap_or_default().to_owned();
    links
        .iter()
        .map(|link| {
            let subject = format!("{} {}", words(link, "name"), words(link, "type"));
            let why = match link["state"].as_str() {
                Some("secure") => String::new(),
                _ => words(link, "says"),
            };
            format!("{}: {} {why}", subject.trim(), words(link, "state"))
                .trim()
                .to_owned()
        })
        .collect()
}

fn trace_signed(place: &Place, args: &[&str]) -> Told {
    let world = format!("--demo={}", place.write("signed.toml", SIGNED));
    let ran = place.run(&[&["trace", &world, "--json"], args].concat());
    let json = ran.json();
    Told { ran, json }
}

#[test]
fn the_chain_of_trust_is_followed_from_the_anchor_to_the_answer() {
    let place = Place::new();
    let secure = trace_signed(&place, &["www.example.test"]);
    assert_eq!(secure.json["trust"]["state"], "secure", "{}", secure.json["trust"]);
    assert_eq!(
        chain(&secure),
        [
            ".: secure",
            "test: secure",
            "example.test: secure",
            "www.example.test A: secure"
        ]
    );
    let mail = trace_signed(&place, &["mail.example.test", "MX"]);
    assert_eq!(mail.json["trust"]["state"], "secure", "{}", mail.json["trust"]);
    // Two zones on the servers of the one above: no referral shows them, and nobody but their signers.
    let hidden = trace_signed(&place, &["to.example.test"]);
    assert_eq!(
        chain(&hidden),
        [
            ".: secure",
            "test: secure",
            "example.test: secure",
            "same.test: secure",
            "deep.same.test: secure",
            "to.example.test CNAME: secure",
            "www.deep.same.test A: secure"
        ]
    );
}

#[test]
fn what_would_take_a_proof_of_absence_is_neither_secure_nor_bogus() {
    let place = Place::new();
    let unsigned = trace_signed(&place, &["www.plain.example.test"]);
    assert_eq!(
        chain(&unsigned)[3..],
        [
            "plain.example.test: not proven no DS beside the delegation; that there is none is not checked",
            "www.plain.example.test A: not proven not known of the zone it is in"
        ]
    );
    let wildcard = trace_signed(&place, &["any.example.test"]);
    assert!(
        chain(&wildcard)[3].contains("signed as a wildcard"),
        "{:?}",
        chain(&wildcard)
    );
    let denied = trace_signed(&place, &["www.example.test", "TXT"]);
    assert!(
        chain(&denied)[3].starts_with("www.example.test TXT: not proven that there is none"),
        "{:?}",
        chain(&denied)
    );
    for told in [unsigned, wildcard] {
        assert_eq!(told.verdict().1, "resolves");
        assert_eq!(told.json["trust"]["state"], "not proven");
    }
}

#[test]
fn a_signature_that_resolvers_refuse_is_the_broken_step_with_its_cause() {
    let place = Place::new();
    for (question, zone, cause, fix) in [
        (
            &["www.stale.example.test"][..],
            "stale.example.test",
            "the signature of www.stale.example.test A ended at",
            "have stale.example.test sign www.stale.example.test A anew",
        ),
        (
            &["www.child.stale.example.test"],
            "child.stale.example.test",
            "the signature of its DS record set ended at",
            "have stale.example.test sign the DS records of child.stale.example.test anew",
        ),
        (
            &["www.spoilt.example.test", "TXT"],
            "spoilt.example.test",
            "the signature of www.spoilt.example.test TXT does not verify",
            "have spoilt.example.test sign",
        ),
        (
            &["www.bare.example.test"],
            "bare.example.test",
            "www.bare.example.test A is not signed, though the zone is",
            "have bare.example.test sign",
        ),
    ] {
        let told = trace_signed(&place, question);
        assert_eq!(told.verdict(), (3, "broken", zone, "dns"), "{}", told.json["verdict"]);
        let sentence = told.json["verdict"]["sentence"].as_str().expect("a sentence");
        assert!(
            sentence.contains("resolvers that validate refuse it: ") && sentence.contains(cause),
            "{sentence}"
        );
        assert!(
            told.json["verdict"]["fix"].as_str().expect("a fix").contains(fix),
            "{}",
            told.json["verdict"]
        );
        assert_eq!(told.json["trust"]["state"], "bogus");
    }
}

#[test]
fn trust_anchors_are_read_from_a_file_and_another_root_has_none() {
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
    let trace = [&["trace", "www.example.com", "--json"], &reach[..]].concat();
    assert_eq!(place.run(&trace).json()["trust"]["state"], "no anchor");
    let anchor = place.write(
        "root.key",
        ". IN DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n",
    );
    let config = place.write("anchored.toml", &format!("[dns]\ntrust_anchor = {anchor:?}\n"));
    let ran = place.run(&[&["--config", &config], &trace[..]].concat());
    assert_eq!(ran.json()["trust"]["state"], "not proven", "{}{}", ran.out, ran.err);
    place.write("root.key", "nothing\n");
    let ran = place.run(&[&["--config", &config], &trace[..]].concat());
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains("the trust anchor cannot be used") && ran.err.contains("line 1"),
        "{}",
        ran.err
    );
}
