{% include "task/" ~ cookiecutter.task ~ "/tests/test_scores.py" %}
