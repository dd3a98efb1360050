//! The signals that end, stop and continue the program.

/// The number of the signal that says that the terminal hung up.
pub const HANG_UP: i32 = 1;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// To end, by the signal of this number.
    End(i32),
    /// To stop until it is continued.
    Stop,
    /// It was continued.
    Continue,
}

#[cfg(unix)]
mod system {
    use std::io;

    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

    use super::Signal;

    /// The signals, as they come.
    pub struct Signals {
        ends: [(i32, Stream); 4],
        stop: Stream,
        go_on: Stream,
    }

    impl Signals {
        /// Listens from now on.
        pub fn listen() -> io::Result<Self> {
            let on = |number: i32| signal(SignalKind::from_raw(number));
            Ok(Self {
                ends: [
                    (SIGHUP, on(SIGHUP)?),
                    (SIGINT, on(SIGINT)?),
                    (SIGQUIT, on(SIGQUIT)?),
                    (SIGTERM, on(SIGTERM)?),
                ],
                stop: on(SIGTSTP)?,
                go_on: on(SIGCONT)?,
            })
        }

        /// Waits for the next one.
        pub async fn next(&mut self) -> Signal {
            let [(hup, on_hup), (int, on_int), (quit, on_quit), (term, on_term)] = &mut self.ends;
            tokio::select! {
                _ = on_hup.recv() => Signal::End(*hup),
                _ = on_int.recv() => Signal::End(*int),
                _ = on_quit.recv() => Signal::End(*quit),
                _ = on_term.recv() => Signal::End(*term),
                _ = self.stop.recv() => Signal::Stop,
                _ = self.go_on.recv() => Signal::Continue,
            }
        }
    }

    /// Stops the process as the signal would have done, had we not listened to it.
    pub fn stop() -> io::Result<()> {
        signal_hook::low_level::emulate_default_handler(SIGTSTP)
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    use super::Signal;

    /// The signals, as they come.
    pub struct Signals;

    impl Signals {
        /// Listens from now on.
        pub fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        /// Waits for the next one.
        pub async fn next(&mut self) -> Signal {
            match tokio::signal::ctrl_c().await {
                Ok(()) => Signal::End(2),
                Err(_) => std::future::pending().await,
            }
        }
    }

    /// There is no stopping here.
    pub fn stop() -> io::Result<()> {
        Ok(())
    }
}

pub use system::{Signals, stop};
