{% include "source_settings/" ~ cookiecutter.data ~ ".py" %}
