//! How many files the process may open: two sockets for each name server are more than the usual 1,024.

/// Raises the soft limit of open files by `sockets`, as far as the system allows; where it does not, binding will tell.
#[cfg(unix)]
pub(super) fn make_room_for(sockets: usize) {
    use std::sync::{Mutex, PoisonError};

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Reading and setting are two calls, and two worlds may start at once.
    static RAISING: Mutex<()> = Mutex::new(());

    let _raising = RAISING.lock().unwrap_or_else(PoisonError::into_inner);
    let limit = getrlimit(Resource::Nofile);
    let more = u64::try_from(sockets).unwrap_or(u64::MAX);
    let wanted = limit.current.map(|current| current.saturating_add(more));
    let allowed = wanted.map(|wanted| limit.maximum.map_or(wanted, |maximum| wanted.min(maximum)));
    if allowed.is_some() {
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: allowed,
                maximum: limit.maximum,
            },
        );
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn make_room_for(_sockets: usize) {}
