"""The proof after a stage: every frozen weight is bit for bit what it was before.

`layer.trainable` can read False while the weights move, so flags prove nothing; bytes do.
"""

import hashlib
from collections.abc import Iterable

import keras
import numpy as np

from .freezer import FreezeError, Frost


class Audit:
    """Fingerprints from before a stage, to be compared after it."""

    def __init__(self, frost: Frost) -> None:
        self.frost = frost
        self._frozen, self._moving = still(frost), digests(frost.trainable)

    def check(self) -> list[str]:
        """Stop unless every frozen weight is as it was; name what should have moved but did not."""
        now = still(self.frost)
        changed = [path for path, digest in self._frozen.items() if now[path] != digest]
        if changed:
            raise FreezeError(f"frozen weights have changed: {', '.join(changed)}")
        now = digests(self.frost.trainable)
        return [path for path, digest in self._moving.items() if now[path] == digest]


def still(frost: Frost) -> dict[str, str]:
    """Fingerprints of all that a stage must leave alone: whole variables, and held parts."""
    parts = {
        f"{variable.path} (held)": _digest(np.where(mask, keras.ops.convert_to_numpy(variable), 0))
        for variable in frost.trainable
        if (mask := frost.held.get(variable.path)) is not None
    }
    return {**digests(frost.frozen), **parts}


def digests(variables: Iterable[keras.Variable]) -> dict[str, str]:
    """A fingerprint of each variable's bytes, which is cheaper to keep than a copy."""
    return {v.path: _digest(keras.ops.convert_to_numpy(v)) for v in variables}


def _digest(values: np.ndarray) -> str:
    return hashlib.sha256(values.tobytes()).hexdigest()
