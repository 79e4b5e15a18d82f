class Task(Table):
    """Loss options."""

    loss: Literal["mse", "mae", "huber"] = "mse"
