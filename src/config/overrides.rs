//! The `ZONECUT_*` variables that override single keys of the file.

use super::error::ConfigError;
use super::raw::RawConfig;

/// Each variable, the table and the key it overrides.
pub const OVERRIDES: &[(&str, &str, &str)] = &[
    ("ZONECUT_READ_ONLY", "", "read_only"),
    ("ZONECUT_RPS", "scan", "rps"),
    ("ZONECUT_BURST", "scan", "burst"),
    ("ZONECUT_IN_FLIGHT", "scan", "in_flight"),
    ("ZONECUT_DEADLINE", "scan", "deadline"),
    ("ZONECUT_REQUEST_TIMEOUT", "scan", "request_timeout"),
    ("ZONECUT_CONNECT_TIMEOUT", "scan", "connect_timeout"),
    ("ZONECUT_PROCESS_TIMEOUT", "scan", "process_timeout"),
    ("ZONECUT_LIVE", "dns", "live"),
    ("ZONECUT_DNS_ROOTS", "dns", "roots"),
    ("ZONECUT_TRUST_ANCHOR", "dns", "trust_anchor"),
    ("ZONECUT_DNS_PORT", "dns", "port"),
    ("ZONECUT_IPV6", "dns", "ipv6"),
    ("ZONECUT_DNS_DEADLINE", "dns", "deadline"),
    ("ZONECUT_CACHE", "cache", "enabled"),
    ("ZONECUT_MAX_AGE", "cache", "max_age"),
    ("ZONECUT_THEME", "ui", "theme"),
    ("ZONECUT_GLYPHS", "ui", "glyphs"),
    ("ZONECUT_START_VIEW", "ui", "start_view"),
    ("ZONECUT_MOUSE", "ui", "mouse"),
    ("ZONECUT_AUTO_REFRESH", "ui", "auto_refresh"),
    ("ZONECUT_FAIL_ON", "check", "fail_on"),
];

/// Reads what the variables say; each is one value, so none can set a second key.
pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<RawConfig, ConfigError> {
    let mut all = RawConfig::default();
    for (name, table, key) in OVERRIDES {
        let Some(text) = variable(name).filter(|text| !text.is_empty()) else {
            continue;
        };
        let document = document(table, key, &text);
        let one: RawConfig = toml::from_str(&document).map_err(|error| {
            let next = format!("set it to another value, or unset it: it overrides `{key}` of the configuration");
            ConfigError::new(name, error.message().trim().replace('\n', "; "), next)
        })?;
        all.overlay(one);
    }
    Ok(all)
}

fn document(table: &str, key: &str, text: &str) -> String {
    let value = match text.parse::<toml::Value>() {
        Ok(value @ (toml::Value::Boolean(_) | toml::Value::Integer(_) | toml::Value::Float(_))) => value,
        _ => toml::Value::String(text.to_owned()),
    };
    let header = if table.is_empty() {
        String::new()
    } else {
        format!("[{table}]\n")
    };
    format!("{header}{key} = {value}\n")
}
