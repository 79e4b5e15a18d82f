{% include "resampling/" ~ cookiecutter.task ~ ".py" %}
