"""Word documents without tracked changes: paragraphs of styled runs, a head that says what the file is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from compilation import phrases
from compilation.official import OfficialDocument, empty_document
from compilation.word_xml import Element, make, properties, right_to_left, run
from consultation.compilation import Compilation

Look = Element | None
STRONG, SLANTED, FAINT = "b", "i", "faint"
NEW, GONE = "new", "gone"
_LOOKS: dict[str, Any] = {
    STRONG: lambda base: properties("b", "bCs", base=base),
    SLANTED: lambda base: properties("i", "iCs", base=base),
    FAINT: lambda base: properties(base=base, color="595959", sz="19", szCs="19"),
    NEW: lambda base: properties("b", "bCs", base=base, u="single"),
    GONE: lambda base: properties("strike", base=base, color="8C2A25"),
}
"""By name: the properties of a run over those that it has."""


@dataclass(frozen=True, slots=True)
class StyledWords:
    """Words of one look: the names of _LOOKS that it has, together."""

    text: str
    looks: tuple[str, ...] = ()


class PlainDocument:
    """A document that is written from its beginning to its end."""

    def __init__(self, compilation: Compilation) -> None:
        self.compilation = compilation
        self.document = empty_document()
        self._end = self.document.element.body[-1]

    def paragraph(self, style: str, *words: StyledWords, indent: int = 0, to_left: bool = False) -> Element:
        """A paragraph in that style, `indent` steps to the right; from right to left where its words are."""
        layout = make("pPr", make("pStyle", val=style.replace(" ", "")))
        if to_left or right_to_left("".join(one.text for one in words)):
            layout.append(make("bidi"))
        if indent:
            layout.append(make("ind", start=str(567 * indent), left=str(567 * indent), firstLine="0"))
            del layout[-1].attrib[next(key for key in layout[-1].attrib if key.endswith("}start"))]
        made = make("p", layout, *(self.run(one) for one in words if one.text))
        self._end.addprevious(made)
        return made

    def run(self, words: StyledWords) -> Element:
        look: Look = properties("rtl") if right_to_left(words.text) else None
        for name in words.looks:
            look = _LOOKS[name](look)
        return run(words.text, look)

    def head(self, title: str, legend: Iterable[str]) -> None:
        """What the file is, and how to read it."""
        self.paragraph("Draft Title", StyledWords(title))
        for name, value in phrases.description(self.compilation):
            self.paragraph("About", StyledWords(f"{name}: ", (STRONG,)), StyledWords(value))
        for line in legend:
            self.paragraph("About", StyledWords(line, (SLANTED,)))

    def tail(self) -> None:
        """What is not in it, with the reasons."""
        left_out = self.compilation.left_out
        if left_out:
            self.paragraph("Heading 1", StyledWords("Not in this compilation"))
        for kind, found in phrases.by_kind(left_out):
            self.paragraph("Heading 2", StyledWords(phrases.count(len(found), *phrases.LEFT_OUT[kind])))
            for one in found:
                self.paragraph("About", StyledWords(phrases.left_out_line(self.compilation, one, 2000)))

    def finished(self) -> OfficialDocument:
        return OfficialDocument(self.document, {})
