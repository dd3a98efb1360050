//! An apply that a person interrupts: what was sent is told, and going on makes the rest.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use super::demo::{exported, read_lines, rustix_pid, serving};
use super::run::{Place, SMALL};

/// The small organisation, served with its control door.
struct Served {
    place: Place,
    process: Child,
    lines: Vec<String>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const NAMES: [&str; 7] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_ROUTE_53",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "ZONECUT_CONFIG",
    "ZONECUT_DEMO_CONTROL",
];

impl Served {
    fn small() -> Self {
        let place = Place::new();
        let world = format!("--demo={}", place.write("w.toml", SMALL));
        let mut process = serving(&place, &["demo", "--serve", "--control", &world])
            .spawn()
            .expect("the program starts");
        let (_out, lines) = read_lines(&mut process);
        Self { place, process, lines }
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let told = NAMES.map(|name| (name, exported(&self.lines, name).expect("a variable")));
        told.into_iter().chain([("ZONECUT_LIVE", "true".to_owned())]).collect()
    }

    /// After how many milliseconds a change is in sync.
    fn in_sync_after(&self, milliseconds: u64) {
        let door = exported(&self.lines, "ZONECUT_DEMO_CONTROL").expect("the door");
        let host = door.trim_start_matches("http://").split('/').next().expect("a host");
        let body = format!("{{\"delay_ms\": {milliseconds}}}");
        let mut stream = TcpStream::connect(host).expect("the endpoint");
        let length = body.len();
        let head = format!("PUT /_zonecut/insync HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}");
        write!(stream, "{head}\r\nconnection: close\r\n\r\n{body}").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn run(&self, args: &[&str]) -> super::run::Ran {
        let variables = self.variables();
        let given: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.place.run_with(args, &given)
    }
}

#[test]
fn what_is_interrupted_is_told_and_goes_on_where_it_stopped() {
    let served = Served::small();
    served.in_sync_after(3_600_000);
    let at = "lost.example.com";
    let mut child = served
        .place
        .command(&["delegate", at, "--confirm", at, "--allow-endpoint-override"])
        .envs(served.variables())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let mut next = || lines.next().expect("it goes on").expect("text");
    let accepted = std::iter::from_fn(|| Some(next())).find(|line| line.contains("accepted as"));
    let accepted = accepted.expect("it is sent");
    assert!(accepted.starts_with("  accepted as C"), "the id alone: {accepted}");
    assert!(next().contains("not on all servers of Route 53 yet"));
    rustix::process::kill_process(rustix_pid(&child), rustix::process::Signal::INT).expect("interrupted");
    let rest: Vec<String> = lines.map(|line| line.expect("text")).collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(7), "{rest:#?}");
    let told = rest.join("\n");
    assert!(told.contains("ending after the call that is under way"), "{told}");
    assert!(told.contains("is open in the log"), "{told}");
    let command = told.split_once("zonecut resume ").expect("how to go on").1;
    let id: String = command.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(told.matches("zonecut resume").count(), 1, "said once: {told}");

    served.in_sync_after(0);
    let resume = ["resume", &id, "--confirm", at, "--allow-endpoint-override"];
    let ran = served.run(&resume);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("Done: Delegate lost.example.com."), "{ran:?}");
    let again = served.run(&resume);
    assert_eq!(again.code, 0, "what is done is no mistake: {again:?}");
    assert!(
        again.err.contains("nothing is left to do") && again.out.is_empty(),
        "{again:?}"
    );
    assert_eq!(served.run(&["log", "--verify"]).code, 0);
}
