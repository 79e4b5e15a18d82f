class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["tfrecord"]
    image: Text = "image"
    label: Text = "label"
    mask: Text = "mask"
    split: str = "split"
    group: str = "group"
    separator: Text = ";"
{% include "config/images.j2" %}
