"""Decisions of people, kept one after the other; a decision on something decided meanwhile is a conflict."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.audit import note
from api.context import AppContext
from consultation.kept import Correction
from consultation.new_corrections import DecidedMeanwhile, NewCorrection, check_correction, check_seen, check_undo
from store.corrections import deciding, keep_correction, read_corrections

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides; `seen` are the corrections of its target that were known then, None where that does not
    matter.
    """

    kind: str
    target: Json
    value: Json
    seen: Collection[int] | None = None


def decide(context: AppContext, decisions: Iterable[Decision], *, who: str, why: str = "") -> tuple[Correction, ...]:
    """The corrections as they are kept: all, or none. Raises WrongCorrection, and DecidedMeanwhile where other
    corrections hold for a target than those that were seen.
    """
    with context.sessions.begin() as session:
        deciding(session)
        checked = [_checked(context, session, one, who, why) for one in decisions]
        return tuple(_kept(context, session, new) for new in checked)


@dataclass(frozen=True, slots=True)
class KeptDecisions:
    """What was kept of several decisions, and the numbers of those that others had decided meanwhile, with who."""

    kept: tuple[Correction, ...]
    meanwhile: Mapping[int, str]


def decide_each(context: AppContext, decisions: Iterable[Sequence[Decision]], *, who: str) -> KeptDecisions:
    """Keeps all in one transaction, but for those, one or several that belong together, that were decided meanwhile.
    Raises WrongCorrection, and nothing is kept.
    """
    checked: list[NewCorrection] = []
    meanwhile: dict[int, str] = {}
    with context.sessions.begin() as session:
        deciding(session)
        for n, together in enumerate(decisions):
            try:
                checked += [_checked(context, session, one, who, "") for one in together]
            except DecidedMeanwhile as error:
                meanwhile[n] = str(error)
        return KeptDecisions(tuple(_kept(context, session, new) for new in checked), meanwhile)


def _kept(context: AppContext, session: Session, new: NewCorrection) -> Correction:
    kept = keep_correction(session, new, context.clock())
    note(context, session, "corrected", f"{kept.kind}, correction {kept.id}")
    return kept


def _checked(context: AppContext, session: Session, one: Decision, who: str, why: str) -> NewCorrection:
    """The correction in the form in which it is kept. One is undone without a look at what is shown, which it may have
    broken.
    """
    if one.kind == "undo":
        return check_undo(read_corrections(session), target=one.target, value=one.value, who=who, why=why)
    snapshot = context.snapshot(session)
    if one.seen is not None:
        check_seen(snapshot, one.kind, one.target, one.seen)
    return check_correction(snapshot, kind=one.kind, target=one.target, value=one.value, who=who, why=why)
