//! Changes on the stage: from a wish to a yes, what keeps the yes from being said, and what is shown of what comes of it.

use jiff::Timestamp;
use zonecut::plan::guide::Stage as Step;
use zonecut::plan::wish::{ChildZone, Want};
use zonecut::plan::{Plan, Refusal, Wish};
use zonecut::tui::effect::Effect;
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::message::{Message, News};
use zonecut::tui::works::{Change, Deed, DeedMark, DeedPlace, Journaled, Over, Standing, Tiding};

use super::plans::{delegation, removal, stopped};
use super::stage::{Stage, now};

fn shot(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

fn wished(stage: &Stage) -> Option<(u64, Wish)> {
    stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Draft { number, wish } => Some((*number, (**wish).clone())),
        _ => None,
    })
}

/// Answers the latest draft that was asked for.
pub fn drafted(stage: &mut Stage, plan: Plan) {
    let (number, _) = wished(stage).expect("a draft is asked for");
    stage.tell(Message::Drafted {
        number,
        outcome: Box::new(Ok(plan)),
    });
}

fn applied(stage: &Stage) -> usize {
    stage
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Apply { .. }))
        .count()
}

fn toast(stage: &Stage) -> String {
    stage
        .state
        .toast
        .as_ref()
        .map_or_else(String::new, |toast| toast.text.clone())
}

fn pass(stage: &mut Stage, seconds: i64) {
    let progress = stage.state.progress.clone();
    let now = Timestamp::from_second(stage.state.now.as_second() + seconds).expect("a time");
    stage.tell(Message::Tick {
        now,
        progress,
        news: News::None,
    });
}

/// `dev.example.com` at the review, in read-only mode.
pub fn at_review(size: (u16, u16), plan: Plan) -> Stage {
    let mut stage = Stage::demo(size);
    stage.reveal("dev.example.com");
    stage.press("d enter enter");
    drafted(&mut stage, plan);
    stage.press("enter enter");
    assert_eq!(step(&stage), Step::Review, "{}", stage.screen());
    stage
}

fn step(stage: &Stage) -> Step {
    stage.state.wizard.as_ref().expect("a wizard").guide.stage()
}

/// Unlocks every account.
fn unlock(stage: &mut Stage) {
    stage.press("w a enter");
    assert!(stage.state.lock.is_unlocked(), "{}", stage.screen());
}

/// Goes to the end of the review, acknowledges everything and types the name, and goes to the button.
fn consent(stage: &mut Stage) {
    stage.press("G backtab");
    for _ in 0..20 {
        stage.press("backtab");
        let line = stage.selected_line();
        if line.contains("[ ] I know") {
            stage.press("space");
        }
        if stage.screen().contains("> type") {
            break;
        }
    }
    stage.press("\"dev.example.com\"");
    for _ in 0..20 {
        stage.press("tab");
        let line = stage.selected_line();
        if line.contains("[ ] I know") {
            stage.press("space");
        }
    }
    to_apply(stage);
}

fn to_apply(stage: &mut Stage) {
    for _ in 0..20 {
        if stage.selected_line().ends_with("Apply ]") || stage.state.wizard.as_ref().is_some_and(|w| w.is_on_apply()) {
            return;
        }
        stage.press("tab");
    }
    panic!("there is no way to the button:\n{}", stage.screen());
}

#[test]
fn a_zone_that_nobody_delegates_is_delegated_from_the_tree_by_enter_alone_up_to_the_review() {
    let mut stage = Stage::demo((120, 36));
    stage.reveal("dev.example.com");
    stage.press("d");
    shot("wizard_child_120x36", &stage);
    stage.press("enter");
    shot("wizard_parent_120x36", &stage);
    stage.press("enter");
    let (_, wish) = wished(&stage).expect("a draft");
    let Want::Delegate(wish) = wish.want else {
        panic!("{wish:?}")
    };
    assert_eq!(wish.child.to_string(), "dev.example.com");
    assert!(matches!(wish.to, ChildZone::Existing(_)) && wish.parent.is_some());
    assert!(stage.screen().contains("Nothing is written"), "{}", stage.screen());
    drafted(&mut stage, delegation());
    shot("wizard_checks_120x36", &stage);
    stage.press("enter");
    shot("wizard_options_120x36", &stage);
    stage.press("enter");
    shot("wizard_review_120x36", &stage);
    assert_eq!(applied(&stage), 0);
}

#[test]
fn in_a_small_window_the_review_is_scrolled_to_its_end_before_anything_else() {
    let mut stage = at_review((80, 24), delegation());
    shot("wizard_review_80x24", &stage);
    unlock(&mut stage);
    assert!(
        stage.screen().contains("read it to its end first"),
        "{}",
        stage.screen()
    );
    stage.press("G");
    assert!(
        stage.screen().contains("2 warnings are not acknowledged"),
        "{}",
        stage.screen()
    );
    shot("wizard_review_end_80x24", &stage);
    let ascii = stage.with_glyphs(GlyphSet::Ascii);
    assert!(ascii.screen().is_ascii());
}

#[test]
fn a_new_name_is_typed_and_the_account_that_gets_the_zone_is_chosen() {
    let mut stage = Stage::demo((120, 36));
    stage.reveal("www.example.com");
    stage.press("d \"new\"");
    let screen = stage.screen();
    assert!(screen.contains("Name    new.www.example.com"), "{screen}");
    assert!(screen.contains("choose the account that it is created in"), "{screen}");
    stage.press("enter enter enter");
    let (_, wish) = wished(&stage).expect("a draft");
    let Want::Delegate(wish) = wish.want else {
        panic!("{wish:?}")
    };
    assert_eq!(wish.child.to_string(), "new.www.example.com");
    assert!(matches!(wish.to, ChildZone::Create { .. }), "{wish:?}");
}

#[test]
fn in_read_only_mode_everything_is_shown_and_nothing_is_applied() {
    let mut stage = at_review((120, 36), delegation());
    assert!(
        stage.screen().contains("Apply: read-only: w unlocks"),
        "{}",
        stage.screen()
    );
    assert!(stage.screen().contains("[READ-ONLY]"));
    consent(&mut stage);
    stage.press("enter enter");
    assert_eq!(applied(&stage), 0);
    assert!(toast(&stage).contains("read-only: w unlocks"), "{}", toast(&stage));
}

#[test]
fn enter_before_the_end_of_the_difference_was_shown_never_applies() {
    let mut stage = at_review((80, 24), delegation());
    unlock(&mut stage);
    to_apply(&mut stage);
    for _ in 0..50 {
        stage.press("enter");
        pass(&mut stage, 1);
    }
    assert_eq!(applied(&stage), 0);
    assert!(
        toast(&stage).is_empty() || toast(&stage).contains("end"),
        "{}",
        toast(&stage)
    );
}

#[test]
fn a_held_enter_applies_once() {
    let mut stage = at_review((120, 36), delegation());
    unlock(&mut stage);
    consent(&mut stage);
    for _ in 0..200 {
        stage.press("enter");
    }
    assert_eq!(applied(&stage), 1, "{}\n{}", toast(&stage), stage.screen());
    assert_eq!(step(&stage), Step::Apply);
}

#[test]
fn another_name_is_no_yes_and_a_pasted_one_neither() {
    let mut stage = at_review((120, 36), delegation());
    unlock(&mut stage);
    consent(&mut stage);
    for _ in 0..20 {
        if stage.screen().contains("> type") {
            break;
        }
        stage.press("backtab");
    }
    stage.press("\"x\"");
    to_apply(&mut stage);
    stage.press("enter");
    assert!(toast(&stage).contains("is not typed"), "{}", toast(&stage));
    for _ in 0..20 {
        if stage.screen().contains("> type") {
            break;
        }
        stage.press("backtab");
    }
    stage.press("backspace".repeat(16).replace("backspace", "backspace ").as_str());
    stage.tell(Message::Paste("dev.example.com".to_owned()));
    assert!(toast(&stage).contains("typed, not pasted"), "{}", toast(&stage));
    assert_eq!(applied(&stage), 0);
}

#[test]
fn what_is_deleted_is_armed_two_seconds_after_the_name_was_typed() {
    let mut stage = Stage::demo((120, 36));
    stage.press("2 / \"promo\" enter f");
    if wished(&stage).is_none() {
        stage.press("enter");
    }
    drafted(&mut stage, removal());
    stage.press("enter");
    unlock(&mut stage);
    stage.press("backtab \"promo.example.com\"");
    to_apply(&mut stage);
    stage.press("enter");
    assert!(toast(&stage).contains("a moment"), "{}", toast(&stage));
    pass(&mut stage, 1);
    stage.press("enter");
    assert_eq!(applied(&stage), 0);
    pass(&mut stage, 1);
    stage.press("enter");
    assert_eq!(applied(&stage), 1, "{}", toast(&stage));
    assert!(stage.effects.iter().any(|effect| matches!(effect, Effect::SavePlan(_))));
}

#[test]
fn a_stop_keeps_from_the_review_until_it_is_overridden_with_a_reason() {
    let mut stage = Stage::demo((120, 36));
    stage.reveal("dev.example.com");
    stage.press("d enter enter");
    drafted(&mut stage, stopped());
    stage.press("enter");
    assert_eq!(step(&stage), Step::Checks);
    assert!(toast(&stage).contains("Blast radius"), "{}", toast(&stage));
    stage.press("o enter");
    assert!(toast(&stage).contains("a reason is needed"), "{}", toast(&stage));
    stage.press("\"it is a small zone\" enter");
    let (number, wish) = wished(&stage).expect("a draft");
    assert_eq!((number, wish.overrides.len()), (2, 1));
    assert_eq!(
        wish.overrides[0].check, "blast-radius@Z0123456EXAMPLE",
        "of this zone, and of no other that is chosen instead"
    );
}

#[test]
fn a_draft_of_an_older_wish_is_passed_over() {
    let mut stage = Stage::demo((120, 36));
    stage.reveal("dev.example.com");
    stage.press("d enter enter");
    let (old, _) = wished(&stage).expect("a draft");
    drafted(&mut stage, delegation());
    stage.press("r");
    stage.tell(Message::Drafted {
        number: old,
        outcome: Box::new(Err(Refusal::new("of before"))),
    });
    assert!(stage.screen().contains("Nothing is written"), "{}", stage.screen());
}

#[test]
fn esc_leaves_at_every_step_and_nothing_was_asked_for_but_drafts() {
    for keys in ["", "enter", "enter enter"] {
        let mut stage = Stage::demo((120, 36));
        stage.reveal("dev.example.com");
        stage.press("d").press(keys).press("esc");
        assert!(stage.state.wizard.is_none());
        assert!(toast(&stage).contains("nothing was changed"), "{}", toast(&stage));
    }
    let mut stage = at_review((120, 36), delegation());
    stage.press("esc");
    assert!(stage.state.wizard.is_none());
    assert!(
        stage
            .effects
            .iter()
            .all(|effect| matches!(effect, Effect::Draft { .. })),
        "{:?}",
        stage.effects
    );
}

#[test]
fn a_refusal_is_shown_with_what_to_do_instead() {
    let mut stage = Stage::demo((120, 36));
    stage.reveal("dev.example.com");
    stage.press("d enter enter");
    let (number, _) = wished(&stage).expect("a draft");
    let refusal = Refusal::new("the zone dev.example.com is locked").next("wait until it is not");
    stage.tell(Message::Drafted {
        number,
        outcome: Box::new(Err(refusal)),
    });
    let screen = stage.screen();
    assert!(
        screen.contains("✗ the zone dev.example.com is locked") && screen.contains("wait until it is not"),
        "{screen}"
    );
}

/// A change that is being applied, as far as its first step.
pub fn applying(size: (u16, u16)) -> Stage {
    let mut stage = at_review(size, delegation());
    unlock(&mut stage);
    consent(&mut stage);
    stage.press("enter");
    assert_eq!(applied(&stage), 1, "{}\n{}", toast(&stage), stage.screen());
    let deed = |place, mark, second, text: &str| {
        Message::Applied(Box::new(Tiding::Deed(Deed {
            place,
            mark,
            at: Timestamp::from_second(now().as_second() + second).expect("a time"),
            text: text.to_owned(),
        })))
    };
    stage.tell(deed(
        DeedPlace::Step(0),
        DeedMark::Good,
        1,
        "every server of dev.example.com answers with authority",
    ));
    stage.tell(deed(
        DeedPlace::Step(1),
        DeedMark::UnderWay,
        2,
        "ChangeResourceRecordSets accepted, C0EXAMPLE42, PENDING",
    ));
    stage
}

fn prove(stage: &mut Stage) {
    let deed = |place, mark, text: &str| {
        Message::Applied(Box::new(Tiding::Deed(Deed {
            place,
            mark,
            at: Timestamp::from_second(now().as_second() + 30).expect("a time"),
            text: text.to_owned(),
        })))
    };
    stage.tell(deed(
        DeedPlace::Step(1),
        DeedMark::Good,
        "ChangeResourceRecordSets in sync after 28 s, C0EXAMPLE42",
    ));
    for server in ["ns-20.awsdns-02.com", "ns-720.awsdns-26.net"] {
        stage.tell(deed(
            DeedPlace::Parent(server.to_owned()),
            DeedMark::Good,
            "refers to 4 of 4, TTL 300",
        ));
    }
    stage.tell(deed(
        DeedPlace::Child("ns-12.awsdns-01.com".to_owned()),
        DeedMark::Good,
        "answers with authority",
    ));
    stage.tell(deed(
        DeedPlace::Resolver("192.0.2.53".to_owned()),
        DeedMark::Waiting,
        "NXDOMAIN, remembered for up to 11 min",
    ));
    let at = Timestamp::from_second(now().as_second() + 930).expect("a time");
    stage.tell(Message::Applied(Box::new(Tiding::GoodBy(at))));
}

#[test]
fn an_apply_is_watched_to_its_end_and_what_it_concerned_is_read_again() {
    let mut stage = applying((120, 36));
    prove(&mut stage);
    shot("wizard_apply_120x36", &stage);
    stage.effects.clear();
    stage.tell(Message::Applied(Box::new(Tiding::Over(Over::Verified(
        "dev.example.com resolves".to_owned(),
    )))));
    let screen = stage.screen();
    assert!(screen.contains("✓ verified: dev.example.com resolves"), "{screen}");
    assert!(
        stage.effects.iter().any(|effect| matches!(effect, Effect::Scan(_))),
        "{:?}",
        stage.effects
    );
    stage.tell(Message::Resize(80, 24));
    // How it ended stands first: a small window has no room for all that was seen.
    let (at, screen) = (|screen: &str| screen.find("✓ verified"), stage.screen());
    assert!(at(&screen) < screen.find("PARENT SERVERS"), "{screen}");
    shot("wizard_apply_80x24", &stage);
    stage.press("u");
    assert!(stage.screen().contains("Undo delegate of"), "{}", stage.screen());
    assert!(
        stage.screen().contains("wait until resolvers no longer remember"),
        "{}",
        stage.screen()
    );
    stage.press("esc");
    assert!(stage.state.wizard.is_none());
    assert!(
        stage.selected_line().contains("dev.example.com"),
        "{}",
        stage.selected_line()
    );
}

#[test]
fn an_apply_goes_on_behind_other_screens_and_is_found_again_and_says_when_it_is_over() {
    let mut stage = applying((120, 36));
    stage.press("b 2");
    assert!(stage.screen().contains("Problems"));
    stage.press("1 d");
    assert!(toast(&stage).contains("a change is being applied"), "{}", toast(&stage));
    stage.press("4 enter");
    assert_eq!(step(&stage), Step::Apply);
    assert!(stage.screen().contains("step 6 of 6"), "{}", stage.screen());
    stage.press("esc 1");
    stage.tell(Message::Applied(Box::new(Tiding::Over(Over::Verified(
        "so".to_owned(),
    )))));
    assert!(toast(&stage).contains("applied and verified"), "{}", toast(&stage));
}

#[test]
fn ctrl_c_during_an_apply_asks_and_the_second_one_quits() {
    let mut stage = applying((120, 36));
    stage.press("ctrl-c");
    assert!(
        stage.screen().contains("What was sent stays sent"),
        "{}",
        stage.screen()
    );
    assert!(!stage.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    assert!(stage.effects.contains(&Effect::StopApplying));
    stage.press("ctrl-c");
    assert!(stage.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
}

#[test]
fn the_lock_counts_down_turns_red_for_production_and_locks_again() {
    let mut stage = Stage::demo((120, 36));
    assert!(stage.screen().contains("[READ-ONLY]"));
    stage.press("w a");
    shot("unlock_120x36", &stage);
    stage.press("esc");
    assert!(stage.screen().contains("[READ-ONLY]"));
    unlock(&mut stage);
    pass(&mut stage, 28);
    assert!(stage.screen().contains("[WRITE PROD 14:32]"), "{}", stage.screen());
    pass(&mut stage, 15 * 60);
    assert!(stage.screen().contains("[READ-ONLY]"));
    assert!(stage.effects.contains(&Effect::Lock));
    unlock(&mut stage);
    stage.press("w");
    assert!(stage.screen().contains("[READ-ONLY]"));
}

/// What a journal may hold.
pub fn journal() -> Journaled {
    let change = |plan, second, standing, undo| Change {
        plan,
        at: Timestamp::from_second(second).expect("a time"),
        who: "ana (dns-writer)".to_owned(),
        standing,
        undo,
    };
    Journaled {
        changes: vec![
            change(
                delegation(),
                90,
                Standing::Open("the zone was created, nothing else was sent".to_owned()),
                Ok(()),
            ),
            change(
                removal(),
                30,
                Standing::Verified,
                Err("the record set changed after us; nothing is overwritten".to_owned()),
            ),
        ],
        place: "~/.local/share/zonecut/2026-11.jsonl".to_owned(),
        trouble: None,
    }
}

#[test]
fn a_change_that_was_left_in_the_middle_is_offered_once_before_anything_else() {
    let mut stage = Stage::demo((120, 36));
    stage.tell(Message::Journal(Box::new(Ok(journal()))));
    shot("unfinished_120x36", &stage);
    stage.press("r");
    assert!(toast(&stage).contains("read-only: w unlocks"), "{}", toast(&stage));
    stage.press("esc");
    stage.tell(Message::Journal(Box::new(Ok(journal()))));
    assert!(stage.state.overlays.is_empty());
    unlock(&mut stage);
    stage.press("4 r");
    assert_eq!(applied(&stage), 1, "{}", toast(&stage));
    assert_eq!(step(&stage), Step::Apply);
}

#[test]
fn changes_are_listed_with_what_became_of_them_and_whether_they_can_be_taken_back() {
    let mut stage = Stage::demo((120, 36));
    stage.tell(Message::Journal(Box::new(Ok(journal()))));
    stage.press("esc 4");
    shot("changes_120x36", &stage);
    stage.press("j u");
    assert!(toast(&stage).contains("changed after us"), "{}", toast(&stage));
    stage.press("k u");
    let screen = stage.screen();
    assert!(
        screen.contains("Undo delegate of") || screen.contains("wait until resolvers"),
        "{screen}"
    );
    stage.press("enter");
    let (_, wish) = wished(&stage).expect("a draft");
    assert!(matches!(wish.want, Want::Undo { .. }), "{wish:?}");
    stage.press("esc 4");
    stage.tell(Message::Resize(80, 24));
    shot("changes_80x24", &stage);
}
