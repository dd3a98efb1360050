//! The configuration that holds, written as the file would be.

use std::fmt::Write as _;

use crate::cli::settings::Settings;
use crate::config::{Access, AccountConfig, Age, Config, Dns};

/// The configuration as TOML.
pub fn toml(settings: &Settings) -> String {
    let config = &settings.config;
    let mut out = match &settings.file {
        Some(file) => format!(
            "# from {}, with variables and flags laid over it\n",
            crate::cli::output::printable_path(file)
        ),
        None => "# no file: the defaults, with variables and flags laid over them\n".to_owned(),
    };
    let _ = writeln!(out, "read_only = {}\n", config.read_only);
    config.accounts.iter().for_each(|a| account(a, &mut out));
    tables(config, &mut out);
    for ignore in &config.ignore {
        let _ = writeln!(out, "\n[[ignore]]\ncode = {}", quoted(&ignore.code));
        if let Some(name) = &ignore.name {
            let _ = writeln!(out, "name = {}", quoted(&name.to_string()));
        }
        let _ = writeln!(out, "reason = {}", quoted(&ignore.reason));
        if let Some(until) = ignore.until {
            let _ = writeln!(out, "until = \"{until}\"");
        }
    }
    out
}

/// An account's table.
pub fn account(account: &AccountConfig, out: &mut String) {
    let _ = writeln!(out, "[[accounts]]\nname = {}", quoted(&account.name));
    if let Some(id) = account.id {
        let _ = writeln!(out, "id = \"{id}\"");
    }
    match &account.access {
        Access::Profile(profile) => {
            let _ = writeln!(out, "profile = {}", quoted(profile));
        }
        Access::Role {
            role,
            source_profile,
            external_id,
        } => {
            let _ = writeln!(out, "role_arn = {}", quoted(role.as_str()));
            for (key, value) in [("source_profile", source_profile), ("external_id", external_id)] {
                optional(key, value.as_deref(), out);
            }
        }
        Access::Environment | Access::Keys(_) => {}
    }
    optional("env", account.env.as_deref(), out);
    if let Some(read_only) = account.read_only {
        let _ = writeln!(out, "read_only = {read_only}");
    }
    optional("write_profile", account.write_profile.as_deref(), out);
    out.push('\n');
}

fn optional(key: &str, value: Option<&str>, out: &mut String) {
    if let Some(value) = value {
        let _ = writeln!(out, "{key} = {}", quoted(value));
    }
}

fn tables(config: &Config, out: &mut String) {
    let (scan, cache, ui) = (&config.scan, &config.cache, &config.ui);
    let _ = writeln!(
        out,
        "[scan]\nrps = {}\nburst = {}\nin_flight = {}\ndeadline = \"{}\"\nrequest_timeout = \"{}\"\nconnect_timeout = \"{}\"\nprocess_timeout = \"{}\"\n",
        scan.rps,
        scan.burst,
        scan.in_flight,
        Age(scan.deadline),
        Age(scan.request_timeout),
        Age(scan.connect_timeout),
        Age(scan.process_timeout)
    );
    dns(&config.dns, out);
    let _ = writeln!(
        out,
        "[cache]\nenabled = {}\nmax_age = \"{}\"\n",
        cache.enabled,
        Age(cache.max_age)
    );
    let _ = writeln!(
        out,
        "[ui]\ntheme = \"{}\"\nglyphs = \"{}\"\nstart_view = \"{}\"\nmouse = {}\nauto_refresh = {}\n",
        ui.theme.word(),
        ui.glyphs.word(),
        ui.start_view.word(),
        ui.mouse,
        ui.auto_refresh
    );
    let _ = writeln!(out, "[check]\nfail_on = \"{}\"", config.check.fail_on.word());
}

fn dns(dns: &Dns, out: &mut String) {
    let list = |texts: Vec<String>| texts.join(", ");
    let _ = writeln!(out, "[dns]\nlive = {}", dns.live);
    if let Some(roots) = &dns.roots {
        let _ = writeln!(out, "roots = {}", quoted(&roots.to_string_lossy()));
    }
    if let Some(anchor) = &dns.trust_anchor {
        let _ = writeln!(out, "trust_anchor = {}", quoted(&anchor.to_string_lossy()));
    }
    let _ = writeln!(
        out,
        "port = {}\nresolvers = [{}]\ndoh = [{}]\nallow = [{}]\nipv6 = \"{}\"\nqueries = {}\ndeadline = \"{}\"",
        dns.port,
        list(dns.resolvers.iter().map(|r| quoted(&r.to_string())).collect()),
        list(dns.doh.iter().map(|url| quoted(&url.to_string())).collect()),
        list(dns.allow.iter().map(|net| quoted(&net.to_string())).collect()),
        dns.ipv6.word(),
        dns.queries,
        Age(dns.deadline),
    );
    let _ = writeln!(
        out,
        "rps = {}\nin_flight = {}\nown_rps = {}\nown_in_flight = {}\ntotal_rps = {}\n",
        dns.rps, dns.in_flight, dns.own_rps, dns.own_in_flight, dns.total_rps
    );
}

/// A TOML string in which every character that could act on a terminal is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EXAMPLE, parse};

    #[test]
    fn what_is_shown_means_the_same_when_read() {
        let text = format!(
            "{EXAMPLE}\n[[accounts]]\nname = \"a\\u001b\\\"é\"\nprofile = \"p q\"\nenv = \"dev\"\n[[accounts]]\nname = \"b\"\n\
             role_arn = \"arn:aws:iam::111122223333:role/r\"\nexternal_id = \"x\"\n[[ignore]]\ncode = \"glue-missing\"\nname = \"a.example\"\n\
             reason = \"r\"\nuntil = \"2027-01-02\"\n"
        );
        let config = parse(&text, "t", |_| None).expect("valid");
        let shown = toml(&Settings {
            config: config.clone(),
            file: None,
            global: crate::cli::args::Global::default(),
        });
        assert!(shown.bytes().all(|b| b == b'\n' || (0x20..0x7f).contains(&b)));
        assert_eq!(parse(&shown, "t", |_| None).expect("valid"), config);
    }
}
