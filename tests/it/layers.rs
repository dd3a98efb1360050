//! The layer rule of the architecture, and the rules of the house that a file's text shows.

use std::path::{Path, PathBuf};

/// The layers in order; a module uses only what stands before it. Those of one line never use each other.
const LAYERS: [&[&str]; 8] = [
    &["model"],
    &["findings"],
    &["plan"],
    &["ports"],
    &["config"],
    &["engine"],
    &["aws", "dns", "store", "sim", "report"],
    &["tui"],
];

/// Knows every layer; nothing but `main` knows it.
const ROOT: &str = "cli";

struct Source {
    path: String,
    /// The code without comments, string literals and tests.
    code: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    assert!(paths.len() > 100, "the sources are not where they were");
    let source = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a source file");
        Source {
            path: path
                .strip_prefix(&root)
                .expect("below src")
                .to_string_lossy()
                .replace('\\', "/"),
            code: strip(&text),
            text,
        }
    };
    paths.iter().map(source).collect()
}

fn walk(dir: &Path, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir)
        .expect("a directory")
        .map(|e| e.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|e| e == "rs") {
            paths.push(path);
        }
    }
}

/// A file up to its tests.
fn code_of(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// The code of a file without comments, without the contents of strings, and up to its tests.
fn strip(text: &str) -> String {
    let text = code_of(text);
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
            code.push('\n');
        } else if let Some(skipped) = string(rest) {
            code.push_str("\"\"");
            rest = &rest[skipped..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

/// How long the string or character literal is that begins here.
fn string(text: &str) -> Option<usize> {
    if let Some(raw) = text.strip_prefix("r#\"") {
        return raw.find("\"#").map(|end| end + 5);
    }
    if text.starts_with("'\"'") || text.starts_with("'\\\"'") {
        return text[1..].find('\'').map(|end| end + 2);
    }
    let body = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 2),
            _ => {}
        }
    }
    None
}

impl Source {
    /// The layer that a file is in: its first folder, or its own name.
    fn layer(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("tests.rs") || self.path.contains("/tests/")
    }

    /// The layers that the code names: `crate::layer`, and the groups `crate::{layer::…, layer}`.
    fn uses(&self) -> Vec<String> {
        let mut used = Vec::new();
        for (at, _) in self.code.match_indices("crate::") {
            let after = &self.code[at + "crate::".len()..];
            match after.strip_prefix('{') {
                Some(group) => used.extend(group_heads(group)),
                None => used.push(word(after)),
            }
        }
        used
    }
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of the members of a `{…}` group, to its closing brace.
fn group_heads(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = Vec::new();
    let mut at_head = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_head = true,
            _ if at_head && !c.is_whitespace() => {
                heads.push(word(&group[at..]));
                at_head = false;
            }
            _ => {}
        }
    }
    heads
}

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|line| line.contains(&layer))
}

#[test]
fn a_module_uses_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.layer();
        if matches!(layer, "lib" | "main" | ROOT) {
            continue;
        }
        let own = rank(layer).unwrap_or_else(|| panic!("src/{layer} has no place in the layers"));
        for used in source.uses() {
            let allowed = used == layer || rank(&used).is_some_and(|other| other < own);
            let is_layer = rank(&used).is_some() || used == ROOT;
            // The front end may show what reports do not know, but never what an adapter does.
            let adapter = layer == "tui" && ["aws", "dns", "store", "sim"].contains(&used.as_str());
            if is_layer && (!allowed || adapter) && !source.is_test() {
                wrong.push(format!("src/{} uses {used}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_adapter_each_knows_the_aws_sdk_and_the_wire_format_of_dns() {
    let mut wrong = Vec::new();
    for source in sources() {
        let names = |krate: &str| {
            source.code.match_indices(krate).any(|(at, _)| {
                let before = source.code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.')
            })
        };
        let sdk = [
            "aws_sdk_",
            "aws_config::",
            "aws_smithy_",
            "aws_types::",
            "aws_runtime::",
            "aws_credential_types::",
        ];
        if source.layer() != "aws" && sdk.iter().any(|krate| names(krate)) {
            wrong.push(format!("src/{} uses the AWS SDK", source.path));
        }
        let of_dns = source.path.starts_with("sim/dns") || source.layer() == "dns";
        if !of_dns && names("hickory_proto") {
            wrong.push(format!("src/{} uses hickory", source.path));
        }
        if source.layer() != "tui" && ["ratatui::", "crossterm::"].iter().any(|krate| names(krate)) {
            wrong.push(format!("src/{} draws", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_printed_outside_the_command_line() {
    let mut wrong = Vec::new();
    for source in sources() {
        if matches!(source.layer(), ROOT | "report" | "main") {
            continue;
        }
        for printing in ["println!", "print!(", "eprintln!", "eprint!(", "dbg!("] {
            if source.code.contains(printing) {
                wrong.push(format!("src/{} has {printing}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_pure_has_no_io_clock_environment_or_async() {
    let impure = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::io",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "tokio",
        "fastrand",
        "async fn",
        "async move",
        ".await",
        "std::thread",
    ];
    let pure = |path: &str| {
        [
            "model/",
            "findings/",
            "tui/update",
            "tui/view",
            "tui/screens/",
            "tui/widgets/",
        ]
        .iter()
        .any(|start| path.starts_with(start))
    };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources()
        .into_iter()
        .filter(|source| pure(&source.path) && !source.is_test())
    {
        seen += 1;
        for word in impure {
            if source.code.contains(word) {
                wrong.push(format!("src/{} has {word}", source.path));
            }
        }
    }
    assert!(seen > 40, "only {seen} pure files were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tables of cases and drawings may be long; code may not.
const MOST_LINES: usize = 600;

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    let mut lengths = Vec::new();
    for source in sources() {
        // Tests that stand in the same file are stories, and as many as there are.
        let lines = code_of(&source.text).lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("src/{} has {lines} lines", source.path));
        }
        if !source.text.starts_with("//! ") && !source.is_test() {
            wrong.push(format!("src/{} does not say what it is", source.path));
        }
        let head = source.text.lines().take_while(|line| line.starts_with("//!")).count();
        if head > 12 && source.layer() != "lib" {
            wrong.push(format!("src/{} takes {head} lines to say what it is", source.path));
        }
        lengths.push(lines);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 150, "the median file has {median} lines");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_test_itself_can_tell() {
    let source = Source {
        path: "model/x.rs".into(),
        text: String::new(),
        code: strip(
            "use crate::{sim::World, engine::{a, b}};\n// crate::tui\nlet s = \"crate::cli \\\" std::fs\"; crate::aws::x();",
        ),
    };
    assert_eq!(source.layer(), "model");
    assert_eq!(source.uses(), ["sim", "engine", "aws"]);
    assert!(!source.code.contains("std::fs"));
}
