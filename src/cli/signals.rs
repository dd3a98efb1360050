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
    loop {
        let exit = ended().await;
        if HEARD.load(Ordering::SeqCst) == 0 {
            return exit;
        }
    }
}

/// Ends the tasks, and with them the programs that they started; one that hangs does not hold the program up.
pub fn end(runtime: Runtime) {
    runtime.shutdown_timeout(PATIENCE);
}

/// Waits for a signal that ends the program.
#[cfg(unix)]
pub async fn ended() -> Exit {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => match interrupted {
            Ok(()) => Exit::Interrupted,
            Err(_) => std::future::pending().await,
        },
        _ = terminate.recv() => Exit::Terminated,
        _ = hang_up.recv() => Exit::Signal(1),
    }
}

/// Waits for a signal that ends the program.
#[cfg(not(unix))]
pub async fn ended() -> Exit {
    match tokio::signal::ctrl_c().await {
        Ok(()) => Exit::Interrupted,
        Err(_) => std::future::pending().await,
    }
}
