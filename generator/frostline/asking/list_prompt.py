"""A list on a terminal: the question stays in view, and typing filters what is below it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Dimension, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from frostline.asking.keyboard import Option

ROWS = 16  # of the list that are seen at once, on a terminal that has as many
PAGE = 10
STYLE = Style([("question", "bold"), ("at", "reverse"), ("group", "bold"), ("quiet", "#888888")])
Refuse = Callable[[list[str]], str | None]
Fragments = StyleAndTextTuples


def matching(text: str, options: Sequence[Option]) -> list[Option]:
    """Those whose name holds the letters in their order, the closest first: mobv2, MobileNetV2."""
    wanted = text.casefold()
    found = []
    for option in options:
        name = option.value.casefold()
        if (spread := _spread(wanted, name)) is not None:
            found.append(((spread, name != wanted), option))
    return [option for _, option in (sorted(found, key=lambda one: one[0]) if text else found)]


def _spread(text: str, name: str) -> int | None:
    """How many letters of the name lie between the letters of the text."""
    if text in name:
        return 0
    spreads = []
    for start in (number for number, letter in enumerate(name) if letter == text[0]):
        place = start
        for letter in text[1:]:
            place = name.find(letter, place + 1)
            if place < 0:
                break
        else:
            spreads.append(place - start - len(text) + 2)
    return min(spreads, default=None)


class ListPrompt:
    """One of the options, or any of them."""

    def __init__(
        self, message: str, options: Sequence[Option], default: str | None, refuse: Refuse
    ) -> None:
        self.message, self.options, self.refuse = message, options, refuse
        self.several = default is None
        self.picked = {option.value for option in options if option.chosen and self.several}
        self.typed, self.problem = "", ""
        self.found = list(options)
        self.at = next((n for n, one in enumerate(options) if one.value == default), 0)
        self.width = max(len(option.value) for option in options)

    def ask(self, output: Output) -> list[str]:
        """What was chosen, as the options are ordered; Ctrl-C raises KeyboardInterrupt."""
        listed = FormattedTextControl(
            lambda: [part for row in self._rows()[0] for part in row],
            get_cursor_position=lambda: Point(0, self._rows()[1]),
            show_cursor=False,
        )
        rows = [
            Window(FormattedTextControl(self._question), height=1),
            Window(listed, height=Dimension(max=ROWS), dont_extend_height=True),
            Window(FormattedTextControl(self._hint), height=1),
        ]
        application: Application[list[str]] = Application(
            Layout(HSplit(rows)),
            key_bindings=self._keys(),
            style=STYLE,
            erase_when_done=True,
            output=output,
        )
        chosen = application.run()
        print(f"? {self.message}  {', '.join(chosen) or 'none'}", file=sys.stderr)
        return chosen

    def _question(self) -> Fragments:
        count = f"  {len(self.found)} of {len(self.options)}" if self.typed else ""
        typed = f"{self.typed}_" if self.typed else ""
        return [("class:question", f"? {self.message}  "), ("", typed), ("class:quiet", count)]

    def _hint(self) -> Fragments:
        keys = "type to filter, arrows to move, Enter to choose"
        if self.several:
            keys = "type to filter, arrows to move, space to pick, Enter when done"
        return [("", self.problem)] if self.problem else [("class:quiet", keys)]

    def _rows(self) -> tuple[list[Fragments], int]:
        """The lines of the list, and which of them the arrow is at."""
        rows: list[Fragments] = []
        line, group = 0, ""
        for number, option in enumerate(self.found):
            if option.group != group and not self.typed:
                group = option.group
                rows.append([("class:group", f"  {group}\n")])
            here = number == self.at
            line = len(rows) if here else line
            box = ("[x] " if option.value in self.picked else "[ ] ") if self.several else ""
            facts = "not here" if option.refused else option.facts
            text = f"{'>' if here else ' '} {box}{option.value:<{self.width}}  {facts}".rstrip()
            style = "class:at" if here else "class:quiet" if option.refused else ""
            rows.append([(style, text), ("", "\n")])
        return rows or [[("class:quiet", "  none is like that")]], line

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        moves = {Keys.Up: -1, Keys.Down: 1, Keys.PageUp: -PAGE, Keys.PageDown: PAGE}
        for key, step in moves.items():
            keys.add(key)(self._mover(step))
        keys.add(Keys.Any)(lambda event: self._filter(self.typed + event.data))
        keys.add(Keys.Backspace)(lambda event: self._filter(self.typed[:-1]))
        keys.add(Keys.Enter)(self._enter)
        keys.add(Keys.ControlC)(lambda event: event.app.exit(exception=KeyboardInterrupt()))
        keys.add(Keys.ControlD)(lambda event: event.app.exit(exception=KeyboardInterrupt()))
        if self.several:
            keys.add(" ")(lambda event: self._pick())
        return keys

    def _mover(self, step: int) -> Callable[[KeyPressEvent], Any]:
        def move(event: KeyPressEvent) -> None:
            last, self.problem = len(self.found) - 1, ""
            beyond = abs(step) == 1 and not 0 <= self.at + step <= last  # from end to end
            self.at = (last if step < 0 else 0) if beyond else min(max(self.at + step, 0), last)

        return move

    def _filter(self, text: str) -> None:
        if text.isprintable():
            self.typed, self.found, self.problem = text, matching(text, self.options), ""
            self.at = 0

    def _pick(self) -> None:
        if self.found:
            self.picked ^= {self.found[self.at].value}

    def _enter(self, event: KeyPressEvent) -> None:
        if not self.several and not self.found:
            return
        chosen = self.picked if self.several else {self.found[self.at].value}
        refused = None if self.several else self.found[self.at].refused
        values = [option.value for option in self.options if option.value in chosen]
        self.problem = refused or self.refuse(values) or ""
        if not self.problem:
            event.app.exit(result=values)
