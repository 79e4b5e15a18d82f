"""Which way of prompting this process can use."""

from __future__ import annotations

import sys

from frostline.asking.keyboard import Keyboard


def keyboard() -> Keyboard:
    """Arrow keys on a terminal, plain lines where input or output is redirected."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        from frostline.asking.arrow_prompts import ArrowPrompts

        return ArrowPrompts()
    from frostline.asking.plain_prompts import PlainPrompts

    return PlainPrompts()
