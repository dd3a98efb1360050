use super::*;
use proptest::prelude::*;

fn name(text: &str) -> DnsName {
    text.parse().expect("a valid name")
}

#[test]
fn one_escape_means_two_octets_in_the_two_dialects() {
    let wildcard = DnsName::parse_route53("\\052.example.com.").expect("octal");
    assert_eq!(wildcard.to_string(), "*.example.com");
    assert!(wildcard.is_wildcard());
    assert_eq!(name("\\052.example.com").to_string(), "4.example.com");
}

#[test]
fn a_classless_reverse_zone_is_a_name() {
    let zone = DnsName::parse_route53("0\\05726.2.0.192.in-addr.arpa.").expect("octal");
    assert_eq!(zone.to_string(), "0/26.2.0.192.in-addr.arpa");
    assert_eq!(zone.to_route53(), "0\\05726.2.0.192.in-addr.arpa.");
}

#[test]
fn a_dot_within_a_label_is_no_label_boundary() {
    let joined = name("a\\.b.example");
    assert_ne!(joined, name("a.b.example"));
    assert_eq!(joined.label_count(), 2);
    assert_eq!(joined.to_string(), "a\\.b.example");
}

#[test]
fn a_suffix_counts_only_on_label_boundaries() {
    assert!(name("www.example.com").is_below(&name("example.com")));
    assert!(!name("notexample.com").is_at_or_below(&name("example.com")));
    assert!(!name("example.com").is_below(&name("EXAMPLE.com.")));
    assert!(name("com").is_below(&DnsName::root()));
}

#[test]
fn a_parent_sorts_before_its_children_and_siblings_by_octets() {
    let mut names: Vec<_> = ["b.example", "a.z.example", "example", "z.example", "com", "."]
        .map(name)
        .to_vec();
    names.sort();
    let shown: Vec<_> = names.iter().map(ToString::to_string).collect();
    assert_eq!(shown, [".", "com", "example", "b.example", "z.example", "a.z.example"]);
}

#[test]
fn the_limits_are_those_of_the_wire() {
    let label = "a".repeat(63);
    assert!(name(&label).first_label().is_some());
    assert_eq!("a".repeat(64).parse::<DnsName>(), Err(NameError::LabelTooLong));
    let long = [label.as_str(); 3].join(".") + "." + &"a".repeat(61);
    assert_eq!(name(&long).as_wire().len(), 255);
    assert_eq!((long + "a").parse::<DnsName>(), Err(NameError::NameTooLong));
}

#[test]
fn malformed_text_is_refused() {
    for text in ["", "..", ".a", "a..b", "a\\", "a\\25", "a\\256"] {
        assert!(text.parse::<DnsName>().is_err(), "{text:?}");
    }
    for text in ["a\\08", "a\\400", "a\\x"] {
        assert_eq!(DnsName::parse_route53(text), Err(NameError::BadEscape), "{text:?}");
    }
}

#[test]
fn only_an_honest_u_label_is_shown() {
    assert_eq!(
        name("xn--bcher-kva.example").unicode().as_deref(),
        Some("bücher.example")
    );
    assert_eq!(name("xn--wgv71a119e.jp").unicode().as_deref(), Some("日本語.jp"));
    // Cyrillic "а" among Latin letters, plain ASCII, and invalid punycode.
    assert_eq!(name("xn--pypal-4ve.example").unicode(), None);
    assert_eq!(name("example.com").unicode(), None);
    assert_eq!(name("xn--a.example").unicode(), None);
}

fn any_name() -> impl Strategy<Value = DnsName> {
    let label = proptest::collection::vec(any::<u8>(), 1..=20);
    proptest::collection::vec(label, 0..=8).prop_map(|labels| DnsName::from_labels(labels).expect("within the limits"))
}

proptest! {
    #[test]
    fn every_octet_survives_both_dialects_and_the_wire(name in any_name()) {
        prop_assert_eq!(&DnsName::parse_route53(&name.to_route53()).unwrap(), &name);
        prop_assert_eq!(&DnsName::parse_rfc1035(&name.to_string()).unwrap(), &name);
        prop_assert_eq!(&DnsName::from_wire(name.as_wire()).unwrap(), &name);
        prop_assert!(name.to_string().bytes().all(|b| (0x21..0x7f).contains(&b)));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>()) {
        let _ = DnsName::parse_route53(&text);
        let _ = DnsName::parse_rfc1035(&text);
        let _ = DnsName::parse_input(&text);
    }

    #[test]
    fn no_octets_make_the_wire_reader_panic(wire in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(name) = DnsName::from_wire(&wire) {
            prop_assert!(name.as_wire().eq_ignore_ascii_case(&wire));
        }
    }

    #[test]
    fn the_key_sorts_as_the_name_does(a in any_name(), b in any_name()) {
        prop_assert_eq!(a.tree_key().cmp(&b.tree_key()), a.cmp(&b));
        prop_assert_eq!(a.tree_key().is_at_or_below(&b.tree_key()), a.is_at_or_below(&b));
    }

    #[test]
    fn a_name_is_its_relative_part_joined_to_any_ancestor(name in any_name()) {
        for ancestor in name.ancestors() {
            let relative = name.relative_to(&ancestor).expect("an ancestor");
            prop_assert_eq!(&DnsName::join(relative, &ancestor).unwrap(), &name);
            prop_assert!(ancestor < name);
        }
    }
}

#[test]
fn an_escape_of_route53_that_somebody_types_is_not_taken_for_another_character() {
    for (text, said) in [
        ("\\052.example.com", "'*'"),
        ("a.\\100.example.com", "'@'"),
        ("a\\040b.example.com", "' '"),
    ] {
        let error = DnsName::parse_input(text).unwrap_err();
        assert!(error.to_string().contains(said), "{text}: {error}");
    }
    // What is printed here is read again, and so is what stands for itself.
    for text in [
        "a\\032b.example.com",
        "a\\255b.example.com",
        "*.example.com",
        "\\*.example.com",
        "a\\.b.example.com",
    ] {
        let name = DnsName::parse_input(text).unwrap();
        assert_eq!(DnsName::parse_input(&name.to_string()), Ok(name), "{text}");
    }
}
