//! Words for a POSIX shell: what is quoted here comes out of the shell as it went in, and nothing in it acts.

use crate::model::text::printable_ascii;

/// A word as a shell reads it back. What is no printable ASCII is written as its escape, for a terminal would obey it on
/// the way into the shell.
pub fn word(text: &str) -> String {
    let text = match text.bytes().all(|octet| (b' '..=b'~').contains(&octet)) {
        true => text.to_owned(),
        false => printable_ascii(text),
    };
    if !text.is_empty() && text.bytes().all(is_plain) && !text.starts_with('~') {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Words with a blank between them.
pub fn line<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(word).collect();
    quoted.join(" ")
}

/// What no shell takes for anything but itself.
fn is_plain(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-_./:@%+,=".contains(&octet)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    /// What a shell makes of the words of a line.
    fn through_sh(line: &str) -> String {
        let output = Command::new("sh")
            .args(["-c", &format!("printf '%s\\n' {line}")])
            .output()
            .expect("every system that runs these tests has sh");
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{line}: {output:?}"
        );
        String::from_utf8(output.stdout).expect("ASCII went in")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_back_what_was_quoted(words in proptest::collection::vec("[ -~]{0,20}", 1..20)) {
            let line = line(words.iter().map(String::as_str));
            let expected: String = words.iter().map(|word| format!("{word}\n")).collect();
            prop_assert_eq!(through_sh(&line), expected);
        }

        #[test]
        fn what_a_terminal_would_obey_is_not_in_a_quoted_word(text in any::<String>()) {
            prop_assert!(word(&text).bytes().all(|octet| (b' '..=b'~').contains(&octet)));
        }
    }

    #[test]
    fn the_known_tricks_stay_text() {
        let tricks = [
            "$(id)", "`id`", "';id;'", "\\", "!!", "a\\'b", "*", "~", "~root", "#x", "", "a b", "$HOME", "{a,b}",
        ];
        for trick in tricks {
            assert_eq!(through_sh(&word(trick)), format!("{trick}\n"));
        }
        assert_eq!(word("a\n\u{1b}]52;c;x\u{7}"), "'a\\u{000A}\\u{001B}]52;c;x\\u{0007}'");
    }
}
