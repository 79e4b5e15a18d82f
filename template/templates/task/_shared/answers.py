def answers(
    model: keras.Model, examples: Examples, settings: Data
) -> tuple[np.ndarray, np.ndarray]:
    """The targets of the examples, and the model's outputs."""
    batches, count = in_order(examples, settings), steps(examples, settings)
    with click.progressbar(batches, count, "the model answers", file=sys.stderr) as bar:
        pairs = [(targets.numpy(), model.predict_on_batch(images)) for images, targets in bar]
    targets, outputs = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return targets, outputs
