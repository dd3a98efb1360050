//! Notes each request that was really sent, for the Activity screen: what, for whom, what came of it, how long it took.

use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use jiff::Timestamp;

use super::body;
use super::guard::Operation;
use crate::model::account::AccountIx;
use crate::model::text::Untrusted;
use crate::ports::{Attempt, AttemptSink};

/// Notes the requests of one account.
#[derive(Clone)]
pub(super) struct Watch {
    pub account: AccountIx,
    pub sink: AttemptSink,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("account", &self.account).finish()
    }
}

#[derive(Debug)]
struct Sent {
    at: Timestamp,
    since: Instant,
    subject: Option<Untrusted>,
}

impl Storable for Sent {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        cfg.interceptor_state().store_put(Sent {
            at: Timestamp::now(),
            since: Instant::now(),
            subject: subject(context.request()),
        });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (Some(sent), Some(operation)) = (cfg.load::<Sent>(), Operation::of(cfg)) else {
            return Ok(());
        };
        (self.sink)(Attempt {
            at: sent.at,
            account: self.account,
            action: operation.action,
            subject: sent.subject.clone(),
            status: context.response().map(|r| r.status().as_u16()),
            failure: failure(context),
            took: sent.since.elapsed(),
        });
        Ok(())
    }
}

/// The zone's id, from the path; the query of a list begins with where it begins.
fn subject(request: &HttpRequest) -> Option<Untrusted> {
    let uri: hyper::Uri = request.uri().parse().ok()?;
    let rest = uri.path().strip_prefix("/2013-04-01/hostedzone/")?;
    let id = rest.split('/').next().filter(|id| !id.is_empty())?;
    Some(Untrusted::from(id))
}

fn failure(context: &FinalizerInterceptorContextRef<'_>) -> Option<Untrusted> {
    match context.response() {
        Some(response) if response.status().is_success() => context
            .output_or_error()
            .is_some_and(|o| o.is_err())
            .then(|| Untrusted::from("unreadable answer")),
        Some(response) => {
            let code = response.body().bytes().and_then(body::error_of).map(|(code, _)| code);
            Some(Untrusted::from(code.unwrap_or_else(|| "error".to_owned())))
        }
        None => Some(Untrusted::from("no answer")),
    }
}
