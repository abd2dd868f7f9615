"""What a raw answer says: statements and outcomes, or why it says nothing. Nothing of it is believed yet."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from parsing.asking.schema import ACTS, INTENTS, OUTCOMES, STANCES, ActName, Intent, OutcomeName, Stance
from parsing.model import Question

LONGEST = 400_000
"""Characters of an answer: a question holds 12,000 of a mail, each of which a statement may repeat a few times."""
_MOST_STATEMENTS = 10
"""Statements for each sentence of a question; a model that goes on beyond that runs in a circle."""
_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)
_THINKING = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
T = TypeVar("T")


class NoAnswer(Exception):
    """An answer that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class ModelStatement:
    """What a model says that the sentences ask for, as it says it."""

    sentences: tuple[int, ...]
    words: str
    label: str
    act: ActName
    old: str = ""
    new: str = ""
    anchor: str = ""
    to: str = ""
    intent: Intent = ""
    stance: Stance = "asked"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The statements of an answer, and for other sentences what they are by their number."""

    statements: tuple[ModelStatement, ...] = ()
    outcomes: Mapping[int, OutcomeName] = field(default_factory=dict)


def answer_of(raw: str, question: Question) -> Answer:
    """What an answer says of a question. Raises NoAnswer for what is not of the form that was asked for."""
    said = _object(raw)
    statements, outcomes = said.get("statements"), said.get("outcomes")
    if not isinstance(statements, list) or not isinstance(outcomes, dict):
        raise NoAnswer("it has no statements or no outcomes")
    if len(statements) > _MOST_STATEMENTS * len(question.sentences):
        raise NoAnswer(f"it has {len(statements)} statements on {len(question.sentences)} sentences")
    numbers = {sentence.number for sentence in question.sentences}
    return Answer(tuple(_statement(one) for one in statements), _outcomes(outcomes, numbers))


def _object(raw: str) -> dict[str, Any]:
    if len(raw) > LONGEST:
        raise NoAnswer(f"it has {len(raw):,} characters")
    text = _THINKING.sub("", raw)
    fenced = _FENCE.match(text)
    try:
        said = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError) as error:
        raise NoAnswer(f"it is not JSON: {str(error)[:100]}") from None
    if not isinstance(said, dict):
        raise NoAnswer("it is not a JSON object")
    return said


def _statement(said: object) -> ModelStatement:
    if not isinstance(said, dict):
        raise NoAnswer("a statement is no object")
    numbers = said.get("sentences")
    if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
        raise NoAnswer("a statement does not name its sentences by number")
    return ModelStatement(
        sentences=tuple(dict.fromkeys(numbers)),
        words=_text(said, "words"),
        label=_text(said, "label"),
        act=_one_of(said.get("act"), ACTS, "act"),
        old=_text(said, "old"),
        new=_text(said, "new"),
        anchor=_text(said, "anchor"),
        to=_text(said, "to"),
        intent=_one_of(said.get("intent", ""), INTENTS, "intent"),
        stance=_one_of(said.get("stance", "asked"), STANCES, "stance"),
        reason=_text(said, "reason"),
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    text = said.get(name, "")
    if text is None:
        return ""
    if not isinstance(text, str):
        raise NoAnswer(f"the {name} of a statement is no text")
    return text.strip()


def _one_of(said: object, known: tuple[T, ...], name: str) -> T:
    for one in known:
        if one == said:
            return one
    raise NoAnswer(f"a statement has the {name} {str(said)[:40]!r}")


def _outcomes(said: Mapping[str, Any], numbers: set[int]) -> dict[int, OutcomeName]:
    """The outcomes of the sentences that exist; where one is listed twice, what asks for more: the last of OUTCOMES."""
    out: dict[int, OutcomeName] = {}
    for name in OUTCOMES:
        listed = said.get(name, [])
        if isinstance(listed, list):
            out.update((number, name) for number in listed if type(number) is int and number in numbers)
    return out
