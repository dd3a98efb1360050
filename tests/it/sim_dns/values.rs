//! Values of every type that Route 53 has, read back by hickory, which did not write them.

use hickory_proto::rr::RecordType;

use super::ask::{Stage, query, udp, with_edns};

fn answered(record_type: RecordType, value: &str) -> Vec<String> {
    let mnemonic = match record_type {
        RecordType::Unknown(99) => "SPF".to_owned(),
        other => other.to_string(),
    };
    let toml = format!(
        "name = \"values\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\n[[account.zone]]\nname = \"example.com\"\nrecords = ['x 60 {mnemonic} {value}']\n"
    );
    let stage = Stage::of(&toml);
    let answer = udp(
        stage.server("example.com"),
        &with_edns(query("x.example.com", record_type), 4096),
    );
    answer.answers.iter().map(|record| record.data.to_string()).collect()
}

#[test]
fn each_type_is_served_as_it_is_written() {
    let digest = "49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC1234";
    for (record_type, value, shown) in [
        (RecordType::A, "192.0.2.1", "192.0.2.1"),
        (RecordType::AAAA, "2001:0db8::0001", "2001:db8::1"),
        (RecordType::CNAME, "WWW.Example.com", "www.example.com."),
        (RecordType::MX, "10 mx.example.com", "10 mx.example.com."),
        (RecordType::PTR, "host.example.com.", "host.example.com."),
        (
            RecordType::SRV,
            "1 10 5269 xmpp.example.com.",
            "1 10 5269 xmpp.example.com.",
        ),
        (
            RecordType::CAA,
            r#"0 issue "ca.example.net; policy=ev""#,
            r#"0 issue "ca.example.net; policy=ev""#,
        ),
        (
            RecordType::NAPTR,
            r#"100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" ."#,
            r#"100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" ."#,
        ),
        (RecordType::TXT, r#""v=spf1 -all""#, "v=spf1 -all"),
    ] {
        assert_eq!(answered(record_type, value), [shown], "{record_type}");
    }
    for (record_type, value, part) in [
        (RecordType::TLSA, format!("3 1 1 {digest}"), "3 1 1 "),
        (RecordType::SSHFP, format!("4 2 {digest}"), "4 2 "),
        (
            RecordType::HTTPS,
            r#"1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1"#.into(),
            "1 . alpn=",
        ),
        (RecordType::SVCB, "0 svc.example.com.".into(), "0 svc.example.com."),
    ] {
        let shown = answered(record_type, &value);
        assert!(shown[0].starts_with(part), "{record_type}: {shown:?}");
    }
}

fn txt(value: &str) -> Vec<Vec<u8>> {
    let toml = format!(
        "name = \"values\"\n[[account]]\nid = \"111122223333\"\nname = \"a\"\n[[account.zone]]\nname = \"example.com\"\nrecords = ['x 60 TXT {value}']\n"
    );
    let stage = Stage::of(&toml);
    let answer = udp(
        stage.server("example.com"),
        &with_edns(query("x.example.com", RecordType::TXT), 4096),
    );
    let hickory_proto::rr::RData::TXT(txt) = &answer.answers[0].data else {
        panic!("{:?}", answer.answers)
    };
    txt.txt_data.iter().map(|string| string.to_vec()).collect()
}

#[test]
fn text_has_octal_escapes_and_several_strings() {
    assert_eq!(
        txt(r#""a\052b" "say \"hi\" \\" "\377""#),
        [&b"a*b"[..], b"say \"hi\" \\", &[255]]
    );
    assert_eq!(txt(r#""""#), [&b""[..]]);
}

#[test]
fn a_string_of_more_than_255_octets_is_parted() {
    let parts = txt(&format!("\"{}\"", "k".repeat(400)));
    assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [255, 145]);
}

#[test]
fn owners_with_odd_octets_are_found() {
    let toml = r#"
name = "odd"
[[account]]
id = "111122223333"
name = "a"
[[account.zone]]
name = "2.0.192.in-addr.arpa"
records = ['0\05725 60 NS ns1.example.net.', '1 60 CNAME 1.0\05725.2.0.192.in-addr.arpa.', 'a\056b 60 TXT "dot"', 'a.b 60 A 192.0.2.1']
"#;
    let stage = Stage::of(toml);
    let key = "2.0.192.in-addr.arpa";
    let answer = stage.ask(key, "1.2.0.192.in-addr.arpa", RecordType::PTR);
    assert_eq!((answer.answers.len(), answer.authorities.len()), (1, 1));
    assert_eq!(
        stage
            .ask(key, r"a\.b.2.0.192.in-addr.arpa", RecordType::TXT)
            .answers
            .len(),
        1
    );
    assert_eq!(
        stage
            .ask(key, "a.b.2.0.192.in-addr.arpa", RecordType::TXT)
            .answers
            .len(),
        0
    );
}

#[test]
fn a_malformed_value_is_left_out_and_the_others_stay() {
    assert_eq!(
        answered(RecordType::A, "192.0.2.1 not-an-address 192.0.2.2"),
        ["192.0.2.1", "192.0.2.2"]
    );
}
