//! The ARN of an IAM role, taken apart: it states the account it belongs to, and the partition.

use std::fmt;
use std::str::FromStr;

use crate::model::account::AccountId;

/// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    account: AccountId,
}

/// A text that is no role ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a role's ARN, such as arn:aws:iam::111122223333:role/zonecut-read")]
pub struct BadRoleArn;

impl RoleArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account that owns the role.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// `aws`, `aws-us-gov` or `aws-cn`.
    pub fn partition(&self) -> &str {
        self.text.split(':').nth(1).unwrap_or("aws")
    }

    /// The role's name, without its path.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }
}

impl FromStr for RoleArn {
    type Err = BadRoleArn;

    fn from_str(text: &str) -> Result<Self, BadRoleArn> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = fields.as_slice() else {
            return Err(BadRoleArn);
        };
        let account = account.parse().map_err(|_| BadRoleArn)?;
        let name = resource.strip_prefix("role/").ok_or(BadRoleArn)?;
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
        if !partition.starts_with("aws") || !plain(partition) || !plain(name) || name.is_empty() || name.ends_with('/')
        {
            return Err(BadRoleArn);
        }
        Ok(Self {
            text: text.to_owned(),
            account,
        })
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_states_its_account_and_partition() {
        let arn: RoleArn = "arn:aws-us-gov:iam::111122223333:role/team/zonecut-read"
            .parse()
            .unwrap();
        assert_eq!(arn.account().as_str(), "111122223333");
        assert_eq!(arn.partition(), "aws-us-gov");
        assert_eq!(arn.name(), "zonecut-read");
    }

    #[test]
    fn what_is_no_role_is_refused() {
        for text in [
            "",
            "zonecut-read",
            "arn:aws:iam::111122223333:user/ana",
            "arn:aws:iam::1111:role/x",
            "arn:aws:sts::111122223333:assumed-role/x/y",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/a b",
        ] {
            assert_eq!(text.parse::<RoleArn>(), Err(BadRoleArn), "{text}");
        }
    }
}
