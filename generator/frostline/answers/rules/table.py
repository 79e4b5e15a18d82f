"""The rule of each question: it returns the sentence that refuses an answer, or None.

`tools/sync.py` merges the rules into the pre-generation hook, so that stock cookiecutter refuses
the same answers: they use the standard library only, and no name is defined twice. A question
that does not apply is not validated.
"""

from __future__ import annotations

from frostline.answers.rules.examples import EXAMPLES
from frostline.answers.rules.freezing import FREEZING
from frostline.answers.rules.kits import KITS
from frostline.answers.rules.model import MODEL
from frostline.answers.rules.naming import NAMING

RULES = NAMING | MODEL | EXAMPLES | FREEZING | KITS
