//! Several findings mended one after the other: each by its own review, and a list of what became of each.

use zonecut::plan::guide::Stage as Step;
use zonecut::plan::{Plan, Refusal};
use zonecut::tui::effect::Effect;
use zonecut::tui::keymap::Context;
use zonecut::tui::message::{Message, News};
use zonecut::tui::works::{Over, Tiding};

use super::plans::removal;
use super::stage::Stage;
use super::wizard::drafted;

fn toast(stage: &Stage) -> String {
    let toast = stage.state.toast.as_ref();
    toast.map_or_else(String::new, |toast| toast.text.clone())
}

fn shot(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

fn count(stage: &Stage, wanted: impl Fn(&Effect) -> bool) -> usize {
    stage.effects.iter().filter(|effect| wanted(effect)).count()
}

fn drafts(stage: &Stage) -> usize {
    count(stage, |effect| matches!(effect, Effect::Draft { .. }))
}

fn applies(stage: &Stage) -> usize {
    count(stage, |effect| matches!(effect, Effect::Apply { .. }))
}

/// Three findings that a write can mend are marked in the problems.
fn marked(size: (u16, u16)) -> Stage {
    let mut stage = Stage::demo(size);
    stage.press("2");
    let mut marks = 0;
    for _ in 0..60 {
        let before = stage.state.problems.marked(stage.known()).len();
        stage.press("space");
        let after = stage.state.problems.marked(stage.known()).len();
        marks = after;
        if after == before {
            assert!(!toast(&stage).is_empty(), "it does not say why it marks nothing");
            stage.press("j");
        }
        if marks == 3 {
            break;
        }
    }
    assert_eq!(marks, 3, "{}", stage.screen());
    stage
}

fn context(stage: &Stage) -> Context {
    stage.state.context()
}

/// Begins the turn that comes next, in the first of its ways, and drafts this plan.
fn begin(stage: &mut Stage, plan: Plan) {
    stage.press("enter");
    if context(stage) == Context::Ways {
        stage.press("enter");
    }
    assert_eq!(context(stage), Context::Wizard, "{}", stage.screen());
    drafted(stage, plan);
}

fn pass(stage: &mut Stage, seconds: i64) {
    let progress = stage.state.progress.clone();
    let now = stage.state.now + jiff::SignedDuration::from_secs(seconds);
    stage.tell(Message::Tick {
        now,
        progress,
        news: News::None,
    });
}

/// Says yes to the removal that is on the screen.
fn say_yes(stage: &mut Stage) {
    stage.press("enter");
    stage.press("G backtab \"promo.example.com\"");
    pass(stage, 3);
    for _ in 0..20 {
        if stage.state.wizard.as_ref().is_some_and(|wizard| wizard.is_on_apply()) {
            break;
        }
        stage.press("tab");
    }
    stage.press("enter");
}

fn over(stage: &mut Stage, over: Over) {
    stage.tell(Message::Applied(Box::new(Tiding::Over(over))));
}

#[test]
fn each_of_what_is_marked_has_its_own_review_and_the_list_says_what_became_of_it() {
    let mut stage = marked((120, 36));
    stage.press("w a enter F");
    shot("round_120x36", &stage);
    assert!(stage.screen().contains("Mend what is marked: 3"), "{}", stage.screen());
    assert_eq!(drafts(&stage), 0, "nothing begins by itself");

    begin(&mut stage, removal());
    assert!(stage.screen().contains("finding 1 of 3"), "{}", stage.screen());
    say_yes(&mut stage);
    assert_eq!(applies(&stage), 1, "{}\n{}", toast(&stage), stage.screen());
    over(&mut stage, Over::Verified("so".to_owned()));
    assert_eq!(
        (drafts(&stage), applies(&stage)),
        (1, 1),
        "the next one waits for the person"
    );
    stage.press("esc");
    assert_eq!(context(&stage), Context::Round);
    assert!(stage.screen().contains("1 mended, 2 waiting"), "{}", stage.screen());

    begin(&mut stage, removal());
    assert_eq!(
        stage.state.wizard.as_ref().expect("a wizard").guide.stage(),
        Step::Checks
    );
    say_yes(&mut stage);
    assert_eq!(applies(&stage), 2, "{}\n{}", toast(&stage), stage.screen());
    over(&mut stage, Over::Refused(Refusal::new("somebody was faster")));
    stage.press("esc s");
    let screen = stage.screen();
    assert!(screen.contains("failed: somebody was faster"), "{screen}");
    assert!(screen.contains("1 mended, 1 failed, 1 skipped"), "{screen}");
    assert!(screen.contains("That was all of them"), "{screen}");
    shot("round_over_120x36", &stage);
    stage.press("enter");
    assert_eq!(context(&stage), Context::Problems);
    assert!(
        toast(&stage).contains("1 mended, 1 failed, 1 skipped"),
        "{}",
        toast(&stage)
    );
    let left = stage.state.problems.marked(stage.known()).len();
    assert_eq!(left, 2, "what was not mended stays marked");
}

#[test]
fn a_plan_that_is_left_waits_and_a_round_that_is_stopped_goes_on() {
    let mut stage = marked((80, 24));
    stage.press("F");
    begin(&mut stage, removal());
    stage.press("enter esc");
    assert_eq!(context(&stage), Context::Round);
    shot("round_80x24", &stage);
    assert!(stage.screen().contains("3 waiting"), "{}", stage.screen());
    stage.press("s esc");
    assert!(
        toast(&stage).contains("stopped: 1 skipped, 2 waiting; F goes on"),
        "{}",
        toast(&stage)
    );
    stage.press("1 2 F");
    assert!(stage.screen().contains("1 skipped, 2 waiting"), "{}", stage.screen());
    begin(&mut stage, removal());
    assert!(stage.screen().contains("finding 2 of 3"), "{}", stage.screen());
    assert_eq!(applies(&stage), 0);
}

#[test]
fn without_a_mark_the_key_says_how_to_mark_and_a_range_passes_over_what_no_write_mends() {
    let mut stage = Stage::demo((120, 36));
    stage.press("2 F");
    assert!(toast(&stage).contains("space marks"), "{}", toast(&stage));
    stage.press("V");
    assert!(
        toast(&stage).contains("space marks where it begins"),
        "{}",
        toast(&stage)
    );
    let mut stage = marked((120, 36));
    stage.press("G V");
    let marked = stage.state.problems.marked(stage.known()).len();
    assert!(marked > 3, "{marked}");
    assert!(toast(&stage).contains("passed over"), "{}", toast(&stage));
    assert!(stage.screen().contains("marked: F"), "{}", stage.screen());
}

#[test]
fn what_is_no_longer_found_is_passed_over() {
    let mut stage = marked((120, 36));
    stage.press("F");
    stage.inventory = zonecut::model::inventory::Inventory::default();
    stage.survey = zonecut::findings::Survey::of(&mut stage.inventory);
    stage.press("enter");
    assert!(
        stage.screen().contains("1 no longer found, 2 waiting"),
        "{}",
        stage.screen()
    );
    assert_eq!(drafts(&stage), 0);
}
