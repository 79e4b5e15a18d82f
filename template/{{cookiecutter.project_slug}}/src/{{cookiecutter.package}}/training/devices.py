{% include "devices/" ~ ("several" if 'gpus' in cookiecutter.kits else "one") ~ "/devices.py" %}
