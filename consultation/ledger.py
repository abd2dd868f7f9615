"""What came, counted: every place in a mailbox that was ever seen has one state."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

ArrivalState = Literal["stored", "same", "twin", "refused", "vanished", "withheld", "erased"]
STATES: tuple[ArrivalState, ...] = get_args(ArrivalState)
"""All that a place in a mailbox can be in the end. One that is listed, and whose mail is still to come, has none of
these: it is the difference. One that is withheld is listed by the server, which drops the connection whenever it is
asked for: it is asked for again each night. Of one that was erased nothing is left but that it was.
"""


def arrival_state(*, given: bool, new: bool, refused: str | None) -> ArrivalState:
    """The state of an arrival: whether the server gave its mail, whether that was not held before, and why only its
    headers were kept, where they were. Twins are found later, when the mail is read.
    """
    if not given:
        return "vanished"
    if refused:
        return "refused"
    return "stored" if new else "same"


@dataclass(frozen=True, slots=True)
class ArrivalCount:
    """How many UIDs of one folder under one UIDVALIDITY are in one state, and the highest of them."""

    mailbox: str
    folder: str
    uidvalidity: int
    state: str
    count: int
    highest_uid: int


@dataclass(frozen=True, slots=True)
class KeptFolder:
    """A folder as the server showed it last: see LedgerLine."""

    mailbox: str
    folder: str
    uidvalidity: int
    junk: bool
    looked_at: datetime
    compared_at: datetime | None
    gone: int | None


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """Something about a mailbox that a person may have to know; an `alarm` should never happen."""

    at: datetime
    mailbox: str
    folder: str | None
    kind: str
    detail: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class KeptCounts:
    """What the store counts for the ledger; `only_in` says for each mailbox how many Mails, twins and all, have arrived
    there and nowhere else.
    """

    arrivals: tuple[ArrivalCount, ...]
    folders: tuple[KeptFolder, ...]
    mails: int
    read: int
    failed: int
    events: tuple[LedgerEvent, ...]
    only_in: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One folder under one UIDVALIDITY: `seen` UIDs, each in one of the states; the `difference` is still to come,
    and 0 after a good poll. When all UIDs of the server were last compared with these, `gone` were not on the server
    any more.
    """

    mailbox: str
    folder: str
    uidvalidity: int
    seen: int
    states: Mapping[ArrivalState, int]
    difference: int
    highest_uid: int
    junk: bool = False
    looked_at: datetime | None = None
    compared_at: datetime | None = None
    gone: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """`mails` are held, of these `read`, `failed` and `waiting` for their reading. `only_in` says for each mailbox how
    many Mails, twins and all, have arrived there and nowhere else.
    """

    seen: int
    states: Mapping[ArrivalState, int]
    difference: int
    folders: tuple[LedgerLine, ...]
    mails: int
    read: int
    failed: int
    waiting: int
    events: tuple[LedgerEvent, ...]
    only_in: Mapping[str, int]


def make_ledger(counts: KeptCounts) -> Ledger:
    """The balance of all that was ever seen, by folder and in all."""
    lines = _lines(counts)
    return Ledger(
        seen=sum(line.seen for line in lines),
        states={state: sum(line.states[state] for line in lines) for state in STATES},
        difference=sum(line.difference for line in lines),
        folders=lines,
        mails=counts.mails,
        read=counts.read,
        failed=counts.failed,
        waiting=counts.mails - counts.read - counts.failed,
        events=counts.events,
        only_in=counts.only_in,
    )


def _lines(counts: KeptCounts) -> tuple[LedgerLine, ...]:
    by_place: dict[tuple[str, str, int], list[ArrivalCount]] = defaultdict(list)
    for one in counts.arrivals:
        by_place[one.mailbox, one.folder, one.uidvalidity].append(one)
    folders = {(folder.mailbox, folder.folder, folder.uidvalidity): folder for folder in counts.folders}
    return tuple(_as_shown(_balance(by_place[place]), folders.get(place)) for place in sorted(by_place))


def _balance(counts: list[ArrivalCount]) -> LedgerLine:
    """The line of one folder: what has none of the states is the difference."""
    first = counts[0]
    by_state = {one.state: one.count for one in counts}
    states = {state: by_state.get(state, 0) for state in STATES}
    seen = sum(by_state.values())
    highest = max(one.highest_uid for one in counts)
    difference = seen - sum(states.values())
    return LedgerLine(first.mailbox, first.folder, first.uidvalidity, seen, states, difference, highest)


def _as_shown(line: LedgerLine, folder: KeptFolder | None) -> LedgerLine:
    """The line with how the server showed the folder last, where it still has this UIDVALIDITY."""
    if folder is None:
        return line
    return replace(line, junk=folder.junk, looked_at=folder.looked_at, compared_at=folder.compared_at, gone=folder.gone)
