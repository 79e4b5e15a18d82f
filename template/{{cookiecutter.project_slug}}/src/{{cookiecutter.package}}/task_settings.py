{% include "task_settings/" ~ cookiecutter.task ~ ".py" %}
