class Data(Table):
    """Where the examples come from, and what is done to their images."""

    source: Literal["csv"]
    image: Text = "image"
    label: Text = "label"
    split: str = "split"
    group: str = ""
{% include "task/" ~ cookiecutter.task ~ "/data_keys.py" ignore missing %}
{% include "config/images.j2" %}
