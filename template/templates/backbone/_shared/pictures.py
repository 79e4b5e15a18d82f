def pictures(examples: Examples, settings: Data, count: int = 64) -> np.ndarray:
    """So many images, spread evenly over the examples."""
    chosen = np.linspace(0, len(examples) - 1, min(count, len(examples))).astype("int64")
    found = read_batches(tf.data.Dataset.from_tensor_slices(chosen), examples, settings)
    return np.concatenate([images for images, _ in found.as_numpy_iterator()])
