class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["folder"]
    group: str = ""
{% include "config/images.j2" %}
