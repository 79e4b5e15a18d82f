# By the names of keras.applications: what is taken off each channel, and what it is divided by.
SCALINGS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "inside": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "tf": ((127.5, 127.5, 127.5), (127.5, 127.5, 127.5)),
    "torch": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
    "caffe": ((103.939, 116.779, 123.68), (1.0, 1.0, 1.0)),
    "unit": ((0.0, 0.0, 0.0), (255.0, 255.0, 255.0)),
}
AT_ONCE = 8  # pictures: activations before the first BatchNorm are large
FAR = 3.0  # unlike anything that was seen in pretraining, photos or not


def distances(network: Any, wanted: str, pictures: Callable[[], np.ndarray]) -> dict[str, float]:
    """For each scaling, how far the pictures are from the stored statistics, the nearest first.

    The Kullback-Leibler divergence of normal distributions, as a mean over channels. It forgives
    a variance that is too small, as of a picture with little contrast, more than one too large.
    Empty where nothing can be told.
    """
    own = {id(layer) for layer in network.backbone}
    nodes = (node for node in in_order(network.model) if id(node.operation) in own)
    norms = (n for n in nodes if isinstance(n.operation, keras.layers.BatchNormalization))
    if (node := next(norms, None)) is None:
        click.echo(f"pixels: nothing tells how {network.name} wants them; it has no BatchNorm")
        return {}
    norm = node.operation
    mean, variance = np.array(norm.moving_mean), np.array(norm.moving_variance)
    if not mean.any() and np.all(variance == 1):
        click.echo(f"pixels: nothing tells how {network.name} wants them; {norm.name} is untrained")
        return {}
    front = keras.Model(network.model.inputs[0], node.input_tensors[0])
    pixels = pictures().astype("float32")
    found = {}
    for name in SCALINGS:
        images = unscaled(scaled(pixels, name), wanted)  # which the model itself will scale again
        seen = _statistics(front, images, norm.axis)
        found[name] = _divergence(*seen, mean, variance, norm.epsilon)
    found = dict(sorted(found.items(), key=lambda item: item[1]))
    if min(found.values()) > FAR:
        click.echo(
            f"warning: pictures are far from what {norm.name} stored under every scaling "
            f"({told(found)}): weights of another network, not all of them loaded, or pictures "
            "unlike any that it was trained on"
        )
    return found


def far(found: dict[str, float], name: str) -> bool:
    """Pictures unlike those of pretraining, such as darker ones, mostly differ by less."""
    return found[name] > 2.5 * min(found.values()) + 0.1


def told(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {distance:.3g}" for name, distance in found.items())


def scaled(pixels: np.ndarray, name: str) -> np.ndarray:
    mean, deviation = np.array(SCALINGS[name], "float32")
    return ((pixels[..., ::-1] if name == "caffe" else pixels) - mean) / deviation


def unscaled(values: np.ndarray, name: str) -> np.ndarray:
    mean, deviation = np.array(SCALINGS[name], "float32")
    pixels = values * deviation + mean
    return pixels[..., ::-1] if name == "caffe" else pixels


def _statistics(front: keras.Model, images: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of each channel, in doubles: the variance may be small beside the mean."""
    parts = []
    for start in range(0, len(images), AT_ONCE):
        values = np.asarray(front(images[start : start + AT_ONCE], training=False), "float64")
        flat = np.moveaxis(values, axis, -1).reshape(-1, values.shape[axis])
        parts.append(len(images[start : start + AT_ONCE]) * np.stack([flat, flat**2]).mean(1))
    mean, square = sum(parts) / len(images)
    return mean, np.maximum(square - mean**2, 0)


def _divergence(
    mean: np.ndarray, variance: np.ndarray, stored: np.ndarray, spread: np.ndarray, epsilon: float
) -> float:
    ratio = (variance + epsilon) / (spread + epsilon)
    shift = (mean - stored) ** 2 / (spread + epsilon)
    return float(np.nan_to_num(np.mean(ratio + shift - 1 - np.log(ratio)) / 2, nan=np.inf))


def in_order(model: keras.Model) -> list[Any]:
    """The nodes of the graph, from input to output: an operation, what it takes and gives."""
    depths = sorted(model._nodes_by_depth, reverse=True)
    return [node for depth in depths for node in model._nodes_by_depth[depth]]
