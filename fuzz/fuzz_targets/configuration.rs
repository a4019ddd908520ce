//! Configuration texts. Each makes a client, or fails with a message that repeats no value.
#![no_main]

use std::ffi::CString;

use apideck_vault::ffi::*;
use apideck_vault_fuzz::vault::Reply;
use apideck_vault_fuzz::{c_text, parts};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// A value in the dictionary that no message may repeat.
const MARK: &str = "marked-s3cret";

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let config = CString::new(&data[..end]).expect("there is no NUL");
    let mut error = std::ptr::null_mut();
    // SAFETY: both pointers are valid during the call.
    let client = unsafe { apideck_vault_client_new(config.as_ptr(), &mut error) };
    let json: Option<Value> = c_text(data).and_then(|text| serde_json::from_str(text).ok());
    if client != 0 {
        assert!(error.is_null());
        // serde_json refuses some JSON as a Value: numbers that do not fit, lone surrogates.
        let object = json.as_ref().is_none_or(Value::is_object);
        assert!(object && c_text(data).is_some(), "only an object makes a client");
        apideck_vault_client_free(client);
        return;
    }
    // SAFETY: the library returned the string. It is copied and freed once.
    let text = unsafe {
        let text = std::ffi::CStr::from_ptr(error).to_str().expect("strings are UTF-8").to_string();
        apideck_vault_string_free(error);
        text
    };
    parts(&Reply { status: apideck_vault::Status::InvalidArgument, text: text.clone() });
    if let Some(json) = json
        && !a_key_holds(&json, MARK)
    {
        assert!(!text.contains(MARK), "{text}");
    }
});

/// Returns whether a key contains `mark`. A message may repeat keys, because it names a wrong one.
fn a_key_holds(value: &Value, mark: &str) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| key.contains(mark) || a_key_holds(value, mark)),
        Value::Array(values) => values.iter().any(|value| a_key_holds(value, mark)),
        _ => false,
    }
}
