//! Name look-ups in a few threads, shared between the callers that ask for the same name.
//!
//! The C library's look-up cannot be interrupted, so it runs in a separate thread, and a caller can stop waiting for it
//! at any time. There are at most [`Environment::MAX_THREADS`] such threads; further names are queued. All callers that
//! ask for a name while it is queued or being looked up share one look-up. A queued name that no caller waits for any
//! more is dropped. A thread that finishes a look-up takes the next name from the queue, and ends if the queue is
//! empty.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::panic::catch_unwind;

use crate::sync::{Arc, Mutex, MutexGuard, PoisonError};
use crate::wake::WakeUp;

/// The addresses of a name, with port 0, or why there are none.
pub type Found = Result<Vec<SocketAddr>, String>;

/// The functions of the system that the resolver uses.
pub trait Environment: 'static {
    const MAX_THREADS: usize;

    /// Starts a thread that runs `work`.
    fn start(work: impl FnOnce() + Send + 'static) -> io::Result<()>;

    /// Looks `name` up. Blocks.
    fn look_up(name: &str) -> Found;
}

/// The look-ups of a process.
pub struct Resolver<E> {
    pub state: Arc<Mutex<State>>,
    environment: std::marker::PhantomData<fn() -> E>,
}

#[derive(Default)]
pub struct State {
    pub threads: usize,
    pub queued: VecDeque<Queued>,
    /// The look-ups in progress, at most one for each thread.
    running: Vec<Arc<LookUp>>,
}

pub struct Queued {
    look_up: Arc<LookUp>,
    pub callers: usize,
}

/// One look-up of one name.
struct LookUp {
    name: String,
    found: Mutex<Option<Found>>,
    /// Is set when `found` has a value.
    done: WakeUp,
}

impl<E: Environment> Resolver<E> {
    pub fn new() -> Resolver<E> {
        Resolver { state: Arc::new(Mutex::new(State::default())), environment: std::marker::PhantomData }
    }

    /// Returns the addresses of `name`, or the reason why there are none. `wait` blocks until the wake-up is set, or
    /// for a shorter time.
    ///
    /// # Errors
    ///
    /// Returns the error of `wait`, which ends the wait for the look-up.
    pub fn look_up<W>(&self, name: &str, mut wait: impl FnMut(&WakeUp) -> Result<(), W>) -> Result<Found, W> {
        let caller = Caller { look_up: self.join(name), state: &self.state };
        loop {
            if caller.look_up.done.is_set() {
                let found = lock(&caller.look_up.found).clone();
                return Ok(found.unwrap_or_else(|| Err("the look-up has no result".into())));
            }
            wait(&caller.look_up.done)?;
        }
    }

    /// Returns the look-up of `name` that is in progress, or a new one.
    fn join(&self, name: &str) -> Arc<LookUp> {
        let mut state = lock(&self.state);
        if let Some(look_up) = state.running.iter().find(|look_up| look_up.name == name) {
            return Arc::clone(look_up);
        }
        if let Some(queued) = state.queued.iter_mut().find(|queued| queued.look_up.name == name) {
            queued.callers += 1;
            return Arc::clone(&queued.look_up);
        }
        let look_up = Arc::new(LookUp { name: name.to_string(), found: Mutex::new(None), done: WakeUp::new() });
        state.queued.push_back(Queued { look_up: Arc::clone(&look_up), callers: 1 });
        if state.threads < E::MAX_THREADS {
            state.threads += 1;
            drop(state);
            self.start_thread();
        }
        look_up
    }

    /// Starts a thread that is already counted. If there is no thread at all, every queued look-up fails.
    fn start_thread(&self) {
        let state = Arc::clone(&self.state);
        let Err(e) = E::start(move || run::<E>(&state)) else { return };
        let mut state = lock(&self.state);
        state.threads -= 1;
        if state.threads == 0 {
            for queued in std::mem::take(&mut state.queued) {
                queued.look_up.finish(Err(format!("no thread could be started for it: {e}")));
            }
        }
    }
}

/// The main function of a resolver thread.
fn run<E: Environment>(state: &Mutex<State>) {
    loop {
        let look_up = {
            let mut state = lock(state);
            let Some(Queued { look_up, .. }) = state.queued.pop_front() else {
                state.threads -= 1;
                return;
            };
            state.running.push(Arc::clone(&look_up));
            look_up
        };
        let found =
            catch_unwind(|| E::look_up(&look_up.name)).unwrap_or_else(|_| Err("a defect in the look-up".into()));
        lock(state).running.retain(|running| !Arc::ptr_eq(running, &look_up));
        look_up.finish(found);
    }
}

impl LookUp {
    fn finish(&self, found: Found) {
        *lock(&self.found) = Some(found);
        self.done.set();
    }
}

/// A caller that waits for a look-up. When it is dropped, it no longer waits.
struct Caller<'a> {
    look_up: Arc<LookUp>,
    state: &'a Mutex<State>,
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        if self.look_up.done.is_set() {
            return;
        }
        let mut state = lock(self.state);
        let Some(index) = state.queued.iter().position(|queued| Arc::ptr_eq(&queued.look_up, &self.look_up)) else {
            return;
        };
        state.queued[index].callers -= 1;
        if state.queued[index].callers == 0 {
            state.queued.remove(index);
        }
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
