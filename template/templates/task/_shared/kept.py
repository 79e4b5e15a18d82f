CODE = ("batches.py", "check.py", "image.py", "plain.py")  # of that room: what decides about pixels


def varied(
    image: tf.Tensor, target: tf.Tensor, start: tf.Tensor, augment: str, settings: Data
) -> tuple[tf.Tensor, tf.Tensor]:
    """A kept example as it looks in an epoch."""
    return distort(image, start, augment, settings), target
