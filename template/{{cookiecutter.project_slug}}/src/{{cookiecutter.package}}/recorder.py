{% include "recorder/" ~ ("masks" if cookiecutter.task == "segmentation" else "rows") ~ ".py" %}
