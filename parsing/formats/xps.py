"""XPS documents (ECMA-388): the words of their pages, line by line."""

from collections.abc import Iterator
from typing import Any

from parsing.formats.ooxml import children, get, local
from parsing.formats.opc import NotOpened, Opc
from parsing.formats.paragraphs import lines_of
from parsing.formats.pdf_layout import Area
from parsing.formats.pdf_text import text_of
from parsing.formats.text import clean
from parsing.model import MarkedText, Problem

_MOST_PAGES = 300
_SAME_LINE = 0.4
"""Of the letters' size: how far baselines of one line may lie apart."""


def read_xps(data: bytes) -> MarkedText:
    """The words of an XPS document. What cannot be opened has no blocks and one Problem that says why."""
    try:
        opc = Opc.of(data)
        pages = list(_pages(opc))
        text = "\n".join(line for page in pages[:_MOST_PAGES] for line in _lines(opc.root(page)))
    except NotOpened as error:
        return MarkedText("xps", problems=(Problem("", str(error)),))
    marked = text_of([Area(tuple(lines_of(clean(text))), scan=True)], {}, ())
    problems = marked.problems
    if len(pages) > _MOST_PAGES:
        problems = (*problems, Problem("", f"only the first {_MOST_PAGES} of {len(pages)} pages were read"))
    return MarkedText("xps", marked.blocks, marked.comments, problems)


def _pages(opc: Opc) -> Iterator[str]:
    """The parts of the pages in their order (10.1 to 10.3)."""
    main = opc.main() or next((name for name in opc.names() if name.endswith(".fdseq")), None)
    if main is None:
        raise NotOpened("the file holds no XPS document")
    for document in children(opc.root(main), "DocumentReference"):
        name = _beside(main, get(document, "Source"))
        for page in children(opc.root(name), "PageContent"):
            yield _beside(name, get(page, "Source"))


def _beside(name: str, source: str | None) -> str:
    source = (source or "").lower()
    return source.lstrip("/") if source.startswith("/") else f"{name.rpartition('/')[0]}/{source}".lstrip("/")


def _lines(page: Any) -> Iterator[str]:
    """The lines of a page, as glyphs follow one another (12.1)."""
    line: list[str] = []
    last: tuple[float, float] | None = None
    for glyphs in page.iter():
        text = get(glyphs, "UnicodeString") if local(glyphs) == "Glyphs" else None
        if not text:
            continue
        size, y = _float(get(glyphs, "FontRenderingEmSize"), 10.0), _float(get(glyphs, "OriginY"), 0.0)
        if last is not None and abs(y - last[0]) > _SAME_LINE * last[1]:
            yield " ".join(line)
            line = []
            if y - last[0] > 2 * last[1]:
                yield ""
        line.append(text.removeprefix("{}").strip())
        last = y, size
    yield " ".join(line)


def _float(text: str | None, default: float) -> float:
    try:
        return float(text or default)
    except ValueError:
        return default
