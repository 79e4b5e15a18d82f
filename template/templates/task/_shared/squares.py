def squares(settings: Data) -> Square:
    """A function that gives an image as training reads it, as the bytes of a JPEG; no mask."""
    read = tf.function(lambda file, turn: read_image(file, turn, settings), autograph=False)
    read = read.get_concrete_function(*(tf.TensorSpec((), kind) for kind in (tf.string, tf.uint8)))

    def square(item: Item, look: Look) -> tuple[bytes, bytes]:
        if stays(look, settings.image_size):
            return load_bytes(look.file), b""
        pixels = read(tf.constant(look.file), tf.constant(look.turn, tf.uint8))
        photo = tf.io.encode_jpeg(pixels, quality=QUALITY, chroma_downsampling=False)
        return photo.numpy(), b""

    return square
