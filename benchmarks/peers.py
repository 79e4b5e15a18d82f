"""The peers in `learning.py`: a method trains on given pixels and writes what it reached.

guide   the program of the Keras guide "Transfer learning & fine-tuning", adapted in its loss; for
        segmentation the program of TensorFlow's tutorial "Image segmentation" (MobileNetV2,
        frozen, with a U-Net's decoder of transposed convolutions; 2 x 10 epochs)
fastai  `vision_learner(...).fine_tune(epochs)` written in Keras: one frozen epoch, then one cycle
        of discriminative rates; its head, batch size and weight decay; without the momentum's cycle
probe   scikit-learn's linear models on the pooled features of the frozen network
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
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


def guide(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    return tutorial(trial) if trial.task == "segmentation" else transfer(trial)


def transfer(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """https://keras.io/guides/transfer_learning: a nested base, called with training=False."""
    import keras
    from keras import layers

    base = backbone(trial)
    base.trainable = False
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(0.1)(x)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    model = keras.Model(inputs, layers.Dense(trial.outputs)(x))
    train = batches(trial, 32)
    for rate in (1e-3, 1e-5):
        base.trainable = rate == 1e-5
        model.compile(keras.optimizers.Adam(rate), loss_of(trial.task))
        fit(trial, model, train, trial.epochs)
    return lambda x: model.predict(x, verbose=0)


def tutorial(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """https://www.tensorflow.org/tutorials/images/segmentation: the frozen base and a decoder."""
    model, base = segmenter(trial)
    base.trainable = False
    model.compile("adam", loss_of(trial.task))
    fit(trial, model, batches(trial, 64), 2 * trial.epochs)
    return lambda x: model.predict(x, verbose=0)


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


def fastai(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """`fine_tune(epochs)`: one frozen epoch up to 2e-3, then one cycle from 1e-5 to 1e-3 by depth.

    As there, BatchNorm learns in the frozen epoch too; it follows a batch as fast as PyTorch's.
    """
    import keras

    model, base = segmenter(trial) if trial.task == "segmentation" else learner(trial)
    layers = [layer for layer in base.layers if layer.weights]
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in (*norms, *(x for x in model.layers if hasattr(x, "momentum"))):
        layer.momentum = 0.9
    half = [layer.name for layer in layers].index("block_6_expand")
    head = [v for layer in model.layers if layer is not base for v in layer.trainable_variables]
    for layer in layers:
        layer.trainable = layer in norms
    cycle(trial, model, base_groups(layers, half), head, 1, (2e-4, 2e-4, 2e-3), 0.99, 25)
    for layer in layers:
        layer.trainable = True
    cycle(trial, model, base_groups(layers, half), head, trial.epochs, (1e-5, 1e-4, 1e-3), 0.3, 5)
    return lambda x: model.predict(x, verbose=0)


def base_groups(layers: list[Any], half: int) -> list[list[Any]]:
    parts = layers[:half], layers[half:]
    return [[v for layer in part for v in layer.trainable_variables] for part in parts]


def learner(trial: Trial) -> tuple[Any, Any]:
    """What `vision_learner` puts on a network, and the photos' variation by `aug_transforms`."""
    import keras
    from keras import layers

    base = backbone(trial)
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(10 / 360)(x)
    x = layers.RandomZoom((-0.1, 0.0))(x)
    x = layers.RandomBrightness(0.1)(x)
    x = layers.RandomContrast(0.2)(x)
    x = base(layers.Rescaling(1 / 127.5, offset=-1)(x))
    pooled = [layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)]
    x = layers.Concatenate()(pooled)
    x = layers.Dropout(0.25)(layers.BatchNormalization(epsilon=1e-5)(x))
    x = layers.Dense(512, "relu", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.Dropout(0.5)(layers.BatchNormalization(epsilon=1e-5)(x))
    return keras.Model(inputs, layers.Dense(trial.outputs, use_bias=False)(x)), base


def cycle(
    trial: Trial,
    model: Any,
    body: list[list[Any]],
    head: list[Any],
    epochs: int,
    rates: tuple[float, ...],
    rise: float,
    divided: float,
) -> None:
    """One cycle of rates, a group of variables each; weight decay spares biases and BatchNorm."""
    import keras
    import tensorflow as tf

    loss, train = loss_of(trial.task), batches(trial, 64, whole=True)
    groups = [*body, head]
    optimizers = [keras.optimizers.AdamW(0.0, 0.01, beta_2=0.99, epsilon=1e-5) for _ in groups]
    for optimizer, group in zip(optimizers, groups, strict=True):
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(group)

    @tf.function
    def step(images: Any, targets: Any) -> None:
        with tf.GradientTape() as tape:
            value = loss(targets, model(images, training=True))
        gradients = tape.gradient(value, [[v.value for v in group] for group in groups])
        for optimizer, group, own in zip(optimizers, groups, gradients, strict=True):
            optimizer.apply(own, group)

    steps = epochs * len(train)
    for epoch in range(epochs):
        for number, (images, targets) in enumerate(train, epoch * len(train)):
            factor = one_cycle(number / steps, rise, divided)
            for optimizer, rate in zip(optimizers, rates, strict=True):
                optimizer.learning_rate = rate * factor
            step(images, targets)
            trial.steps += 1
        trial.watch(lambda x: model.predict(x, verbose=0))


def one_cycle(place: float, rise: float, divided: float) -> float:
    """The share of the highest rate: up and down along cosines."""
    low, high, way = 1 / divided, 1.0, place / rise
    if place > rise:
        low, high, way = 1.0, 1e-5, (place - rise) / (1 - rise)
    return low + (high - low) * (1 - math.cos(math.pi * way)) / 2


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


def probe(trial: Trial) -> Callable[[np.ndarray], np.ndarray]:
    """A linear model on pooled features: what a head on a frozen network can reach."""
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import StandardScaler

    base = backbone(trial)

    def features(x: np.ndarray) -> np.ndarray:
        maps = [base.predict_on_batch(x[i : i + 64] / 127.5 - 1) for i in range(0, len(x), 64)]
        return np.concatenate(maps).mean(axis=(1, 2))

    scale = StandardScaler()
    known, y = scale.fit_transform(features(trial.data["train_x"])), trial.learned()
    if trial.task == "regression":
        ridge = RidgeCV(np.logspace(-2, 5, 22)).fit(known, y)
        models = [ridge.predict]
    else:
        models = [logistic(known, column) for column in y.T]

    def predict(x: np.ndarray) -> np.ndarray:
        known = scale.transform(features(x))
        return np.stack([model(known) for model in models], axis=-1).reshape(len(x), -1)

    trial.watch(predict)
    return predict


def logistic(known: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Its strength by cross-validation in as many parts as there are of the rarer answer."""
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV

    rare = int(min((y > 0).sum(), (y <= 0).sum()))
    if rare == 0:
        return lambda known: np.full(len(known), 20.0 if y[0] > 0 else -20.0)
    if rare == 1:
        return LogisticRegression(max_iter=2000).fit(known, y).decision_function
    model = LogisticRegressionCV(
        Cs=10,
        cv=min(5, rare),
        scoring="neg_log_loss",
        max_iter=2000,
        l1_ratios=(0,),
        use_legacy_attributes=False,
    )
    return model.fit(known, y).decision_function


METHODS: dict[str, Callable[[Trial], Callable[[np.ndarray], np.ndarray]]] = {
    "guide": guide,
    "fastai": fastai,
    "probe": probe,
}


def main() -> None:
    order = json.loads(sys.argv[1])
    import keras

    keras.utils.set_random_seed(order["seed"])
    with np.load(order["pixels"]) as file:
        data = {name: file[name] for name in file.files}
    for split in ("train", "validation", "test"):
        if order["task"] == "binary":
            data[f"{split}_y"] = data[f"{split}_y"].reshape(-1, 1)
        elif order["task"] == "segmentation":
            data[f"{split}_y"] = data[f"{split}_y"].reshape(-1, SIZE, SIZE)
    trial = Trial(
        order["task"],
        data,
        order["weights"],
        order["epochs"],
        order["seed"],
        time.perf_counter(),
    )
    predict = METHODS[order["method"]](trial)
    seconds, work = time.perf_counter() - trial.began, time.process_time()
    began = time.perf_counter()
    said = trial.answers(predict(data["test_x"]))
    result = {
        "figures": figures(order["task"], data["test_y"], said, data["names"]),
        "seconds": seconds,
        "judging": time.perf_counter() - began,
        "cpu_seconds": round(work, 2),
        "steps": trial.steps,
        "curve": trial.curve,
    }
    Path(order["out"]).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
