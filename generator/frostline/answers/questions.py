"""Every question, once: flags, prompts, answers files, JSON Schema and cookiecutter.json follow.

The order is the order of asking: an answer is validated against the earlier ones only. A default
that depends on earlier answers is a Jinja expression over cookiecutter's context, because stock
cookiecutter evaluates it too.
"""

from __future__ import annotations

from frostline.answers.question import Question
from frostline.answers.subjects.data import DATA, SAMPLE
from frostline.answers.subjects.learning import CHOICES, START, TRAINING
from frostline.answers.subjects.project import EXTRAS, NAMES

QUESTIONS: tuple[Question, ...] = (
    *CHOICES,
    *NAMES,
    *START,
    *DATA,
    *TRAINING,
    *SAMPLE,
    *EXTRAS,
)
BY_KEY = {question.key: question for question in QUESTIONS}
