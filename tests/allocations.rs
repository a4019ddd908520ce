//! Compares the heap allocations of a call with those of the HTTP library alone for the same request.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::CString;

use apideck_vault::ffi::*;
use support::server::Server;

/// How many more allocations a `get` may make than a plain `ureq` agent. This limit is only lowered.
const BEYOND_UREQ: u64 = 4;

/// The system's allocator, with a count of the allocations of each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    ALLOCATIONS.with(|count| count.set(count.get() + 1));
}

// SAFETY: every call is passed unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: promised by the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: promised by the caller.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: promised by the caller.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

/// Returns the least number of allocations of several calls on a warm connection.
fn allocations(mut call: impl FnMut()) -> u64 {
    (0..20).for_each(|_| call());
    let counted = (0..20).map(|_| {
        let before = ALLOCATIONS.get();
        call();
        ALLOCATIONS.get() - before
    });
    counted.min().expect("twenty were counted")
}

#[test]
fn a_get_makes_few_more_allocations_than_the_http_library_alone() {
    let server = Server::with_body(r#"{"status_code":200,"status":"OK","data":{"id":"crm+pipedrive"}}"#);

    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
    let agent: ureq::Agent = config.user_agent("apideck-vault/0.1.0").accept("application/json").build().into();
    let url = format!("{}/vault/connections/crm/pipedrive", server.url());
    let plain = allocations(|| {
        let request = agent.get(&url).header("authorization", "Bearer key");
        let request = request.header("x-apideck-app-id", "app").header("x-apideck-consumer-id", "consumer");
        let body = request.call().and_then(|mut response| response.body_mut().read_to_vec());
        assert!(body.is_ok_and(|body| body.ends_with(b"}")));
    });

    let config = format!(
        r#"{{"api_key":"key","app_id":"app","consumer_id":"consumer","server_url":"{}","proxy":null}}"#,
        server.url()
    );
    let (config, request) = (CString::new(config), c"{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}");
    let config = config.expect("no NUL in it");
    // SAFETY: the C strings outlive the calls, and each returned string is freed once.
    let ours = unsafe {
        let client = apideck_vault_client_new(config.as_ptr(), std::ptr::null_mut());
        let ours = allocations(|| {
            let mut status = -1;
            let reply = apideck_vault_connections_get(client, request.as_ptr(), 0, &mut status);
            apideck_vault_string_free(reply);
            assert_eq!(status, APIDECK_VAULT_OK);
        });
        apideck_vault_client_free(client);
        ours
    };

    println!("a get allocates {ours} times, a plain agent {plain} times");
    assert!(ours <= plain + BEYOND_UREQ, "{ours} allocations, where a plain agent makes {plain}");
}
