{% include "task/" ~ cookiecutter.task ~ "/tests/made.py" %}
