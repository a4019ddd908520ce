//! The resolver's queue and shared look-ups, in every order of threads.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use loom::sync::Arc;
use loom::thread;

use apideck_vault_model::resolver::{Environment, Found, Resolver};
use apideck_vault_model::wake::{self, WakeUp};

/// The number of look-ups made, and of those that run now. They are not loom's atomics, because they only observe.
static MADE: AtomicUsize = AtomicUsize::new(0);
static RUNNING: AtomicUsize = AtomicUsize::new(0);
/// Ensures that one model runs at a time, because the counters are shared.
static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

struct OneThread;

impl Environment for OneThread {
    const MAX_THREADS: usize = 1;

    fn start(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        thread::spawn(work);
        Ok(())
    }

    fn look_up(name: &str) -> Found {
        assert_eq!(RUNNING.fetch_add(1, SeqCst), 0, "more look-ups run than threads are allowed");
        MADE.fetch_add(1, SeqCst);
        thread::yield_now();
        RUNNING.fetch_sub(1, SeqCst);
        Ok(vec![address(name)])
    }
}

struct NoThread;

impl Environment for NoThread {
    const MAX_THREADS: usize = 1;

    fn start(_: impl FnOnce() + Send + 'static) -> io::Result<()> {
        thread::yield_now();
        Err(io::ErrorKind::WouldBlock.into())
    }

    fn look_up(_: &str) -> Found {
        unreachable!("no thread was started")
    }
}

/// Returns an address that identifies the name.
fn address(name: &str) -> SocketAddr {
    ([127, 0, 0, name.as_bytes()[0]], 0).into()
}

fn until_done(done: &WakeUp) -> Result<(), ()> {
    wake::wait(&mut [], &[done], Duration::MAX);
    Ok(())
}

fn look_up<E: Environment>(resolver: &Resolver<E>, name: &str) -> Found {
    resolver.look_up(name, until_done).expect("this caller waits until the end")
}

fn model(test: impl Fn() + Sync + Send + 'static) {
    let _one = ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        MADE.store(0, SeqCst);
        RUNNING.store(0, SeqCst);
        test();
    });
}

#[test]
fn every_caller_of_a_name_gets_its_addresses() {
    model(|| {
        let resolver = Arc::new(Resolver::<OneThread>::new());
        let other = Arc::clone(&resolver);
        let thread = thread::spawn(move || look_up(&other, "a"));
        assert_eq!(look_up(&resolver, "a"), Ok(vec![address("a")]));
        assert_eq!(thread.join().expect("the other caller ends"), Ok(vec![address("a")]));
        assert!(MADE.load(SeqCst) <= 2);
    });
}

#[test]
fn two_names_take_turns_in_one_thread() {
    model(|| {
        let resolver = Arc::new(Resolver::<OneThread>::new());
        let other = Arc::clone(&resolver);
        let thread = thread::spawn(move || look_up(&other, "b"));
        assert_eq!(look_up(&resolver, "a"), Ok(vec![address("a")]));
        assert_eq!(thread.join().expect("the other caller ends"), Ok(vec![address("b")]));
        assert_eq!(MADE.load(SeqCst), 2);
    });
}

#[test]
fn a_caller_that_stops_waiting_does_not_end_the_look_up_of_another() {
    model(|| {
        let resolver = Arc::new(Resolver::<OneThread>::new());
        let other = Arc::clone(&resolver);
        let thread = thread::spawn(move || {
            let _ = other.look_up("a", |_| Err(()));
        });
        assert_eq!(look_up(&resolver, "a"), Ok(vec![address("a")]));
        thread.join().expect("the other caller ends");
    });
}

#[test]
fn without_a_thread_every_caller_gets_an_error() {
    model(|| {
        let resolver = Arc::new(Resolver::<NoThread>::new());
        let other = Arc::clone(&resolver);
        let thread = thread::spawn(move || look_up(&other, "b"));
        assert!(look_up(&resolver, "a").is_err());
        assert!(thread.join().expect("the other caller ends").is_err());
    });
}
