{% include "task/" ~ cookiecutter.task ~ "/tests/test_objective.py" %}
