//! Some zones of an inventory: nearly always one or none, for which no memory is taken.

use std::fmt;
use std::ops::Deref;

use super::ZoneIx;

/// Some zones, in the order they were put in.
#[derive(Clone)]
pub struct Zones(Store);

#[derive(Clone)]
enum Store {
    One(ZoneIx),
    Others(Box<[ZoneIx]>),
}

impl Zones {
    /// No zone.
    pub fn none() -> Self {
        Self(Store::Others(Box::default()))
    }

    /// Adds a zone at the end.
    pub fn push(&mut self, zone: ZoneIx) {
        *self = self.iter().copied().chain([zone]).collect();
    }

    /// Keeps those that fit.
    pub fn retain(&mut self, fits: impl Fn(ZoneIx) -> bool) {
        *self = self.iter().copied().filter(|zone| fits(*zone)).collect();
    }
}

impl Deref for Zones {
    type Target = [ZoneIx];

    fn deref(&self) -> &[ZoneIx] {
        match &self.0 {
            Store::One(zone) => std::slice::from_ref(zone),
            Store::Others(zones) => zones,
        }
    }
}

impl From<&[ZoneIx]> for Zones {
    fn from(zones: &[ZoneIx]) -> Self {
        match zones {
            [zone] => Self(Store::One(*zone)),
            others => Self(Store::Others(others.into())),
        }
    }
}

impl FromIterator<ZoneIx> for Zones {
    fn from_iter<I: IntoIterator<Item = ZoneIx>>(zones: I) -> Self {
        let mut zones = zones.into_iter();
        match (zones.next(), zones.next()) {
            (None, _) => Self::none(),
            (Some(zone), None) => Self(Store::One(zone)),
            (Some(first), Some(second)) => Self(Store::Others([first, second].into_iter().chain(zones).collect())),
        }
    }
}

impl<'a> IntoIterator for &'a Zones {
    type Item = &'a ZoneIx;
    type IntoIter = std::slice::Iter<'a, ZoneIx>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Default for Zones {
    fn default() -> Self {
        Self::none()
    }
}

impl PartialEq for Zones {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Zones {}

impl fmt::Debug for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_equal_by_what_it_holds_however_it_came_about() {
        let zone = ZoneIx;
        let mut zones = Zones::none();
        for count in 0..4_u32 {
            assert_eq!(&*zones, (0..count).map(zone).collect::<Vec<_>>());
            assert_eq!(zones, (0..count).map(zone).collect());
            assert_eq!(zones, Zones::from((0..count).map(zone).collect::<Vec<_>>().as_slice()));
            zones.push(zone(count));
        }
        zones.retain(|other| other == zone(2));
        assert_eq!(zones, Zones::from([zone(2)].as_slice()));
        assert_eq!(size_of::<Zones>(), 16);
    }
}
