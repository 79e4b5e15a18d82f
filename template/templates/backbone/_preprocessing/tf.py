
def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """From -1 to 1: what the backbone was trained on.

    The transform is part of the model, so training, evaluation and serving cannot differ.
    """
    scale = keras.layers.Rescaling(1 / 127.5, offset=-1.0, dtype="float32", name="preprocess_scale")
    return scale(image)
