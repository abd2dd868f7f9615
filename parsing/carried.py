"""The mails that a mail carries, one after the other, and whether they are mails of their own: several people's."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.model import Consultation, Draft, Leaf, MarkedText, OpenMail
from parsing.who.letter import letter_of
from parsing.who.party import attribute


@dataclass(frozen=True, slots=True)
class Carried:
    """A mail with its own words and files, without those of the mails inside it. `whole` is the text of the Part in
    which its words are, `source` that Part's name. `asks` says that it comes from the addresses that asked for
    comments: its words are no answer; `from_host` that it comes from their servers: its words may be one. `level` tells
    mails that lie side by side from those inside each other.
    """

    mail: OpenMail
    whole: MarkedText
    source: str
    leaves: tuple[Leaf, ...]
    asks: bool = False
    from_host: bool = False
    level: int = 0

    @property
    def span(self) -> tuple[int, int]:
        """From where to where its words reach in the text of their Part."""
        spans = [block.span for block in self.mail.body.blocks if block.span]
        return (spans[0][0], spans[-1][1]) if spans else (0, 0)


def carried_mails(mail: OpenMail, draft: Draft) -> tuple[Carried, ...]:
    """The mail itself, then those that it carries, each before the ones inside it."""
    asking = {address.casefold() for address in (draft.comments_to, draft.copy_to)}
    first, *inner = _carried(mail, asking, MarkedText(""), "", 0)
    return (replace(first, asks=False, from_host=False), *inner)


def speakers_apart(carried: Sequence[Carried], consultation: Consultation, *, proposes: bool) -> bool:
    """Whether the mails are mails of their own: they speak for several; the outer one does so, too, where it proposes
    changes itself. One whose speaker is not clear speaks for another where it lies beside others; inside one, it is
    taken for a step on that one's way.
    """
    if len(carried) == 1:
        return False
    candidates = carried if proposes else carried[1:]
    speaking = [one for one in candidates if not (one.asks or one.from_host)]
    speakers = {_speaker(one, consultation) for one in speaking}
    levels = Counter(one.level for one in speaking)
    side_by_side = max(levels.values(), default=0) > 1
    return len(speakers - {None}) > 1 or (side_by_side and len(speakers) > 1)


def _carried(mail: OpenMail, asking: set[str], whole: MarkedText, source: str, level: int) -> Iterator[Carried]:
    if mail.body_source:
        whole, source = mail.body, mail.body_source
    yield Carried(
        mail=mail,
        whole=whole,
        source=source,
        leaves=mail.own_leaves,
        asks=mail.sender_address.casefold() in asking,
        from_host=_host(mail.sender_address) in map(_host, asking),
        level=level,
    )
    for inner in mail.inside:
        yield from _carried(inner, asking, whole, source, level + 1)


def _host(address: str) -> str:
    return address.casefold().rpartition("@")[2]


def _speaker(carried: Carried, consultation: Consultation) -> str | None:
    """For whom a carried mail speaks, by what it says of itself."""
    found = attribute(letter_of(carried.mail, alone=True), consultation.register, consultation.directory)
    return found.group or found.speaker
