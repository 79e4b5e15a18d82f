{% include "task/" ~ cookiecutter.task ~ "/scores.py" %}
