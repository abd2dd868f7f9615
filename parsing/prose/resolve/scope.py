"""Which place of a sentence an act belongs to."""

from collections.abc import Sequence

from parsing.prose.references.reference import Place
from parsing.prose.requests.frames import Act
from parsing.prose.requests.sentences import Sentence
from parsing.prose.resolve.resolve import Where
from parsing.text.search import is_sign

_BEHIND = 6
"""How many tokens behind an act its place may stand: "delete "x" from the second sentence of paragraph 6"."""


def places_of_acts(sentence: Sentence, acts: Sequence[Act]) -> list[Place | None]:
    """The place of each act: named inside it, before it, or right behind it; else that of the act before."""
    out: list[Place | None] = []
    behind: list[bool] = []
    used: set[int] = set()
    last: Place | None = None
    start = 0
    for n, act in enumerate(acts):
        following = acts[n + 1].first if n + 1 < len(acts) else len(sentence.tokens)
        at = _own(sentence, act, start, following, used)
        if at is not None:
            used.add(at)
            last = sentence.places[sentence.tokens[at].value]
        out.append(last)
        behind.append(at is not None and at >= act.stop)
        start = act.stop
    for n in range(len(acts) - 2, -1, -1):  # "delete “A” and “B” from OP6": the place behind is that of both
        if out[n] is None and behind[n + 1] and acts[n].kind == acts[n + 1].kind:
            out[n], behind[n] = out[n + 1], True
    return out


def _own(sentence: Sentence, act: Act, start: int, following: int, used: set[int]) -> int | None:
    inside = _named(sentence, act.first, act.stop, used)
    if inside:
        return inside[0]
    before = _named(sentence, start, act.first, used)
    if before:
        return before[-1]
    behind = _named(sentence, act.stop, min(following, act.stop + _BEHIND), used)
    if behind and not _leads(sentence, act.stop, behind[0], following):
        return behind[0]
    return None


def _leads(sentence: Sentence, stop: int, at: int, following: int) -> bool:
    """Whether a place behind an act opens the next one, with a comma or "and" before it: "… and in OP7 delete …"."""
    if following >= len(sentence.tokens):
        return False
    back = [token.kind for token in sentence.tokens[stop:at]]
    return any(kind in ("and", "comma", "semicolon") for kind in back)


def _named(sentence: Sentence, start: int, stop: int, used: set[int]) -> list[int]:
    out = []
    for n in range(start, stop):
        token = sentence.tokens[n]
        if token.kind == "place" and n not in used:
            place = sentence.places[token.value]
            if place.labels or place.others or place.missing:
                out.append(n)
    return out


def where(act: Act, place: Place | None, sentence: Sentence, default: Where) -> Where:
    """Where an act is to be looked for; `default` is what the words around the sentence name."""
    everywhere = not sentence.kinds.isdisjoint(("everywhere", "whole"))
    hint = _sentence(sentence, act) if "sentence" in sentence.kinds else 0
    quote = next((n for n, token in enumerate(sentence.tokens) if token.kind == "quote"), act.first)
    context = sentence.tokens[quote].word if quote < act.first else ""
    if place is None:
        labels, others, missing = default.labels, default.others, default.missing
    else:
        labels, others, missing = place.labels, place.others, place.missing
    named = () if everywhere and place is None else labels
    return Where(named, others, everywhere, hint, context, missing, _occurrence(sentence, act), default.likely)


def _occurrence(sentence: Sentence, act: Act) -> int:
    """Which of several is meant: "the second “effective”", "“effective” (first occurrence)"."""
    wanted = act.old or act.beside
    at = next((n for n in range(act.first, act.stop) if sentence.tokens[n] is wanted), 0)
    before = [token for token in sentence.tokens[max(0, at - 2) : at] if token.kind == "ordinal"]
    after = sentence.tokens[at + 1 : at + 3]
    bracketed = [after[1]] if len(after) == 2 and after[0].kind == "open" and after[1].kind == "ordinal" else []
    sign = wanted is not None and is_sign(wanted.word)
    at_end = -1 if sign and "at_end" in sentence.kinds else 0
    return next((token.value for token in (*before, *bracketed)), at_end)


def _sentence(sentence: Sentence, act: Act) -> int:
    """The sentence of the paragraph that is named nearest before the act or in it: "in the last sentence"."""
    hints = [t.value for t in sentence.tokens[: act.stop + 4] if t.kind == "sentence" and t.value]
    return hints[-1] if hints else 0
