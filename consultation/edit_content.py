"""What a person says an edit should be, checked against the draft; places may be given by words instead of offsets."""

from collections.abc import Mapping
from typing import Any, get_args

from consultation.redline import TEXT_ACTIONS
from parsing.model import Action, Draft, Edit

Json = dict[str, Any]
_FIELDS = ("paragraph", "action", "start", "end", "old", "new", "to", "comment", "intent")
"""The fields of an Edit that a person may enter."""
_BY_WORDS = ("after", "before", "nth")
"""Where an insertion is: after or before these words; which one of several equal places, from 1."""

_DIGITS = 9


class WrongCorrection(Exception):
    """The correction names what is not there, or says what cannot be; the message is one line."""


def edit_content(draft: Draft, given: object) -> Json:
    """The fields of the Edit that a person entered, as they are kept. Raises WrongCorrection."""
    if not isinstance(given, dict) or not set(given) <= {*_FIELDS, *_BY_WORDS}:
        raise WrongCorrection(f"edit: an object with some of {', '.join((*_FIELDS, *_BY_WORDS))}")
    if given.get("action") not in get_args(Action):
        raise WrongCorrection(f"action {given.get('action')!r}: one of {', '.join(get_args(Action))}")
    texts = {name: str(given.get(name) or "") for name in ("paragraph", "old", "new", "comment")}
    optional = {name: given.get(name) for name in ("start", "end", "to", "intent")}
    fields: Json = {"action": given["action"], **texts, **optional}
    edit = Edit(**fields)
    text = _text_of(draft, edit)
    content = {name: getattr(edit, name) for name in _FIELDS}
    if edit.action in TEXT_ACTIONS and edit.start is None:
        content["start"], content["end"] = _located(edit, text, given)
    elif edit.action in TEXT_ACTIONS or edit.start is not None:
        check_span(edit, edit.paragraph, text, edit.start, edit.end)
    return content


def check_words(draft: Draft, edit: Edit) -> None:
    """Raises WrongCorrection where the draft does not have the words that an edit changes, or the edit has no words."""
    text = _text_of(draft, edit)
    if edit.action in TEXT_ACTIONS or edit.start is not None or edit.end is not None:
        check_span(edit, edit.paragraph, text, edit.start, edit.end)


def _text_of(draft: Draft, edit: Edit) -> str:
    """The official text that an edit is about; WrongCorrection where it lacks what its action needs."""
    text = official_text(draft, edit.paragraph, edit.action)
    if edit.action == "comment" and not edit.comment.strip():
        raise WrongCorrection("a comment without words")
    if edit.action in ("add_paragraph", "insert", "replace") and not edit.new.strip():
        raise WrongCorrection(f"{edit.action}: new is empty")
    if edit.action == "move_paragraph":
        official_text(draft, edit.to, edit.action, name="to")
    return text


def _located(edit: Edit, text: str, given: Mapping[str, Any]) -> tuple[int, int]:
    """Where the words are that a person names."""
    if edit.action != "insert":
        return place_of(edit.paragraph, text, edit.old, given.get("nth"))
    for name in ("after", "before"):
        words = str(given.get(name) or "")
        if words:
            found = place_of(edit.paragraph, text, words, given.get("nth"))
            at = found[1] if name == "after" else found[0]
            return at, at
    raise WrongCorrection("insert: give start, or the words that it comes after or before")


def official_text(draft: Draft, label: object, action: Action, name: str = "paragraph") -> str:
    """The text of a paragraph of the draft; that of `general`, which only a comment can be about, is empty."""
    texts = {paragraph.label: paragraph.text for paragraph in draft.paragraphs}
    if label == "general" and action == "comment":
        return ""
    if label not in texts:
        raise WrongCorrection(f"{name} {label!r}: the draft has {', '.join(texts)}")
    return texts[str(label)]


def place_of(label: str, text: str, words: str, nth: object = None) -> tuple[int, int]:
    """Where the words are in the paragraph: at the only place, or at the n-th from 1."""
    if not words:
        raise WrongCorrection("an insertion needs start")
    starts = [at for at in range(len(text) - len(words) + 1) if text.startswith(words, at)]
    said = str(nth or "")
    number = int(said[:_DIGITS]) if said.isascii() and said.isdigit() else None
    if number is None and len(starts) != 1:
        raise WrongCorrection(f"{label} holds {words!r} {len(starts)} times: give start")
    if number is not None and not 0 < number <= len(starts):
        raise WrongCorrection(f"{label} holds {words!r} {len(starts)} times, no {number}. time")
    start = starts[(number or 1) - 1]
    return start, start + len(words)


def check_span(edit: Edit, label: str, text: str, start: object, end: object) -> tuple[int, int]:
    """The offsets, which lie in the text and enclose the edit's old words."""
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
        raise WrongCorrection(f"start, end: {start} to {end} does not lie in the {len(text)} characters of {label}")
    if edit.action != "comment" and text[start:end] != edit.old:
        raise WrongCorrection(f"{label}[{start}:{end}] is {text[start:end]!r}, not {edit.old!r}")
    return start, end
