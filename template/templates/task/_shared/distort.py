def distort(image: tf.Tensor, start: tf.Tensor, augment: str, settings: Data) -> tf.Tensor:
    """One variation, the same for the same start: shifted, mirrored where allowed, tinted."""
    if augment == "none":
        return image
    chance = tf.unstack(tf.random.stateless_uniform((6,), start), num=6)
    moved = _move(image, chance[:4], STRENGTH[augment], settings)
    return _tint(moved, chance[4:], STRENGTH[augment])
