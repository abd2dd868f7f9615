"""A compilation as JSON: all that the other forms show, for programs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from compilation import phrases
from compilation.rows import Row, rows
from compilation.table import LEGEND as _OF_ROWS
from consultation.compilation import Compilation, CompiledParagraph
from consultation.facts import Speaker
from consultation.passages import Alternative, Passage

Json = dict[str, Any]
LEGEND = (
    "`passages` are words of the official text for which there are proposals, each with its `alternatives` in order.",
    "`over` are proposals that go over several passages of others. `deleted` is who deletes the whole paragraph.",
    *_OF_ROWS[1:],
)


def json_file(compilation: Compilation) -> bytes:
    return json.dumps(form(compilation), ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def form(compilation: Compilation) -> Json:
    """Offsets are code points of the official text, times ISO 8601 in UTC."""
    draft, choice = compilation.draft, compilation.choice
    return {
        "draft": {"id": draft.id, "title": draft.title, "version": draft.version, "language": draft.language},
        "made_at": compilation.made_at.isoformat(),
        "deadline": compilation.deadline.isoformat(),
        "language": compilation.language,
        "choice": asdict(choice) | {"since": _day(choice.since), "until": _day(choice.until)},
        "counts": asdict(compilation.counts),
        "handling_marks": list(compilation.marks),
        "about": dict(phrases.description(compilation)),
        "legend": list(LEGEND),
        "speakers": [_speaker(compilation, who) for who in compilation.speakers],
        "paragraphs": [_paragraph(one) for one in compilation.paragraphs],
        "edits": [_edit(compilation, row) for row in rows(compilation)],
        "left_out": [
            {"kind": one.kind, "by": _speaker(compilation, one.speaker), "text": one.text, "why": one.why,
             "source": one.source, "mail": one.mail}
            for one in compilation.left_out
        ],
    }  # fmt: skip


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _speaker(compilation: Compilation, who: Speaker | None) -> Json | None:
    return None if who is None else {"kind": who.kind, "code": who.name, "name": compilation.name(who)}


def _paragraph(one: CompiledParagraph) -> Json:
    text = one.paragraph.text
    return {
        "label": one.paragraph.label,
        "part": one.paragraph.part,
        "number": one.paragraph.number,
        "text": text,
        "passages": [_passage(text, passage) for passage in one.passages.apart],
        "over": [_passage(text, passage) for passage in one.passages.over],
        "deleted": None if one.deleted is None else _alternative(one.deleted),
        "moved": {who.name: to for who, to in one.moved_to.items()},
        "added": [_alternative(addition.alternative) | {"moved_from": addition.moved_from} for addition in one.added],
        "comments": [fact.id for fact in one.comments],
    }


def _passage(text: str, passage: Passage) -> Json:
    return {
        "start": passage.start,
        "end": passage.end,
        "old": text[passage.start : passage.end],
        "collide": passage.collide,
        "alternatives": [_alternative(one) for one in passage.alternatives],
    }


def _alternative(one: Alternative) -> Json:
    return {"new": one.new, "by": [who.name for who in one.by], "edits": _ids(one.members)}


def _ids(facts: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(fact.id for fact in facts))


def _edit(compilation: Compilation, row: Row) -> Json:
    fact, edit = row.fact, row.fact.edit
    return {
        "id": fact.id,
        "by": _speaker(compilation, fact.speaker),
        **asdict(edit),
        "mail": fact.mail,
        "received": row.received.isoformat(),
        "late": row.late,
        "needs_review": fact.needs_review,
        "review": fact.review,
        "same": list(row.same),
        "others": list(row.others),
    }
