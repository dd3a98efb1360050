//! What happens when zonecut itself is at fault: a report without record data, and one line that says where it is.

use std::backtrace::Backtrace;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::PathBuf;

use color_eyre::config::HookBuilder;
use color_eyre::eyre::Report;

use crate::store::private::Directory;

/// Installs the handler of errors and that of panics.
pub fn install() -> Result<(), Report> {
    let (_, eyre) = HookBuilder::default()
        .display_env_section(false)
        .display_location_section(false)
        .theme(color_eyre::config::Theme::new())
        .into_hooks();
    eyre.install()?;
    std::panic::set_hook(Box::new(report));
    Ok(())
}

fn report(info: &PanicHookInfo<'_>) {
    let line = match write(info) {
        Ok(path) => format!(
            "zonecut failed by a defect of its own; the report is {}",
            path.display()
        ),
        Err(why) => format!(
            "zonecut failed by a defect of its own at {}; no report was written: {why}",
            place(info)
        ),
    };
    let _ = writeln!(std::io::stderr(), "{}", crate::model::text::printable(&line));
}

fn write(info: &PanicHookInfo<'_>) -> Result<PathBuf, Report> {
    let dir = state_dir().ok_or_else(|| Report::msg("there is no home directory"))?;
    let now = jiff::Timestamp::now();
    let name = format!("crash-{}.txt", now.as_millisecond());
    // A message put together at run time may quote what a zone holds; a literal cannot.
    let message = info.payload().downcast_ref::<&'static str>();
    let text = format!(
        "zonecut {}\nat {now}\nin {}\n{}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        place(info),
        message.unwrap_or(&"(the message is left out, for it may quote data)"),
        Backtrace::force_capture()
    );
    Directory::open(&dir)?.write(&name, text.as_bytes())?;
    Ok(dir.join(name))
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(|| "?".to_owned(), ToString::to_string)
}

/// Where logs and crash reports lie.
pub fn state_dir() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "zonecut")?;
    Some(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned())
}

/// Makes a directory, and those above it, that only its owner may enter.
pub fn create_private_dir(dir: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Opens a file to add to, which only its owner may read.
pub fn private_file(path: &std::path::Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Keeps secrets out of core dumps: none is written, and no other process of the user may look in.
///
/// To be called once all files named on the command line are open, for afterwards `/dev/fd/N` cannot be.
pub fn forbid_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
