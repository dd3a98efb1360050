//! What 64 checks at once may take of memory, whatever the servers say: 16 MiB.
//!
//! The servers are a process of their own, and the peak is what the system counts (Linux alone says it), so this test must be the
//! only one of its process.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::internet::Servers;
use super::scenario::Scenario;
use super::{check, runtime, scenarios};
use zonecut::model::served::Served;

/// How many checks are under way at the same time.
const AT_ONCE: usize = 64;
/// What they may take, in KiB.
const LIMIT: u64 = 16 * 1024;
/// What servers do that is meant to fill the memory: 64 checks at once are made of each.
const HEAVY: [&str; 8] = [
    "connection drips",
    "connection floods",
    "length is a lie",
    "thousands of records",
    "a message: bomb",
    "servers of a victim",
    "addresses for one name",
    "forged replies",
];

/// A count of this process in KiB.
fn kib(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("linux");
    let line = status.lines().find(|line| line.starts_with(of)).expect("it is there");
    let word = line.split_whitespace().nth(1).expect("a number");
    word.parse().expect("a number")
}

/// Checks them, 64 at the same time, and keeps what was heard until the end.
async fn at_once(checks: Vec<(Arc<Scenario>, u16)>) -> Vec<Served> {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let checks = checks.into_iter().map(|(scenario, port)| {
        let room = Arc::clone(&room);
        tokio::spawn(async move {
            let _room = room.acquire().await.expect("it is never closed");
            check(&scenario, port).await
        })
    });
    let mut heard = Vec::new();
    for check in checks.collect::<Vec<_>>() {
        heard.push(check.await.expect("no check panics"));
    }
    heard
}

#[test]
#[ignore = "counts the memory of the whole process: it must be alone in it"]
fn checks_of_hostile_servers_take_little() {
    let servers = Servers::start("hostile::all_servers");
    let all: Vec<(Arc<Scenario>, u16)> = scenarios().into_iter().zip(servers.ports.iter().copied()).collect();
    let titled = |words: &'static str| {
        all.iter()
            .filter(move |(scenario, _)| scenario.title.contains(words))
            .cloned()
    };
    let sound = titled("a slow server is a server").next().expect("it is there");
    let mut runs = vec![
        ("sound servers, 64 times".to_owned(), vec![sound.clone(); AT_ONCE]),
        ("all scenarios, 64 at a time".to_owned(), all.clone()),
    ];
    for one in HEAVY.iter().flat_map(|words| titled(words)) {
        runs.push((format!("{}, 64 times", one.0.title), vec![one; AT_ONCE]));
    }
    let mut over = String::new();
    runtime().block_on(async {
        // The code that every check needs comes in from the file, and is no server's doing.
        at_once(vec![sound]).await;
        let before = kib("VmRSS");
        for (what, checks) in runs {
            std::fs::write("/proc/self/clear_refs", "5").expect("it sets back the peak");
            let heard = at_once(checks).await;
            let more = kib("VmHWM").saturating_sub(before);
            drop(heard);
            println!("{more:6} KiB  {what}");
            if more > LIMIT {
                over += &format!("  {more} KiB: {what}\n");
            }
        }
    });
    assert!(over.is_empty(), "\n{over}");
}
