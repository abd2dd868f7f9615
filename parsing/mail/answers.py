"""Answers that are inside the quoted mail: in a colour or crossed out, or behind the sender's initials."""

import re
from collections.abc import Iterator, Sequence

from parsing.languages.tables import phrases
from parsing.model import Block, Run, TextRole
from parsing.text.phrases import folded, pattern_of

_LOOKS = ("colour:", "highlight:", "strike")
_TAG = re.compile(
    r"\s{0,3}[>\s]{0,6}(?:\[(?P<bracketed>[^\[\]\n:]{1,40})\]|(?P<plain>[^\W\d_][^\n:：\]]{0,30}?)\s*[:：>]{1,3})"
)
_NAMED_TAG = re.compile(r"(?<![\w.])([A-Z]{2,5})(?=\s*[:：>\])”\"»]|[.]?\s*$)")
_NO_INITIALS = (
    "signatures.postscript", "quoted_mail.to", "quoted_mail.cc", "quoted_mail.reply_prefix",
    "quoted_mail.forward_prefix", "institutions.focal_points",
)  # fmt: skip
_NO_TAG = frozenset(("PP", "OP", *(phrase.upper() for concept in _NO_INITIALS for phrase in phrases(concept, "en"))))
"""Capitals before a colon that are nobody's initials: PP, OP, PS, CC, RE, COP."""


def answer_lines(
    blocks: Sequence[Block], lines: Sequence[str], roles: Sequence[TextRole], sender: str
) -> Iterator[int]:
    """The numbers of the quoted lines that are the sender's own: in a colour where the sender's own words announce it,
    or behind a tag: the initials or the name of the `sender`, or what the own words name ("mine begin with KN:").
    """
    quoted = [number for number, role in enumerate(roles) if role == "quoted"]
    if not quoted:
        return
    own = "\n".join(line for line, role in zip(lines, roles, strict=True) if role == "own")
    announced = pattern_of("answers.in_colour").search(folded(own)) is not None
    tags = _tags_of(sender) | set(_NAMED_TAG.findall(own)) - _NO_TAG
    for number in quoted:
        if (announced and any(map(_stands_out, blocks[number].runs))) or _tag_of(lines[number]) in tags:
            yield number


def _tags_of(sender: str) -> set[str]:
    """How the sender may sign a line: initials, name, family name first."""
    names = re.findall(r"[^\W\d_]+", sender)
    if len(names) < 2:
        return set(names)
    return {"".join(name[0] for name in names).upper(), names[0], names[-1], " ".join(names), sender.strip()}


def _tag_of(line: str) -> str | None:
    found = _TAG.match(line)
    return (found["bracketed"] or found["plain"]).strip() if found else None


def _stands_out(run: Run) -> bool:
    return bool(run.text.strip()) and (run.mark != "kept" or any(look.startswith(_LOOKS) for look in run.style))
