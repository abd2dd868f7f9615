"""The acts that a sentence holds: what to replace, insert, delete, and beside which words."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parsing.prose.lexicon.tokens import Token

_SIGNS = {
    "quote": "Q", "place": "P", "replace": "c", "substitute": "b", "delete": "d", "insert": "i", "read": "r",
    "instead": "n", "in_place": "t", "with": "w", "weak_with": "y", "range": "Y", "for": "f", "after": "a",
    "before": "e", "between": "z", "at_end": "E", "at_start": "B", "arrow": "A", "write": "g", "rest": "R",
    "from": "m", "comma": ",", "colon": ":", "semicolon": ";", "stop": ".", "and": "&", "sentence": "Z",
    "paragraph": "L", "recital": "L", "same": "L", "new": "x", "everywhere": "U", "words": "W", "be": "u",
    "so_that": "s", "to_old": "p", "of": "q", "reason": "j", "new_paragraph": "N", "move": "v", "follow": "h",
    "following": "F", "whole_paragraph": "H", "negation": "!", "oppose": "D", "followed": "l", "condition": "I",
    "reported": "S", "proposal": "O", "prefer": "K", "than": "T", "suggest": "V", "retain": "k",
    "rest_after": "G", "after_of": "1", "before_of": "2", "follow_up": "3", "brackets": "5", "concede": "C",
    "worry": "6", "wished": "7", "retract": "8", "preceded": "4", "swap": "c", "stop_here": "0",
}  # fmt: skip
"""One letter for each kind, so that an order of words is a regular expression; other words are "o"."""

_GAP = r"[oqWPLZFHUxgyYfwupNjR!,:&mISOKVk]{0,14}?"
_NEAR = r"[oqmWLZPISOTVk]{0,5}"
_BETWEEN = {"~": r"[oqWm]{0,2}", "=": _GAP.replace("P", "")}
"""What may stand before a word that has this sign: nothing much; no place."""
_OBJECT = r"(?![oqWLFyYf:]{0,6}Q)"
_VERBS = ("replace", "substitute", "insert", "delete", "read")
_NOT = {
    "!object": _OBJECT,
    "!insert": rf"(?!{_NEAR}i)",
    "!beside": rf"(?!{_NEAR}[aezEB])",
    "!more": r"(?=[oq.]{0,2}$)",
    "!role": rf"(?!{_NEAR}[wfnyYp])",
}
"""What must not come next."""
_ASKING = frozenset("cbdirnKAglu304Vv")
"""Every form has one of these."""
ASKING = frozenset(kind for kind, letter in _SIGNS.items() if letter in _ASKING)
_EXCHANGES = frozenset("cbrtA")
"""The verbs of two lists of words, the old ones and the new."""
_AND = r"[oqPLZm]{0,5}(?:[,;]&?|&,?)"


@dataclass(frozen=True, slots=True)
class Act:
    """tokens[first:stop] ask for this. `old` stands in the text, `new` shall; `beside` are the words next to which, and
    `other` the second of two between which. `how` says more of the kind: after, before, at_end, at_start, from, rest.
    """

    kind: str
    first: int
    stop: int
    how: str = ""
    old: Token | None = None
    new: Token | None = None
    beside: Token | None = None
    other: Token | None = None


@dataclass(frozen=True, slots=True)
class _Form:
    """An order of words, compiled. `again` is the same without its verb, for "and X2 with Y2"."""

    kind: str
    how: str
    roles: tuple[str, ...]
    order: re.Pattern[str]
    again: re.Pattern[str] | None


def skeleton(found: Sequence[Token]) -> str:
    """One letter for each token."""
    return "".join([_SIGNS.get(token.kind, "o") for token in found])


def read_acts(found: Sequence[Token], letters: str, denied: Sequence[tuple[int, int]]) -> list[Act]:
    """The acts on quoted words that a sentence holds, in order, none overlapping; none in the spans that it denies."""
    if _ASKING.isdisjoint(letters):
        return []
    acts = _respectively(found, letters) or _acts(found, letters)
    return [act for act in acts if not any(a < act.stop and act.first < b for a, b in denied)]


def _respectively(found: Sequence[Token], letters: str) -> list[Act]:
    """As in "replace “A” and “B” by “C” and “D” respectively"; [] where a sentence says no such thing."""
    quotes = [n for n, token in enumerate(found) if token.kind == "quote"]
    half = len(quotes) // 2
    said = any(token.kind == "respectively" for token in found)
    verb = next((n for n, letter in enumerate(letters) if letter in _EXCHANGES), None)
    if not said or half < 2 or len(quotes) % 2 or verb is None:
        return []
    return [
        Act("replace", min(verb, old), old + 1, old=found[old], new=found[new])
        for old, new in zip(quotes[:half], quotes[half:], strict=True)
    ]


def _acts(found: Sequence[Token], letters: str) -> Iterator[Act]:
    at, last = 0, letters.rfind("Q")
    forms = _forms()
    while at <= last:
        hit = _first_form(forms[letters[at]], letters, at) if letters[at] in forms else None
        if hit is None:
            at += 1
            continue
        form, match = hit
        at = _tail(letters, match.end())
        yield _with_result(_act(form, match, found), at, found)
        again = form.again and form.again.match(letters, at)
        while again:
            yield _act(form, again, found, again=True)
            at = again.end()
            again = form.again and form.again.match(letters, at)
        edge = _EDGE.match(letters, at) if form.how in ("at_start", "at_end") else None
        if edge:
            yield _at_the_other_edge(edge, found)
            at = edge.end()


def _first_form(forms: Sequence[_Form], letters: str, at: int) -> tuple[_Form, re.Match[str]] | None:
    for form in forms:
        match = form.order.match(letters, at)
        if match:
            return form, match
    return None


_READS = re.compile(rf"(?:,?{_NEAR}s[oqWPL]{{0,8}}[ru]|[oq,]{{0,8}}r){_GAP}Q(?![oqWu,]{{0,4}}[cbdin])")


def _tail(letters: str, at: int) -> int:
    """Past what the text will then read: it is no further change."""
    match = _READS.match(letters, at)
    return match.end() if match else at


_EDGE = re.compile(_AND + r"[oqmW]{0,3}(?:[EB][oqmPL,]{0,5}-?Q|Q[oqmL]{0,3}[EB])(?![oqW]{0,4}[cbdr])")


def _at_the_other_edge(match: re.Match[str], found: Sequence[Token]) -> Act:
    """As in "insert “A” at the beginning, and “B” at the end"."""
    inside = range(match.start(), match.end())
    quote = next(n for n in inside if found[n].kind == "quote")
    edge = next(n for n in inside if found[n].kind in ("at_start", "at_end"))
    return Act("insert", min(quote, edge), match.end(), found[edge].kind, new=found[quote])


def _with_result(act: Act, end: int, found: Sequence[Token]) -> Act:
    """New words of which only the result tells where they go: "add “A”, so that it reads “B A C”"."""
    if end == act.stop or act.kind != "insert" or act.beside is not None or act.how:
        return act
    return Act("read", act.first, end, new=found[end - 1])


def _act(form: _Form, match: re.Match[str], found: Sequence[Token], *, again: bool = False) -> Act:
    """The act of a form that fits. Said again without its verb, it begins with its quoted words: what stands between is
    still the place of the one before.
    """
    quotes = [n for n in range(match.start(), match.end()) if found[n].kind == "quote"]
    given = {role: found[n] for role, n in zip(form.roles, quotes, strict=False)}
    first = quotes[0] if again else match.start()
    return Act(form.kind, first, match.end(), form.how, given.get("X"), given.get("Y"), given.get("A"), given.get("B"))


@cache
def _forms() -> dict[str, list[_Form]]:
    """The forms by the letter that they begin with, in the order of the file."""
    table = tomllib.loads((Path(__file__).parent / "acts.toml").read_text("utf-8"))
    out: dict[str, list[_Form]] = {}
    for row in table["form"]:
        form = _form(row["act"], row["order"].split())
        out.setdefault(form.order.pattern[0], []).append(form)
    return out


def _form(act: str, order: Sequence[str]) -> _Form:
    kind, _, how = act.partition(" ")
    roles = tuple(bare for word in order if (bare := word.lstrip("~=")) in "XYAB")
    if not how and "A" in roles:
        how = next((word for word in order if word in ("after", "before")), "")
    return _Form(kind, how, roles, re.compile(_pattern(order)), _again(order))


def _again(order: Sequence[str]) -> re.Pattern[str] | None:
    """The order without its verb: "… and X2 with Y2"."""
    if list(order) == ["X", "read", "Y"]:  # "“A” should read “B” and “C” “D”"
        return re.compile(_AND + _NEAR + "QW?Q")
    rest = [word for word in order if word not in _VERBS and not word.startswith("!")]
    if len(rest) == len(order) or not (len(rest) > 2 or (rest == ["X"] and order[0] == "delete")):
        return None
    return re.compile(_AND + _NEAR + _pattern(rest) + rf"(?!{_NEAR}[rcdbin])")


def _pattern(order: Sequence[str]) -> str:
    out = ""
    for word in order:
        if word.startswith("!"):
            out += _NOT[word]
            continue
        near = word == "be" or out.endswith("u")
        gap = "" if not out else _BETWEEN.get(word[0], _NEAR if near else _GAP)
        out += gap + _letter(word.lstrip("~="))
    return out


def _letter(word: str) -> str:
    if word in "XYAB":
        return "Q"
    return "[yY]" if word == "weak_with" else "P" if word == "P" else _SIGNS[word]
