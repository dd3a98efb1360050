//! Ends an apply after the call that is under way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// Ends an apply after the call that is under way; nothing that was sent is ever cancelled. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Brake(Arc<watch::Sender<bool>>);

impl Default for Brake {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Brake {
    /// Asks for the end.
    pub fn pull(&self) {
        self.0.send_replace(true);
    }

    /// Whether the end was asked for.
    pub fn is_pulled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits, or until the end is asked for.
    pub(super) async fn wait(&self, time: Duration) {
        let mut watching = self.0.subscribe();
        // An error means that nobody can pull it any more.
        let pulled = async {
            if watching.wait_for(|pulled| *pulled).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let _ = tokio::time::timeout(time, pulled).await;
    }
}
