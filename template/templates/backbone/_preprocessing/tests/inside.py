
def test_pixels_reach_the_backbone_as_they_are() -> None:
    image = keras.Input((8, 8, 3))
    assert preprocess(image) is image


def test_the_backbone_scales_them_itself(project: Config) -> None:
    settings = project.backbone.model_copy(update={"weights": "none"})
    network = backbone.build(settings, project.data.image_size)
    scaling = (keras.layers.Rescaling, keras.layers.Normalization)
    first = next(i for i, layer in enumerate(network.layers) if layer.trainable_weights)
    assert any(isinstance(layer, scaling) for layer in network.layers[:first])
    assert np.prod(network.output_shape[1:]) > 0
