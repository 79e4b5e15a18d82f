"""What a look has found: what was seen, the answers with their reasons, and what is not used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from frostline.answers.checks import LOCATED, LocalFile
from frostline.answers.question import Question, Value
from frostline.answers.questions import BY_KEY
from frostline.answers.resolve import Given
from frostline.template import template_context

STEP = 32  # most backbones halve the resolution five times


@dataclass
class Found:
    """Filled while looking; `image_size` is chosen once the backbone is known."""

    place: str
    saw: list[str] = field(default_factory=list)
    answers: dict[str, Value] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)  # of an answer that needs a reason
    unused: list[str] = field(default_factory=list)  # and other remarks
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def choose(self, key: str, value: Value, why: str = "") -> None:
        self.answers[key] = value
        if why:
            self.why[key] = why

    def default(self, question: Question, default: Value, earlier: Mapping[str, Any]) -> Value:
        """The answer of the data, where they have one; for `resolve`."""
        if question.key == "image_size" and self.sizes and earlier["backbone"] != "custom":
            least = template_context()["_backbones"][earlier["backbone"]]["min_size"]
            return self._image_size(int(str(default)), least)
        answer = self.answers.get(question.key, default)
        return LocalFile(answer) if question.key in LOCATED and answer != default else answer

    def _image_size(self, default: int, least: int) -> int:
        """That of the backbone, unless most images are smaller."""
        side = median(min(size) for size in self.sizes)
        if side >= default:
            return default
        return max(least, round(side / STEP) * STEP, STEP)

    def lines(self, given: Mapping[str, Given] | None = None) -> list[str]:
        """What was seen, what follows, and what is not used; a line each."""
        told = [*self.saw]
        for key, value in self.answers.items():
            shown = ", ".join(value) if isinstance(value, list) else value
            if isinstance(value, list) and len(value) > 8:
                shown = f"{', '.join(value[:6])} … ({len(value)})"
            flag = BY_KEY[key].flag
            if given and key in given:
                if given[key].value == value:
                    continue
                told.append(f"{flag}: yours, not {shown}")
            elif key not in ("images", "table"):
                told.append(
                    f"{flag} {shown}{': ' * bool(self.why.get(key))}{self.why.get(key, '')}"
                )
        return told + self.unused

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "place": self.place,
            "saw": self.saw,
            "answers": self.answers,
            "why": self.why,
            "unused": self.unused,
        }
