"""What the rules and a model make of the same sentences, put together: agreement is sure, a single voice is reviewed.

A model adds, explains and doubts. It removes nothing of what the rules found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from parsing.asking.checked_answers import AnsweredQuestion, Read, Stated, spans_of, touches
from parsing.asking.checking import Checked
from parsing.asking.compare_edits import Comparison, edits_in_words, is_sure
from parsing.asking.model_outcomes import outcomes_of, unplaced_of
from parsing.model import Draft, Edit, Kind, Outcome, Trust, Unplaced
from parsing.who.classes import ASIDE, NOT_THEIRS

_SAYS_LITTLE = ("courtesy", "remark")
"""What the rules make of a sentence that says no more than the class of the mail: a remark without an edit is one that
the sender has no comments, or agrees.
"""


def together(rules: Read, answered: Sequence[AnsweredQuestion], draft: Draft, trust: Trust) -> Read:
    """What both say. Of two that change the same words differently one is an edit, the other is unplaced: the rules'
    where they were sure of it, or where no statement alone is believed, else the model's.
    """
    if not answered:
        return rules
    checked = [_in_class(one, rules) for each in answered for one in each.checked]
    desk = Comparison(list(rules.edits), draft, trust if rules.kind == "comments" else "review")
    stated = _stated(checked, desk.compare([edit for one in checked for edit in one.edits]))
    for one in stated:
        _weigh(one, rules, desk)
    desk.doubt_unseen(_asked_edits(rules, answered))
    sentences = tuple(outcomes_of(rules.sentences, answered, stated, desk.edits))
    unplaced = (*unplaced_of(rules, sentences, stated), *_against_class(desk.edits, rules.kind))
    read = Read(tuple(desk.edits), sentences, unplaced, rules.kind)
    return _without(read, desk.merged, _outweighed(rules, stated, desk), rules.edits)


# --- the class of the mail --------------------------------------------------------------------------


def _in_class(one: Checked, rules: Read) -> Checked:
    """A statement as far as it says more than the class of the mail does; in an unattributed mail none holds."""
    if rules.kind in NOT_THEIRS and one.edits:
        return replace(one, edits=(), failed=f"the mail is {rules.kind}")
    more = tuple(edit for edit in one.edits if not _is_of_class(edit, rules.kind))
    return one if more == one.edits or not _says_little(one, rules.sentences) else replace(one, edits=more)


def _is_of_class(edit: Edit, kind: Kind) -> bool:
    """Whether the class of a mail says as much: that its sender agrees with the draft; or asks something of those who
    wrote it, in a mail that is about other things.
    """
    said = ("support", "question") if kind in ASIDE else ("support",)
    return edit.paragraph == "general" and edit.intent in said


def _says_little(one: Checked, sentences: Iterable[Outcome]) -> bool:
    """Whether the rules know the sentences of a statement as such that say no more than the class of the mail."""
    spans = spans_of(one.sentences)
    touched = [outcome for outcome in sentences if touches(outcome, spans)]
    return bool(touched) and all(outcome.kind in _SAYS_LITTLE and not outcome.edits for outcome in touched)


def _against_class(edits: Iterable[Edit], kind: Kind) -> Iterator[Unplaced]:
    """What a model alone has read in a mail that seems to ask for nothing: a person has to look at it."""
    for edit in edits:
        if edit.read_by == "model" and kind != "comments":
            why = f"the model reads {edits_in_words([edit])}, in a mail that is {kind}"
            yield Unplaced(edit.evidence, next(iter(edit.sources), ""), why)


# --- the statements ---------------------------------------------------------------------------------


def _stated(checked: Sequence[Checked], became: Sequence[tuple[int, ...]]) -> list[Stated]:
    """The statements with the indexes of their edits."""
    out, at = [], 0
    for one in checked:
        indexes = (n for edit in became[at : at + len(one.edits)] for n in edit)
        out.append(Stated(one, tuple(dict.fromkeys(indexes))))
        at += len(one.edits)
    return out


def _weigh(one: Stated, rules: Read, desk: Comparison) -> None:
    """Sets the rules' edits beside a statement: a remark may be its reason; one may be no wish of the sender's."""
    if one.holds and not one.is_remark:
        desk.take_reason(one.checked.statement.reason, one.edits[0])
    if one.checked.is_no_wish:
        desk.oppose(_edits_in(one, rules.sentences), f"the model: {one.checked.doubt}")


def _edits_in(one: Stated, sentences: Iterable[Outcome]) -> set[int]:
    """The edits of the rules that come from the sentences of a statement."""
    spans = spans_of(one.checked.sentences)
    return {n for outcome in sentences if touches(outcome, spans) for n in outcome.edits}


def _asked_edits(rules: Read, answered: Sequence[AnsweredQuestion]) -> set[int]:
    """The rules' edits that come from sentences alone that the model was asked about."""
    spans = spans_of(sentence for each in answered for sentence in each.question.sentences)
    asked, others = set[int](), set[int]()
    for outcome in rules.sentences:
        (asked if touches(outcome, spans) else others).update(outcome.edits)
    return asked - others


# --- edits of the rules that do not stay ------------------------------------------------------------


def _outweighed(rules: Read, stated: Sequence[Stated], desk: Comparison) -> dict[int, str]:
    """Where verified statements are believed: the edits of which the rules were not sure, while the model says
    something else of the same words or the same sentence, in words that passed every check; and what it says.
    """
    if desk.trust != "verified":
        return {}
    out = dict.fromkeys(desk.contested, "something else")
    for outcome in rules.sentences:
        lone = [n for n in outcome.edits if n not in desk.seen and not is_sure(rules.edits[n])]
        said = "; ".join(_otherwise(outcome, stated)) if lone else ""
        if said:
            out |= dict.fromkeys(lone, said)
    return out


def _otherwise(outcome: Outcome, stated: Iterable[Stated]) -> Iterator[str]:
    """What the model says of a sentence."""
    for one in stated:
        if not one.checked.failed and touches(outcome, spans_of(one.checked.sentences)):
            yield edits_in_words(one.checked.edits) or one.checked.doubt


def _without(read: Read, merged: Mapping[int, int], outweighed: Mapping[int, str], rules: Sequence[Edit]) -> Read:
    """The same without edits that another one holds now, and with those that are outweighed as unplaced: a person still
    sees them.
    """
    gone = {n: said for n, said in outweighed.items() if n not in merged}
    kept = [n for n in range(len(read.edits)) if n not in {*gone, *merged}]
    edits = tuple(read.edits[n] for n in kept)
    index = _index(kept, merged)
    sentences = tuple(_as_reason(_with_edits(one, index), edits) for one in read.sentences)
    unplaced = tuple(_set_aside(rules[n], said) for n, said in gone.items())
    return Read(edits, sentences, (*read.unplaced, *unplaced), read.kind)


def _index(kept: Sequence[int], merged: Mapping[int, int]) -> dict[int, int]:
    """Where each edit is now: those that are kept, and those that one of these holds."""
    index = {n: at for at, n in enumerate(kept)}
    return index | {n: index[holder] for n, holder in merged.items() if holder in index}


def _set_aside(edit: Edit, said: str) -> Unplaced:
    why = f"the rules: {edits_in_words([edit])}; the model: {said}"
    return Unplaced(edit.evidence, next(iter(edit.sources), ""), why)


def _with_edits(outcome: Outcome, index: Mapping[int, int]) -> Outcome:
    """A sentence with what is left of its edits; with none left it is unread again."""
    left = tuple(dict.fromkeys(index[n] for n in outcome.edits if n in index))
    if outcome.edits and not left:
        return replace(outcome, kind="unread", edits=(), why="the rules and the model read it differently")
    return replace(outcome, edits=left)


def _as_reason(outcome: Outcome, edits: Sequence[Edit]) -> Outcome:
    """A remark that an edit has taken as its reason is one."""
    is_reason = bool(outcome.edits) and all(edits[n].action != "comment" for n in outcome.edits)
    return replace(outcome, kind="reason") if outcome.kind == "remark" and is_reason else outcome
