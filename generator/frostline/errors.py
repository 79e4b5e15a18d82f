"""The one exception that is meant for the user, and the suggestion for a typo."""

from __future__ import annotations

from collections.abc import Iterable


class UserError(Exception):
    """A request that cannot be met; the message is the sentence that the user reads."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'ResNet50'?`, or nothing where no known word is similar."""
    from difflib import get_close_matches

    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.5)
    return f"; did you mean '{by_folded[near[0]]}'?" if near else ""


def listed(words: Iterable[str], last: str = "or") -> str:
    """`a, b or c`."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final
