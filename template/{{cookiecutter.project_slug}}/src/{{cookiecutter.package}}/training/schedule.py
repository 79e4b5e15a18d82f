"""The schedule: for each stage freeze, verify, compile, fit and audit; nothing else compiles.

Keras traces the training step once, in the first epoch. Whatever changes in ``trainable`` after
that is ignored without a warning, so each stage is compiled anew. Its optimizer is new as well, for
one that was built for other variables fails, or mixes up their state. (F1 to F4 of Frostline's
tested claims, docs/claims.md there.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import click
import keras
import tensorflow as tf

from ..config import Config, Stage
from ..data import batches
from ..examples import Splits
from ..freezing.audit import Audit
from ..freezing.freezer import Freezer, Frost, verify
from ..freezing.frostmap import draw
from ..hooks import kits
from ..model.network import Network, build
from . import devices, objective, optimizer
from .epochs import FEW, FIXED_STEPS, Epochs
from .run import Arrays, Progress, Run


@dataclass(frozen=True)
class Feed:
    """The model that a stage fits, and its batches."""

    model: keras.Model
    train: tf.data.Dataset
    validation: tf.data.Dataset
    steps: int  # batches in an epoch
    validation_steps: int | None = None  # None: all that there are
    # The loss to compile with: where a kit splits batches unevenly, each example still counts once.
    weigh: Callable[[Any], Any] = lambda loss: loss


def train(config: Config, splits: Splits, run: Run) -> None:
    """Run the schedule from wherever the run stands, and save the model at its end."""
{% include "backbone/" ~ ("custom" if cookiecutter.backbone == "custom" else "_shared") ~ "/fit.py" %}
    network = build(config, splits.meaning)
    freezer = Freezer(network, config.backbone.batch_norm)
    for stage in config.stage:  # all of them are validated before the first one trains
        freezer.freeze(stage)
    state = tuple(network.model.variables)  # weights, BatchNorm statistics, random seeds
    progress, arrays = run.load()  # arrays: what a stage that was cut off had saved, else none
    for number in range(progress.stage, len(config.stage)):
        if arrays:
            run.load_base(number, state)
        else:
            progress = Progress(stage=number, best=progress.best, history=progress.history)
            run.save_base(number, state)
        train_stage(freezer, config, splits, run, progress, arrays)
        run.drop_bases(before=number)
        arrays = {}
    validation = batches.in_order(splits.validation, config.data)
    predicted = partial(network.model.predict, validation, verbose=0)
    run.finish(network.model, objective.decide(config.task, splits, predicted))


def prepare(
    freezer: Freezer, config: Config, splits: Splits, stage: Stage, first_epoch: int = 0
) -> tuple[Frost, Feed]:
    """Freeze, verify, and only then compile."""
    frost = freezer.freeze(stage)
    feed = open_feed(freezer.network, frost, config, splits, stage, first_epoch)
    verify(feed.model, frost)
    feed.model.compile(
        optimizer=optimizer.build(freezer, frost, stage, config.training, feed.steps),
        loss=feed.weigh(objective.loss(config.task, splits.meaning)),
        metrics=objective.metrics(splits.meaning),
        jit_compile=devices.jit_compile(config.devices),
    )
    feed.model.optimizer.build(feed.model.trainable_variables)  # its state may be restored now
    return frost, feed


def open_feed(
    network: Network, frost: Frost, config: Config, splits: Splits, stage: Stage, first_epoch: int
) -> Feed:
    """The whole model, fed with images; kits may know a shorter way, or share batches out."""

    def images() -> Feed:
        seed = config.training.seed + config.stage.index(stage)
        return Feed(
            model=network.model,
            train=batches.shuffled(
                splits.train, config.data, stage.augment, seed, first_epoch, stage.epochs
            ),
            validation=batches.in_order(splits.validation, config.data),
            steps=batches.steps(splits.train, config.data),
        )

    make: Callable[[], Feed] = images
    for kit in kits():
        if kit.feed:
            make = partial(kit.feed, make, network, frost, config, splits, stage, first_epoch)
    return make()


def train_stage(
    freezer: Freezer,
    config: Config,
    splits: Splits,
    run: Run,
    progress: Progress,
    arrays: Arrays,
) -> None:
    """One compile and one fit, between the frost map and the audit."""
    stage = config.stage[progress.stage]
    frost, feed = prepare(freezer, config, splits, stage, progress.epoch)
    state = tuple(freezer.network.model.variables)
    judged = len(splits.validation) >= FEW
    epochs = Epochs(run, progress, stage, frost, state, feed.model.optimizer, judged)
    audit = Audit(frost)  # as the stage began, whatever a run that was stopped had saved since
    if arrays:
        epochs.restore(arrays)
    click.echo(draw(freezer, frost, config, progress.stage))
    if not judged:
        click.echo(
            f"{len(splits.validation)} validation images are too few to tell the best epoch: the "
            f"stage takes {FIXED_STEPS} batches, or all its epochs, and keeps the last weights"
        )
    if progress.epoch < stage.epochs and not progress.stopped:
        callbacks: list[keras.callbacks.Callback] = [epochs]
        if run.writes:
            logs = run.folder / "logs" / str(progress.stage)
            callbacks.append(keras.callbacks.TensorBoard(logs, write_graph=False))
        for kit in kits():
            if kit.callbacks:
                callbacks += kit.callbacks(freezer, frost, config, run, progress)
        feed.model.fit(
            feed.train,
            validation_data=feed.validation,
            steps_per_epoch=feed.steps,
            validation_steps=feed.validation_steps,
            initial_epoch=progress.epoch,
            epochs=stage.epochs,
            callbacks=callbacks,
            shuffle=False,  # the feed has its own order
            verbose=2,
        )
    if idle := audit.check():
        click.echo(f"warning: these should have trained but never moved: {', '.join(idle)}")
    epochs.restore_best()
