//! One record set as a line of text: `OWNER TTL TYPE VALUE`, or `OWNER ALIAS TYPE TARGET ZONE-ID`.
//!
//! The owner is relative to the zone, `@` the apex, absolute with a final dot; `host-{01..20}` stands for twenty owners.
//! Names are in Route 53's dialect (octal escapes). A routing policy follows ` # `: `# id=blue weight=10`.

use super::protection::Protection;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::record::{AliasTarget, Geolocation, PolicyKind, ResourceRecordSet, RoutingPolicy};

/// Puts values in place of `$SET(KEY)`, `$DS(KEY)` and `$GONE(WORD)`.
pub type Expand<'a> = dyn Fn(&str) -> Result<Vec<String>, String> + 'a;

/// Reads a line into the record sets it stands for.
pub fn read(line: &str, zone: &DnsName, expand: &Expand<'_>) -> Result<Vec<ResourceRecordSet>, String> {
    let (text, policy) = split_policy(line)?;
    let (owner, rest) = word(text).ok_or("a record line begins with an owner")?;
    let (ttl, rest) = word(rest).ok_or("a TTL or ALIAS follows the owner")?;
    let (kind, value) = word(rest).ok_or("a type follows the TTL")?;
    let record_type = RecordType::read(kind).ok_or_else(|| format!("{kind:?} is no record type"))?;
    let body = match ttl {
        "ALIAS" => Body::Alias(alias(value)?),
        _ => Body::Values(
            ttl.parse().map_err(|_| format!("{ttl:?} is no TTL in seconds"))?,
            values(record_type, value, expand)?,
        ),
    };
    braces(owner)?
        .iter()
        .map(|owner| {
            let mut set = body.clone().owned_by(owner_name(owner, zone)?, record_type);
            set.routing = policy.clone().map(Box::new);
            Ok(set)
        })
        .collect()
}

/// Reads a line that protects a name and a type: `OWNER TYPE`, and the comment behind ` # `.
pub fn protection(line: &str, zone: &DnsName) -> Result<Protection, String> {
    let (text, comment) = match line.split_once(" # ") {
        Some((text, comment)) => (text, Some(comment.trim().to_owned())),
        None => (line, None),
    };
    let (owner, rest) = word(text).ok_or("it begins with an owner")?;
    let record_type = RecordType::read(rest.trim()).ok_or("a type follows the owner")?;
    let name = owner_name(owner, zone)?;
    match name.is_at_or_below(zone) {
        true => Ok(Protection::new(name, record_type, comment)),
        false => Err(format!("{name} does not lie in the zone")),
    }
}

#[derive(Clone)]
enum Body {
    Alias(AliasTarget),
    Values(u32, Vec<String>),
}

impl Body {
    fn owned_by(self, name: DnsName, record_type: RecordType) -> ResourceRecordSet {
        match self {
            Self::Alias(target) => ResourceRecordSet::alias(name, record_type, target),
            Self::Values(ttl, values) => ResourceRecordSet::simple(name, record_type, ttl, values),
        }
    }
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn owner_name(owner: &str, zone: &DnsName) -> Result<DnsName, String> {
    let full = match owner {
        "@" => return Ok(zone.clone()),
        absolute if absolute.ends_with('.') => absolute.to_owned(),
        relative => format!("{relative}.{}", zone.to_route53()),
    };
    DnsName::parse_route53(&full).map_err(|why| format!("owner {owner:?}: {why}"))
}

fn alias(text: &str) -> Result<AliasTarget, String> {
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        [target, zone_id, rest @ ..] => Ok(AliasTarget {
            zone_id: (*zone_id).into(),
            target: (*target).into(),
            evaluate_health: rest.contains(&"evaluate"),
        }),
        _ => Err("an alias needs a target and the target's hosted zone id".into()),
    }
}

/// The values of a line. NS, A and AAAA values hold no blanks, so several may stand on one line.
fn values(record_type: RecordType, text: &str, expand: &Expand<'_>) -> Result<Vec<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("a value is missing".into());
    }
    if record_type == RecordType::NS || record_type.is_address() {
        return text
            .split_whitespace()
            .map(expand)
            .collect::<Result<Vec<_>, _>>()
            .map(|parts| parts.concat());
    }
    match text.starts_with('$') {
        true => expand(text),
        false => Ok(vec![text.to_owned()]),
    }
}

fn split_policy(line: &str) -> Result<(&str, Option<RoutingPolicy>), String> {
    let Some((text, suffix)) = line.rsplit_once(" # ") else {
        return Ok((line, None));
    };
    let inside_quotes = text.bytes().filter(|octet| *octet == b'"').count() % 2 == 1;
    match inside_quotes {
        true => Ok((line, None)),
        false => policy(suffix).map(|policy| (text, Some(policy))),
    }
}

fn policy(text: &str) -> Result<RoutingPolicy, String> {
    let mut set_identifier = None;
    let mut kind = None;
    for part in text.split_whitespace() {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key {
            "id" => set_identifier = Some(value.into()),
            _ => kind = Some(policy_kind(key, value)?),
        }
    }
    Ok(RoutingPolicy {
        set_identifier: set_identifier.ok_or("a routing policy needs id=…")?,
        kind: kind.ok_or("a routing policy needs weight=, region=, failover=, country=, continent= or multivalue")?,
    })
}

fn policy_kind(key: &str, value: &str) -> Result<PolicyKind, String> {
    Ok(match key {
        "weight" => PolicyKind::Weighted(value.parse().map_err(|_| format!("weight {value:?} is not 0 to 255"))?),
        "region" => PolicyKind::Latency(value.into()),
        "failover" => PolicyKind::Failover(value.to_ascii_uppercase().into()),
        "multivalue" => PolicyKind::Multivalue,
        "country" => PolicyKind::Geolocation(Geolocation {
            country: Some(value.into()),
            ..Geolocation::default()
        }),
        "continent" => PolicyKind::Geolocation(Geolocation {
            continent: Some(value.into()),
            ..Geolocation::default()
        }),
        _ => return Err(format!("{key:?} is no routing policy")),
    })
}

/// Expands `{a,b}` and `{01..20}`, once, in a name.
pub fn braces(text: &str) -> Result<Vec<String>, String> {
    let Some((head, rest)) = text.split_once('{') else {
        return Ok(vec![text.to_owned()]);
    };
    let (inside, tail) = rest
        .split_once('}')
        .ok_or_else(|| format!("{text:?}: a brace is not closed"))?;
    let middles = match inside.split_once("..") {
        Some((from, to)) => numbers(from, to).ok_or_else(|| format!("{text:?}: {{FROM..TO}} takes two numbers"))?,
        None => inside.split(',').map(str::to_owned).collect(),
    };
    Ok(middles.iter().map(|middle| format!("{head}{middle}{tail}")).collect())
}

fn numbers(from: &str, to: &str) -> Option<Vec<String>> {
    let width = from.len();
    let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
    Some((from..=to).map(|number| format!("{number:0width$}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(line: &str) -> Result<Vec<ResourceRecordSet>, String> {
        read(line, &"example.com".parse().expect("a name"), &|text| {
            Ok(vec![text.into()])
        })
    }

    #[test]
    fn a_line_is_a_record_set() {
        let read = sets("*.x 60 TXT \"a # b\"").expect("a line");
        assert_eq!(read[0].name.to_string(), "*.x.example.com");
        assert_eq!(*read[0].values[0], *"\"a # b\"");
        assert_eq!(read[0].ttl, Some(60));
        let read = sets("@ 300 MX 10 mx.example.com.").expect("a line");
        assert_eq!(*read[0].values[0], *"10 mx.example.com.");
        let read = sets("0\\05726 300 NS a.example. b.example.").expect("a line");
        assert_eq!(read[0].name.to_route53(), "0\\05726.example.com.");
        assert_eq!(read[0].values.len(), 2);
    }

    #[test]
    fn an_alias_has_no_ttl_and_a_policy_has_an_id() {
        let read = sets("cdn ALIAS A d1.cloudfront.net. Z2FDTNDATAQYW2 # id=blue weight=10").expect("a line");
        assert_eq!(read[0].ttl, None);
        assert_eq!(read[0].set_identifier(), Some("blue"));
        assert!(sets("www 300 A 192.0.2.1 # weight=10").is_err());
        assert!(sets("www 300 A 192.0.2.1 # id=x weight=300").is_err());
    }

    #[test]
    fn braces_stand_for_several_owners() {
        let read = sets("host-{08..11} 300 A 192.0.2.1").expect("a line");
        let names: Vec<_> = read.iter().map(|set| set.name.to_string()).collect();
        assert_eq!(
            names,
            [
                "host-08.example.com",
                "host-09.example.com",
                "host-10.example.com",
                "host-11.example.com"
            ]
        );
        assert_eq!(braces("{a,b}.x"), Ok(vec!["a.x".into(), "b.x".into()]));
        assert!(braces("{a").is_err());
    }

    #[test]
    fn a_malformed_line_says_what_is_wrong() {
        for line in [
            "",
            "www",
            "www 300",
            "www x A 1",
            "www 300 A",
            "www ALIAS A x",
            "a..b 300 A 192.0.2.1",
        ] {
            assert!(sets(line).is_err(), "{line:?}");
        }
    }
}
