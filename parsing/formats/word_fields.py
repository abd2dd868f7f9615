"""Complex fields (ECMA-376 part 1, 17.16.18): from begin to separate they hold an instruction, which no reader sees."""

from collections.abc import Callable
from dataclasses import dataclass, field

from parsing.formats.word_context import WordContext

Put = Callable[[str, WordContext], None]


@dataclass(slots=True)
class _Field:
    instruction: bool = True
    hidden: list[tuple[str, WordContext]] = field(default_factory=list)


class Fields:
    """The fields that are open, the innermost last. What turns out to be no instruction is written with `put`."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._open: list[_Field] = []

    def hide(self, text: str, context: WordContext) -> bool:
        """Whether characters stand in an instruction: then they are kept here."""
        for one in self._open:
            if one.instruction:
                one.hidden.append((text, context))
                return True
        return False

    def begin(self) -> None:
        self._open.append(_Field())

    def separate(self) -> str:
        """The words that stand in the instruction that ends here: no program writes any, and nobody sees them."""
        if not self._open:
            return ""
        last = self._open[-1]
        last.instruction = False
        words = "".join(text for text, _ in last.hidden)
        last.hidden.clear()
        return words

    def end(self) -> None:
        if self._open:
            self._restore(self._open.pop())

    def end_instructions(self) -> None:
        """An instruction that has not ended with its paragraph is none: its words are text."""
        for unfinished in self._open:
            self._restore(unfinished)

    def _restore(self, unfinished: _Field) -> None:
        unfinished.instruction = False
        hidden, unfinished.hidden = unfinished.hidden, []
        for text, context in hidden:
            self._put(text, context)
