//! How the model's own types stand in a plan file: names in Route 53's form, everything else as its text.
//!
//! Invariant: what is written is read back as the same value, octet for octet.

use crate::model::account::{AccountId, Env};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

/// A value that stands in a file as one string.
pub(super) trait AsText: Sized {
    /// What it is, for errors.
    const WHAT: &'static str;

    fn write(&self) -> String;

    fn read(text: &str) -> Option<Self>;
}

impl AsText for DnsName {
    const WHAT: &'static str = "a domain name";

    fn write(&self) -> String {
        self.to_route53()
    }

    fn read(text: &str) -> Option<Self> {
        Self::parse_route53(text).ok()
    }
}

impl AsText for Untrusted {
    const WHAT: &'static str = "text";

    fn write(&self) -> String {
        self.expose().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }
}

impl AsText for RecordType {
    const WHAT: &'static str = "a record type";

    fn write(&self) -> String {
        self.as_str().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        Self::read(text)
    }
}

impl AsText for ZoneId {
    const WHAT: &'static str = "the id of a hosted zone";

    fn write(&self) -> String {
        self.as_str().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        Self::read(text)
    }
}

impl AsText for AccountId {
    const WHAT: &'static str = "an account id";

    fn write(&self) -> String {
        self.as_str().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl AsText for Env {
    const WHAT: &'static str = "the class of an environment";

    fn write(&self) -> String {
        let word = match self {
            Self::Prod => "prod",
            Self::NonProd => "non-prod",
            Self::Unknown => "unknown",
        };
        word.to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Prod, Self::NonProd, Self::Unknown]
            .into_iter()
            .find(|env| env.write() == text)
    }
}

/// One value.
pub(super) mod one {
    use super::AsText;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<T: AsText, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.write())
    }

    pub fn deserialize<'de, T: AsText, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        T::read(&text).ok_or_else(|| D::Error::custom(format_args!("not {}", T::WHAT)))
    }
}

/// A value that may be missing.
pub(super) mod optional {
    use super::AsText;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub fn serialize<T: AsText, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(AsText::write).serialize(to)
    }

    pub fn deserialize<'de, T: AsText, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        let value = T::read(&text).ok_or_else(|| D::Error::custom(format_args!("not {}", T::WHAT)))?;
        Ok(Some(value))
    }
}

/// Values in their order.
pub(super) mod list {
    use super::AsText;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<T: AsText, S: Serializer>(values: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(AsText::write))
    }

    pub fn deserialize<'de, T: AsText, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let values: Option<Vec<T>> = texts.iter().map(|text| T::read(text)).collect();
        values.ok_or_else(|| D::Error::custom(format_args!("one of them is not {}", T::WHAT)))
    }
}
