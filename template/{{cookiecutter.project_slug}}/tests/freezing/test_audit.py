"""The audit compares bytes: a frozen weight that changed stops, one that never moved is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from {{ cookiecutter.package }}.config import Config
from {{ cookiecutter.package }}.freezing.audit import Audit
from {{ cookiecutter.package }}.freezing.freezer import FreezeError, Freezer, Frost
from {{ cookiecutter.package }}.model.network import Network


@pytest.fixture
def frost(network: Network, config: Config) -> Frost:
    """The head trains, and nothing else."""
    return Freezer(network, "frozen").freeze(config.stage[0].model_copy(update={"train": ()}))


def test_a_frozen_weight_that_changed_stops(frost: Frost) -> None:
    audit = Audit(frost)
    changed = frost.frozen[0]
    before = changed.numpy()
    changed.assign(before * 1.001)
    with pytest.raises(FreezeError, match=f"frozen weights have changed: {changed.path}"):
        audit.check()
    changed.assign(before)
    audit.check()


def test_what_should_have_trained_but_never_moved_is_named(frost: Frost) -> None:
    audit = Audit(frost)
    assert audit.check() == [variable.path for variable in frost.trainable]
    first, *others = frost.trainable
    for variable in others:
        variable.assign(variable.numpy() + 1)
    assert audit.check() == [first.path]


def test_a_held_part_is_audited_like_a_frozen_weight(frost: Frost) -> None:
    kernel = frost.trainable[0]
    mask = np.zeros(kernel.shape[-1], bool)  # broadcast over the variable
    mask[0] = True
    audit = Audit(replace(frost, held={kernel.path: mask}))
    free = kernel.numpy()
    free[..., ~mask] += 1
    kernel.assign(free)
    audit.check()
    free[..., mask] += 1
    kernel.assign(free)
    with pytest.raises(FreezeError, match=rf"{kernel.path} \(held\)"):
        audit.check()
