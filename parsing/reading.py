"""THE DOOR: what one Mail, or one file, says about the Draft.

open -> read each document -> place what it says -> join what is said twice -> who speaks, and what kind of mail it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from parsing.deduplicate import joined
from parsing.documents import At, Skip, bare_leaf, is_mail, read_leaf
from parsing.mail.message import UNREAD, open_mail
from parsing.model import (
    Block,
    Consultation,
    Converters,
    Draft,
    Edit,
    Flags,
    Leaf,
    MarkedText,
    Message,
    OpenMail,
    Part,
    Problem,
    Reading,
    Unplaced,
)
from parsing.placing.align import align
from parsing.placing.comment_table import read_tables
from parsing.placing.legend import without_legends
from parsing.placing.styling_marks import marked_by_hand
from parsing.placing.typed_marks import with_typed_marks
from parsing.placing.typed_tables import with_typed_tables
from parsing.prose.coverage import paragraphs_of, speaks_of
from parsing.prose.read_prose import understand
from parsing.who.authenticity import authenticate
from parsing.who.claims import claim_of, marks_of
from parsing.who.classes import Classified, classify
from parsing.who.letter import Letter, letter_of
from parsing.who.party import attribute
from parsing.who.receipt import received

NOT_THEIRS = ("auto-reply", "bounce", "spam")
"""Classes of mail in which what looks like a proposal is our own text that came back, or nobody's."""
UNHEARD = "it names paragraphs of the draft and quotes their words, but nothing was understood: please read it"
EDGE = 25
"""Lines at either end of a document that may say who speaks: letterhead, signature."""


def read_mail(
    raw: bytes, arrived: datetime | None, consultation: Consultation, converters: Converters, *, skip: Skip, at: At
) -> Reading:
    """The Reading of a Mail that came at `arrived` (INTERNALDATE). `at` is told the SHA-256 of each Part before it is
    read; Parts in `skip` are not read, and say why.
    """
    mail = open_mail(raw)
    draft = consultation.draft
    documents = [_document(leaf, draft, converters, skip, at) for leaf in mail.leaves if leaf.part.why == UNREAD]
    found = [_place(body, source, draft) for body, source in _bodies(mail, draft)]
    found += [document.found for document in documents]
    edits = joined(edit for one in found for edit in one.edits)
    letter = letter_of(
        mail, documents=[_edges(document.found.rest) for document in documents], authors=_authors(documents)
    )
    kind = classify(
        letter,
        proposals=sum(edit.intent != "support" for edit in edits) + sum(len(one.unplaced) for one in found),
        documents=sum(document.leaf.part.fate in ("read", "converted") for document in documents),
        unreadable=sum(document.leaf.part.fate in ("unreadable", "not-obtained") for document in documents),
    )
    return Reading(
        message=_message(mail, letter, kind, arrived, consultation),
        edits=() if kind.kind in NOT_THEIRS else edits,
        unplaced=() if kind.kind in NOT_THEIRS else tuple(u for one in found for u in one.unplaced),
        problems=(*mail.problems, *_set_aside(kind, edits), *(p for one in found for p in one.problems)),
        parts=_parts(mail, documents),
        body=_text(mail.body.blocks),
        headers=mail.headers,
    )


def read_file(
    name: str, data: bytes, consultation: Consultation, converters: Converters, *, skip: Skip, at: At
) -> Reading:
    """The Reading of a bare document; a file that is a mail is read as one."""
    if is_mail(name, data):
        return read_mail(data, None, consultation, converters, skip=skip, at=at)
    document = _document(bare_leaf(PurePath(name).name, data), consultation.draft, converters, skip, at)
    found = document.found
    return Reading(None, joined(found.edits), found.unplaced, found.problems, (document.leaf.part,))


@dataclass(frozen=True, slots=True)
class _Found:
    """What one text says about the draft. `rest` is what stands in it beside the draft's own words."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class _Document:
    leaf: Leaf
    text: MarkedText
    found: _Found


def _document(leaf: Leaf, draft: Draft, converters: Converters, skip: Skip, at: At) -> _Document:
    leaf, text = read_leaf(leaf, converters, skip, at)
    at(leaf.part.sha256)
    found = _Found() if leaf.part.sha256 in skip else _place(text, leaf.part.name, draft)
    at("")
    return _Document(leaf, text, found)


def _place(text: MarkedText, source: str, draft: Draft) -> _Found:
    """What is typed becomes tables and marks; then marks, tables, the draft's own paragraphs and words are read."""
    text = marked_by_hand(with_typed_marks(with_typed_tables(text, draft), draft))
    tables = read_tables(text, draft, source)
    aligned = align(tables.text, draft, source)
    said = understand(paragraphs_of(text, without_legends(aligned.rest, text)), draft, source)
    edits = (*aligned.edits, *tables.edits, *said.edits)
    unplaced = (*aligned.unplaced, *tables.unplaced, *said.unplaced)
    unheard = not edits and not unplaced and speaks_of(aligned.rest, draft)
    return _Found(
        edits=edits,
        unplaced=unplaced,
        problems=(
            *(replace(problem, source=_within(source, problem.source)) for problem in text.problems),
            *aligned.problems,
            *([Problem(source, UNHEARD)] if unheard else []),
        ),
        rest=aligned.rest,
    )


def _within(source: str, place: str) -> str:
    return f"{source}: {place}" if place and place != source else source


def _bodies(mail: OpenMail, draft: Draft) -> Iterator[tuple[MarkedText, str]]:
    """What the mail says, and what the mails that it passes on say; not those of the ones who asked for comments."""
    yield mail.body, mail.body_source
    asked = {address.rpartition("@")[2].casefold() for address in (draft.comments_to, draft.copy_to)}
    for inner in mail.inside:
        if inner.sender_address.rpartition("@")[2].casefold() not in asked:
            yield from _bodies(inner, draft)


def _edges(blocks: Sequence[Block]) -> str:
    lines = [line for line in _text(blocks).splitlines() if line.strip()]
    return "\n".join(lines if len(lines) <= 2 * EDGE else lines[:EDGE] + lines[-EDGE:])


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join("".join(run.text for run in block.runs if run.mark in ("kept", "inserted")) for block in blocks)


def _authors(documents: Sequence[_Document]) -> tuple[str, ...]:
    runs = (run for document in documents for block in document.text.blocks for run in block.runs)
    return tuple(dict.fromkeys(run.author for run in runs if run.author))


def _message(
    mail: OpenMail, letter: Letter, kind: Classified, arrived: datetime | None, consultation: Consultation
) -> Message:
    checked = authenticate(mail, consultation)
    speaks = attribute(
        letter,
        consultation.register,
        consultation.directory,
        kind=kind.kind,
        doubtful=checked.verdict == "mismatch",
    )
    came = received(mail, arrived, consultation)
    return Message(
        message_id=mail.message_id,
        sender=mail.sender_address or mail.sender_name or None,
        subject=mail.subject,
        date=mail.date,
        kind=kind.kind,
        party=speaks.party,
        group=speaks.group,
        observer=speaks.observer,
        late=came.late,
        copied=came.copied,
        received=came.at,
        confidence=round(min(speaks.confidence, kind.confidence), 2),
        evidence=(*speaks.evidence, *kind.evidence, *came.evidence),
        flags=Flags(
            claim=claim_of(letter),
            copy=came.copy,
            authenticity=checked.verdict,
            doubts=checked.doubts,
            marks=marks_of(letter),
            joint=speaks.joint,
        ),
    )


def _parts(mail: OpenMail, documents: Sequence[_Document]) -> tuple[Part, ...]:
    """Every Part in its place, with the fate that its reader gave it."""
    read = iter(documents)
    return tuple(next(read).leaf.part if leaf.part.why == UNREAD else leaf.part for leaf in mail.leaves)


def _set_aside(kind: Classified, edits: Sequence[Edit]) -> Iterator[Problem]:
    if kind.kind in NOT_THEIRS and edits:
        yield Problem(
            "message", f"{len(edits)} passages that look like proposals were set aside: the mail is {kind.kind}"
        )
