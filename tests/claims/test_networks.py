"""Claims about the networks of keras.applications: names, positions, what they expect."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from claims.registry import claim
from claims.small import images, network


@claim("S1.10", "include_top=False leaves out the original classification layer.", "true", "seed 1")
def test_no_top_no_classes() -> None:
    """The network ends in feature maps; no layer of its own turns them into 1000 classes."""
    base = network("ResNet50")
    assert base.output_shape == (None, 2, 2, 2048)
    assert not any(isinstance(layer, layers.Dense) for layer in base.layers)


@claim("S1.11", "layers[:-5] of VGG16 are 'the first 10 layers'.", "wrong", "seed 1")
def test_all_but_five_of_vgg16() -> None:
    """They are the first 14 of 19, input and pooling counted; 10 of them are convolutions."""
    chosen = network("VGG16").layers[:-5]
    assert (len(chosen), len(network("VGG16").layers)) == (14, 19)
    assert sum(isinstance(layer, layers.Conv2D) for layer in chosen) == 10


@claim("S1.12", "The last 5 layers of VGG16 are what is left to train.", "true", "seed 1")
def test_the_last_five_of_vgg16() -> None:
    """Three of the five have weights: the convolutions of block5. They hold 48 % of them all."""
    last = network("VGG16").layers[-5:]
    assert [layer.name for layer in last if layer.weights] == [
        "block5_conv1",
        "block5_conv2",
        "block5_conv3",
    ]
    share = sum(layer.count_params() for layer in last) / network("VGG16").count_params()
    assert round(100 * share) == 48


@claim(
    "S2.14", "MobileNetV2 in a Sequential, frozen by layers, trains its Dense.", "true", "seed 2"
)
def test_the_second_seeds_program() -> None:
    """Two weights train. The pixels that it expects, -1 to 1, the seed does not mention."""
    base = network("MobileNetV2", alpha=0.35)
    model = keras.Sequential([base, layers.GlobalAveragePooling2D(), layers.Dense(1, "sigmoid")])
    for layer in base.layers:
        layer.trainable = False
    assert [weight.name for weight in model.trainable_weights] == ["kernel", "bias"]


@claim("S3.6", "ResNet50 has a layer bn_conv1.", "outdated", "seed 3")
def test_the_first_batch_norm_of_resnet50() -> None:
    """Its name is conv1_bn now, so the seed's loop leaves it training, without a word."""
    found = {layer.name for layer in network("ResNet50").layers}
    assert {"conv1_conv", "conv2_block1_1_conv", "conv2_block1_2_conv", "conv1_bn"} <= found
    assert "bn_conv1" not in found


@claim("S3.7", "The first 10 layers of ResNet50 are frozen by index.", "true", "seed 3")
def test_the_first_ten_of_resnet50() -> None:
    """Ten positions, of which four have weights: two convolutions and their BatchNorms."""
    kinds = [type(layer).__name__ for layer in network("ResNet50").layers[:10] if layer.weights]
    assert (kinds.count("Conv2D"), kinds.count("BatchNormalization")) == (2, 2)


@claim("S3.8", "Frozen, VGG16 under Flatten and Dense(256) suits few data.", "wrong", "seed 3")
def test_flatten_makes_a_large_head() -> None:
    """At 224 pixels that head alone trains 6.4 million weights; after pooling it has 0.1."""
    given = keras.Input((7, 7, 512))
    counts = [
        keras.Model(given, layers.Dense(256)(join(given))).count_params() / 1e6
        for join in (layers.Flatten(), layers.GlobalAveragePooling2D())
    ]
    assert [round(count, 1) for count in counts] == [6.4, 0.1]


@claim(
    "S3.9", "Two classes: Dense(2) with softmax and categorical cross-entropy.", "true", "seed 3"
)
def test_categorical_crossentropy_takes_one_hot_labels() -> None:
    """With one-hot labels. Labels 0 and 1, which folders give by default, raise."""
    x, y = images()
    given = keras.Input(x.shape[1:])
    model = keras.Model(given, layers.Dense(2, "softmax")(layers.Flatten()(given)))
    model.compile("sgd", "categorical_crossentropy")
    model.fit(x, keras.utils.to_categorical(y % 2, 2), verbose=0)
    with pytest.raises(ValueError, match=r"same shape|rank"):
        model.fit(x, y % 2, verbose=0)


@claim("G1", "Most networks scale pixels outside, some inside the model.", "true")
def test_who_preprocesses() -> None:
    """EfficientNet's preprocess_input is the identity; ResNet's, MobileNetV2's are not."""
    pixels = np.full((1, 2, 2, 3), 200.0, "float32")
    found = {
        name: getattr(keras.applications, name).preprocess_input(pixels.copy())
        for name in ("efficientnet", "efficientnet_v2", "convnext", "resnet", "mobilenet_v2")
    }
    for name in ("efficientnet", "efficientnet_v2", "convnext"):
        assert np.array_equal(found[name], pixels), name
    assert np.allclose(found["mobilenet_v2"], 200 / 127.5 - 1)
    assert np.allclose(found["resnet"][0, 0, 0], 200 - np.array([103.939, 116.779, 123.68]))


@claim("G2", "Scaling pixels twice is silent.", "true")
def test_scaling_twice_is_silent() -> None:
    """No error and no warning, and all pixels end within 0.02 of one another."""
    scale = keras.applications.mobilenet_v2.preprocess_input
    twice = scale(scale(np.array([[[[0.0, 100.0, 255.0]]]], "float32")))
    assert float(np.ptp(twice)) < 0.02


@claim("G3", "'The last 20 layers' mean something else in every network.", "true")
def test_the_last_twenty_layers() -> None:
    """All of VGG16's weights, 54 % of MobileNetV2's, 38 % of ResNet50's."""
    shares = {}
    for name in ("VGG16", "ResNet50", "MobileNetV2"):
        base = network(name)
        last = sum(layer.count_params() for layer in base.layers[-20:])
        shares[name] = round(100 * last / base.count_params())
    assert shares == {"VGG16": 100, "ResNet50": 38, "MobileNetV2": 54}


@claim("G4", "Some layers are named by a counter and differ from build to build.", "true")
def test_names_with_a_counter() -> None:
    """Of MobileNetV3Small's layers, more than 20; of VGG16's, the input alone."""

    def differ(name: str) -> int:
        build = getattr(keras.applications, name)
        pairs = [
            [layer.name for layer in build(weights=None, include_top=False).layers]
            for _ in range(2)
        ]
        return sum(one != other for one, other in zip(*pairs, strict=True))

    assert differ("MobileNetV3Small") > 20
    assert differ("VGG16") <= 1


@claim("G5", "A part of a network, built on its layers, gives the same bits.", "true")
def test_prefix_and_suffix_are_the_network() -> None:
    """VGG16 cut after block3: the two parts in turn equal the whole, and share its weights."""
    base = network("VGG16", size=32)
    cut = base.get_layer("block3_pool").output
    prefix, suffix = keras.Model(base.input, cut), keras.Model(cut, base.output)
    x = np.random.default_rng(0).random((2, 32, 32, 3), "float32")
    assert np.array_equal(suffix(prefix(x)), base(x))
    mine = {id(weight) for weight in [*prefix.weights, *suffix.weights]}
    assert mine == {id(weight) for weight in base.weights}


@claim("G6", "The smallest input is 32 pixels, 71 for Xception and 75 for the Inceptions.", "true")
def test_smallest_inputs() -> None:
    """One pixel less raises, before anything is built."""
    smallest = {"VGG16": 32, "ResNet50": 32, "Xception": 71, "InceptionV3": 75}
    for name, size in smallest.items():
        with pytest.raises(ValueError, match=f"at least {size}x{size}"):
            network(name, size=size - 1)
