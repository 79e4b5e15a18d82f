
def preprocess(image: keras.KerasTensor) -> keras.KerasTensor:
    """What the backbone expects of its pixels: RGB from 0 to 255, as they are.

    Its own first layers scale them. Scaling here as well would train without an error and cost
    accuracy: it is the classic silent bug.
    """
    return image
