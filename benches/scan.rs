//! A whole scan against the simulator over sockets, next to boto3 in the same run (P1 to P5).
//!
//! `cargo bench --bench scan`; boto3 is run with `$ZONECUT_PYTHON` (default `python3`) where that has it. The simulator is
//! a process of its own, so that CPU and memory are the client's alone.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints figures, and one that cannot begin has none"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use zonecut::aws::{Options as AwsOptions, Setup};
use zonecut::config::{Access, AccountConfig, Secret, StaticKeys};
use zonecut::engine::limits::Limits;
use zonecut::engine::picture::Picture;
use zonecut::engine::scan::{Scan, Source};
use zonecut::engine::session::{Session, Standing};
use zonecut::engine::wants::Audit;
use zonecut::model::account::{Account, AccountId, AccountIx, AccountStatus, Env};
use zonecut::model::inventory::Inventory;
use zonecut::sim::faults::Rate;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::{AccountSpec, World, WorldBuilder, ZoneSpec};

const ACCOUNTS: usize = 5;
const ZONES_OF_ONE: usize = 203;
const RECORD_SETS: usize = 35_670;
const RATE: f64 = 10.0;
const BURST: f64 = 50.0;
const LATENCY: u64 = 80;
/// Tells a process to be the simulator; its value is the share of calls that are throttled at random.
const SERVE: &str = "ZONECUT_BENCH_SERVE";

fn main() {
    if let Ok(throttle) = std::env::var(SERVE) {
        serve(throttle.parse().unwrap());
        return;
    }
    // Only `cargo bench` says so; a test run builds this and has no half minute for it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let floor = Floor::of(&world(0.0));
    println!("floor: {} requests, {:.2} s", floor.requests, floor.wall);
    let ours = run("zonecut", 0.0, &floor, zonecut);
    if let Some(theirs) = run("boto3, 8 threads an account, adaptive", 0.0, &floor, boto3) {
        let ours = ours.unwrap();
        println!(
            "ratio:  wall {:.3} of the floor, {:.3} of boto3; CPU {:.3} of boto3",
            ours.wall / floor.wall,
            ours.wall / theirs.wall,
            ours.cpu / theirs.cpu
        );
    }
    if std::env::var_os("ZONECUT_BENCH_STORMS").is_some() {
        for throttle in [0.05, 0.2, 0.5, 0.8] {
            run(
                &format!("zonecut, {throttle} throttled at random, 5xx, resets"),
                throttle,
                &floor,
                zonecut,
            );
        }
    }
}

/// What a full scan needs at least.
struct Floor {
    requests: u64,
    wall: f64,
}

impl Floor {
    /// One count and its list pages an account, the record pages of each zone, and one delegation set: the topmost zone's.
    fn of(world: &World) -> Self {
        let of_account = |account: &zonecut::sim::world::SimAccount| {
            let pages: usize = account.zones().map(|zone| zone.records().len().div_ceil(300)).sum();
            let lists = 1 + account.zone_count().div_ceil(100);
            (pages + lists) as u64
        };
        let mut requests: Vec<u64> = world.accounts().iter().map(of_account).collect();
        if let Some(first) = requests.first_mut() {
            *first += 1;
        }
        let most = requests.iter().max().copied().unwrap_or(0);
        Self {
            requests: requests.iter().sum(),
            wall: (most as f64 - BURST) / RATE,
        }
    }
}

fn world(throttle: f64) -> World {
    let mut builder = WorldBuilder::new("bench");
    let mut left = RECORD_SETS;
    for account in 0..ACCOUNTS {
        let mut spec = AccountSpec::new(id(account).to_string(), format!("account-{account}"));
        spec.faults.latency_ms = LATENCY;
        spec.faults.throttle = throttle;
        if throttle > 0.0 {
            spec.faults.server_errors = 0.01;
            spec.faults.reset_before = 0.005;
            spec.faults.reset_after = 0.005;
        }
        spec.faults.rate = Some(Rate {
            burst: BURST,
            per_second: RATE,
        });
        let handle = builder.account(spec);
        let below = ACCOUNTS - account;
        let share = left / below;
        left -= share;
        for (name, records) in zones(account, share) {
            let mut spec = ZoneSpec::public(name.parse().unwrap());
            spec.lines = (0..records).map(|host| format!("h{host} 300 A 192.0.2.1")).collect();
            builder.zone(handle, spec);
        }
    }
    builder.build().unwrap()
}

/// The zones of an account, each with the number of hosts it holds besides its apex and its delegations.
fn zones(account: usize, record_sets: usize) -> Vec<(String, usize)> {
    let top = if account == 0 {
        "example.com".to_owned()
    } else {
        format!("a{account}.example.com")
    };
    // Two record sets at each apex, and a delegation of each zone but the topmost of all.
    let delegations = if account == 0 {
        ZONES_OF_ONE - 1 + ACCOUNTS - 1
    } else {
        ZONES_OF_ONE - 1
    };
    let hosts = record_sets - 2 * ZONES_OF_ONE - delegations;
    let each = hosts / ZONES_OF_ONE;
    let rest = hosts - each * (ZONES_OF_ONE - 1);
    let below = (1..ZONES_OF_ONE).map(|zone| (format!("z{zone}.{top}"), each));
    std::iter::once((top.clone(), rest)).chain(below).collect()
}

fn id(account: usize) -> AccountId {
    format!("{:012}", 111_111_111_111_u64 + account as u64).parse().unwrap()
}

/// Is the simulator: prints where it is, and its counters for every line that comes in.
fn serve(throttle: f64) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let simulator = runtime
        .block_on(Simulator::start(world(throttle), Options::default()))
        .unwrap();
    let accounts: Vec<_> = simulator
        .accounts()
        .into_iter()
        .map(|id| simulator.keys(id).unwrap())
        .collect();
    let keys: Vec<_> = accounts
        .into_iter()
        .map(|keys| [keys.access_key, keys.secret_key])
        .collect();
    println!("{}", json!({"endpoint": simulator.endpoint(), "accounts": keys}));
    for _ in std::io::stdin().lock().lines() {
        let route53 = simulator
            .counts()
            .into_iter()
            .filter(|((_, action), _)| *action != "GetCallerIdentity");
        let (requests, throttled) = route53.fold((0, 0), |sum, (_, count)| {
            (sum.0 + count.requests, sum.1 + count.throttled)
        });
        println!("{}", json!({"requests": requests, "throttled": throttled}));
    }
}

/// A simulator in a process of its own.
struct Server {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    job: Value,
}

impl Server {
    fn start(throttle: f64) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(SERVE, throttle.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let job = line(&mut output);
        Self { child, output, job }
    }

    fn counters(&mut self) -> (u64, u64) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        let counters = line(&mut self.output);
        let number = |name: &str| counters.get(name).and_then(Value::as_u64).unwrap();
        (number("requests"), number("throttled"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(output: &mut impl BufRead) -> Value {
    let mut text = String::new();
    output.read_line(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What a client's scan came to.
struct Figures {
    wall: f64,
    /// When every zone was listed.
    listed: f64,
    zones: u64,
    record_sets: u64,
    cpu: f64,
    peak_mb: f64,
}

fn run(what: &str, throttle: f64, floor: &Floor, client: fn(&Value) -> Option<Figures>) -> Option<Figures> {
    let mut server = Server::start(throttle);
    let Some(figures) = client(&server.job) else {
        println!("{what}: not available");
        return None;
    };
    let (requests, throttled) = server.counters();
    println!(
        "{what}: {:.2} s ({:.3} of the floor), {requests} requests ({throttled} throttled, floor {}), {} zones listed after \
         {:.2} s, {} record sets, CPU {:.2} s, peak {:.0} MB",
        figures.wall,
        figures.wall / floor.wall,
        floor.requests,
        figures.zones,
        figures.listed,
        figures.record_sets,
        figures.cpu,
        figures.peak_mb
    );
    let lost = |all: usize, read: u64| (all as u64).saturating_sub(read);
    println!(
        "{what}: {} zones and {} record sets lost",
        lost(ACCOUNTS * ZONES_OF_ONE, figures.zones),
        lost(RECORD_SETS, figures.record_sets)
    );
    Some(figures)
}

fn zonecut(job: &Value) -> Option<Figures> {
    forget_the_peak();
    let before = cpu();
    let begin = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (session, listed) = runtime.block_on(scan(job, begin));
    let wall = begin.elapsed().as_secs_f64();
    let inventory = session.picture().inventory();
    let sets = inventory
        .iter()
        .filter_map(|(_, entry)| entry.is_read().then(|| entry.records()).flatten());
    Some(Figures {
        wall,
        listed,
        zones: inventory.zone_count() as u64,
        record_sets: sets.map(|records| records.len() as u64).sum(),
        cpu: cpu() - before,
        peak_mb: peak_mb(),
    })
}

async fn scan(job: &Value, begin: Instant) -> (Session, f64) {
    let setup = Setup::described(AwsOptions::default(), &[], &[]).await;
    let keys = job.get("accounts").and_then(Value::as_array).unwrap();
    let mut sources = Vec::new();
    let mut accounts = Vec::new();
    for (place, keys) in keys.iter().enumerate() {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap().to_owned();
        let access = Access::Keys(StaticKeys {
            access_key_id: text(keys.get(0)),
            secret_access_key: Secret::new(text(keys.get(1))),
            session_token: None,
            endpoint: text(job.get("endpoint")),
        });
        let mut config = AccountConfig::new(format!("account-{place}"), access);
        config.id = Some(id(place));
        let place = AccountIx(u32::try_from(place).unwrap());
        let port = Arc::new(setup.account(place, &config));
        sources.push(Source {
            account: place,
            pinned: config.id,
            route53: Arc::clone(&port),
            identity: port,
        });
        accounts.push(Account {
            name: config.name.as_str().into(),
            id: config.id,
            profile: None,
            env_label: None,
            env: Env::Unknown,
            status: AccountStatus::Waiting,
        });
    }
    let limits = Limits {
        rps: RATE,
        burst: BURST as u32,
        ..Limits::default()
    };
    let picture = Picture::new(Inventory::new(accounts), Audit::WhereNeeded);
    let mut session = Session::new(picture, Scan::start(sources, &limits));
    let mut listed = None;
    while session.step().await == Standing::UnderWay {
        if listed.is_none() && session.picture().inventory().zone_count() == ACCOUNTS * ZONES_OF_ONE {
            listed = Some(begin.elapsed().as_secs_f64());
        }
    }
    (session, listed.unwrap_or(f64::NAN))
}

fn boto3(job: &Value) -> Option<Figures> {
    let python = std::env::var("ZONECUT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/boto3_scan.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    // A Python without boto3 ends before it reads.
    let _ = child.stdin.take()?.write_all(job.to_string().as_bytes());
    let mut text = String::new();
    child.stdout.take()?.read_to_string(&mut text).ok()?;
    child.wait().ok()?.success().then_some(())?;
    let figures: Value = serde_json::from_str(&text).ok()?;
    let number = |name: &str| figures.get(name).and_then(Value::as_f64).unwrap();
    let whole = |name: &str| figures.get(name).and_then(Value::as_u64).unwrap();
    Some(Figures {
        wall: number("wall"),
        listed: number("listed"),
        zones: whole("zones"),
        record_sets: whole("record_sets"),
        cpu: number("cpu"),
        peak_mb: number("peak_mb"),
    })
}

/// Seconds of CPU that this process has used, counted in ticks of ten milliseconds; 0 where the system does not tell.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit_once(')')
        .map_or("", |(_, fields)| fields)
        .split_whitespace();
    // User time and system time (proc(5), fields 14 and 15).
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// Lets the peak begin anew for the next run (proc(5), `clear_refs`); where that is not to be had, it is that of all runs.
fn forget_the_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory this process held, in megabytes; 0 where the system does not tell.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|text| text.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
