def answers(
    model: keras.Model, examples: Examples, settings: Data
) -> tuple[np.ndarray, np.ndarray]:
    """The mask of each example, and the one that the model gives it."""
    size = settings.image_size  # room for all of it at once: a list of batches needs it twice
    targets = np.empty((len(examples), size, size, 1), "uint8")
    outputs = np.empty((len(examples), size, size), "uint8")
    batches, count, done = in_order(examples, settings), steps(examples, settings), 0
    with click.progressbar(batches, count, "the model answers", file=sys.stderr) as bar:
        for images, masks in bar:
            rows = slice(done, done + len(images))
            targets[rows], outputs[rows] = masks, scores.keep(model.predict_on_batch(images))
            done += len(images)
    return targets, outputs
