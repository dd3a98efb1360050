//! IAM policies, as far as Route 53 and STS need them: a document in, and whether it allows a request.
//!
//! What a document says that is not understood here makes it malformed: it never allows by being passed over.

mod condition;
mod pattern;
mod request;

use serde_json::{Map, Value};

use condition::Condition;
pub use request::Request;

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
}

/// What a policy says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A statement allows it and none denies it.
    Allowed,
    /// No statement allows it.
    NotAllowed,
    /// A statement denies it.
    Denied,
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    effect: Effect,
    actions: Matching,
    resources: Matching,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// The patterns that a statement names, or those that it excepts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Matching {
    AnyOf(Vec<String>),
    NoneOf(Vec<String>),
}

impl Policy {
    /// Reads a document of JSON.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        let document: Value =
            serde_json::from_str(text).map_err(|why| Malformed(format!("Syntax errors in policy: {why}.")))?;
        let document = object(&document, "The policy")?;
        known(document, &["Version", "Id", "Statement"])?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().map(Statement::read).collect::<Result<_, _>>()?,
            Some(statement) => vec![Statement::read(statement)?],
            None => return Err(Malformed("The policy has no Statement.".into())),
        };
        Ok(Self { statements })
    }

    /// What it says to a request.
    pub fn judge(&self, request: &Request) -> Verdict {
        let fitting = || self.statements.iter().filter(|statement| statement.fits(request));
        if fitting().any(|statement| statement.effect == Effect::Deny) {
            return Verdict::Denied;
        }
        match fitting().next() {
            Some(_) => Verdict::Allowed,
            None => Verdict::NotAllowed,
        }
    }
}

impl Statement {
    fn read(value: &Value) -> Result<Self, Malformed> {
        let fields = object(value, "A statement")?;
        known(
            fields,
            &[
                "Sid",
                "Effect",
                "Action",
                "NotAction",
                "Resource",
                "NotResource",
                "Condition",
            ],
        )?;
        let effect = match fields.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(Malformed("Effect is Allow or Deny.".into())),
        };
        Ok(Self {
            effect,
            actions: Matching::read(fields, "Action", "NotAction")?,
            resources: Matching::read(fields, "Resource", "NotResource")?,
            conditions: fields
                .get("Condition")
                .map(condition::read_all)
                .transpose()?
                .unwrap_or_default(),
        })
    }

    fn fits(&self, request: &Request) -> bool {
        let action = request.action.to_ascii_lowercase();
        self.actions
            .fits(|text| pattern::fits(&text.to_ascii_lowercase(), &action))
            && self.resources.fits(|text| pattern::fits(text, &request.resource))
            && self.conditions.iter().all(|condition| condition.holds(request))
    }
}

impl Matching {
    fn read(fields: &Map<String, Value>, name: &str, except: &str) -> Result<Self, Malformed> {
        match (fields.get(name), fields.get(except)) {
            (Some(value), None) => texts(value).map(Self::AnyOf),
            (None, Some(value)) => texts(value).map(Self::NoneOf),
            _ => Err(Malformed(format!("A statement has {name} or {except}, and not both."))),
        }
    }

    fn fits(&self, fits: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::AnyOf(patterns) => patterns.iter().any(|text| fits(text)),
            Self::NoneOf(patterns) => !patterns.iter().any(|text| fits(text)),
        }
    }
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, Malformed> {
    value
        .as_object()
        .ok_or_else(|| Malformed(format!("{what} is not a JSON object.")))
}

fn known(fields: &Map<String, Value>, names: &[&str]) -> Result<(), Malformed> {
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(stranger) => Err(Malformed(format!("{stranger} is not understood."))),
        None => Ok(()),
    }
}

/// A text, or a list of texts.
fn texts(value: &Value) -> Result<Vec<String>, Malformed> {
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| Malformed(format!("{value} is not a text.")))
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => Ok(vec![text(value)?]),
    }
}

#[cfg(test)]
mod tests;
