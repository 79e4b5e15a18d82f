{% include "task/" ~ cookiecutter.task ~ "/tests/test_targets.py" %}
