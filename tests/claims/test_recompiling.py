"""When a change of `trainable` counts: before and after `compile`, `fit` and a retrace."""

from __future__ import annotations

import warnings

import pytest

from claims.registry import claim
from claims.small import RETRACED, fit, frozen, of, plain, prepare


@claim("S2.2", "Set trainable before compile.", "true", "seed 2")
def test_the_flag_before_compile_counts() -> None:
    """It is the one order that works in every mode: graph, XLA and eager."""
    for options in ({}, {"jit_compile": True}, {"run_eagerly": True}):
        model = prepare(frozen(), **options)
        assert fit(model) == of(model, "top"), options


@claim(
    "S2.3", "A change of trainable after compile waits for the next compile.", "outdated", "seed 2"
)
def test_a_change_before_the_first_fit_counts() -> None:
    """Before the first fit it counts: the step is traced then, not at compile."""
    model = prepare(plain())
    model.get_layer("low").trainable = False
    assert fit(model) == of(model, "top")


@claim(
    "S2.4", "Without recompiling, layers that were frozen later go on training.", "true", "seed 2"
)
def test_a_freeze_after_fit_is_ignored() -> None:
    """After a fit it is so, and no warning appears; the flag reads False all the while."""
    model = prepare(plain())
    fit(model)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.get_layer("low").trainable = False
        assert fit(model) == of(model, "low", "top")
    assert not model.get_layer("low").trainable


@claim("S2.5", "A layer made trainable again is updated again, once recompiled.", "true", "seed 2")
def test_unfreezing_works() -> None:
    """With a new optimizer; F3 says what an old one does."""
    model = prepare(frozen())
    fit(model)
    model.get_layer("low").trainable = True
    assert fit(prepare(model)) == of(model, "low", "top")


@claim("S3.3", "Printing layer.trainable verifies what is frozen.", "wrong", "seed 3")
def test_the_flag_is_no_proof() -> None:
    """After a fit without recompiling the flag says False and the weights move: compare weights."""
    model = prepare(plain())
    fit(model)
    model.get_layer("low").trainable = False
    assert fit(model) & of(model, "low")
    assert not model.get_layer("low").trainable


@claim("F1", "After a fit, a change of trainable is ignored in graph and XLA mode.", "true")
def test_after_a_fit_an_unfreeze_is_ignored() -> None:
    """Also an unfreeze. Run eagerly, a freeze counts, and an unfreeze raises."""
    for options in ({}, {"jit_compile": True}):
        model = prepare(frozen(), **options)
        fit(model)
        model.get_layer("low").trainable = True
        assert fit(model) == of(model, "top"), options
        assert len(model.trainable_weights) == 4
    model = prepare(plain(), run_eagerly=True)
    fit(model)
    model.get_layer("low").trainable = False
    assert fit(model) == of(model, "top")
    model = prepare(frozen(), run_eagerly=True)
    fit(model)
    model.get_layer("low").trainable = True
    with pytest.raises(ValueError, match=RETRACED):
        fit(model)


@claim("F2", "Another batch shape makes a pending change act, all of a sudden.", "true")
def test_a_retrace_makes_a_pending_change_act() -> None:
    """A freeze applies to batches of the new shape alone; an unfreeze raises."""
    model = prepare(plain())
    fit(model)
    model.get_layer("low").trainable = False
    assert fit(model, batch=4) == of(model, "top")
    assert fit(model, batch=8) == of(model, "low", "top")
    model = prepare(frozen())
    fit(model)
    model.get_layer("low").trainable = True
    with pytest.raises(ValueError, match=RETRACED):
        fit(model, batch=4)
