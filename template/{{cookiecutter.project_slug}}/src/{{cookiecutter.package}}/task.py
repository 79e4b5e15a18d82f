{% include "task/" ~ cookiecutter.task ~ ".py" %}
