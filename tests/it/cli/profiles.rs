//! Profiles that name no account: what they lead to is found out, remembered, and found out anew.

use super::run::Ran;
use crate::pty::served::Served;

const WORLD: &str = r#"
name = "two"
[[account]]
id = "111122223333"
name = "hub"
[[account.zone]]
name = "example.com"
[[account.zone]]
name = "example.org"
[[account]]
id = "444455556666"
name = "other"
[[account.zone]]
name = "example.net"
"#;

fn run(served: &Served, args: &[&str]) -> Ran {
    let variables: Vec<(&str, &str)> = served.variables().iter().map(|(k, v)| (*k, v.as_str())).collect();
    served.place.run_with(args, &variables)
}

/// The secret of an account's user, which the simulator does not check.
fn served(profiles: &[(&str, &str)]) -> Served {
    let served = Served::of(WORLD);
    point(&served, profiles);
    served
}

/// Lets the profiles lead to these accounts.
fn point(served: &Served, profiles: &[(&str, &str)]) {
    let (mut credentials, mut config) = (String::new(), String::new());
    for (name, account) in profiles {
        credentials += &served.keys(name, account, "s");
        config += &format!("[[accounts]]\nname = \"{name}\"\nprofile = \"{name}\"\n");
    }
    served.configure("", &credentials, &config);
}

fn zones(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let zones = json["zones"].as_array().expect("zones");
    zones
        .iter()
        .map(|zone| zone["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn a_second_profile_of_an_account_is_said_to_be_merged_and_reads_nothing() {
    let served = served(&[("one", "111122223333"), ("two", "111122223333")]);
    let check = run(&served, &["check", "--json"]);
    assert_eq!(served.asked("ListHostedZones"), 1);
    let json = check.json();
    assert_eq!(json["complete"], true, "{check:?}");
    let accounts = json["accounts"].as_array().expect("accounts");
    let place = accounts
        .iter()
        .position(|a| a["status"] == "merged")
        .expect("one is merged");
    let (merged, read) = (&accounts[place], &accounts[1 - place]);
    assert_eq!(
        (&read["status"], &read["zones"], &read["same_as"]),
        (&"complete".into(), &2.into(), &().into())
    );
    assert_eq!((&merged["same_as"], &merged["zones"]), (&read["name"], &0.into()));
    assert_eq!(merged["id"], "111122223333");

    let scan = run(&served, &["scan"]);
    assert!(scan.out.contains("the same as "), "{scan:?}");
    let accounts = run(&served, &["accounts"]);
    assert_eq!(accounts.code, 0, "{accounts:?}");
    assert!(
        accounts
            .out
            .contains("two is the same account as one: merged, read once"),
        "{accounts:?}"
    );
    // Saved once, shown once.
    assert_eq!(
        zones(&run(&served, &["tree", "--offline", "--json"])),
        ["example.com", "example.org"]
    );
}

#[test]
fn what_a_profile_without_an_id_led_to_is_shown_from_the_cache() {
    let served = served(&[("one", "111122223333")]);
    assert_eq!(run(&served, &["tree", "--offline"]).code, 1, "nothing is known yet");
    assert_eq!(run(&served, &["scan"]).code, 0);
    let asked = served.simulator.total().requests;
    let offline = run(&served, &["tree", "--offline", "--json"]);
    assert_eq!(zones(&offline), ["example.com", "example.org"]);
    let json = offline.json();
    assert_eq!(
        (&json["complete"], &json["accounts"][0]["status"]),
        (&false.into(), &"stale".into())
    );
    assert_eq!(json["accounts"][0]["id"], "111122223333");
    assert_eq!(served.simulator.total().requests, asked, "nothing is asked");
}

#[test]
fn a_profile_that_was_changed_is_not_taken_for_the_account_it_led_to() {
    let served = served(&[("one", "111122223333")]);
    assert_eq!(run(&served, &["scan"]).code, 0);
    point(&served, &[("one", "444455556666")]);
    let offline = run(&served, &["tree", "--offline", "--json"]);
    assert_eq!(offline.code, 1, "{offline:?}");
}

#[test]
fn what_is_remembered_goes_when_the_login_turns_out_to_be_another_accounts() {
    let served = served(&[("one", "111122223333")]);
    assert_eq!(run(&served, &["scan"]).code, 0);
    // The same login, and another account behind it; its list cannot be read.
    let other = "444455556666".parse().expect("an id");
    served
        .simulator
        .set_faults("111122223333".parse().expect("an id"), |faults| {
            faults.identity = Some(other);
            faults.deny = vec!["ListHostedZones".to_owned()];
        });
    let tree = run(&served, &["tree", "--json"]);
    assert_eq!(tree.code, 4, "{tree:?}");
    assert!(zones(&tree).is_empty(), "{tree:?}");
    assert_eq!(tree.json()["accounts"][0]["id"], "444455556666");
}
