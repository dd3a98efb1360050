//! Runs a command on the async runtime until it is done or a signal ends it.

use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use color_eyre::eyre::{Report, WrapErr as _};
use tokio::runtime::Runtime;

use super::exit::{Exit, Stop};

/// How long the end may wait for tasks to be dropped.
const PATIENCE: Duration = Duration::from_millis(200);

/// Runs a command to its end; Ctrl-C ends it with 130, SIGTERM with 143, and neither leaves half a file.
///
/// A command that listens for signals itself hears them first, and may do what it does without waiting for anything.
pub fn block_on(command: impl Future<Output = Result<Exit, Report>>) -> Result<Exit, Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .wrap_err("failed to start the async runtime")?;
    let result = runtime.block_on(async {
        let mut unheard = std::pin::pin!(unheard());
        // Signals are listened for before anything is begun: until then one would end the program as it stands.
        if let Poll::Ready(exit) = poll_fn(|context| Poll::Ready(unheard.as_mut().poll(context))).await {
            return Err(Stop::silent(exit).into());
        }
        tokio::select! {
            biased;
            result = command => result,
            exit = unheard => Err(Stop::silent(exit).into()),
        }
    });
    end(runtime);
    result
}

/// How many commands have taken it on themselves to listen for signals.
static HEARD: AtomicUsize = AtomicUsize::new(0);

/// While this lives, signals are heard by the command alone, which ends what it does in order.
#[derive(Debug)]
pub struct Heard(());

impl Heard {
    /// Takes it on.
    pub fn here() -> Self {
        HEARD.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        HEARD.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Waits for a signal that no command listens for itself.
async fn unheard() -> Exit {
    let mut signals = Signals::listen();
    loop {
        let exit = signals.next().await;
        if HEARD.load(Ordering::SeqCst) == 0 {
            return exit;
        }
    }
}

/// Ends the tasks, and with them the programs that they started; one that hangs does not hold the program up.
pub fn end(runtime: Runtime) {
    runtime.shutdown_timeout(PATIENCE);
}

/// Waits for a signal that ends the program: one that comes after the call, even before anybody waits.
pub fn ended() -> impl Future<Output = Exit> {
    let mut signals = Signals::listen();
    async move { signals.next().await }
}

/// The signals that end the program, each heard from when this was made.
#[cfg(unix)]
struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    /// What cannot be listened for ends the program as the system does it.
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
            hang_up: signal(SignalKind::hangup()).ok(),
        }
    }

    async fn next(&mut self) -> Exit {
        tokio::select! {
            () = received(&mut self.interrupt) => Exit::Interrupted,
            () = received(&mut self.terminate) => Exit::Terminated,
            () = received(&mut self.hang_up) => Exit::Signal(1),
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<tokio::signal::unix::Signal>) {
    let received = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if received.is_none() {
        std::future::pending::<()>().await;
    }
}

/// The signals that end the program.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self
    }

    async fn next(&mut self) -> Exit {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Interrupted,
            Err(_) => std::future::pending().await,
        }
    }
}
