//! The yes of a person to a command: asked for at the terminal, the more the more is lost.

use super::session::{Session, Start};
use crate::cli::run::{Place, SMALL};

/// A change of the small organisation, whose zone above is of production or not.
fn asked(place: &Place, env: &str, args: &[&str]) -> Session {
    let world = SMALL.replace("env = \"prod\"", &format!("env = \"{env}\""));
    let world = format!("--demo={}", place.write("w.toml", &world));
    Start::new(place, &[args, &[&world]].concat())
        .with("ZONECUT_LIVE", "true")
        .window(120, 60)
        .run()
}

/// Acknowledges the warnings, one after the other, until something else is asked.
fn acknowledge(session: &mut Session, then: &str) {
    let mut known = 0;
    loop {
        session.until("a question", |screen| {
            let contents = screen.contents();
            contents.contains(then) || contents.matches("I know this [y/N]").count() > known
        });
        if session.screen().contents().contains(then) {
            return;
        }
        known += 1;
        session.type_keys("y\r");
    }
}

#[test]
fn what_only_adds_outside_of_production_is_agreed_to_and_in_production_its_name_is_typed() {
    let place = Place::new();
    let args = [
        "record",
        "add",
        "lost.example.com",
        "new.lost.example.com",
        "A",
        "192.0.2.7",
    ];
    let team = |env: &str| SMALL.replace("name = \"team\"", &format!("name = \"team\"\nenv = \"{env}\""));
    for (env, question, answer) in [
        ("dev", "Apply this? [y/N]", "y\r"),
        (
            "prod",
            "To apply this, type new.lost.example.com",
            "new.lost.example.com\r",
        ),
    ] {
        let world = format!("--demo={}", place.write("w.toml", &team(env)));
        let mut session = Start::new(&place, &[&args[..], &[&world]].concat())
            .with("ZONECUT_LIVE", "true")
            .window(120, 60)
            .run();
        acknowledge(&mut session, question);
        session.type_keys(answer);
        session.until_text("Done: ");
        assert_eq!(session.end(), 0);
    }
}

#[test]
fn an_empty_answer_or_another_name_changes_nothing() {
    let place = Place::new();
    let args = ["delegate", "lost.example.com"];
    for (typed, said) in [
        ("\r", "not confirmed; nothing was changed"),
        ("example.com\r", "that is not the name this plan is about"),
    ] {
        let mut session = asked(&place, "prod", &args);
        acknowledge(&mut session, "To apply this, type lost.example.com");
        session.type_keys(typed);
        session.until_text(said);
        assert_eq!(session.end(), 6);
    }
}

/// Somebody is to type the name of what is deleted.
fn asked_to_remove(place: &Place) -> Session {
    let mut session = asked(
        place,
        "dev",
        &["record", "remove", "example.com", "www.example.com", "A"],
    );
    acknowledge(&mut session, "To apply this, type www.example.com");
    session
}

#[test]
fn what_is_deleted_is_saved_before_and_waits_a_moment_after_the_name() {
    let place = Place::new();
    let mut session = asked_to_remove(&place);
    session.type_keys("WWW.example.com.\r");
    session.until_text("saved as ");
    session.until_text("applying in 2 s; until then Ctrl-C changes nothing");
    session.until_text("Done: ");
    assert_eq!(session.end(), 0);
}

#[test]
fn ctrl_c_in_the_pause_changes_nothing() {
    let place = Place::new();
    let mut session = asked_to_remove(&place);
    session.type_keys("www.example.com\r");
    session.until_text("until then Ctrl-C changes nothing");
    session.type_keys("\u{3}");
    assert_eq!(session.end(), 130);
    assert!(!session.text().contains("noted in the log"), "{}", session.text());
}

#[test]
fn a_new_zone_is_created_and_delegated_by_questions_alone() {
    let place = Place::new();
    let mut session = asked(&place, "prod", &["delegate", "--accessible"]);
    session.until_text("Step 1 of 6: the name, and the zone to delegate to");
    session.until_text("Which name shall be delegated?");
    session.type_keys("new.example.com\r");
    session.until_text("2. a new zone in team");
    session.until_text("Delegate new.example.com to which? [1]");
    session.type_keys("7\r");
    session.until_text("Answer with a number from 1 to 2.");
    session.type_keys("2\r");
    session.until_text("Step 2 of 6: the zone to delegate from");
    session.until_text("1. example.com Z");
    session.until_text("Delegate it from which? [1]");
    session.type_keys("\r");
    session.until_text("Step 3 of 6: checks");
    session.until_text("Go on? [yes]");
    session.type_keys("\r");
    session.until_text("Step 4 of 6: options");
    session.until_text("TTL of the delegation in seconds [300]");
    session.type_keys("b\r");
    session.until("the checks once more", |screen| {
        screen.contents().matches("Step 3 of 6: checks").count() == 2
    });
    session.type_keys("\r");
    session.until("the options once more", |screen| {
        screen.contents().matches("Step 4 of 6: options").count() == 2
    });
    session.type_keys("600\r");
    session.until_text("Record sets that would be hidden: [1]");
    session.type_keys("\r");
    session.until_text("Step 5 of 6: review");
    acknowledge(&mut session, "To apply this, type new.example.com");
    session.type_keys("new.example.com\r");
    session.until_text("Done: Delegate new.example.com.");
    assert_eq!(session.end(), 0);
    let text = session.text();
    assert!(
        text.contains("new.example.com.             600  NS") || text.contains("600  NS"),
        "{text}"
    );
    assert!(!text.contains("\u{1b}[?1049h"), "the screen is another one");
}
