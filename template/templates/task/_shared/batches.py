def read_batches(
    indices: tf.data.Dataset,
    examples: Examples,
    settings: Data,
    augment: str = "none",
    seed: int = 0,
    epoch: tf.Tensor | int = 0,
) -> tf.data.Dataset:
    """Batches of images, varied as befits the epoch, and of targets."""
    files, turns = tf.constant(examples.files), tf.constant(examples.turns)
    targets = tf.constant(examples.targets)

    def read(index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        image = read_image(files[index], turns[index], settings)
        return distort(image, key(seed, epoch, index), augment, settings), targets[index]

    return indices.map(read, num_parallel_calls=AT_ONCE).batch(settings.batch_size)
