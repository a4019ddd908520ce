//! The texts of this project use the field's terms. Private words that it once used do not come back.

mod support;

use std::path::Path;

use support::{files, root};

/// Words, each with what to write instead. They also count as parts of identifiers.
const WORDS: [(&[&str], &str); 9] = [
    (&["answer", "answers", "answered", "answering", "unanswered"], "response, respond, return"),
    (&["trouble", "troubles"], "error, failure"),
    (&["standing"], "state, status"),
    (&["dice"], "jitter, random"),
    (&["deaf"], "not cancellable"),
    (&["said", "tell", "tells", "telling", "told"], "state, report, return, distinguish"),
    (&["judge", "judges", "judged", "judging"], "check, classify"),
    (&["watcher", "watchers"], "callback, waiter"),
    (&["landing"], "the name of the place"),
];

const PHRASES: [&str; 4] = ["so many", "as ever", "for ever", "what is left of"];

/// Files that contain such a word for a reason.
const EXCEPTIONS: [(&str, &str); 2] = [
    ("tests/words.rs", "lists the words"),
    ("tests/scenarios/scenarios.json", "has the names of rows, which are public"),
];

/// Texts of others, and inputs that tools made.
const SKIPPED: [&str; 5] = ["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE", "corpus"];

/// The words of a line in lower case. `wait_forAnswer` has three.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower_case = false;
    for character in line.chars() {
        if !character.is_alphabetic() || (character.is_uppercase() && after_lower_case) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphabetic()) {
            word.extend(character.to_lowercase());
        }
        after_lower_case = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn the_texts_of_the_project_use_no_private_words() {
    let (mut found, mut texts) = (Vec::new(), 0);
    for path in files() {
        let is_skipped = path.iter().any(|part| SKIPPED.iter().any(|skipped| part == *skipped));
        if is_skipped || EXCEPTIONS.iter().any(|(exception, _)| path == Path::new(exception)) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        texts += 1;
        let path = path.display();
        for (number, line) in text.lines().enumerate() {
            let words = words(line);
            for (private, instead) in WORDS {
                if let Some(word) = words.iter().find(|word| private.contains(&word.as_str())) {
                    found.push(format!("{path}:{}: {word} (write: {instead})", number + 1));
                }
            }
            let joined = words.join(" ");
            for phrase in PHRASES {
                if format!(" {joined} ").contains(&format!(" {phrase} ")) {
                    found.push(format!("{path}:{}: {phrase}", number + 1));
                }
            }
        }
    }
    assert!(texts > 300, "only {texts} texts were found");
    assert!(found.is_empty(), "{} private words:\n{}", found.len(), found.join("\n"));
}
