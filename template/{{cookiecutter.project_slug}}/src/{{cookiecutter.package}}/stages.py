"""The schedule: for each stage freeze, verify, compile, fit and audit."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable

import click
import keras
import numpy as np

from . import optimizer, replicas, task, workers
from .checkpoint import Arrays, Progress, Run
from .config import Config, Stage
from .data import in_order
from .devices import jit_compile
from .examples import Splits
from .feed import Feed, open_feed
from .freezing import FreezeError, Freezer, Frost, verify
from .frostmap import draw, parts
from .keeper import Keeper
from .model import Network, build, check_head


def train(config: Config, splits: Splits, run: Run) -> keras.Model:
    """Run the schedule from wherever the run stands, and save the model at its end."""
    network = build(config, splits.meaning)
    check_head(network, config, splits.meaning)
    if config.devices.sync_batch_norm:
        replicas.join_batch_norms((*network.layers, *network.head))
    freezer = Freezer(network, config.backbone.batch_norm)
    for stage in config.stage:  # a stage that cannot be is refused now, not after hours
        freezer.freeze(stage)
    state = tuple(network.model.variables)  # weights, BatchNorm statistics, random seeds
    progress, arrays = run.load()
    workers.agree(
        len(progress.history),
        "this worker finds another state of the run than the first worker does: all workers must "
        "run in one folder that their machines share",
    )
    for number in range(progress.stage, len(config.stage)):
        if arrays:
            run.load_base(number, state)
        else:
            progress = Progress(stage=number, history=progress.history)
            run.save_base(number, state)
        train_stage(network, freezer, config, splits, Keeper(run, progress, state), arrays)
        run.drop_bases(before=number)
        arrays = {}
    meaning = task.decide(
        config.task,
        splits.meaning,
        splits.validation.targets,
        lambda: network.model.predict(
            in_order(splits.validation, config.data, again=True), verbose=0
        ),
    )
    run.save_model(network.model, meaning)
    run.drop_state()
    return network.model


def prepare(
    network: Network,
    freezer: Freezer,
    config: Config,
    splits: Splits,
    stage: Stage,
    first_epoch: int = 0,
) -> tuple[Frost, Feed]:
    """Freeze, verify, and only then compile, with an optimizer that has seen no other stage.

    Keras traces the training step once. Whatever changes in ``trainable`` after that is ignored
    without a word, so nothing else in this project compiles.
    """
    frost = freezer.freeze(stage)
    feed = open_feed(network, frost, config, splits, stage, first_epoch)
    verify(feed.model, frost)
    fresh = optimizer.build(network, frost, stage, config.training, feed.steps)
    loss = replicas.fair(task.loss(config.task, splits.meaning))
    metrics = task.metrics(splits.meaning)
    xla = jit_compile(config.devices)
    feed.model.compile(optimizer=fresh, loss=loss, metrics=metrics, jit_compile=xla)
    feed.model.optimizer.build(feed.model.trainable_variables)
    return frost, feed


def train_stage(
    network: Network,
    freezer: Freezer,
    config: Config,
    splits: Splits,
    keeper: Keeper,
    arrays: Arrays,
) -> None:
    """One compile and one fit, between the frost map and the audit."""
    progress = keeper.progress
    stage = config.stage[progress.stage]
    frost, feed = prepare(network, freezer, config, splits, stage, progress.epoch)
    keeper.watch(stage, frost, feed.model.optimizer)
    if arrays:
        keeper.restore(arrays)
    click.echo(draw(network, frost, config, progress.stage))
    keeper.run.save_frost(progress.stage, [part._asdict() for part in parts(network, frost)])
    frozen, moving = still_digests(frost), digests(frost.trainable)
    if progress.epoch < stage.epochs and not progress.stopped:
        feed.model.fit(
            feed.train,
            validation_data=feed.validation.batches,
            steps_per_epoch=feed.steps,
            validation_steps=feed.validation.steps,
            initial_epoch=progress.epoch,
            epochs=stage.epochs,
            callbacks=[keeper, *keeper.boards()],
            shuffle=False,  # the feed has its own order
            verbose=1 if sys.stdout.isatty() else 2,
        )
        still = audit(frozen, moving, frost)
        workers.agree(
            int(_digest(np.array(list(digests(frost.trainable).values())))[:15], 16),
            "the weights of the workers have drifted apart, which they never should",
        )
        if still:
            click.echo(f"warning: these should have trained but never moved: {', '.join(still)}")
    keeper.restore_best()


def audit(frozen: dict[str, str], moving: dict[str, str], frost: Frost) -> list[str]:
    """Stop unless every frozen weight is bit for bit what it was; what trains but stood still."""
    now = still_digests(frost)
    changed = [path for path, digest in frozen.items() if now[path] != digest]
    if changed:
        raise FreezeError(f"frozen weights have changed: {', '.join(changed)}")
    now = digests(frost.trainable)
    return [path for path, digest in moving.items() if now[path] == digest]


def still_digests(frost: Frost) -> dict[str, str]:
    """Fingerprints of all that a stage must leave alone: whole variables, and held filters."""
    parts = {
        f"{variable.path} (held filters)": _digest(
            np.where(frost.held[variable.path], keras.ops.convert_to_numpy(variable), 0)
        )
        for variable in frost.trainable
        if variable.path in frost.held
    }
    return {**digests(frost.frozen), **parts}


def digests(variables: Iterable[keras.Variable]) -> dict[str, str]:
    """A fingerprint of each variable's bytes, which is cheaper to keep than a copy."""
    return {v.path: _digest(keras.ops.convert_to_numpy(v)) for v in variables}


def _digest(values: np.ndarray) -> str:
    return hashlib.sha256(values.tobytes()).hexdigest()
