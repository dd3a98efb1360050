//! The way all requests go, those that fetch credentials included: the last place before the network.
//!
//! Invariants: nothing but reads goes to Route 53, unless there was leave to write; under `ZONECUT_TEST` nothing leaves this machine; an answer that ended
//! early is an error, whatever it parses as; no answer takes more memory than [`MAX_BODY`].

use std::net::IpAddr;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt as _, Limited};
use hyper::Uri;

use super::body;
use super::guard::NotAllowed;
use crate::config::WriteCap;

/// The most octets of one answer; 300 record sets of the largest size are far below it.
const MAX_BODY: usize = 32 * 1024 * 1024;
/// What the paths of Route 53 begin with.
const ROUTE53_PATH: &str = "/2013-04-01/";

/// An answer that was cut short, or is no answer at all.
#[derive(Debug, thiserror::Error)]
#[error("the answer ended before its end")]
pub(super) struct NotWhole;

/// How far requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// To wherever the endpoints say.
    Anywhere,
    /// To this machine alone: so that no test can talk to AWS.
    Loopback,
}

/// What a successful answer has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Xml,
    Anything,
}

/// Which requests may go to Route 53.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Methods {
    /// `GET` alone.
    Reads,
    /// Those of the operations that write.
    Writes,
}

/// The HTTP client of every SDK client.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    /// Without TLS and proxy, for this machine: no certificates need to be loaded for it.
    local: SharedHttpClient,
    remote: SharedHttpClient,
    reach: Reach,
    expect: Expect,
    methods: Methods,
}

impl Transport {
    pub(super) fn new(reach: Reach) -> Self {
        Self {
            local: Builder::new().build_http(),
            remote: Builder::new().build_with_connector_fn(|settings, components| {
                let mut builder = Connector::builder().proxy_config(ProxyConfig::from_env());
                builder.set_connector_settings(settings.cloned());
                builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
                builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
            }),
            reach,
            expect: Expect::Xml,
            methods: Methods::Reads,
        }
    }

    /// The same for services that answer in JSON or in plain text: SSO, sign-in, instance metadata.
    pub(super) fn for_logins(&self) -> Self {
        Self {
            expect: Expect::Anything,
            ..self.clone()
        }
    }

    /// The same for what changes things.
    pub(super) fn for_writing(&self, _: &WriteCap) -> Self {
        Self {
            methods: Methods::Writes,
            ..self.clone()
        }
    }
}

impl HttpClient for Transport {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Way {
            transport: self.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.local.connector_metadata()
    }
}

#[derive(Debug)]
struct Way {
    transport: Transport,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Way {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = match self.client(&request) {
            Ok(client) => client,
            Err(refusal) => return HttpConnectorFuture::ready(Err(ConnectorError::user(refusal.into()))),
        };
        let answer = client.http_connector(&self.settings, &self.components).call(request);
        let expect = self.transport.expect;
        HttpConnectorFuture::new(async move { read_whole(answer.await?, expect).await })
    }
}

impl Way {
    fn client(&self, request: &HttpRequest) -> Result<&SharedHttpClient, NotAllowed> {
        let uri: Uri = request
            .uri()
            .parse()
            .map_err(|_| NotAllowed("a request to an address that is no URL".to_owned()))?;
        let reads = request.method() == "GET";
        if uri.path().starts_with(ROUTE53_PATH) && !reads && self.transport.methods == Methods::Reads {
            return Err(NotAllowed(format!("{} {}", request.method(), uri.path())));
        }
        let local = uri.host().is_some_and(is_loopback);
        if self.transport.reach == Reach::Loopback && !local {
            let host = uri.host().unwrap_or_default();
            return Err(NotAllowed(format!("a request to {host}, under ZONECUT_TEST,")));
        }
        let plain = uri.scheme_str() == Some("http");
        Ok(if local && plain {
            &self.transport.local
        } else {
            &self.transport.remote
        })
    }
}

/// Whether a host is this machine, without asking a resolver.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

async fn read_whole(mut response: HttpResponse, expect: Expect) -> Result<HttpResponse, ConnectorError> {
    let body = Limited::new(response.take_body(), MAX_BODY);
    let bytes = body.collect().await.map_err(ConnectorError::io)?.to_bytes();
    if expect == Expect::Xml && response.status().is_success() && !body::is_whole(&bytes) {
        return Err(ConnectorError::io(NotWhole.into()));
    }
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "127.0.0.1", "127.1.2.3", "[::1]", "LOCALHOST"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "route53.amazonaws.com",
            "169.254.169.254",
            "127.0.0.1.example.com",
            "0.0.0.0",
            "[::]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
