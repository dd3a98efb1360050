//! A domain name as its wire octets, lower-cased (RFC 4034 section 6.2), so that equality is the DNS's.
//!
//! Text enters by a parser named after its dialect and leaves the same way; names cross adapters label by label.

mod dialect;
mod unicode;

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The most octets a name has on the wire, the root's empty label included (RFC 1035 section 2.3.4).
pub const MAX_WIRE: usize = 255;
/// The most octets of one label (RFC 1035 section 2.3.4).
pub const MAX_LABEL: usize = 63;

/// A fully qualified domain name.
///
/// Sorts in tree order: a parent before its children, siblings by their octets (RFC 4034 section 6.1). A clone shares the
/// octets: a name is held by its zone, by the cut at it, and by whatever speaks of either.
#[derive(Clone, Eq)]
pub struct DnsName {
    wire: Arc<[u8]>,
}

/// Names in a sentence, separated by commas.
pub fn list<'n>(names: impl IntoIterator<Item = &'n DnsName>) -> String {
    let names: Vec<String> = names.into_iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// Why a text or a run of octets is no domain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Two dots in a row, a leading dot, or no text at all.
    #[error("the name has an empty label")]
    EmptyLabel,
    /// A label of more than 63 octets.
    #[error("a label is longer than 63 octets")]
    LabelTooLong,
    /// More than 255 octets on the wire.
    #[error("the name is longer than 255 octets")]
    NameTooLong,
    /// A backslash that no digits of the dialect follow, or a number above 255.
    #[error("a backslash escape is malformed")]
    BadEscape,
    /// An escape that a person may have taken from either dialect, and what it stands for in each.
    #[error(
        "\\{octal:03o} is {:?} where Route 53 writes it and {:?} in a zone file: write the character itself",
        char::from(*.octal),
        char::from(*.decimal)
    )]
    EitherEscape {
        /// The octet that the digits are in octal.
        octal: u8,
        /// The octet that they are in decimal.
        decimal: u8,
    },
    /// Octets that end before their root label, a compression pointer, or octets after the root.
    #[error("the wire form is malformed")]
    BadWire,
    /// A label with non-ASCII characters that IDNA2008 does not allow.
    #[error("the name is not a valid internationalised domain name")]
    BadIdn,
}

impl DnsName {
    /// The root of the DNS.
    pub fn root() -> Self {
        Self { wire: Arc::new([0]) }
    }

    /// Builds a name from its labels, leftmost first, without the root's.
    pub fn from_labels<L: AsRef<[u8]>>(labels: impl IntoIterator<Item = L>) -> Result<Self, NameError> {
        let mut builder = Builder::new();
        for label in labels {
            for octet in label.as_ref() {
                builder.push(*octet)?;
            }
            builder.end_label()?;
        }
        builder.finish()
    }

    /// Reads an uncompressed wire form that is exactly one name (RFC 1035 section 3.1).
    pub fn from_wire(wire: &[u8]) -> Result<Self, NameError> {
        let mut rest = wire;
        loop {
            let (&len, tail) = rest.split_first().ok_or(NameError::BadWire)?;
            if len == 0 {
                break;
            }
            let len = usize::from(len);
            if len > MAX_LABEL {
                return Err(NameError::BadWire);
            }
            (_, rest) = tail.split_at_checked(len).ok_or(NameError::BadWire)?;
        }
        if rest.len() > 1 {
            return Err(NameError::BadWire);
        }
        if wire.len() > MAX_WIRE {
            return Err(NameError::NameTooLong);
        }
        let mut wire: Arc<[u8]> = wire.into();
        if let Some(octets) = Arc::get_mut(&mut wire) {
            octets.make_ascii_lowercase();
        }
        Ok(Self { wire })
    }

    /// The uncompressed wire form, lower-cased, the root label included.
    pub fn as_wire(&self) -> &[u8] {
        &self.wire
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.wire.len() == 1
    }

    /// The labels, leftmost first, without the root's; can be walked from the right as well.
    pub fn labels(&self) -> Labels<'_> {
        Labels::of(&self.wire)
    }

    /// How many labels the name has; the root has none.
    pub fn label_count(&self) -> usize {
        self.suffixes().skip(1).count()
    }

    /// The leftmost label, or none for the root.
    pub fn first_label(&self) -> Option<&[u8]> {
        self.labels().next()
    }

    /// The name without its leftmost label, or none for the root.
    pub fn parent(&self) -> Option<Self> {
        self.suffixes().nth(1).map(Self::from_suffix)
    }

    /// The wire forms of this name and of each of its ancestors, nearest first, the root last.
    ///
    /// Each can be looked up in a map that is keyed by [`DnsName`], without an allocation.
    pub fn suffixes(&self) -> impl Iterator<Item = &[u8]> {
        let mut next = Some(self.as_wire());
        std::iter::from_fn(move || {
            let current = next?;
            next = match current.split_first() {
                Some((&len, tail)) if len > 0 => tail.get(usize::from(len)..),
                _ => None,
            };
            Some(current)
        })
    }

    /// The proper ancestors, nearest first, the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + '_ {
        self.suffixes().skip(1).map(Self::from_suffix)
    }

    /// A name from one of the slices that [`Self::suffixes`] gives.
    pub fn from_suffix(suffix: &[u8]) -> Self {
        Self { wire: suffix.into() }
    }

    /// Whether this name is `other` or lies below it, on label boundaries.
    pub fn is_at_or_below(&self, other: &Self) -> bool {
        self.relative_to(other).is_some()
    }

    /// Whether this name lies below `other`.
    pub fn is_below(&self, other: &Self) -> bool {
        self.wire.len() > other.wire.len() && self.is_at_or_below(other)
    }

    /// The octets of the labels that this name has beyond `zone`, or none where it is not at or below it.
    pub fn relative_to(&self, zone: &Self) -> Option<&[u8]> {
        let cut = self.wire.len().checked_sub(zone.wire.len())?;
        let on_boundary = self.suffixes().any(|s| s.len() == zone.wire.len());
        let (relative, suffix) = self.wire.split_at_checked(cut)?;
        (on_boundary && suffix == &*zone.wire).then_some(relative)
    }

    /// Joins relative octets, as [`Self::relative_to`] gives them, to a zone name.
    pub fn join(relative: &[u8], zone: &Self) -> Result<Self, NameError> {
        let mut wire = [0; MAX_WIRE];
        let (own, rest) = wire
            .split_at_mut_checked(relative.len())
            .ok_or(NameError::NameTooLong)?;
        let upper = rest.get_mut(..zone.wire.len()).ok_or(NameError::NameTooLong)?;
        own.copy_from_slice(relative);
        upper.copy_from_slice(&zone.wire);
        let len = relative.len() + zone.wire.len();
        Self::from_wire(wire.get(..len).ok_or(NameError::NameTooLong)?)
    }

    /// The name with one more label at its left.
    pub fn child(&self, label: &[u8]) -> Result<Self, NameError> {
        Self::from_labels(std::iter::once(label).chain(self.labels()))
    }

    /// Whether the leftmost label is `*` (RFC 4592).
    pub fn is_wildcard(&self) -> bool {
        self.first_label() == Some(b"*")
    }
}

/// The labels of one name, leftmost first.
#[derive(Clone)]
pub struct Labels<'a> {
    wire: &'a [u8],
    starts: [u8; 128],
    front: usize,
    back: usize,
}

impl<'a> Labels<'a> {
    fn of(wire: &'a [u8]) -> Self {
        let (starts, count) = label_starts(wire);
        Self {
            wire,
            starts,
            front: 0,
            back: count,
        }
    }

    fn get(&self, index: usize) -> Option<&'a [u8]> {
        let start = usize::from(*self.starts.get(index)?);
        let len = usize::from(*self.wire.get(start)?);
        self.wire.get(start + 1..start + 1 + len)
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.front >= self.back {
            return None;
        }
        let label = self.get(self.front);
        self.front += 1;
        label
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.back - self.front;
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Labels<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        self.back -= 1;
        self.get(self.back)
    }
}

impl ExactSizeIterator for Labels<'_> {}

/// A key whose octet order is tree order, and which begins with the key of every ancestor: for maps that are walked by subtree.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreeKey(Box<[u8]>);

impl TreeKey {
    /// The key of a name in wire form.
    pub fn of(wire: &[u8]) -> Self {
        // A label's length octet makes room for its end; zeros and ones within labels are rare.
        let mut key = Vec::with_capacity(wire.len().saturating_sub(1));
        for label in Labels::of(wire).rev() {
            for octet in label {
                // Zero ends a label, so it must not occur in one.
                match octet {
                    0 => key.extend_from_slice(&[1, 1]),
                    1 => key.extend_from_slice(&[1, 2]),
                    _ => key.push(*octet),
                }
            }
            key.push(0);
        }
        Self(key.into_boxed_slice())
    }

    /// The part of this key that is the key of the ancestor with so many labels.
    pub fn ancestor(&self, labels: usize) -> &[u8] {
        let ends = self.0.iter().enumerate().filter(|(_, octet)| **octet == 0);
        let end = match labels.checked_sub(1) {
            Some(before) => ends.map(|(at, _)| at + 1).nth(before).unwrap_or(self.0.len()),
            None => 0,
        };
        self.0.get(..end).unwrap_or_default()
    }

    /// Whether the name of this key is that of `other` or lies below it.
    pub fn is_at_or_below(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl DnsName {
    /// The key that puts this name into tree order.
    pub fn tree_key(&self) -> TreeKey {
        TreeKey::of(&self.wire)
    }
}

/// Compares two runs of wire labels (relative or absolute) in tree order, from the right.
pub fn tree_order(a: &[u8], b: &[u8]) -> Ordering {
    if let (Some(a), Some(b)) = (only_label(a), only_label(b)) {
        return a.cmp(b);
    }
    if a == b {
        return Ordering::Equal;
    }
    let (a_starts, a_count) = label_starts(a);
    let (b_starts, b_count) = label_starts(b);
    let a_labels = a_starts.iter().take(a_count).rev().map(|start| label_at(a, *start));
    let b_labels = b_starts.iter().take(b_count).rev().map(|start| label_at(b, *start));
    a_labels.cmp(b_labels)
}

fn label_at(wire: &[u8], start: u8) -> Option<&[u8]> {
    let (&len, rest) = wire.get(usize::from(start)..)?.split_first()?;
    rest.get(..usize::from(len))
}

/// Where each label of a run of wire labels starts, and how many there are.
fn label_starts(wire: &[u8]) -> ([u8; 128], usize) {
    let mut starts = [0_u8; 128];
    let mut count = 0;
    let mut at = 0_usize;
    while let Some(&len) = wire.get(at) {
        if len == 0 {
            break;
        }
        if let (Some(slot), Ok(start)) = (starts.get_mut(count), u8::try_from(at)) {
            *slot = start;
        }
        count += 1;
        at += usize::from(len) + 1;
    }
    (starts, count)
}

/// The label of a relative name that has but one, as most owners in a zone do.
fn only_label(relative: &[u8]) -> Option<&[u8]> {
    let (&len, label) = relative.split_first()?;
    (label.len() == usize::from(len)).then_some(label)
}

impl PartialEq for DnsName {
    fn eq(&self, other: &Self) -> bool {
        // Most names that are equal are clones of one.
        Arc::ptr_eq(&self.wire, &other.wire) || self.wire == other.wire
    }
}

impl Hash for DnsName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // As the octets that it is borrowed as.
        self.wire.hash(state);
    }
}

impl Ord for DnsName {
    fn cmp(&self, other: &Self) -> Ordering {
        tree_order(&self.wire, &other.wire)
    }
}

impl PartialOrd for DnsName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Borrow<[u8]> for TreeKey {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for DnsName {
    fn borrow(&self) -> &[u8] {
        &self.wire
    }
}

impl fmt::Debug for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Collects labels octet by octet and checks the limits as they are reached.
struct Builder {
    wire: [u8; MAX_WIRE],
    len: usize,
    label_at: usize,
}

impl Builder {
    fn new() -> Self {
        Self {
            wire: [0; MAX_WIRE],
            len: 1,
            label_at: 0,
        }
    }

    fn push(&mut self, octet: u8) -> Result<(), NameError> {
        if self.len - self.label_at > MAX_LABEL {
            return Err(NameError::LabelTooLong);
        }
        let slot = self.wire.get_mut(self.len).ok_or(NameError::NameTooLong)?;
        *slot = octet.to_ascii_lowercase();
        self.len += 1;
        Ok(())
    }

    fn end_label(&mut self) -> Result<(), NameError> {
        let len = self.len - self.label_at - 1;
        if len == 0 {
            return Err(NameError::EmptyLabel);
        }
        let octet = u8::try_from(len).map_err(|_| NameError::LabelTooLong)?;
        if let Some(slot) = self.wire.get_mut(self.label_at) {
            *slot = octet;
        }
        self.label_at = self.len;
        self.len += 1;
        if self.len > MAX_WIRE {
            return Err(NameError::NameTooLong);
        }
        Ok(())
    }

    fn finish(self) -> Result<DnsName, NameError> {
        if self.label_at + 1 != self.len {
            return Err(NameError::EmptyLabel);
        }
        let wire = self.wire.get(..self.len).ok_or(NameError::NameTooLong)?;
        Ok(DnsName { wire: wire.into() })
    }
}

#[cfg(test)]
mod tests;
