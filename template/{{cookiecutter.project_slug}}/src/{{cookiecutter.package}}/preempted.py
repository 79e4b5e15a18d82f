"""A scheduler that wants the machine back says so with SIGTERM, and gives a moment to leave.

What a run needs to go on is on disk after every epoch. So there is nothing to save, only to stop.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


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


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # told once is enough
    raise Preempted
