//! The C ABI: C text in, C text out, and one guard against panics.
//!
//! The doc comments here are those of the C header, which `build.rs` makes from them.
#![allow(rustdoc::bare_urls, reason = "these comments are the header's, where JSON is not marked up")]
#![allow(unsafe_code, non_camel_case_types)]
#![allow(clippy::missing_safety_doc, reason = "the header states what callers promise")]

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cancel::Cancellation;
use crate::client::{Client, Reply};
use crate::envelope::HEADROOM;
use crate::error::{Failure, Status};
use crate::handle::{self, Object};
use crate::operation::Operation;
use crate::os;
use crate::pointer;

mod health;
mod operations;
mod webhook;

pub use health::*;
pub use operations::*;
pub use webhook::*;

/// The handle of a client (see HANDLES above). 0 is never valid.
pub type apideck_vault_client = u64;

/// The handle of a cancellation (see HANDLES above). As an argument, 0 means "cannot be cancelled".
pub type apideck_vault_cancellation = u64;

/// How a call ended: one of the constants APIDECK_VAULT_OK, APIDECK_VAULT_INVALID_ARGUMENT and so on, whose
/// values never change.
pub type apideck_vault_status = i32;

/// A function that gets the events of a client's calls. `event_json` is valid until the callback returns.
/// `user_data` is the pointer that was passed when the callback was set.
///
/// An event is an object like
///
///   {"event":"request"|"response"|"retry"|"error","call_id":7,"consumer_id":"...",
///    "operation":"connections.list","method":"GET","path":"/vault/connections","attempt":1,
///    "status":503,"elapsed_ms":12,"wait_ms":500,"message":"..."}
///
/// Keys that do not apply are absent. All events of one call have the same `call_id`: an integer from 1
/// that counts up and is unique within the process. `consumer_id` is absent if the call has no consumer.
/// No event holds a secret.
pub type apideck_vault_event_callback = Option<unsafe extern "C" fn(event_json: *const c_char, user_data: *mut c_void)>;

/// Makes a client from a configuration (see CONFIGURATION above). NULL means {}. Nothing is sent yet.
///
/// Returns the client, and sets `*error_json` to NULL. The caller frees the client with
/// apideck_vault_client_free.
///
/// On failure, returns 0 and sets `*error_json` to a string like
///   {"error":{"status":"INVALID_ARGUMENT","message":"app_id: is required: ...","retryable":false}}
/// The caller frees it with apideck_vault_string_free. `error_json` may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_client_new(
    config_json: *const c_char,
    error_json: *mut *mut c_char,
) -> apideck_vault_client {
    let made = guard(|| {
        // SAFETY: promised by the caller.
        let config = unsafe { text(config_json, "configuration") }?;
        let client = Client::new(config)?;
        match handle::insert(Object::Client(Arc::new(client))) {
            0 => Err(Failure::new(Status::Internal, "too many handles")),
            handle => Ok(handle),
        }
    });
    let (handle, error) = match made {
        Ok(handle) => (handle, std::ptr::null_mut()),
        Err(_) if error_json.is_null() => (0, std::ptr::null_mut()),
        Err(failure) => (0, owned(Reply::of_failure(&failure).into_text())),
    };
    if !error_json.is_null() {
        // SAFETY: promised by the caller.
        unsafe { error_json.write(error) };
    }
    handle
}

/// Frees a client. Calls that have begun finish; then the API key is wiped from memory.
///
/// Does nothing if the handle is not that of a client.
#[unsafe(no_mangle)]
pub extern "C" fn apideck_vault_client_free(client: apideck_vault_client) {
    let _ = guard(|| {
        handle::remove_client(client);
        Ok(())
    });
}

/// Makes a call to any operation by its name: "connections.list", "sessions.create".
///
/// The other parameters and the result are those of the operation's own function. An unknown name fails
/// with APIDECK_VAULT_INVALID_ARGUMENT; the message has the nearest known name.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_call(
    client: apideck_vault_client,
    operation: *const c_char,
    request_json: *const c_char,
    cancellation: apideck_vault_cancellation,
    status: *mut apideck_vault_status,
) -> *mut c_char {
    let find = || match operation.is_null() {
        true => Err(Failure::argument("operation", "is NULL; expected a name such as \"connections.list\"")),
        // SAFETY: promised by the caller.
        false => Operation::find(unsafe { text(operation, "operation") }?),
    };
    // SAFETY: promised by the caller.
    unsafe { call(find, client, request_json, cancellation, status) }
}

/// Makes a cancellation, with which another thread can end calls. It can be passed to many calls. Once it is
/// cancelled, it stays cancelled.
///
/// The caller frees it with apideck_vault_cancellation_free. Returns 0 only if the handle table is full.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn apideck_vault_cancellation_new() -> apideck_vault_cancellation {
    guard(|| Ok(handle::insert(Object::Cancellation(Arc::new(Cancellation::default()))))).unwrap_or(0)
}

/// Ends every call that has this cancellation with APIDECK_VAULT_CANCELLED, within 100 ms. A call that gets it
/// later ends at once.
///
/// Does nothing if the handle is not that of a cancellation.
#[unsafe(no_mangle)]
pub extern "C" fn apideck_vault_cancellation_cancel(cancellation: apideck_vault_cancellation) {
    let _ = guard(|| {
        if let Some(cancellation) = handle::cancellation(cancellation) {
            cancellation.cancel();
        }
        Ok(())
    });
}

/// Frees a cancellation. Calls that have it continue and can no longer be cancelled.
///
/// Does nothing if the handle is not that of a cancellation.
#[unsafe(no_mangle)]
pub extern "C" fn apideck_vault_cancellation_free(cancellation: apideck_vault_cancellation) {
    let _ = guard(|| {
        handle::remove_cancellation(cancellation);
        Ok(())
    });
}

/// Sets or replaces the callback that gets the events of a client's calls. NULL removes it.
///
/// The callback is called on the thread that makes the call, so several threads may call it at the
/// same time. After this function returns, the previous callback is never called again, so its
/// `user_data` can be freed. Inside a callback this function returns APIDECK_VAULT_INVALID_ARGUMENT.
/// Calls made inside a callback cause no events.
///
/// `callback` and `user_data` must be usable on any thread until the callback is replaced or removed,
/// or the client is freed and its last call has ended. The callback must return: no exception and no
/// longjmp may leave it.
///
/// Returns APIDECK_VAULT_OK, APIDECK_VAULT_INVALID_HANDLE or APIDECK_VAULT_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_client_set_event_callback(
    client: apideck_vault_client,
    callback: apideck_vault_event_callback,
    user_data: *mut c_void,
) -> apideck_vault_status {
    let set = guard(|| {
        let Some(client) = handle::client(client) else {
            return Err(invalid_handle("client"));
        };
        let user_data = UserData(user_data);
        let callback = callback.map(|callback| -> crate::event::Callback {
            Arc::new(move |event: &CStr| {
                let user_data = &user_data;
                // SAFETY: promised by the caller that set the callback.
                unsafe { callback(event.as_ptr(), user_data.0) }
            })
        });
        client.set_event_callback(callback)
    });
    match set {
        Ok(()) => Status::Ok as i32,
        Err(failure) => failure.status as i32,
    }
}

/// Returns the value at a JSON Pointer (RFC 6901) in JSON text: the characters of a string, or the JSON text
/// of any other value. "" is the whole document, "/error/message" the message of a failure.
///
/// Returns NULL if there is no such value, if `json` is not JSON, or if an argument is NULL or not UTF-8. Half
/// a surrogate pair becomes U+FFFD. If a name appears twice in an object, the last member counts. The caller
/// owns the string and frees it with apideck_vault_string_free. A string may contain U+0000;
/// apideck_vault_string_length returns its whole length.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_json_get(json: *const c_char, pointer: *const c_char) -> *mut c_char {
    // SAFETY: promised by the caller.
    let (json, pointer) = unsafe { (optional_text(json), optional_text(pointer)) };
    let found = guard(|| {
        let value = json.zip(pointer).and_then(|(json, pointer)| pointer::find(json, pointer));
        Ok(value.map(|value| string(&pointer::text(value))))
    });
    found.ok().flatten().map_or(std::ptr::null_mut(), owned)
}

/// Returns the number of elements of the array, or of members of the object, at a JSON Pointer in JSON text.
/// Returns 0 if the value is of another type, or wherever apideck_vault_json_get returns NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_json_count(json: *const c_char, pointer: *const c_char) -> usize {
    // SAFETY: promised by the caller.
    let (json, pointer) = unsafe { (optional_text(json), optional_text(pointer)) };
    guard(|| {
        let value = json.zip(pointer).and_then(|(json, pointer)| pointer::find(json, pointer));
        Ok(value.map_or(0, pointer::count))
    })
    .unwrap_or(0)
}

/// Returns `text` as a JSON string, with its quotes: for a value or a key of a request.
///
/// Returns NULL if `text` is NULL or not UTF-8. The caller owns the string and frees it with
/// apideck_vault_string_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_json_quote(text: *const c_char) -> *mut c_char {
    // SAFETY: promised by the caller.
    let text = unsafe { optional_text(text) };
    let quoted = guard(|| Ok(text.map(|text| string(&serde_json::Value::from(text).to_string()))));
    quoted.ok().flatten().map_or(std::ptr::null_mut(), owned)
}

/// Returns the version of the library, such as "0.1.0". The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn apideck_vault_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Returns the name of a status as JSON has it: "OK", "NOT_FOUND". Returns "UNKNOWN" for any other number. The
/// string is static and never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn apideck_vault_status_name(status: apideck_vault_status) -> *const c_char {
    Status::from_number(status).map_or("UNKNOWN\0", Status::c_name).as_ptr().cast()
}

/// Returns the length of a string in bytes, without its NUL, in constant time. NULL has length 0.
///
/// `string` must be NULL or a string that this library returned as `char *` and that is not freed yet.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_string_length(string: *const c_char) -> usize {
    if string.is_null() {
        return 0;
    }
    // SAFETY: `owned` wrote the length in front of the text.
    unsafe { string.cast::<u8>().sub(size_of::<usize>()).cast::<usize>().read_unaligned() }
}

/// Frees a string that this library returned as `char *`. NULL does nothing.
///
/// As with free(), a string must not be freed twice, and no other pointer may be passed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apideck_vault_string_free(string: *mut c_char) {
    if string.is_null() {
        return;
    }
    // SAFETY: `owned` put HEADROOM bytes in front of the text, which begin with the capacity.
    unsafe {
        let start = string.cast::<u8>().sub(HEADROOM);
        let capacity = start.cast::<usize>().read_unaligned();
        drop(Vec::from_raw_parts(start, 0, capacity));
    }
}

struct UserData(*mut c_void);

// SAFETY: the pointer is only passed back. The caller that set the callback promised that it may be called on any
// thread.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

/// Makes a call. Every function of an operation does this.
///
/// # Safety
///
/// As for apideck_vault_connections_list.
unsafe fn call(
    operation: impl FnOnce() -> Result<&'static Operation, Failure>,
    client: apideck_vault_client,
    request_json: *const c_char,
    cancellation: apideck_vault_cancellation,
    status: *mut apideck_vault_status,
) -> *mut c_char {
    let replied = guard(|| {
        let operation = operation()?;
        let Some(client) = handle::client(client) else {
            return Err(invalid_handle("client"));
        };
        let cancellation = match cancellation {
            0 => None,
            handle => Some(handle::cancellation(handle).ok_or_else(|| invalid_handle("cancellation"))?),
        };
        // SAFETY: promised by the caller.
        let request = unsafe { text(request_json, "request") }?;
        Ok(client.call(operation, request, cancellation))
    });
    let reply = replied.unwrap_or_else(|failure| Reply::of_failure(&failure));
    if !status.is_null() {
        // SAFETY: promised by the caller.
        unsafe { status.write(reply.status as i32) };
    }
    owned(reply.into_text())
}

fn invalid_handle(kind: &str) -> Failure {
    Failure::new(
        Status::InvalidHandle,
        format!("the {kind} handle is not valid: it was freed, made up, or belongs to another kind of object"),
    )
}

/// Returns the caller's text. NULL is `{}`.
///
/// # Safety
///
/// `text` is NULL or NUL-terminated, and does not change while the result is used.
unsafe fn text<'a>(text: *const c_char, what: &str) -> Result<&'a str, Failure> {
    if text.is_null() {
        return Ok("{}");
    }
    // SAFETY: promised by the caller.
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
    std::str::from_utf8(bytes)
        .map_err(|e| Failure::argument(what, format_args!("is not UTF-8 at byte {}", e.valid_up_to())))
}

/// Returns the caller's text, or `None` if it is NULL or not UTF-8.
///
/// # Safety
///
/// `text` is NULL or NUL-terminated, and does not change while the result is used.
unsafe fn optional_text<'a>(text: *const c_char) -> Option<&'a str> {
    // SAFETY: promised by the caller.
    unsafe { c_bytes(text) }.and_then(|text| std::str::from_utf8(text).ok())
}

/// Returns the bytes of the caller's text, or `None` if it is NULL.
///
/// # Safety
///
/// `text` is NULL or NUL-terminated, and does not change while the result is used.
unsafe fn c_bytes<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: promised by the caller.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// Passes a text to C, or that of a failure, and sets the status.
///
/// # Safety
///
/// `status` is NULL or writable.
unsafe fn text_or_failure(made: Result<Vec<u8>, Failure>, status: *mut apideck_vault_status) -> *mut c_char {
    let (made, ended) = match made {
        Ok(text) => (text, Status::Ok),
        Err(failure) => (Reply::of_failure(&failure).into_text(), failure.status),
    };
    if !status.is_null() {
        // SAFETY: promised by the caller.
        unsafe { status.write(ended as i32) };
    }
    owned(made)
}

/// Returns a text with the headroom in front of it that [`owned`] needs.
fn string(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADROOM + text.len() + 1);
    bytes.resize(HEADROOM, 0);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// Passes the ownership of a text to C. The headroom in front of it begins with the capacity of the allocation and ends
/// with the length of the text, so that the pointer is enough to free or measure the text, and no byte is moved.
fn owned(mut text: Vec<u8>) -> *mut c_char {
    text.push(0);
    let (capacity, length) = (text.capacity(), text.len() - HEADROOM - 1);
    let start = std::mem::ManuallyDrop::new(text).as_mut_ptr();
    // SAFETY: the allocation begins with the headroom, which has room for two numbers.
    unsafe {
        start.cast::<usize>().write_unaligned(capacity);
        let text = start.add(HEADROOM);
        text.sub(size_of::<usize>()).cast::<usize>().write_unaligned(length);
        text.cast()
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs the body of an exported function. Nothing unwinds out of it: a panic becomes INTERNAL, without a message on
/// stderr, and `pthread_cancel` of the thread takes effect only after the function returns.
fn guard<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let result = os::without_thread_cancellation(|| {
        silence_panics();
        let outer = GUARDED.replace(true);
        let result = catch_unwind(AssertUnwindSafe(body));
        GUARDED.set(outer);
        result
    });
    result.unwrap_or_else(|panic| {
        drop(panic); // its message may contain text of the caller
        Err(Failure::new(Status::Internal, "the library has a defect: please report it"))
    })
}

/// Installs a panic hook that prints nothing for panics inside the library and calls the previous hook for others. Runs
/// once, without a lock that a fork could leave held.
fn silence_panics() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.load(Ordering::Relaxed) || DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            before(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_internal() {
        let result = guard(|| -> Result<(), Failure> { panic!("on purpose") });
        assert_eq!(result.err().map(|failure| failure.status), Some(Status::Internal));
    }
}
