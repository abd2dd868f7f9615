"""Word files from a small language, so that a test shows before and after. The readers never see that language.

    word("OP5. Improve [-the-]{+our+} effectiveness")

A paragraph a string; in it:
    {+new+}  [-old-]  {+new [-undone|Bo-]+}   tracked, by Ann; another author after a bar
    {+¶+}  [-¶-]      at the end: the paragraph's own mark
    {>m:text>}  [<m:text<]   a move named m, its two ends
    <b>…</b> i u s red yellow   styling
    (1:words)         the range of comment 1, with `comments`
"# " before a paragraph makes it a Title, "#. " an item of an automatic list. A list of lists is a table,
a line of a cell one of its paragraphs.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.opc.constants import CONTENT_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:w16du="http://schemas.microsoft.com/office/word/2023/wordml/word16du" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_STYLES = {
    "b": "<w:b/>",
    "i": "<w:i/>",
    "u": '<w:u w:val="single"/>',
    "s": "<w:strike/>",
    "red": '<w:color w:val="FF0000"/>',
    "yellow": '<w:highlight w:val="yellow"/>',
}
_ORDER = ("b", "i", "s", "red", "yellow", "u")
_TOKEN = re.compile(r"(\{\+|\+\}|\[-|-\]|\{>\w+:|>\}|\[<\w+:|<\]|\(\d:|</?(?:b|i|u|s|red|yellow)>|¶|\|\w+(?=\+\}|-\]))")
WHEN = "2021-09-03T10:00:00Z"


@dataclass(frozen=True)
class Comment:
    text: str
    author: str = "Ann"
    parent: int | None = None
    done: bool = False


@dataclass
class _Paragraph:
    out: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    end: str = ""
    ids: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))


def word(*paragraphs: str | Sequence[Sequence[str]], comments: Sequence[Comment] = ()) -> bytes:
    """The bytes of a .docx, built with python-docx."""
    document = docx.Document()
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith("sectPr"):
            body.remove(element)
    for n, paragraph in enumerate(paragraphs):
        xml = _paragraph(paragraph, n) if isinstance(paragraph, str) else _table(paragraph)
        body.insert(n, _parsed(xml))
    if comments:
        _add_comments(document, comments)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _parsed(xml: str) -> Any:
    return etree.fromstring(f"<root {_SPACES}>{xml}</root>")[0]


def _table(rows: Sequence[Sequence[str]]) -> str:
    cells = (
        "".join(f"<w:tc><w:tcPr/>{''.join(_paragraph(p, 0) for p in cell.splitlines() or [''])}</w:tc>" for cell in row)
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def _paragraph(text: str, n: int) -> str:
    style = '<w:pStyle w:val="Title"/>' if text.startswith("# ") else ""
    style = '<w:pStyle w:val="ListNumber"/>' if text.startswith("#. ") else style
    state = _Paragraph(ids=iter(range(n * 100 + 1, n * 100 + 100)))
    for token in _tokens(re.sub(r"^#\.? ", "", text)):
        _take(token, state)
    mark = f"<w:rPr>{state.end}</w:rPr>" if state.end else ""
    return f"<w:p><w:pPr>{style}{mark}</w:pPr>{''.join(state.out)}</w:p>"


def _tokens(text: str) -> Iterator[str]:
    """The tokens of the language; the author of a mark is moved to its opening."""
    pieces = [piece for piece in _TOKEN.split(text.replace(")", "\x00")) if piece]
    opened: list[int] = []
    for n, piece in enumerate(pieces):
        if piece in ("{+", "[-"):
            opened.append(n)
        elif piece in ("+}", "-]") and opened:
            start = opened.pop()
            if pieces[n - 1].startswith("|"):
                pieces[start] += pieces[n - 1][1:]
    return (piece for piece in pieces if not piece.startswith("|"))


def _take(token: str, state: _Paragraph) -> None:
    name = token[2:] or "Ann"
    by = f'w:id="{next(state.ids)}" w:author={quoteattr(name)} w:date="{WHEN}"'
    if token.startswith(("{+", "[-")):
        state.marks.append(token)
        state.out.append(f"<w:{'ins' if token[0] == '{' else 'del'} {by}>")
    elif token in ("+}", "-]"):
        state.marks.pop()
        state.out.append(f"</w:{'ins' if token == '+}' else 'del'}>")
    elif re.fullmatch(r"\{>\w+:|\[<\w+:", token):
        kind = "moveTo" if token[0] == "{" else "moveFrom"
        state.marks.append(kind)
        by = f'w:id="{next(state.ids)}" w:author="Ann" w:date="{WHEN}"'
        state.out.append(f'<w:{kind}RangeStart {by} w:name="{token[2:-1]}"/><w:{kind} {by}>')
    elif token in (">}", "<]"):
        kind = state.marks.pop()
        state.out.append(f'</w:{kind}><w:{kind}RangeEnd w:id="1"/>')
    elif token == "¶":
        opening = state.marks[-1]
        kind = {"{+": "ins", "[-": "del"}.get(opening[:2], opening)
        state.end = f'<w:{kind} w:id="{next(state.ids)}" w:author={quoteattr(opening[2:] or "Ann")} w:date="{WHEN}"/>'
    elif re.fullmatch(r"</?\w+>", token):
        state.styles.remove(token[2:-1]) if token[1] == "/" else state.styles.append(token[1:-1])
    else:
        _text(token, state)


def _text(token: str, state: _Paragraph) -> None:
    """Plain text, and the ranges of comments: "(1:" opens one, the next ")" closes it."""
    if re.fullmatch(r"\(\d:", token):
        state.comments.append(token[1])
        state.out.append(f'<w:commentRangeStart w:id="{token[1]}"/>')
        return
    for n, piece in enumerate(token.split("\x00")):
        closes = bool(n and state.comments)
        if closes:
            number = state.comments.pop()
            state.out.append(f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>')
        words = ")" + piece if n and not closes else piece
        if words:
            state.out.append(_run(words, state))


def _run(text: str, state: _Paragraph) -> str:
    gone = any(mark.startswith("[-") or mark == "moveFrom" for mark in state.marks)
    name = "delText" if gone else "t"
    look = "".join(_STYLES[style] for style in _ORDER if style in state.styles)
    return (
        f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:{name} xml:space="preserve">{escape(text)}</w:{name}></w:r>'
    )


def _add_comments(document: Any, comments: Sequence[Comment]) -> None:
    texts, threads = "", ""
    for n, comment in enumerate(comments, 1):
        texts += (
            f'<w:comment w:id="{n}" w:author={quoteattr(comment.author)} w:date="{WHEN}"><w:p w14:paraId="{n:08X}">'
            f"<w:r><w:t>{escape(comment.text)}</w:t></w:r></w:p></w:comment>"
        )
        parent = f'w15:paraIdParent="{comment.parent:08X}" ' if comment.parent else ""
        threads += f'<w15:commentEx w15:paraId="{n:08X}" {parent}w15:done="{int(comment.done)}"/>'
    _add_part(document, "comments", f"<w:comments {_SPACES}>{texts}</w:comments>")
    _add_part(document, "commentsExtended", f"<w15:commentsEx {_SPACES}>{threads}</w15:commentsEx>")


def _add_part(document: Any, name: str, xml: str) -> None:
    part = Part(PackURI(f"/word/{name}.xml"), CONTENT_TYPE.XML, xml.encode(), document.part.package)
    document.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}")


def bare_word(body: str, parts: Mapping[str, str] | None = None, *, declare: str = "") -> bytes:
    """A .docx with this XML as its body, and further parts by their names ("footnotes", "header1"), zipped by hand."""
    relations = "".join(
        f'<Relationship Id="r{n}" Target="{name}.xml" Type="{_TYPES}/{name.rstrip("0123456789")}"/>'
        for n, name in enumerate(parts or {})
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels", _rels(f'<Relationship Id="r" Target="word/document.xml" Type="{_TYPES}/officeDocument"/>')
        )
        archive.writestr("word/_rels/document.xml.rels", _rels(relations))
        archive.writestr("word/document.xml", f"{declare}<w:document {_SPACES}><w:body>{body}</w:body></w:document>")
        for name, xml in (parts or {}).items():
            archive.writestr(
                f"word/{name}.xml",
                f"<w:{_ROOTS[name.rstrip('0123456789')]} {_SPACES}>{xml}</w:{_ROOTS[name.rstrip('0123456789')]}>",
            )
    return out.getvalue()


_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOTS = {
    "footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr", "footer": "ftr", "comments": "comments",
    "numbering": "numbering", "styles": "styles",
}  # fmt: skip


def _rels(inside: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def p(*inside: str) -> str:
    """A paragraph's XML from the XML or the words inside."""
    return "<w:p>" + "".join(one if one.startswith("<") else r(one) for one in inside) + "</w:p>"


def r(text: str, name: str = "t") -> str:
    return f'<w:r><w:{name} xml:space="preserve">{escape(text)}</w:{name}></w:r>'


def ins(inside: str, author: str = "Ann") -> str:
    return (
        f'<w:ins w:id="9" w:author="{author}" w:date="{WHEN}">{inside if inside.startswith("<") else r(inside)}</w:ins>'
    )


def gone(inside: str, author: str = "Ann") -> str:
    return f'<w:del w:id="8" w:author="{author}">{inside if inside.startswith("<") else r(inside, "delText")}</w:del>'
