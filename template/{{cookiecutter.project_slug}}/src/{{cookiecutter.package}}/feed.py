{% include "feed/" ~ ("cached" if 'cache' in cookiecutter.kits else "images") ~ ".py" %}
