use super::super::{Access, Age, Cache, Config, FailOn, Scan, Theme};
use super::*;
use crate::model::account::Env;

fn read(text: &str) -> Result<Config, ConfigError> {
    parse(text, "config.toml", |_| None)
}

fn refusal(text: &str) -> String {
    read(text).expect_err("it is refused").to_string()
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(read("").unwrap(), Config::default());
}

#[test]
fn an_account_is_read_with_its_pin_and_its_role() {
    let config = read(
        r#"
        [[accounts]]
        name = "payments-prod"
        role_arn = "arn:aws:iam::555566667777:role/zonecut-read"
        source_profile = "hub"
        external_id = "x1"

        [[accounts]]
        name = "sandbox"
        id = "012345678901"
        profile = "sandbox-ro"
        env = "dev"
        read_only = false
        write_profile = "sandbox-rw"
        "#,
    )
    .unwrap();
    let [payments, sandbox] = config.accounts.as_slice() else {
        panic!("two accounts")
    };
    assert_eq!(payments.id, "555566667777".parse().ok());
    assert_eq!(payments.env_class(None), Env::Prod);
    assert!(matches!(&payments.access, Access::Role { external_id: Some(id), .. } if id == "x1"));
    assert_eq!(sandbox.access, Access::Profile("sandbox-ro".into()));
    assert_eq!(sandbox.id.unwrap().as_str(), "012345678901");
    assert_eq!(sandbox.env_class(Some("red")), Env::NonProd);
    assert_eq!(sandbox.read_only, Some(false));
    assert_eq!(sandbox.write_profile.as_deref(), Some("sandbox-rw"));
}

#[test]
fn a_refusal_names_line_key_and_next_step() {
    let account = "[[accounts]]\nname = \"a\"\n";
    for (text, parts) in [
        (
            "[scan]\nrsp = 8\n",
            &["line 2", "scan.rsp", "unknown field", "rps", "config schema"][..],
        ),
        ("\n[scan]\nrps = 0\n", &["line 3", "scan.rps", "between 0.1 and 1000"]),
        ("[scan]\nburst = 0\n", &["line 2", "scan.burst", "between 1 and 1000"]),
        ("[scan]\nburst = 4294967297\n", &["between 1 and 1000"]),
        ("[cache]\nmax_age = \"5 days\"\n", &["cache.max_age", "such as 90s"]),
        ("[ui]\ntheme = \"neon\"\n", &["ui.theme", "neon", "cb-light"]),
        ("read_only = \"yes\"\n", &["line 1", "read_only", "boolean"]),
        (
            account,
            &["line 1", "accounts.profile", "no credentials", "add profile"],
        ),
        (
            &format!("{account}profile = \"p\"\nid = \"123\"\n"),
            &["line 4", "accounts.id", "12 digits"],
        ),
        (
            &format!("{account}profile = \"p\"\nid = 123456789012\n"),
            &["accounts.id", "expected a string"],
        ),
        (
            &format!("{account}role_arn = \"zonecut-read\"\n"),
            &["accounts.role_arn", "arn:aws:iam"],
        ),
        (
            &format!("{account}profile = \"p\"\nexternal_id = \"x\"\n"),
            &["no role_arn"],
        ),
        (
            &format!("{account}profile = \"p\"\nrole_arn = \"arn:aws:iam::111122223333:role/r\"\n"),
            &["both profile and role_arn", "source_profile"],
        ),
        (
            &format!("{account}profile = \"p\"\n{account}profile = \"q\"\n"),
            &["line 4", "two accounts are named"],
        ),
        ("[[ignore]]\ncode = \"orphan-zone\"\n", &["reason"]),
        (
            "[[ignore]]\nreason = \"y\"\ncode = \"orphaned\"\n",
            &["line 3", "ignore.code", "zonecut explain"],
        ),
        (
            "[[ignore]]\ncode = \"orphan-zone\"\nreason = \"y\"\nuntil = \"soon\"\n",
            &["ignore.until", "2027-01-31"],
        ),
        (
            "[[ignore]]\ncode = \"orphan-zone\"\nreason = \"y\"\nname = \"a..b\"\n",
            &["ignore.name", "empty label"],
        ),
    ] {
        let refusal = refusal(text);
        for part in parts {
            assert!(refusal.contains(part), "{refusal:?} lacks {part:?}");
        }
        assert!(refusal.starts_with("config.toml"), "{refusal}");
    }
}

#[test]
fn a_role_of_another_account_than_the_pinned_one_is_refused() {
    let text = "[[accounts]]\nname = \"a\"\nid = \"111122223333\"\nrole_arn = \"arn:aws:iam::444455556666:role/r\"\n";
    let refusal = refusal(text);
    assert!(
        refusal.contains("111122223333") && refusal.contains("444455556666"),
        "{refusal}"
    );
}

#[test]
fn one_account_under_two_names_is_refused() {
    let text = "[[accounts]]\nname = \"a\"\nid = \"111122223333\"\nprofile = \"p\"\n\
                [[accounts]]\nname = \"b\"\nrole_arn = \"arn:aws:iam::111122223333:role/r\"\n";
    assert!(refusal(text).contains("are the same account"));
}

#[test]
fn a_variable_wins_over_the_file() {
    let text = "[scan]\nrps = 2\nburst = 3\n[ui]\ntheme = \"dark\"\n";
    let config = parse(text, "config.toml", |name| match name {
        "ZONECUT_RPS" => Some("5.5".into()),
        "ZONECUT_THEME" => Some("mono".into()),
        "ZONECUT_READ_ONLY" => Some("false".into()),
        "ZONECUT_MAX_AGE" => Some("90m".into()),
        "ZONECUT_FAIL_ON" => Some("none".into()),
        "ZONECUT_GLYPHS" => Some(String::new()),
        _ => None,
    })
    .unwrap();
    assert_eq!((config.scan.rps, config.scan.burst), (5.5, 3));
    assert_eq!(config.ui.theme, Theme::Mono);
    assert!(!config.read_only);
    assert_eq!(Age(config.cache.max_age).to_string(), "90m");
    assert_eq!(config.check.fail_on, FailOn::None);
}

#[test]
fn a_variable_sets_one_key_and_its_refusal_names_it() {
    let set = |name: &'static str, value: &'static str| {
        parse("", "config.toml", move |asked| {
            (asked == name).then(|| value.to_owned())
        })
        .expect_err("it is refused")
        .to_string()
    };
    let refusal = set("ZONECUT_THEME", "neon");
    assert!(refusal.starts_with("ZONECUT_THEME: ") && refusal.contains("ui.theme") || refusal.contains("`theme`"));
    assert!(set("ZONECUT_RPS", "8\n[ui]\nmouse = true").starts_with("ZONECUT_RPS: "));
    assert!(set("ZONECUT_MOUSE", "\u{1b}[2J").starts_with("ZONECUT_MOUSE: "));
}

#[test]
fn every_override_is_of_a_key_that_exists() {
    // Any text may be a path.
    let paths = |key: &str| key == "roots" || key == "trust_anchor";
    for (name, table, key) in super::super::OVERRIDES.iter().filter(|(_, _, key)| !paths(key)) {
        let refusal = parse("", "", |asked| (asked == *name).then(|| "{}".into()))
            .expect_err("no key takes a table")
            .to_string();
        assert!(
            refusal.starts_with(name) && !refusal.contains("unknown field"),
            "{table}.{key}: {refusal}"
        );
    }
}

#[test]
fn an_acceptance_ends_after_its_last_day() {
    let config =
        read("[[ignore]]\ncode = \"orphan-zone\"\nreason = \"y\"\nname = \"Lab.Example.com\"\nuntil = 2027-06-30\n")
            .unwrap();
    let ignore = config.ignore.first().unwrap();
    assert_eq!(ignore.name, "lab.example.com".parse().ok());
    assert!(ignore.holds_on("2027-06-30".parse().unwrap()));
    assert!(!ignore.holds_on("2027-07-01".parse().unwrap()));
}

#[test]
fn the_defaults_stay_below_what_aws_allows() {
    assert!(Scan::default().rps < 10.0 && Scan::default().burst < 50);
    assert!(Cache::default().enabled);
}

#[test]
fn name_servers_are_asked_as_the_file_says() {
    let config = read(
        r#"
        [dns]
        live = false
        roots = "/srv/root.hints"
        trust_anchor = "/srv/root.key"
        port = 5300
        resolvers = ["192.0.2.53", "system", "[2001:db8::53]:5353"]
        doh = ["https://dns.example/dns-query", "http://127.0.0.1:8053"]
        allow = ["10.0.0.0/8", "127.0.0.1", "fc00::/7"]
        ipv6 = "off"
        "#,
    )
    .unwrap();
    let dns = config.dns;
    assert!(!dns.live);
    assert_eq!(dns.roots.as_deref(), Some(std::path::Path::new("/srv/root.hints")));
    assert_eq!(dns.trust_anchor.as_deref(), Some(std::path::Path::new("/srv/root.key")));
    assert_eq!(dns.port, 5300);
    let resolvers: Vec<String> = dns.resolvers.iter().map(ToString::to_string).collect();
    assert_eq!(resolvers, ["192.0.2.53", "system", "[2001:db8::53]:5353"]);
    let over_https: Vec<String> = dns.doh.iter().map(ToString::to_string).collect();
    assert_eq!(
        over_https,
        ["https://dns.example/dns-query", "http://127.0.0.1:8053/dns-query"]
    );
    let allowed: Vec<String> = dns.allow.iter().map(ToString::to_string).collect();
    assert_eq!(allowed, ["10.0.0.0/8", "127.0.0.1/32", "fc00::/7"]);
    for (text, part) in [
        ("[dns]\nport = 0\n", "between 1 and 65535"),
        (
            "[dns]\nresolvers = [\"resolver.example\"]\n",
            "\"system\" or an IP address",
        ),
        (
            "[dns]\ndoh = [\"http://dns.example/dns-query\"]\n",
            "addresses of this machine",
        ),
        ("[dns]\nallow = [\"10.0.0.0/33\"]\n", "networks such as"),
        ("[dns]\nipv6 = \"no\"\n", "dns.ipv6"),
    ] {
        assert!(refusal(text).contains(part), "{text}: {}", refusal(text));
    }
}
