"""Word files (.docx): one stream of marked text, in which every character stands once.

The elements are those of ECMA-376 part 1, section 17; revisions are its 17.13.5. See docs/formats/word.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from parsing.formats.numbering import Numbers
from parsing.formats.package import NotOpened, Package, open_package
from parsing.formats.symbols import SYMBOL
from parsing.model import Block, Cell, MarginComment, Mark, MarkedText, Place, Problem, Run

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
DATE_UTC = "{http://schemas.microsoft.com/office/word/2023/wordml/word16du}dateUtc"


def read_word(data: bytes) -> MarkedText:
    """The marked text of a .docx. What cannot be opened has no blocks and one Problem that says why."""
    try:
        package = open_package(data)
    except NotOpened as error:
        return MarkedText("docx", problems=(Problem("", str(error)),))
    walk = _Walk(package)
    return MarkedText("docx", *walk.all(), tuple(walk.problems))


@dataclass(frozen=True, slots=True)
class _Change:
    """Who inserted or deleted, and when; `move` where it is one end of a move."""

    author: str | None
    date: str | None
    move: str | None = None

    @classmethod
    def of(cls, element: Any, move: str | None = None) -> Self:
        return cls(_get(element, "author") or None, element.get(DATE_UTC) or _get(element, "date"), move)


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for the characters inside an element."""

    place: Place = "body"
    ins: _Change | None = None
    gone: _Change | None = None
    cell: Cell | None = None
    style: frozenset[str] = frozenset()

    @property
    def mark(self) -> Mark:
        if self.gone is not None:
            return "undone" if self.ins is not None else "deleted"
        return "inserted" if self.ins is not None else "kept"

    def run(self, text: str) -> Run:
        change = self.ins or self.gone
        if change is None:
            return Run(text, style=self.style)
        by = self.gone.author if self.ins is not None and self.gone is not None else None
        return Run(text, self.mark, change.author, change.date, change.move, by, self.style)


_TEXT = {"tab": "\t", "ptab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_TRANSPARENT = frozenset(
    [
        "hyperlink",
        "smartTag",
        "customXml",
        "sdt",
        "sdtContent",
        "dir",
        "bdo",
        "fldSimple",
        "ruby",
        "rubyBase",
        "body",
        "subDoc",
        "footnote",
        "endnote",
        "hdr",
        "ftr",
        "comment",
        "txbxContent",
        "oMath",
        "oMathPara",
    ]
)
_SILENT = frozenset(
    [
        "pPr",
        "rPr",
        "tcPr",
        "trPr",
        "tblPr",
        "tblGrid",
        "sdtPr",
        "sdtEndPr",
        "sectPr",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "permStart",
        "permEnd",
        "rubyPr",
        "lastRenderedPageBreak",
        "instrText",
        "delInstrText",
        "annotationRef",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "smartTagPr",
        "customXmlPr",
        "tblPrEx",
        "dayShort",
        "dayLong",
        "monthShort",
        "monthLong",
        "yearShort",
        "yearLong",
        "pgNum",
        "customXmlInsRangeStart",
        "customXmlInsRangeEnd",
        "customXmlDelRangeStart",
        "customXmlDelRangeEnd",
        "customXmlMoveFromRangeStart",
        "customXmlMoveFromRangeEnd",
        "customXmlMoveToRangeStart",
        "customXmlMoveToRangeEnd",
    ]
)
_TOGGLES = {"b": "bold", "i": "italic", "strike": "strike", "dstrike": "strike"}


class _Walk:
    """One walk over a package. State: the block that is being filled, open fields, moves and comment ranges."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.numbers = Numbers(package.one("numbering"), package.one("styles"))
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.length = 0
        self.runs: list[Run] | None = None
        self.fields: list[bool] = []
        self.moves: dict[str, str] = {}
        self.ranges: dict[str, list[int | None]] = {}
        self.notes: list[tuple[str, str | None, _Context]] = []
        self.boxes: list[tuple[Any, _Context]] = []
        self.tables = 0
        self.handlers: dict[str, Callable[[Any, _Context], None]] = {
            "p": self._paragraph,
            "r": self._run,
            "t": self._text,
            "delText": self._text,
            "sym": self._symbol,
            "tbl": self._table,
            "ins": self._inserted,
            "del": self._deleted,
            "moveTo": self._inserted,
            "moveFrom": self._deleted,
            "moveFromRangeStart": self._move,
            "moveToRangeStart": self._move,
            "moveFromRangeEnd": self._move_end,
            "moveToRangeEnd": self._move_end,
            "commentRangeStart": self._comment_start,
            "commentRangeEnd": self._comment_end,
            "commentReference": self._comment_reference,
            "footnoteReference": self._note,
            "endnoteReference": self._note,
            "fldChar": self._field,
            "AlternateContent": self._alternate,
            "drawing": self._drawing,
            "pict": self._drawing,
            "object": self._drawing,
            "altChunk": self._chunk,
            "rt": self._ruby,
        }

    def all(self) -> tuple[tuple[Block, ...], tuple[MarginComment, ...]]:
        """Every block: the body, its notes where they are referred to, headers and footers; and the comments."""
        self.container(self.package.main, _Context())
        for kind, place in (("footnote", "footnote"), ("endnote", "endnote")):
            self._notes_of(kind, place)
        for kind in ("header", "footer"):
            for root in self.package.all(kind):
                self.container(root, _Context(place=kind))  # type: ignore[arg-type]
        return tuple(self.blocks), tuple(self._comments())

    def container(self, element: Any, context: _Context) -> None:
        """All blocks of a container; the last cannot run on into the next container's first."""
        first = len(self.blocks)
        self.fields.clear()
        self.walk(element, context)
        self._stop(first)

    def _stop(self, first: int) -> None:
        """A paragraph's end cannot be taken away where no paragraph follows (the end of a container, a table)."""
        if len(self.blocks) == first:
            return
        last = self.blocks[-1]
        for mark, gone in (("deleted", ("deleted", "undone")), ("inserted", ("inserted", "undone"))):
            if last.end == mark and any(run.mark not in gone for run in last.runs):
                self.blocks[-1] = replace(last, end="kept")

    def walk(self, element: Any, context: _Context) -> None:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            name = tag.rpartition("}")[2]
            if (handler := self.handlers.get(name)) is not None:
                handler(child, context)
            elif name in _TEXT:
                self._put(_TEXT[name], context)
            elif name not in _SILENT:
                self._other(child, name, context)

    def _other(self, element: Any, name: str, context: _Context) -> None:
        known = name in _TRANSPARENT or "/math" in element.tag
        if not known and any(local in ("t", "delText") for local in _locals(element)):
            self.problems.append(
                Problem(self._where(), f"text stands inside <{name}>, which is not known: read as it stands")
            )
            known = True
        if known:
            self.walk(element, context)

    def _where(self) -> str:
        return f"paragraph {len(self.blocks) + 1}"

    # --- blocks --------------------------------------------------------------------------------------

    def _paragraph(self, element: Any, context: _Context) -> None:
        outer, self.runs = self.runs, []
        boxes, self.boxes = self.boxes, []
        properties = _child(element, "pPr")
        end = self._end(properties, context)
        self.walk(element, replace(context, style=frozenset()))
        number = self.numbers.of(properties) if context.place in ("body", "table") else None
        block = Block(
            runs=tuple(_joined(self.runs)),
            end=end.mark,
            place=context.place,
            number=number,
            heading=self.numbers.is_heading(properties),
            cell=context.cell,
            end_author=(end.ins or end.gone or _Change(None, None)).author,
            end_date=(end.ins or end.gone or _Change(None, None)).date,
        )
        self.blocks.append(block)
        self.length += sum(len(run.text) for run in block.runs) + 1
        self.runs = outer
        mine, self.boxes = self.boxes, boxes
        for box, inside in mine:
            first = len(self.blocks)
            self.walk(box, replace(inside, place="textbox", cell=None))
            self._stop(first)

    def _end(self, properties: Any | None, context: _Context) -> _Context:
        """The context of the paragraph's own mark (17.13.5.15 and .20)."""
        mark = _child(properties, "rPr")
        ins = _child(mark, "ins", "moveTo")
        gone = _child(mark, "del", "moveFrom")
        return replace(
            context,
            ins=context.ins or (_Change.of(ins) if ins is not None else None),
            gone=context.gone or (_Change.of(gone) if gone is not None else None),
        )

    def _table(self, element: Any, context: _Context) -> None:
        if self.blocks:
            self._stop(len(self.blocks) - 1)
        table, self.tables = self.tables, self.tables + 1
        place = "table" if context.place == "body" else context.place
        for number, row in enumerate(_rows(element)):
            inside = self._row(row, context)
            for column, cell in enumerate(_cells(row)):
                first = len(self.blocks)
                at = replace(self._cell(cell, inside), place=place, cell=Cell(table, number, column))
                self.walk(cell, at)
                self._stop(first)

    def _row(self, row: Any, context: _Context) -> _Context:
        properties = _child(row, "trPr")
        return self._marked(context, _child(properties, "ins"), _child(properties, "del"))

    def _cell(self, cell: Any, context: _Context) -> _Context:
        properties = _child(cell, "tcPr")
        return self._marked(context, _child(properties, "cellIns"), _child(properties, "cellDel"))

    @staticmethod
    def _marked(context: _Context, ins: Any | None, gone: Any | None) -> _Context:
        if ins is not None:
            context = replace(context, ins=context.ins or _Change.of(ins))
        return replace(context, gone=context.gone or _Change.of(gone)) if gone is not None else context

    # --- revisions -----------------------------------------------------------------------------------

    def _inserted(self, element: Any, context: _Context) -> None:
        move = self.moves.get("moveTo") if element.tag.endswith("moveTo") else None
        self.walk(element, replace(context, ins=_Change.of(element, move)))

    def _deleted(self, element: Any, context: _Context) -> None:
        move = self.moves.get("moveFrom") if element.tag.endswith("moveFrom") else None
        self.walk(element, replace(context, gone=_Change.of(element, move)))

    def _move(self, element: Any, _context: _Context) -> None:
        kind = "moveFrom" if "moveFrom" in element.tag else "moveTo"
        self.moves[kind] = _get(element, "name") or _get(element, "id") or ""

    def _move_end(self, element: Any, _context: _Context) -> None:
        self.moves.pop("moveFrom" if "moveFrom" in element.tag else "moveTo", None)

    # --- characters ----------------------------------------------------------------------------------

    def _run(self, element: Any, context: _Context) -> None:
        properties = _child(element, "rPr")
        self.walk(element, context if properties is None else replace(context, style=_style(properties)))

    def _text(self, element: Any, context: _Context) -> None:
        if element.text:
            self._put(element.text, context)

    def _put(self, text: str, context: _Context) -> None:
        if any(self.fields):
            return
        if self.runs is None:
            self.problems.append(Problem(self._where(), f"text outside any paragraph: {text[:60]}"))
            self.blocks.append(Block((context.run(text),), place=context.place))
            self.length += len(text) + 1
            return
        self.runs.append(context.run(text))

    def _symbol(self, element: Any, context: _Context) -> None:
        try:
            code = int(_get(element, "char") or "", 16)
        except ValueError:
            return
        self._put(
            SYMBOL.get(code & 0xFF, chr(code)) if (_get(element, "font") or "") == "Symbol" else chr(code),
            context,
        )

    def _ruby(self, element: Any, context: _Context) -> None:
        self._put("(", context)
        self.walk(element, context)
        self._put(")", context)

    def _field(self, element: Any, _context: _Context) -> None:
        """Complex fields (17.16.18): between begin and separate stands the instruction, which no reader sees."""
        kind = _get(element, "fldCharType")
        if kind == "begin":
            self.fields.append(True)
        elif kind == "separate" and self.fields:
            self.fields[-1] = False
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _alternate(self, element: Any, context: _Context) -> None:
        """One of mc:Choice and mc:Fallback, which say the same."""
        choice = _child(element, "Choice", "Fallback")
        if choice is not None:
            self.walk(choice, context)

    def _drawing(self, element: Any, context: _Context) -> None:
        for box in _boxes(element):
            self.boxes.append((box, context))

    def _chunk(self, _element: Any, _context: _Context) -> None:
        self.problems.append(Problem(self._where(), "another file is embedded here (altChunk); it was not read"))

    # --- notes and comments --------------------------------------------------------------------------

    def _note(self, element: Any, context: _Context) -> None:
        self.notes.append((element.tag.rpartition("}")[2].removesuffix("Reference"), _get(element, "id"), context))

    def _notes_of(self, kind: str, place: Place) -> None:
        root = self.package.one(f"{kind}s")
        if root is None:
            return
        referred = {number: context for have, number, context in self.notes if have == kind}
        for note in root:
            if isinstance(note.tag, str) and _get(note, "type") in (None, "normal"):
                context = referred.get(_get(note, "id"), _Context())
                self.container(note, replace(context, place=place, cell=None, style=frozenset()))

    def _position(self) -> int:
        return self.length + sum(len(run.text) for run in self.runs or ())

    def _comment_start(self, element: Any, _context: _Context) -> None:
        self.ranges.setdefault(_get(element, "id") or "", [self._position(), None])

    def _comment_end(self, element: Any, _context: _Context) -> None:
        self.ranges.setdefault(_get(element, "id") or "", [self._position(), None])[1] = self._position()

    def _comment_reference(self, element: Any, _context: _Context) -> None:
        here = self._position()
        self.ranges.setdefault(_get(element, "id") or "", [here, here])

    def _comments(self) -> Iterator[MarginComment]:
        root = self.package.one("comments")
        if root is None:
            return
        comments = [comment for comment in root if isinstance(comment.tag, str)]
        owner = {par: n for n, c in enumerate(comments) for par in _paragraph_ids(c)}
        parents, done = _threads(self.package, owner)
        for n, comment in enumerate(comments):
            parent = parents.get(n)
            start, end = self.ranges.get(_get(comment, "id") or "", [None, None])
            if start is None and parent is not None:
                start, end = self.ranges.get(_get(comments[parent], "id") or "", [None, None])
            change = _Change.of(comment)
            yield MarginComment(
                text=_plain(comment, self.package),
                author=change.author,
                date=change.date,
                start=start,
                end=end if end is not None else start,
                parent=parent,
                resolved=n in done,
            )


def _threads(package: Package, owner: dict[str, int]) -> tuple[dict[int, int], set[int]]:
    """Which comment answers which, and which are resolved (commentsExtended.xml, [MS-DOCX] 2.5.4)."""
    parents, done = {}, set()
    for entry in package.one("commentsExtended") if package.one("commentsExtended") is not None else ():
        n = owner.get(_get(entry, "paraId") or "")
        parent = owner.get(_get(entry, "paraIdParent") or "")
        if n is not None and parent is not None:
            parents[n] = parent
        if n is not None and _get(entry, "done") in ("1", "true"):
            done.add(n)
    return parents, done


def _plain(comment: Any, package: Package) -> str:
    """A comment's own text, as it reads with its changes accepted."""
    walk = _Walk(Package(package.main, {}))
    walk.container(comment, _Context())
    lines = ("".join(run.text for run in block.runs if run.mark in ("kept", "inserted")) for block in walk.blocks)
    return "\n".join(lines).strip()


def _paragraph_ids(comment: Any) -> list[str]:
    return [found for p in comment.iter() if (found := p.get(W14 + "paraId")) is not None]


# --- XML -----------------------------------------------------------------------------------------


def _get(element: Any, name: str) -> str | None:
    """An attribute in the element's own namespace, whichever it is (transitional, strict), or in none."""
    namespace = element.tag.rpartition("}")[0]
    value: str | None = element.get(f"{namespace}}}{name}")
    return value if value is not None else element.get(name)


def _child(element: Any | None, *names: str) -> Any | None:
    """The first child with one of the local names, the earlier names first."""
    if element is None:
        return None
    found = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(child.tag.rpartition("}")[2], child)
    return next((found[name] for name in names if name in found), None)


def _locals(element: Any) -> Iterator[str]:
    return (child.tag.rpartition("}")[2] for child in element.iter() if isinstance(child.tag, str))


def _rows(table: Any) -> Iterator[Any]:
    return _inside(table, "tr")


def _cells(row: Any) -> Iterator[Any]:
    return _inside(row, "tc")


def _inside(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through the controls that may stand around them."""
    for child in element:
        if isinstance(child.tag, str):
            local = child.tag.rpartition("}")[2]
            if local == name:
                yield child
            elif local in ("sdt", "sdtContent", "customXml"):
                yield from _inside(child, name)


def _boxes(element: Any) -> Iterator[Any]:
    """The text boxes in a drawing: once, not in mc:Choice and again in mc:Fallback."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        local = child.tag.rpartition("}")[2]
        if local == "txbxContent":
            yield child
        elif local == "AlternateContent":
            choice = _child(child, "Choice", "Fallback")
            yield from _boxes(choice) if choice is not None else ()
        else:
            yield from _boxes(child)


def _style(properties: Any) -> frozenset[str]:
    style = set()
    for child in properties:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        value = _get(child, "val")
        if name in _TOGGLES and value not in ("0", "false", "off", "none"):
            style.add(_TOGGLES[name])
        elif name == "u" and value not in ("none", None):
            style.add("underline")
        elif name == "color" and value not in ("auto", "000000", None):
            style.add(f"colour:{value}")
        elif name == "highlight" and value not in ("none", "white", None):
            style.add(f"highlight:{value}")
        elif name == "vertAlign" and value in ("superscript", "subscript"):
            style.add(value)
    return frozenset(style)


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Neighbours that differ in nothing but their text, as one."""
    last: Run | None = None
    for run in runs:
        if last is not None and replace(run, text="") == replace(last, text=""):
            last = replace(last, text=last.text + run.text)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last
