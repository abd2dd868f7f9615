"""Whether what a person decided fits the draft and the register: asked when it is made, and whenever it is applied."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from consultation.edit_content import Json, WrongCorrection, check_words
from consultation.kept import Correction
from parsing.model import Draft, Edit, Register

MOST_TIME = timedelta(days=3660)
"""More time than this after the draft's deadline is a slip of the hand."""


def fitting(
    corrections: Iterable[Correction], draft: Draft, register: Register
) -> tuple[tuple[Correction, ...], dict[int, str]]:
    """The corrections that can be; and by the id of each other one, why it cannot."""
    found, wrong = [], {}
    for one in corrections:
        try:
            check_fit(one.kind, one.target, one.value, draft, register)
        except WrongCorrection as error:
            wrong[one.id] = str(error)
        else:
            found.append(one)
    return tuple(found), wrong


def check_fit(kind: str, target: Json, value: Json, draft: Draft, register: Register) -> None:
    """Raises WrongCorrection where it names a Party, a Group or a place that there is not, or a day out of reason."""
    if kind == "party":
        check_names(register, value)
    if kind in ("entry", "deadline"):
        check_names(register, target)
    if kind == "deadline":
        _check_day(date.fromisoformat(value["deadline"]), draft)
    if kind in ("entry", "statement") and value.get("edit") and value["draft"] == draft.id:
        check_words(draft, Edit(**value["edit"]))


def check_names(register: Register, named: Mapping[str, Any]) -> None:
    party, group = named.get("party"), named.get("group")
    if party and party not in {one.code for one in register.parties}:
        raise WrongCorrection(f"party {party!r}: no Party has this code")
    if group and group not in {one.name for one in register.groups}:
        raise WrongCorrection(f"group {group!r}: not in the register")


def _check_day(day: date, draft: Draft) -> None:
    if not timedelta() <= day - draft.deadline <= MOST_TIME:
        raise WrongCorrection(
            f"deadline {day.isoformat()}: more time is a day from {draft.deadline.isoformat()} on, and within ten years"
        )
