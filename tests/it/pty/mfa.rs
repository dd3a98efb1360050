//! The code of a multi-factor device, asked for where it is needed, once, and only where somebody may be asked.

use zonecut::sim::api::ApiError;
use zonecut::sim::service::{CallFault, Injected};

use super::served::Served;
use super::session::{Session, Start};
use crate::cli::run::SMALL;

const QUESTION: &str =
    "team: code of arn:aws:iam::111122223333:mfa/ana for arn:aws:iam::444455556666:role/zonecut-read";
const CODE: &str = "739214";

/// An account that is read with keys, and one that is read by a role with a device.
fn served() -> Served {
    let served = Served::of(SMALL);
    let credentials = served.keys("hub", "111122223333", "s");
    let profile = "[profile team]\nrole_arn = arn:aws:iam::444455556666:role/zonecut-read\nsource_profile = hub\n\
                   mfa_serial = arn:aws:iam::111122223333:mfa/ana\n";
    let config = "[[accounts]]\nname = \"hub\"\nprofile = \"hub\"\n[[accounts]]\nname = \"team\"\nprofile = \"team\"\n";
    served.configure(profile, &credentials, config);
    served
}

fn started(served: &Served, args: &[&str]) -> Session {
    Start::new(&served.place, args)
        .with_all(served.variables())
        .window(160, 40)
        .run()
}

#[test]
fn a_person_is_asked_once_and_progress_leaves_the_question_alone() {
    let served = served();
    let mut session = started(&served, &["check", "-vv", "--log-file", "log"]);
    session.until_text("(empty: skip this account):");
    // The other account has been read, and progress has had something to say.
    session.until("the other account has been read", |_| {
        served.asked("ListResourceRecordSets") >= 1
    });
    session.type_keys(&format!("{CODE}\n"));
    assert_eq!(session.end(), 3, "{}", session.text());
    let text = session.text();
    assert_eq!(text.matches(QUESTION).count(), 1, "{text}");
    let (_, after) = text.split_once(QUESTION).expect("asked");
    let answer = after.find(CODE).expect("typed");
    assert!(
        !after[..answer].contains("scanned"),
        "progress was written over the question: {text}"
    );
    assert!(text.contains("missing-delegation  lost.example.com"), "{text}");
    assert_eq!(served.asked("AssumeRole"), 1);
    let log = std::fs::read_to_string(served.place.path().join("cwd/log")).expect("a log");
    assert!(log.contains("sts:GetSessionToken") && !log.contains(CODE), "{log}");
    session.assert_restored("asked");
}

#[test]
fn a_code_that_is_not_accepted_is_told_as_that() {
    let served = served();
    served.simulator.inject(Injected {
        account: None,
        action: "GetSessionToken".to_owned(),
        fault: CallFault::Refused(ApiError::new(
            403,
            "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code.",
        )),
        times: 1,
    });
    let mut session = started(&served, &["check"]);
    session.until_text("(empty: skip this account):");
    session.type_keys(&format!("{CODE}\n"));
    assert_eq!(session.end(), 4, "{}", session.text());
    let text = session.text();
    assert_eq!(
        text.matches(QUESTION).count(),
        1,
        "a wrong code is not asked for again and again: {text}"
    );
    assert!(text.contains("the MFA code was not accepted"), "{text}");
    assert!(text.contains("wait for the next code"), "{text}");
    assert!(!text.contains("trust policy"), "{text}");
}

#[test]
fn a_code_that_cannot_be_one_is_not_sent_and_none_skips_the_account() {
    for (typed, told) in [
        ("12 34\n", "an MFA code has six digits"),
        ("\n", "no MFA code was given"),
    ] {
        let served = served();
        let mut session = started(&served, &["check"]);
        session.until_text("(empty: skip this account):");
        session.type_keys(typed);
        assert_eq!(session.end(), 4, "{}", session.text());
        assert!(session.text().contains(told), "{}", session.text());
        assert_eq!(served.asked("GetSessionToken") + served.asked("AssumeRole"), 0);
    }
}

#[test]
fn ctrl_c_at_the_question_ends_it() {
    let served = served();
    let mut session = started(&served, &["check"]);
    session.until_text("(empty: skip this account):");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 130);
    session.assert_restored("interrupted");
}

#[test]
fn where_nobody_may_be_asked_the_reason_and_the_command_are_told() {
    let served = served();
    let mut session = started(&served, &["check", "--no-input"]);
    assert_eq!(session.end(), 4, "{}", session.text());
    let text = session.text();
    assert!(!text.contains("code of"), "{text}");
    assert!(
        text.contains("wants an MFA code") && text.contains("--no-input"),
        "{text}"
    );
    assert!(text.contains("zonecut scan --profile team"), "{text}");
    assert_eq!(served.asked("GetSessionToken") + served.asked("AssumeRole"), 0);

    let mut session = started(&served, &["--no-input"]);
    session.until_text("example.com");
    session.press("i j");
    session.until_text("wants an MFA code");
    session.until_text("zonecut scan --profile team");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
    assert_eq!(served.asked("GetSessionToken") + served.asked("AssumeRole"), 0);
}

#[test]
fn the_terminal_program_asks_on_its_screen_while_the_others_are_read() {
    let served = served();
    let mut session = started(&served, &[]);
    session.until_text("MFA code for team");
    // The other account is read behind the question.
    session.until("the other account has been read", |_| {
        served.asked("ListResourceRecordSets") >= 1
    });
    session.type_keys(&format!("{CODE}\r"));
    session.until_read("∅ MISSING");
    assert_eq!(served.asked("AssumeRole"), 1);
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 0);
    session.assert_restored("asked on the screen");
    assert_eq!(session.deeds(), &[] as &[String]);
}
