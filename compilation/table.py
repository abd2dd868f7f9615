"""A compilation as a table: CSV, in UTF-8 with the mark by which Excel knows it."""

import csv
import io
from collections.abc import Iterator

from compilation import phrases
from compilation.rows import Row, rows
from compilation.word_xml import allowed
from consultation.compilation import Compilation

HEADS = (
    "Kind", "Paragraph", "Speaker", "Action", "Official words", "Proposed words", "Comment", "Same proposal by",
    "Other proposals by", "Needs review", "Late", "Received (UTC)", "Number", "Code", "Region", "Intent", "Moves to",
    "Found as", "Source", "Author", "Confidence", "Mail", "Start", "End", "Edit",
)  # fmt: skip
SHOWN = HEADS.index("Number")
"""What people look at comes before it, what programs need behind."""
Value = str | int | float | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a program for sheets may take for the beginning of a formula (OWASP, CSV injection)."""


def values(row: Row) -> tuple[Value, ...]:
    """The values of one row, in the order of HEADS."""
    fact, edit = row.fact, row.fact.edit
    return (
        "comment" if edit.action == "comment" else "edit",
        edit.paragraph,
        row.name,
        edit.action,
        edit.old,
        edit.new,
        edit.comment,
        ", ".join(row.same),
        ", ".join(row.others),
        fact.review,
        "late" if row.late else "",
        f"{row.received:%Y-%m-%d %H:%M}",
        row.number,
        fact.speaker.name if fact.speaker else "",
        row.region or (fact.speaker.kind if fact.speaker else ""),
        edit.intent or "",
        edit.to or "",
        edit.origin,
        ", ".join(edit.sources),
        edit.author or "",
        round(edit.confidence, 2),
        fact.mail,
        edit.start,
        edit.end,
        fact.id,
    )


def csv_file(compilation: Compilation) -> bytes:
    """The CSV: what it is, a row for each edit and comment, a row for each thing that is not in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for line in (*_about(compilation), *map(values, rows(compilation)), *_left_out(compilation)):
        writer.writerow([_safe(value) for value in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


LEGEND = (
    "Kind says what a row is: about this file, an edit, a comment, or why something is not in the compilation.",
    "Same proposal by: who proposes the same for these words. Other proposals by: who proposes something else.",
    "Start and End count the characters (Unicode code points) of the official paragraph.",
)


def _about(compilation: Compilation) -> Iterator[tuple[Value, ...]]:
    legend = (("Legend", line) for line in LEGEND)
    for name, value in (*phrases.description(compilation), *legend):
        yield _line("about", Speaker=name, Comment=value)


def _left_out(compilation: Compilation) -> Iterator[tuple[Value, ...]]:
    for one in compilation.left_out:
        more = {"Needs review": one.why}
        yield _line(one.kind, Speaker=compilation.name(one.speaker), Comment=one.text, Source=one.source, Mail=one.mail,
                    **more)  # fmt: skip


def _line(kind: str, **named: Value) -> tuple[Value, ...]:
    return (kind, *(named.get(head, "") for head in HEADS[1:]))


def _safe(value: Value) -> Value:
    """The value as text that no program takes for a formula: an apostrophe before it says that it is text."""
    if not isinstance(value, str):
        return value
    text = allowed(value)
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text
