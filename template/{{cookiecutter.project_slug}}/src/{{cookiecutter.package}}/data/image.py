"""One image: read it, bring it to size, vary it. Pixels are RGB from 0 to 255, in whole numbers.

Training, evaluation and prediction all read through here: the same bytes give the same pixels.
"""

import tensorflow as tf

from ..config import Data
from .files import read_bytes

HALVINGS = (1, 2, 4, 8)  # how much smaller a JPEG can be decoded at almost no cost
STRENGTH = {"light": 0.1, "strong": 0.25}
SPARSE = 8  # every eighth row is enough to know the mean of an image


def read_image(file: tf.Tensor, turn: tf.Tensor, settings: Data) -> tf.Tensor:
    """A square of the size that the model takes, the right way up."""
    content = read_bytes(file)
    return tf.cond(
        tf.strings.substr(content, 0, 2) == b"\xff\xd8",
        lambda: read_jpeg(content, tf.cast(turn, tf.int32), settings),
        lambda: fit(tf.io.decode_image(content, 3, expand_animations=False), settings),
    )


def read_jpeg(content: tf.Tensor, turn: tf.Tensor, settings: Data) -> tf.Tensor:
    """Only the part that is shown, and a large photo at a half, a quarter or an eighth."""
    shape = tf.io.extract_jpeg_shape(content)[:2]
    least = tf.reduce_max(shape) if settings.resize == "pad" else tf.reduce_min(shape)

    def decoded(ratio: int) -> tf.Tensor:
        how = {"channels": 3, "ratio": ratio, "dct_method": "INTEGER_ACCURATE"}
        if settings.resize != "crop":
            return tf.io.decode_jpeg(content, **how)
        part = middle((shape + ratio - 1) // ratio, reversed_axes(turn))
        return tf.image.decode_and_crop_jpeg(content, part, **how)

    larger = [settings.image_size * ratio for ratio in HALVINGS[1:]]
    # The index into HALVINGS: one more for each size that is still larger than the square.
    choice = tf.reduce_sum(tf.cast(least >= larger, tf.int32))
    image = tf.switch_case(choice, [lambda ratio=ratio: decoded(ratio) for ratio in HALVINGS])
    image = turned(image, turn)
    return resized(image, settings, antialias=False)  # less than twice too large: no need of it


def fit(image: tf.Tensor, settings: Data) -> tf.Tensor:
    """Any image as a square: its middle, all of it between bars, or all of it stretched."""
    if settings.resize == "crop":
        image = tf.image.crop_to_bounding_box(image, *tf.unstack(middle(tf.shape(image))))
    return resized(image, settings)


def middle(shape: tf.Tensor, reverse: tf.Tensor | bool = False) -> tf.Tensor:
    """The top, the left, the height and the width of the largest square in the middle.

    What is left over may be odd: the end of the upright image then loses one pixel more.
    """
    side = tf.minimum(shape[0], shape[1])
    return tf.concat([(shape[:2] - side + tf.cast(reverse, tf.int32)) // 2, [side, side]], 0)


def resized(image: tf.Tensor, settings: Data, antialias: bool = True) -> tf.Tensor:
    """The square at its size, as whole numbers: a quarter of the memory of floats."""
    size = settings.image_size
    if settings.resize == "pad":
        image = padded(image, size, antialias=antialias)
    else:
        image = tf.image.resize(image, (size, size), antialias=antialias)
    return tf.ensure_shape(tf.cast(image + 0.5, tf.uint8), (size, size, 3))


def padded(
    image: tf.Tensor, size: int, method: str = "bilinear", antialias: bool = False
) -> tf.Tensor:
    """All of an image or mask between bars; `resize_with_pad` fails where a side would be 0."""
    sides = tf.shape(image)[:2]
    sides = tf.maximum(size * sides // tf.reduce_max(sides), 1)
    image = tf.image.resize(image, sides, method, antialias=antialias)
    return tf.image.resize_with_crop_or_pad(image, size, size)


def turned(image: tf.Tensor, turn: tf.Tensor) -> tf.Tensor:
    """The right way up: cameras store a photo as the sensor lay, and say in EXIF which way is up.

    Before it is resized: bars that are not equally wide would change places. A JPEG is small then.
    """
    # raw_ops takes the axes as a tensor; tf.reverse would need them in Python.
    dims = tf.concat([reversed_axes(turn), [False]], 0)
    image = tf.cond(turn > 1, lambda: tf.raw_ops.Reverse(tensor=image, dims=dims), lambda: image)
    return tf.cond(turn > 4, lambda: tf.transpose(image, (1, 0, 2)), lambda: image)


def reversed_axes(turn: tf.Tensor) -> tf.Tensor:
    """Whether the rows, and the columns, of a stored image end where the upright one begins."""
    return tf.stack([tf.reduce_any(turn == (3, 4, 6, 7)), tf.reduce_any(turn == (2, 3, 7, 8))])


{% include ["task/" ~ cookiecutter.task ~ "/distort.py", "task/_shared/distort.py"] %}


def _move(image: tf.Tensor, chance: list[tf.Tensor], strength: float, settings: Data) -> tf.Tensor:
    """Shift by whole pixels, beyond the edge as in a mirror, and mirror all of it."""
    size, margin = settings.image_size, round(strength * settings.image_size)
    if settings.flip != "none":
        image = tf.cond(chance[2] < 0.5, lambda: tf.reverse(image, [1]), lambda: image)
    if settings.flip == "both":
        image = tf.cond(chance[3] < 0.5, lambda: tf.reverse(image, [0]), lambda: image)
    wide = tf.pad(image, [[margin, margin], [margin, margin], [0, 0]], "REFLECT")
    down, right = (tf.cast(part * (2 * margin + 1), tf.int32) for part in chance[:2])
    return tf.ensure_shape(wide[down : down + size, right : right + size], image.shape)


def _tint(image: tf.Tensor, chance: list[tf.Tensor], strength: float) -> tf.Tensor:
    """Change brightness (add to all pixels) and contrast (scale the distance from the mean)."""
    mean = tf.reduce_mean(tf.cast(image[::SPARSE], tf.float32))
    bright, vivid = (strength * (2 * part - 1) for part in chance)
    offset = 255 * bright - vivid * mean + 0.5  # so that cutting the fraction off rounds
    return tf.saturate_cast(tf.cast(image, tf.float32) * (1 + vivid) + offset, tf.uint8)
