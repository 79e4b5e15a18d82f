class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["tfrecord"]
    image: Text = "image"
    label: Text = "label"
    mask: Text = "mask"
    split: str = "split"
    group: str = "group"
{% include "task/" ~ cookiecutter.task ~ "/data_keys.py" ignore missing %}
{% include "config/images.j2" %}
