//! Plays a script on a socket.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use crate::content::Surroundings;
use crate::table::Action;

/// Whether the connection stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Keep,
    Close,
}

/// Plays one entry.
///
/// # Errors
///
/// Fails if the client closes the connection before the end of the entry.
pub fn play(
    actions: &[Action],
    around: &Surroundings,
    stream: &mut TcpStream,
    reader: &mut impl Read,
) -> io::Result<After> {
    for action in actions {
        match action {
            Action::Send(content) => stream.write_all(&content.bytes(around))?,
            Action::Respond(response) => stream.write_all(&response.bytes(around))?,
            Action::Drip(drip) => {
                for bytes in drip.content.bytes(around).chunks(drip.bytes.max(1) as usize) {
                    stream.write_all(bytes)?;
                    thread::sleep(Duration::from_millis(drip.every_ms));
                }
            }
            Action::PauseMs(pause) => thread::sleep(Duration::from_millis(*pause)),
            Action::Read(bytes) => reader.read_exact(&mut vec![0; *bytes])?,
            Action::Close => {
                stream.shutdown(Shutdown::Both)?;
                return Ok(After::Close);
            }
            Action::Reset => {
                reset(stream)?;
                return Ok(After::Close);
            }
            Action::Hang => {
                io::copy(reader, &mut io::sink())?;
                return Ok(After::Close);
            }
            Action::Keep => return Ok(After::Keep),
        }
    }
    Ok(After::Keep)
}

/// Makes the close of the stream's last handle send an RST.
fn reset(stream: &TcpStream) -> io::Result<()> {
    // An RST discards bytes that the client has not read, so give it time to read them.
    thread::sleep(Duration::from_millis(30));
    socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))
}
