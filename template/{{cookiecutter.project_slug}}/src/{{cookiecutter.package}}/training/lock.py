"""One process a run: two of them would write over each other's state."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

from ..config import ConfigError

_held: list[int] = []  # open for as long as this process lives: to close one gives its lock back


def lock(folder: Path) -> None:
    """Take a run, or say who has it. The system frees it when the process ends, even by a kill."""
    if sys.platform == "win32":  # which has no such lock
        return
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        os.lockf(file, os.F_TLOCK, 0)
    except (BlockingIOError, PermissionError):
        owner = os.read(file, 1000).decode("utf-8", "replace") or "another process"
        os.close(file)
        raise ConfigError(
            f"{folder} is being trained by {owner}; wait for its end, or train another run beside "
            "it with --fresh --run NAME"
        ) from None
    except OSError:
        pass  # a file system without locks
    os.truncate(file, 0)
    os.write(file, f"process {os.getpid()} on {socket.gethostname()} since {time.ctime()}".encode())
    _held.append(file)
