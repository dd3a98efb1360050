//! Keys at random in read-only mode, in a terminal: not one request reaches Route 53 that would change something.

use super::served::Served;
use super::session::Start;
use crate::cli::run::SMALL;
use crate::tui::is_full;

/// The operations that change something.
const WRITES: [&str; 5] = [
    "CreateHostedZone",
    "DeleteHostedZone",
    "ChangeResourceRecordSets",
    "CreateReusableDelegationSet",
    "DeleteReusableDelegationSet",
];

/// Keys that lead into changes come more often than others. Those that quit or suspend do not come, but both are among the actions
/// that others list: what was left is started anew, what was suspended is brought back.
fn any_key(random: &mut fastrand::Rng) -> String {
    const KEYS: [&str; 26] = [
        "d",
        "f",
        "u",
        "w",
        "\r",
        "\r",
        "\r",
        "\t",
        "\t",
        " ",
        "G",
        "r",
        "o",
        "p",
        "b",
        "4",
        "2",
        "1",
        "3",
        "5",
        "j",
        "k",
        "\u{1b}[Z",
        "a",
        "lost.example.com",
        "\u{1b}[B",
    ];
    match random.u8(0..10) {
        0..8 => KEYS[random.usize(..KEYS.len())].to_owned(),
        _ => loop {
            let key = char::from(random.u8(b' '..=b'~'));
            if !matches!(key, 'q' | 'Q' | 'z') {
                break key.to_string();
            }
        },
    }
}

#[test]
fn no_sequence_of_keys_writes_anything_in_read_only_mode() {
    let served = Served::of(SMALL);
    let credentials: String = [("hub", "111122223333"), ("team", "444455556666")]
        .map(|(profile, id)| served.keys(profile, id, "s"))
        .concat();
    let account = |name: &str| format!("[[accounts]]\nname = \"{name}\"\nprofile = \"{name}\"\n");
    let config = format!("{}{}[dns]\nlive = false\n", account("hub"), account("team"));
    served.configure("", &credentials, &config);
    let start = Start::new(&served.place, &["--read-only"])
        .with_all(served.variables())
        .window(120, 36);
    let begin = || {
        let mut session = start.run();
        session.until_text("lost.example.com");
        session
    };
    let mut session = begin();
    let count = if is_full() { 100_000 } else { 1_000 };
    let mut random = fastrand::Rng::with_seed(31_415);
    for _ in 0..count / 50 {
        let keys: String = (0..50).map(|_| any_key(&mut random)).collect();
        // All of them were taken in once the screen is drawn for another one.
        if !session.takes(&keys, "ctrl-l") {
            assert_eq!(session.end(), 0);
            session = begin();
        }
    }
    for action in WRITES {
        assert_eq!(served.asked(action), 0, "{action}");
    }
}
