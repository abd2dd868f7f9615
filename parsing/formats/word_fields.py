"""Complex fields (ECMA-376 part 1, 17.16.18): from begin to separate they hold an instruction, which no reader sees."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsing.formats.word_context import WordContext


@dataclass(slots=True)
class _Field:
    instruction: bool = True
    hidden: list[tuple[str, WordContext]] = field(default_factory=list)


class Fields:
    """The fields that are open, the innermost last."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    def hide(self, text: str, context: WordContext) -> bool:
        """Whether characters are in an instruction: then they are kept here."""
        for one in self._open:
            if one.instruction:
                one.hidden.append((text, context))
                return True
        return False

    def begin(self) -> None:
        self._open.append(_Field())

    def separate(self) -> str:
        """The words that are in the instruction that ends here: no program writes any, and nobody sees them."""
        if not self._open:
            return ""
        last = self._open[-1]
        last.instruction = False
        words = "".join(text for text, _ in last.hidden)
        last.hidden.clear()
        return words

    def end(self) -> Iterator[tuple[str, WordContext]]:
        """Closes the innermost field, and gives its words where they turn out to be no instruction."""
        if self._open:
            yield from _no_instruction(self._open.pop())

    def end_instructions(self) -> Iterator[tuple[str, WordContext]]:
        """The words of instructions that have not ended with their paragraph: they are none, and text."""
        for unfinished in self._open:
            yield from _no_instruction(unfinished)


def _no_instruction(unfinished: _Field) -> Iterator[tuple[str, WordContext]]:
    unfinished.instruction = False
    hidden, unfinished.hidden = unfinished.hidden, []
    yield from hidden
