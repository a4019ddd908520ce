//! Addresses -> a connection, as RFC 8305 ("Happy Eyeballs") describes.
//!
//! The families of the addresses alternate. The next address is tried after 250 ms, or as soon as an earlier one has
//! failed, while the earlier ones continue. The first connection that is made wins and the others are closed, so an
//! address that does not respond costs a quarter of a second.

use std::collections::VecDeque;
use std::fmt::Write;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::attempt::{self, Phase, TransportError};
use super::socket::FIRST_WAIT;
use crate::os::{self, Polled};

/// The time between two addresses ("Connection Attempt Delay" in RFC 8305).
const DELAY: Duration = Duration::from_millis(250);

/// How many addresses a message names.
const MAX_NAMED: usize = 4;

/// Connects to one of `addresses`, which the resolver has put in order.
///
/// # Errors
///
/// Ends the attempt if no address can be connected to, or its time to connect is over. The message names the addresses.
pub fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, ureq::Error> {
    attempt::with(|attempt| attempt.phase = Phase::Connecting);
    let mut race = Race { not_tried: alternate(addresses), trying: Vec::new(), failed: Vec::new() };
    let mut next_at = Instant::now();
    loop {
        let now = Instant::now();
        if race.trying.is_empty() || now >= next_at {
            if let Some(is_trying) = race.try_next() {
                next_at = if is_trying { now + DELAY } else { now };
                continue;
            }
            if race.trying.is_empty() {
                let reason = format!("could not connect to {}", race.description());
                return Err(attempt::fail(TransportError::NotConnected(reason)));
            }
        }
        let left = attempt::remaining_time(true).inspect_err(|_| race.add_addresses_to_message())?;
        let wait = if race.not_tried.is_empty() { left } else { left.min(next_at.saturating_duration_since(now)) };
        match race.wait(wait) {
            Progress::Connected(stream) => return Ok(stream),
            Progress::Failed => next_at = now,
            Progress::None => {}
        }
    }
}

/// Returns the addresses with the two families in alternation. The family of the first address comes first, and each
/// family keeps its order.
fn alternate(addresses: &[SocketAddr]) -> VecDeque<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<SocketAddr>, Vec<SocketAddr>) =
        addresses.iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut all = VecDeque::with_capacity(addresses.len());
    while all.len() < addresses.len() {
        all.extend(first.next());
        all.extend(second.next());
    }
    all
}

/// The addresses, by the state of each.
struct Race {
    not_tried: VecDeque<SocketAddr>,
    trying: Vec<(SocketAddr, Socket)>,
    failed: Vec<(SocketAddr, io::Error)>,
}

enum Progress {
    Connected(TcpStream),
    /// At least one address has failed.
    Failed,
    None,
}

impl Race {
    /// Starts to connect to the next address. Returns false if that fails at once, and `None` if there is no further
    /// address.
    fn try_next(&mut self) -> Option<bool> {
        let address = self.not_tried.pop_front()?;
        let begun = os::begin_connecting(address);
        let is_trying = begun.is_ok();
        match begun {
            Ok(socket) => self.trying.push((address, socket)),
            Err(e) => self.failed.push((address, e)),
        }
        Some(is_trying)
    }

    /// Blocks until a connection is made, a connect fails, or `limit` has passed.
    fn wait(&mut self, limit: Duration) -> Progress {
        let mut polled: Vec<Polled> = self.trying.iter().map(|(_, socket)| Polled::for_writing(socket)).collect();
        if !attempt::wait(&mut polled, None, limit) {
            return Progress::None;
        }
        let ready: Vec<bool> = polled.iter().map(Polled::is_ready).collect();
        let mut progress = Progress::None;
        let mut ready = ready.into_iter();
        for (address, socket) in std::mem::take(&mut self.trying) {
            if !ready.next().unwrap_or(false) {
                self.trying.push((address, socket));
                continue;
            }
            match os::finish_connecting(socket, FIRST_WAIT) {
                Ok(stream) => return Progress::Connected(stream),
                Err(e) => {
                    self.failed.push((address, e));
                    progress = Progress::Failed;
                }
            }
        }
        progress
    }

    /// Adds the addresses to the message of an attempt whose time to connect is over.
    fn add_addresses_to_message(&self) {
        attempt::with(|attempt| {
            if let Some(TransportError::NotConnected(reason)) = &mut attempt.error {
                let _ = write!(reason, " to {}", self.description());
            }
        });
    }

    /// Returns the addresses with the result of each, at most [`MAX_NAMED`] of them.
    fn description(&self) -> String {
        let failed = self.failed.iter().map(|(address, e)| format!("{address} ({e})"));
        let trying = self.trying.iter().map(|(address, _)| format!("{address} (no response)"));
        let not_tried = self.not_tried.iter().map(|address| format!("{address} (not tried)"));
        let all: Vec<String> = failed.chain(trying).chain(not_tried).collect();
        let named = all[..all.len().min(MAX_NAMED)].join(", ");
        match all.len().saturating_sub(MAX_NAMED) {
            0 => named,
            1 => format!("{named} and 1 more address"),
            more => format!("{named} and {more} more addresses"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::transport::{Attempt, Limits};

    /// Runs `connect` in a new attempt. Returns the stream or the message.
    fn connect_within(addresses: &[SocketAddr], connect_timeout: Duration) -> Result<TcpStream, String> {
        let limits = Limits { deadline: Instant::now() + Duration::from_secs(60), connect_timeout };
        let entered = Attempt::new(limits, None).enter();
        let connected = connect(addresses);
        let attempt = entered.leave();
        connected.map_err(|_| match attempt.error {
            Some(TransportError::NotConnected(reason)) => reason,
            other => panic!("{other:?}"),
        })
    }

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("it is bound");
        (listener, address)
    }

    /// Returns an address whose connects neither succeed nor fail, because the queue of its listener is full.
    fn silent() -> (TcpListener, Vec<Socket>, SocketAddr) {
        let (listener, address) = listener();
        socket2::SockRef::from(&listener).listen(0).expect("a listener can listen again");
        let filling = (0..4).map(|_| os::begin_connecting(address).expect("a socket")).collect();
        (listener, filling, address)
    }

    fn refusing() -> SocketAddr {
        listener().1
    }

    #[test]
    fn families_alternate_and_the_first_address_stays_first() {
        let parse =
            |texts: &[&str]| texts.iter().map(|text| text.parse().expect("an address")).collect::<Vec<SocketAddr>>();
        let given = parse(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"]);
        assert_eq!(alternate(&given), parse(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"]));
        assert_eq!(alternate(&given[3..]), given[3..].to_vec());
        assert!(alternate(&[]).is_empty());
    }

    #[test]
    fn a_silent_first_address_costs_a_quarter_of_a_second() {
        let ((_silent, _filling, dead), (_listener, alive)) = (silent(), listener());
        let begun = Instant::now();
        let stream = connect_within(&[dead, alive], Duration::from_secs(30)).expect("the second address accepts");
        assert_eq!(stream.peer_addr().expect("it is connected"), alive);
        assert!(begun.elapsed() >= DELAY && begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }

    #[test]
    fn an_address_that_refuses_is_followed_by_the_next_at_once() {
        let (_listener, alive) = listener();
        let addresses: Vec<SocketAddr> = (0..40).map(|_| refusing()).chain([alive]).collect();
        let begun = Instant::now();
        connect_within(&addresses, Duration::from_secs(30)).expect("the last address accepts");
        assert!(begun.elapsed() < 20 * DELAY, "{:?}", begun.elapsed());
    }

    /// A TCP connection to the broadcast address fails before anything is sent.
    #[test]
    fn an_address_that_fails_at_once_is_followed_by_the_next_at_once_while_others_are_silent() {
        let ((_silent, _filling, dead), (_listener, alive)) = (silent(), listener());
        let failing = (0..40).map(|_| SocketAddr::from(([255, 255, 255, 255], 1)));
        let addresses: Vec<SocketAddr> = [dead].into_iter().chain(failing).chain([alive]).collect();
        let begun = Instant::now();
        let stream = connect_within(&addresses, Duration::from_secs(30)).expect("the last address accepts");
        assert_eq!(stream.peer_addr().expect("it is connected"), alive);
        assert!(begun.elapsed() < 20 * DELAY, "{:?}", begun.elapsed());
    }

    #[test]
    fn the_message_names_the_addresses_and_the_result_of_each() {
        let (refusing, (_silent, _filling, dead)) = ([refusing(), refusing()], silent());
        let reason = connect_within(&refusing, Duration::from_secs(30)).expect_err("nothing listens");
        let [first, second] = refusing.map(|address| format!("{address} (Connection refused (os error 111))"));
        assert_eq!(reason, format!("could not connect to {first}, {second}"));
        let reason = connect_within(&[dead], Duration::from_millis(50)).expect_err("nothing accepts");
        assert_eq!(reason, format!("connect_timeout_ms passed while connecting to {dead} (no response)"));
        let many: Vec<SocketAddr> = (0..6).map(|_| refusing[0]).collect();
        let reason = connect_within(&many, Duration::from_secs(30)).expect_err("nothing listens");
        assert!(reason.ends_with(" and 2 more addresses"), "{reason}");
    }
}
