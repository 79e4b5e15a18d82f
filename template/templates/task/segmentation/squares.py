def squares(settings: Data) -> Square:
    """A function that gives an image and its mask as training reads them, as JPEG and as PNG."""

    def pair(file: tf.Tensor, turn: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return read_image(file, turn, settings), read_mask(mask, settings)

    kinds = (tf.TensorSpec((), kind) for kind in (tf.string, tf.uint8, tf.string))
    read = tf.function(pair, autograph=False).get_concrete_function(*kinds)

    def square(item: Item, look: Look) -> tuple[bytes, bytes]:
        mask = item.label[0]
        if stays(look, settings.image_size):
            return load_bytes(look.file), load_bytes(mask)
        turn = tf.constant(look.turn, tf.uint8)
        pixels, numbers = read(tf.constant(look.file), turn, tf.constant(mask))
        photo = tf.io.encode_jpeg(pixels, quality=QUALITY, chroma_downsampling=False)
        return photo.numpy(), tf.io.encode_png(numbers).numpy()

    return square
