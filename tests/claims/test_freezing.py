"""What a frozen layer does, and what it does not do."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from claims.registry import claim
from claims.small import (
    body,
    fit,
    flat,
    frozen,
    images,
    moved,
    network,
    numbers,
    of,
    plain,
    prepare,
)


@claim("S1.1", "Layers with trainable = False are not updated.", "true", "seeds 1 and 2")
def test_frozen_layers_stay() -> None:
    """Compiled after freezing, a fit moves the other layers and no bit of the frozen one."""
    model = prepare(frozen(), "adam")
    assert fit(model) == of(model, "top")


@claim("S1.2", "Freezing prevents the computing of gradients for those layers.", "true", "seed 1")
def test_frozen_layers_have_no_gradients() -> None:
    """The optimizer is built for the other layers alone, and holds no state for these."""
    model = prepare(frozen(), "adam")
    fit(model)
    taken = model.optimizer._trainable_variables
    assert {variable.path for variable in taken} == of(model, "top")


@claim("S1.3", "Freezing a backbone preserves its feature extraction.", "true", "seed 1")
def test_frozen_features_are_kept() -> None:
    """Where nothing in it is random, its outputs are bit for bit those of before; see B5."""
    base = body()
    base.trainable = False
    before = base.predict(images()[0], verbose=0)
    model = flat(base)
    assert fit(prepare(model, "adam")) == of(model, "top")
    assert np.array_equal(base.predict(images()[0], verbose=0), before)


@claim("S1.4", "Training fewer layers costs less computation.", "true", "seeds 1 and 2")
def test_freezing_saves_work() -> None:
    """Frozen but for its head, a small network's traced step has under half the operations."""

    def operations(freeze: bool) -> int:
        hidden = given = keras.Input((4,))
        for _ in range(5):
            hidden = layers.Dense(4, trainable=not freeze)(hidden)
        model = prepare(keras.Model(given, layers.Dense(3, "softmax")(hidden)), "adam")
        model.optimizer.build(model.trainable_variables)
        x, y = map(tf.constant, numbers(8))

        @tf.function
        def step() -> None:
            model.train_step((x, y))

        return sum(1 for _ in _walk(step.get_concrete_function().graph))

    assert operations(freeze=True) < operations(freeze=False) / 2


def _walk(graph: tf.Graph) -> list[str]:
    """The operations of a graph and of the functions that it calls."""
    definition = graph.as_graph_def()
    inner = [node for function in definition.library.function for node in function.node_def]
    nodes = [*definition.node, *inner]
    return [node.op for node in nodes]


@claim("S1.5", "Freezing limits what the model can adjust.", "true", "seed 1")
def test_freezing_limits_capacity() -> None:
    """ResNet50 with a dense head of 1024 and 5 has 2.1 of 25.7 million parameters left to train."""
    base = network("ResNet50")
    given = keras.Input(base.output_shape[1:])
    hidden = layers.Dense(1024, "relu")(layers.GlobalAveragePooling2D()(given))
    head = keras.Model(given, layers.Dense(5, "softmax")(hidden)).count_params()
    assert (round(head / 1e6, 1), round((head + base.count_params()) / 1e6, 1)) == (2.1, 25.7)


@claim("S2.1", "All layers train by default.", "true", "seeds 2 and 3")
def test_everything_trains_by_default() -> None:
    """Every layer's flag is True, and a fit moves every weight, BatchNorm's statistics included."""
    model = flat(body())
    assert all(layer.trainable for layer in model.layers)
    assert fit(prepare(model)) == of(model, "conv", "bn", "top")


@claim("S2.6", "A frozen layer stops gradients from flowing back to its weights.", "true", "seed 2")
def test_gradients_pass_through_what_is_frozen() -> None:
    """To its weights, yes. To the layers below they flow on: `low` trains under a frozen `top`."""
    model = prepare(frozen("top"))
    assert fit(model) == of(model, "low")


@claim("S2.7", "Freezing is not removing: the layer goes on computing.", "true", "seed 2")
def test_freezing_changes_no_output() -> None:
    """The same layers, the same parameters, the same predictions."""
    model = plain()
    before = model.predict(numbers()[0], verbose=0)
    count = model.count_params()
    model.get_layer("low").trainable = False
    assert len(model.trainable_weights) == 2
    assert np.array_equal(model.predict(numbers()[0], verbose=0), before)
    assert (len(model.layers), model.count_params()) == (3, count)


@claim("S2.8", "A model whose layers are all frozen learns nothing.", "true", "seed 2, F6")
def test_a_frozen_model_learns_nothing() -> None:
    """A warning, no error: no weight moves. The seed's cure of its first pitfall does this."""
    model = plain()
    for layer in model.layers:
        layer.trainable = False
    prepare(model)
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        assert fit(model) == set()


@claim("S2.10", "Partial freezing can be combined with a learning rate schedule.", "true", "seed 2")
def test_freezing_goes_with_a_schedule() -> None:
    """The rate falls along a cosine while the frozen layer stays."""
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 2)
    model = prepare(frozen(), keras.optimizers.SGD(schedule))
    assert fit(model) == of(model, "top")
    assert float(model.optimizer.learning_rate) == pytest.approx(0.0, abs=1e-8)


@claim("S3.1", "Freezing prevents the re-initialisation of filters.", "wrong", "seed 3")
def test_nothing_is_initialised_again() -> None:
    """Neither compiling nor a change of the flag ever initialises weights again."""
    model = plain()
    assert moved(model, lambda: prepare(model)) == set()

    def toggle() -> None:
        model.trainable = False
        model.trainable = True
        prepare(model)

    assert moved(model, toggle) == set()
    assert fit(model) == of(model, "low", "top")
