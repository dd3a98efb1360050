//! How many files the process may open: two sockets for each name server are more than the usual 1,024.

/// Open files beside the sockets: the program's own, and connections.
#[cfg(unix)]
const HEADROOM: u64 = 512;

/// Raises the soft limit of open files so that `sockets` more can be opened; where the system says no, binding will tell.
#[cfg(unix)]
pub(super) fn make_room_for(sockets: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let wanted = HEADROOM + u64::try_from(sockets).unwrap_or(u64::MAX - HEADROOM);
    let allowed = limit.maximum.map_or(wanted, |maximum| wanted.min(maximum));
    if limit.current.is_some_and(|current| current < allowed) {
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(allowed),
                maximum: limit.maximum,
            },
        );
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn make_room_for(_sockets: usize) {}
