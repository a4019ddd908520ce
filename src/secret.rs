//! Text that must not be seen: the API key, and what a caller put into settings and credentials.

use std::fmt;

use serde_json::Value;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::object::{self, Kind};

/// A text that is wiped when it is dropped and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What the caller of a request sent in confidence.
#[derive(Default)]
pub struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    pub fn add(&mut self, secret: &str) {
        self.0.push(Zeroizing::new(secret.to_string()));
    }

    /// A header's value, and what stands in it behind a scheme (`Bearer …`) or, in cookies, behind a name.
    pub fn add_header(&mut self, name: &str, value: &str) {
        self.add(value);
        if let Some((_, credentials)) = value.split_once(' ') {
            self.add(credentials.trim());
        }
        if name == "cookie" {
            value.split(';').filter_map(|cookie| cookie.split_once('=')).for_each(|(_, value)| self.add(value.trim()));
        }
    }

    /// Every text and number in the settings and credentials of a request's body.
    pub fn add_body(&mut self, body: &str) {
        let Ok(body) = serde_json::from_str::<&RawValue>(body) else { return };
        // What cannot be read was not sent either.
        let _ = object::for_each_member(body, &"", |name, part| {
            if matches!(&*name, "settings" | "credentials") {
                collect(part, &mut self.0);
            }
            Ok(())
        });
    }

    /// Takes the secrets out of `message`, should the server have repeated them, as they are or as JSON spells
    /// them. `cut`: there was more of it, so that it may end in the midst of a secret.
    pub fn redact(self, message: &str, cut: bool) -> String {
        // Very short texts ("1", "eu") say nothing and would take ordinary words apart.
        let mut secrets: Vec<_> = self.0.into_iter().filter(|secret| secret.len() >= SHORTEST).collect();
        for index in 0..secrets.len() {
            // A text within JSON, and within a text of JSON within JSON.
            let once = spelled(&secrets[index]);
            secrets.push(spelled(&once));
            secrets.push(once);
        }
        // The longest first, so that a secret that holds another goes as a whole.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        let mut message = message.to_string();
        if cut && let Some(length) = secrets.iter().filter_map(|secret| beginning(secret, &message)).max() {
            message.truncate(message.len() - length);
            message.push_str(REDACTED);
        }
        for secret in &secrets {
            if message.contains(secret.as_str()) {
                message = message.replace(secret.as_str(), REDACTED);
            }
        }
        message
    }
}

const REDACTED: &str = "[redacted]";
const SHORTEST: usize = 4;

/// What JSON puts between the quotes.
fn spelled(text: &str) -> Zeroizing<String> {
    let quoted = Zeroizing::new(Value::from(text).to_string());
    Zeroizing::new(quoted[1..quoted.len() - 1].to_string())
}

/// How much of `secret`, from its beginning, stands at the end of `message`.
fn beginning(secret: &str, message: &str) -> Option<usize> {
    (1..secret.len()).rev().find(|length| secret.is_char_boundary(*length) && message.ends_with(&secret[..*length]))
}

fn collect(value: &RawValue, secrets: &mut Vec<Zeroizing<String>>) {
    match Kind::of(value) {
        Kind::String => secrets.extend(serde_json::from_str(value.get()).map(Zeroizing::new)),
        Kind::Number => secrets.push(Zeroizing::new(value.get().to_string())),
        Kind::Array => {
            let _ = object::for_each_element(value, &"", |_, element| {
                collect(element, secrets);
                Ok(())
            });
        }
        Kind::Object => {
            let _ = object::for_each_member(value, &"", |_, member| {
                collect(member, secrets);
                Ok(())
            });
        }
        Kind::Null | Kind::Boolean => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(message: &str, cut: bool) -> String {
        let mut secrets = Secrets::default();
        secrets.add("k-3-y");
        secrets.add_body(
            r#"{"settings":{"a":["p4ssw0rd"],"n":123456},"metadata":{"plan":"enterprise"},"settings":["p4ss","q\"u\no"]}"#,
        );
        secrets.redact(message, cut)
    }

    #[test]
    fn what_was_sent_in_confidence_is_taken_out_of_a_message() {
        let message = "p4ssw0rd, p4ss and 123456 are wrong for k-3-y on enterprise";
        let redacted = "[redacted], [redacted] and [redacted] are wrong for [redacted] on enterprise";
        assert_eq!(redact(message, false), redacted);
        assert_eq!(redact(r#"{"a":"q\"u\no","b":"{\"a\":\"q\\\"u\\no\"}"}"#, false).matches("[redacted]").count(), 2);
    }

    #[test]
    fn what_stands_behind_a_scheme_or_a_name_in_a_header_is_a_secret_too() {
        let mut secrets = Secrets::default();
        secrets.add_header("authorization", "Bearer tok_1");
        secrets.add_header("cookie", "sid=session-1; csrf=abcd");
        secrets.add_header("prefer", "return=representation");
        let message = "Bearer token tok_1, session-1 and abcd of sid are no representation";
        let redacted = "Bearer token [redacted], [redacted] and [redacted] of sid are no representation";
        assert_eq!(secrets.redact(message, false), redacted);
    }

    #[test]
    fn a_message_that_is_cut_does_not_end_in_the_midst_of_a_secret() {
        assert_eq!(redact("wrong: p4ssw0", true), "wrong: [redacted]");
        assert_eq!(redact("wrong: p4ssw0", false), "wrong: [redacted]w0");
        assert_eq!(redact("wrong: ", true), "wrong: ");
    }

    #[test]
    fn a_secret_prints_as_a_placeholder() {
        assert_eq!(format!("{:?}", Secret::new("s3cret".into())), "[secret]");
    }
}
