class Task(Table):
    """Loss options, and the number in a mask that is no class."""

    class_weights: Literal["none", "balanced"] = "balanced"
    dice: Weight = 1.0
    ignore: Annotated[int, Field(ge=0, le=255)] = 255
