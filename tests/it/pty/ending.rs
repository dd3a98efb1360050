//! However it ends, on whatever screen: the terminal is as it was, and the exit code says how (safety T45).

use rustix::process::Signal;

use super::session::{Session, Start};
use crate::cli::run::Place;
use crate::tui::is_full;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Quit,
    CtrlC,
    PanicInDraw,
    PanicInTask,
    Error,
    Signalled(Signal, u32),
    StoppedAndContinued,
    Suspended,
    StoppedUnasked,
    TerminalClosed,
    TerminalClosedUnderNohup,
}

const CAUSES: [Cause; 14] = [
    Cause::Quit,
    Cause::CtrlC,
    Cause::PanicInDraw,
    Cause::PanicInTask,
    Cause::Error,
    Cause::Signalled(Signal::TERM, 15),
    Cause::Signalled(Signal::HUP, 1),
    Cause::Signalled(Signal::INT, 2),
    Cause::Signalled(Signal::QUIT, 3),
    Cause::StoppedAndContinued,
    Cause::Suspended,
    Cause::StoppedUnasked,
    Cause::TerminalClosed,
    Cause::TerminalClosedUnderNohup,
];

/// A screen, and the keys that lead from it to the end.
#[derive(Debug, Clone, Copy)]
enum Stand {
    Tree,
    Zone,
    Overlay,
}

const PLACES: [Stand; 3] = [Stand::Tree, Stand::Zone, Stand::Overlay];

const CANARY: &str = "canary-of-the-data";

impl Stand {
    fn go(self, session: &mut Session) {
        session.until_text("example.com");
        match self {
            Self::Tree => {}
            Self::Zone => {
                session.press("j enter");
                session.until_text("Overview");
            }
            Self::Overlay => {
                session.type_keys(":");
                // Here the cursor is shown, and letters are text.
                session.until("the palette is open", |screen| !screen.hide_cursor());
                session.press("\"api\"");
            }
        }
    }

    fn quit(self, session: &mut Session) {
        match self {
            Self::Tree => {}
            Self::Zone => _ = session.press("q"),
            // Before more is typed, for an escape and what follows it at once are one key.
            Self::Overlay => {
                session.press("esc");
                session.until("the palette is closed", |screen| {
                    screen.contents().contains("READ-ONLY") && !screen.contents().contains("Palette")
                });
            }
        }
        session.type_keys("q");
    }
}

/// Brings the end about, and gives the exit code that belongs to it.
fn bring_about(cause: Cause, place: Stand, session: &mut Session) -> u32 {
    match cause {
        Cause::Quit => {
            place.quit(session);
            0
        }
        Cause::CtrlC => {
            session.type_keys("\u{3}");
            0
        }
        Cause::PanicInDraw => {
            session.paste("panic in draw");
            1
        }
        Cause::PanicInTask => {
            session.paste("panic in a task");
            1
        }
        Cause::Error => {
            session.paste("error");
            1
        }
        Cause::Signalled(signal, number) => {
            session.signal(signal);
            128 + number
        }
        Cause::StoppedAndContinued => {
            session.signal(Signal::TSTP);
            stop_and_go_on(place, session)
        }
        Cause::Suspended => {
            session.type_keys("\u{1a}");
            stop_and_go_on(place, session)
        }
        Cause::StoppedUnasked => {
            let taken = session.modes();
            session.signal(Signal::STOP);
            session.until_stopped();
            // As a shell does that wants its terminal back.
            session.stty(&["sane"]);
            session.signal(Signal::CONT);
            session.until_seen("the terminal is taken again", |session| session.modes() == taken);
            place.quit(session);
            0
        }
        Cause::TerminalClosed | Cause::TerminalClosedUnderNohup => {
            session.close();
            129
        }
    }
}

fn stop_and_go_on(place: Stand, session: &mut Session) -> u32 {
    session.until("the terminal is given back", |screen| !screen.alternate_screen());
    session.until_stopped();
    session.assert_restored("stopped");
    session.signal(Signal::CONT);
    session.until("it is drawn again", |screen| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.contents().contains("READ-ONLY")
    });
    place.quit(session);
    0
}

fn end(cause: Cause, place: Stand) {
    let cell = format!("{cause:?} on {place:?}");
    let home = Place::new();
    let start = Start::new(&home, &["demo"]).with("ZONECUT_PROVOKE", CANARY);
    let start = match cause {
        Cause::TerminalClosedUnderNohup => start.by_shell("trap '' HUP"),
        Cause::PanicInDraw | Cause::PanicInTask => start.by_shell("umask 000"),
        _ => start,
    };
    let mut session = start.run();
    place.go(&mut session);
    assert!(
        session.screen().alternate_screen() && session.screen().bracketed_paste(),
        "{cell}"
    );
    let code = bring_about(cause, place, &mut session);
    assert_eq!(session.end(), code, "{cell}: {}", session.screen().contents());
    // Where the terminal has gone there is nothing to restore, and nobody sees it.
    if !matches!(cause, Cause::TerminalClosed | Cause::TerminalClosedUnderNohup) {
        session.assert_restored(&cell);
    }
    assert_eq!(session.deeds(), &[] as &[String], "{cell}");
    if matches!(cause, Cause::PanicInDraw | Cause::PanicInTask) {
        assert_reported(&cell, &home, &session);
    } else {
        assert_eq!(reports(&home), Vec::<std::path::PathBuf>::new(), "{cell}");
    }
    if cause == Cause::Error {
        assert!(session.text().contains("an error that a test provoked"), "{cell}");
    }
}

fn reports(home: &Place) -> Vec<std::path::PathBuf> {
    let state = home.path().join(".local/state/zonecut");
    let files = std::fs::read_dir(state).into_iter().flatten();
    let paths = files.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.to_string_lossy().contains("crash-")).collect()
}

/// One line says where the report is; the report is the person's alone, and quotes no data.
fn assert_reported(cell: &str, home: &Place, session: &Session) {
    use std::os::unix::fs::PermissionsExt as _;
    let reports = reports(home);
    let [report] = reports.as_slice() else {
        panic!("{cell}: {reports:?}\n{}", session.screen().contents());
    };
    let text = session.text();
    let line = format!(
        "zonecut failed by a defect of its own; the report is {}\r\n",
        report.display()
    );
    assert_eq!(text.matches(&line).count(), 1, "{cell}: {text}");
    assert!(
        !text.contains("stack backtrace") && !text.contains(CANARY),
        "{cell}: {text}"
    );
    let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(report), 0o600, "{cell}");
    assert_eq!(mode(report.parent().expect("a directory")), 0o700, "{cell}");
    let content = std::fs::read_to_string(report).expect("readable");
    assert!(
        content.contains("provoke.rs"),
        "{cell}: it does not say where: {content}"
    );
    assert!(!content.contains(CANARY), "{cell}: {content}");
}

#[test]
fn however_it_ends_the_terminal_is_as_it_was() {
    let random = fastrand::Rng::with_seed(2_026).u8(..);
    let cells: Vec<(Cause, Stand)> = (usize::from(random)..)
        .zip(CAUSES)
        .flat_map(|(number, cause)| {
            let places = if is_full() {
                PLACES.to_vec()
            } else {
                vec![PLACES[number % 3]]
            };
            places.into_iter().map(move |place| (cause, place))
        })
        .collect();
    // A few at a time, for each waits more than it works.
    for some in cells.chunks(7) {
        std::thread::scope(|scope| {
            for (cause, place) in some {
                scope.spawn(|| end(*cause, *place));
            }
        });
    }
}
