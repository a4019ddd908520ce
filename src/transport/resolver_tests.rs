//! The resolver with look-ups that block until the test opens a gate. `tests/model` runs it in every order of steps.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::resolver::{Environment, Found, Resolver, lock};
use crate::wake;

/// Blocks look-ups until the test opens it. Each test has its own gate, as a type.
struct Gate {
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Default)]
struct GateState {
    is_open: bool,
    /// How often each name is looked up.
    begun: BTreeMap<String, usize>,
    active: usize,
    most_active: usize,
}

impl Gate {
    fn new() -> Gate {
        Gate { state: Mutex::default(), changed: Condvar::new() }
    }

    fn look_up(&self, name: &str) -> Found {
        let mut state = lock(&self.state);
        *state.begun.entry(name.to_string()).or_default() += 1;
        state.active += 1;
        state.most_active = state.most_active.max(state.active);
        self.changed.notify_all();
        while !state.is_open {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.active -= 1;
        match name {
            "fails" => Err("no such name".into()),
            "panics" => panic!("on purpose"),
            _ => Ok(vec!["127.0.0.1:0".parse().expect("an address")]),
        }
    }

    fn open(&self) {
        lock(&self.state).is_open = true;
        self.changed.notify_all();
    }

    fn wait_until(&self, condition: impl Fn(&GateState) -> bool) {
        let mut state = lock(&self.state);
        while !condition(&state) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

macro_rules! environment {
    ($name:ident, $start:expr) => {
        struct $name;

        impl $name {
            fn gate() -> &'static Gate {
                static GATE: std::sync::OnceLock<Gate> = std::sync::OnceLock::new();
                GATE.get_or_init(Gate::new)
            }
        }

        impl Environment for $name {
            const MAX_THREADS: usize = 2;

            fn start(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
                let start: fn(Box<dyn FnOnce() + Send>) -> io::Result<()> = $start;
                start(Box::new(work))
            }

            fn look_up(name: &str) -> Found {
                $name::gate().look_up(name)
            }
        }
    };
}

fn spawn(work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    thread::Builder::new().spawn(work).map(drop)
}

/// Looks a name up and waits until the look-up ends.
fn look_up_and_wait<E: Environment>(resolver: &Resolver<E>, name: &str) -> Found {
    let found = resolver.look_up(name, |done| {
        wake::wait(&mut [], &[done], Duration::from_secs(60));
        Ok::<(), ()>(())
    });
    found.expect("nothing ends the wait")
}

#[test]
fn callers_of_one_name_share_its_look_up_and_few_threads_serve_many_names() {
    environment!(Shared, spawn);
    let resolver = Resolver::<Shared>::new();
    thread::scope(|scope| {
        for number in 0..40 {
            let resolver = &resolver;
            scope.spawn(move || assert!(look_up_and_wait(resolver, &format!("name-{}", number % 8)).is_ok()));
        }
        let waiting = || {
            let state = lock(&resolver.state);
            state.queued.iter().map(|queued| queued.callers).sum::<usize>()
        };
        // Two names are being looked up, and all callers of the other six names wait.
        Shared::gate().wait_until(|state| state.active == 2);
        while waiting() < 30 {
            thread::yield_now();
        }
        Shared::gate().open();
    });
    let state = lock(&Shared::gate().state);
    assert_eq!(state.most_active, 2);
    assert!(state.begun.len() == 8 && state.begun.values().sum::<usize>() <= 10, "{:?}", state.begun);
}

#[test]
fn a_queued_name_without_callers_is_never_looked_up() {
    environment!(Gone, spawn);
    let resolver = Resolver::<Gone>::new();
    thread::scope(|scope| {
        scope.spawn(|| look_up_and_wait(&resolver, "first").is_ok());
        scope.spawn(|| look_up_and_wait(&resolver, "second").is_ok());
        Gone::gate().wait_until(|state| state.active == 2);
        assert!(matches!(resolver.look_up("third", |_| Err("cancelled")), Err("cancelled")));
        assert!(lock(&resolver.state).queued.is_empty());
        Gone::gate().open();
    });
    assert!(!lock(&Gone::gate().state).begun.contains_key("third"));
}

#[test]
fn a_failed_look_up_has_a_reason_and_the_next_one_begins_anew() {
    environment!(Failing, spawn);
    Failing::gate().open();
    let resolver = Resolver::<Failing>::new();
    assert_eq!(look_up_and_wait(&resolver, "fails"), Err("no such name".into()));
    assert_eq!(look_up_and_wait(&resolver, "panics"), Err("a defect in the look-up".into()));
    assert!(look_up_and_wait(&resolver, "works").is_ok());
    assert_eq!(look_up_and_wait(&resolver, "fails"), Err("no such name".into()));
}

#[test]
fn a_look_up_fails_if_no_thread_can_be_started() {
    environment!(Starved, |_| Err(io::Error::other("no threads left")));
    let resolver = Resolver::<Starved>::new();
    for _ in 0..2 {
        let reason = look_up_and_wait(&resolver, "name");
        assert_eq!(reason, Err("no thread could be started for it: no threads left".into()));
    }
    assert_eq!(lock(&resolver.state).threads, 0);
}
