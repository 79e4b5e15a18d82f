"""Which answers make sense together: for each question the sentence that refuses an answer.

`tools/sync.py` copies these modules into the pre-generation hook, so that stock cookiecutter
refuses the same answers in the same words: they use the standard library only, and no name twice.
An answer that makes no difference is not looked at.
"""

from __future__ import annotations

from frostline.rules.examples import EXAMPLES
from frostline.rules.freezing import FREEZING
from frostline.rules.model import MODEL
from frostline.rules.naming import NAMING

RULES = NAMING | MODEL | EXAMPLES | FREEZING
