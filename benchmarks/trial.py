"""What the peers of `learning.py` share: the clock, the figures, the pixels and the network."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SIZE = 160
IGNORED = 255  # in masks that the generated project read


@dataclass
class Trial:
    """What a method is given, and the clock it is measured by."""

    task: str
    data: dict[str, np.ndarray]
    weights: str
    epochs: int
    seed: int
    began: float
    curve: list[list[float]] = field(default_factory=list)
    steps: int = 0
    judging: float = 0.0

    @property
    def outputs(self) -> int:
        return 1 if self.task == "binary" else len(self.data["names"])

    def learned(self) -> np.ndarray:
        """The targets to learn, numbers in units of their spread."""
        return self.scaled(self.data["train_y"])

    def scaled(self, y: np.ndarray) -> np.ndarray:
        if self.task != "regression":
            return y
        return (y - self.data["train_y"].mean(axis=0)) / self.data["train_y"].std(axis=0)

    def answers(self, raw: np.ndarray) -> np.ndarray:
        """From a network's linear outputs to probabilities, numbers or classes."""
        if self.task == "regression":
            return raw * self.data["train_y"].std(axis=0) + self.data["train_y"].mean(axis=0)
        if self.task == "segmentation":
            return raw.argmax(axis=-1).astype("uint8")
        return 1 / (1 + np.exp(-raw.astype("float64")))

    def watch(self, predict: Callable[[np.ndarray], np.ndarray]) -> None:
        """Note the validation figure and when it was reached."""
        said = self.answers(predict(self.data["validation_x"]))
        value = watched(self.task, self.data["validation_y"], said, len(self.data["names"]))
        self.curve.append([time.perf_counter() - self.began, value])


def watched(task: str, true: np.ndarray, said: np.ndarray, count: int) -> float:
    """The figure that the generated project's history has for this task."""
    import keras

    if task == "regression":
        return float(np.abs(true - said).mean())
    if task == "segmentation":
        return float(np.nanmean(overlaps(true, said, count)))
    more = {"curve": "PR", "multi_label": True} if task == "multilabel" else {}
    metric = keras.metrics.AUC(**more)
    metric.update_state(true, said)
    return float(metric.result())


def overlaps(true: np.ndarray, said: np.ndarray, count: int) -> np.ndarray:
    known = true.ravel() < count
    pairs = true.ravel()[known].astype("int64") * count + said.ravel()[known]
    table = np.bincount(pairs, minlength=count**2).reshape(count, count)
    union = table.sum(axis=0) + table.sum(axis=1) - np.diag(table)
    return np.where(union > 0, np.diag(table) / np.maximum(union, 1), np.nan)


def figures(task: str, true: np.ndarray, said: np.ndarray, names: np.ndarray) -> dict[str, float]:
    """Named and defined as in the generated project's metrics.json."""
    from sklearn.metrics import average_precision_score, r2_score, roc_auc_score

    if task == "binary":
        right = (said > 0.5) == (true > 0)
        return {"accuracy": float(right.mean()), "auc": float(roc_auc_score(true, said))}
    if task == "regression":
        errors = np.abs(true - said).mean(axis=0)
        named = zip(names, errors, strict=True)
        return {"r2": r2_score(true, said), **{f"mae/{name}": float(x) for name, x in named}}
    if task == "multilabel":
        present = [k for k in range(true.shape[1]) if true[:, k].any()]
        found = [average_precision_score(true[:, k], said[:, k]) for k in present]
        by_label = {f"ap/{names[k]}": float(x) for k, x in zip(present, found, strict=True)}
        return {"mean_average_precision": float(np.mean(found)), **by_label}
    found = overlaps(true, said, len(names))
    by_class = zip(names, found, strict=True)
    return {
        "mean_iou": float(np.nanmean(found)),
        **{f"iou/{name}": float(x) for name, x in by_class if not np.isnan(x)},
    }


def backbone(trial: Trial) -> Any:
    import keras

    base = keras.applications.MobileNetV2(
        include_top=False, weights=None, input_shape=(SIZE, SIZE, 3)
    )
    base.load_weights(trial.weights)
    return base


def loss_of(task: str) -> Any:
    import keras

    if task == "regression":
        return keras.losses.MeanSquaredError()
    if task == "segmentation":
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=IGNORED)
    return keras.losses.BinaryCrossentropy(from_logits=True)


def batches(trial: Trial, size: int, whole: bool = False) -> Any:
    """The training pixels, shuffled anew in every epoch; masks are mirrored with their images."""
    import tensorflow as tf

    x, y = trial.data["train_x"], trial.learned()
    pairs = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=trial.seed)
    if trial.task == "segmentation":
        pairs = pairs.map(mirrored)
    return pairs.batch(size, drop_remainder=whole).prefetch(2)


def mirrored(image: Any, mask: Any) -> tuple[Any, Any]:
    import tensorflow as tf

    turn = tf.random.uniform(()) < 0.5
    return tf.cond(turn, lambda: (image[:, ::-1], mask[:, ::-1]), lambda: (image, mask))


def segmenter(trial: Trial) -> tuple[Any, Any]:
    """The tutorial's network: maps of five resolutions, joined on the way up."""
    import keras
    from keras import layers

    whole = backbone(trial)
    names = ("block_1_expand_relu", "block_3_expand_relu", "block_6_expand_relu")
    names += ("block_13_expand_relu", "block_16_project")
    base = keras.Model(whole.input, [whole.get_layer(name).output for name in names], name="base")
    inputs = keras.Input((SIZE, SIZE, 3))
    *skips, x = base(layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    for width, skip in zip((512, 256, 128, 64), reversed(skips), strict=True):
        start = keras.initializers.RandomNormal(0.0, 0.02)
        x = layers.Conv2DTranspose(width, 3, 2, "same", use_bias=False, kernel_initializer=start)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Concatenate()([x, skip])
    return keras.Model(inputs, layers.Conv2DTranspose(trial.outputs, 3, 2, "same")(x)), base


def fit(trial: Trial, model: Any, train: Any, epochs: int) -> None:
    import keras

    def end(epoch: int, logs: dict[str, float]) -> None:
        trial.steps += len(train)
        trial.watch(lambda x: model.predict(x, verbose=0))

    model.fit(
        train,
        epochs=epochs,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=end)],
    )
