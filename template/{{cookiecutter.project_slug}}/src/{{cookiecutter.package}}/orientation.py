"""How a photo is turned: cameras store it as the sensor lay, and say in EXIF which way is up."""

from __future__ import annotations

import tensorflow as tf

HEADER = 65536  # so many bytes of a file are searched
ORIENTATION = 0x0112  # the EXIF tag
MIRRORED = (2, 3, 6, 7)  # left becomes right, after rows became columns from 5 on
UPSIDE_DOWN = (3, 4, 7, 8)


def turned(image: tf.Tensor, turn: tf.Tensor) -> tf.Tensor:
    """A square image the right way up; one that is so already is not touched."""

    def put_right() -> tf.Tensor:
        upright = tf.cond(turn > 4, lambda: tf.transpose(image, (1, 0, 2)), lambda: image)
        axes = tf.stack([_among(turn, UPSIDE_DOWN), _among(turn, MIRRORED), False])
        return tf.ensure_shape(tf.raw_ops.Reverse(tensor=upright, dims=axes), image.shape)

    return tf.cond(turn > 1, put_right, lambda: image)


def turn_of(content: tf.Tensor) -> tf.Tensor:
    """The EXIF orientation, from 1 to 8; 0 for what only Pillow reads as it is meant."""
    start = tf.strings.substr(content, 0, 2)
    known = tf.constant([b"\xff\xd8", b"\x89P", b"GI", b"RI", b"BM"])  # and GIF, WebP, BMP
    kind = tf.argmax(tf.concat([start == known, [True]], 0), output_type=tf.int32)
    head = tf.strings.substr(content, 0, HEADER) + bytes(16)
    ways = [lambda: _in_jpeg(head), lambda: _in_png(head), *[lambda: 0] * 3, lambda: 1]
    return tf.switch_case(kind, ways)


def _in_jpeg(head: tf.Tensor) -> tf.Tensor:
    """Follow the segments to the one with EXIF."""
    data = _bytes(head)
    last = tf.size(data) - 16

    def is_exif(at: tf.Tensor) -> tf.Tensor:
        return tf.strings.substr(head, at + 4, 6) == b"Exif\0\0"

    def go_on(at: tf.Tensor) -> tf.Tensor:
        segment = (data[at] == 0xFF) & (data[at + 1] != 0xDA)
        return (at < last) & segment & ~((data[at + 1] == 0xE1) & is_exif(at))

    def step(at: tf.Tensor) -> list[tf.Tensor]:
        return [tf.minimum(at + 2 + _number(data, at + 2, 2), last)]

    at = tf.while_loop(go_on, step, [tf.minimum(2, last)])[0]
    return tf.cond((at < last - 16) & is_exif(at), lambda: _tag(data, at + 10), lambda: 1)


def _in_png(head: tf.Tensor) -> tf.Tensor:
    """Find the chunk with EXIF by its name and by how its content begins."""
    before = tf.strings.split([head], b"eXIf", maxsplit=1).values[0]
    at = tf.strings.length(before) + 4
    begins = tf.reduce_any(tf.strings.substr(head + bytes(8), at, 4) == [b"II*\0", b"MM\0*"])
    return tf.cond(begins, lambda: _tag(_bytes(head), at), lambda: 1)


def _tag(data: tf.Tensor, at: tf.Tensor) -> tf.Tensor:
    """The orientation in the first directory of the EXIF that begins there."""
    little, last = data[at] == ord("I"), tf.size(data) - 16
    place = at + tf.clip_by_value(_number(data, at + 4, 4, little), 0, last - at)
    count = tf.minimum(_number(data, place, 2, little), (last - place) // 12)
    rows = tf.reshape(data[place + 2 : place + 2 + 12 * count], (count, 12))
    first, second = rows[:, ::2], rows[:, 1::2]
    pairs = tf.where(little, first + 256 * second, 256 * first + second)
    found = tf.boolean_mask(pairs[:, 4], pairs[:, 0] == ORIENTATION)
    turn = tf.concat([found, [1]], 0)[0]
    return tf.where((turn >= 1) & (turn <= 8), turn, 1)


def _bytes(head: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.io.decode_raw(head, tf.uint8), tf.int32)


def _number(
    data: tf.Tensor, at: tf.Tensor, size: int, little: tf.Tensor | bool = False
) -> tf.Tensor:
    part = data[at : at + size]
    part = tf.where(little, part[::-1], part)
    return tf.reduce_sum(part * [256**power for power in reversed(range(size))])


def _among(turn: tf.Tensor, turns: tuple[int, ...]) -> tf.Tensor:
    return tf.reduce_any(turn == turns)
