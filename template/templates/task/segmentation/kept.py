# Of that room: what decides about pixels.
CODE = ("batches.py", "check.py", "image.py", "masks.py", "plain.py")


def varied(
    image: tf.Tensor, mask: tf.Tensor, start: tf.Tensor, augment: str, settings: Data
) -> tuple[tf.Tensor, tf.Tensor]:
    """A kept example as it looks in an epoch."""
    return distort(image, mask, start, augment, settings)
