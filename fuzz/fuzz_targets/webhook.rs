//! Webhooks, for any body: a body that can be signed is accepted with its signature and with no other, and the event is
//! a part of it. Every other body is refused, whatever its signature is.
#![no_main]

use apideck_vault::Status;
use apideck_vault_fuzz::vault::{webhook_sign, webhook_verify};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "sk_live_marked";

fuzz_target!(|body: &[u8]| {
    let signed = webhook_sign(body, KEY);
    if signed.status != Status::Ok {
        assert_eq!(signed.status, Status::InvalidArgument, "{}", signed.text);
        let refused = webhook_verify(body, &"0".repeat(64), KEY);
        assert_eq!(refused.status, Status::InvalidSignature, "{}", refused.text);
        // A body without an event is looked at only if it is signed.
        let is_unsigned = signed.message().contains("has no event") && refused.message().contains("did not sign");
        assert!(is_unsigned || refused.message() == signed.message(), "{} {}", refused.text, signed.text);
        return;
    }
    let accepted = webhook_verify(body, &signed.text, KEY);
    assert_eq!(accepted.status, Status::Ok, "{}", accepted.text);
    let event = accepted.text.strip_prefix("{\"event\":").and_then(|text| text.strip_suffix('}'));
    let event = event.expect("the result has an event").as_bytes();
    assert!(body.windows(event.len()).any(|part| part == event), "the event is what was sent, byte for byte");

    for (signature, key) in [(signed.text.as_str(), "another"), (&"0".repeat(64), KEY), ("", KEY)] {
        assert_eq!(webhook_verify(body, signature, key).status, Status::InvalidSignature);
    }
    // Another order of members or other white space may be the same event; another event is not.
    let mut changed = body.to_vec();
    changed.retain(|byte| !byte.is_ascii_digit());
    if changed.len() != body.len() {
        let resigned = webhook_sign(&changed, KEY);
        assert!(resigned.status != Status::Ok || resigned.text != signed.text, "two events have one signature");
    }
});
