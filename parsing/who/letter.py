"""A Letter made of an opened mail: what tells who speaks, without history and disclaimers."""

from collections.abc import Sequence

from parsing.model import Block, Letter, OpenMail

_OWN = ("own", "signature")


def letter_of(mail: OpenMail, *, documents: Sequence[str] = (), authors: Sequence[str] = ()) -> Letter:
    """The Letter of this mail. `documents` are the opening and closing words of its attached documents, `authors` those
    of their changes and properties; the first mail inside it is the one that it forwards.
    """
    return Letter(
        sender_name=mail.sender_name,
        sender_address=mail.sender_address,
        subject=mail.subject,
        body="\n".join(_text(block) for block in mail.body.blocks if block.voice in _OWN),
        headers=mail.headers,
        content_type=next(iter(mail.headers.get("content-type", ())), "text/plain"),
        file_names=tuple(leaf.part.name for leaf in mail.leaves if leaf.part.name and not _is_a_text(leaf.part.type)),
        documents=tuple(documents),
        authors=tuple(authors),
        forwarded=letter_of(mail.inside[0]) if mail.inside else None,
    )


def _text(block: Block) -> str:
    return "".join(run.text for run in block.runs if run.mark in ("kept", "inserted"))


def _is_a_text(kind: str) -> bool:
    return kind in ("text/plain", "text/html")
