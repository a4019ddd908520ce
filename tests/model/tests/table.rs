//! The handle table: no order of threads lets a handle name another object, drops an object twice or leaks one.

use apideck_vault_model::sync::RwLock;
use apideck_vault_model::table::{Slots, Table};
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

const CLIENT: u64 = 1;
const CANCELLATION: u64 = 2;

/// An object that counts its drops. `loom` fails if it is used while it is dropped, or is leaked.
struct Object {
    name: &'static str,
    alive: UnsafeCell<bool>,
    drops: Arc<AtomicUsize>,
}

impl Object {
    fn name(&self) -> &'static str {
        // SAFETY: `loom` checks that nothing writes at the same time.
        assert!(self.alive.with(|alive| unsafe { *alive }));
        self.name
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: as above.
        assert!(self.alive.with_mut(|alive| unsafe { std::mem::replace(&mut *alive, false) }));
        self.drops.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Clone)]
struct Shared {
    table: Arc<Table<Arc<Object>>>,
    drops: Arc<AtomicUsize>,
}

impl Shared {
    fn new() -> Shared {
        Shared { table: Arc::new(Table(RwLock::new(Slots::new()))), drops: Arc::new(AtomicUsize::new(0)) }
    }

    fn insert(&self, kind: u64, name: &'static str) -> u64 {
        let object = Object { name, alive: UnsafeCell::new(true), drops: Arc::clone(&self.drops) };
        self.table.insert(kind, Arc::new(object))
    }

    /// Finds a client and uses it, as a call does. Returns the client's name.
    fn call(&self, handle: u64) -> Option<&'static str> {
        self.table.find(CLIENT, handle).map(|object| {
            thread::yield_now(); // other threads run inside the call
            object.name()
        })
    }

    fn drops(&self) -> usize {
        self.drops.load(Ordering::Relaxed)
    }

    fn spawn<T: 'static>(&self, body: impl FnOnce(Shared) -> T + 'static) -> thread::JoinHandle<T> {
        let shared = self.clone();
        thread::spawn(move || body(shared))
    }
}

fn join<T>(thread: thread::JoinHandle<T>) -> T {
    thread.join().expect("no thread panics")
}

#[test]
fn a_client_that_is_freed_inside_a_call_lives_until_the_call_ends() {
    loom::model(|| {
        let shared = Shared::new();
        let handle = shared.insert(CLIENT, "client");
        let calls = [shared.spawn(move |shared| shared.call(handle)), shared.spawn(move |shared| shared.call(handle))];
        let freed = shared.table.remove(CLIENT, handle);
        assert!(freed.is_some());
        drop(freed);
        for call in calls {
            assert!(matches!(join(call), None | Some("client")));
        }
        assert_eq!((shared.call(handle), shared.drops()), (None, 1));
    });
}

#[test]
fn two_threads_that_free_a_handle_free_it_once() {
    loom::model(|| {
        let shared = Shared::new();
        let handle = shared.insert(CLIENT, "client");
        let other = shared.spawn(move |shared| shared.table.remove(CLIENT, handle).is_some());
        let here = shared.table.remove(CLIENT, handle).is_some();
        assert!(here != join(other));
        assert_eq!(shared.drops(), 1);
    });
}

#[test]
fn a_freed_handle_never_names_the_object_that_fills_its_slot() {
    loom::model(|| {
        let shared = Shared::new();
        let first = shared.insert(CLIENT, "first");
        let call = shared.spawn(move |shared| (shared.call(first), shared.call(first)));
        // A second free of the first handle, at any time, frees nothing else.
        let free_again = shared.spawn(move |shared| shared.table.remove(CLIENT, first).map(|object| object.name()));
        let freed = shared.table.remove(CLIENT, first).map(|object| object.name());
        let second = shared.insert(CLIENT, "second");
        assert_ne!(first, second);
        let freed_again = join(free_again);
        assert!(matches!((freed, freed_again), (Some("first"), None) | (None, Some("first"))));
        assert!(matches!(join(call), (None | Some("first"), None) | (Some("first"), Some("first"))));
        assert_eq!((shared.call(first), shared.call(second), shared.drops()), (None, Some("second"), 1));
        drop(shared.table.remove(CLIENT, second));
        assert_eq!(shared.drops(), 2);
    });
}

#[test]
fn objects_that_are_inserted_at_the_same_time_have_different_handles() {
    loom::model(|| {
        let shared = Shared::new();
        // One slot is free, so one of the two takes it and the other makes a new one.
        let gone = shared.insert(CLIENT, "gone");
        drop(shared.table.remove(CLIENT, gone));
        let other = shared.spawn(|shared| shared.insert(CLIENT, "other"));
        let here = shared.insert(CLIENT, "here");
        let other = join(other);
        assert!(gone != here && gone != other && here != other);
        assert_eq!((shared.call(gone), shared.call(here), shared.call(other)), (None, Some("here"), Some("other")));
        drop((shared.table.remove(CLIENT, here), shared.table.remove(CLIENT, other)));
        assert_eq!(shared.drops(), 3);
    });
}

#[test]
fn a_handle_of_another_kind_finds_nothing_at_any_time() {
    loom::model(|| {
        let shared = Shared::new();
        let client = shared.insert(CLIENT, "client");
        let misuse = shared.spawn(move |shared| {
            (shared.table.remove(CANCELLATION, client).is_none(), shared.table.find(CANCELLATION, client).is_none())
        });
        // The number with the other kind's bits, while its slot changes from one kind to the other.
        let forged = client ^ (CLIENT << 62) ^ (CANCELLATION << 62);
        let forger = shared.spawn(move |shared| shared.table.remove(CANCELLATION, forged).is_none());
        assert_eq!(shared.table.remove(CLIENT, client).map(|object| object.name()), Some("client"));
        let cancellation = shared.insert(CANCELLATION, "cancellation");
        assert_eq!(join(misuse), (true, true));
        assert!(join(forger));
        assert_eq!(shared.table.remove(CANCELLATION, cancellation).map(|object| object.name()), Some("cancellation"));
        assert_eq!(shared.drops(), 2);
    });
}
