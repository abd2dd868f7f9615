"""The edits of the rules and of a model compared: which are the same, which change the same words otherwise."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from parsing.confidence import ONE_READER, TWO_READERS
from parsing.draft_index import index_of, words_of
from parsing.model import Draft, Edit, Trust
from parsing.text.words import plain, similarity, stand_in

_SAME_REMARK = 0.5
_SAME_PARAGRAPH = 0.9
"""How much of their words two remarks at one place, or two new paragraphs, have in common that are the same."""
_WORD = re.compile(r"[^\W_]+|[+~*_{}\[\]<>|=^]")
"""What must be the same: words, and signs by which changes are marked; commas and the like may differ."""
_AT_END = " ,;."
"""Signs at the end of a paragraph, which depend on what comes to follow it: they make no doubt."""
_OTHERWISE = "the model reads otherwise"
_MARK = re.compile(r"[+~*_{}<>|=^]")


@dataclass(slots=True)
class Comparison:
    """The edits of the rules, to which those of a model are compared and added. `seen` are those of the rules that both
    found, `opposed` those against which the model says something, `contested` those of them that are not believed any
    more, `merged` the remarks that another edit now holds.
    """

    edits: list[Edit]
    draft: Draft
    trust: Trust
    seen: set[int] = field(default_factory=set)
    opposed: set[int] = field(default_factory=set)
    contested: set[int] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)

    def compare(self, said: Sequence[Edit]) -> list[tuple[int, ...]]:
        """For each edit of the model the indexes of its results; none where those of the rules contradict it."""
        became = [self._as_twin(edit) for edit in said]
        for mine, theirs in _clusters(self._unseen(), _unmatched(said, became), self.draft):
            for n, indexes in zip(theirs, self._at_one_place(mine, [said[n] for n in theirs]), strict=True):
                became[n] = indexes
        for n, edit in _unmatched(said, became):
            if edit.start is None:
                became[n] = self._beside(self._against(edit), edit)
        return became

    def doubt_unseen(self, asked: Iterable[int]) -> None:
        """Those of the rules' edits that the model was asked about and does not say need review."""
        unsaid = [n for n in asked if n not in self.seen and n not in self.opposed]
        self._doubt(unsaid, "the model does not read it so")

    def oppose(self, mine: Iterable[int], why: str) -> None:
        """Edits of the rules against which the model says something need review, with what it says."""
        against = [n for n in mine if n not in self.seen]
        self.opposed.update(against)
        self._doubt(against, why)

    def take_reason(self, reason: str, edit: int) -> None:
        """Remarks of the rules that the model repeats as the reason of an edit are kept with this edit."""
        said, places = words_of(reason), (self.edits[edit].paragraph, "general")
        for n, own in self._unseen():
            if own.action == "comment" and own.paragraph in places and stand_in(words_of(own.comment), said):
                self._merge([edit, n])

    # --- the same ---

    def _as_twin(self, edit: Edit) -> tuple[int, ...]:
        """The index of the rules' edit that is the same as one of the model's."""
        same = [n for n, own in enumerate(self.edits) if n not in self.merged and is_same(own, edit)]
        cells = [n for n in same if self._is_cell_of(n, edit)]
        if len(cells) > 1:
            return self._agree([self._as_one(cells)], [edit])
        return self._agree(same[:1], [edit]) if same else ()

    def _is_cell_of(self, n: int, edit: Edit) -> bool:
        """Whether a remark is a cell of the row that the model takes for one remark."""
        own = self.edits[n]
        is_remark = own.action == "comment" and own.origin == "table"
        return is_remark and stand_in(words_of(own.comment), words_of(edit.comment))

    def _as_one(self, cells: Sequence[int]) -> int:
        """The cells of a row as one remark; a cell that shows words of the paragraph says what it is about."""
        official = index_of(self.draft).words.get(self.edits[cells[0]].paragraph, ())
        said = [n for n in cells if not stand_in(words_of(self.edits[n].comment), official)] or cells
        shown = [n for n in cells if n not in said]
        self._merge(said)
        self.merged.update(dict.fromkeys(shown, said[0]))
        self.seen.update(shown)
        return said[0]

    def _merge(self, indexes: Sequence[int]) -> None:
        """Gives the first edit the comments of the others, and leaves it alone of them."""
        first, *others = indexes
        for n in others:
            one, other = self.edits[first].comment, self.edits[n].comment
            if not stand_in(words_of(other), words_of(one)):
                self.edits[first] = replace(self.edits[first], comment="\n".join(filter(None, (one, other))))
            self.merged[n] = first
            self.seen.add(n)

    def _agree(self, mine: Sequence[int], theirs: Sequence[Edit]) -> tuple[int, ...]:
        """Makes edits that both read sure, unless the model has a doubt, or other signs."""
        one, other = self._texts([self.edits[n] for n in mine], theirs)
        if one != other and len(mine) == len(theirs) == 1 and not is_sure(self.edits[mine[0]]):
            self._take_signs(mine[0], theirs[0])
            one = other
        doubtful = any(edit.needs_review for edit in theirs)
        for n in mine:
            self.seen.add(n)
            self.edits[n] = _read_by_both(self.edits[n], sure=not doubtful)
        if one.rstrip(_AT_END) != other.rstrip(_AT_END):
            self._doubt(mine, f"the model has other signs: {edits_in_words(theirs)}")
        return tuple(mine)

    def _texts(self, mine: Sequence[Edit], theirs: Sequence[Edit]) -> tuple[str, str]:
        """The paragraph as the edits of each make it, without typography; nothing where they change no words."""
        if any(edit.start is None for edit in (*mine, *theirs)):
            return "", ""
        official = self.draft.text(mine[0].paragraph)
        return plain(_applied(mine, official)), plain(_applied(theirs, official))

    def _take_signs(self, n: int, edit: Edit) -> None:
        """The same words with the signs of the model, which the rules were not sure of."""
        self.edits[n] = replace(
            self.edits[n], action=edit.action, start=edit.start, end=edit.end, old=edit.old, new=edit.new
        )

    # --- at one place ---

    def _unseen(self) -> list[tuple[int, Edit]]:
        return [(n, edit) for n, edit in enumerate(self.edits) if n not in self.seen and edit.read_by != "model"]

    def _at_one_place(self, mine: Sequence[int], theirs: Sequence[Edit]) -> list[tuple[int, ...]]:
        """What the model's changes at one place become beside those of the rules there."""
        if not theirs:
            return []
        same = next((some for some in self._readings(mine) if self._same_words(some, theirs)), [])
        others = [n for n in mine if n not in same]
        if same:
            self._contest(others)
            return [self._agree(same, theirs)] * len(theirs)
        out = [self._beside((*mine, *self._against(edit)), edit) for edit in theirs]
        self.oppose(others, _OTHERWISE)
        return out

    def _readings(self, mine: Sequence[int]) -> Iterator[Sequence[int]]:
        """The rules' edits at a place; where two of them change the same words, once with each of these alone."""
        clashing = [{one, other} for one, other in combinations(mine, 2) if self._clash(one, other)]
        if not clashing:
            yield mine
        for chosen in dict.fromkeys(n for pair in clashing for n in sorted(pair)):
            yield [n for n in mine if not any({n, chosen} == pair for pair in clashing)]

    def _clash(self, one: int, other: int) -> bool:
        return overlap(self.edits[one], self.edits[other])

    def _same_words(self, mine: Sequence[int], theirs: Sequence[Edit]) -> bool:
        """Whether changes at one place give the same words, letter by letter but for signs."""
        if not mine:
            return False
        official = self.draft.text(theirs[0].paragraph)
        own = _applied([self.edits[n] for n in mine], official)
        return _WORD.findall(own) == _WORD.findall(_applied(theirs, official))

    def _against(self, edit: Edit) -> tuple[int, ...]:
        """The rules' edits that cannot be made together with one of the model's: the paragraph goes in one of them and
        is changed in the other.
        """
        return tuple(
            n for n, own in self._unseen() if {own.action, edit.action} & {"delete_paragraph"} and overlap(own, edit)
        )

    def _beside(self, mine: Sequence[int], edit: Edit) -> tuple[int, ...]:
        """The index of an edit of the model where it can be one beside those of the rules on the same words."""
        if not mine:
            return (self._add(edit),)
        if self.trust != "verified" or any(is_sure(self.edits[n]) for n in mine):
            self.oppose(mine, _OTHERWISE)
            return ()
        self._contest(mine)
        return (self._add(edit, "the rules read otherwise"),)

    def _contest(self, mine: Sequence[int]) -> None:
        self.contested.update(mine if self.trust == "verified" else ())

    def _add(self, edit: Edit, why: str = "") -> int:
        doubtful = bool(why) or edit.needs_review or self.trust != "verified"
        self.edits.append(_doubted(edit, why) if doubtful else edit)
        return len(self.edits) - 1

    def _doubt(self, mine: Iterable[int], why: str) -> None:
        for n in mine:
            if why not in self.edits[n].evidence:
                self.edits[n] = _doubted(self.edits[n], why)


def is_sure(edit: Edit) -> bool:
    """Whether the rules were sure of an edit; one that would put the marks of changes into the text is none."""
    return not edit.needs_review and not _MARK.search(edit.new)


def overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits cannot both be made: they change the same words, or one deletes the other's paragraph."""
    if one.paragraph != other.paragraph:
        return False
    if one.start is None or other.start is None or one.end is None or other.end is None:
        kinds = {one.action, other.action}
        return "delete_paragraph" in kinds and kinds <= {"delete_paragraph", "replace", "insert", "delete"}
    return one.start < other.end and other.start < one.end


def is_same(one: Edit, other: Edit) -> bool:
    """Whether two edits are the same: of words the same words at the same place."""
    if (one.paragraph, one.action, one.to) != (other.paragraph, other.action, other.to):
        return False
    if one.start is not None:
        return (one.start, one.end) == (other.start, other.end) and _WORD.findall(one.new) == _WORD.findall(other.new)
    if one.action == "add_paragraph":
        return similarity(one.new, other.new) >= _SAME_PARAGRAPH
    if one.action == "comment":
        return _share(one.comment, other.comment) >= _SAME_REMARK
    return one.action in ("delete_paragraph", "move_paragraph")


def edits_in_words(edits: Iterable[Edit]) -> str:
    """Edits as they are shown to a person."""
    return "; ".join(" ".join(_parts(edit)) for edit in edits)


def _parts(edit: Edit) -> Iterator[str]:
    yield f"{edit.paragraph} {edit.action}"
    for words in (edit.old, edit.comment if edit.action == "comment" else edit.new):
        if words:
            yield f"“{words}”"


def _share(one: str, other: str) -> float:
    """How much of the words of the shorter of two texts the other has."""
    few, many = sorted((words_of(one), words_of(other)), key=len)
    return sum(word in many for word in few) / max(1, len(few))


def _read_by_both(edit: Edit, *, sure: bool) -> Edit:
    edit = replace(edit, read_by="both")
    return replace(edit, confidence=max(edit.confidence, TWO_READERS), needs_review=False) if sure else edit


def _doubted(edit: Edit, why: str) -> Edit:
    evidence = f"{edit.evidence} ({why})" if why else edit.evidence
    return replace(edit, needs_review=True, confidence=min(edit.confidence, ONE_READER), evidence=evidence)


def _unmatched(said: Sequence[Edit], became: Sequence[tuple[int, ...]]) -> list[tuple[int, Edit]]:
    return [(n, edit) for n, edit in enumerate(said) if not became[n]]


def _clusters(
    rules: Sequence[tuple[int, Edit]], said: Sequence[tuple[int, Edit]], draft: Draft
) -> Iterator[tuple[list[int], list[int]]]:
    """The changes of words by place: those that overlap or have no word between them, as indexes of the rules' and the
    model's edits.
    """
    cluster: tuple[list[int], list[int]] = ([], [])
    label, furthest = "", -1
    for paragraph, start, end, reader, n in sorted(_places(rules, 0) + _places(said, 1)):
        if paragraph != label or _WORD.search(draft.text(label), furthest, max(furthest, start)):
            yield cluster
            cluster, furthest = ([], []), -1
        label, furthest = paragraph, max(furthest, end)
        cluster[reader].append(n)
    yield cluster


def _places(edits: Sequence[tuple[int, Edit]], reader: int) -> list[tuple[str, int, int, int, int]]:
    """Where each change of words is, and whose it is."""
    return [
        (edit.paragraph, edit.start, edit.end, reader, n)
        for n, edit in edits
        if edit.start is not None and edit.end is not None
    ]


def _applied(edits: Sequence[Edit], official: str) -> str:
    """The paragraph as some edits make it; of two on the same words the later one alone."""
    at = len(official)
    for edit in sorted(edits, key=lambda one: (one.start or 0, one.end or 0), reverse=True):
        assert edit.start is not None
        assert edit.end is not None
        if edit.end <= at:
            official = official[: edit.start] + edit.new + official[edit.end :]
            at = edit.start
    return official
