"""The flag `trainable` of layers, containers and variables, and the seeds' loops over names."""

from __future__ import annotations

import warnings
from pathlib import Path

import keras
from keras import layers

from claims.registry import claim
from claims.small import body, fit, flat, nested, of, plain, prepare


def loop(model: keras.Model, chosen: list[object]) -> int:
    """The seed's own loop; how many layers it froze."""
    for layer in model.layers:
        if layer.name in chosen:
            layer.trainable = False
    return sum(not layer.trainable for layer in model.layers)


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


@claim(
    "S2.9", "layers[:-3] and layers[-3:] separate early layers from the last.", "wrong", "seed 2"
)
def test_last_three_layers_of_a_nested_model_are_all_of_it() -> None:
    """In the seed's own model, backbone, pooling and Dense, the last three are everything."""
    model = keras.Sequential([body(), layers.GlobalAveragePooling2D(), layers.Dense(1)])
    for layer in model.layers[:-3]:
        layer.trainable = False
    assert len(model.trainable_weights) == 5


@claim("S3.2", "The flag is for all parameters of a layer, kernel and bias.", "true", "seed 3")
def test_the_flag_is_for_the_whole_layer() -> None:
    """Both leave trainable_weights together; a single variable has a flag of its own as well."""
    layer = plain().get_layer("low")
    layer.trainable = False
    assert layer.trainable_weights == []
    layer.trainable = True
    layer.bias.trainable = False
    assert [weight.name for weight in layer.trainable_weights] == ["kernel"]


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
