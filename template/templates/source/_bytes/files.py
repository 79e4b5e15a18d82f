def read_bytes(file: tf.Tensor) -> tf.Tensor:
    """The bytes of an image, in a graph."""
    return tf.io.read_file(file)


def load_bytes(file: str) -> bytes:
    """The bytes of an image."""
    return Path(file).read_bytes()


def file_of(entry: str) -> str:
    """The file that holds an image: itself."""
    return entry
