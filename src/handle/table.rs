//! A table of numbered objects. Its use by several threads is model-checked (`tests/model`).

use crate::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The last generation of a slot. A slot in this generation is not filled again after its object is removed.
pub const LAST_GENERATION: u32 = (1 << 30) - 1;

/// A number of 64 bits: `kind (2 bits) | generation (30 bits) | slot + 1 (32 bits)`.
pub type Number = u64;

struct Slot<T> {
    generation: u32,
    /// The object and its kind.
    entry: Option<(u64, T)>,
}

/// The data that the lock of a [`Table`] protects.
pub struct Slots<T> {
    slots: Vec<Slot<T>>,
    /// Indices of empty slots that can be filled again.
    free: Vec<u32>,
}

impl<T> Slots<T> {
    pub const fn new() -> Slots<T> {
        Slots { slots: Vec::new(), free: Vec::new() }
    }
}

/// Objects by number. A number that was made up or removed, or is of another kind, finds nothing.
pub struct Table<T>(pub RwLock<Slots<T>>);

impl<T: Clone> Table<T> {
    /// Adds an object of a kind from 1 to 3. Returns its number, or 0 if the table is full.
    pub fn insert(&self, kind: u64, object: T) -> Number {
        let mut table = self.write();
        let index = match table.free.pop() {
            Some(index) => index,
            None => {
                let Ok(index) = u32::try_from(table.slots.len()) else { return 0 };
                if index == u32::MAX {
                    return 0;
                }
                table.slots.push(Slot { generation: 0, entry: None });
                index
            }
        };
        let slot = &mut table.slots[index as usize];
        slot.entry = Some((kind, object));
        (kind << 62) | (u64::from(slot.generation) << 32) | u64::from(index + 1)
    }

    /// Returns a clone of the object, which stays usable after its number is removed.
    pub fn find(&self, kind: u64, number: Number) -> Option<T> {
        let (generation, index) = place(kind, number)?;
        let table = self.read();
        let slot = table.slots.get(index).filter(|slot| slot.generation == generation)?;
        slot.entry.as_ref().filter(|(of, _)| *of == kind).map(|(_, object)| object.clone())
    }

    /// Removes an object. Returns it, so that it is dropped after the lock is released: dropping a client closes
    /// connections. Returns `None` if the number finds nothing.
    pub fn remove(&self, kind: u64, number: Number) -> Option<T> {
        let (generation, index) = place(kind, number)?;
        let mut table = self.write();
        let slot = table.slots.get_mut(index).filter(|slot| slot.generation == generation)?;
        let (_, object) = slot.entry.take_if(|(of, _)| *of == kind)?;
        slot.generation += 1;
        // A slot whose generations are used up is never filled again.
        if slot.generation <= LAST_GENERATION {
            table.free.push(index as u32);
        }
        Some(object)
    }

    fn read(&self) -> RwLockReadGuard<'_, Slots<T>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, Slots<T>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the generation and the index that a number of this kind contains.
fn place(kind: u64, number: Number) -> Option<(u32, usize)> {
    let index = (number as u32).checked_sub(1)?;
    (number >> 62 == kind).then_some(((number >> 32) as u32 & LAST_GENERATION, index as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_whose_generations_are_used_up_is_never_filled_again() {
        let table = Table(RwLock::new(Slots::new()));
        let first = table.insert(1, "first");
        table.write().slots[0].generation = LAST_GENERATION;
        assert_eq!(table.find(1, first), None);
        let last = first | u64::from(LAST_GENERATION) << 32;
        assert_eq!(table.remove(1, last), Some("first"));
        let next = table.insert(1, "next");
        assert_eq!(next as u32, 2, "another slot");
        // Not even the number that follows, whose generation would be 0 again.
        assert_eq!((table.find(1, last), table.find(1, first), table.find(1, next)), (None, None, Some("next")));
    }
}
