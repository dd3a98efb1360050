//! The frame of a cache file: what it is, its format, its time, its length and its checksum, before the payload.
//!
//! The checksum finds damage. It is no signature: the payload is checked as if an enemy had written it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::CacheError;
use crate::model::account::AccountId;

const MAGIC: [u8; 8] = *b"zonecut\0";
/// The format; changes whenever the payload's meaning does.
pub(super) const VERSION: u32 = 1;

/// What the frame says.
pub(super) struct Header<'a> {
    pub(super) kept_at: Timestamp,
    pub(super) payload: &'a [u8],
}

/// Puts a frame around a payload.
pub(super) fn seal(payload: &[u8], now: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 60);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    let rest = [&now.as_millisecond().to_le_bytes()[..], payload].concat();
    bytes.extend_from_slice(&Sha256::digest(&rest));
    bytes.extend_from_slice(&rest);
    bytes
}

/// Takes the frame off.
pub(super) fn open(bytes: &[u8], account: AccountId) -> Result<Header<'_>, CacheError> {
    let damaged = || CacheError::Damaged(account);
    let (magic, rest) = bytes.split_first_chunk::<8>().ok_or_else(damaged)?;
    let (version, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    if *magic != MAGIC {
        return Err(damaged());
    }
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(CacheError::Version {
            account,
            found,
            expected: VERSION,
        });
    }
    let (checksum, rest) = rest.split_first_chunk::<32>().ok_or_else(damaged)?;
    if Sha256::digest(rest).as_slice() != checksum {
        return Err(damaged());
    }
    let (time, payload) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    let kept_at = Timestamp::from_millisecond(i64::from_le_bytes(*time)).map_err(|_| damaged())?;
    Ok(Header { kept_at, payload })
}
