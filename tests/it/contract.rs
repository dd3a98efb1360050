//! What zonecut relies on in Route 53 and STS, stated as cases and asked of a server by the real SDK over real sockets.
//!
//! The server is the simulator, or whatever `ZONECUT_CONTRACT_ENDPOINT` names on loopback; there, cases that need to
//! interfere with the server are skipped and say so.

#![expect(
    clippy::print_stdout,
    clippy::panic,
    reason = "helpers of tests: a failure is a panic, a skipped case is said"
)]

mod changes;
mod control;
mod demo;
mod faults;
mod identity;
mod listing;
mod policies;
mod protection;
mod reusable_sets;
mod turns;
mod zones;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sdk_route53::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_route53::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use zonecut::model::account::AccountId;
use zonecut::sim::faults::Rate;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::World;

const ENDPOINT: &str = "ZONECUT_CONTRACT_ENDPOINT";

/// The simulator's accounts.
const SHARED: &str = "111122223333";
const TEAM: &str = "444455556666";

const WORLD: &str = r#"
name = "contract"
[[account]]
id = "111122223333"
name = "shared"
[[account]]
id = "444455556666"
name = "team"
external_id = "contract"
[[account.zone]]
name = "team.example"
records = ["www 300 A 192.0.2.1"]
[[account.zone]]
name = "signed.team.example"
signing = "SIGNING"
[[account.zone]]
name = "map.team.example"
linked_service = "servicediscovery.amazonaws.com"
"#;

/// A server, and clients of it that never retry.
struct Bench {
    simulator: Option<Simulator>,
    endpoint: String,
}

impl Bench {
    /// The simulator, or the server of the environment.
    async fn start() -> Self {
        match std::env::var(ENDPOINT) {
            Ok(endpoint) => {
                assert!(
                    is_loopback(&endpoint),
                    "{ENDPOINT}={endpoint}: only 127.0.0.0/8 is allowed"
                );
                Self {
                    simulator: None,
                    endpoint,
                }
            }
            Err(_) => Self::simulated_from(WORLD).await,
        }
    }

    /// A server that lives as long as the process: for cases that keep nothing but a client.
    async fn start_leaked() -> &'static Self {
        Box::leak(Box::new(Self::start().await))
    }

    /// The simulator; none where the environment names another server.
    async fn simulated() -> Option<Self> {
        if std::env::var(ENDPOINT).is_ok() {
            println!("skipped: this case interferes with the server, and {ENDPOINT} names one that is not ours");
            return None;
        }
        Some(Self::simulated_from(WORLD).await)
    }

    async fn simulated_from(world: &str) -> Self {
        Self::simulated_with(world, Options::default()).await
    }

    async fn simulated_with(world: &str, options: Options) -> Self {
        let world = World::from_toml(world).expect("a valid world");
        let simulator = Simulator::start(world, options).await.expect("a free port");
        for account in simulator.accounts() {
            simulator.set_faults(account, |faults| {
                faults.rate = Some(Rate {
                    burst: 1e6,
                    per_second: 1e6,
                });
            });
        }
        Self {
            endpoint: simulator.endpoint(),
            simulator: Some(simulator),
        }
    }

    fn simulator(&self) -> &Simulator {
        self.simulator.as_ref().expect("the case asked for the simulator")
    }

    fn credentials(&self, account: &str) -> Credentials {
        let keys = self
            .simulator
            .as_ref()
            .and_then(|simulator| simulator.keys(id(account)));
        match keys {
            Some(keys) => Credentials::new(keys.access_key, keys.secret_key, None, None, "contract"),
            None => {
                let key = std::env::var("AWS_ACCESS_KEY_ID").unwrap_or_else(|_| "testing".into());
                let secret = std::env::var("AWS_SECRET_ACCESS_KEY").unwrap_or_else(|_| "testing".into());
                Credentials::new(key, secret, None, None, "contract")
            }
        }
    }

    fn route53(&self) -> aws_sdk_route53::Client {
        self.route53_as(self.credentials(SHARED))
    }

    fn route53_as(&self, credentials: Credentials) -> aws_sdk_route53::Client {
        let config = aws_sdk_route53::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .timeout_config(patience())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        aws_sdk_route53::Client::from_conf(config)
    }

    fn sts_as(&self, credentials: Credentials) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .timeout_config(patience())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        aws_sdk_sts::Client::from_conf(config)
    }
}

/// Sends one request without the SDK, as the user of the first account; the status and the body that come back.
async fn plain(bench: &Bench, method: &str, path: &str, body: &str) -> (u16, String) {
    let (status, _, body) = exchange(bench, method, path, body).await;
    (status, body)
}

/// The same, with the head between the two.
async fn exchange(bench: &Bench, method: &str, path: &str, body: &str) -> (u16, String, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let host = bench.endpoint.trim_start_matches("http://");
    let key = bench.credentials(SHARED).access_key_id().to_owned();
    let mut stream = tokio::net::TcpStream::connect(host).await.expect("the endpoint");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: AWS4-HMAC-SHA256 Credential={key}/20261123/us-east-1/route53/aws4_request\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
    (status, head.to_owned(), body.to_owned())
}

fn patience() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_timeout(Duration::from_secs(20))
        .build()
}

fn id(text: &str) -> AccountId {
    text.parse().expect("an account id")
}

/// Whether a URL names this machine alone.
fn is_loopback(endpoint: &str) -> bool {
    let host = endpoint.strip_prefix("http://").unwrap_or("");
    let host = host.split(['/', ':']).next().unwrap_or("");
    host == "localhost"
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[test]
fn only_this_machine_is_ever_asked() {
    for fine in ["http://127.0.0.1:4566", "http://127.8.0.1", "http://localhost:1/"] {
        assert!(is_loopback(fine), "{fine}");
    }
    for refused in [
        "https://route53.amazonaws.com",
        "http://10.0.0.1:80",
        "http://127.0.0.1.evil.example",
        "127.0.0.1",
    ] {
        assert!(!is_loopback(refused), "{refused}");
    }
}

/// A name that no other case uses, also on a server that outlives this run.
fn unique(label: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{label}-{number}-{:x}", std::process::id())
}

/// A zone of a client's account.
struct Zone {
    client: aws_sdk_route53::Client,
    id: String,
    name: String,
    servers: Vec<String>,
}

impl Zone {
    async fn create(client: &aws_sdk_route53::Client) -> Self {
        Self::named(client, &format!("{}.example.com", unique("zone"))).await
    }

    async fn named(client: &aws_sdk_route53::Client, name: &str) -> Self {
        let created = client
            .create_hosted_zone()
            .name(name)
            .caller_reference(unique("reference"))
            .send()
            .await
            .expect("a new zone");
        let set = created.delegation_set.expect("a public zone has a delegation set");
        Self {
            client: client.clone(),
            id: created.hosted_zone.expect("a zone").id,
            name: name.to_owned(),
            servers: set.name_servers,
        }
    }

    /// A name below the apex, with the final dot.
    fn below(&self, label: &str) -> String {
        format!("{label}.{}.", self.name)
    }

    async fn change(&self, changes: Vec<Change>) -> Result<(), Refusal> {
        let batch = ChangeBatch::builder()
            .set_changes(Some(changes))
            .build()
            .expect("a batch");
        let sent = self
            .client
            .change_resource_record_sets()
            .hosted_zone_id(&self.id)
            .change_batch(batch);
        sent.send().await.map(drop).map_err(refusal)
    }

    /// Sends changes that must be accepted.
    async fn apply(&self, changes: Vec<Change>) {
        if let Err(refusal) = self.change(changes).await {
            panic!("{refusal:?}");
        }
    }

    /// Sends changes that must be refused, and gives the reason.
    async fn refused(&self, changes: Vec<Change>) -> Refusal {
        let before = self.all().await;
        let refusal = self.change(changes).await.expect_err("the changes are refused");
        assert_eq!(self.all().await, before, "a refused batch changed something");
        refusal
    }

    /// All record sets on one page.
    async fn all(&self) -> Vec<ResourceRecordSet> {
        let page = self
            .client
            .list_resource_record_sets()
            .hosted_zone_id(&self.id)
            .send()
            .await;
        page.expect("a page").resource_record_sets
    }

    async fn find(&self, name: &str, record_type: RrType) -> Option<ResourceRecordSet> {
        let all = self.all().await;
        all.into_iter()
            .find(|set| set.name == name && set.r#type == record_type)
    }

    async fn values(&self, name: &str, record_type: RrType) -> Vec<String> {
        let set = self.find(name, record_type).await;
        let records = set.and_then(|set| set.resource_records).unwrap_or_default();
        records.into_iter().map(|record| record.value).collect()
    }
}

/// An error of the service.
#[derive(Debug)]
struct Refusal {
    code: String,
    message: String,
    status: u16,
}

fn refusal<E: ProvideErrorMetadata + std::fmt::Debug>(error: SdkError<E, HttpResponse>) -> Refusal {
    Refusal {
        code: error.code().unwrap_or_default().to_owned(),
        message: error.message().unwrap_or_default().to_owned(),
        status: error.raw_response().map_or(0, |response| response.status().as_u16()),
    }
}

/// The code of a call that must fail.
fn code<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    result: Result<T, SdkError<E, HttpResponse>>,
) -> String {
    refusal(result.expect_err("an error")).code
}

fn set(name: &str, record_type: RrType, values: &[&str]) -> ResourceRecordSet {
    let records = values
        .iter()
        .map(|value| ResourceRecord::builder().value(*value).build().expect("a value"));
    ResourceRecordSet::builder()
        .name(name)
        .r#type(record_type)
        .ttl(300)
        .set_resource_records(Some(records.collect()))
        .build()
        .expect("a record set")
}

fn change(action: ChangeAction, set: ResourceRecordSet) -> Change {
    Change::builder()
        .action(action)
        .resource_record_set(set)
        .build()
        .expect("a change")
}

fn create(set: ResourceRecordSet) -> Change {
    change(ChangeAction::Create, set)
}

fn delete(set: ResourceRecordSet) -> Change {
    change(ChangeAction::Delete, set)
}

fn upsert(set: ResourceRecordSet) -> Change {
    change(ChangeAction::Upsert, set)
}

/// Serves a world until the standard input ends, for clients in other languages; run by hand or by a script:
/// `cargo test --test it -- --ignored --nocapture serve_until_the_input_ends`.
#[tokio::test]
#[ignore = "serves until its standard input ends"]
async fn serve_until_the_input_ends() {
    let world = match std::env::var("ZONECUT_WORLD") {
        Ok(path) => std::fs::read_to_string(path).expect("the world's file"),
        Err(_) => WORLD.to_owned(),
    };
    let bench = Bench::simulated_from(&world).await;
    let keys = bench.simulator().keys(id(SHARED)).expect("an account");
    println!("AWS_ENDPOINT_URL={}", bench.endpoint);
    println!("AWS_ACCESS_KEY_ID={}", keys.access_key);
    println!("AWS_SECRET_ACCESS_KEY={}", keys.secret_key);
    println!("AWS_REGION=us-east-1");
    let ended = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    ended.await.expect("a thread").expect("the input");
}
