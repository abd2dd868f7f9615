"""The lines of an HTML page in the making: white space collapsed as browsers do, each paragraph and line a Block."""

import re
from dataclasses import replace

from parsing.formats.blocks import Blocks, joined
from parsing.formats.html_context import HtmlContext
from parsing.formats.revisions import UNSIGNED, Revision
from parsing.model import Block, Run

_SPACE = re.compile("[ \t\r\n\f]+")
_BULLETS = frozenset("o·§Øüv•-–—")


class HtmlLines:
    """Blocks that are finished, and the line that is being filled."""

    def __init__(self) -> None:
        self.out = Blocks()
        self.number = ""
        self._first: HtmlContext | None = None
        """The context of the line's first characters."""
        self._space: str = "start"
        """The mark of the space that the line ends with so far; "start" where it is empty, "" without a space."""

    def put(self, text: str, context: HtmlContext) -> None:
        """Writes characters as they are shown inside an element."""
        if context.hidden:
            return
        if context.number:
            self.number += text
        elif context.pre:
            self._put_lines(text, context)
        else:
            self._put_words(text, context)

    def _put_words(self, text: str, context: HtmlContext) -> None:
        """Characters with white space collapsed: a space after a space that is in both views is dropped."""
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and self._space in ("start", "kept", context.mark):
            text = text[1:]
        if not text:
            return
        self._put(text, context)
        self._space = context.mark if text.endswith(" ") else ""

    def _put_lines(self, text: str, context: HtmlContext) -> None:
        first, *others = text.replace("\r\n", "\n").split("\n")
        self._put(first, context)
        for line in others:
            self.end(context, forced=True)
            self._put(line, context)

    def _put(self, text: str, context: HtmlContext) -> None:
        if text:
            self._first = self._first or context
            self.out.put(context.run(text))

    def end(self, context: HtmlContext, *, forced: bool = False) -> None:
        """Ends the line that is being filled; an empty one is kept only where it was ended by hand."""
        runs = _trimmed(self.out.runs)
        if not runs and not forced and self._first is None:
            return
        end = _end(context, runs)
        if end.mark == "kept" and _is_blank(runs):
            runs = []
        self.out.end(self._block(runs, self._first or context, end))
        self._first, self._space = None, "start"
        if runs:
            self.number = ""

    def _block(self, runs: list[Run], inside: HtmlContext, end: HtmlContext) -> Block:
        change = end.ins or end.gone or UNSIGNED
        return Block(
            runs=tuple(joined(runs)),
            end=end.mark,
            place="body" if inside.cell is None else "table",
            number=_shown(self.number) if runs else None,
            heading=inside.heading,
            cell=inside.cell,
            end_author=change.author,
            end_date=change.date,
            role=inside.role,
            indented=inside.indented,
        )


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without the spaces at the end."""
    while runs and not runs[-1].text.strip(" "):
        runs.pop()
    if runs:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" "))
    return runs


def _is_blank(runs: list[Run]) -> bool:
    return not any(run.text.strip() for run in runs)


def _end(context: HtmlContext, runs: list[Run]) -> HtmlContext:
    """The context of the line's own end: inserted or deleted as the element around it, else as all characters in it."""
    marks = {run.mark for run in runs}
    if context.mark != "kept" or len(marks) != 1 or marks == {"kept"}:
        return context
    change = Revision(runs[-1].author, runs[-1].date)
    mark = runs[-1].mark
    return replace(
        context,
        ins=change if mark in ("inserted", "undone") else None,
        gone=change if mark in ("deleted", "undone") else None,
    )


def _shown(number: str) -> str | None:
    """The number before a line; None for a bullet."""
    number = _SPACE.sub(" ", number.replace("\xa0", " ")).strip()
    return None if not number or number in _BULLETS or not any(c.isalnum() for c in number) else number
