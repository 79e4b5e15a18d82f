{% include "devices/" ~ ("several" if 'gpus' in cookiecutter.kits else "one") ~ "/test_devices.py" %}
