//! Text that must not be seen: the API key, and what a caller put into settings and credentials.

use std::fmt;

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

/// Takes out of `message` what the caller sent in confidence, should the server have repeated it:
/// the key, and every text in the settings and credentials of `body`.
pub fn redact(message: &str, key: &str, body: Option<&str>) -> String {
    let mut secrets = vec![Zeroizing::new(key.to_string())];
    if let Some(Ok(body)) = body.map(serde_json::from_str::<&RawValue>) {
        // What cannot be read was not sent either.
        let _ = object::for_each_member(body, &"", |name, part| {
            if matches!(&*name, "settings" | "credentials") {
                collect(part, &mut secrets);
            }
            Ok(())
        });
    }
    // The longest first, so that a secret that holds another goes as a whole. Very short texts ("1",
    // "eu") say nothing and would take ordinary words apart.
    secrets.retain(|secret| secret.len() >= 4);
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut message = message.to_string();
    for secret in secrets {
        if message.contains(secret.as_str()) {
            message = message.replace(secret.as_str(), "[redacted]");
        }
    }
    message
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

    #[test]
    fn what_was_sent_in_confidence_is_taken_out_of_a_message() {
        let body = r#"{"settings":{"a":["p4ssw0rd"],"n":123456},"metadata":{"plan":"enterprise"},"settings":["p4ss"]}"#;
        let message = redact("p4ssw0rd, p4ss and 123456 are wrong for k-3-y on enterprise", "k-3-y", Some(body));
        assert_eq!(message, "[redacted], [redacted] and [redacted] are wrong for [redacted] on enterprise");
    }

    #[test]
    fn a_secret_prints_as_a_placeholder() {
        assert_eq!(format!("{:?}", Secret::new("s3cret".into())), "[secret]");
    }
}
