//! Debian's `dig` against the servers; `.ci/dig_contract.sh` holds what it must see.

use std::process::Command;

use super::ask::Stage;
use super::authority::acme_with_big_answer;

#[test]
#[ignore = "needs dig, which .ci/dig_contract.sh looks for"]
fn dig_sees_what_the_contract_says() {
    let stage = Stage::of(&acme_with_big_answer());
    let resolver = stage.servers.resolver();
    let done = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/dig_contract.sh"))
        .env("ZONECUT_DNS_ADDRESS", resolver.ip().to_string())
        .env("ZONECUT_DNS_PORT", resolver.port().to_string())
        .env("PARENT", "example.com")
        .env("CHILD", "dev.example.com")
        .env("HOST", "www.example.com")
        .env("EMPTY", "deep.example.com")
        .env("WILD", "a.b.wild.example.com")
        .env("BIG", "big.example.com")
        .output()
        .expect("the script runs");
    let (out, err) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    assert!(done.status.success(), "{out}\n{err}");
    println!("{out}");
}
