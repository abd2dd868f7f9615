"""The form of an answer: JSON Schema as endpoints with structured output take it, every field required."""

from typing import Any, Literal, get_args

ActName = Literal[
    "replace", "delete", "insert_after", "insert_before", "insert_at_start", "insert_at_end", "rewrite",
    "delete_paragraph", "add_paragraph", "move_paragraph", "comment",
]  # fmt: skip
Stance = Literal["asked", "conditional", "withdrawn", "reported", "support"]
OutcomeName = Literal["reason", "place", "courtesy", "official", "quoted", "signature", "unclear"]
Intent = Literal["", "support", "oppose", "retain", "reserve", "question", "split", "merge", "bracket"]
ACTS: tuple[ActName, ...] = get_args(ActName)
STANCES: tuple[Stance, ...] = get_args(Stance)
OUTCOMES: tuple[OutcomeName, ...] = get_args(OutcomeName)
INTENTS: tuple[Intent, ...] = get_args(Intent)

_NUMBERS = {"type": "array", "items": {"type": "integer"}}
_WORDS = {"type": "string"}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


_STATEMENT = _object({
    "sentences": _NUMBERS,
    "words": _WORDS,
    "label": _WORDS,
    "act": {"type": "string", "enum": list(ACTS)},
    "old": _WORDS,
    "new": _WORDS,
    "anchor": _WORDS,
    "to": _WORDS,
    "intent": {"type": "string", "enum": list(INTENTS)},
    "stance": {"type": "string", "enum": list(STANCES)},
    "reason": _WORDS,
})  # fmt: skip
SCHEMA = _object({
    "statements": {"type": "array", "items": _STATEMENT},
    "outcomes": _object(dict.fromkeys(OUTCOMES, _NUMBERS)),
})  # fmt: skip
