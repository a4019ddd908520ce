//! Wake-ups, in every order of threads.

use std::time::Duration;

use loom::sync::Arc;
use loom::thread;

use apideck_vault_model::wake::{self, WakeUp};

/// Runs a model with three threads, in every order in which a thread is interrupted at most three times. There are too
/// many other orders.
fn model_of_three(test: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(test);
}

fn wait_for(wake_up: &WakeUp) {
    while !wake_up.is_set() {
        wake::wait(&mut [], &[wake_up], Duration::MAX);
    }
}

#[test]
fn no_wake_up_is_lost() {
    loom::model(|| {
        let wake_up = Arc::new(WakeUp::new());
        let setter = Arc::clone(&wake_up);
        let thread = thread::spawn(move || setter.set());
        wait_for(&wake_up);
        thread.join().expect("the setter ends");
    });
}

#[test]
fn one_set_wakes_every_waiter() {
    model_of_three(|| {
        let wake_up = Arc::new(WakeUp::new());
        let waiters: Vec<_> = (0..2)
            .map(|_| {
                let wake_up = Arc::clone(&wake_up);
                thread::spawn(move || wait_for(&wake_up))
            })
            .collect();
        wake_up.set();
        waiters.into_iter().for_each(|waiter| waiter.join().expect("a waiter ends"));
    });
}

#[test]
fn two_threads_can_set_the_same_wake_up() {
    model_of_three(|| {
        let wake_up = Arc::new(WakeUp::new());
        let setters: Vec<_> = (0..2)
            .map(|_| {
                let wake_up = Arc::clone(&wake_up);
                thread::spawn(move || wake_up.set())
            })
            .collect();
        wait_for(&wake_up);
        setters.into_iter().for_each(|setter| setter.join().expect("a setter ends"));
    });
}

#[test]
fn a_wait_for_two_wake_ups_ends_with_either() {
    loom::model(|| {
        let (first, second) = (Arc::new(WakeUp::new()), Arc::new(WakeUp::new()));
        let setter = Arc::clone(&second);
        let thread = thread::spawn(move || setter.set());
        while !second.is_set() {
            wake::wait(&mut [], &[&first, &second], Duration::MAX);
        }
        thread.join().expect("the setter ends");
        assert!(!first.is_set());
    });
}
