"""What a claim is: a sentence about Keras, TensorFlow or cookiecutter, and the test that holds it.

`tools/claims.py` reads the decorators without running anything and writes `docs/claims.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import metadata
from typing import Any

import pytest

from support import needs_tensorflow

Test = Callable[..., None]
VERDICTS = {
    "true": "it holds as it is said",
    "outdated": "it held once, or for less than it says; the last column tells what holds now",
    "wrong": "it never held as it is written",
    "version-dependent": "it holds for some of the versions that we support; the test knows which",
}


def claim(number: str, text: str, verdict: str, source: str = "FACTS") -> Callable[[Test], Test]:
    """Mark the test of one claim; its docstring says what is so today, and becomes the page's."""
    assert verdict in VERDICTS, f"{number}: there is no verdict '{verdict}'"
    library = "cookiecutter" if number.startswith("K") else "keras"

    def mark(test: Test) -> Test:
        @functools.wraps(test)
        def checked(*arguments: Any, **options: Any) -> None:
            try:
                test(*arguments, **options)
            except (Exception, pytest.fail.Exception) as problem:
                raise AssertionError(
                    f"claim {number} has moved: with {library} {metadata.version(library)} it is "
                    f"not as docs/claims.md says ({verdict}). Claimed: {text} "
                    f"Measured before: {test.__doc__}"
                ) from problem

        marked: Test = pytest.mark.medium(checked)
        return marked if library == "cookiecutter" else needs_tensorflow(marked)

    return mark
