//! Runs the program as a user does.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

pub struct Program {
    child: Child,
    pub url: String,
    out: BufReader<ChildStdout>,
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apideck-vault-sandbox"));
    command.args(arguments).env_remove("APIDECK_VAULT_SANDBOX_API_KEY").stdin(Stdio::null());
    command
}

impl Program {
    pub fn start(arguments: &[&str]) -> Program {
        Self::run(&mut command(arguments))
    }

    pub fn with_database(file: &Path) -> Program {
        Self::start(&["--database", file.to_str().expect("UTF-8")])
    }

    pub fn run(command: &mut Command) -> Program {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let url = line.strip_prefix("listening on ").and_then(|url| url.strip_suffix('\n'));
        Program { child, url: url.unwrap_or_else(|| panic!("{line:?}")).to_string(), out }
    }

    /// Sends a signal, for example `-KILL`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Ends the standard input of a program that was started with a pipe.
    pub fn end_input(&mut self) {
        self.child.stdin.take().expect("a pipe");
    }

    /// Waits until the program ends. Returns its exit status and the remaining output. Panics if it does not end.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the program does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("UTF-8");
        (status, rest)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program until it ends by itself. Returns its exit code, standard output and standard error.
pub fn run_to_end(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(arguments).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("a code"), text(stdout), text(stderr))
}
