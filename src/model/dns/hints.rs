//! Root hints: the servers that a walk begins with, as the text that resolvers are given (RFC 9609).

use core::net::IpAddr;

use super::walk::{Addresses, NameServer};
use crate::model::name::DnsName;

/// The root servers of the internet.
pub const INTERNET: &str = include_str!("../../../assets/root.hints");

/// Why a text holds no hints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHints {
    /// A line that is no record, by its number.
    #[error("line {line} is no record such as \"a.root-servers.net. 518400 A 198.41.0.4\"")]
    Line {
        /// Its number, from 1 on.
        line: usize,
    },
    /// No name server of the root that has an address.
    #[error("there is no name server of the root with an address")]
    Nobody,
}

/// Reads hints: NS records of the root, and A and AAAA records of their names; what else there is, is passed over.
pub fn read(text: &str) -> Result<Vec<NameServer>, BadHints> {
    let mut names: Vec<DnsName> = Vec::new();
    let mut addresses: Vec<(DnsName, IpAddr)> = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        match record(content).ok_or(BadHints::Line { line })? {
            Hint::Server(name) => names.push(name),
            Hint::Address(name, address) => addresses.push((name, address)),
            Hint::Nothing => {}
        }
    }
    names.sort();
    names.dedup();
    let servers = names.into_iter().filter_map(|name| {
        let own = addresses.iter().filter(|(owner, _)| *owner == name);
        let given: Vec<IpAddr> = own.map(|(_, address)| *address).collect();
        (!given.is_empty()).then_some(NameServer {
            name,
            addresses: Addresses::Given(given),
        })
    });
    let servers: Vec<NameServer> = servers.collect();
    (!servers.is_empty()).then_some(servers).ok_or(BadHints::Nobody)
}

enum Hint {
    Server(DnsName),
    Address(DnsName, IpAddr),
    Nothing,
}

/// One line: `OWNER [TTL] [IN] TYPE DATA`, and a comment after a semicolon.
fn record(line: &str) -> Option<Hint> {
    let content = line.split(';').next().unwrap_or_default();
    let mut words = content.split_ascii_whitespace();
    let Some(owner) = words.next().filter(|word| !word.starts_with('$')) else {
        return Some(Hint::Nothing);
    };
    let owner = DnsName::parse_rfc1035(owner).ok()?;
    let is_ttl = |word: &str| word.bytes().all(|octet| octet.is_ascii_digit());
    let mut words = words.skip_while(|word| is_ttl(word) || word.eq_ignore_ascii_case("IN"));
    let (record_type, data) = (words.next()?, words.next()?);
    match record_type.to_ascii_uppercase().as_str() {
        "NS" if owner.is_root() => DnsName::parse_rfc1035(data).ok().map(Hint::Server),
        "A" | "AAAA" => Some(Hint::Address(owner, data.parse().ok()?)),
        _ => Some(Hint::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_internet_has_thirteen_root_servers_of_two_addresses_each() {
        let servers = read(INTERNET).expect("hints");
        assert_eq!(servers.len(), 13);
        assert!(servers.iter().all(|server| server.addresses.known().len() == 2));
        assert_eq!(servers[0].name.to_string(), "a.root-servers.net");
    }

    #[test]
    fn hints_are_read_as_dig_and_resolvers_write_them() {
        let text = "; comment\n\n$TTL 3\n.\t\t3600000\tIN NS A.ROOT.EXAMPLE. ; one\na.root.example. IN A 192.0.2.1\n. ns b.\nb. 7 AAAA 2001:db8::1\n";
        let servers = read(text).expect("hints");
        let told: Vec<String> = servers
            .iter()
            .map(|server| format!("{} {:?}", server.name, server.addresses.known()))
            .collect();
        assert_eq!(told, ["b [2001:db8::1]", "a.root.example [192.0.2.1]"]);
    }

    #[test]
    fn what_holds_no_hints_is_refused() {
        assert_eq!(read(""), Err(BadHints::Nobody));
        assert_eq!(read(". NS a.example.\n"), Err(BadHints::Nobody));
        assert_eq!(read("\n. NS\n"), Err(BadHints::Line { line: 2 }));
        assert_eq!(read("a.example. A here\n"), Err(BadHints::Line { line: 1 }));
    }
}
