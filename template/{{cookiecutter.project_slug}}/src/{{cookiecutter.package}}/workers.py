"""The processes (workers) that train together: who they are, and how they keep in step.

Nearly always there is one. Several share a folder; the first of them is the chief, and writes.
"""

from __future__ import annotations

import faulthandler
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import tensorflow as tf

P = ParamSpec("P")
# How TensorFlow speaks of a worker that is gone, according to what was waiting for it.
LOST = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)
GO_ON = "start all of them again, and they go on after the last epoch that is done"
LINGER = 15  # seconds


@dataclass(frozen=True)
class Team:
    """The devices (replicas) of all processes (workers), and which of the workers this one is."""

    replicas: int = 1
    workers: int = 1
    worker: int = 0

    @property
    def own(self) -> range:
        """The replicas of this worker."""
        each = self.replicas // self.workers
        return range(self.worker * each, (self.worker + 1) * each)


class WorkerLost(RuntimeError):
    """The workers cannot go on together; the message is meant for the user."""


def team() -> Team:
    """Who trains together in the present scope."""
    strategy = tf.distribute.get_strategy()
    resolver = strategy.cluster_resolver
    cluster = resolver.cluster_spec().as_dict() if resolver else {}
    if not cluster:
        return Team(strategy.num_replicas_in_sync)
    return Team(strategy.num_replicas_in_sync, len(cluster["worker"]), resolver.task_id)


@contextmanager
def together(strategy: tf.distribute.Strategy) -> Iterator[None]:
    """Train on all the strategy's devices; when one worker stops, the others stop as well."""
    try:
        with strategy.scope(), warnings.catch_warnings():
            # Keras says so of every end that it cannot foresee.
            warnings.filterwarnings("ignore", "Your input ran out of data")
            yield
    except BaseException as problem:
        if strategy.cluster_resolver:
            _leave_soon()
        if not isinstance(problem, LOST):
            raise
        raise WorkerLost(
            f"another worker has stopped, and this one cannot go on without it "
            f"({type(problem).__name__}): {GO_ON}"
        ) from None


def _leave_soon() -> None:
    """End this process in a moment, even if TensorFlow waits for the others while it closes.

    Python has no say by then, nor have its threads; the timer of `faulthandler` needs neither.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)  # what went wrong is said already
    faulthandler.dump_traceback_later(LINGER, exit=True, file=nowhere)


def chief() -> bool:
    """Whether this process writes for all of them."""
    return team().worker == 0


def from_chief(find: Callable[[], int]) -> int:
    """The number that the chief finds, for all workers."""
    number = find() if chief() else 0
    if team().workers == 1:
        return number
    value = tf.constant(number, tf.int64)
    return int(tf.distribute.get_strategy().reduce("SUM", value, axis=None))


def meet() -> None:
    """Wait until every worker has come here."""
    from_chief(lambda: 0)


def agree(number: int, otherwise: str) -> None:
    """Stop unless every worker has come to the number that the chief has."""
    if number != from_chief(lambda: number):
        raise WorkerLost(otherwise)


def by_chief(method: Callable[P, None]) -> Callable[P, None]:
    """A method that writes, and that only the chief carries out."""

    @wraps(method)
    def write(*arguments: P.args, **named: P.kwargs) -> None:
        if chief():
            method(*arguments, **named)

    return write


@contextmanager
def chief_first() -> Iterator[None]:
    """The chief does it alone, and the others when it is done."""
    if not chief():
        meet()
    yield
    if chief():
        meet()
