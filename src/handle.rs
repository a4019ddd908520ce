//! Handles: the numbers that C programs have for clients and cancellations. No misuse of a handle can crash.
//!
//! A handle is looked up in a table and never used as an address. A number that was made up, was freed or belongs to
//! the other kind of object finds nothing. Each slot of the table counts the objects that were removed from it. The
//! handle contains this count, so a freed handle never names another object (`handle/table.rs`).
//!
//! A call holds its own reference to the object that it looked up, so a handle can be freed while calls run.

mod table;

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::sync::{Arc, RwLock, RwLockWriteGuard};

use crate::cancel::Cancellation;
use crate::client::Client;
use crate::fork;
use table::{Slots, Table};

/// An object that has a handle.
#[derive(Clone)]
pub enum Object {
    Client(Arc<Client>),
    Cancellation(Arc<Cancellation>),
}

const CLIENT: u64 = 1;
const CANCELLATION: u64 = 2;

static TABLE: Table<Object> = Table(RwLock::new(Slots::new()));

/// Returns the table. The first call installs the fork handlers, which keep the table usable in a child process.
fn table() -> &'static Table<Object> {
    fork::install_handlers();
    &TABLE
}

/// Adds an object. Returns its handle, or 0 if the table is full.
pub fn insert(object: Object) -> u64 {
    let kind = match &object {
        Object::Client(_) => CLIENT,
        Object::Cancellation(_) => CANCELLATION,
    };
    table().insert(kind, object)
}

/// Removes a client. Does nothing if the handle names none.
pub fn remove_client(handle: u64) {
    drop(table().remove(CLIENT, handle));
}

/// Removes a cancellation. Does nothing if the handle names none.
pub fn remove_cancellation(handle: u64) {
    drop(table().remove(CANCELLATION, handle));
}

/// Returns the client with this handle, if there is one.
pub fn client(handle: u64) -> Option<Arc<Client>> {
    match table().find(CLIENT, handle)? {
        Object::Client(client) => Some(client),
        Object::Cancellation(_) => None,
    }
}

/// Returns the cancellation with this handle, if there is one.
pub fn cancellation(handle: u64) -> Option<Arc<Cancellation>> {
    match table().find(CANCELLATION, handle)? {
        Object::Cancellation(cancellation) => Some(cancellation),
        Object::Client(_) => None,
    }
}

type Held = RwLockWriteGuard<'static, Slots<Object>>;

thread_local! {
    /// The table's lock while this thread forks. Never dropped, so that a thread can fork while it ends.
    static HELD: ManuallyDrop<Cell<Option<Held>>> = const { ManuallyDrop::new(Cell::new(None)) };
}

/// Takes the table's lock before a fork, so that no other thread holds it during the fork.
pub fn hold() {
    HELD.with(|held| held.set(held.take().or_else(|| Some(TABLE.write()))));
}

/// Releases the lock after the fork, in the parent and in the child: both run this on the thread that forked.
pub fn release() {
    HELD.with(|held| drop(held.take()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> u64 {
        insert(Object::Cancellation(Arc::default()))
    }

    #[test]
    fn a_freed_handle_never_names_another_object() {
        let first = new();
        remove_cancellation(first);
        let second = new();
        assert_ne!(first, second);
        assert!(cancellation(first).is_none());
        remove_cancellation(first);
        assert!(cancellation(second).is_some());
        remove_cancellation(second);
    }

    #[test]
    fn a_handle_of_another_kind_names_nothing() {
        let handle = new();
        assert!(client(handle).is_none());
        remove_client(handle);
        assert!(cancellation(handle).is_some());
        assert!(client(handle ^ (3 << 62)).is_none());
        remove_cancellation(handle);
    }

    #[test]
    fn made_up_numbers_name_nothing() {
        for number in [0, 1, 42, u64::MAX, 1 << 62, 2 << 62, (1 << 62) | 7, u64::MAX >> 1] {
            assert!(client(number).is_none());
            remove_client(number);
            remove_cancellation(number);
        }
    }
}
