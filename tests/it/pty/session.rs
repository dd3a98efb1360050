//! The program in a pseudo terminal with an emulator at the other end.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitOptions};

use super::watch::Watch;
use crate::cli::run::Place;

/// Longer than any machine needs; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether something has come to pass that is not output.
const LOOK: Duration = Duration::from_millis(20);

/// How the program is started.
pub struct Start<'a> {
    place: &'a Place,
    args: Vec<String>,
    variables: Vec<(String, String)>,
    window: (u16, u16),
    shell: Option<&'static str>,
}

impl<'a> Start<'a> {
    /// With these arguments, in a window of 100 by 30.
    pub fn new(place: &'a Place, args: &[&str]) -> Self {
        Self {
            place,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            variables: Vec::new(),
            window: (100, 30),
            shell: None,
        }
    }

    /// In a window of this size.
    pub fn window(mut self, columns: u16, rows: u16) -> Self {
        self.window = (columns, rows);
        self
    }

    /// With a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With variables.
    pub fn with_all(mut self, variables: &[(&'static str, String)]) -> Self {
        let owned = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        self.variables.extend(owned);
        self
    }

    /// By a shell that does something first.
    pub fn by_shell(mut self, first: &'static str) -> Self {
        self.shell = Some(first);
        self
    }

    fn command(&self) -> CommandBuilder {
        let mut argv = vec![env!("CARGO_BIN_EXE_zonecut").to_owned()];
        argv.extend(self.args.iter().cloned());
        if let Some(first) = self.shell {
            let script = format!("{first}; exec \"$0\" \"$@\"");
            argv.splice(..0, ["/bin/sh".to_owned(), "-c".to_owned(), script]);
        }
        let mut command = CommandBuilder::from_argv(argv.into_iter().map(Into::into).collect());
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("PATH", "/nowhere:/usr/bin:/bin");
        for (name, value) in self.place.variables() {
            command.env(name, value);
        }
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.cwd(self.place.path().join("cwd"));
        command
    }

    /// Starts it.
    pub fn run(&self) -> Session {
        let (columns, rows) = self.window;
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
        let before = modes(&*pair.master);
        let child = pair.slave.spawn_command(self.command()).expect("the program starts");
        drop(pair.slave);
        let listening = Arc::new(AtomicBool::new(true));
        let output = listen(&*pair.master, Arc::clone(&listening));
        let size = |number| NonZeroU16::new(number).expect("not zero");
        Session {
            child,
            writer: Some(pair.master.take_writer().expect("a writer")),
            master: Some(pair.master),
            output,
            parser: vt100::Parser::new_with_callbacks(size(rows), size(columns), 0, Watch::default()),
            raw: Vec::new(),
            listening,
            before,
        }
    }
}

fn listen(master: &dyn MasterPty, goes_on: Arc<AtomicBool>) -> Receiver<Vec<u8>> {
    let mut reader = master.try_clone_reader().expect("a reader");
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..count].to_vec()).is_err() || !goes_on.load(Ordering::SeqCst) {
                return;
            }
        }
    });
    output
}

/// The program in its terminal.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    parser: vt100::Parser<Watch>,
    /// Everything that was written to the terminal.
    pub raw: Vec<u8>,
    /// Whether the output is still read.
    listening: Arc<AtomicBool>,
    /// How the terminal was before.
    before: String,
}

impl Session {
    /// Waits until the screen satisfies a wish.
    pub fn until(&mut self, wish: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        self.until_seen(wish, |session| is_so(session.screen()));
    }

    /// Waits until the session satisfies a wish.
    pub fn until_seen(&mut self, wish: &str, is_so: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        // Half a frame says nothing.
        while self.parser.callbacks().is_drawing || !is_so(self) {
            match self.output.recv_timeout(LOOK) {
                Ok(bytes) => self.take(&bytes),
                // What is waited for may also happen elsewhere.
                Err(RecvTimeoutError::Timeout) if start.elapsed() < PATIENCE => {}
                Err(_) => panic!("{wish} did not come to pass:\n{}", self.screen().contents()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    /// Waits until a text is on the screen.
    pub fn until_text(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until a text is on the screen and the scan is over, so that only keys bring frames about.
    pub fn until_read(&mut self, text: &str) {
        self.until(text, |screen| {
            let contents = screen.contents();
            let is_read = contents.contains("fresh") || contents.contains("cached");
            contents.contains(text) && is_read && !contents.contains("canning")
        });
    }

    /// The screen as it is.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// What the terminal did beyond showing text.
    pub fn deeds(&self) -> &[String] {
        &self.parser.callbacks().deeds
    }

    /// Everything that was written to the terminal, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Types, and waits for nothing.
    pub fn type_keys(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("a writer");
        writer.write_all(keys.as_bytes()).expect("it is listening");
        writer.flush().expect("it is listening");
    }

    /// Pastes.
    pub fn paste(&mut self, text: &str) {
        self.type_keys(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    }

    /// Presses keys, named as in the keymap, and waits for the frame after each; `"text"` is typed letter by letter.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for (place, part) in keys.split('"').enumerate() {
            if place % 2 == 1 {
                part.chars().for_each(|c| self.press_one(&c.to_string()));
                continue;
            }
            for key in part.split(' ').filter(|key| !key.is_empty()) {
                self.press_one(octets(key));
            }
        }
        self
    }

    fn press_one(&mut self, octets: &str) {
        let frames = self.parser.callbacks().frames;
        self.type_keys(octets);
        self.until_seen("a frame", |session| session.parser.callbacks().frames > frames);
    }

    /// Types, and waits for the frame after one more key; false where the program is left on the way.
    pub fn takes(&mut self, keys: &str, last: &str) -> bool {
        let writer = self.writer.as_mut().expect("a writer");
        // A terminal that nobody has open takes no more.
        let is_taken = writer.write_all(keys.as_bytes()).is_ok() && writer.flush().is_ok();
        let frames = self.parser.callbacks().frames;
        is_taken
            && self
                .writer
                .as_mut()
                .expect("a writer")
                .write_all(octets(last).as_bytes())
                .is_ok()
            && self.goes_on(frames)
    }

    /// Waits for one frame more than these, bringing back what was suspended; false where the output ends instead.
    fn goes_on(&mut self, frames: usize) -> bool {
        let start = Instant::now();
        while self.parser.callbacks().is_drawing || self.parser.callbacks().frames <= frames {
            match self.output.recv_timeout(LOOK) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {
                    assert!(start.elapsed() < PATIENCE, "no frame:\n{}", self.screen().contents());
                    // It may have been suspended, and nobody else brings it back.
                    self.signal(Signal::CONT);
                }
            }
        }
        true
    }

    fn pid(&self) -> Pid {
        let id = self.child.process_id().expect("it is running");
        Pid::from_raw(i32::try_from(id).expect("an id")).expect("an id")
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("sent");
    }

    /// Waits until it has been stopped.
    pub fn until_stopped(&mut self) {
        let status = rustix::process::waitpid(Some(self.pid()), WaitOptions::UNTRACED).expect("it is ours");
        assert!(
            status.is_some_and(|(_, status)| status.stopped()),
            "it ended instead of stopping"
        );
    }

    /// Waits for the end, gives the rest of the output to the emulator, and tells the exit code.
    pub fn end(&mut self) -> u32 {
        let start = Instant::now();
        let status = loop {
            match self.output.recv_timeout(LOOK) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            if let Some(status) = self.child.try_wait().expect("it is ours") {
                break status;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it does not end:\n{}",
                self.screen().contents()
            );
        };
        // The last of those that had the terminal open has closed it: the output ends.
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            self.take(&bytes);
        }
        status.exit_code()
    }

    /// Takes the terminal away.
    pub fn close(&mut self) {
        // The thread that reads holds the terminal open: it ends at the next output, which the key brings about.
        self.listening.store(false, Ordering::SeqCst);
        self.type_keys("\u{c}");
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        self.writer = None;
        self.master = None;
    }

    /// Sets modes as `stty` does it.
    pub fn stty(&self, words: &[&str]) {
        stty(self.master(), words);
    }

    /// The modes, as `stty` tells them.
    pub fn modes(&self) -> String {
        modes(self.master())
    }

    fn master(&self) -> &dyn MasterPty {
        &**self.master.as_ref().expect("a terminal")
    }

    /// The terminal is as it was before the program was started.
    pub fn assert_restored(&self, how: &str) {
        let screen = self.screen();
        let fresh = vt100::Parser::new(screen.size().0, screen.size().1, 0);
        assert!(!screen.alternate_screen(), "{how}: the alternate screen is left on");
        assert!(!screen.hide_cursor(), "{how}: the cursor is hidden");
        assert_eq!(
            (screen.input_mode_formatted(), screen.attributes_formatted()),
            (
                fresh.screen().input_mode_formatted(),
                fresh.screen().attributes_formatted()
            ),
            "{how}: a mode of the keys, the mouse, pasting or the pen is left on"
        );
        assert_eq!(
            screen.cursor_style(),
            fresh.screen().cursor_style(),
            "{how}: the cursor looks different"
        );
        if let Some(master) = &self.master {
            assert_eq!(modes(&**master), self.before, "{how}: the modes of the terminal differ");
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a terminal sends for a key.
fn octets(key: &str) -> &str {
    match key {
        "enter" => "\r",
        "tab" => "\t",
        "esc" => "\u{1b}",
        "space" => " ",
        "ctrl-c" => "\u{3}",
        "ctrl-l" => "\u{c}",
        "ctrl-z" => "\u{1a}",
        "down" => "\u{1b}[B",
        letter => letter,
    }
}

/// The modes of a terminal, as `stty` tells them.
fn modes(master: &dyn MasterPty) -> String {
    stty(master, &["-a"])
}

fn stty(master: &dyn MasterPty, words: &[&str]) -> String {
    let path: PathBuf = master.tty_name().expect("a name");
    let terminal = std::fs::File::open(path).expect("it is there");
    let output = std::process::Command::new("stty").args(words).stdin(terminal).output();
    String::from_utf8(output.expect("stty exists").stdout).expect("ASCII")
}
