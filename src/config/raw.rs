//! The file as it is written: every key may be missing, no key may be unknown, each value is already of its type.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::age::Age;
use super::dns::Resolver;
use super::role::RoleArn;
use super::words::{FailOn, Glyphs, Ipv6Use, StartView, Theme};
use crate::findings::rule;
use crate::model::account::AccountId;
use crate::model::dns::Endpoint;
use crate::model::name::DnsName;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub read_only: Option<bool>,
    #[serde(default)]
    pub accounts: Vec<Spanned<RawAccount>>,
    #[serde(default)]
    pub scan: RawScan,
    #[serde(default)]
    pub dns: RawDns,
    #[serde(default)]
    pub cache: RawCache,
    #[serde(default)]
    pub ui: RawUi,
    #[serde(default)]
    pub check: RawCheck,
    #[serde(default)]
    pub ignore: Vec<RawIgnore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAccount {
    pub name: String,
    #[serde(default, deserialize_with = "from_text")]
    pub id: Option<AccountId>,
    pub profile: Option<String>,
    #[serde(default, deserialize_with = "from_text")]
    pub role_arn: Option<RoleArn>,
    pub source_profile: Option<String>,
    pub external_id: Option<String>,
    pub env: Option<String>,
    pub read_only: Option<bool>,
    pub write_profile: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScan {
    #[serde(default, deserialize_with = "rate")]
    pub rps: Option<f64>,
    #[serde(default, deserialize_with = "count")]
    pub burst: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    pub in_flight: Option<u32>,
    #[serde(default, deserialize_with = "limit")]
    pub deadline: Option<Age>,
    #[serde(default, deserialize_with = "limit")]
    pub request_timeout: Option<Age>,
    #[serde(default, deserialize_with = "limit")]
    pub connect_timeout: Option<Age>,
    #[serde(default, deserialize_with = "limit")]
    pub process_timeout: Option<Age>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDns {
    pub live: Option<bool>,
    pub roots: Option<PathBuf>,
    pub trust_anchor: Option<PathBuf>,
    #[serde(default, deserialize_with = "port")]
    pub port: Option<u16>,
    #[serde(default, deserialize_with = "from_texts")]
    pub resolvers: Option<Vec<Resolver>>,
    #[serde(default, deserialize_with = "from_texts")]
    pub doh: Option<Vec<Endpoint>>,
    #[serde(default, deserialize_with = "networks")]
    pub allow: Option<Vec<IpNet>>,
    pub ipv6: Option<Ipv6Use>,
    #[serde(default, deserialize_with = "count")]
    pub queries: Option<u32>,
    #[serde(default, deserialize_with = "limit")]
    pub deadline: Option<Age>,
    #[serde(default, deserialize_with = "count")]
    pub rps: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    pub in_flight: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    pub own_rps: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    pub own_in_flight: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    pub total_rps: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCache {
    pub enabled: Option<bool>,
    #[serde(default, deserialize_with = "from_text")]
    pub max_age: Option<Age>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUi {
    pub theme: Option<Theme>,
    pub glyphs: Option<Glyphs>,
    pub start_view: Option<StartView>,
    pub mouse: Option<bool>,
    pub auto_refresh: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    pub fail_on: Option<FailOn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIgnore {
    #[serde(deserialize_with = "code")]
    pub code: String,
    #[serde(default, deserialize_with = "name")]
    pub name: Option<DnsName>,
    pub reason: String,
    #[serde(default, deserialize_with = "date")]
    pub until: Option<Date>,
}

impl RawConfig {
    /// Lays the values of `over` on top; only single values can be laid over, not lists.
    pub(super) fn overlay(&mut self, over: Self) {
        put(&mut self.read_only, over.read_only);
        put(&mut self.scan.rps, over.scan.rps);
        put(&mut self.scan.burst, over.scan.burst);
        put(&mut self.scan.in_flight, over.scan.in_flight);
        put(&mut self.scan.deadline, over.scan.deadline);
        put(&mut self.scan.request_timeout, over.scan.request_timeout);
        put(&mut self.scan.connect_timeout, over.scan.connect_timeout);
        put(&mut self.scan.process_timeout, over.scan.process_timeout);
        put(&mut self.dns.live, over.dns.live);
        put(&mut self.dns.roots, over.dns.roots);
        put(&mut self.dns.trust_anchor, over.dns.trust_anchor);
        put(&mut self.dns.port, over.dns.port);
        put(&mut self.dns.ipv6, over.dns.ipv6);
        put(&mut self.dns.deadline, over.dns.deadline);
        put(&mut self.cache.enabled, over.cache.enabled);
        put(&mut self.cache.max_age, over.cache.max_age);
        put(&mut self.ui.theme, over.ui.theme);
        put(&mut self.ui.glyphs, over.ui.glyphs);
        put(&mut self.ui.start_view, over.ui.start_view);
        put(&mut self.ui.mouse, over.ui.mouse);
        put(&mut self.ui.auto_refresh, over.ui.auto_refresh);
        put(&mut self.check.fail_on, over.check.fail_on);
    }
}

fn put<T>(slot: &mut Option<T>, over: Option<T>) {
    if over.is_some() {
        *slot = over;
    }
}

fn from_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

fn from_texts<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let texts = Vec::<String>::deserialize(deserializer)?;
    let read = |text: String| {
        let shown = crate::model::text::printable(&text).to_string();
        text.parse()
            .map_err(|why: T::Err| D::Error::custom(format!("{shown}: {why}")))
    };
    texts.into_iter().map(read).collect::<Result<_, _>>().map(Some)
}

/// A network, or one address of it.
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<IpNet>>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let read = |text: String| network(&text).ok_or_else(|| D::Error::custom("must be networks such as \"10.0.0.0/8\""));
    texts.into_iter().map(read).collect::<Result<_, _>>().map(Some)
}

fn network(text: &str) -> Option<IpNet> {
    let address = text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse().or(address).ok()
}

fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let port = i64::deserialize(deserializer)?;
    match u16::try_from(port) {
        Ok(port @ 1..) => Ok(Some(port)),
        _ => Err(D::Error::custom("must be between 1 and 65535")),
    }
}

/// A code that no rule has would silently accept nothing.
fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    if rule(&code).is_some() {
        Ok(code)
    } else {
        Err(D::Error::custom(
            "is the code of no finding; `zonecut explain` lists them",
        ))
    }
}

/// The whole zone's subtree is not meant: a name is exactly one name, as a person types it.
fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DnsName>, D::Error> {
    let text = String::deserialize(deserializer)?;
    DnsName::parse_input(&text).map(Some).map_err(D::Error::custom)
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(day) => day.to_string(),
        _ => String::new(),
    };
    text.parse()
        .map(Some)
        .map_err(|_| D::Error::custom("must be a day, such as 2027-01-31"))
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Age>, D::Error> {
    match from_text::<D, Age>(deserializer)? {
        Some(Age(Duration::ZERO)) => Err(D::Error::custom("must be longer than nothing")),
        limit => Ok(limit),
    }
}

fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let rate = f64::deserialize(deserializer)?;
    if (0.1..=1000.0).contains(&rate) {
        Ok(Some(rate))
    } else {
        Err(D::Error::custom("must be between 0.1 and 1000 requests a second"))
    }
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let count = i64::deserialize(deserializer)?;
    match u32::try_from(count) {
        Ok(count @ 1..=1000) => Ok(Some(count)),
        _ => Err(D::Error::custom("must be between 1 and 1000")),
    }
}
