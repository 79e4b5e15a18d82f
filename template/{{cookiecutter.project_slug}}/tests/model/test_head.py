{% include ["task/" ~ cookiecutter.task ~ "/tests/test_head.py", "task/_shared/tests/test_head.py"] %}
