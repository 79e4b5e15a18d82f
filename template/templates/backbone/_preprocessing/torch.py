MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """Normalised with the mean and spread of ImageNet: what the backbone was trained on.

    The transform is part of the model, so training, evaluation and serving cannot differ.
    """
    scale = keras.layers.Rescaling(1 / 255, dtype="float32", name="preprocess_scale")
    normalize = keras.layers.Normalization(
        mean=MEAN,
        variance=tuple(deviation**2 for deviation in DEVIATION),
        dtype="float32",
        name="preprocess_normalize",
    )
    return normalize(scale(image))
