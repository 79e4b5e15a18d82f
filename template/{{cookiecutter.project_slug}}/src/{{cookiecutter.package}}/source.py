{% include "source/" ~ cookiecutter.data ~ ".py" %}
