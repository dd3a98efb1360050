//! Where the servers read the world from, so that what is written over HTTP is answered over DNS.

use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use crate::sim::simulator::Handle;
use crate::sim::world::World;

/// A world that may change while it is served.
pub trait Source: Send + Sync + 'static {
    /// Shows the world as it is now, and the time of its clock.
    fn read(&self, reader: &mut dyn FnMut(&World, Duration));

    /// What its calendar shows, in seconds since 1970: signatures hold for a while.
    fn time(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }
}

impl Source for Handle {
    fn read(&self, reader: &mut dyn FnMut(&World, Duration)) {
        let now = self.now();
        self.with_world(|world| reader(world, now));
    }

    fn time(&self) -> i64 {
        self.calendar().as_second()
    }
}

/// A world without a clock: every change has reached its servers.
impl Source for Mutex<World> {
    fn read(&self, reader: &mut dyn FnMut(&World, Duration)) {
        reader(&self.lock().unwrap_or_else(PoisonError::into_inner), Duration::MAX);
    }
}

/// A world without a clock: every change has reached its servers.
impl Source for RwLock<World> {
    fn read(&self, reader: &mut dyn FnMut(&World, Duration)) {
        reader(&self.read().unwrap_or_else(PoisonError::into_inner), Duration::MAX);
    }
}

/// What a reader makes of the world.
pub(super) fn look<T>(source: &dyn Source, look: impl FnOnce(&World, Duration) -> T) -> Option<T> {
    let mut look = Some(look);
    let mut seen = None;
    source.read(&mut |world, now| {
        if let Some(look) = look.take() {
            seen = Some(look(world, now));
        }
    });
    seen
}
