{% include "storage/" ~ ("records" if cookiecutter.data in ['tfrecord', 'tfds'] or 'pack' in cookiecutter.kits else "files") ~ ".py" %}
