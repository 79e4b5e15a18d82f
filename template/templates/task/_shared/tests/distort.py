@pytest.mark.parametrize("strength", ["light", "strong"])
def test_variations_differ_and_are_the_same_for_the_same_key(strength: str, settings: Data) -> None:
    """The square that is shifted and mirrored stays one; its shade varies."""
    both = settings.model_copy(update={"flip": "both"})
    square = np.full((SIZE, SIZE, 3), 20, "uint8")
    square[15:30, 15:35] = 200
    seen, shades = set(), set()
    for number in range(8):
        start = tf.constant([7, number])
        image = distort(tf.constant(square), start, strength, both).numpy()
        again = distort(tf.constant(square), start, strength, both).numpy()
        assert np.array_equal(image, again)
        bright = image[..., 0] > (int(image.min()) + int(image.max())) / 2
        assert bright.sum() == 15 * 20
        seen.add(bright.tobytes())
        shades.add(int(image.max()))
    assert len(seen) > 4
    assert len(shades) > 4


def test_an_image_is_mirrored_only_where_it_is_allowed(settings: Data) -> None:
    ramp = np.tile(np.arange(SIZE, dtype="uint8")[:, None, None] * 4, (1, SIZE, 3))
    for flip, expected in (("none", {1}), ("both", {1, -1})):
        how = settings.model_copy(update={"flip": flip})
        images = [distort(ramp, tf.constant([7, n]), "light", how).numpy() for n in range(8)]
        # Between the mirrored edges the ramp rises downwards, unless it is upside down.
        middle = [image[20:28, 24, 0].astype(int) for image in images]
        assert {int(np.sign(part[-1] - part[0])) for part in middle} == expected


def test_without_augmentation_nothing_changes(settings: Data) -> None:
    image = tf.constant(np.asarray(PHOTO.resize((SIZE, SIZE))))
    assert distort(image, tf.constant([7, 0]), "none", settings) is image
