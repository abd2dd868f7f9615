"""Decisions of people, kept one after the other: whoever decides what another has decided meanwhile is told."""

from collections.abc import Collection
from typing import Any

from api.context import AppContext
from consultation.kept import Correction
from consultation.new_corrections import check_correction, check_seen
from store.corrections import deciding, keep_correction

Json = dict[str, Any]


def decide(
    context: AppContext,
    kind: str,
    target: Json,
    value: Json,
    *,
    who: str,
    why: str = "",
    seen: Collection[int] | None = None,
) -> Correction:
    """The correction as it is kept. Raises WrongCorrection, and DecidedMeanwhile where other corrections hold for its
    target than those that were `seen`; None where that does not matter.
    """
    with context.sessions.begin() as session:
        deciding(session)
        snapshot = context.snapshot(session)
        if seen is not None:
            check_seen(snapshot, kind, target, seen)
        new = check_correction(snapshot, kind=kind, target=target, value=value, who=who, why=why)
        return keep_correction(session, new, context.clock())
