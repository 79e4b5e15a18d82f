EXPECTED = "{{ cookiecutter._backbones[cookiecutter.backbone].preprocessing }}"  # as keras.applications calls it


def test_pixels_are_transformed_as_in_pretraining() -> None:
    image = keras.Input((8, 8, 3))
    transform = keras.Model(image, preprocess(image))
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3)).astype("float32")
    utilities = keras.applications.imagenet_utils
    expected = utilities.preprocess_input(pixels.copy(), mode=EXPECTED)
    np.testing.assert_allclose(transform(pixels), expected, rtol=1e-5, atol=1e-4)


def test_it_happens_once(project: Config) -> None:
    settings = project.backbone.model_copy(update={"weights": "none"})
    network = backbone.build(settings, project.data.image_size)
    scaling = (keras.layers.Rescaling, keras.layers.Normalization)
    found = [layer.name for layer in network.layers if isinstance(layer, scaling)]
    assert found
    assert all(name.startswith("preprocess_") for name in found)
