//! Accounts that want the code of a multi-factor device: asked for on the screen, one after the other, and told to nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zonecut::aws::{Options, Setup};
use zonecut::config::{Access, AccountConfig};
use zonecut::model::account::AccountIx;
use zonecut::ports::{Identity as _, MfaAnswer, MfaPrompt, MfaRequest};
use zonecut::tui::effect::Effect;
use zonecut::tui::message::Message;
use zonecut::tui::screens::mfa::Question;

use super::stage::{Stage, demo, halfway, launch};

/// An account that waits for a code.
pub fn asked(number: u64, account: &str) -> Message {
    Message::Asked(Question {
        number,
        request: MfaRequest {
            account: account.into(),
            role: "arn:aws:iam::555566667777:role/dns-read".into(),
            serial: "arn:aws:iam::111122223333:mfa/ana".into(),
        },
    })
}

/// The answers so far: to which question, with which code.
fn answers(stage: &Stage) -> Vec<(u64, Option<String>)> {
    let answer = |effect: &Effect| match effect {
        Effect::Answer { number, code } => Some((*number, code.as_ref().map(|code| code.expose().to_owned()))),
        _ => None,
    };
    stage.effects.iter().filter_map(answer).collect()
}

#[test]
fn the_code_is_asked_for_by_device_and_account_and_goes_to_whom_it_was_typed_for() {
    let base = demo();
    let progress = halfway(&base.inventory);
    let mut stage = Stage::new(base, launch(), (80, 24));
    stage.tick(progress);
    stage.tell(asked(1, "payments-prod"));
    stage.tell(asked(2, "data"));
    stage.press("1 2 3");
    super::stories::seen("mfa", &stage);
    stage.press("backspace 3 x 4 5 6 7");
    assert_eq!(answers(&stage), [], "nothing is sent before enter");
    stage.press("enter");
    assert_eq!(answers(&stage), [(1, Some("123456".to_owned()))]);
    assert!(stage.screen().contains("MFA code for data"), "{}", stage.screen());
    stage.tell(Message::Paste("654 321\n".to_owned()));
    stage.press("enter");
    assert_eq!(answers(&stage).last(), Some(&(2, Some("654321".to_owned()))));
    assert!(!stage.screen().contains("MFA code for"));
}

#[test]
fn a_code_that_is_too_short_is_not_sent() {
    let mut stage = Stage::demo((80, 24));
    stage.tell(asked(1, "data"));
    stage.press("1 2 3 4 5 enter");
    assert_eq!(answers(&stage), []);
    assert!(stage.screen().contains("six digits, 5 are typed"), "{}", stage.screen());
}

#[test]
fn esc_skips_one_account_and_says_how_to_be_asked_again() {
    let mut stage = Stage::demo((80, 24));
    stage.tell(asked(1, "payments-prod"));
    stage.tell(asked(2, "data"));
    stage.press("1 2 esc");
    assert_eq!(answers(&stage), [(1, None)]);
    let screen = stage.screen();
    assert!(
        screen.contains("MFA code for data") && screen.contains("______"),
        "{screen}"
    );
    assert!(screen.contains("asks for the code again"), "{screen}");
}

#[test]
fn a_question_that_nobody_waits_for_any_more_disappears_with_what_was_typed() {
    let mut stage = Stage::demo((80, 24));
    stage.tell(asked(1, "payments-prod"));
    stage.tell(asked(2, "data"));
    stage.press("1 2 3");
    stage.tell(Message::Withdrawn(1));
    let screen = stage.screen();
    assert!(
        screen.contains("MFA code for data") && screen.contains("______"),
        "{screen}"
    );
    stage.tell(Message::Withdrawn(2));
    stage.press("j");
    assert_eq!(answers(&stage), []);
}

#[test]
fn a_question_does_not_take_the_keys_of_a_filter_that_is_being_typed() {
    for keys in ["/", ":"] {
        let mut stage = Stage::demo((80, 24));
        stage.press(keys);
        stage.tell(asked(1, "data"));
        stage.press("\"1234\"");
        assert!(!stage.screen().contains("MFA code for"));
        assert!(stage.screen().contains("MFA code wanted"), "{}", stage.screen());
        assert!(stage.screen().contains("1234"), "{}", stage.screen());
        stage.press("esc");
        assert!(stage.screen().contains("______"), "{}", stage.screen());
    }
}

#[test]
fn no_debug_output_tells_the_code_and_privacy_hides_what_is_typed() {
    let mut stage = Stage::demo((80, 24));
    stage.press("p");
    stage.tell(asked(1, "payments-prod"));
    stage.press("9 8 7 6 5 4");
    let screen = stage.screen();
    assert!(screen.contains("******") && !screen.contains("987654"), "{screen}");
    assert!(
        !screen.contains("payments-prod") && !screen.contains("111122223333"),
        "{screen}"
    );
    assert!(!format!("{:?}", stage.state).contains("987654"));
    stage.press("enter");
    assert!(!format!("{:?}", stage.effects).contains("987654"));
    assert_eq!(answers(&stage), [(1, Some("987654".to_owned()))]);
}

/// Skips every account, and counts how often it was asked.
#[derive(Default)]
struct Skipping(AtomicUsize);

impl MfaPrompt for Skipping {
    fn code(&self, _: MfaRequest) -> MfaAnswer<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(None))
    }
}

#[tokio::test]
async fn an_account_that_was_skipped_says_so_and_asks_again_when_it_is_read_again() {
    let prompt = Arc::new(Skipping::default());
    let options = Options {
        mfa: Some(Arc::clone(&prompt) as Arc<dyn MfaPrompt>),
        ..Options::default()
    };
    let config = "[profile base]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n\
        [profile role]\nrole_arn = arn:aws:iam::555566667777:role/dns-read\nsource_profile = base\n\
        mfa_serial = arn:aws:iam::111122223333:mfa/ana\n";
    let setup = Setup::described(options, &[("ZONECUT_TEST", "1")], &[("config", config)]).await;
    let account = setup.account(
        AccountIx(0),
        &AccountConfig::new("role", Access::Profile("role".into())),
    );
    for asked in 1..=2 {
        let refused = account.caller().await.expect_err("no code was given");
        let message = refused.message.expose();
        assert!(message.contains("no MFA code was given"), "{message}");
        assert_eq!(prompt.0.load(Ordering::SeqCst), asked);
    }
}
