{% include "backbone/" ~ cookiecutter._backbones[cookiecutter.backbone].module ~ "/backbone.py" %}
