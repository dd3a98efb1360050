//! Keys at random: nothing panics, and nothing is asked for that is not a read.

use crossterm::event::{KeyCode, KeyModifiers};
use zonecut::config::Ui;
use zonecut::engine::command::Command;
use zonecut::tui::effect::Effect;
use zonecut::tui::launch::Launch;
use zonecut::tui::message::Message;

use super::is_full;
use super::stage::{Stage, demo, halfway, launch};

const SPECIAL: [KeyCode; 14] = [
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::F(1),
];

fn any_key(random: &mut fastrand::Rng) -> (KeyCode, KeyModifiers) {
    let code = match random.u8(0..10) {
        0..4 => SPECIAL[random.usize(..SPECIAL.len())],
        4..9 => KeyCode::Char(char::from(random.u8(b' '..=b'~'))),
        _ => KeyCode::Char(random.char(..)),
    };
    let modifiers = match random.u8(0..8) {
        0 => KeyModifiers::CONTROL,
        _ => KeyModifiers::NONE,
    };
    (code, modifiers)
}

/// Every effect there is; a new one has to be thought about here.
fn only_reads(effect: &Effect) -> bool {
    match effect {
        Effect::Scan(
            Command::Focus(_)
            | Command::Read(_)
            | Command::Rescan(_)
            | Command::Pause
            | Command::Resume
            | Command::Cancel(_),
        ) => true,
        Effect::Apply { .. } => false,
        Effect::Draft { .. }
        | Effect::StopApplying
        | Effect::SavePlan(_)
        | Effect::ReadJournal
        | Effect::ReadSets(_)
        | Effect::ReadRequest { .. }
        | Effect::SaveRequest { .. }
        | Effect::Unlock { .. }
        | Effect::Lock => true,
        Effect::Trace(_)
        | Effect::Answer { .. }
        | Effect::Copy(_)
        | Effect::Redraw
        | Effect::Suspend
        | Effect::Quit(_) => true,
    }
}

#[test]
fn no_sequence_of_keys_panics_or_asks_for_more_than_a_read() {
    let count: u64 = if is_full() { 100_000 } else { 4_000 };
    let mut random = fastrand::Rng::with_seed(2_718);
    let base = demo();
    let progress = halfway(&base.inventory);
    let launch = Launch {
        ui: Ui {
            mouse: true,
            ..Ui::default()
        },
        lock: launch().lock.forbidden("read-only"),
        ..launch()
    };
    let mut stage = Stage::new(base, launch, (100, 30));
    stage.tick(progress.clone());
    let mut asked = 0;
    for step in 0..count {
        let (code, modifiers) = any_key(&mut random);
        for effect in stage.key(code, modifiers) {
            assert!(only_reads(&effect), "{effect:?}");
            if let Effect::Draft { number, .. } = effect {
                stage.tell(Message::Drafted {
                    number,
                    outcome: Box::new(Ok(super::plans::delegation())),
                });
            }
        }
        match random.u16(0..200) {
            0 => _ = stage.tell(Message::Resize(random.u16(1..180), random.u16(1..60))),
            1 => stage.tick(progress.clone()),
            3 => {
                asked = step;
                stage.tell(super::mfa::asked(step, "payments-prod"));
            }
            4 => _ = stage.tell(Message::Withdrawn(asked)),
            5 => stage
                .tell(Message::Journal(Box::new(Ok(super::wizard::journal()))))
                .clear(),
            2 => _ = stage.tell(Message::Paste("status:missing \u{1b}[2J".to_owned())),
            _ => {}
        }
        if step % 7 == 0 {
            stage.frame();
        }
        stage.effects.clear();
    }
}
