"""The same change said twice, in the mail and in its file, is one Edit with two sources."""

from collections.abc import Iterable
from dataclasses import replace

from parsing.model import Edit
from parsing.text.words import plain

_RANK = ("tracked-change", "table", "formatting", "comparison", "silent-change", "instruction", "rewrite")
"""Of two that say the same, the first of these is kept with its offsets and author."""


def joined(edits: Iterable[Edit]) -> tuple[tuple[Edit, ...], tuple[int, ...]]:
    """The Edits, each once, in the order in which they were first said; and for each one given its index among those.
    What one source says twice at one place stays two.
    """
    kept: dict[tuple[object, ...], list[Edit]] = {}
    order: list[tuple[tuple[object, ...], int]] = []
    became: list[tuple[tuple[object, ...], int]] = []
    for edit in edits:
        key = _key(edit)
        same = kept.setdefault(key, [])
        twin = next((n for n, other in enumerate(same) if not set(other.sources) & set(edit.sources)), None)
        if twin is None:
            order.append((key, len(same)))
            became.append(order[-1])
            same.append(edit)
        else:
            became.append((key, twin))
            same[twin] = _merged(same[twin], edit)
    index = {place: n for n, place in enumerate(order)}
    return tuple(kept[key][n] for key, n in order), tuple(index[place] for place in became)


def _key(edit: Edit) -> tuple[object, ...]:
    if edit.action == "comment":
        return (edit.paragraph, "comment", plain(edit.comment).casefold())
    return (edit.paragraph, edit.action, edit.start, edit.end, plain(edit.new).strip(), edit.to)


def _merged(one: Edit, other: Edit) -> Edit:
    first, second = sorted(
        (one, other), key=lambda edit: _RANK.index(edit.origin) if edit.origin in _RANK else len(_RANK)
    )
    return replace(
        first,
        sources=tuple(dict.fromkeys((*one.sources, *other.sources))),
        comment=first.comment or second.comment,
        confidence=max(one.confidence, other.confidence),
        needs_review=one.needs_review and other.needs_review,
    )
