{% include "tests/source/" ~ cookiecutter.data ~ ".py" %}
