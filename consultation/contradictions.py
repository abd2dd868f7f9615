"""Which edits of one speaker's mails contradict each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from consultation.facts import EditFact
from parsing.model import Edit


def contradictions(edits: Iterable[EditFact]) -> dict[str, str]:
    """For each edit that a current edit in another mail of the same speaker contradicts: the sentence that says so."""
    out = {}
    for one, other in _in_different_mails(edits):
        if _collide(one.edit, other.edit):
            out[one.id] = f"another mail (no. {other.mail}) proposes something else here"
            out[other.id] = f"another mail (no. {one.mail}) proposes something else here"
    return out


def _in_different_mails(edits: Iterable[EditFact]) -> Iterator[tuple[EditFact, EditFact]]:
    """Every two current edits of one speaker for one paragraph that are in different mails."""
    places = defaultdict(list)
    for fact in edits:
        if fact.is_current and fact.speaker and fact.edit.action != "comment":
            places[fact.speaker, fact.edit.paragraph].append(fact)
    for facts in places.values():
        if len({fact.mail for fact in facts}) > 1:
            yield from ((one, other) for one, other in combinations(facts, 2) if one.mail != other.mail)


def _collide(a: Edit, b: Edit) -> bool:
    """Whether two edits of one paragraph cannot both be made."""
    if (a.action, a.start, a.end, a.new) == (b.action, b.start, b.end, b.new):
        return False
    if "add_paragraph" in (a.action, b.action) or "move_paragraph" in (a.action, b.action):
        return False
    if a.start is None or b.start is None or a.end is None or b.end is None:
        return True
    return (a.start < b.end and b.start < a.end) or (a.start, a.end) == (b.start, b.end)
