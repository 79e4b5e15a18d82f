{% include "source/" ~ cookiecutter._sources[cookiecutter.task][cookiecutter.data] ~ "/source.py" %}
