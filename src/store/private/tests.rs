//! Private files under a loose umask, in strange places, and among hostile neighbours.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use super::{Directory, PrivateError};

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path)
        .expect("the file is there")
        .permissions()
        .mode()
        & 0o777
}

/// The umask belongs to the process, so that this test runs itself in one of its own.
#[test]
fn files_and_directories_are_private_even_without_a_umask() {
    if let Some(place) = std::env::var_os("ZONECUT_TEST_PLACE") {
        let directory = Directory::open(&Path::new(&place).join("a/b")).unwrap();
        directory.write("kept", b"x").unwrap();
        directory.append("grows").unwrap();
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let name = "store::private::tests::files_and_directories_are_private_even_without_a_umask";
    let run = Command::new("sh")
        .args(["-c", &format!("umask 000; exec \"$0\" --exact {name}")])
        .arg(std::env::current_exe().unwrap())
        .env("ZONECUT_TEST_PLACE", place.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    for directory in ["a", "a/b"] {
        assert_eq!(mode(&place.path().join(directory)), 0o700);
    }
    for file in ["a/b/kept", "a/b/grows"] {
        assert_eq!(mode(&place.path().join(file)), 0o600);
    }
}

#[test]
fn what_is_written_is_read_back_and_replaced_whole() {
    let place = tempfile::tempdir().unwrap();
    let directory = Directory::open(&place.path().join("cache")).unwrap();
    assert!(directory.read("kept", 10).unwrap().is_none());
    directory.write("kept", b"one").unwrap();
    directory.write("kept", b"two").unwrap();
    assert_eq!(directory.read("kept", 3).unwrap().unwrap(), b"two");
    assert!(matches!(
        directory.read("kept", 2),
        Err(PrivateError::TooLarge { size: 3, .. })
    ));
    let names: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "no temporary file is left");
}

#[test]
fn symbolic_links_are_not_followed() {
    let place = tempfile::tempdir().unwrap();
    let victim = place.path().join("victim");
    fs::write(&victim, b"precious").unwrap();
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o600)).unwrap();
    let directory = Directory::open(&place.path().join("cache")).unwrap();
    symlink(&victim, directory.path().join("kept")).unwrap();
    assert!(matches!(directory.read("kept", 100), Err(PrivateError::Odd(_))));
    assert!(matches!(directory.append("kept"), Err(PrivateError::Odd(_))));
    directory.write("kept", b"new").unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert_eq!(directory.read("kept", 100).unwrap().unwrap(), b"new");

    let real = place.path().join("real");
    fs::create_dir(&real).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o700)).unwrap();
    let link = place.path().join("link");
    symlink(&real, &link).unwrap();
    assert!(matches!(Directory::open(&link), Err(PrivateError::Odd(_))));
}

#[test]
fn a_directory_swapped_for_a_link_while_in_use_leads_nowhere_else() {
    let place = tempfile::tempdir().unwrap();
    let victims = place.path().join("victims");
    fs::create_dir(&victims).unwrap();
    fs::write(victims.join("kept"), b"precious").unwrap();
    let path = place.path().join("cache");
    for round in 0..200 {
        let directory = Directory::open(&path).unwrap();
        fs::rename(&path, place.path().join(format!("moved{round}"))).unwrap();
        symlink(&victims, &path).unwrap();
        directory.write("kept", b"new").unwrap();
        assert!(matches!(Directory::open(&path), Err(PrivateError::Odd(_))));
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(fs::read(victims.join("kept")).unwrap(), b"precious");
}

#[test]
fn what_others_can_reach_is_refused_with_the_command_that_mends_it() {
    let place = tempfile::tempdir().unwrap();
    let directory = Directory::open(&place.path().join("cache")).unwrap();
    directory.write("kept", b"x").unwrap();
    for open in [0o640, 0o604, 0o620] {
        fs::set_permissions(directory.path().join("kept"), fs::Permissions::from_mode(open)).unwrap();
        let error = directory.read("kept", 100).unwrap_err();
        assert!(matches!(error, PrivateError::Open { .. }), "{error}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let error = Directory::open(directory.path()).unwrap_err();
    assert!(error.to_string().contains("chmod 700"), "{error}");
}

#[test]
fn pipes_and_names_with_separators_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let directory = Directory::open(&place.path().join("cache")).unwrap();
    let made = Command::new("mkfifo")
        .arg("-m600")
        .arg(directory.path().join("pipe"))
        .status();
    assert!(made.unwrap().success());
    assert!(matches!(directory.read("pipe", 100), Err(PrivateError::Odd(_))));
    assert!(matches!(directory.append("pipe"), Err(PrivateError::Odd(_))));
    for name in ["../kept", "a/b", "..", ""] {
        assert!(
            matches!(directory.write(name, b"x"), Err(PrivateError::Odd(_))),
            "{name}"
        );
    }
}
