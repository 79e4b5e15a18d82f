{% include ["task/" ~ cookiecutter.task ~ "/predict.py", "task/_shared/predict.py"] %}
