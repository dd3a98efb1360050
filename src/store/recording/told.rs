//! How a value of the model is told in a recording, and heard again: by a mirror that stands apart from the model.
//!
//! A mirror names every field and every variant (serde's `remote`), so one that is added to the model and not here does not
//! compile: add it to the mirror of the same name, with `#[serde(with = "told")]` where it is no number, text or truth value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What can be told.
pub(super) trait Tell {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// What can be heard again.
pub(super) trait Hear: Sized {
    fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A value as serde takes it.
pub(super) struct Told<T>(pub(super) T);

impl<T: Tell> Serialize for Told<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.tell(serializer)
    }
}

impl<'de, T: Hear> Deserialize<'de> for Told<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::hear(deserializer).map(Self)
    }
}

/// For `#[serde(with = "told")]`.
pub(super) fn serialize<T: Tell, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.tell(serializer)
}

/// For `#[serde(with = "told")]`.
pub(super) fn deserialize<'de, T: Hear, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::hear(deserializer)
}

/// Joins types of the model to their mirrors.
macro_rules! mirrored {
    ($($model:ty => $mirror:ident),+ $(,)?) => {$(
        impl $crate::store::recording::told::Tell for $model {
            fn tell<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $mirror::serialize(self, serializer)
            }
        }

        impl $crate::store::recording::told::Hear for $model {
            fn hear<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $mirror::deserialize(deserializer)
            }
        }
    )+};
}
pub(super) use mirrored;

impl<T: Tell> Tell for &T {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (*self).tell(serializer)
    }
}

impl<T: Tell> Tell for Box<T> {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().tell(serializer)
    }
}

impl<T: Hear> Hear for Box<T> {
    fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::hear(deserializer).map(Self::new)
    }
}

impl<T: Tell> Tell for Option<T> {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Told).serialize(serializer)
    }
}

impl<T: Hear> Hear for Option<T> {
    fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = Option::<Told<T>>::deserialize(deserializer)?;
        Ok(told.map(|told| told.0))
    }
}

impl<T: Tell> Tell for Vec<T> {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Told))
    }
}

impl<T: Hear> Hear for Vec<T> {
    fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let told = Vec::<Told<T>>::deserialize(deserializer)?;
        Ok(told.into_iter().map(|told| told.0).collect())
    }
}

impl<A: Tell, B: Tell> Tell for (A, B) {
    fn tell<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (Told(&self.0), Told(&self.1)).serialize(serializer)
    }
}

impl<A: Hear, B: Hear> Hear for (A, B) {
    fn hear<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (a, b) = <(Told<A>, Told<B>)>::deserialize(deserializer)?;
        Ok((a.0, b.0))
    }
}
