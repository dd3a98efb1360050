//! What a run goes by: flags over variables over the configuration over the defaults.

use std::path::PathBuf;

use color_eyre::eyre::Report;

use crate::config::{Config, load};

use super::args::Global;
use super::exit::{Exit, Stop};

/// What a run goes by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The configuration, with the flags laid over it.
    pub config: Config,
    /// The file it came from; none where the defaults hold.
    pub file: Option<PathBuf>,
    /// The flags that are no part of the configuration.
    pub global: Global,
}

impl Settings {
    /// Reads the configuration and lays the flags over it.
    pub fn load(global: &Global) -> Result<Self, Report> {
        let loaded = load::load(global.config.as_deref(), variable)
            .map_err(|error| Stop::new(Exit::Usage, format!("the configuration cannot be used: {error}")))?;
        let mut config = loaded.config;
        config.read_only |= global.read_only;
        if global.read_only {
            config
                .accounts
                .iter_mut()
                .for_each(|account| account.read_only = Some(true));
        }
        if let Some(timeout) = global.timeout {
            config.scan.deadline = timeout.0;
        }
        if let Some(max_age) = global.max_age {
            config.cache.max_age = max_age.0;
        }
        if let Some(glyphs) = global.glyphs {
            config.ui.glyphs = glyphs;
        }
        Ok(Self {
            config,
            file: loaded.file,
            global: global.clone(),
        })
    }
}

/// A variable of the environment, where it is text.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
