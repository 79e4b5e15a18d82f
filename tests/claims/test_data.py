"""Claims about the input: reading, shuffling, augmenting and repeating."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from claims.registry import claim


@claim("D1", "image_dataset_from_directory shuffles within a window of 8 batches.", "true")
def test_the_window_of_the_shuffle(tmp_path: Path) -> None:
    """With batches of 2, no file comes more than 16 places earlier than in its fixed order."""
    count, batch = 64, 2
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    for number in range(count):
        grey = np.full((4, 4, 3), number * 4, "uint8")
        (tmp_path / "ab"[number % 2] / f"{number:02}.png").write_bytes(
            tf.io.encode_png(grey).numpy()
        )
    data = keras.utils.image_dataset_from_directory(
        tmp_path, image_size=(4, 4), batch_size=batch, seed=0, verbose=False
    )
    fixed = [Path(name).name for name in data.file_paths]

    def epoch() -> list[int]:
        greys = np.concatenate([np.array(x)[:, 0, 0, 0] for x, _ in data])
        return [fixed.index(f"{round(grey) // 4:02}.png") for grey in greys]

    for order in (epoch(), epoch()):
        assert sorted(order) == list(range(count))
        assert order != list(range(count))
        assert max(place - position for position, place in enumerate(order)) <= 8 * batch


@claim("D2", "Random layers inside the model turn a requested jit_compile off.", "true")
def test_random_layers_turn_xla_off() -> None:
    """With a warning: a RandomRotation inside means no XLA."""
    given = keras.Input((8, 8, 3))
    hidden = layers.Flatten()(layers.RandomRotation(0.1)(given))
    model = keras.Model(given, layers.Dense(1)(hidden))
    with pytest.warns(UserWarning, match="jit_compile"):
        model.compile("sgd", "mse", jit_compile=True)
    assert not model.jit_compile


@claim("D3", "A seed gives equal weights when a program is run again.", "true")
def test_a_seed_gives_equal_weights() -> None:
    """Initial weights; for random operations in parallel maps, op determinism is needed too."""

    def weights() -> list[np.ndarray]:
        keras.utils.set_random_seed(7)
        return keras.Sequential([keras.Input((4,)), layers.Dense(3)]).get_weights()

    assert all(np.array_equal(a, b) for a, b in zip(weights(), weights(), strict=True))


@claim("D4", "Stateless random operations depend on their seed alone.", "true")
def test_stateless_operations_follow_their_seed() -> None:
    """The same seed gives the same picture in any order and on any number of threads."""
    picture = tf.random.stateless_uniform((8, 8, 3), (1, 2))

    def augment(number: tf.Tensor) -> tf.Tensor:
        return tf.image.stateless_random_brightness(picture, 0.5, tf.stack([7, number]))

    numbers = tf.data.Dataset.range(16, output_type=tf.int32)
    alone = list(numbers.map(augment).as_numpy_iterator())
    options = {"num_parallel_calls": 4, "deterministic": True}
    parallel = list(numbers.map(augment, **options).as_numpy_iterator())
    assert all(np.array_equal(a, b) for a, b in zip(alone, parallel, strict=True))
    assert not np.array_equal(alone[0], alone[1])


@claim("D5", "cache() after a random augmentation repeats one augmentation for ever.", "true")
def test_cached_augmentation_is_frozen() -> None:
    """Every later epoch sees the pictures of the first: augmenting comes after the cache."""
    generator = tf.random.Generator.from_seed(1)
    numbers = tf.data.Dataset.range(8).map(lambda _: generator.uniform(()))
    kept = numbers.cache()
    assert list(kept.as_numpy_iterator()) == list(kept.as_numpy_iterator())
    assert list(numbers.as_numpy_iterator()) != list(numbers.as_numpy_iterator())


@claim("D8", "With a seed set, tf.random operations in a map repeat in every epoch.", "true")
def test_a_seeded_map_repeats_itself() -> None:
    """Each pass over the data draws the same numbers: augmentation needs a seed of the epoch."""
    tf.random.set_seed(1)
    numbers = tf.data.Dataset.range(8).map(lambda _: tf.random.uniform(()))
    assert list(numbers.as_numpy_iterator()) == list(numbers.as_numpy_iterator())


@claim("D6", "decode_jpeg does not turn pictures as their EXIF says.", "true")
def test_orientation_is_left_to_us(tmp_path: Path) -> None:
    """A JPEG of 4 by 8 marked as lying on its side stays so: the project reads the mark."""
    from PIL import Image

    picture = Image.new("RGB", (8, 4))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif)
    decoded = tf.io.decode_jpeg((tmp_path / "turned.jpg").read_bytes())
    assert tuple(decoded.shape) == (4, 8, 3)


@claim("D7", "Pictures kept as uint8 take a quarter of the memory of float32.", "true")
def test_bytes_of_a_kept_picture() -> None:
    """So the pictures that a project keeps are whole numbers; they become floats in the batch."""
    picture = tf.zeros((224, 224, 3), tf.uint8)
    sizes = [tf.cast(picture, kind).numpy().nbytes for kind in (tf.float32, tf.uint8)]
    assert sizes[0] == 4 * sizes[1]


@claim("D9", "evaluate begins batches that it can count a second time, for nobody.", "true")
def test_evaluate_begins_countable_batches_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an end, or of a number that is unknown, with `steps` given, they are begun once."""
    begun: list[tf.data.Dataset] = []
    begin = tf.data.Dataset.__iter__

    def noted(dataset: tf.data.Dataset) -> Iterator[tuple[tf.Tensor, ...]]:
        begun.append(dataset)
        return begin(dataset)

    monkeypatch.setattr(tf.data.Dataset, "__iter__", noted)
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    counted = tf.data.Dataset.from_tensor_slices((np.ones((4, 1)), np.ones((4, 1)))).batch(2)
    uncounted = counted.filter(lambda *batch: tf.constant(True))
    for batches, steps, times in ((counted, None, 2), (uncounted, 2, 1), (counted.repeat(), 2, 1)):
        model.evaluate(batches, steps=steps, verbose=0)
        assert sum(dataset is batches for dataset in begun) == times
