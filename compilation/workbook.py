"""A compilation as an Excel file: what it is, a row per edit, paragraphs by speakers, the status, what is not in it."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from math import ceil
from typing import Any

import xlsxwriter

from compilation import phrases
from compilation.rows import Row, rows
from compilation.table import HEADS, SHOWN, Value, values
from compilation.word_xml import allowed, right_to_left
from consultation.choice import GENERAL
from consultation.compilation import Compilation
from consultation.status import STATES, SpeakerStatus

LONGEST = 32_767
"""UTF-16 units that a cell holds (Excel's specification)."""
_CUT = "… [cut here: a cell holds no more; the JSON has all of it]"
_WIDTHS = {
    "Kind": 9, "Paragraph": 10, "Speaker": 20, "Action": 15, "Official words": 36, "Proposed words": 46, "Comment": 36,
    "Same proposal by": 20, "Other proposals by": 24, "Needs review": 24, "Late": 6, "Received (UTC)": 16, "Number": 8,
    "Code": 8, "Region": 18, "Intent": 10, "Moves to": 9, "Found as": 15, "Source": 24, "Author": 18, "Confidence": 11,
    "Mail": 7, "Start": 7, "End": 7, "Edit": 18,
}  # fmt: skip
"""Widths of columns in characters."""
_LINE, _HIGHEST = 14.5, 400
"""Points of a line of text, and of the highest row (Excel allows 409)."""
_A3, _A4 = 8, 9
_STATUS = (
    ("Region", 24), ("Party", 30), ("Code", 8), ("State", 14), ("Mails", 8), ("Edits", 8), ("Comments", 10),
    ("Paragraphs", 36), ("Late", 6), ("Copied", 8), ("Needs review", 13), ("Covered by", 28),
    ("First received (UTC)", 19), ("Last received (UTC)", 19),
)  # fmt: skip
_LEFT_OUT = (("Why", 32), ("Speaker", 24), ("What", 70), ("Reason", 40), ("Source", 28), ("Mail", 8))


def workbook(compilation: Compilation) -> bytes:
    """The .xlsx; all text is text, whatever it begins with."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({
        "title": phrases.title(compilation),
        "author": "kunming",
        "created": compilation.made_at.astimezone(UTC).replace(tzinfo=None),
    })  # fmt: skip
    pen = _Pen(book)
    found = rows(compilation)
    _write_about(pen, compilation)
    _write_edits(pen, found)
    _write_matrix(pen, compilation, found)
    _write_regions(pen, compilation)
    _write_status(pen, compilation)
    _write_left_out(pen, compilation)
    book.close()
    return out.getvalue()


class _Pen:
    """Writes cells in the formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {
            "valign": "top",
            "text_wrap": True,
            "font_name": "Calibri",
            "font_size": 10.5,
            "quote_prefix": True,
            "bottom": 4,
            "bottom_color": "#D5DDD8",
        }
        self.book = book
        self.plain = book.add_format(base)
        self.from_right = book.add_format({**base, "reading_order": 2, "align": "right"})
        self.number = book.add_format({**base, "text_wrap": False, "quote_prefix": False})
        self.strong = book.add_format({**base, "bold": True})
        head = {
            **base,
            "bold": True,
            "bg_color": "#1C5D52",
            "font_color": "#FFFFFF",
            "border": 1,
            "border_color": "#D5DDD8",
        }
        self.head = book.add_format({**head, "valign": "vcenter"})
        self.turned = book.add_format(
            {**head, "rotation": 90, "valign": "bottom", "align": "center", "text_wrap": False}
        )
        self.title = book.add_format({"bold": True, "font_size": 16, "font_name": "Calibri"})

    def sheet(self, name: str, *, tab: str = "#1C5D52") -> Any:
        made = self.book.add_worksheet(name)
        made.hide_gridlines(2)
        made.set_tab_color(tab)
        made.set_landscape()
        made.set_paper(_A4)
        made.fit_to_pages(1, 0)
        return made

    def cell(self, sheet: Any, row: int, column: int, value: Value, look: Any = None) -> None:
        """A number as a number, anything else as text."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, look or self.plain)
        elif isinstance(value, str):
            text = shortened_to_cell(value)
            sheet.write_string(
                row, column, text, look or (self.from_right if right_to_left(text[:200]) else self.plain)
            )
        else:
            sheet.write_number(row, column, value, look or self.number)

    def table(
        self, sheet: Any, heads: Sequence[tuple[str, int]], lines: Iterable[Sequence[Value]], shown: int | None = None
    ) -> None:
        """A table with a head and filters; rows are as high as the first `shown` columns need."""
        widths = [width for _, width in heads][:shown]
        for column, (head, width) in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
            sheet.set_column(column, column, width)
        at = 0
        for at, line in enumerate(lines, 1):
            sheet.set_row(at, _height(line, widths))
            for column, value in enumerate(line):
                self.cell(sheet, at, column, value)
        sheet.autofilter(0, 0, at, len(heads) - 1)
        sheet.repeat_rows(0)


def _height(line: Sequence[Value], widths: Sequence[int]) -> float:
    """The height of a row that shows all its text: not every program works it out when it opens a file."""
    lines = (
        sum(max(ceil(len(one) * 1.2 / width), 1) for one in value.split("\n"))
        for value, width in zip(line, widths, strict=False)
        if isinstance(value, str)
    )
    return min(_LINE * max(lines, default=1), _HIGHEST)


def shortened_to_cell(text: str) -> str:
    """The text as a cell can hold it."""
    text = allowed(text)
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LONGEST:
        return text
    return units[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _write_about(pen: _Pen, compilation: Compilation) -> None:
    sheet = pen.sheet("About")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, shortened_to_cell(phrases.title(compilation)), pen.title)
    at = 2
    for name, value in (*phrases.description(compilation), *_LEGEND):
        sheet.set_row(at, _height((value,), (100,)))
        sheet.write_string(at, 0, name, pen.strong)
        pen.cell(sheet, at, 1, value)
        at += 1


_LEGEND = (
    ("Sheet “Edits”", "A row for each edit and comment, with who proposes the same for its words, and something else."),
    ("Sheet “Matrix”", "How many edits and comments each speaker has on each paragraph."),
    ("Sheet “Regions”", "How many Parties of each region are in which state."),
    ("Sheet “Status”", "Where each Party stands, by region, then Groups and observers, whatever was chosen here."),
    ("Sheet “Not in it”", "What mails say and this compilation does not hold, with the reason."),
)


def _write_edits(pen: _Pen, found: Sequence[Row]) -> None:
    sheet = pen.sheet("Edits")
    pen.table(sheet, [(head, _WIDTHS[head]) for head in HEADS], map(values, found), SHOWN)
    sheet.freeze_panes(1, 3)
    sheet.set_paper(_A3)
    sheet.print_area(0, 0, len(found), SHOWN - 1)


def _write_matrix(pen: _Pen, compilation: Compilation, found: Sequence[Row]) -> None:
    """Paragraphs by speakers: how many edits and comments."""
    sheet = pen.sheet("Matrix")
    speakers = compilation.speakers
    labels = [*(one.paragraph.label for one in compilation.paragraphs), *([GENERAL] if compilation.general else [])]
    counts = Counter((row.fact.edit.paragraph, row.fact.speaker) for row in found)
    sheet.write_string(0, 0, "Paragraph", pen.head)
    sheet.write_string(0, 1, "All", pen.turned)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, len(speakers) + 1, 4.3)
    sheet.set_row(0, 150)
    for column, who in enumerate(speakers, 2):
        sheet.write_string(0, column, shortened_to_cell(compilation.name(who)), pen.turned)
    for at, label in enumerate(labels, 1):
        sheet.write_string(at, 0, shortened_to_cell(label), pen.strong)
        sheet.write_number(at, 1, sum(n for (place, _), n in counts.items() if place == label), pen.number)
        for column, who in enumerate(speakers, 2):
            if counts[label, who]:
                sheet.write_number(at, column, counts[label, who], pen.number)
    if labels and speakers:
        scale = {"type": "2_color_scale", "min_color": "#F6F1E0", "max_color": "#BF9740"}
        sheet.conditional_format(1, 2, len(labels), len(speakers) + 1, scale)
    sheet.autofilter(0, 0, max(len(labels), 1), len(speakers) + 1)
    sheet.freeze_panes(1, 2)


def _write_regions(pen: _Pen, compilation: Compilation) -> None:
    sheet = pen.sheet("Regions")
    regions = compilation.status.totals.regions
    lines: list[Sequence[Value]] = [
        (region, *(states[state] for state in STATES), sum(states.values())) for region, states in regions.items()
    ]
    totals = [sum(states[state] for states in regions.values()) for state in STATES]
    everything: list[Sequence[Value]] = [*lines, ("All", *totals, sum(totals))]
    pen.table(sheet, [("Region", 28), *((state, 13) for state in STATES), ("Parties", 10)], everything)
    sheet.freeze_panes(1, 1)


def _write_status(pen: _Pen, compilation: Compilation) -> None:
    sheet = pen.sheet("Status")
    status = compilation.status
    by_region = sorted(status.parties, key=lambda row: row.region)
    pen.table(
        sheet, _STATUS, (_status_line(compilation, row) for row in (*by_region, *status.groups, *status.observers))
    )
    sheet.freeze_panes(1, 2)


def _status_line(compilation: Compilation, row: SpeakerStatus) -> tuple[Value, ...]:
    times = (f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (row.first_received, row.last_received))
    return (
        row.region,
        compilation.names.get(row.code, row.name),
        row.code,
        row.state,
        row.mails,
        row.edits,
        row.comments,
        ", ".join(row.paragraphs),
        "late" if row.late else "",
        {True: "yes", False: "no", None: ""}[row.copied],
        row.to_review or "",
        ", ".join(compilation.names.get(name, name) for name in row.covered_by),
        *times,
    )


def _write_left_out(pen: _Pen, compilation: Compilation) -> None:
    sheet = pen.sheet("Not in it", tab="#C77F12")
    pen.table(sheet, _LEFT_OUT, _left_out_lines(compilation))
    sheet.freeze_panes(1, 0)


def _left_out_lines(compilation: Compilation) -> Iterator[tuple[Value, ...]]:
    for kind, found in phrases.by_kind(compilation.left_out):
        for one in found:
            yield phrases.LEFT_OUT[kind][0], compilation.name(one.speaker), one.text, one.why, one.source, one.mail
