{% include "source_settings/" ~ cookiecutter._sources[cookiecutter.task][cookiecutter.data] ~ ".py" %}
