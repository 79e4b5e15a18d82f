{% include "source/" ~ cookiecutter._sources[cookiecutter.task][cookiecutter.data] ~ "/tests/test_source.py" %}
