{% include "task/" ~ cookiecutter.task ~ "/head.py" %}
