//! Makes the SDK's clients, all in the same way: one attempt per request, guarded, watched, with short patience.
//!
//! Invariant: a client that writes is made by [`Clients::writing`] alone, which wants a [`WriteCap`].

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_route53::config::retry::RetryConfig;
use aws_sdk_route53::config::timeout::TimeoutConfig;
use aws_sdk_route53::config::{IdentityCache, Region, StalledStreamProtectionConfig};

use super::guard::Guard;
use super::transport::Transport;
use super::watch::Watch;
use crate::config::WriteCap;

/// What the clients of one account have in common.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    pub transport: Transport,
    pub region: Region,
    pub route53_endpoint: Option<String>,
    pub sts_endpoint: Option<String>,
    pub connect_timeout: Duration,
    pub request_timeout: Duration,
    pub use_fips: Option<bool>,
    pub watch: Option<Watch>,
}

/// Both services' builders have the same methods, but no trait in common.
macro_rules! client {
    ($self:ident, $service:ident, $endpoint:expr, $credentials:expr, $transport:expr, $guard:expr) => {{
        let mut builder = $service::config::Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region($self.region.clone())
            .http_client($transport)
            .retry_config(RetryConfig::disabled())
            .timeout_config($self.timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .identity_cache(IdentityCache::no_cache())
            .credentials_provider($credentials)
            .interceptor($guard);
        builder.set_endpoint_url($endpoint.clone());
        builder.set_use_fips($self.use_fips);
        if let Some(watch) = &$self.watch {
            builder = builder.interceptor(watch.clone());
        }
        $service::Client::from_conf(builder.build())
    }};
}

impl Clients {
    /// A client that reads.
    pub(super) fn route53(&self, credentials: SharedCredentialsProvider) -> aws_sdk_route53::Client {
        let (transport, guard) = (self.transport.clone(), Guard::READING);
        client!(
            self,
            aws_sdk_route53,
            self.route53_endpoint,
            credentials,
            transport,
            guard
        )
    }

    /// A client that changes things, and can do nothing else.
    pub(super) fn writing(&self, credentials: SharedCredentialsProvider, leave: &WriteCap) -> aws_sdk_route53::Client {
        let (transport, guard) = (self.transport.for_writing(leave), Guard::writing(leave));
        client!(
            self,
            aws_sdk_route53,
            self.route53_endpoint,
            credentials,
            transport,
            guard
        )
    }

    pub(super) fn sts(&self, credentials: SharedCredentialsProvider) -> aws_sdk_sts::Client {
        let (transport, guard) = (self.transport.clone(), Guard::READING);
        client!(self, aws_sdk_sts, self.sts_endpoint, credentials, transport, guard)
    }

    /// After how long a request is given up.
    pub(super) fn patience(&self) -> Duration {
        self.request_timeout
    }

    fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect_timeout)
            .operation_timeout(self.request_timeout)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::super::transport::Reach;
    use super::*;
    use aws_credential_types::Credentials;

    #[tokio::test]
    async fn what_is_not_on_the_list_is_never_sent() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
        let clients = Clients {
            transport: Transport::new(Reach::Loopback),
            region: Region::new("us-east-1"),
            route53_endpoint: endpoint.clone(),
            sts_endpoint: endpoint,
            connect_timeout: Duration::from_secs(3),
            request_timeout: Duration::from_secs(3),
            use_fips: None,
            watch: None,
        };
        let keys = || SharedCredentialsProvider::new(Credentials::new("A", "S", None, None, "test"));
        let route53 = clients.route53(keys());
        let refusals = [
            format!("{:?}", route53.delete_hosted_zone().id("Z1").send().await.unwrap_err()),
            format!(
                "{:?}",
                route53
                    .create_hosted_zone()
                    .name("a.")
                    .caller_reference("r")
                    .send()
                    .await
                    .unwrap_err()
            ),
            format!("{:?}", route53.list_health_checks().send().await.unwrap_err()),
            format!(
                "{:?}",
                clients
                    .sts(keys())
                    .get_federation_token()
                    .name("n")
                    .send()
                    .await
                    .unwrap_err()
            ),
        ];
        for refusal in refusals {
            assert!(refusal.contains("NotAllowed"), "{refusal}");
        }
        assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }

    #[tokio::test]
    async fn under_test_nothing_leaves_this_machine() {
        let clients = Clients {
            transport: Transport::new(Reach::Loopback),
            region: Region::new("us-east-1"),
            route53_endpoint: None,
            sts_endpoint: None,
            connect_timeout: Duration::from_secs(3),
            request_timeout: Duration::from_secs(3),
            use_fips: None,
            watch: None,
        };
        let keys = SharedCredentialsProvider::new(Credentials::new("A", "S", None, None, "test"));
        let refusal = clients.route53(keys).list_hosted_zones().send().await.unwrap_err();
        assert!(format!("{refusal:?}").contains("ZONECUT_TEST"), "{refusal:?}");
    }
}
