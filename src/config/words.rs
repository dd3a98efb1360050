//! The keys whose values come from a closed set of words.

use serde::Deserialize;

/// A word that is not in the set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {allowed}")]
pub struct BadWord {
    /// The words of the set.
    pub allowed: String,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word for it, as in the file.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadWord;

            fn from_str(word: &str) -> Result<Self, BadWord> {
                Self::ALL.iter().copied().find(|value| value.word() == word).ok_or_else(|| BadWord {
                    allowed: Self::ALL.iter().map(|value| value.word()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

words! {
    /// The colours of the terminal program.
    #[derive(Default)]
    Theme {
        /// The terminal's own sixteen colours.
        #[default]
        Ansi = "ansi",
        /// For light backgrounds.
        Light = "light",
        /// For dark backgrounds.
        Dark = "dark",
        /// High contrast.
        HighContrast = "hc",
        /// No colours.
        Mono = "mono",
        /// For dark backgrounds, told apart by the colour-blind.
        ColorBlindDark = "cb-dark",
        /// For light backgrounds, told apart by the colour-blind.
        ColorBlindLight = "cb-light",
    }
}

words! {
    /// The characters that draw the tree and the marks.
    #[derive(Default)]
    Glyphs {
        /// Unicode where the locale says so.
        #[default]
        Auto = "auto",
        /// Lines and marks from Unicode.
        Unicode = "unicode",
        /// Nothing beyond ASCII.
        Ascii = "ascii",
    }
}

words! {
    /// The first screen.
    #[derive(Default)]
    StartView {
        /// The tree, or the problems where the cache holds critical ones.
        #[default]
        Auto = "auto",
        /// The tree.
        Tree = "tree",
        /// The problems.
        Problems = "problems",
    }
}

words! {
    /// Whether IPv6 addresses of name servers are asked.
    #[derive(Default)]
    Ipv6Use {
        /// Where IPv6 leads anywhere.
        #[default]
        Auto = "auto",
        /// Always.
        On = "on",
        /// Never.
        Off = "off",
    }
}

words! {
    /// From which severity on `check` fails.
    FailOn {
        /// Only what breaks resolution.
        Critical = "critical",
        /// Errors and worse.
        Error = "error",
        /// Warnings and worse.
        Warning = "warning",
        /// Notices and worse.
        Notice = "notice",
        /// Everything.
        Info = "info",
        /// Never.
        None = "none",
    }
}
