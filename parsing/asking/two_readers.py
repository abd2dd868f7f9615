"""What the rules and a model make of the same sentences, put together: agreement is sure, a single voice is reviewed.

A model adds, explains and doubts. It removes nothing of what the rules found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from parsing.asking.answers import Answer
from parsing.asking.checking import Checked, plain_words
from parsing.asking.schema import OutcomeName
from parsing.confidence import ONE_READER, TWO_READERS
from parsing.draft_index import words_of
from parsing.model import AskedSentence, Draft, Edit, Outcome, OutcomeKind, Question, Trust, Unplaced
from parsing.text.words import plain, similarity

_SAME_REMARK = 0.5
_SAME_PARAGRAPH = 0.9
"""How much of their words two remarks at one place, or two new paragraphs, have in common that are the same."""
_WORD = re.compile(r"[^\W_]+|[+~*_{}\[\]<>|=^]")
"""What must be the same: words, and signs by which changes are marked; commas and the like may differ."""
_MARK = re.compile(r"[+~*_{}<>|=^]")
_KINDS: dict[OutcomeName, OutcomeKind] = {
    "reason": "reason",
    "place": "place",
    "courtesy": "courtesy",
    "official": "official text",
    "quoted": "quoted",
    "signature": "signature",
}
"""What a sentence without a statement is; one that is "unclear" stays unread."""
Span = tuple[str, int, int]
"""Characters [start, end) of the text of a Part."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of the sentences of a Mail: edits, the outcomes of the sentences, what found no place."""

    edits: tuple[Edit, ...]
    sentences: tuple[Outcome, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A question with the checked statements of its answer."""

    question: Question
    answer: Answer
    checked: tuple[Checked, ...]


def together(rules: Read, told: Sequence[Told], draft: Draft, trust: Trust) -> Read:
    """What both say. Of two that change the same words differently one is an edit, the other is unplaced: the rules'
    where they were sure of it, or where no statement alone is believed, else the model's.
    """
    if not told:
        return rules
    checked = [one for each in told for one in each.checked]
    desk = _Desk(list(rules.edits), draft, trust)
    became = desk.compare([edit for one in checked for edit in one.edits])
    desk.doubt_unseen(_asked_edits(rules, told))
    statements = _of_statements(checked, became)
    sentences = tuple(_outcomes(rules.sentences, told, statements, desk.edits))
    unplaced = (*_unplaced(rules, sentences), *_not_accepted(sentences, checked), *_not_taken(statements))
    read = Read(tuple(desk.edits), sentences, unplaced)
    return _without(read, _outweighed(rules, statements, desk), rules) if trust == "verified" else read


# --- edits -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Desk:
    """The edits of the rules, to which those of the model are compared and added. `seen` are those that both found,
    `contested` those of the rules that the model's change the words of.
    """

    edits: list[Edit]
    draft: Draft
    trust: Trust
    seen: set[int] = field(default_factory=set)
    contested: set[int] = field(default_factory=set)

    def compare(self, said: Sequence[Edit]) -> list[tuple[int, ...]]:
        """For each edit of the model the indexes of those that it became; none where the rules' stand against it."""
        became = [self._as_twin(edit) for edit in said]
        for mine, theirs in _clusters(self._unseen(self.edits), _unmatched(said, became), self.draft):
            for n, indexes in zip(theirs, self._at_one_place(mine, [said[n] for n in theirs]), strict=True):
                became[n] = indexes
        whole = (n for n, edit in enumerate(said) if edit.start is None and not became[n])
        for n in whole:
            became[n] = (self._add(said[n]),)
        return became

    def _as_twin(self, edit: Edit) -> tuple[int, ...]:
        """The index of the rules' edit that is the same as one of the model's."""
        twin = next((n for n, own in enumerate(self.edits) if _is_same(own, edit)), None)
        return () if twin is None else self._agree([twin], [edit])

    def _at_one_place(self, mine: Sequence[int], theirs: Sequence[Edit]) -> list[tuple[int, ...]]:
        """What the model's changes at one place become beside those of the rules there."""
        if mine and self._same_words([self.edits[n] for n in mine], theirs):
            return [self._agree(mine, theirs)] * len(theirs)
        indexes = [self._beside(mine, edit) for edit in theirs]
        if theirs:
            self._doubt(mine, "the model reads otherwise")
        return indexes

    def _signs_differ(self, mine: Sequence[Edit], theirs: Sequence[Edit]) -> bool:
        if any(edit.start is None for edit in (*mine, *theirs)):
            return False
        official = self.draft.text(mine[0].paragraph)
        one, other = (plain(_applied(edits, official)) for edits in (mine, theirs))
        return one.rstrip(" ,;.") != other.rstrip(" ,;.")

    def _unseen(self, edits: Sequence[Edit]) -> list[tuple[int, Edit]]:
        return [(n, edit) for n, edit in enumerate(edits) if n not in self.seen]

    def _beside(self, mine: Sequence[int], edit: Edit) -> tuple[int, ...]:
        """The index of an edit of the model where it can be one beside those of the rules on the same words."""
        if not mine:
            return (self._add(edit),)
        if self.trust != "verified" or any(_is_sure(self.edits[n]) for n in mine):
            return ()
        self.contested.update(mine)
        return (self._add(edit, "the rules read otherwise"),)

    def doubt_unseen(self, asked: Iterable[int]) -> None:
        """Those of the rules' edits that the model was asked about and does not say need review."""
        self._doubt([n for n in asked if n not in self.seen], "the model does not read it so")

    def _agree(self, mine: Sequence[int], theirs: Sequence[Edit]) -> tuple[int, ...]:
        """Makes edits that both read sure. Where the signs alone differ, those of the reader who was sure are taken."""
        differ = self._signs_differ([self.edits[n] for n in mine], theirs)
        unsure = len(mine) == len(theirs) == 1 and not _is_sure(self.edits[mine[0]])
        if differ and unsure:
            (n,), (other,) = mine, theirs
            words = {name: getattr(other, name) for name in ("action", "start", "end", "old", "new")}
            self.edits[n] = replace(self.edits[n], **words)
        doubtful = any(edit.needs_review for edit in theirs)
        for n in mine:
            self.seen.add(n)
            edit = replace(self.edits[n], read_by="both")
            if not doubtful:
                edit = replace(edit, confidence=max(edit.confidence, TWO_READERS), needs_review=False)
            self.edits[n] = edit
        if differ and not unsure:
            self._doubt(mine, f"the model has other signs: {_told(theirs)}")
        return tuple(mine)

    def _add(self, edit: Edit, why: str = "") -> int:
        doubtful = bool(why) or edit.needs_review or self.trust != "verified"
        if doubtful:
            note = f" ({why})" if why else ""
            confidence = min(edit.confidence, ONE_READER)
            edit = replace(edit, needs_review=True, confidence=confidence, evidence=f"{edit.evidence}{note}")
        self.edits.append(edit)
        return len(self.edits) - 1

    def _doubt(self, mine: Iterable[int], why: str) -> None:
        for n in mine:
            edit = self.edits[n]
            if why not in edit.evidence:
                confidence = min(edit.confidence, ONE_READER)
                evidence = f"{edit.evidence} ({why})"
                self.edits[n] = replace(edit, needs_review=True, confidence=confidence, evidence=evidence)

    def _same_words(self, mine: Sequence[Edit], theirs: Sequence[Edit]) -> bool:
        """Whether changes at one place give the same words, letter by letter but for signs."""
        if not theirs:
            return False
        official = self.draft.text(mine[0].paragraph)
        return _WORD.findall(_applied(mine, official)) == _WORD.findall(_applied(theirs, official))


def _unmatched(said: Sequence[Edit], became: Sequence[tuple[int, ...]]) -> list[tuple[int, Edit]]:
    return [(n, edit) for n, edit in enumerate(said) if not became[n]]


def _clusters(
    rules: Sequence[tuple[int, Edit]], said: Sequence[tuple[int, Edit]], draft: Draft
) -> Iterator[tuple[list[int], list[int]]]:
    """The changes of words by place: those that overlap or have no word between them, as indexes of the rules' and the
    model's edits.
    """
    spans: list[tuple[str, int, int, int, int]] = []
    for reader, edits in enumerate((rules, said)):
        for n, edit in edits:
            if edit.start is not None and edit.end is not None:
                spans.append((edit.paragraph, edit.start, edit.end, reader, n))
    cluster: tuple[list[int], list[int]] = ([], [])
    label, furthest = "", -1
    for paragraph, start, end, reader, n in sorted(spans):
        if paragraph != label or _WORD.search(draft.text(label), furthest, max(furthest, start)):
            if any(cluster):
                yield cluster
            cluster, furthest = ([], []), -1
        label, furthest = paragraph, max(furthest, end)
        cluster[reader].append(n)
    if any(cluster):
        yield cluster


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


def _is_same(one: Edit, other: Edit) -> bool:
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


def _share(one: str, other: str) -> float:
    """How much of the words of the shorter of two texts the other has."""
    few, many = sorted((words_of(one), words_of(other)), key=len)
    return sum(word in many for word in few) / max(1, len(few))


# --- sentences ---------------------------------------------------------------------------------------


def _spans(sentences: Iterable[AskedSentence]) -> list[Span]:
    return [(one.source, one.start, one.end) for one in sentences]


def _touches(outcome: Outcome, spans: Iterable[Span]) -> bool:
    return any(outcome.source == at and outcome.start < end and start < outcome.end for at, start, end in spans)


def _asked_edits(rules: Read, told: Sequence[Told]) -> set[int]:
    """The rules' edits that come from sentences alone that the model was asked about."""
    spans = _spans(sentence for each in told for sentence in each.question.sentences)
    asked, others = set[int](), set[int]()
    for outcome in rules.sentences:
        (asked if _touches(outcome, spans) else others).update(outcome.edits)
    return asked - others


def _of_statements(checked: Sequence[Checked], became: Sequence[tuple[int, ...]]) -> list[tuple[Checked, list[int]]]:
    """The statements with the indexes of their edits."""
    out, at = [], 0
    for one in checked:
        indexes = [n for edit in became[at : at + len(one.edits)] for n in edit]
        out.append((one, list(dict.fromkeys(indexes))))
        at += len(one.edits)
    return out


def _outcomes(
    sentences: Sequence[Outcome],
    told: Sequence[Told],
    statements: Sequence[tuple[Checked, list[int]]],
    edits: Sequence[Edit],
) -> Iterator[Outcome]:
    """The outcomes of the sentences: those with a statement that holds are edits, some unread ones are explained."""
    for outcome in sentences:
        citing = [(one, ns) for one, ns in statements if _touches(outcome, _spans(one.sentences))]
        indexes = tuple(dict.fromkeys(n for _, ns in citing for n in ns))
        failed = next((one for one, _ in citing if one.failed), None)
        if indexes and not (outcome.kind == "unread" and failed):
            yield _stated(outcome, indexes, edits)
        elif outcome.kind == "unread" and failed:
            why = f"{outcome.why}; the model's statement on it was not accepted: {failed.failed}"
            yield replace(outcome, edits=tuple(dict.fromkeys((*outcome.edits, *indexes))), why=why)
        elif outcome.kind == "unread" and not citing:
            yield _reason(outcome, statements) or _explained(outcome, told)
        else:
            yield outcome


def _stated(outcome: Outcome, indexes: Sequence[int], edits: Sequence[Edit]) -> Outcome:
    every = tuple(dict.fromkeys((*outcome.edits, *indexes)))
    if outcome.kind in ("reason", "place") and all(n in outcome.edits or outcome.kind == "place" for n in indexes):
        return outcome
    kind: OutcomeKind = "remark" if all(edits[n].action == "comment" for n in every) else "edit"
    why = "" if outcome.kind == "unread" else outcome.why
    return replace(outcome, kind=kind, edits=every, why=why)


def _reason(outcome: Outcome, statements: Sequence[tuple[Checked, list[int]]]) -> Outcome | None:
    """An unread sentence as the reason of a statement that holds, which repeats its words; the edit shows them."""
    words = words_of(outcome.text)
    edits = [n for one, ns in statements if one.holds and _holds(words_of(one.statement.reason), words) for n in ns]
    if not edits:
        return None
    return replace(outcome, kind="reason", edits=tuple(dict.fromkeys(edits)), why="the model takes it for the reason")


def _holds(many: Sequence[str], few: Sequence[str]) -> bool:
    """Whether words stand among others in a row."""
    return bool(few) and any(tuple(many[n : n + len(few)]) == tuple(few) for n in range(len(many) - len(few) + 1))


def _explained(outcome: Outcome, told: Sequence[Told]) -> Outcome:
    """An unread sentence with what the model takes it for. It stays unread: a word of a model without words of the mail
    sets nothing aside.
    """
    names = {
        each.answer.outcomes.get(sentence.number)
        for each in told
        for sentence in each.question.sentences
        if _touches(outcome, _spans([sentence]))
    }
    name = next(iter(names)) if len(names) == 1 else None
    if name is None or name not in _KINDS:
        return outcome
    return replace(outcome, why=f"{outcome.why}; the model takes it for {_KINDS[name]}")


# --- where the two say different things -----------------------------------------------------------------


def _not_taken(statements: Sequence[tuple[Checked, list[int]]]) -> Iterator[Unplaced]:
    """The statements that hold and change words which the rules change otherwise."""
    for one, indexes in statements:
        if one.holds and not indexes:
            said = " ".join(plain_words(sentence) for sentence in one.sentences)
            yield Unplaced(said, one.sentences[0].source, f"the rules read otherwise; the model: {_told(one.edits)}")


def _told(edits: Iterable[Edit]) -> str:
    """Edits in words."""
    return "; ".join(" ".join(_parts(edit)) for edit in edits)


def _parts(edit: Edit) -> Iterator[str]:
    yield f"{edit.paragraph} {edit.action}"
    for words in (edit.old, edit.comment if edit.action == "comment" else edit.new):
        if words:
            yield f"“{words}”"


def _outweighed(rules: Read, statements: Sequence[tuple[Checked, list[int]]], desk: _Desk) -> dict[int, str]:
    """The edits of which the rules were not sure, and the model says something else of the same words or the same
    sentence, in words that passed every check; and what it says.
    """
    spoken = [(one, _spans(one.sentences)) for one, _ in statements if not one.failed]
    out = dict.fromkeys(desk.contested, "something else")
    for outcome in rules.sentences:
        lone = [n for n in outcome.edits if n not in desk.seen and not _is_sure(rules.edits[n])]
        if not lone:
            continue
        others = [one for one, spans in spoken if _touches(outcome, spans)]
        out |= dict.fromkeys(lone, "; ".join(_told(one.edits) or one.doubt for one in others)) if others else {}
    return out


def _is_sure(edit: Edit) -> bool:
    """Whether the rules were sure of an edit; one that would put the marks of changes into the text is none."""
    return not edit.needs_review and not _MARK.search(edit.new)


def _without(read: Read, outweighed: Mapping[int, str], rules: Read) -> Read:
    """The same, with some edits of the rules as unplaced: a person still sees them."""
    if not outweighed:
        return read
    kept = [n for n in range(len(read.edits)) if n not in outweighed]
    index = {n: at for at, n in enumerate(kept)}
    unplaced = [
        Unplaced(edit.evidence, next(iter(edit.sources), ""), f"the rules: {_told([edit])}; the model: {said}")
        for edit, said in ((rules.edits[n], said) for n, said in outweighed.items())
    ]
    sentences = (_with_edits(one, tuple(index[n] for n in one.edits if n in index)) for one in read.sentences)
    return Read(tuple(read.edits[n] for n in kept), tuple(sentences), (*read.unplaced, *unplaced))


def _with_edits(outcome: Outcome, edits: tuple[int, ...]) -> Outcome:
    """A sentence with what is left of its edits; with none left it is unread again."""
    if edits or not outcome.edits:
        return replace(outcome, edits=edits)
    return replace(outcome, kind="unread", edits=(), why="the rules and the model read it differently")


# --- what found no place -----------------------------------------------------------------------------


def _unplaced(rules: Read, sentences: Sequence[Outcome]) -> Iterator[Unplaced]:
    """What the rules could not place and the model did not place either."""
    was = {_letters(one) for one in rules.sentences if one.kind == "unread"}
    settled = was & {_letters(one) for one in sentences if one.kind != "unread"}
    whys = {_letters(one): one.why for one in sentences if one.kind == "unread"}
    for one in rules.unplaced:
        source, words = _letters(one)
        if not any(source == at and words in text for at, text in settled):
            yield replace(one, why=whys.get((source, words), one.why))


def _letters(one: Outcome | Unplaced) -> tuple[str, str]:
    """The Part and the words of a passage, without spaces."""
    return one.source, "".join(one.text.split())


def _not_accepted(sentences: Sequence[Outcome], checked: Sequence[Checked]) -> Iterator[Unplaced]:
    """The statements that failed, but for those whose words stand in a sentence that is unread anyway."""
    unread = ["".join(plain(one.text).split()) for one in sentences if one.kind == "unread"]
    for one in checked:
        words = "".join(plain(one.statement.words).split())
        if not one.failed or any(words in text for text in unread):
            continue
        source = one.sentences[0].source if one.sentences else ""
        said = " ".join(plain_words(sentence) for sentence in one.sentences) or one.statement.words
        yield Unplaced(said, source, f"the model's statement on it was not accepted: {one.failed}")
