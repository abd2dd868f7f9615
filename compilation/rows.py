"""The rows of a compilation: each edit and comment with who else proposes it and what it collides with."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from consultation.compilation import Compilation, CompiledParagraph
from consultation.facts import EditFact, Speaker
from consultation.passages import Alternative


@dataclass(frozen=True, slots=True)
class Row:
    """One edit or comment. `same` and `others` are the names of those who propose the same for its words, and of those
    who propose something else.
    """

    fact: EditFact
    number: str
    name: str
    region: str
    received: datetime
    late: bool
    same: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def rows(compilation: Compilation) -> list[Row]:
    """By paragraph in the draft's order, then by speaker; what is said of the whole text last."""
    relations = _relations(compilation)
    names = {who: compilation.name(who) for who in compilation.speakers}
    regions = {row.code: row.region for row in compilation.status.parties}
    numbers = {one.label: one.number or "" for one in compilation.draft.paragraphs}
    return [
        Row(
            fact=fact,
            number=numbers.get(fact.edit.paragraph, ""),
            name=compilation.name(fact.speaker),
            region=regions.get(fact.party or "", ""),
            received=compilation.date(fact),
            late=compilation.is_late(fact),
            same=_names(names, relations[fact.id].same, fact.speaker),
            others=_names(names, relations[fact.id].others, fact.speaker),
        )
        for fact in compilation.facts
    ]


@dataclass(slots=True)
class _Related:
    same: set[Speaker]
    others: set[Speaker]


def _relations(compilation: Compilation) -> Mapping[str, _Related]:
    """By the id of an edit."""
    out: dict[str, _Related] = defaultdict(lambda: _Related(set(), set()))
    for compiled in compilation.paragraphs:
        for alternatives in _meeting(compiled):
            everybody = {who for one in alternatives for who in one.by}
            for one in alternatives:
                for fact in one.members:
                    out[fact.id].same |= set(one.by)
                    out[fact.id].others |= everybody - set(one.by)
    return out


def _meeting(compiled: CompiledParagraph) -> Iterator[Sequence[Alternative]]:
    """The alternatives that meet: at one passage, over several, over the whole paragraph, each new paragraph alone."""
    for passage in compiled.passages.apart:
        yield passage.alternatives
    for over in compiled.passages.over:
        changed = (*compiled.passages.apart, *compiled.passages.over)
        inside = [one for one in changed if one is not over and one.start < over.end and over.start < one.end]
        yield [*over.alternatives, *(alternative for one in inside for alternative in one.alternatives)]
    if compiled.deleted is not None:
        changed = (*compiled.passages.apart, *compiled.passages.over)
        yield [compiled.deleted, *(alternative for one in changed for alternative in one.alternatives)]
    for addition in compiled.added:
        yield [addition.alternative]


def _names(names: Mapping[Speaker, str], speakers: AbstractSet[Speaker], own: Speaker | None) -> tuple[str, ...]:
    """The names of some, in the order of all."""
    return tuple(name for who, name in names.items() if who in speakers and who != own) if speakers else ()
