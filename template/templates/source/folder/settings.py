class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["folder"]
    splits: Literal["auto", "folders", "none"] = "auto"
    group: str = ""
{% include "config/images.j2" %}

    @model_validator(mode="after")
    def _group_is_a_pattern(self) -> Data:
        try:
            re.compile(self.group)
        except re.error as problem:
            raise ValueError(f"group = {self.group!r}: no regular expression: {problem}") from None
        return self
