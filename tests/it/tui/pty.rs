//! The real program in a pseudo terminal: however it ends, the terminal is as it was, soon, and with the right exit code.

#![cfg(unix)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// Longer than any machine needs; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program in its terminal.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    raw: Vec<u8>,
    /// Whether the output is still read.
    listening: Arc<AtomicBool>,
    /// How the terminal was before.
    before: String,
    _home: TempDir,
}

impl Session {
    /// Opens the demo in a window of this size.
    fn demo(columns: u16, rows: u16, variables: &[(&str, &str)]) -> Self {
        Self::demo_by(None, columns, rows, variables)
    }

    /// The same, by a shell that does something first.
    fn demo_by(shell: Option<&str>, columns: u16, rows: u16, variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
        let program = env!("CARGO_BIN_EXE_zonecut");
        let mut command = match shell {
            None => CommandBuilder::from_argv(vec![program.into(), "demo".into()]),
            Some(first) => {
                let script = format!("{first}; exec '{program}' demo");
                CommandBuilder::from_argv(vec!["/bin/sh".into(), "-c".into(), script.into()])
            }
        };
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for variable in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "XDG_DATA_HOME",
        ] {
            command.env(variable, home.path());
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        let before = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, output) = channel();
        let listening = Arc::new(AtomicBool::new(true));
        let goes_on = Arc::clone(&listening);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() || !goes_on.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        let size = |number| NonZeroU16::new(number).expect("not zero");
        Self {
            child,
            master: Some(pair.master),
            writer: Some(writer),
            output,
            parser: vt100::Parser::new(size(rows), size(columns), 0),
            raw: Vec::new(),
            listening,
            before,
            _home: home,
        }
    }

    /// Waits until the screen satisfies a wish.
    fn until(&mut self, wish: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !is_so(self.parser.screen()) {
            match self.output.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
                Ok(bytes) => self.take(&bytes),
                Err(_) => panic!("{wish} did not come to pass:\n{}", self.parser.screen().contents()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    fn until_text(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    fn type_keys(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("a writer");
        writer.write_all(keys.as_bytes()).expect("it is listening");
        writer.flush().expect("it is listening");
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("it is running").to_string();
        let status = std::process::Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("kill exists").success());
    }

    /// Waits for the end, and gives the exit code, the time it took, and the rest of the output to the emulator.
    fn end(&mut self) -> (u32, Duration) {
        let start = Instant::now();
        let status = loop {
            match self.output.recv_timeout(Duration::from_millis(20)) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            if let Some(status) = self.child.try_wait().expect("it is ours") {
                break status;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it does not end:\n{}",
                self.parser.screen().contents()
            );
        };
        let took = start.elapsed();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.take(&bytes);
        }
        (status.exit_code(), took)
    }

    fn assert_restored(&self, how: &str) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "{how}: the alternate screen is left on");
        assert!(!screen.hide_cursor(), "{how}: the cursor is hidden");
        assert!(!screen.bracketed_paste(), "{how}: bracketed paste is left on");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "{how}: the mouse is captured"
        );
        if let Some(master) = &self.master {
            assert_eq!(modes(&**master), self.before, "{how}: the modes of the terminal differ");
        }
    }
}

/// The modes of a terminal, as `stty` tells them.
fn modes(master: &dyn MasterPty) -> String {
    let path: PathBuf = master.tty_name().expect("a name");
    let terminal = std::fs::File::open(path).expect("it is there");
    let output = std::process::Command::new("stty")
        .arg("-a")
        .stdin(terminal)
        .output()
        .expect("stty exists");
    String::from_utf8(output.stdout).expect("ASCII")
}

#[test]
fn it_opens_the_tree_and_q_leaves_the_terminal_as_it_was() {
    let mut session = Session::demo(100, 30, &[]);
    session.until_text("example.com");
    assert!(session.parser.screen().alternate_screen());
    session.type_keys("q");
    assert_eq!(session.end().0, 0);
    session.assert_restored("q");
}

#[test]
fn ctrl_c_quits_at_once() {
    let mut session = Session::demo(100, 30, &[]);
    session.until_text("example.com");
    session.type_keys("/api\u{3}");
    assert_eq!(session.end().0, 0);
    session.assert_restored("ctrl-c");
}

#[test]
fn capital_q_leaves_the_screen_as_text() {
    let mut session = Session::demo(100, 30, &[]);
    session.until_text("example.com");
    session.type_keys("Q");
    session.end();
    session.assert_restored("Q");
    let contents = session.parser.screen().contents();
    assert!(
        contents.contains("1 Tree") && contents.contains("example.com"),
        "{contents}"
    );
}

#[test]
fn each_signal_ends_it_with_its_own_code_and_a_restored_terminal() {
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1), ("QUIT", 3)] {
        let mut session = Session::demo(100, 30, &[]);
        session.until_text("example.com");
        session.signal(name);
        let (code, took) = session.end();
        assert_eq!(code, 128 + number, "{name}");
        assert!(took < Duration::from_secs(2), "{name} took {took:?}");
        session.assert_restored(name);
    }
}

#[test]
fn it_stops_and_goes_on() {
    let mut session = Session::demo(100, 30, &[]);
    session.until_text("example.com");
    session.signal("TSTP");
    session.until("the terminal is given back", |screen| !screen.alternate_screen());
    session.assert_restored("TSTP");
    session.signal("CONT");
    session.until("it is drawn again", |screen| {
        screen.alternate_screen() && screen.contents().contains("example.com")
    });
    session.type_keys("q");
    assert_eq!(session.end().0, 0);
    session.assert_restored("CONT, q");
}

#[test]
fn when_the_terminal_goes_away_it_ends() {
    for shell in [None, Some("trap '' HUP")] {
        let mut session = Session::demo_by(shell, 100, 30, &[]);
        session.until_text("example.com");
        // The thread that reads holds the terminal open: it ends at the next output, which the key brings about.
        session.listening.store(false, Ordering::SeqCst);
        session.type_keys("j");
        while session.output.recv_timeout(PATIENCE).is_ok() {}
        session.writer = None;
        session.master = None;
        let start = Instant::now();
        let status = loop {
            if let Some(status) = session.child.try_wait().expect("it is ours") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "{shell:?}: it does not end");
            std::thread::yield_now();
        };
        assert_eq!(status.exit_code(), 129, "{shell:?}");
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{shell:?}: it took {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn without_colours_no_byte_sets_one() {
    let mut session = Session::demo(100, 30, &[("NO_COLOR", "1")]);
    session.until_text("example.com");
    session.type_keys("jjj2l");
    session.until_text("Problems");
    session.type_keys("q");
    session.end();
    let text = String::from_utf8_lossy(&session.raw);
    assert!(!text.contains("38;") && !text.contains("48;"), "a colour is set");
    assert!(text.contains("\u{1b}[7m"), "nothing is reversed");
}

#[test]
fn in_a_plain_locale_every_byte_has_seven_bits() {
    let mut session = Session::demo(100, 30, &[("LANG", "C")]);
    session.until_text("example.com");
    session.type_keys("jj2?");
    session.until_text("Help");
    session.type_keys("\u{3}");
    session.end();
    assert!(session.raw.is_ascii());
}
