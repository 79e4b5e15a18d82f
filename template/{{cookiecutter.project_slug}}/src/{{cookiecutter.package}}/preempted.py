"""A scheduler that wants the machine back says so with SIGTERM, and gives a moment to leave.

What a run needs to go on is on disk after every epoch. So there is nothing to save, only to stop.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click


class Preempted(BaseException):
    """The program was told to stop; nothing on the way out may take this for an error."""


@contextmanager
def heeding_sigterm() -> Iterator[None]:
    """Let SIGTERM end what is done here with ``Preempted``."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def say_goodbye() -> int:
    """What the user is told, and the exit code that the scheduler wants: some take 0 for done."""
    click.echo("stopped by SIGTERM; the same command goes on after the last epoch that is done")
    return int(os.environ.get("PREEMPTED_EXIT", "0"))


def leave_at_once() -> None:
    """Let SIGTERM end one of several workers wherever it is.

    It may wait for another worker inside TensorFlow, where Python cannot raise anything, and be
    ended as a failure once that other worker has left.
    """
    ears, mouth = socket.socketpair()
    mouth.setblocking(False)
    signal.set_wakeup_fd(mouth.fileno())  # written to at the very moment of a signal

    def listen(keep: socket.socket) -> None:
        while ears.recv(1) != bytes([signal.SIGTERM]):
            pass
        code = say_goodbye()
        sys.stdout.flush()
        os._exit(code)

    threading.Thread(target=listen, args=[mouth], daemon=True).start()


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # told once is enough
    raise Preempted
