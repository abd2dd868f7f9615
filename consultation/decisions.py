"""What a reviewer's choice for an item of the queue means as a Correction."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from consultation.edit_content import WrongCorrection
from consultation.facts import EditFact, StatementFact
from consultation.redline import TEXT_ACTIONS
from consultation.review_queue import ReviewItem
from consultation.sentences import without_spaces
from parsing.model import Draft
from parsing.text.words import plain

Json = dict[str, Any]
Choice = Mapping[str, str]
"""The fields of a form, by name."""
ACTS = ("accept", "move", "edit", "reject")
EDIT_FIELDS = ("paragraph", "action", "old", "new", "to", "comment", "after", "before", "nth")
"""The fields of the form of an edit."""
_LIKELY = 3
"""How many paragraphs are offered: as many as one takes in at a glance."""
_TOLD = 12
"""Characters, without spaces, that are hardly the same by chance."""
_LONG = 5
"""Letters of a word that tells a paragraph from others."""


Said = tuple[str, Json, Json]
"""Kind, target and value of a correction that is not checked yet."""


def decision(item: ReviewItem, act: str, choice: Choice) -> Said:
    """The correction that a reviewer's choice means. Raises WrongCorrection where the item has no such choice."""
    decide = _DECIDE.get((item.kind, act))
    if decide is None:
        raise WrongCorrection(f"act {act!r}: not one for this item")
    return decide(item, choice)


def _accept_mail(item: ReviewItem, choice: Choice) -> Said:  # noqa: ARG001
    return "confirm", _mail(item), {"only": "reasons"}


def _edit_mail(item: ReviewItem, choice: Choice) -> Said:
    """Another class, or another speaker."""
    if choice.get("class"):
        return "kind", _mail(item), {"kind": choice["class"]}
    names = {kind: choice.get(kind) or None for kind in ("party", "group", "observer")}
    if not any(names.values()):
        raise WrongCorrection("say of which Party, Group or observer the mail is, or of which class")
    return "party", _mail(item), names


def _mail(item: ReviewItem) -> Json:
    assert item.mail is not None
    return {"mail": item.mail.id}


def _accept_claim(item: ReviewItem, choice: Choice) -> Said:  # noqa: ARG001
    return "claim", _mail(item), {"accepted": True}


def _refuse_claim(item: ReviewItem, choice: Choice) -> Said:  # noqa: ARG001
    return "claim", _mail(item), {"accepted": False}


def _accept_edit(item: ReviewItem, choice: Choice) -> Said:  # noqa: ARG001
    return "confirm", {"edit": item.id}, {}


def _move_edit(item: ReviewItem, choice: Choice) -> Said:
    place = {name: choice.get(name) or None for name in ("paragraph", "after", "before", "nth")}
    return "place", {"edit": item.id}, place


def _amend(item: ReviewItem, choice: Choice) -> Said:
    return "amend", {"edit": item.id}, {"edit": edit_of(choice)}


def _reject_edit(item: ReviewItem, choice: Choice) -> Said:  # noqa: ARG001
    return "dismiss", {"edit": item.id}, {}


def _comment_of(item: ReviewItem, choice: Choice) -> Said:
    """The statement is a comment: on the paragraph that is chosen, else on the whole text."""
    assert item.statement is not None
    place = choice.get("paragraph") or "general"
    said = {"paragraph": place, "action": "comment", "comment": item.statement.text}
    return "statement", {"statement": item.id}, {"edit": said}


def _edit_of_statement(item: ReviewItem, choice: Choice) -> Said:
    return "statement", {"statement": item.id}, {"edit": edit_of(choice)}


def _reject_statement(item: ReviewItem, choice: Choice) -> Said:  # noqa: ARG001
    return "statement", {"statement": item.id}, {}


_DECIDE: Mapping[tuple[str, str], Callable[[ReviewItem, Choice], Said]] = {
    ("mail", "accept"): _accept_mail,
    ("mail", "edit"): _edit_mail,
    ("claim", "accept"): _accept_claim,
    ("claim", "reject"): _refuse_claim,
    ("edit", "accept"): _accept_edit,
    ("edit", "move"): _move_edit,
    ("edit", "edit"): _amend,
    ("edit", "reject"): _reject_edit,
    ("statement", "accept"): _comment_of,
    ("statement", "move"): _comment_of,
    ("statement", "edit"): _edit_of_statement,
    ("statement", "reject"): _reject_statement,
}


def edit_of(choice: Choice) -> Json:
    """The content of an edit, from the fields of its form: the words beside an insertion show its place."""
    content: Json = {name: choice[name] for name in EDIT_FIELDS if choice.get(name)}
    if content.get("action") == "insert":
        content.setdefault("after", content.pop("old", ""))
    return content


def likely_paragraphs(item: ReviewItem, draft: Draft) -> Sequence[str]:
    """Labels of paragraphs to which the item may be moved with no further word: of an edit those that hold its old
    words, once; of a statement those with which it has the most words in common, rare words first.
    """
    if item.edit:
        return _holding(item.edit, draft)
    return _alike(item.statement, draft) if item.statement else ()


def said_already(item: ReviewItem, edits: Iterable[EditFact]) -> tuple[EditFact, ...]:
    """The current edits of the same mail whose words are in the statement: the same may have been read elsewhere."""
    if item.statement is None:
        return ()
    said = without_spaces(item.statement.text)
    among = (fact for fact in edits if fact.mail == item.statement.mail and fact.is_current and not fact.by_hand)
    return tuple(fact for fact in among if any(word in said for word in _long_words_of(fact)))


def _long_words_of(fact: EditFact) -> list[str]:
    words = map(without_spaces, (fact.edit.new, fact.edit.comment, fact.edit.old))
    return [word for word in words if len(word) >= _TOLD]


def _holding(fact: EditFact, draft: Draft) -> Sequence[str]:
    edit = fact.edit
    if edit.action not in TEXT_ACTIONS:
        return ()
    others = [paragraph for paragraph in draft.paragraphs if paragraph.label != edit.paragraph]
    return [one.label for one in others if edit.old.strip() and one.text.count(edit.old) == 1][: 2 * _LIKELY]


def _alike(statement: StatementFact, draft: Draft) -> Sequence[str]:
    words = {paragraph.label: _words(paragraph.text) for paragraph in draft.paragraphs}
    said = _words(statement.text)
    common: dict[str, float] = {}
    for label, own in words.items():
        shared = (1 / sum(word in other for other in words.values()) for word in said & own)
        common[label] = sum(shared)
    best = sorted((label for label in common if common[label] >= 1), key=lambda label: -common[label])
    return best[:_LIKELY]


def _words(text: str) -> set[str]:
    """Its words, without short ones, which most paragraphs have."""
    return {word for word in re.findall(r"\w+", plain(text).casefold()) if len(word) >= _LONG}
