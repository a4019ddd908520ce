//! Numbers for objects, and why no misuse of them can crash.
//!
//! A handle is `kind (2 bits) | generation (30 bits) | slot + 1 (32 bits)`. It is looked up, never
//! followed: a number that was made up, freed or is of the other kind finds nothing. A slot's
//! generation grows with each object that leaves it, and a slot whose generations are used up is
//! retired, so a freed handle never comes to mean another object.
//!
//! A call holds a reference of its own to what it looked up; freeing a handle while calls run is safe.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::cancel::Cancellation;
use crate::client::Client;
use crate::fork;

/// An object that C knows by number.
#[derive(Clone)]
pub enum Object {
    Client(Arc<Client>),
    Cancellation(Arc<Cancellation>),
}

impl Object {
    fn kind(&self) -> u64 {
        match self {
            Object::Client(_) => CLIENT,
            Object::Cancellation(_) => CANCELLATION,
        }
    }
}

const CLIENT: u64 = 1;
const CANCELLATION: u64 = 2;
const LAST_GENERATION: u32 = (1 << 30) - 1;

struct Slot {
    generation: u32,
    object: Option<Object>,
}

struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

static TABLE: RwLock<Table> = RwLock::new(Table { slots: Vec::new(), free: Vec::new() });

/// Puts `object` into the table; 0 when 2^32 objects are in it.
pub fn insert(object: Object) -> u64 {
    watch_forks();
    let mut table = write();
    let index = match table.free.pop() {
        Some(index) => index,
        None => {
            let Ok(index) = u32::try_from(table.slots.len()) else { return 0 };
            if index == u32::MAX {
                return 0;
            }
            table.slots.push(Slot { generation: 0, object: None });
            index
        }
    };
    let kind = object.kind();
    let slot = &mut table.slots[index as usize];
    slot.object = Some(object);
    (kind << 62) | (u64::from(slot.generation) << 32) | u64::from(index + 1)
}

/// Takes a client or cancellation out of the table; a handle that names nothing is left alone.
pub fn remove_client(handle: u64) {
    remove(handle, CLIENT);
}

pub fn remove_cancellation(handle: u64) {
    remove(handle, CANCELLATION);
}

pub fn client(handle: u64) -> Option<Arc<Client>> {
    match find(handle)? {
        Object::Client(client) => Some(client),
        Object::Cancellation(_) => None,
    }
}

pub fn cancellation(handle: u64) -> Option<Arc<Cancellation>> {
    match find(handle)? {
        Object::Cancellation(cancellation) => Some(cancellation),
        Object::Client(_) => None,
    }
}

fn find(handle: u64) -> Option<Object> {
    let (kind, generation, index) = split(handle)?;
    let table = read();
    let slot = table.slots.get(index)?;
    let object = slot.object.as_ref()?;
    (slot.generation == generation && object.kind() == kind).then(|| object.clone())
}

fn remove(handle: u64, wanted: u64) {
    let Some((kind, generation, index)) = split(handle) else { return };
    let mut table = write();
    let Some(slot) = table.slots.get_mut(index) else { return };
    let names_it = slot.generation == generation && slot.object.as_ref().is_some_and(|o| o.kind() == kind);
    if kind != wanted || !names_it {
        return;
    }
    let object = slot.object.take();
    slot.generation += 1;
    if slot.generation <= LAST_GENERATION {
        table.free.push(index as u32);
    }
    // The object goes after the lock: dropping a client closes connections.
    drop(table);
    drop(object);
}

fn split(handle: u64) -> Option<(u64, u32, usize)> {
    let slot = (handle as u32).checked_sub(1)?;
    Some((handle >> 62, (handle >> 32) as u32 & LAST_GENERATION, slot as usize))
}

fn read() -> RwLockReadGuard<'static, Table> {
    TABLE.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, Table> {
    TABLE.write().unwrap_or_else(PoisonError::into_inner)
}

/// The table's lock while a fork is under way.
static HELD: Mutex<Option<Held>> = Mutex::new(None);

struct Held(#[allow(dead_code, reason = "held, not read")] RwLockWriteGuard<'static, Table>);

// SAFETY: the guard is kept from `before_fork` to `after_fork`, which the C library calls on the
// thread that forks, one after the other; no other thread can take it out in between, because it
// would have to hold the table's lock first.
#[allow(unsafe_code)]
unsafe impl Send for Held {}

fn watch_forks() {
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    if !REGISTERED.swap(true, Ordering::AcqRel) {
        fork::register(before_fork, after_fork);
    }
}

extern "C" fn before_fork() {
    let held = Held(write());
    *HELD.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
}

extern "C" fn after_fork() {
    HELD.lock().unwrap_or_else(PoisonError::into_inner).take();
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
    fn numbers_that_were_made_up_name_nothing() {
        for number in [0, 1, 42, u64::MAX, 1 << 62, 2 << 62, (1 << 62) | 7, u64::MAX >> 1] {
            assert!(client(number).is_none());
            remove_client(number);
            remove_cancellation(number);
        }
    }
}
