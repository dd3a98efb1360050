//! What the resolver finds, and what it cannot find because the tree above is broken.

use hickory_proto::op::ResponseCode::{NXDomain, NoError, Refused, ServFail};
use hickory_proto::rr::RecordType::{A, CNAME, NS, SOA, TXT};

use super::ask::{Stage, lines, query, shape, udp};

const TREE: &str = r#"
name = "tree"
[[account]]
id = "111122223333"
name = "a"
[[account.zone]]
name = "example.com"
records = [
  "www 60 A 192.0.2.1",
  "to-org 60 CNAME www.example.org.",
  "to-nowhere 60 CNAME www.example.net.",
  "stale 300 NS $GONE(stale)",
  "outside 300 NS ns1.example.net. ns2.example.net.",
  "self 300 NS $SET(example.com)",
  "vanity 300 NS ns1.vanity.example.com.",
  "ns1.vanity 300 A $$ADDRESS",
  "lost 300 NS ns1.lost.example.com.",
]
[[account.zone]]
name = "dev.example.com"
records = ["app 60 A 192.0.2.2"]
[[account.zone]]
name = "deep.dev.example.com"
records = ["x 60 TXT \"found\""]
[[account.zone]]
name = "forgotten.example.com"
delegate = false
[[account.zone]]
name = "below.forgotten.example.com"
[[account.zone]]
name = "below.stale.example.com"
[[account.zone]]
name = "half.example.com"
delegate_ns = ["$GONE(half)[0]", "$SET(half.example.com)[1]"]
records = ["x 60 A 192.0.2.3"]
[[account.zone]]
name = "vanity.example.com"
delegation_set = ["ns-40.awsdns-05.com"]
delegate = false
records = ["x 60 A 192.0.2.4"]
[[account]]
id = "444455556666"
name = "b"
[[account.zone]]
name = "example.org"
records = ["www 60 A 192.0.2.5"]
[[account.zone]]
name = "example.com"
key = "twin"
records = ["www 60 A 192.0.2.250"]
"#;

fn tree() -> Stage {
    Stage::of(&TREE.replace("$$ADDRESS", "127.53.0.140"))
}

#[test]
fn names_are_found_through_their_delegations() {
    let stage = tree();
    let answer = stage.resolve("app.dev.example.com", A);
    assert_eq!(shape(&answer), (NoError, false, 1, 0, 0));
    assert!(answer.metadata.recursion_available);
    assert_eq!(stage.resolve("x.deep.dev.example.com", TXT).answers.len(), 1);
    assert_eq!(stage.resolve("deep.dev.example.com", NS).answers.len(), 4);
    assert_eq!(
        lines(&stage.resolve("www.example.com", A).answers),
        ["www.example.com. A 192.0.2.1"]
    );
}

#[test]
fn a_denial_comes_with_its_soa() {
    let stage = tree();
    assert_eq!(
        shape(&stage.resolve("no.dev.example.com", A)),
        (NXDomain, false, 0, 1, 0)
    );
    assert_eq!(shape(&stage.resolve("dev.example.com", A)), (NoError, false, 0, 1, 0));
}

#[test]
fn a_cname_is_followed_into_another_zone() {
    let stage = tree();
    assert_eq!(
        lines(&stage.resolve("to-org.example.com", A).answers),
        [
            "to-org.example.com. CNAME www.example.org.",
            "www.example.org. A 192.0.2.5"
        ]
    );
    assert_eq!(shape(&stage.resolve("to-org.example.com", CNAME)).2, 1);
    assert_eq!(
        shape(&stage.resolve("to-nowhere.example.com", A)),
        (NXDomain, false, 1, 1, 0)
    );
}

#[test]
fn a_zone_that_its_parent_does_not_delegate_to_does_not_exist_for_the_world() {
    let stage = tree();
    assert_eq!(
        shape(&stage.resolve("forgotten.example.com", SOA)),
        (NXDomain, false, 0, 1, 0)
    );
}

#[test]
fn broken_delegations_do_not_resolve() {
    let stage = tree();
    for name in [
        "stale.example.com",
        "outside.example.com",
        "self.example.com",
        "lost.example.com",
    ] {
        assert_eq!(shape(&stage.resolve(name, SOA)), (ServFail, false, 0, 0, 0), "{name}");
    }
}

#[test]
fn what_lies_below_a_broken_cut_is_cut_off() {
    let stage = tree();
    assert_eq!(shape(&stage.resolve("below.stale.example.com", SOA)).0, ServFail);
    assert_eq!(shape(&stage.resolve("below.forgotten.example.com", SOA)).0, NXDomain);
}

#[test]
fn one_serving_name_server_is_enough() {
    let stage = tree();
    assert_eq!(stage.resolve("x.half.example.com", A).answers.len(), 1);
}

#[test]
fn a_name_server_of_another_name_is_found_by_its_glue() {
    let stage = tree();
    assert_eq!(
        lines(&stage.resolve("x.vanity.example.com", A).answers),
        ["x.vanity.example.com. A 192.0.2.4"]
    );
}

#[test]
fn the_resolver_knows_where_the_servers_stand() {
    let stage = tree();
    let server = stage.server("dev.example.com");
    let name = {
        let world = stage.world.lock().expect("not poisoned");
        let (_, zone) = world.zone_by_key("dev.example.com").expect("a zone");
        zone.delegation_set[0].to_string()
    };
    let answer = stage.resolve(&name, A);
    assert_eq!(lines(&answer.answers), [format!("{name}. A {}", server.ip())]);
    assert_eq!(shape(&stage.resolve(&name, TXT)), (NoError, false, 0, 1, 0));
    assert_eq!(shape(&stage.resolve("nns-12.awsdns-01.com", A)).0, NXDomain);
    // A server of no zone is there as well, and refuses.
    let unused = stage.resolve("ns-500.awsdns-62.com", A);
    assert_eq!(lines(&unused.answers), ["ns-500.awsdns-62.com. A 127.53.5.100"]);
    let address = (
        std::net::Ipv4Addr::new(127, 53, 5, 100),
        stage.servers.resolver().port(),
    )
        .into();
    assert_eq!(shape(&udp(address, &query("example.com", SOA))).0, Refused);
}

#[test]
fn the_resolver_recurses_only_where_it_is_asked_to() {
    let stage = tree();
    let answer = udp(stage.servers.resolver(), &query("www.example.com", A));
    assert_eq!(shape(&answer), (Refused, false, 0, 0, 0));
    assert_eq!(shape(&stage.resolve("www.example.net", A)).0, NXDomain);
}
