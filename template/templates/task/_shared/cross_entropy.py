def cross_entropy(settings: Task, shares: np.ndarray) -> Callable[[Any, Any], Any]:
    """The loss, in which a rare answer may count as much as a common one.

    ``shares`` says for each column how many of its answers are yes.
    """
    yes, no = np.ones_like(shares), np.ones_like(shares)
    if settings.class_weights == "balanced":
        shares = np.clip(shares, RARE, 1 - RARE)
        yes, no = 1 / (2 * shares), 1 / (2 * (1 - shares))
    if_yes = keras.ops.convert_to_tensor(yes, "float32")
    if_no = keras.ops.convert_to_tensor(no, "float32")
    smoothing = settings.label_smoothing

    def loss(targets: Any, outputs: Any) -> Any:
        targets = keras.ops.cast(targets, "float32")
        weights = targets * if_yes + (1 - targets) * if_no
        losses = keras.ops.binary_crossentropy(targets * (1 - smoothing) + smoothing / 2, outputs)
        return keras.ops.mean(losses * weights, axis=-1)

    return loss
