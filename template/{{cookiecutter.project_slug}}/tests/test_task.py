{% include "tests/test_task/" ~ cookiecutter.task ~ ".py" %}
