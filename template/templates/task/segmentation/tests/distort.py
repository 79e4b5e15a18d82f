@pytest.mark.parametrize("strength", ["light", "strong"])
def test_a_mask_moves_with_its_image(strength: str, settings: Data) -> None:
    """The image is its own mask: shifts and mirrors are the same for both, colours are not."""
    both = settings.model_copy(update={"flip": "both"})
    square = np.zeros((SIZE, SIZE, 3), "uint8")
    square[5:20, 9:30] = 200
    masks = []
    for number in range(8):
        start = tf.constant([7, number])
        moved = distort(tf.constant(square), tf.constant(square[..., :1]), start, strength, both)
        image, mask = (part.numpy()[..., 0] for part in moved)
        assert np.array_equal(image > (int(image.min()) + int(image.max())) / 2, mask == 200)
        masks.append(mask.tobytes())
    assert len(set(masks)) > 4


def test_without_augmentation_nothing_changes(settings: Data) -> None:
    image, mask = tf.ones((SIZE, SIZE, 3)), tf.ones((SIZE, SIZE, 1))
    same = distort(image, mask, tf.constant([7, 0]), "none", settings)
    assert same[0] is image
    assert same[1] is mask
