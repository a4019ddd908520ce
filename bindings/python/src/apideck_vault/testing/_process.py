"""Runs the program of the local Vault.

The program ends when its standard input ends. That is a pipe from this process, so it ends even if this process is
killed. Its standard error goes to a temporary file, because a thread that reads it would make `os.fork` in a test warn.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from typing import IO, List, Optional

from ._program import SandboxError

KEY_VARIABLE = "APIDECK_VAULT_SANDBOX_API_KEY"
"""The environment variable with a key that the program accepts. A key there is not in the list of processes."""

START_TIMEOUT = 30.0
"""The seconds until the program listens. It starts in milliseconds."""

STOP_TIMEOUT = 10.0
"""The seconds until the program has ended. It gives requests in progress one second."""

KEPT = 64 * 1024
"""How many bytes of the output are kept."""

ANNOUNCEMENT = "listening on "


class Process:
    """A running program.

    Args:
        program: Its path.
        arguments: Its arguments.
        key: The API key to accept, or `None` for any.

    Raises:
        SandboxError: It does not start. The message has the cause.
    """

    url: str
    """The address that it listens on."""

    output = ""
    """The end of what it printed to standard error. It is empty until the program has ended."""

    def __init__(self, program: str, arguments: List[str], key: Optional[str]) -> None:
        environment = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
        if key is not None:
            environment[KEY_VARIABLE] = key
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        try:
            self._running: subprocess.Popen[bytes] = subprocess.Popen(
                [program, "--listen", "127.0.0.1:0", "--stop-with-stdin", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment,
                start_new_session=True,  # Ctrl-C ends the test, which then ends the program
            )
        except OSError as error:
            self._errors.close()
            raise SandboxError(f"cannot start {program}: {error.strerror}") from error
        try:
            self.url = self._wait_until_it_listens()
        except BaseException:
            self._running.kill()
            self.stop()
            raise
        if not self.url:
            self.stop()
            printed = " ".join(self.output.split()) or "it printed nothing"
            raise SandboxError(f"{program} did not start (exit status {self._running.returncode}): {printed}")

    def _wait_until_it_listens(self) -> str:
        """Returns the URL that the program prints, or nothing if it ends before."""
        assert self._running.stdout is not None
        timeout = threading.Timer(START_TIMEOUT, self._running.kill)
        timeout.start()
        try:
            for line in self._running.stdout:
                text = line.decode("utf-8", errors="replace")
                if text.startswith(ANNOUNCEMENT):
                    return text[len(ANNOUNCEMENT) :].strip()
        finally:
            timeout.cancel()
            timeout.join()
        return ""

    def stop(self) -> None:
        """Ends the program and waits until it has ended. A second call does nothing."""
        if self._errors.closed:
            return
        assert self._running.stdin is not None and self._running.stdout is not None
        self._running.stdin.close()
        try:
            self._running.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
        self._running.stdout.close()
        # The program shares the position in the file, so it is read only now.
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - KEPT))
        self.output = self._errors.read().decode("utf-8", errors="replace")
        self._errors.close()
