//! Query strings, form bodies and path segments: percent-decoding, and values by name.

/// The values of a query string or a form body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=b&c=d`.
    pub(super) fn read(text: &str) -> Self {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, Plus::IsBlank), decode(value, Plus::IsBlank))
        };
        Self(text.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// The value of a name; none where it is not there or empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }
}

/// What `+` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    /// A blank, as in forms.
    IsBlank,
    /// Itself, as in paths.
    IsPlus,
}

/// Undoes percent-encoding; what is malformed stays as it is.
pub(super) fn decode(text: &str, plus: Plus) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&octet, tail)) = rest.split_first() {
        rest = tail;
        match (octet, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    octets.push(high * 16 + low);
                    rest = after;
                }
                _ => octets.push(octet),
            },
            (b'+', _) if plus == Plus::IsBlank => octets.push(b' '),
            _ => octets.push(octet),
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

fn hex(octet: u8) -> Option<u8> {
    char::from(octet)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone() {
        let query = Query::read("name=a%2Fb+c&type=&x&%zz=1");
        assert_eq!(query.get("name").as_deref(), Some("a/b c"));
        assert_eq!(query.get("type"), None);
        assert_eq!(query.get("%zz").as_deref(), Some("1"));
        assert_eq!(decode("a+b%2", Plus::IsPlus), "a+b%2");
    }
}
