//! Response codes and extended errors (RFC 1035 section 4.1.1, RFC 6891 section 6.1.3, RFC 8914).

use std::fmt;

use crate::model::text::Untrusted;

/// A response code, the upper bits of EDNS included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseCode(pub u16);

impl ResponseCode {
    /// No error.
    pub const NOERROR: Self = Self(0);
    /// The server could not read the query.
    pub const FORMERR: Self = Self(1);
    /// The server failed.
    pub const SERVFAIL: Self = Self(2);
    /// The name does not exist.
    pub const NXDOMAIN: Self = Self(3);
    /// The server does not do this.
    pub const NOTIMP: Self = Self(4);
    /// The server does not answer this client, or not for this zone.
    pub const REFUSED: Self = Self(5);
    /// The server does not speak this version of EDNS.
    pub const BADVERS: Self = Self(16);

    /// Whether it is what a server says that does not understand EDNS.
    pub fn objects_to_edns(self) -> bool {
        matches!(self, Self::FORMERR | Self::NOTIMP | Self::BADVERS)
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mnemonic = match self.0 {
            0 => "NOERROR",
            1 => "FORMERR",
            2 => "SERVFAIL",
            3 => "NXDOMAIN",
            4 => "NOTIMP",
            5 => "REFUSED",
            6 => "YXDOMAIN",
            7 => "YXRRSET",
            8 => "NXRRSET",
            9 => "NOTAUTH",
            10 => "NOTZONE",
            16 => "BADVERS",
            code => return f.pad(&format!("RCODE{code}")),
        };
        f.pad(mnemonic)
    }
}

/// Why a server failed or refused, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendedError {
    /// The INFO-CODE.
    pub code: u16,
    /// The EXTRA-TEXT.
    pub text: Untrusted,
}

impl ExtendedError {
    /// The meaning of the code (IANA, "Extended DNS Error Codes"); none where it is not known.
    pub fn meaning(&self) -> Option<&'static str> {
        const MEANINGS: [&str; 31] = [
            "other error",
            "unsupported DNSKEY algorithm",
            "unsupported DS digest type",
            "stale answer",
            "forged answer",
            "DNSSEC indeterminate",
            "DNSSEC bogus",
            "signature expired",
            "signature not yet valid",
            "DNSKEY missing",
            "RRSIGs missing",
            "no zone key bit set",
            "NSEC missing",
            "cached error",
            "not ready",
            "blocked",
            "censored",
            "filtered",
            "prohibited",
            "stale NXDOMAIN answer",
            "not authoritative",
            "not supported",
            "no reachable authority",
            "network error",
            "invalid data",
            "signature expired before valid",
            "too early",
            "unsupported NSEC3 iterations value",
            "unable to conform to policy",
            "synthesized",
            "invalid query type",
        ];
        MEANINGS.get(usize::from(self.code)).copied()
    }
}
