{% include "task/" ~ cookiecutter.task ~ "/targets.py" %}
