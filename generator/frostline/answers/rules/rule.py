"""The type of a rule: what it is given, and the sentence that it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Earlier = dict[str, Any]  # the answers so far
Facts = dict[str, Any]  # the backbone's entry in the template's table
Rules = dict[str, Callable[[Any, Earlier, Facts], str | None]]
