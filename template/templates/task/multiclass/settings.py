class Task(Table):
    """Loss options."""

    label_smoothing: Share = 0.0
    class_weights: Literal["none", "balanced"] = "none"
