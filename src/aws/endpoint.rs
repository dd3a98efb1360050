//! Which region is signed for, and whether requests go anywhere but to AWS.
//!
//! In a `[services]` section the SDK knows only `route-53`, and boto3 and the documentation only `route_53`: a request would
//! silently go to real AWS. So all spellings are read here, and the SDK is handed the result.

use aws_types::os_shim_internal::Env;

use super::policy::Partition;
use super::profiles::Profiles;

/// The services whose endpoints can be overridden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Route53,
    Sts,
}

impl Service {
    fn variable(self) -> &'static str {
        match self {
            Self::Route53 => "AWS_ENDPOINT_URL_ROUTE_53",
            Self::Sts => "AWS_ENDPOINT_URL_STS",
        }
    }

    fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::Route53 => &["route_53", "route-53", "route53"],
            Self::Sts => &["sts"],
        }
    }
}

/// The endpoint that replaces AWS's, where one is set; the nearest one wins.
///
/// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
pub(super) fn overridden(profiles: &Profiles, variables: &Env, profile: &str, service: Service) -> Option<String> {
    let variable = |name: &str| variables.get(name).ok().filter(|v| !v.is_empty());
    let ignored = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").or_else(|| {
        profiles
            .value(profile, "ignore_configured_endpoint_urls")
            .map(str::to_owned)
    });
    if ignored.is_some_and(|v| v.eq_ignore_ascii_case("true")) {
        return None;
    }
    let of_service = || {
        let spellings = service.spellings().iter();
        spellings
            .filter_map(|name| profiles.service_value(profile, name, "endpoint_url"))
            .next()
    };
    variable(service.variable())
        .or_else(|| variable("AWS_ENDPOINT_URL"))
        .or_else(|| of_service().map(str::to_owned))
        .or_else(|| profiles.value(profile, "endpoint_url").map(str::to_owned))
}

/// An endpoint without the user and password that its URL may hold.
pub(super) fn shown(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit('@').next().unwrap_or_default();
            let slash = if path.is_empty() { "" } else { "/" };
            format!("{scheme}://{host}{slash}{path}")
        }
        None => url.to_owned(),
    }
}

/// The region to sign for: the profile's, else the variables', else the partition's default.
///
/// A region of another partition than the account's cannot work, so it is not taken.
pub(super) fn region(profiles: &Profiles, variables: &Env, profile: &str, partition: Option<Partition>) -> String {
    let named = profiles
        .value(profile, "region")
        .map(str::to_owned)
        .or_else(|| variables.get("AWS_REGION").ok())
        .or_else(|| variables.get("AWS_DEFAULT_REGION").ok())
        .filter(|r| !r.trim().is_empty());
    match (named, partition) {
        (Some(region), None) => region,
        (Some(region), Some(partition)) if Partition::of(&region) == partition => region,
        (_, partition) => partition.unwrap_or_default().default_region().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles() -> Profiles {
        Profiles::of(
            "
[profile plain]
[profile own]
endpoint_url = http://127.0.0.1:1
[profile under]
services = a
[profile hyphen]
services = b
endpoint_url = http://127.0.0.1:4
[profile joined]
services = c
[profile off]
endpoint_url = http://127.0.0.1:1
ignore_configured_endpoint_urls = true
[profile east]
region = eu-central-1
[services a]
route_53 =
  endpoint_url = http://127.0.0.1:2
[services b]
route-53 =
  endpoint_url = http://127.0.0.1:3
[services c]
route53 =
  endpoint_url = http://127.0.0.1:5
sts =
  endpoint_url = http://127.0.0.1:6
",
        )
    }

    fn at(profile: &str, service: Service, variables: &[(&str, &str)]) -> Option<String> {
        overridden(&profiles(), &Env::from_slice(variables), profile, service)
    }

    #[test]
    fn every_spelling_of_the_service_is_honoured() {
        for (profile, port) in [("own", 1), ("under", 2), ("hyphen", 3), ("joined", 5)] {
            assert_eq!(
                at(profile, Service::Route53, &[]),
                Some(format!("http://127.0.0.1:{port}")),
                "{profile}"
            );
        }
        assert_eq!(at("joined", Service::Sts, &[]).as_deref(), Some("http://127.0.0.1:6"));
        assert_eq!(at("hyphen", Service::Sts, &[]).as_deref(), Some("http://127.0.0.1:4"));
        assert_eq!(at("plain", Service::Route53, &[]), None);
        assert_eq!(at("off", Service::Route53, &[]), None);
    }

    #[test]
    fn the_nearest_setting_wins() {
        let general = ("AWS_ENDPOINT_URL", "http://127.0.0.1:7");
        let special = ("AWS_ENDPOINT_URL_ROUTE_53", "http://127.0.0.1:8");
        assert_eq!(
            at("under", Service::Route53, &[general]).as_deref(),
            Some("http://127.0.0.1:7")
        );
        assert_eq!(
            at("under", Service::Route53, &[general, special]).as_deref(),
            Some("http://127.0.0.1:8")
        );
        assert_eq!(at("under", Service::Sts, &[special]), None);
        let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
        assert_eq!(at("under", Service::Route53, &[general, ignored]), None);
    }

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        assert_eq!(
            shown("http://ana:secret@127.0.0.1:5000/x@y"),
            "http://127.0.0.1:5000/x@y"
        );
        assert_eq!(shown("https://127.0.0.1"), "https://127.0.0.1");
        assert_eq!(shown("nonsense"), "nonsense");
    }

    #[test]
    fn a_profile_without_a_region_gets_its_partitions() {
        let none = Env::from_slice(&[]);
        let ireland = Env::from_slice(&[("AWS_REGION", "eu-west-1")]);
        let at = |profile, variables, partition| region(&profiles(), variables, profile, partition);
        assert_eq!(at("plain", &none, None), "us-east-1");
        assert_eq!(at("plain", &ireland, None), "eu-west-1");
        assert_eq!(at("east", &ireland, Some(Partition::Aws)), "eu-central-1");
        assert_eq!(at("plain", &ireland, Some(Partition::GovCloud)), "us-gov-west-1");
        assert_eq!(at("plain", &none, Some(Partition::China)), "cn-northwest-1");
    }
}
