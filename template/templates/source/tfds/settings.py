class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["tfds"]
    name: Text
    image: Text = "image"
    label: Text = "label"
    group: str = ""
{% include "config/images.j2" %}
