"""Threads that make calls for an event loop, or for a thread that handles signals or events during a call.

A worker runs one job after another and ends after five seconds without one. Workers are daemon threads: the
interpreter never waits for them at its end.
"""

from __future__ import annotations

import os
from _thread import start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from queue import SimpleQueue
    from typing import Any, Callable, List

# A monkey-patched function starts greenlets, and a call, which is C code, would block all of them.
threads_are_real = isinstance(start_new_thread, type(len))

_IDLE_SECONDS = 5.0
_idle: List[SimpleQueue[Any]] = []


def run(job: Callable[[], None]) -> None:
    """Runs a job on a worker.

    Args:
        job: Must not raise.

    Raises:
        RuntimeError: No thread can be started.
    """
    inbox: SimpleQueue[Any]
    try:
        inbox = _idle.pop()
    except IndexError:
        from _queue import SimpleQueue

        inbox = SimpleQueue()
        inbox.put(job)  # a thread keeps its arguments, so a job that is one would keep its client alive
        start_new_thread(_work, (inbox,))
    else:
        inbox.put(job)


def _work(inbox: SimpleQueue[Any]) -> None:
    from _queue import Empty

    job = inbox.get()
    while True:
        job()
        job = None  # an idle worker keeps no client alive
        _idle.append(inbox)
        try:
            job = inbox.get(timeout=_IDLE_SECONDS)
        except Empty:
            try:
                _idle.remove(inbox)
            except ValueError:  # `run` has taken this worker
                job = inbox.get()
            else:
                return


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # a child has no thread of its parent
