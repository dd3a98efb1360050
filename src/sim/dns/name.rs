//! Domain names between our form and hickory's, label by label: the two have different ideas of names as text.

use hickory_proto::rr::Name;

use crate::model::name::DnsName;

/// Our name as hickory's.
pub(super) fn to_hickory(name: &DnsName) -> Name {
    Name::from_labels(name.labels()).expect("both allow labels of 63 and names of 255 octets")
}

/// Hickory's name as ours, in lower case.
pub(super) fn from_hickory(name: &Name) -> Option<DnsName> {
    DnsName::from_labels(name.iter()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_name_survives_both_ways(labels in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..63), 0..4)) {
            let name = DnsName::from_labels(labels).expect("at most 253 octets");
            prop_assert_eq!(from_hickory(&to_hickory(&name)), Some(name));
        }
    }
}
