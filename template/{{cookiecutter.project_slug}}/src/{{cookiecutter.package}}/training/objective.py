{% include "task/" ~ cookiecutter.task ~ "/objective.py" %}
