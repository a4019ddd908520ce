//! Configuration text: a client, or a refusal in words that repeats no value.
#![no_main]

use std::ffi::CString;

use apideck_vault::ffi::*;
use apideck_vault_fuzz::vault::Reply;
use apideck_vault_fuzz::{c_text, parts};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// In the dictionary; stands for whatever must not be repeated.
const MARK: &str = "marked-s3cret";

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let config = CString::new(&data[..end]).expect("no NUL is in it");
    let mut error = std::ptr::null_mut();
    // SAFETY: both pointers are good for the call.
    let client = unsafe { apideck_vault_client_new(config.as_ptr(), &mut error) };
    let json: Option<Value> = c_text(data).and_then(|text| serde_json::from_str(text).ok());
    if client != 0 {
        assert!(error.is_null());
        // Bodies that serde_json takes for a Value are fewer: numbers must fit, halves of pairs are refused.
        let object = json.as_ref().is_none_or(Value::is_object);
        assert!(object && c_text(data).is_some(), "only an object makes a client");
        apideck_vault_client_free(client);
        return;
    }
    // SAFETY: a text of the library, copied and freed once.
    let text = unsafe {
        let text = std::ffi::CStr::from_ptr(error).to_str().expect("texts are UTF-8").to_string();
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

/// Keys may be repeated: a wrong one is named.
fn a_key_holds(value: &Value, mark: &str) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| key.contains(mark) || a_key_holds(value, mark)),
        Value::Array(values) => values.iter().any(|value| a_key_holds(value, mark)),
        _ => false,
    }
}
