//! `zonecut demo --serve`: keeps the demo organisation running, and prints the environment that leads other programs to it.
//!
//! Everything printed is shell: `export` lines and comments. The files it makes are gone when it ends.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Report, WrapErr as _};

use crate::config::Glyphs;
use crate::model::text::printable_ascii;
use crate::sim::dns;
use crate::sim::simulator::{self, Control, Handle, Simulator};
use crate::sim::world::SimAccount;

use super::args::{DemoArgs, Global};
use super::console::Console;
use super::crash::create_private_dir;
use super::demo;
use super::exit::Exit;
use super::output::{Output, replace};

/// Serves the demo organisation until it is dropped.
pub async fn run(args: &DemoArgs, global: &Global, console: &Console) -> Result<Exit, Report> {
    let file = global.demo.clone().flatten();
    let options = simulator::Options {
        port: args.port,
        dns: dns::Options {
            port: args.dns_port,
            ..dns::Options::default()
        },
        control: match args.control {
            true => Control::Open,
            false => Control::Closed,
        },
        ..simulator::Options::default()
    };
    let simulator = demo::start(demo::world(file.as_deref())?, options).await?;
    let files = Files::create(&simulator)?;
    let mut text = environment(&simulator, &files.dir);
    text.push_str(&root(simulator.dns(), &files.dir));
    if args.control {
        let _ = writeln!(text, "export ZONECUT_DEMO_CONTROL='{}/_zonecut/'", simulator.endpoint());
    }
    text.push_str(&resolver(&simulator, simulator.dns()));
    Output::open(global, Glyphs::Auto)?.print(&text)?;
    console.hint("running until Ctrl-C; paste the lines above into another shell");
    // A signal ends the wait, and drops the files.
    std::future::pending().await
}

/// The file that names the root servers.
const HINTS: &str = "root.hints";
/// The file with the trust anchor of the root.
const ANCHOR: &str = "root.anchors";

/// The files that the environment names, in a directory of their own that goes when this does.
struct Files {
    dir: PathBuf,
}

impl Files {
    fn create(simulator: &Simulator) -> Result<Self, Report> {
        let base = directories::BaseDirs::new().and_then(|dirs| dirs.runtime_dir().map(Path::to_owned));
        let base = base.filter(|dir| dir.is_dir()).unwrap_or_else(std::env::temp_dir);
        let dir = base.join(format!("zonecut-demo-{:016x}", fastrand::u64(..)));
        let failed = || format!("failed to make {}", dir.display());
        create_private_dir(&dir).wrap_err_with(failed)?;
        let files = Self { dir: dir.clone() };
        let (config, credentials, mut zonecut) = simulator.with_world(|world| contents(world.accounts()));
        zonecut.push_str(&name_servers(simulator.dns(), &dir));
        replace(&dir.join("config"), config.as_bytes())?;
        replace(&dir.join("credentials"), credentials.as_bytes())?;
        replace(&dir.join("zonecut.toml"), zonecut.as_bytes())?;
        replace(&dir.join(HINTS), hints(simulator.dns()).as_bytes())?;
        replace(&dir.join(ANCHOR), anchors(simulator.dns()).as_bytes())?;
        Ok(files)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// The AWS config, the AWS credentials and the configuration of zonecut: a profile for each account.
fn contents(accounts: &[SimAccount]) -> (String, String, String) {
    let (mut config, mut credentials, mut zonecut) = (String::new(), String::new(), String::new());
    for account in accounts {
        let profile = profile(account);
        let _ = writeln!(config, "[profile {profile}]\nregion = us-east-1\noutput = json\n");
        let _ = writeln!(
            credentials,
            "[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            account.access_key(),
            account.secret_key()
        );
        let _ = writeln!(
            zonecut,
            "[[accounts]]\nname = {}\nid = \"{}\"\nprofile = \"{profile}\"",
            toml::Value::from(account.name.as_str()),
            account.id
        );
        if let Some(env) = &account.env {
            let _ = writeln!(zonecut, "env = {}", toml::Value::from(env.as_str()));
        }
        zonecut.push('\n');
    }
    (config, credentials, zonecut)
}

/// The profile of an account: its name where that is plain, else its id.
fn profile(account: &SimAccount) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || b == b'.';
    if !account.name.is_empty() && account.name.bytes().all(plain) {
        account.name.clone()
    } else {
        account.id.to_string()
    }
}

/// The root servers as a hints file, which resolvers read; without lines where nobody can walk from them.
fn hints(servers: &dns::Servers) -> String {
    let mut out = String::new();
    for (server, address) in servers.hints() {
        let _ = writeln!(out, ". 3600000 NS {server}.\n{server}. 3600000 A {address}");
    }
    out
}

/// The trust anchor of the root as a DS record, which resolvers read; without lines where the root is not signed.
fn anchors(servers: &dns::Servers) -> String {
    let mut out = String::new();
    for anchor in servers.anchors() {
        let ds = &anchor.ds;
        let _ = writeln!(
            out,
            "{} 3600 IN DS {} {} {} {}",
            anchor.zone, ds.tag, ds.algorithm, ds.digest_type, ds.digest
        );
    }
    out
}

/// What the configuration has to say for the demo's name servers to be asked, at a pace that nobody but they would take.
fn name_servers(servers: &dns::Servers, dir: &Path) -> String {
    let roots = dir.join(HINTS);
    let roots = toml::Value::from(roots.to_string_lossy().into_owned());
    let anchor = match servers.anchors().is_empty() {
        true => String::new(),
        false => {
            let file = dir.join(ANCHOR);
            format!(
                "trust_anchor = {}\n",
                toml::Value::from(file.to_string_lossy().into_owned())
            )
        }
    };
    match servers.hints().is_empty() {
        true => "[dns]\nlive = false\n".to_owned(),
        false => format!(
            "[dns]\nroots = {roots}\n{anchor}port = {}\nallow = [\"127.0.0.0/8\"]\nipv6 = \"off\"\nresolvers = [\"{}\"]\ndoh = [\"{}\"]\nrps = 1000\nin_flight = 100\nown_rps = 1000\nown_in_flight = 100\ntotal_rps = 1000\n",
            servers.port(),
            servers.resolver(),
            servers.over_http(),
        ),
    }
}

fn quoted(file: &Path) -> String {
    format!("'{}'", file.to_string_lossy().replace('\'', r"'\''"))
}

fn environment(simulator: &Handle, dir: &Path) -> String {
    let endpoint = simulator.endpoint();
    let quoted = |file: &str| quoted(&dir.join(file));
    let profiles: Vec<String> = simulator.with_world(|world| world.accounts().iter().map(profile).collect());
    let first = profiles.first().cloned().unwrap_or_default();
    let mut out = String::new();
    let name = simulator.with_world(|world| printable_ascii(world.name()));
    let _ = writeln!(out, "# The demo organisation {name}: Route 53 and STS at {endpoint}");
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ROUTE_53", "AWS_ENDPOINT_URL_STS"] {
        let _ = writeln!(out, "export {variable}='{endpoint}'");
    }
    let _ = writeln!(out, "export AWS_CONFIG_FILE={}", quoted("config"));
    let _ = writeln!(out, "export AWS_SHARED_CREDENTIALS_FILE={}", quoted("credentials"));
    let _ = writeln!(out, "export AWS_PROFILE='{first}'");
    let _ = writeln!(out, "export AWS_REGION='us-east-1'");
    let _ = writeln!(out, "export ZONECUT_CONFIG={}", quoted("zonecut.toml"));
    let _ = writeln!(out, "# Profiles: {}", profiles.join(" "));
    let _ = writeln!(out, "# aws route53 list-hosted-zones --profile {first}");
    let _ = writeln!(
        out,
        "# python3 -c 'import boto3; print(boto3.Session(profile_name=\"{first}\").client(\"route53\").list_hosted_zones())'"
    );
    let _ = writeln!(out, "# zonecut check");
    out
}

/// Where a walk begins: the root servers, their port, and the file that names them.
fn root(servers: &dns::Servers, dir: &Path) -> String {
    let mut out = String::new();
    let Some((server, address)) = servers.hints().into_iter().next() else {
        return "# This system has no addresses but 127.0.0.1 on loopback: the servers stand on ports, and nobody can walk from the root.\n".into();
    };
    let _ = writeln!(out, "export ZONECUT_DEMO_ROOT_HINTS={}", quoted(&dir.join(HINTS)));
    if !servers.anchors().is_empty() {
        let _ = writeln!(out, "export ZONECUT_DEMO_TRUST_ANCHOR={}", quoted(&dir.join(ANCHOR)));
    }
    let _ = writeln!(
        out,
        "# dig @{address} -p {} +norecurse com NS   ({server})",
        servers.port()
    );
    out
}

/// Where DNS is asked: the resolver, and one authoritative server as an example.
fn resolver(simulator: &Handle, servers: &dns::Servers) -> String {
    let at = servers.resolver();
    let mut out = String::new();
    let _ = writeln!(out, "export ZONECUT_DEMO_RESOLVER='{}'", at.ip());
    let _ = writeln!(out, "export ZONECUT_DEMO_RESOLVER_PORT='{}'", at.port());
    let _ = writeln!(out, "export ZONECUT_DEMO_DOH='{}'", servers.over_http());
    let example = simulator.with_world(|world| {
        let mut zones = world.zones().filter(|(_, zone)| zone.is_public());
        zones.find_map(|(_, zone)| Some((zone.name.clone(), zone.delegation_set.first()?.clone())))
    });
    if let Some((zone, server)) = example {
        let _ = writeln!(out, "# dig @{} -p {} {zone} NS", at.ip(), at.port());
        if let Some(address) = servers.address_of(&server) {
            let _ = writeln!(
                out,
                "# dig +norecurse @{} -p {} {zone} SOA   ({server})",
                address.ip(),
                address.port()
            );
        }
    }
    out
}
