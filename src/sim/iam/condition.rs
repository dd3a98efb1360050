//! Conditions of a statement: an operator, a key of the request, and the values it is compared with.

use serde_json::Value;

use super::{Malformed, Request, object, pattern, texts};

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    quantifier: Quantifier,
    operator: Operator,
    if_exists: Absence,
    /// In lower case: keys are compared without regard to it.
    key: String,
    values: Vec<String>,
}

/// How the several values of a request's key are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    /// One of them must fit; all of them, where the operator is a negative one.
    Plain,
    /// `ForAllValues:`; no value at all fits too.
    All,
    /// `ForAnyValue:`.
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals(Sense, Case),
    Like(Sense),
    Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Positive,
    Negative,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Counts,
    Ignored,
}

/// What becomes of a key that the request does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absence {
    Judged,
    Passes,
}

/// Reads all conditions of a statement.
pub(super) fn read_all(value: &Value) -> Result<Vec<Condition>, Malformed> {
    let mut conditions = Vec::new();
    for (word, keys) in object(value, "Condition")? {
        for (key, values) in object(keys, word)? {
            conditions.push(Condition::read(word, key, values)?);
        }
    }
    Ok(conditions)
}

impl Condition {
    fn read(word: &str, key: &str, values: &Value) -> Result<Self, Malformed> {
        let (quantifier, rest) = match word.split_once(':') {
            None => (Quantifier::Plain, word),
            Some(("ForAllValues", rest)) => (Quantifier::All, rest),
            Some(("ForAnyValue", rest)) => (Quantifier::Any, rest),
            Some(_) => return Err(unknown(word)),
        };
        let (rest, if_exists) = match rest.strip_suffix("IfExists") {
            Some(rest) => (rest, Absence::Passes),
            None => (rest, Absence::Judged),
        };
        let operator = match rest {
            "StringEquals" => Operator::Equals(Sense::Positive, Case::Counts),
            "StringNotEquals" => Operator::Equals(Sense::Negative, Case::Counts),
            "StringEqualsIgnoreCase" => Operator::Equals(Sense::Positive, Case::Ignored),
            "StringNotEqualsIgnoreCase" => Operator::Equals(Sense::Negative, Case::Ignored),
            "StringLike" => Operator::Like(Sense::Positive),
            "StringNotLike" => Operator::Like(Sense::Negative),
            "Null" => Operator::Null,
            _ => return Err(unknown(word)),
        };
        Ok(Self {
            quantifier,
            operator,
            if_exists,
            key: key.to_ascii_lowercase(),
            values: match values {
                Value::Bool(value) => vec![value.to_string()],
                values => texts(values)?,
            },
        })
    }

    /// Whether it holds for a request.
    pub(super) fn holds(&self, request: &Request) -> bool {
        let asked = request.values(&self.key);
        if self.operator == Operator::Null {
            return self.values.iter().any(|value| (value == "true") == asked.is_none());
        }
        match asked {
            None => match (self.if_exists, self.quantifier) {
                (Absence::Passes, _) | (_, Quantifier::All) => true,
                (_, Quantifier::Any) => false,
                (_, Quantifier::Plain) => self.sense() == Sense::Negative,
            },
            Some(asked) => match (self.quantifier, self.sense()) {
                (Quantifier::All, _) | (Quantifier::Plain, Sense::Negative) => {
                    asked.iter().all(|value| self.fits(value))
                }
                (Quantifier::Any, _) | (Quantifier::Plain, Sense::Positive) => {
                    asked.iter().any(|value| self.fits(value))
                }
            },
        }
    }

    fn sense(&self) -> Sense {
        match self.operator {
            Operator::Equals(sense, _) | Operator::Like(sense) => sense,
            Operator::Null => Sense::Positive,
        }
    }

    /// Whether one value of the request fits: one of those listed, or none of them.
    fn fits(&self, asked: &str) -> bool {
        let listed = self.values.iter().any(|value| match self.operator {
            Operator::Equals(_, Case::Counts) => value == asked,
            Operator::Equals(_, Case::Ignored) => value.eq_ignore_ascii_case(asked),
            Operator::Like(_) => pattern::fits(value, asked),
            Operator::Null => false,
        });
        listed == (self.sense() == Sense::Positive)
    }
}

fn unknown(word: &str) -> Malformed {
    Malformed(format!("The condition operator {word} is not understood."))
}
