{% include "task/" ~ cookiecutter.task ~ "/tests/test_task.py" %}
