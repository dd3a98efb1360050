//! The states a zone or a cut can be in, as shown in the tree and in reports.

use std::fmt;

/// What a row of the tree says. Each finding's rule names the status it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Delegated, and both sides agree.
    Ok,
    /// The zone is there, its delegation is not.
    Missing,
    /// Delegated to servers that do not host the zone and that others might claim.
    Dangling,
    /// Delegated to servers that cannot serve the zone.
    Lame,
    /// A validating resolver refuses the answers.
    Bogus,
    /// Both sides are there and do not agree.
    Drift,
    /// Something in a parent zone is hidden by a cut.
    Occluded,
    /// Another zone of this name is served, or none of those held is.
    Shadow,
    /// Nothing read so far says whether it works: live DNS would.
    Unverified,
    /// Delegated to servers outside the accounts.
    External,
    /// In order by itself, and unreachable because of a cut above.
    CutOff,
    /// A private zone: not delegated from the internet.
    Private,
    /// Read only in part.
    Partial,
    /// Not read yet, or not concluded while something is unread.
    Unknown,
    /// It could not be read.
    NoAccess,
}

impl Status {
    /// All states, in the order of legends.
    pub const ALL: [Self; 15] = [
        Self::Ok,
        Self::Missing,
        Self::Dangling,
        Self::Lame,
        Self::Bogus,
        Self::Drift,
        Self::Occluded,
        Self::Shadow,
        Self::Unverified,
        Self::External,
        Self::CutOff,
        Self::Private,
        Self::Partial,
        Self::Unknown,
        Self::NoAccess,
    ];

    /// The stable word for reports and filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Dangling => "dangling",
            Self::Lame => "lame",
            Self::Bogus => "bogus",
            Self::Drift => "drift",
            Self::Occluded => "occluded",
            Self::Shadow => "shadow",
            Self::Unverified => "unverified",
            Self::External => "external",
            Self::CutOff => "cut-off",
            Self::Private => "private",
            Self::Partial => "partial",
            Self::Unknown => "unknown",
            Self::NoAccess => "no-access",
        }
    }

    /// Whether it is a problem of its own: what the filter "only problems" leaves on the screen.
    pub fn is_problem(self) -> bool {
        matches!(
            self,
            Self::Missing
                | Self::Dangling
                | Self::Lame
                | Self::Bogus
                | Self::Drift
                | Self::Occluded
                | Self::Shadow
                | Self::Partial
                | Self::NoAccess
        )
    }

    /// Whether names would resolve but for a broken cut above.
    pub(super) fn yields_to_a_broken_cut(self) -> bool {
        matches!(
            self,
            Self::Ok | Self::External | Self::Drift | Self::Occluded | Self::Shadow | Self::Unverified
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
