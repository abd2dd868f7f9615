"""The same change said twice, in the mail and in its file, is one Edit with two sources."""

from collections.abc import Iterable
from dataclasses import replace

from parsing.model import Edit
from parsing.text.words import plain

_RANK = ("tracked-change", "table", "formatting", "comparison", "silent-change", "instruction", "rewrite")
"""Of two that say the same, the first of these is kept with its offsets and author."""


def deduplicated(edits: Iterable[Edit]) -> tuple[tuple[Edit, ...], tuple[int, ...]]:
    """The Edits, each once, in the order in which they were first said; and for each one given its index among those.

    What one source says twice at one place stays two.
    """
    kept: list[Edit] = []
    became: list[int] = []
    alike: dict[tuple[object, ...], list[int]] = {}
    for edit in edits:
        same = alike.setdefault(_key(edit), [])
        twin = next((n for n in same if set(kept[n].sources).isdisjoint(edit.sources)), None)
        if twin is not None:
            kept[twin] = _merged(kept[twin], edit)
            became.append(twin)
        else:
            same.append(len(kept))
            became.append(len(kept))
            kept.append(edit)
    return tuple(kept), tuple(became)


def _key(edit: Edit) -> tuple[object, ...]:
    if edit.action == "comment":
        return (edit.paragraph, "comment", plain(edit.comment).casefold())
    return (edit.paragraph, edit.action, edit.start, edit.end, plain(edit.new).strip(), edit.to)


def _merged(one: Edit, other: Edit) -> Edit:
    """The edit that is better known, with both sources and what either says of it."""
    first, second = sorted((one, other), key=_rank)
    return replace(
        first,
        sources=tuple(dict.fromkeys((*one.sources, *other.sources))),
        comment=first.comment or second.comment,
        confidence=max(one.confidence, other.confidence),
        needs_review=one.needs_review and other.needs_review,
    )


def _rank(edit: Edit) -> int:
    return _RANK.index(edit.origin) if edit.origin in _RANK else len(_RANK)
