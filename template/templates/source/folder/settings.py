class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["folder"]
    splits: Literal["auto", "folders", "none"] = "auto"
    group: str = ""
{% include "config/images.j2" %}
