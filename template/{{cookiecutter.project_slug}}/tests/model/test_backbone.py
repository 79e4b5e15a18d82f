{% include "backbone/" ~ ("custom" if cookiecutter.backbone == "custom" else "_shared") ~ "/tests/test_backbone.py" %}
