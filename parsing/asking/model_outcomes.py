"""The sentences of a Mail with what a model says of them, and what found no place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsing.asking.checked_answers import AnsweredQuestion, Read, Stated, spans_of, touches
from parsing.asking.checking import Checked, plain_words
from parsing.asking.compare_edits import edits_in_words
from parsing.asking.schema import OutcomeName
from parsing.draft_index import words_of
from parsing.model import Edit, Outcome, OutcomeKind, Unplaced
from parsing.text.words import plain, stand_in

_KINDS: dict[OutcomeName, OutcomeKind] = {
    "reason": "reason",
    "place": "place",
    "courtesy": "courtesy",
    "official": "official text",
    "quoted": "quoted",
    "signature": "signature",
}
"""What a sentence without a statement is; one that is "unclear" stays unread."""


def outcomes_of(
    sentences: Sequence[Outcome], answered: Sequence[AnsweredQuestion], stated: Sequence[Stated], edits: Sequence[Edit]
) -> Iterator[Outcome]:
    """The outcomes of the sentences: those with a statement that holds are edits, some unread ones are explained."""
    for outcome in sentences:
        citing = [one for one in stated if touches(outcome, spans_of(one.checked.sentences))]
        if outcome.kind == "unread":
            yield _unread(outcome, citing, answered, stated, edits)
        else:
            yield _with_statements(outcome, _indexes(citing), edits)


def _indexes(stated: Sequence[Stated]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(n for one in stated for n in one.edits))


def _unread(
    outcome: Outcome,
    citing: Sequence[Stated],
    answered: Sequence[AnsweredQuestion],
    stated: Sequence[Stated],
    edits: Sequence[Edit],
) -> Outcome:
    """An unread sentence: it stays so unless a statement that holds, and none that failed, speaks of it."""
    indexes = _indexes(citing)
    failed = next((one.checked.failed for one in citing if one.checked.failed), "")
    if failed:
        why = f"{outcome.why}; the model's statement on it was not accepted: {failed}"
        return replace(outcome, edits=tuple(dict.fromkeys((*outcome.edits, *indexes))), why=why)
    if indexes:
        return replace(_with_statements(outcome, indexes, edits), why="")
    if citing:
        return outcome
    return _reason(outcome, stated) or _explained(outcome, answered)


def _with_statements(outcome: Outcome, indexes: Sequence[int], edits: Sequence[Edit]) -> Outcome:
    """A sentence with the edits of statements that cite it; a place stays one, and a reason that of its own edits."""
    is_reason = outcome.kind == "reason" and all(n in outcome.edits for n in indexes)
    if not indexes or outcome.kind == "place" or is_reason:
        return outcome
    every = tuple(dict.fromkeys((*outcome.edits, *indexes)))
    kind: OutcomeKind = "remark" if all(edits[n].action == "comment" for n in every) else "edit"
    return replace(outcome, kind=kind, edits=every)


def _reason(outcome: Outcome, stated: Sequence[Stated]) -> Outcome | None:
    """An unread sentence as the reason of a statement that holds, which repeats its words; the edit shows them."""
    words = words_of(outcome.text)
    giving = [one for one in stated if one.checked.holds and stand_in(words, words_of(one.checked.statement.reason))]
    if not _indexes(giving):
        return None
    return replace(outcome, kind="reason", edits=_indexes(giving), why="the model takes it for the reason")


def _explained(outcome: Outcome, answered: Sequence[AnsweredQuestion]) -> Outcome:
    """An unread sentence with what the model takes it for. It stays unread: a word of a model without words of the mail
    sets nothing aside.
    """
    names = {
        each.answer.outcomes.get(sentence.number)
        for each in answered
        for sentence in each.question.sentences
        if touches(outcome, spans_of([sentence]))
    }
    name = next(iter(names)) if len(names) == 1 else None
    if name is None or name not in _KINDS:
        return outcome
    return replace(outcome, why=f"{outcome.why}; the model takes it for {_KINDS[name]}")


# --- what found no place -----------------------------------------------------------------------------


def unplaced_of(rules: Read, sentences: Sequence[Outcome], stated: Sequence[Stated]) -> Iterator[Unplaced]:
    """What neither reader could place, and what the model says that was not accepted, or not taken."""
    yield from _unplaced(rules, sentences)
    yield from _not_accepted(sentences, stated)
    yield from _not_taken(stated)


def _unplaced(rules: Read, sentences: Sequence[Outcome]) -> Iterator[Unplaced]:
    """What the rules could not place and the model did not place either."""
    whys = {_letters(one): one.why for one in sentences if one.kind == "unread"}
    settled = {_letters(one) for one in rules.sentences if one.kind == "unread"} - whys.keys()
    for one in rules.unplaced:
        source, words = _letters(one)
        if not any(source == at and words in text for at, text in settled):
            yield replace(one, why=whys.get((source, words), one.why))


def _letters(one: Outcome | Unplaced) -> tuple[str, str]:
    """The Part and the words of a passage, without spaces."""
    return one.source, "".join(one.text.split())


def _not_accepted(sentences: Sequence[Outcome], stated: Sequence[Stated]) -> Iterator[Unplaced]:
    """The statements that failed, but for those whose words are in a sentence that is unread anyway."""
    unread = ["".join(plain(one.text).split()) for one in sentences if one.kind == "unread"]
    for one in (each.checked for each in stated if each.checked.failed):
        words = "".join(plain(one.statement.words).split())
        if not any(words in text for text in unread):
            yield _unplaced_statement(one, f"the model's statement on it was not accepted: {one.failed}")


def _not_taken(stated: Sequence[Stated]) -> Iterator[Unplaced]:
    """The statements that hold and change words which the rules change otherwise."""
    for one in stated:
        if one.checked.holds and not one.edits:
            why = f"the rules read otherwise; the model: {edits_in_words(one.checked.edits)}"
            yield _unplaced_statement(one.checked, why)


def _unplaced_statement(one: Checked, why: str) -> Unplaced:
    said = " ".join(plain_words(sentence) for sentence in one.sentences) or one.statement.words
    return Unplaced(said, one.sentences[0].source if one.sentences else "", why)
