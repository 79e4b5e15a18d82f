"""What a rule is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Earlier = dict[str, Any]  # the answers so far
Facts = dict[str, Any]  # the backbone's row in the template's table
Rules = dict[str, Callable[[Any, Earlier, Facts], str | None]]
