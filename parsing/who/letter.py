"""A Letter, made of an opened mail: what tells who speaks, without history and disclaimers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsing.model import Block, Leaf, OpenMail

_OWN = ("own", "signature")


@dataclass(frozen=True, slots=True)
class Letter:
    """What tells who speaks and what kind of mail it is. `body` is the mail's own text, its signature too, without
    quoted history and disclaimers (where these could be told apart; `letter_of` makes a Letter so);
    `documents` are the opening and closing words of each attached document that are not in the draft (letterhead,
    signature); `authors` the authors of their changes. `forwarded` is the mail inside, where this one only passes it
    on. `headers` have lower-case names.
    """

    sender_name: str
    sender_address: str
    subject: str
    body: str
    headers: Mapping[str, Sequence[str]]
    content_type: str = "text/plain"
    file_names: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    forwarded: "Letter | None" = None


def letter_of(
    mail: OpenMail, *, documents: Sequence[str] = (), authors: Sequence[str] = (), alone: bool = False
) -> Letter:
    """The Letter of this mail. `documents` are the opening and closing words of its attached documents, `authors` those
    of their changes and properties; the first mail inside it is the one that it forwards, unless it counts `alone`.
    """
    return Letter(
        sender_name=mail.sender_name,
        sender_address=mail.sender_address,
        subject=mail.subject,
        body="\n".join(_text(block) for block in mail.body.blocks if block.role in _OWN),
        headers=mail.headers,
        content_type=next(iter(mail.headers.get("content-type", ())), "text/plain"),
        file_names=tuple(_file_names(mail.own_leaves if alone else mail.leaves)),
        documents=tuple(documents),
        authors=tuple(authors),
        forwarded=letter_of(mail.inside[0]) if mail.inside and not alone else None,
    )


def _text(block: Block) -> str:
    return "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))


def _file_names(leaves: Iterable[Leaf]) -> Iterator[str]:
    for leaf in leaves:
        if leaf.part.name and leaf.part.type not in ("text/plain", "text/html"):
            yield leaf.part.name
