def distort(
    image: tf.Tensor, mask: tf.Tensor, start: tf.Tensor, augment: str, settings: Data
) -> tuple[tf.Tensor, tf.Tensor]:
    """One variation, the same for the same start: shifted, mirrored where allowed, tinted.

    The mask moves with its image.
    """
    if augment == "none":
        return image, mask
    chance = tf.unstack(tf.random.stateless_uniform((6,), start), num=6)
    strength = STRENGTH[augment]
    image, mask = (_move(picture, chance[:4], strength, settings) for picture in (image, mask))
    return _tint(image, chance[4:], strength), mask
