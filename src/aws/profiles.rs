//! The profiles of `~/.aws/config` and `~/.aws/credentials`, read once by the SDK's own parser.

use std::fmt;

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_runtime::env_config::property::PropertiesKey;
use aws_types::os_shim_internal::{Env, Fs};

/// All profiles and what they refer to.
#[derive(Clone, Default)]
pub(super) struct Profiles(ProfileSet);

/// The keys of a profile hold secrets.
impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Profiles {
    /// Reads the files; the error is one line without the content of any file.
    pub(super) async fn load(files: &EnvConfigFiles, variables: &Env) -> Result<Self, String> {
        aws_config::profile::load(&Fs::real(), variables, files, None)
            .await
            .map(Self)
            .map_err(|error| super::error::innermost(&error))
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.profiles().collect();
        names.sort_unstable();
        names
    }

    /// One profile.
    pub(super) fn get(&self, name: &str) -> Option<&Profile> {
        self.0.get_profile(name)
    }

    /// One key of one profile; an empty value is none.
    pub(super) fn value(&self, profile: &str, key: &str) -> Option<&str> {
        self.get(profile)?.get(key).map(str::trim).filter(|v| !v.is_empty())
    }

    /// One key of an `[sso-session NAME]`.
    pub(super) fn sso_value(&self, session: &str, key: &str) -> Option<&str> {
        self.0.sso_session(session)?.get(key)
    }

    /// A key of a service in the `[services NAME]` that a profile refers to.
    pub(super) fn service_value(&self, profile: &str, service: &str, key: &str) -> Option<&str> {
        let key = PropertiesKey::builder()
            .section_key("services")
            .section_name(self.value(profile, "services")?)
            .property_name(service)
            .sub_property_name(key)
            .build()
            .ok()?;
        self.0.other_sections().get(&key).map(String::as_str)
    }

    /// The colour that granted or the console's own tools give a profile.
    pub(super) fn color(&self, profile: &str) -> Option<&str> {
        self.value(profile, "granted_color")
            .or_else(|| self.value(profile, "color"))
    }
}

#[cfg(test)]
use aws_runtime::env_config::file::EnvConfigFileKind;

#[cfg(test)]
impl Profiles {
    /// Reads profiles from a text, as `~/.aws/config` would hold it.
    pub(super) fn of(config: &str) -> Self {
        let files = EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, config)
            .build();
        let variables = Env::from_slice(&[]);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Self::load(&files, &variables)).unwrap()
    }
}
