"""Which of one speaker's mails a later one has superseded, and which of its edits contradict each other."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import PurePath

from consultation.apply_corrections import active
from consultation.facts import EditFact, MailFact, Superseded
from consultation.kept import Correction
from parsing.model import Claim, Edit

_LATER = re.compile(
    r"(?i)[\s_.-]*(?:\(\d+\)|(?:rev(?:ised|ision)?|corr(?:igendum|ected)?|final|new|v|ver|version|copy)[\s_.-]?\d*"
    r"|\d{6,8})(?=[\s_().-]|$)"
)
"""What a file's name gains when the file is sent again: "_rev2", " (1)", "-corrected"."""


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail of a speaker, as far as it can replace another. `files` are (name, SHA-256) of its documents."""

    id: int
    at: datetime
    message_id: str | None
    claim: Claim
    files: tuple[tuple[str, str], ...] = ()


def with_superseded(mails: tuple[MailFact, ...], corrections: Iterable[Correction]) -> tuple[MailFact, ...]:
    """The mails with what has superseded each: what a person decided, else what later mails say."""
    found = superseded(mails) | _decided(mails, corrections)
    return tuple(replace(mail, superseded=found.get(mail.id)) for mail in mails)


def _decided(mails: Iterable[MailFact], corrections: Iterable[Correction]) -> dict[int, Superseded | None]:
    """By Mail: what a person said has superseded it; None where a person said that it is current."""
    by_hash = {mail.sha256: mail.id for mail in mails}
    out: dict[int, Superseded | None] = {}
    for one in active(corrections, "superseded"):
        mail_id = by_hash.get(one.target["mail"])
        if mail_id is not None:
            by = by_hash.get(one.value.get("by") or "")
            why = f"{one.who}: {one.why}" if one.why else one.who
            out[mail_id] = Superseded(by, why) if one.value["superseded"] else None
    return out


def superseded(mails: Iterable[MailFact]) -> dict[int, Superseded | None]:
    """For each Mail that another of the same speaker has replaced or withdrawn: by which, and why."""
    by_speaker = defaultdict(list)
    for mail in mails:
        if mail.speaker and mail.same_as is None and mail.stage == "read" and mail.speaks_on_the_draft:
            by_speaker[mail.speaker].append(
                SentMail(mail.id, mail.counts_from, mail.message_id, mail.flags.claim, mail.files)
            )
    out: dict[int, Superseded | None] = {}
    for sent in by_speaker.values():
        out.update(superseded_among(sent))
    return out


def superseded_among(sent: Iterable[SentMail]) -> dict[int, Superseded]:
    """One speaker's mails of which a later one takes the place. The order is that of their times alone."""
    order = sorted(sent, key=lambda one: (one.at.astimezone(UTC), one.message_id or "", one.id))
    out: dict[int, Superseded] = {}
    for n, later in enumerate(order):
        for earlier, why in _superseded_by(later, order[:n], out):
            out.setdefault(earlier.id, Superseded(later.id, why))
    return out


def _superseded_by(later: SentMail, before: Sequence[SentMail], out: Container[int]) -> Iterator[tuple[SentMail, str]]:
    """The earlier mails whose place the later one takes, each with the reason; `out` are superseded already."""
    claim = later.claim
    if claim.replaces or claim.withdraws:
        for earlier in _claimed(claim, before, out):
            yield earlier, _words(claim)
    for earlier in before:
        reason = _same_files(earlier, later)
        if reason:
            yield earlier, reason


def _words(claim: Claim) -> str:
    if claim.why:
        return f"“{claim.why}”"
    return "withdrawn" if claim.withdraws else "replaced"


def _claimed(claim: Claim, before: Sequence[SentMail], out: Container[int]) -> Sequence[SentMail]:
    """The earlier mails that a claim is about: those that it names, else as many as it says."""
    named = [one for one in before if one.message_id and one.message_id in claim.of]
    if named:
        return named
    if claim.replaces == "first":
        return before[:1]
    if claim.replaces == "previous":
        return [one for one in before if one.id not in out][-1:]
    return before


def _same_files(earlier: SentMail, later: SentMail) -> str:
    """Why the later mail holds the same documents; empty where it does not."""
    new = {_bare(name): sha256 for name, sha256 in later.files}
    old = {_bare(name): sha256 for name, sha256 in earlier.files}
    if not old or not set(old) <= set(new):
        return ""
    name = later.files[0][0]
    unchanged = all(new[key] == sha256 for key, sha256 in old.items())
    return f"{name} was sent again" if unchanged else f"{name} was sent again, revised"


def _bare(name: str) -> str:
    path = PurePath(name.casefold())
    return re.sub(r"[\s_().-]+", " ", _LATER.sub("", path.stem)).strip() + path.suffix


def contradictions(edits: Iterable[EditFact]) -> dict[str, str]:
    """For each edit that a current edit in another mail of the same speaker contradicts: the sentence that says so."""
    out = {}
    for one, other in _in_different_mails(edits):
        if _collide(one.edit, other.edit):
            out[one.id] = f"another mail (no. {other.mail}) proposes something else here"
            out[other.id] = f"another mail (no. {one.mail}) proposes something else here"
    return out


def _in_different_mails(edits: Iterable[EditFact]) -> Iterator[tuple[EditFact, EditFact]]:
    """Every two current edits of one speaker for one paragraph that are in different mails."""
    places = defaultdict(list)
    for fact in edits:
        if fact.is_current and fact.speaker and fact.edit.action != "comment":
            places[fact.speaker, fact.edit.paragraph].append(fact)
    for facts in places.values():
        if len({fact.mail for fact in facts}) > 1:
            yield from ((one, other) for one, other in combinations(facts, 2) if one.mail != other.mail)


def _collide(a: Edit, b: Edit) -> bool:
    """Whether two edits of one paragraph cannot both be made."""
    if (a.action, a.start, a.end, a.new) == (b.action, b.start, b.end, b.new):
        return False
    if "add_paragraph" in (a.action, b.action) or "move_paragraph" in (a.action, b.action):
        return False
    if a.start is None or b.start is None or a.end is None or b.end is None:
        return True
    return (a.start < b.end and b.start < a.end) or (a.start, a.end) == (b.start, b.end)
