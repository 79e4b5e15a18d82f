"""Claims about `trainable`: what it does, when Keras looks at it, and what it does not do."""

from __future__ import annotations

import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from claims.registry import claim
from claims.small import (
    RETRACED,
    body,
    fit,
    flat,
    images,
    moved,
    nested,
    network,
    numbers,
    of,
    plain,
    prepare,
)


def loop(model: keras.Model, chosen: list[object]) -> int:
    """The seed's own loop; how many layers it froze."""
    for layer in model.layers:
        if layer.name in chosen:
            layer.trainable = False
    return sum(not layer.trainable for layer in model.layers)


def frozen(name: str = "low") -> keras.Model:
    model = plain()
    model.get_layer(name).trainable = False
    return model


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
    nodes = [*definition.node, *(n for f in definition.library.function for n in f.node_def)]
    return [node.op for node in nodes]


@claim("S1.5", "Freezing limits what the model can adjust.", "true", "seed 1")
def test_freezing_limits_capacity() -> None:
    """ResNet50 with a dense head of 1024 and 5 has 2.1 of 25.7 million parameters left to train."""
    base = network("ResNet50")
    given = keras.Input(base.output_shape[1:])
    hidden = layers.Dense(1024, "relu")(layers.GlobalAveragePooling2D()(given))
    head = keras.Model(given, layers.Dense(5, "softmax")(hidden)).count_params()
    assert (round(head / 1e6, 1), round((head + base.count_params()) / 1e6, 1)) == (2.1, 25.7)


@claim("S1.6", "base.trainable = False freezes every layer within.", "true", "seed 1")
def test_a_container_freezes_its_layers() -> None:
    """On a base that trains, it does; F5 says when such an assignment does nothing."""
    base = body()
    base.trainable = False
    assert not any(layer.trainable for layer in base.layers if layer.weights)
    assert base.trainable_weights == []


@claim("S1.7", "An unknown name must be handled: the loop makes no error of it.", "true", "seed 1")
def test_an_unknown_name_is_silent() -> None:
    """A list with 'conv_layer_9' freezes nothing and says nothing."""
    model = plain()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loop(model, ["conv_layer_9"]) == 0
        prepare(model)
    assert fit(model) == of(model, "low", "top")
    assert loop(model, ["low"]) == 1


@claim("S1.8", "The loop over names takes indices as well ('Or use indices').", "wrong", "seed 1")
def test_names_are_not_indices() -> None:
    """It compares layer.name with the numbers, so it freezes nothing, without a word."""
    assert loop(plain(), [0, 1]) == 0
    assert loop(plain(), ["low", "top"]) == 2


@claim("S2.1", "All layers train by default.", "true", "seeds 2 and 3")
def test_everything_trains_by_default() -> None:
    """Every layer's flag is True, and a fit moves every weight, BatchNorm's statistics included."""
    model = flat(body())
    assert all(layer.trainable for layer in model.layers)
    assert fit(prepare(model)) == of(model, "conv", "bn", "top")


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


@claim(
    "S2.9", "layers[:-3] and layers[-3:] separate early layers from the last.", "wrong", "seed 2"
)
def test_last_three_layers_of_a_nested_model_are_all_of_it() -> None:
    """In the seed's own model, backbone, pooling and Dense, the last three are everything."""
    model = keras.Sequential([body(), layers.GlobalAveragePooling2D(), layers.Dense(1)])
    for layer in model.layers[:-3]:
        layer.trainable = False
    assert len(model.trainable_weights) == 5


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


@claim("S3.2", "The flag is for all parameters of a layer, kernel and bias.", "true", "seed 3")
def test_the_flag_is_for_the_whole_layer() -> None:
    """Both leave trainable_weights together; a single variable has a flag of its own as well."""
    layer = plain().get_layer("low")
    layer.trainable = False
    assert layer.trainable_weights == []
    layer.trainable = True
    layer.bias.trainable = False
    assert [weight.name for weight in layer.trainable_weights] == ["kernel"]


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


@claim("F5", "A container that already has the value passes nothing on.", "true")
def test_setting_a_container_may_do_nothing() -> None:
    """base.trainable = True leaves a layer set False as it is; after False and True it trains."""
    base = body()
    base.get_layer("conv").trainable = False
    base.trainable = True
    assert not base.get_layer("conv").trainable
    base.trainable = False
    base.trainable = True
    assert base.get_layer("conv").trainable


@claim("F5b", "A layer set to train within a frozen container still trains.", "true")
def test_a_layer_of_a_frozen_container_trains() -> None:
    """The outermost model trains it, while the container says that it has nothing to train."""
    base = body()
    base.trainable = False
    base.get_layer("conv").trainable = True
    model = prepare(nested(base))
    assert base.trainable_weights == []
    assert fit(model) == of(model, "conv", "top")


@claim("F5c", "Setting a layer resets the flags of its single variables.", "true")
def test_a_change_of_the_layer_resets_its_variables() -> None:
    """Only by a change of value; an assignment of the value it has leaves them."""
    layer = plain().get_layer("low")
    layer.bias.trainable = False
    layer.trainable = True
    assert not layer.bias.trainable
    layer.trainable = False
    layer.trainable = True
    assert layer.bias.trainable


@claim("F7", "A .keras file keeps trainable per layer, not per variable.", "true")
def test_flags_are_saved(tmp_path: Path) -> None:
    """Flat and nested; the flag of a single variable is lost."""
    base = body()
    base.get_layer("conv").trainable = False
    base.get_layer("bn").gamma.trainable = False
    assert [weight.name for weight in base.trainable_weights] == ["beta"]
    for build in (flat, nested):
        build(base).save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
        found = loaded if build is flat else loaded.get_layer("base")
        assert not found.get_layer("conv").trainable
        assert found.get_layer("bn").trainable
        assert found.get_layer("bn").gamma.trainable
