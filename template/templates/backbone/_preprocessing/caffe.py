MEAN_BGR = (103.939, 116.779, 123.68)


def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """Blue-green-red, each channel minus its ImageNet mean: what the backbone was trained on.

    The transform is part of the model, so training, evaluation and serving cannot differ.
    """
    center = keras.layers.Normalization(
        mean=MEAN_BGR, variance=(1.0, 1.0, 1.0), dtype="float32", name="preprocess_center"
    )
    return center(image[..., ::-1])
