HEX = "0123456789abcdefABCDEF"


class Task(Table):
    """Loss options, and what the values in a mask stand for."""

    class_weights: Literal["none", "balanced"] = "balanced"
    dice: Weight = 1.0
    ignore: Annotated[int, Field(ge=0, le=255)] = 255
    values: dict[str, str] = {}

    @model_validator(mode="after")
    def _values_name_classes(self) -> Self:
        for key in self.values:
            colour = key[:1] == "#" and len(key) in (7, 9) and not key[1:].strip(HEX)
            if not (key.isdecimal() or key == "transparent" or colour):
                raise ValueError(
                    f"values = … {key!r}: a value in masks is a number such as 255, a colour such "
                    'as "#ff0000", or transparent'
                )
        if self.values and len({*self.values.values()} - {""}) < 2:
            raise ValueError("values = …: it must name at least two classes")
        return self
