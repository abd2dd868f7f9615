"""What stands: which of one speaker's mails a later one has replaced, and which of its edits contradict each other."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import PurePath

from consultation.facts import EditFact, Gone, MailFact
from parsing.model import Claim

_LATER = re.compile(
    r"(?i)[\s_.-]*(?:\(\d+\)|(?:rev(?:ised|ision)?|corr(?:igendum|ected)?|final|new|v|ver|version|copy)[\s_.-]?\d*"
    r"|\d{6,8})(?=[\s_().-]|$)"
)
"""What a file's name gains when the file is sent again: "_rev2", " (1)", "-corrected"."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail of a speaker, as far as it can replace another. `files` are (name, SHA-256) of its documents."""

    id: int
    at: datetime
    message_id: str | None
    claim: Claim
    files: tuple[tuple[str, str], ...] = ()


def superseded(mails: Iterable[MailFact]) -> dict[int, Gone]:
    """For each Mail that another of the same speaker has replaced or withdrawn: by which, and why."""
    by_speaker = defaultdict(list)
    for mail in mails:
        if mail.speaker and mail.same_as is None and mail.stage == "read" and mail.speaks_on_the_draft:
            by_speaker[mail.speaker].append(
                Sent(mail.id, mail.provable or mail.first_seen, mail.message_id, mail.flags.claim, mail.files)
            )
    out: dict[int, Gone] = {}
    for sent in by_speaker.values():
        out.update(replaced(sent))
    return out


def replaced(sent: Iterable[Sent]) -> dict[int, Gone]:
    """Of one speaker's mails those that a later one takes the place of. The order is that of their times alone."""
    order = sorted(sent, key=lambda one: (one.at.astimezone(UTC), one.message_id or "", one.id))
    out: dict[int, Gone] = {}
    for n, later in enumerate(order):
        for earlier, why in _taken_back(later, order[:n], out):
            out.setdefault(earlier.id, Gone(later.id, why))
    return out


def _taken_back(later: Sent, before: Sequence[Sent], out: dict[int, Gone]) -> Iterator[tuple[Sent, str]]:
    claim = later.claim
    if claim.replaces or claim.withdraws:
        words = f"“{claim.why}”" if claim.why else "withdrawn" if claim.withdraws else "replaced"
        for earlier in _claimed(claim, before, out):
            yield earlier, words
    for earlier in before:
        again = _sent_again(earlier, later)
        if again:
            yield earlier, again


def _claimed(claim: Claim, before: Sequence[Sent], out: dict[int, Gone]) -> Sequence[Sent]:
    """The earlier mails that a claim is about: those that it names, else as many as it says."""
    named = [one for one in before if one.message_id and one.message_id in claim.of]
    if named:
        return named
    if claim.replaces == "first":
        return before[:1]
    if claim.replaces == "previous":
        return [one for one in before if one.id not in out][-1:]
    return before


def _sent_again(earlier: Sent, later: Sent) -> str:
    """Why the later mail holds the same document again; empty where it does not."""
    have, had = ({_bare(name): sha256 for name, sha256 in mail.files} for mail in (later, earlier))
    if not had or not set(had) <= set(have):
        return ""
    name = later.files[0][0]
    return f"{name} was sent again" if all(have[key] == had[key] for key in had) else f"{name} was sent again, revised"


def _bare(name: str) -> str:
    path = PurePath(name.casefold())
    return re.sub(r"[\s_().-]+", " ", _LATER.sub("", path.stem)).strip() + path.suffix


def contradictions(edits: Iterable[EditFact]) -> dict[str, str]:
    """For each edit that a standing edit of the same speaker's other mail contradicts: the sentence that says so."""
    places = defaultdict(list)
    for fact in edits:
        if fact.stands and fact.speaker and fact.edit.action != "comment":
            places[fact.speaker, fact.edit.paragraph].append(fact)
    out = {}
    for facts in places.values():
        if len({fact.mail for fact in facts}) > 1:
            for one, other in combinations(facts, 2):
                if one.mail != other.mail and _collide(one, other):
                    out[one.id] = f"another mail (no. {other.mail}) proposes something else here"
                    out[other.id] = f"another mail (no. {one.mail}) proposes something else here"
    return out


def _collide(one: EditFact, other: EditFact) -> bool:
    a, b = one.edit, other.edit
    if (a.action, a.start, a.end, a.new) == (b.action, b.start, b.end, b.new):
        return False
    if "add_paragraph" in (a.action, b.action) or "move_paragraph" in (a.action, b.action):
        return False
    if a.start is None or b.start is None or a.end is None or b.end is None:
        return True
    return (a.start < b.end and b.start < a.end) or (a.start, a.end) == (b.start, b.end)
