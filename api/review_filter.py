"""Which items of the review queue a page is about: as its address says it, and as its forms give it back."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import Depends

from api.forms import Choice
from api.numbers import LARGEST, Before
from consultation.facts import ConsultationSnapshot, Speaker, name_of
from consultation.review_queue import ItemKind, QueueFilter, ReviewItem


def _wanted(
    kind: ItemKind | Literal[""] = "", party: str = "", paragraph: str = "", mail: Before = None
) -> QueueFilter:
    return QueueFilter(kind or None, party or None, paragraph or None, mail)


Wanted = Annotated[QueueFilter, Depends(_wanted)]


def filter_of(fields: Choice) -> QueueFilter:
    """The filter by which the item of a form was come to."""
    given = dict(parse_qsl(fields.get("filter", "")))
    kind: Any = given.get("kind") or None
    mail = given.get("mail", "")
    number = int(mail) if mail.isascii() and mail.isdigit() and len(mail) < len(str(LARGEST)) else None
    return QueueFilter(kind, given.get("party") or None, given.get("paragraph") or None, number)


def query_of(wanted: QueueFilter) -> dict[str, str]:
    """The filter as the words of an address."""
    given: dict[str, str | int | None] = {
        "kind": wanted.kind,
        "party": wanted.speaker,
        "paragraph": wanted.paragraph,
        "mail": wanted.mail,
    }
    return {name: str(value) for name, value in given.items() if value}


def of_any_kind(queue: tuple[ReviewItem, ...], wanted: QueueFilter) -> list[ReviewItem]:
    """The items that the filter takes, of whatever kind: for the counts beside the kinds."""
    every = QueueFilter(None, wanted.speaker, wanted.paragraph, wanted.mail)
    return [item for item in queue if every.takes(item)]


def speakers_in(queue: tuple[ReviewItem, ...], snapshot: ConsultationSnapshot) -> list[tuple[str, str]]:
    """Those of whom something waits: the code or name that the filter takes, and the name for people, by name."""
    found = {item.speaker for item in queue if item.speaker}
    return sorted(((who.name, _name(who, snapshot)) for who in found), key=lambda one: one[1].casefold())


def _name(who: Speaker, snapshot: ConsultationSnapshot) -> str:
    return name_of(who, snapshot.names)
