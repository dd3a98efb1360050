//! Identifiers that look like Route 53's and are the same in every run: derived by SHA-256 from what they name.

use sha2::{Digest, Sha256};

const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// An identifier of a prefix and 13 to 20 upper-case letters and digits.
pub fn identifier(prefix: &str, seed: &[&str]) -> String {
    let digest = digest(seed);
    let length = 13 + usize::from(digest.last().copied().unwrap_or(0) % 8);
    let tail = digest.iter().take(length).map(|octet| letter(*octet));
    prefix.chars().chain(tail).collect()
}

/// A text of exactly `length` upper-case letters and digits, at most 32 of them.
pub fn letters(length: usize, seed: &[&str]) -> String {
    digest(seed).iter().take(length).map(|octet| letter(*octet)).collect()
}

/// The digest of the parts of a seed.
pub fn digest(seed: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in seed {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

fn letter(octet: u8) -> char {
    let index = usize::from(octet) % LETTERS.len();
    char::from(*LETTERS.get(index).expect("the index is taken modulo the length"))
}
