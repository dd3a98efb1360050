//! What a service, a proxy or a broken line answers, and what it is taken for.

use zonecut::ports::{ApiError, ApiErrorKind, Identity as _, Route53 as _};

use super::canned::{Answer, Canned, Framing, NAMESPACE, identity, is_sts};

async fn refusal(answer: Answer) -> ApiError {
    let canned = Canned::start(move |asked| {
        if is_sts(asked) {
            identity("111122223333")
        } else {
            answer.clone()
        }
    })
    .await;
    canned.account().await.zones(None).await.expect_err("no zones")
}

fn wrapped(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>\
         </Error><RequestId>request-1</RequestId></ErrorResponse>"
    )
}

#[tokio::test]
async fn each_refusal_has_its_class() {
    let long = format!("<a>{}</a>", "x".repeat(1000));
    for (answer, kind, code) in [
        (
            Answer::new(400, wrapped("Throttling", "Rate exceeded")),
            ApiErrorKind::Throttled,
            Some("Throttling"),
        ),
        (
            Answer::new(
                400,
                "<PriorRequestNotComplete><Message>wait</Message></PriorRequestNotComplete>",
            ),
            ApiErrorKind::Throttled,
            Some("PriorRequestNotComplete"),
        ),
        (
            Answer::new(400, "<Throttling><Message>x</Message></Throttling>"),
            ApiErrorKind::Throttled,
            Some("Throttling"),
        ),
        (Answer::new(429, ""), ApiErrorKind::Throttled, None),
        (
            Answer::new(403, wrapped("AccessDenied", "no")),
            ApiErrorKind::Denied,
            Some("AccessDenied"),
        ),
        (
            Answer::new(403, wrapped("ExpiredToken", "old")),
            ApiErrorKind::Credentials,
            Some("ExpiredToken"),
        ),
        (
            Answer::new(403, wrapped("InvalidClientTokenId", "who")),
            ApiErrorKind::Credentials,
            Some("InvalidClientTokenId"),
        ),
        (
            Answer::new(404, wrapped("NoSuchHostedZone", "gone")),
            ApiErrorKind::NotFound,
            Some("NoSuchHostedZone"),
        ),
        (
            Answer::new(400, wrapped("InvalidInput", "bad")),
            ApiErrorKind::Refused,
            Some("InvalidInput"),
        ),
        (Answer::new(500, ""), ApiErrorKind::Unavailable, None),
        (
            Answer::new(503, "<html><body>busy</body></html>"),
            ApiErrorKind::Unavailable,
            None,
        ),
        (
            Answer::new(502, wrapped("Strange", "x")),
            ApiErrorKind::Unavailable,
            Some("Strange"),
        ),
        (Answer::new(200, ""), ApiErrorKind::Malformed, None),
        (
            Answer::new(200, "<html><body>log in to the hotel</body></html>"),
            ApiErrorKind::Malformed,
            None,
        ),
        (Answer::new(200, "{\"json\": true}"), ApiErrorKind::Malformed, None),
        (Answer::new(200, "\u{0}\u{1}"), ApiErrorKind::Malformed, None),
        (Answer::new(200, long.clone()), ApiErrorKind::Malformed, None),
        (Answer::new(302, ""), ApiErrorKind::Malformed, None),
        (
            Answer::new(200, long).cut(Framing::ContentLength, 500),
            ApiErrorKind::Unavailable,
            None,
        ),
    ] {
        let shown = format!("{answer:?}");
        let error = refusal(answer).await;
        assert_eq!(
            (error.kind, error.code.as_ref().map(|c| c.expose())),
            (kind, code),
            "{shown}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_denial_names_principal_action_and_request() {
    let error = refusal(Answer::new(403, wrapped("AccessDenied", ""))).await;
    assert!(
        error.message.expose().contains("arn:aws:iam::111122223333:user/ana"),
        "{error:?}"
    );
    assert!(error.message.expose().contains("route53:ListHostedZones"), "{error:?}");
    assert_eq!(error.request_id, Some("request-1".into()));
    assert_eq!(error.remedy, Some("zonecut iam-policy --read".into()));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let mut gone = Canned::start(|_| identity("111122223333")).await;
    gone.url = url;
    let error = gone.account().await.caller().await.expect_err("nobody listens");
    assert_eq!(error.kind, ApiErrorKind::Unavailable, "{error:?}");
    assert!(error.message.expose().contains("connection"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_unavailable() {
    let mut canned = Canned::start(|_| identity("111122223333")).await;
    canned.url = canned.url.replace("http://", "https://");
    let error = canned.account().await.caller().await.expect_err("no TLS there");
    assert_eq!(error.kind, ApiErrorKind::Unavailable, "{error:?}");
}

#[tokio::test]
async fn hostile_text_stays_untrusted_and_is_bounded() {
    let error = refusal(Answer::new(400, wrapped("InvalidInput", "&#x1B;[2J&#x202E;"))).await;
    assert!(error.message.expose().contains('\u{1b}'), "{error:?}");
    assert!(
        !error.to_string().contains('\u{1b}') && !error.to_string().contains('\u{202e}'),
        "{error}"
    );
    let huge = Answer::new(200, format!("<a>{}</a>", "x".repeat(40 * 1024 * 1024)));
    let error = refusal(huge).await;
    assert!(error.kind.is_transient(), "{error:?}");
    assert!(error.message.expose().len() < 1000);
}
