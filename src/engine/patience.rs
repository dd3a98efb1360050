//! Readings that a plan cannot do without, tried again where the service puts them off, or where its lists may lag behind.
//!
//! Invariant: for readings alone. What changes something is never sent again from here.

use std::future::Future;
use std::time::Duration;

use crate::ports::ApiError;

/// How often a reading is tried again that the service put off, and after how long at first.
const TRIES: u32 = 7;
const PAUSE: Duration = Duration::from_millis(250);

/// The seconds between looks at a list that may not show yet what was written a moment ago: a minute in all.
pub(super) const LAG_PAUSES: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// Reads something, again and again where the service puts it off: others share its limits.
pub(super) async fn patiently<T, F: Future<Output = Result<T, ApiError>>>(read: impl Fn() -> F) -> Result<T, ApiError> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match read().await {
            Err(error) if error.kind.is_transient() => tokio::time::sleep(pause).await,
            settled => return settled,
        }
        pause *= 2;
    }
    read().await
}
