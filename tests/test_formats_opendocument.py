"""OpenDocument texts as marked text; the specimens are the smallest XML that LibreOffice writes for a thing."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.formats.opendocument import read_opendocument
from parsing.model import MarkedText

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"' + (
    ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)  # fmt: skip
INFO = "<office:change-info><dc:creator>{}</dc:creator><dc:date>2021-09-03T10:00:00</dc:date></office:change-info>"
ANA, BEN = INFO.format("Ana"), INFO.format("Ben")


def region(name: str, change: str) -> str:
    return f'<text:changed-region text:id="{name}">{change}</text:changed-region>'


REGIONS = {
    "+i": f"<text:insertion>{ANA}</text:insertion>",
    "+j": f"<text:insertion>{BEN}</text:insertion>",
    "-word": f"<text:deletion>{ANA}<text:p>gone</text:p></text:deletion>",
    "-end": f"<text:deletion>{ANA}<text:p/><text:p/></text:deletion>",
    "-across": f"<text:deletion>{ANA}<text:p>tail</text:p><text:p>middle</text:p><text:p>head</text:p></text:deletion>",
    "-whole": f"<text:deletion>{ANA}<text:h>whole</text:h><text:p/></text:deletion>",
    "-listed": f"<text:deletion>{ANA}<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
    "<text:p/></text:deletion>",
    "-shown": f"<text:deletion>{ANA}</text:deletion>",
    "-undone": f"<text:deletion>{BEN}<text:insertion>{ANA}</text:insertion><text:p>both</text:p></text:deletion>",
    "format": f"<text:format-change>{ANA}</text:format-change>",
}


def flat(body: str, styles: str = "", pages: str = "") -> bytes:
    tracked = "".join(region(name, change) for name, change in REGIONS.items())
    return (
        f"<office:document {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:master-styles>{pages}</office:master-styles><office:body><office:text>"
        f"<text:tracked-changes>{tracked}</text:tracked-changes>{body}</office:text></office:body></office:document>"
    ).encode()


def packed(content: bytes, **others: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        for name, data in others.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return buffer.getvalue()


FRAMES = {"kept": "{}", "inserted": "{{+{}+}}", "deleted": "[-{}-]", "undone": "[-{{+{}+}}-]"}


def shown(text: MarkedText) -> list[str]:
    """Each block with its marks, its number before it and ¶ for an end that is not kept."""
    out = []
    for block in text.blocks:
        words = "".join(FRAMES[run.mark].format(run.text) for run in block.runs)
        number = f"({block.number}) " if block.number else ""
        out.append(number + words + ("" if block.end == "kept" else FRAMES[block.end].format("¶")))
    return out


def p(inside: str) -> str:
    return f"<text:p>{inside}</text:p>"


def mark(kind: str, name: str) -> str:
    return f'<text:change{kind} text:change-id="{name}"/>'


def between(name: str, inside: str) -> str:
    return mark("-start", name) + inside + mark("-end", name)


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (p("a") + p("b"), ["a", "b"]),
        (p("  a \n b  "), ["a b "]),
        (p('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d'), ["a   b\tc\nd"]),
        (p("a<text:span>b</text:span><text:a>c</text:a><text:bookmark/>d<text:soft-page-break/>e"), ["abcde"]),
        (p("a<text:ruby><text:ruby-base>b</text:ruby-base><text:ruby-text>c</text:ruby-text></text:ruby>"), ["ab(c)"]),
        (f"<text:section>{p('a')}</text:section>", ["a"]),
        (p("a " + between("+i", "new ") + "b"), ["a {+new +}b"]),
        (p("a " + mark("", "-word") + " b"), ["a [-gone-]b"]),
        (p("a " + between("-shown", "gone") + " b"), ["a [-gone-] b"]),
        (p("a" + mark("", "-undone") + "b"), ["a[-{+both+}-]b"]),
        (p("a" + between("+i", "b" + mark("", "-word"))), ["a{+b+}[-{+gone+}-]"]),
        (p("a" + between("format", "b")), ["ab"]),
        (p("a" + mark("-start", "+i")) + p("b" + mark("-end", "+i") + "c"), ["a{+¶+}", "{+b+}c"]),
        (p(mark("-start", "+i") + "a") + mark("-end", "+i") + p("b"), ["{+a+}{+¶+}", "b"]),
        (p("a" + mark("", "-end") + "b"), ["a[-¶-]", "b"]),
        (p("a" + mark("", "-across") + "b"), ["a[-tail-][-¶-]", "[-middle-][-¶-]", "[-head-]b"]),
        (p(mark("", "-whole") + "b"), ["[-whole-][-¶-]", "b"]),
        (p(mark("", "-listed") + "b"), ["[-item-][-¶-]", "b"]),
        (mark("", "-word") + p("b"), ["[-gone-][-¶-]", "b"]),
        (p("a" + mark("", "-unknown") + mark("-start", "unknown") + "b"), ["ab"]),
    ],
)
def test_every_character_stands_once_with_what_became_of_it(body: str, blocks: list[str]) -> None:
    assert shown(read_opendocument(flat(body))) == blocks


def test_a_change_has_its_author_and_its_date() -> None:
    (block,) = read_opendocument(flat(p(between("+j", "new") + mark("", "-undone")))).blocks
    assert [(r.author, r.deleted_by, r.date) for r in block.runs] == [
        ("Ben", None, "2021-09-03T10:00:00"),
        ("Ana", "Ben", "2021-09-03T10:00:00"),
    ]


def annotation(name: str, text: str, more: str = "") -> str:
    return (
        f'<office:annotation office:name="{name}" {more}><dc:creator>Ana</dc:creator><dc:date>2021-09-03</dc:date>'
        f"{p(text)}{p('more')}</office:annotation>"
    )


def test_a_comment_is_anchored_at_the_characters_of_the_whole_text() -> None:
    body = p("first") + p(
        f"a {annotation('c1', 'why')}word{mark('', '-word')}<office:annotation-end office:name='c1'/>"
    )
    text = read_opendocument(flat(body))
    whole = "\n".join("".join(run.text for run in block.runs) for block in text.blocks)
    (comment,) = text.comments
    assert (comment.text, comment.author, comment.date) == ("why\nmore", "Ana", "2021-09-03")
    assert whole[comment.start : comment.end] == "wordgone"


def test_answers_to_comments_and_resolved_ones_are_told() -> None:
    body = p(annotation("c1", "why") + annotation("c2", "since", 'loext:parent-name="c1" loext:resolved="true"'))
    assert [(c.parent, c.resolved) for c in read_opendocument(flat(body)).comments] == [(None, False), (0, True)]


LISTS = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="3"/></text:list-style>'
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>'
    '<text:list-style style:name="F"><text:list-level-style-number text:level="1" style:num-format="I"'
    ' loext:num-list-format="Art. %1%:" text:start-value="4"/></text:list-style>'
)


def listed(*items: str, style: str = "L1", more: str = "") -> str:
    inside = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f'<text:list text:style-name="{style}" {more}>{inside}</text:list>'


STARTED = (
    '<text:list text:style-name="L1"><text:list-item text:start-value="7"><text:p>a</text:p></text:list-item>'
    "<text:list-header><text:p>b</text:p></text:list-header></text:list>"
)


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (listed(p("a"), p("b")), ["(1.) a", "(2.) b"]),
        (listed(p("a") + p("more")), ["(1.) a", "more"]),
        (listed(p("a"), listed(p("b"), p("c"))), ["(1.) a", "((a)) b", "((b)) c"]),
        (listed(p("a"), listed(listed(p("b")))), ["(1.) a", "(1.a.1) b"]),
        (listed(p("a")) + listed(p("b")), ["(1.) a", "(1.) b"]),
        (listed(p("a")) + p("x") + listed(p("b"), more='text:continue-numbering="true"'), ["(1.) a", "x", "(2.) b"]),
        (listed(p("a"), style="B"), ["a"]),
        (listed(p("a"), p("b"), style="F"), ["(Art. IV:) a", "(Art. V:) b"]),
        (STARTED, ["(7.) a", "b"]),
        ("<text:h><text:number>2.1</text:number>a</text:h>", ["(2.1) a"]),
    ],
)  # fmt: skip
def test_lists_show_their_numbers(body: str, blocks: list[str]) -> None:
    assert shown(read_opendocument(flat(body, LISTS))) == blocks


def test_tables_tell_their_cells_and_nothing_runs_out_of_one() -> None:
    cells = "".join(f"<table:table-cell>{p(text)}</table:table-cell>" for text in ("a", "b" + mark("-start", "+i")))
    row = f"<table:table-row>{cells}</table:table-row>"
    text = read_opendocument(
        flat(f"<table:table><table:table-header-rows>{row}</table:table-header-rows></table:table>")
    )
    found = [(b.place, b.cell and (b.cell.row, b.cell.column), b.end, b.runs[0].text) for b in text.blocks]
    assert found == [("table", (0, 0), "kept", "a"), ("table", (0, 1), "kept", "b")]


def test_notes_boxes_headers_and_footers_have_their_place() -> None:
    note = (
        f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{p('note')}</text:note-body></text:note>"
    )
    box = f"<draw:frame><draw:text-box>{p('box')}</draw:text-box></draw:frame>"
    pages = "".join(
        f"<style:master-page><style:header>{p('above')}</style:header><style:footer>{p('below')}</style:footer>"
        f"<style:header-left>{p(each)}</style:header-left></style:master-page>"
        for each in ("left", "above")
    )
    text = read_opendocument(flat(p("a" + note + box + "b"), pages=pages))
    assert [(b.place, "".join(r.text for r in b.runs)) for b in text.blocks] == [
        ("body", "ab"), ("textbox", "box"), ("footnote", "note"),
        ("header", "above"), ("footer", "below"), ("header", "left"),
    ]  # fmt: skip


LOOKS = {
    "bold": 'fo:font-weight="bold"', "italic": 'fo:font-style="italic"', "colour:FF0000": 'fo:color="#ff0000"',
    "strike": 'style:text-line-through-style="solid"', "underline": 'style:text-underline-style="dotted"',
    "highlight:FFFF00": 'fo:background-color="#ffff00"', "superscript": 'style:text-position="super 58%"',
}  # fmt: skip


@pytest.mark.parametrize("word", LOOKS)
def test_what_the_eye_sees_is_the_style_of_a_run(word: str) -> None:
    style = f'<style:style style:name="T1" style:family="text"><style:text-properties {LOOKS[word]}/></style:style>'
    (block,) = read_opendocument(flat(p('a<text:span text:style-name="T1">b</text:span>'), style)).blocks
    assert [run.style for run in block.runs] == [frozenset(), {word}]


def test_a_heading_is_one_by_its_element_or_by_its_style() -> None:
    style = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
        '<style:style style:name="Title" style:family="paragraph"/>'
    )
    body = "<text:h>a</text:h>" + '<text:p text:style-name="P1">b</text:p>' + p("c")
    assert [block.heading for block in read_opendocument(flat(body, style)).blocks] == [True, True, False]


def test_a_package_reads_as_the_flat_file_does() -> None:
    content = flat(p("a" + mark("", "-word")))
    assert shown(read_opendocument(packed(content, styles=flat("")))) == shown(read_opendocument(content))


BOMB = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">' + b'<!ENTITY c "' + b"&b;" * 1000 + b'">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "damaged"),
        (packed(b"<a/>")[:-30], "damaged"),
        (packed(b"<a"), "the text of the file is damaged"),
        (packed(b"<a/>"), "the file holds no text, sheet or slides"),
        (packed(flat(""), **{"META-INF__manifest": b"<encryption-data/>"}), "encrypted with a password"),
        (flat("<text:section>" * 300 + "</text:section>" * 300), "damaged"),
    ],
)
def test_what_cannot_be_opened_says_why(data: bytes, why: str) -> None:
    text = read_opendocument(data)
    assert not text.blocks
    assert why in text.problems[0].problem


def test_a_part_that_unpacks_to_too_much_is_not_opened() -> None:
    text = read_opendocument(packed(b" " * 65_000_000 + flat("")))
    assert not text.blocks
    assert "content.xml unpacks to 65 MB, more than 64" in text.problems[0].problem


def test_a_billion_laughs_are_not_laughed() -> None:
    text = read_opendocument(BOMB + flat(p("a&c;b" * 1000)))
    assert sum(len(run.text) for block in text.blocks for run in block.runs) < 10_000


WHOLE = flat(p("a" + between("+i", "b" + mark("", "-across"))) + listed(p(annotation("c", "why"))), LISTS)


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=8), st.booleans())
def test_no_bytes_make_the_reader_raise(place: int, spoilt: bytes, zipped: bool) -> None:
    data = WHOLE[:place] + spoilt + WHOLE[place + len(spoilt) :]
    read_opendocument(packed(data) if zipped else data)


@given(st.integers(0, 600), st.binary(max_size=8))
def test_no_damaged_package_makes_the_reader_raise(place: int, spoilt: bytes) -> None:
    data = packed(WHOLE)
    read_opendocument(data[:place] + spoilt + data[place + len(spoilt) :])
