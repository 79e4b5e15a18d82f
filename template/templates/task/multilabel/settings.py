class Task(Table):
    """Loss options, and the threshold from which on the answer is yes."""

    label_smoothing: Share = 0.0
    class_weights: Literal["none", "balanced"] = "none"
    threshold: Literal["auto"] | Annotated[float, Field(gt=0, lt=1)] = "auto"
