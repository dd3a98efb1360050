//! The tables of the README are those of the program. `ZONECUT_BLESS=1` writes them anew.

use std::path::Path;

use zonecut::cli::EXITS;
use zonecut::findings::RULES;
use zonecut::report::FORMATS;

fn commands() -> String {
    let mut table = String::from("| command | what it does |\n|---|---|\n| `zonecut` | opens the terminal program |\n");
    for command in zonecut::cli::command().get_subcommands() {
        let about = command
            .get_about()
            .expect("every command says what it does")
            .to_string();
        let what = about.trim_end_matches('.');
        table.push_str(&format!("| `zonecut {}` | {what} |\n", command.get_name()));
    }
    table
}

fn formats() -> String {
    let mut table = String::from("| format | what it is | commands |\n|---|---|---|\n");
    for info in FORMATS {
        let commands: Vec<&str> = info.documents.iter().map(|document| document.command()).collect();
        table.push_str(&format!(
            "| `{}` | {} | {} |\n",
            info.word,
            info.about,
            commands.join(", ")
        ));
    }
    table
}

fn exit_codes() -> String {
    let mut table = String::from("| code | meaning |\n|---|---|\n");
    for (exit, meaning) in EXITS {
        table.push_str(&format!("| {} | {meaning} |\n", exit.code()));
    }
    table
}

fn findings() -> String {
    let mut table = String::from("| code | severity | what it is |\n|---|---|---|\n");
    for rule in RULES {
        table.push_str(&format!("| `{}` | {} | {} |\n", rule.code, rule.severity, rule.title));
    }
    table
}

fn policy() -> String {
    let policy = zonecut::aws::read_policy(zonecut::aws::Partition::Aws);
    format!("```json\n{}\n```\n", policy.trim_end())
}

#[test]
fn the_readme_says_what_the_program_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let mut text = std::fs::read_to_string(&path).expect("the README");
    let before = text.clone();
    for (name, content) in [
        ("iam-policy", policy()),
        ("commands", commands()),
        ("formats", formats()),
        ("exit-codes", exit_codes()),
        ("findings", findings()),
    ] {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (head, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no {start}"));
        let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
        text = format!("{head}{start}{content}{end}{tail}");
    }
    if std::env::var_os("ZONECUT_BLESS").is_some() {
        std::fs::write(&path, &text).expect("written");
    } else {
        assert_eq!(before, text, "run with ZONECUT_BLESS=1 to write the tables anew");
    }
    for command in ["cargo run --release -- demo", "cargo test --locked"] {
        assert!(text.contains(command));
    }
}

#[test]
fn the_changelog_names_this_version() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md")).expect("the changelog");
    assert!(text.contains(concat!("## ", env!("CARGO_PKG_VERSION"))));
}
