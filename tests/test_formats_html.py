"""HTML as marked text: what is seen, and whose words it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scaling import takes_linear_time

from parsing.formats.html import read_html
from parsing.model import Block, MarkedText

FRAMES = {"kept": "{}", "inserted": "{{+{}+}}", "deleted": "[-{}-]", "undone": "[-{{+{}+}}-]"}


def shown(block: Block) -> str:
    words = "".join(FRAMES[run.mark].format(run.text) for run in block.runs)
    return words + ("" if block.end == "kept" else FRAMES[block.end].format("¶"))


def said(text: MarkedText) -> list[str]:
    return [shown(block) for block in text.blocks]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("<p>a</p><p>b</p>", ["a", "b"]),
        ("<p>a<p>b", ["a", "b"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("a<br>b<br><br>c", ["a", "b", "", "c"]),
        ("<div>a<br></div><div><br></div><div>b</div>", ["a", "", "b"]),
        ("<p>a</p><p>&nbsp;</p><p>b</p>", ["a", "", "b"]),
        ("<p>  a \n <b> b</b>  c </p>", ["a b c"]),
        ("<p>a&amp;b&lt;c&#233;&eacute;</p>", ["a&b<céé"]),
        ("<pre>a\n  b</pre>", ["a", "  b"]),
        ("<p style='white-space:pre-wrap'>a\nb</p>", ["a", "b"]),
        ("<title>t</title><style>p{}</style><script>x()</script><p>a<!-- b --></p>", ["a"]),
        ("<p>a<span style='display:none'>b</span>c</p>", ["ac"]),
        ("<p>a<![if !mso]>b<![endif]>c", ["abc"]),
        ("<p>a <del>b</del> <ins>c</ins> d</p>", ["a [-b-] {+c+} d"]),
        ("<p>a<ins>b<del>c</del></ins></p>", ["a{+b+}[-{+c+}-]"]),
        ("<p>a<del> b </del> c", ["a[- b -] c"]),
        ("<p>a</p><p><ins>b</ins></p><p>c</p>", ["a", "{+b+}{+¶+}", "c"]),
        ("<p>a</p><del><p>b</p></del><p>c</p>", ["a", "[-b-][-¶-]", "c"]),
        ("a<ins>b<br>c</ins><br>d", ["a{+b+}{+¶+}", "{+c+}{+¶+}", "d"]),
        ("<p>only <ins>this</ins>", ["only {+this+}"]),
        ("<p>a</i></b></div>b", ["ab"]),
        ("<p>a\x00b\x07", ["ab"]),
    ],
)
def test_what_is_seen_is_read_line_by_line(html: str, blocks: list[str]) -> None:
    assert said(read_html(html)) == blocks


def test_a_change_tells_its_author_and_its_date() -> None:
    html = '<p><ins cite="mailto:Ana%20Silva" datetime="2021-09-03T10:00">new</ins>'
    (run,) = read_html(html).blocks[0].runs
    assert (run.author, run.date) == ("Ana Silva", "2021-09-03T10:00")


@pytest.mark.parametrize(
    ("html", "style"),
    [
        ("<b>x</b>", {"bold"}),
        ("<strong><em>x</em></strong>", {"bold", "italic"}),
        ("<u>x</u>", {"underline"}),
        ("<s>x</s>", {"strike"}),
        ("<strike>x</strike>", {"strike"}),
        ("<span style='text-decoration: line-through; color:red'>x</span>", {"strike", "colour:FF0000"}),
        ("<span style='text-decoration-line:underline;font-weight:700'>x</span>", {"underline", "bold"}),
        ("<b><span style='font-weight:normal'>x</span></b>", set()),
        ("<font color='#00f'>x</font>", {"colour:0000FF"}),
        ("<span style='color:rgb(0, 112, 192)'>x</span>", {"colour:0070C0"}),
        ("<span style='color:windowtext'>x</span>", set()),
        ("<span style='color:#222222'>x</span>", set()),
        ("<span style='color:red'><span style='color:black'>x</span></span>", set()),
        ("<span style='background:yellow'>x</span>", {"highlight:FFFF00"}),
        ("<span style='background-color:#ffffff'>x</span>", set()),
        ("<a href='x'><span style='color:blue;text-decoration:underline'>x</span></a>", set()),
        ("<style>.c{color:#f00}</style><p class=c>x", {"colour:FF0000"}),
        ("<style>p.d, .e{text-decoration:line-through}</style><p class=d>x", {"strike"}),
    ],
)
def test_what_the_eye_sees_is_the_style(html: str, style: set[str]) -> None:
    (block,) = read_html(html).blocks
    assert set(block.runs[0].style) == style


WORD_LIST = (
    "<p style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp; </span>"
    "</span><![endif]>text</p>"
)


@pytest.mark.parametrize(
    ("html", "numbers"),
    [
        ("<ol><li>a<li>b</ol>", ["1.", "2."]),
        ("<ol start=4 type=a><li>a</li><li value=7>b</li><li>c</li></ol>", ["d.", "g.", "h."]),
        ("<ol><li><p>a</p><p>more</p></li></ol>", ["1.", None]),
        ("<ol><li>a<ol type=i><li>b</li></ol></li><li>c</li></ol>", ["1.", "i.", "2."]),
        ("<ul><li>a</ul>", [None]),
        ("<ol><li></li></ol><p>a</p>", [None]),
        (WORD_LIST.format("12."), ["12."]),
        (WORD_LIST.format("·"), [None]),
    ],
)
def test_lists_show_their_numbers(html: str, numbers: list[str | None]) -> None:
    assert [block.number for block in read_html(html).blocks] == numbers


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)]),
        ("<table><tbody><tr><th colspan=2>a<td>b</table>", [(0, 0, 0), (0, 0, 2)]),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", [(0, 0, 0), (0, 0, 1), (0, 1, 1)]),
        ("<table><tr><td>a</table>", [None]),
        ("<table><tr><td>a<table><tr><td>b<td>c</table></table>", [None, (1, 0, 0), (1, 0, 1)]),
        ("<table><tr><td>a<table><tr><td>b</table><td>c</table>", [(0, 0, 0), (0, 0, 0), (0, 0, 1)]),
        ("<td>a</td>", [None]),
        ("<table><td>a<td>b</table>", [(0, 0, 0), (0, 0, 1)]),
    ],
)
def test_tables_tell_their_cells_and_those_of_one_column_are_none(
    html: str, cells: list[tuple[int, int, int] | None]
) -> None:
    found = [b.cell and (b.cell.table, b.cell.row, b.cell.column) for b in read_html(html).blocks]
    assert found == cells


RULE = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
OUTLOOK = f"<div><div style='{RULE}'><p>From: x</p></div></div>"
GMAIL = "<div class=gmail_quote><div class=gmail_attr>{}</div>{}</div>"
OLD = "<blockquote>old</blockquote>"
INDENT = "margin:0 0 0 40px;border:none;padding:0px"


@pytest.mark.parametrize(
    ("client", "html", "roles"),
    [
        ("gmail", "<p>own</p>" + GMAIL.format("On x y wrote:", OLD), "oqq"),
        ("gmail, an answer between", GMAIL.format("x wrote:", OLD + "<p>own</p>" + OLD), "qqoq"),
        ("gmail, forwarded", GMAIL.format("---------- Forwarded message", "<p>old</p>") + "<p>own</p>", "qqo"),
        ("gmail, more indent", f"<blockquote style='{INDENT}'>own</blockquote>", "o"),
        ("Outlook", f"<p>own</p>{OUTLOOK}<p>old</p>", "oqq"),
        ("Outlook on the web", "own<div id=appendonsend></div><div id=divRplyFwdMsg>From: x</div><p>old</p>", "oqq"),
        ("Outlook, seen by another", "own<div id=x_divRplyFwdMsg>From: x</div><p>old</p>", "oqq"),
        ("Apple", "<p>own</p><blockquote type=cite>old</blockquote><p>own</p>", "oqo"),
        ("Apple, quoting Outlook", f"<blockquote type=cite>{OUTLOOK}</blockquote><p>own</p>", "qo"),
        ("Thunderbird", f"own<div class=moz-cite-prefix>x wrote:</div>{OLD}<p class=moz-signature>me", "oqqs"),
        ("Yahoo", "<p>own</p><div class=yahoo_quoted><div>old</div></div>", "oq"),
        ("163", "<p>own</p><blockquote id=isReplyContent>old</blockquote>", "oq"),
    ],
)
def test_history_and_signatures_are_told_by_what_clients_put_around_them(client: str, html: str, roles: str) -> None:
    assert "".join(block.role[0] for block in read_html(html).blocks) == roles, client


@pytest.mark.parametrize(
    "part",
    [
        "<div>", "<b>a</i>", "<table><tr><td>", "<ol><li>", "<!--", "<", "&", "<div id=divRplyFwdMsg>", "<a x=1 ",
        "<td rowspan=65534 colspan=1000>", "<ins>", "</p>", "<style>a{", "<blockquote>x", "<pre>\n",
    ],
)  # fmt: skip
def test_thousands_of_anything_are_read_in_linear_time(part: str) -> None:
    assert takes_linear_time(read_html, lambda count: f"x{part * count}y", 1_250)


@given(st.text(alphabet=st.sampled_from("<>/!-=\"' abptdirl;:&#\x00\ud800é中"), max_size=80))
def test_no_text_makes_the_reader_raise(html: str) -> None:
    read_html(html)


PARTS = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<ins>", "</ins>", "<del>", "</del>", "<td>", "<tr>", "<table>", "</table>", "<br>",
     "<ol>", "<li>", "</ol>", "<blockquote>", "</blockquote>", "<div id=divRplyFwdMsg>", "</div>", " ", "a", "b c"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=40))
def test_no_letter_that_is_seen_is_lost(parts: list[str]) -> None:
    text = read_html("".join(parts))
    letters = sum(part.count(letter) for part in parts if "<" not in part for letter in "abc")
    assert sum(c in "abc" for block in text.blocks for run in block.runs for c in run.text) == letters
