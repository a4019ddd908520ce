//! What is redacted, and what is not.

use super::*;
use proptest::prelude::*;

fn secrets(all: &[&str]) -> Secrets {
    let mut secrets = Secrets::default();
    all.iter().for_each(|secret| secrets.add(secret));
    secrets
}

#[test]
fn settings_and_credentials_of_the_body_are_secrets_and_the_rest_is_not() {
    let mut secrets = Secrets::default();
    secrets.add_body(
        r#"{"settings":{"a":["p4ssw0rd"],"n":123456,"zone":"eu"},"metadata":{"plan":"enterprise","api_key":"m-key"},
            "enabled":true,"list":[{"credentials":{"t":"tok_1"}}]}"#,
    );
    let text = "p4ssw0rd, 123456, m-key and tok_1 are wrong for enterprise in eu: true";
    let redacted = "[redacted], [redacted], [redacted] and [redacted] are wrong for enterprise in eu: true";
    assert_eq!(secrets.redact(text, false), redacted);
}

#[test]
fn credentials_in_headers_are_secrets_and_other_headers_are_not() {
    let mut secrets = Secrets::default();
    secrets.add_header("authorization", "Bearer tok_1");
    secrets.add_header("cookie", "sid=session-1; csrf=abcd");
    secrets.add_header("x-api-key", "first second");
    secrets.add_header("proxy-authorization", "Basic dXNlcjpwQHNz");
    secrets.add_header("x-env", "reset");
    secrets.add_header("prefer", "return=representation");
    let text = "Bearer token tok_1, session-1 and abcd of sid, second, p@ss of user: reset by return=representation";
    let redacted = "Bearer token [redacted], [redacted] and [redacted] of sid, [redacted], [redacted] of user: reset \
                    by return=representation";
    assert_eq!(secrets.redact(text, false), redacted);
}

#[test]
fn only_whole_tokens_are_redacted() {
    let secrets = secrets(&["live", "$dollar$", "ab ab", "größe"]);
    for same in ["delivery lives alive live_x x_live live1", "LIVE", "größen", "xab ab1", "ab  ab"] {
        assert_eq!(secrets.redact(same, false), same);
    }
    for (text, redacted) in [
        ("live", "[redacted]"),
        ("(live)", "([redacted])"),
        ("go-live.", "go-[redacted]."),
        ("live live", "[redacted] [redacted]"),
        ("x$dollar$x", "x[redacted]x"),
        ("xab ab ab", "xab [redacted]"),
        ("密码是live。", "密码是[redacted]。"),
        ("größe", "[redacted]"),
    ] {
        assert_eq!(secrets.redact(text, false), redacted, "{text}");
    }
}

#[test]
fn a_secret_is_found_in_any_spelling() {
    let secrets = secrets(&["q\"u\no/é🦀", "tok+/en=="]);
    for text in [
        "q\"u\no/é🦀",
        r#""q\"u\no/é🦀""#,
        r#""q\"u\no\/\u00e9\ud83e\udd80""#,
        r#""\u0071\u0022\u0075\u000A\u006F\u002F\u00E9\uD83E\uDD80""#,
        r#"{"a":"{\"b\":\"q\\\"u\\no\\/\\u00e9\\ud83e\\udd80\"}"}"#,
        r#"{"a":"{\"b\":\"{\\\"c\\\":\\\"q\\\\\\\"u\\\\no/é🦀\\\"}\"}"}"#,
        r#""line\nq\"u\no/é🦀\tnext""#,
        "/path/q%22u%0Ao%2F%C3%A9%F0%9F%A6%80?x",
        "?token=tok%2B%2Fen%3D%3D&more",
    ] {
        let redacted = secrets.redact(text, false);
        assert!(redacted.contains(REDACTED) && !redacted.contains(['é', '🦀']), "{text} -> {redacted}");
        assert!(!redacted.contains("u00") && !redacted.contains("tok%"), "{text} -> {redacted}");
    }
}

#[test]
fn a_text_that_is_cut_does_not_end_within_a_secret() {
    let secrets = secrets(&["p4ssw0rd é"]);
    for (text, redacted) in [
        ("wrong: p4ssw0", "wrong: [redacted]"),
        ("wrong: p4ssw0rd ", "wrong: [redacted]"),
        (r"wrong: p4ssw0rd \u00", "wrong: [redacted]"),
        (r"wrong: p4ssw0rd \", "wrong: [redacted]"),
        ("wrong: p4ssw0rd é", "wrong: [redacted]"),
        ("wrong: ", "wrong: "),
        ("wrong: xp4ssw0", "wrong: xp4ssw0"),
    ] {
        assert_eq!(secrets.redact(text, true), redacted);
    }
    assert_eq!(secrets.redact("wrong: p4ssw0", false), "wrong: p4ssw0");
}

#[test]
fn secrets_that_overlap_are_redacted_together() {
    let secrets = secrets(&["one two", "two three", "one two three four"]);
    assert_eq!(secrets.redact("zero one two three four five", false), "zero [redacted] five");
    assert_eq!(secrets.redact("zero one two three five", false), "zero [redacted] five");
}

#[test]
fn a_secret_prints_as_a_placeholder() {
    assert_eq!(format!("{:?}", Secret::new("s3cret".into())), "[secret]");
}

/// Spells a text as a JSON writer may do. `choices` decides for each character.
fn spelled(text: &str, choices: &[u8]) -> String {
    let mut spelled = String::new();
    for (index, character) in text.chars().enumerate() {
        let choice = choices[index % choices.len()];
        match character {
            '"' | '\\' => spelled.extend(['\\', character]),
            '/' if choice & 1 == 1 => spelled.push_str("\\/"),
            '\n' if choice & 1 == 1 => spelled.push_str("\\n"),
            character if character < ' ' || choice & 2 == 2 => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let escape = if choice & 4 == 4 { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
                    spelled.push_str(&escape);
                }
            }
            character => spelled.push(character),
        }
    }
    spelled
}

fn unspelled(text: &str, times: usize) -> String {
    let mut spelling = Spelling::plain(text);
    for _ in 0..times {
        spelling = spelling.unescaped();
    }
    spelling.text.to_string()
}

/// Text of the characters that matter: letters, digits, escapes and non-ASCII characters.
const TEXT: &str = "[a-c0-1_ \\-\\.\"\\\\/\n\u{1}u%é是🦀]{0,12}";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_secret_is_redacted_in_every_spelling(
        secret in "[a-c\"\\\\/\n\u{1}é是🦀]{4,10}",
        (before, after) in (TEXT, TEXT),
        choices in proptest::collection::vec(any::<u8>(), 1..8),
        nested in 0..=3usize,
    ) {
        prop_assume!(secret.trim() == secret);
        let mut text = format!("{before} {secret} {after}");
        for _ in 0..nested {
            text = spelled(&text, &choices);
        }
        let redacted = secrets(&[&secret]).redact(&text, false);
        prop_assert!(redacted.contains(REDACTED), "{text}");
        let left = unspelled(&redacted, nested);
        let count = left.matches(&format!(" {secret} ")).count();
        prop_assert_eq!(count, 0, "{} -> {}", text, redacted);
    }

    #[test]
    fn text_without_a_secret_stays_as_it_is(secret in "[a-c]{4,6}", text in "[d-z0-9_ \\-\"\\\\/%é是🦀]{0,40}") {
        for cut in [false, true] {
            prop_assert_eq!(secrets(&[&secret]).redact(&text, cut), text.as_str());
        }
    }

    #[test]
    fn a_secret_within_a_longer_word_is_not_redacted(secret in "[a-c]{4,6}", before in "[d-z0-9_]{0,3}", after in "[d-z0-9_]{0,3}") {
        prop_assume!(!before.is_empty() || !after.is_empty());
        let text = format!("to {before}{secret}{after}.");
        prop_assert_eq!(secrets(&[&secret]).redact(&text, false), text);
    }

    #[test]
    fn any_text_is_redacted_without_a_panic_and_wherever_it_is_cut(
        texts in proptest::collection::vec(TEXT, 1..4),
        all in proptest::collection::vec(TEXT, 0..4),
    ) {
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let (secrets, text) = (secrets(&all), texts.concat());
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let whole = secrets.redact(&text[..at], false);
            // If the whole text has a secret, its beginning is redacted too.
            prop_assert!(secrets.redact(&text[..at], true).matches(REDACTED).count() >= usize::from(whole.contains(REDACTED)));
        }
    }

    #[test]
    fn no_cut_shows_the_beginning_of_a_secret(
        secret in "[a-c\"é是🦀]{4,8}",
        choices in proptest::collection::vec(any::<u8>(), 1..8),
        nested in 0..=2usize,
    ) {
        let mut text = secret.clone();
        for _ in 0..nested {
            text = spelled(&text, &choices);
        }
        for at in (1..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let shown = secrets(&[&secret]).redact(&format!("x: {}", &text[..at]), true);
            let start = unspelled(&shown, nested);
            prop_assert!(!start["x: ".len().min(start.len())..].starts_with(&secret.chars().next().unwrap().to_string()), "{text} at {at}: {shown}");
        }
    }
}
