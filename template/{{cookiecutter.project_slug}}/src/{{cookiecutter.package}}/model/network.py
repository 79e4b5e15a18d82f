{% include "backbone/" ~ ("custom" if cookiecutter.backbone == "custom" else "_shared") ~ "/network.py" %}
