//! The JSON functions, for any bytes: the pointer is what follows the last line end, the JSON text is before it.
//!
//! They find, count and decode what `serde_json` does. Text that `serde_json` refuses only has to be safe: its values hold
//! no number beyond a double, no half of a surrogate pair and no nesting deeper than 128.
#![no_main]

use std::ffi::{CStr, CString, c_char};

use apideck_vault::ffi::*;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let at = data.iter().rposition(|byte| *byte == b'\n').unwrap_or(data.len());
    let (json, pointer) = (c_string(&data[..at]), c_string(data.get(at + 1..).unwrap_or_default()));
    // SAFETY: both strings end with a NUL.
    let found = unsafe { take(apideck_vault_json_get(json.as_ptr(), pointer.as_ptr())) };
    // SAFETY: as above.
    let count = unsafe { apideck_vault_json_count(json.as_ptr(), pointer.as_ptr()) };
    check_value(&json, &pointer, found.as_deref(), count);
    check_quoted(&json);
});

fn check_value(json: &CStr, pointer: &CStr, found: Option<&str>, count: usize) {
    assert!(found.is_some() || count == 0, "what is not there has no elements");
    let (Ok(json), Ok(pointer)) = (json.to_str(), pointer.to_str()) else {
        assert_eq!(found, None, "only UTF-8 has values");
        return;
    };
    let Ok(value) = serde_json::from_str::<Value>(json) else { return };
    // serde_json reads any `~` as itself; RFC 6901 allows `~0` and `~1` alone.
    let is_pointer = pointer.split('~').skip(1).all(|part| part.starts_with(['0', '1']));
    let wanted = value.pointer(pointer).filter(|_| is_pointer);
    match (wanted, found) {
        (None, None) => {}
        (Some(Value::String(wanted)), Some(found)) => assert_eq!(found, wanted),
        (Some(wanted), Some(found)) => assert_eq!(&serde_json::from_str::<Value>(found).expect("JSON"), wanted),
        _ => panic!("wanted {wanted:?}, got {found:?}"),
    }
    match wanted {
        Some(Value::Array(elements)) => assert_eq!(count, elements.len()),
        // Members of the same name are counted one by one; serde_json keeps the last of them.
        Some(Value::Object(members)) => assert!(count >= members.len()),
        _ => assert_eq!(count, 0),
    }
}

fn check_quoted(text: &CStr) {
    // SAFETY: the string ends with a NUL.
    let quoted = unsafe { take(apideck_vault_json_quote(text.as_ptr())) };
    assert_eq!(quoted.is_some(), text.to_str().is_ok(), "any UTF-8 can be quoted, nothing else");
    if let Some(quoted) = quoted {
        assert_eq!(serde_json::from_str::<String>(&quoted).expect("a JSON string").as_bytes(), text.to_bytes());
    }
}

/// The bytes up to the first NUL.
fn c_string(data: &[u8]) -> CString {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    CString::new(&data[..end]).expect("there is no NUL")
}

/// Copies and frees a string.
///
/// # Safety
///
/// `string` is NULL or a string of the library that is not freed yet.
unsafe fn take(string: *mut c_char) -> Option<String> {
    if string.is_null() {
        return None;
    }
    // SAFETY: promised by the caller.
    unsafe {
        let copy = CStr::from_ptr(string).to_bytes().to_vec();
        let length = apideck_vault_string_length(string);
        // A string may contain U+0000, which ends it for C.
        let whole = std::slice::from_raw_parts(string.cast::<u8>(), length).to_vec();
        assert!(whole.starts_with(&copy));
        apideck_vault_string_free(string);
        Some(String::from_utf8(whole).expect("strings are UTF-8"))
    }
}
