"""The official text as a Word document: the draft's own file where there is one, else one that is made of it."""

import copy
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from compilation.word_xml import IGNORABLE, MC, SPACES, Element, allowed, make, properties, right_to_left, run, w
from parsing.model import Draft, Paragraph

FONT = "Times New Roman"
_STYLES: Mapping[str, str] = {
    "title": "Draft Title",
    "opening": "Opening",
    "preambular": "Preambular Paragraph",
    "operative-chapeau": "Chapeau",
    "operative": "Operative Paragraph",
    "note": "Note",
    "heading": "Heading 2",
}
"""By the part of the draft: the style of its paragraphs. Not Word's own Title: pandoc takes that out of the text."""
_OWN_STYLES = (
    "Draft Title", "Draft Subtitle", "Opening", "Preambular Paragraph", "Chapeau", "Operative Paragraph", "Note",
    "About", "Official Text", "Speaker", "Submission",
)  # fmt: skip
INK = RGBColor(0, 0, 0)
_INDENT = Cm(1)


@dataclass(frozen=True, slots=True)
class TextElement:
    """An element of a paragraph of the file with the words of the draft that it holds: text[start:end], none where the
    two are equal. Only a run with words can be cut.
    """

    element: Element
    start: int
    end: int

    @property
    def look(self) -> Element | None:
        """The properties of its run."""
        return self.element.find(w("rPr"))

    def cut(self, start: int, end: int, text: str, *, deleted: bool) -> Element:
        """Its run with text[start:end] alone."""
        if self.start == self.end:
            return _as_deleted(self.element) if deleted else copy.deepcopy(self.element)
        return run(text[max(start, self.start) : min(end, self.end)], self.look, deleted=deleted)


def _as_deleted(element: Element) -> Element:
    made = copy.deepcopy(element)
    for words in made.iter(w("t")):
        words.tag = w("delText")
    return made


@dataclass(frozen=True, slots=True)
class OfficialParagraph:
    """Where a paragraph of the draft is in the document: the element, and its pieces in order."""

    element: Element
    text: str
    pieces: tuple[TextElement, ...]

    @property
    def is_numbered(self) -> bool:
        """Whether a number is before its words."""
        return bool(self.pieces) and self.pieces[0].start == self.pieces[0].end and bool(_words(self.pieces[0].element))

    @property
    def layout(self) -> Element | None:
        """The properties of the paragraph."""
        return self.element.find(w("pPr"))


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A document of python-docx with the places of the draft's paragraphs in it, by label."""

    document: Any
    paragraphs: Mapping[str, OfficialParagraph]


def official_document(draft: Draft) -> OfficialDocument:
    """The draft as a Word document: A4, a style for each of its parts, numbers typed as they are in the text."""
    document = empty_document()
    paragraphs = {one.label: _written(document, one) for one in draft.paragraphs}
    return OfficialDocument(document, paragraphs)


def _written(document: Any, paragraph: Paragraph) -> OfficialParagraph:
    style = "Draft Subtitle" if paragraph.label == "subtitle" else _STYLES.get(paragraph.part, "Normal")
    layout = make("pPr", make("pStyle", val=style.replace(" ", "")))
    if right_to_left(paragraph.text):
        layout.append(make("bidi"))
    element = make("p", layout)
    pieces = tuple(_pieces(paragraph))
    element.extend(piece.element for piece in pieces)
    document.element.body[-1].addprevious(element)
    return OfficialParagraph(element, allowed(paragraph.text), pieces)


def _pieces(paragraph: Paragraph) -> Iterator[TextElement]:
    """Its number, then its words; the first word of a preambular paragraph is in italics, as is the custom."""
    text = allowed(paragraph.text)
    look = properties("rtl") if right_to_left(text) else None
    if paragraph.number:
        number = paragraph.number if paragraph.number.endswith((".", ")")) else f"{paragraph.number}."
        yield TextElement(run(f"{number}\t", look), 0, 0)
    opener = len(text.split(" ", 1)[0].rstrip(",")) if paragraph.part == "preambular" else 0
    if opener:
        yield TextElement(run(text[:opener], properties("i", base=look)), 0, opener)
    yield TextElement(run(text[opener:], look), opener, len(text))


# --- styles ------------------------------------------------------------------------------------------


def empty_document() -> Any:
    """A document of python-docx with these styles and no text."""
    return docx.Document(io.BytesIO(_empty_document()))


@cache
def _empty_document() -> bytes:
    """A document with these styles and no text: making them takes longer than reading them."""
    document = docx.Document()
    _lay_out(document)
    out = io.BytesIO()
    document.save(out)
    return with_spaces(out.getvalue())


def with_spaces(data: bytes) -> bytes:
    """The Word file, its root with the namespaces that revisions use: a root takes them when it is made, and what is
    put below it then needs none of its own.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            part = old.read(item)
            new.writestr(item, _root_with_spaces(part) if item.filename == "word/document.xml" else part)
    return out.getvalue()


def _root_with_spaces(part: bytes) -> bytes:
    root = etree.fromstring(part)
    spaces = {prefix: space for prefix, space in root.nsmap.items() if prefix is not None}
    made = etree.Element(
        root.tag, {str(name): str(value) for name, value in root.attrib.items()}, nsmap=spaces | SPACES
    )
    ignorable = (root.get(f"{{{MC}}}Ignorable") or "").split()
    made.set(f"{{{MC}}}Ignorable", " ".join(dict.fromkeys([*ignorable, *IGNORABLE.split()])))
    made.extend(list(root))
    return etree.tostring(made, xml_declaration=True, encoding="UTF-8", standalone=True)


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
    normal = document.styles["Normal"]
    _font(normal, 11.5)
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.15
    for name in _OWN_STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
    document.styles["Preambular Paragraph"].paragraph_format.left_indent = _INDENT
    document.styles["Chapeau"].paragraph_format.space_before = Pt(10)
    _numbered(document.styles["Operative Paragraph"])
    _titles(document)
    _submissions(document)


def _submissions(document: Any) -> None:
    about, official, speaker, submission = (document.styles[name] for name in _OWN_STYLES[-4:])
    about.font.size, about.paragraph_format.space_after = Pt(10), Pt(4)
    about.paragraph_format.line_spacing = 1.05
    official.paragraph_format.left_indent = official.paragraph_format.right_indent = _INDENT
    speaker.paragraph_format.space_before, speaker.paragraph_format.space_after = Pt(6), Pt(2)
    speaker.paragraph_format.keep_with_next = True
    submission.paragraph_format.left_indent = _INDENT


def _numbered(style: Any) -> None:
    style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = _INDENT, -_INDENT
    style.paragraph_format.tab_stops.add_tab_stop(_INDENT, WD_TAB_ALIGNMENT.LEFT)


def _titles(document: Any) -> None:
    sizes = (("Draft Title", 20, 6), ("Draft Subtitle", 13, 0), ("Heading 1", 14, 18), ("Heading 2", 12, 12))
    for name, size, above in sizes:
        style = document.styles[name]
        _font(style, size)
        style.font.bold, style.font.italic = name != "Draft Subtitle", name == "Draft Subtitle"
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(8)
        style.paragraph_format.keep_with_next = True
        if name.startswith("Draft"):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _font(style: Any, size: float) -> None:
    """The same font for all scripts; the system has another where it lacks letters."""
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "Theme" in name:
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)


# --- the draft's own file ----------------------------------------------------------------------------


class NotTheDraft(ValueError):
    """The file is not the draft: its paragraphs are not found in it, or changes are tracked in it."""


_NUMBER_LENGTH = 12
"""Characters that a number typed before a paragraph has at most, with its space."""


def official_file(draft: Draft, data: bytes) -> OfficialDocument:
    """The draft's own Word file, with its formatting. Raises NotTheDraft."""
    try:
        document = docx.Document(io.BytesIO(with_spaces(data)))
    except (ValueError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise NotTheDraft("this is no Word file (.docx)") from error
    body = document.element.body
    if next(body.iter(w("ins"), w("del"), w("moveFrom"), w("moveTo"), w("commentRangeStart")), None) is not None:
        raise NotTheDraft("the draft's file has tracked changes or comments of its own")
    return OfficialDocument(document, _found(draft, list(body.iter(w("p")))))


def _found(draft: Draft, elements: Sequence[Element]) -> dict[str, OfficialParagraph]:
    """By label the paragraphs of the draft, which are in their order in the file."""
    found: dict[str, OfficialParagraph] = {}
    rest = iter(elements)
    for paragraph in draft.paragraphs:
        for element in rest:
            pieces = _pieces_in(element, paragraph.text)
            if pieces:
                found[paragraph.label] = OfficialParagraph(element, paragraph.text, pieces)
                break
        else:
            raise NotTheDraft(f"the draft's file does not have its paragraph {paragraph.label}")
    return found


def _pieces_in(element: Element, text: str) -> tuple[TextElement, ...]:
    """The paragraph's children with the words of the draft that they hold; none where it is another paragraph."""
    children = [child for child in _flat(element) if child.tag != w("pPr")]
    squeezed, places = _squeezed("".join(map(_words, children)))
    first = len(squeezed) - len(text)
    if not squeezed.endswith(text) or first > _NUMBER_LENGTH:
        return ()
    offsets = {place: n - first for n, place in enumerate(places) if n >= first}
    return tuple(_closed(list(_placed(children, offsets)), len(text)))


def _placed(children: Iterable[Element], offsets: Mapping[int, int]) -> Iterator[TextElement]:
    """Each child with the offsets of its words; a number in one run with words is a piece of its own."""
    at, position = 0, 0
    for child in children:
        words = _words(child)
        inside = [n for n in range(len(words)) if at + n in offsets]
        if not inside:
            yield TextElement(child, position, position)
        elif inside[0] > 0 and position == 0:
            yield TextElement(run(words[: inside[0]], child.find(w("rPr"))), 0, 0)
        if inside:
            start, position = offsets[at + inside[0]], offsets[at + inside[-1]] + 1
            yield TextElement(child, start, position)
        at += len(words)


def _closed(pieces: Sequence[TextElement], length: int) -> Iterator[TextElement]:
    """The pieces without holes between them: a space that two share is with the first."""
    for n, piece in enumerate(pieces):
        following = next((one.start for one in pieces[n + 1 :] if one.start < one.end), length)
        yield TextElement(piece.element, piece.start, following) if piece.start < piece.end else piece


def _flat(element: Element) -> Iterator[Element]:
    """The children of a paragraph, each run as runs of one child."""
    for child in element:
        if child.tag != w("r"):
            yield child
            continue
        look = child.find(w("rPr"))
        for inner in child:
            if inner is not look:
                single = make("r")
                if look is not None:
                    single.append(copy.deepcopy(look))
                single.append(copy.deepcopy(inner))
                yield single


def _words(element: Element) -> str:
    if element.tag != w("r"):
        return ""
    return "".join(
        (child.text or "") if child.tag == w("t") else " "
        for child in element
        if child.tag in (w("t"), w("tab"), w("br"))
    )


def _squeezed(raw: str) -> tuple[str, list[int]]:
    """The words with single spaces, as a draft has them, and the place of each of its characters."""
    out: list[str] = []
    places: list[int] = []
    for n, char in enumerate(raw):
        if char == "\u00ad" or (char.isspace() and (not out or out[-1] == " ")):
            continue
        out.append(" " if char.isspace() else char)
        places.append(n)
    while out and out[-1] == " ":
        out.pop()
        places.pop()
    return "".join(out), places
