"""Corrections that people make, checked against what is known before they are kept.

kind        target                  value
party       {mail}                  {party} or {group, party?} or {observer}, or all null: not attributed
kind        {mail}                  {kind}: one of the classes of a mail
same        {mail}                  {as: mail}: the two are one; this one is out of the counts
superseded  {mail}                  {superseded: true, by: mail or null} or {superseded: false}
confirm     {mail} or {edit}        {}: a person has looked, and it is right so
place       {edit}                  {paragraph, start?, end?}: the edit belongs there
dismiss     {edit}                  {}: this is no comment
entry       {party}, {group} or {observer}   {edit: {paragraph, action, …}, source}: entered by hand
deadline    {party}                 {deadline: date, granted_by}: more time for one Party
undo        {correction}            {}

Mails are named by id or SHA-256 and kept by SHA-256; edits are named by their id and kept by their content, so that
they are found again after a new Reading.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from consultation.facts import CONTENT, ConsultationSnapshot, EditFact, MailFact
from consultation.kept import CorrectionKind
from consultation.redline import TEXT_ACTIONS
from parsing.model import Action, Edit, Kind

Json = dict[str, Any]
SHORTEST_HASH = 8
"""So many digits of a SHA-256 name a mail: fewer could as well be its id."""
_BY_HAND = ("paragraph", "action", "start", "end", "old", "new", "to", "comment", "intent")
"""The fields of an Edit that a person may enter."""


class WrongCorrection(Exception):
    """The correction names what is not there, or says what cannot be; the message is one line."""


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """A correction that was checked, in the form in which it is kept."""

    kind: CorrectionKind
    target: Json
    value: Json
    who: str
    why: str


def check_correction(
    snapshot: ConsultationSnapshot, *, kind: str, target: Json, value: Json, who: str, why: str
) -> NewCorrection:
    """The correction in the form in which it is kept. Raises WrongCorrection."""
    if not who.strip():
        raise WrongCorrection("by: a correction carries the name of the person who makes it")
    check = _CHECKS.get(kind)
    if check is None:
        raise WrongCorrection(f"kind {kind!r}: one of {', '.join(_CHECKS)}")
    target, value = check(snapshot, target, value)
    return NewCorrection(kind, target, value, who.strip(), why)  # type: ignore[arg-type]  # the keys of _CHECKS


def _party(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    wanted = {name: value.get(name) or None for name in ("party", "group", "observer")}
    _check_names(snapshot, wanted["party"], wanted["group"])
    if wanted["observer"] and (wanted["party"] or wanted["group"]):
        raise WrongCorrection("a mail is of a Party or Group, or of an observer")
    return {"mail": _mail(snapshot, target).sha256}, wanted


def _kind(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    if value.get("kind") not in get_args(Kind):
        raise WrongCorrection(f"kind {value.get('kind')!r}: one of {', '.join(get_args(Kind))}")
    return {"mail": _mail(snapshot, target).sha256}, {"kind": value["kind"]}


def _same(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    mail, other = _mail(snapshot, target), _mail(snapshot, value, "as")
    if mail.id == other.id:
        raise WrongCorrection(f"mail {mail.id} is the same as itself")
    if other.same_as is not None:
        raise WrongCorrection(f"mail {other.id} is itself a copy of mail {other.same_as}")
    return {"mail": mail.sha256}, {"as": other.sha256}


def _superseded(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    mail = _mail(snapshot, target)
    if value.get("superseded", True) is False:
        return {"mail": mail.sha256}, {"superseded": False}
    by = None if value.get("by") is None else _mail(snapshot, value, "by")
    if by is not None and by.id == mail.id:
        raise WrongCorrection(f"mail {mail.id} cannot take its own place")
    return {"mail": mail.sha256}, {"superseded": True, "by": None if by is None else by.sha256}


def _confirm(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:  # noqa: ARG001
    if "edit" in target:
        return _edit_target(snapshot, _edit(snapshot, target)), {}
    mail = _mail(snapshot, target)
    return {"mail": mail.sha256}, {"seen": list(mail.review)}


def _place(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    fact = _edit(snapshot, target)
    label = value.get("paragraph")
    text = _official_text(snapshot, label, fact.edit.action)
    start, end = _span(fact.edit, str(label), text, value)
    return _edit_target(snapshot, fact), {"paragraph": label, "start": start, "end": end}


def _dismiss(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:  # noqa: ARG001
    return _edit_target(snapshot, _edit(snapshot, target)), {}


def _entry(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    names = {name: target[name] for name in ("party", "group", "observer") if target.get(name)}
    if len(names) != 1:
        raise WrongCorrection("target: one of party, group or observer")
    _check_names(snapshot, names.get("party"), names.get("group"))
    source = str(value.get("source") or "")
    if not source.strip():
        raise WrongCorrection("source: say where it comes from, as a scan, a phone call, a note")
    edit = _edit_by_hand(value.get("edit"), source)
    _check_edit(snapshot, edit)
    kept = {name: getattr(edit, name) for name in _BY_HAND}
    return names, {"edit": kept, "source": source, "draft": snapshot.draft.id}


def _deadline(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    code = target.get("party")
    _check_names(snapshot, code, None)
    if not code:
        raise WrongCorrection("target: the party that has more time")
    try:
        day = date.fromisoformat(str(value.get("deadline")))
    except ValueError as error:
        raise WrongCorrection(f"deadline {value.get('deadline')!r}: a day as 2021-09-13") from error
    if not str(value.get("granted_by") or "").strip():
        raise WrongCorrection("granted_by: say who granted it")
    return {"party": code}, {"deadline": day.isoformat(), "granted_by": str(value["granted_by"])}


def _undo(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:  # noqa: ARG001
    number = target.get("correction")
    if not str(number).isdigit():
        raise WrongCorrection(f"correction {number!r}: a number is wanted")
    undone = next((one for one in snapshot.corrections if one.id == int(str(number))), None)
    if undone is None:
        raise WrongCorrection(f"correction {number}: there is none")
    if undone.kind == "undo":
        raise WrongCorrection(f"correction {undone.id} undoes another: make that one again instead")
    if undone.undone_by is not None:
        raise WrongCorrection(f"correction {undone.id} is undone already, by no. {undone.undone_by}")
    return {"correction": undone.id}, {}


_CHECKS: dict[str, Callable[[ConsultationSnapshot, Json, Json], tuple[Json, Json]]] = {
    "party": _party,
    "kind": _kind,
    "same": _same,
    "superseded": _superseded,
    "confirm": _confirm,
    "place": _place,
    "dismiss": _dismiss,
    "entry": _entry,
    "deadline": _deadline,
    "undo": _undo,
}


def _check_names(snapshot: ConsultationSnapshot, party: str | None, group: str | None) -> None:
    if party and party not in {one.code for one in snapshot.register.parties}:
        raise WrongCorrection(f"party {party!r}: no Party has this code")
    if group and group not in {one.name for one in snapshot.register.groups}:
        raise WrongCorrection(f"group {group!r}: not in the register")


def _mail(snapshot: ConsultationSnapshot, names: Json, name: str = "mail") -> MailFact:
    wanted = str(names.get(name) or "")
    found = [mail for mail in snapshot.mails if _is_named(mail, wanted)]
    if len(found) != 1:
        raise WrongCorrection(f"{name} {wanted!r}: {'several begin so' if found else 'there is none'}")
    return found[0]


def _is_named(mail: MailFact, wanted: str) -> bool:
    return str(mail.id) == wanted or (len(wanted) >= SHORTEST_HASH and mail.sha256.startswith(wanted))


def _edit(snapshot: ConsultationSnapshot, target: Json) -> EditFact:
    wanted = target.get("edit")
    fact = next((fact for fact in snapshot.edits if fact.id == wanted), None)
    if fact is None:
        raise WrongCorrection(f"edit {wanted!r}: there is none")
    if fact.mail is None:
        raise WrongCorrection(f"edit {wanted} was entered by hand: undo its correction instead")
    return fact


def _edit_target(snapshot: ConsultationSnapshot, fact: EditFact) -> Json:
    """The edit's mail and its content as it was read, before any correction."""
    mail = next(mail for mail in snapshot.mails if mail.id == fact.mail)
    content = {name: getattr(fact.read, name) for name in CONTENT}
    return {"mail": mail.sha256, "edit": content, "nth": fact.nth}


def _edit_by_hand(fields: object, source: str) -> Edit:
    """The Edit that a person entered; WrongCorrection where its fields are none of an Edit."""
    if not isinstance(fields, dict) or not set(fields) <= set(_BY_HAND):
        raise WrongCorrection(f"edit: an object with some of {', '.join(_BY_HAND)}")
    if fields.get("action") not in get_args(Action):
        raise WrongCorrection(f"action {fields.get('action')!r}: one of {', '.join(get_args(Action))}")
    texts = {name: str(fields.get(name) or "") for name in ("paragraph", "old", "new", "comment")}
    optional = {name: fields.get(name) for name in ("start", "end", "to", "intent")}
    return Edit(action=fields["action"], origin="remark", sources=(source,), **texts, **optional)  # type: ignore[arg-type]  # checked by _check_edit


def _check_edit(snapshot: ConsultationSnapshot, edit: Edit) -> None:
    text = _official_text(snapshot, edit.paragraph, edit.action)
    if edit.action == "comment" and not edit.comment.strip():
        raise WrongCorrection("a comment without words")
    if edit.action in ("add_paragraph", "insert", "replace") and not edit.new.strip():
        raise WrongCorrection(f"{edit.action}: new is empty")
    if edit.action == "move_paragraph":
        _official_text(snapshot, edit.to, edit.action, name="to")
    if edit.action in TEXT_ACTIONS or edit.start is not None:
        _check_span(edit, edit.paragraph, text, edit.start, edit.end)


def _official_text(snapshot: ConsultationSnapshot, label: object, action: Action, name: str = "paragraph") -> str:
    """The text of a paragraph of the draft; that of `general`, which only a comment can be about, is empty."""
    texts = {paragraph.label: paragraph.text for paragraph in snapshot.draft.paragraphs}
    if label == "general" and action == "comment":
        return ""
    if label not in texts:
        raise WrongCorrection(f"{name} {label!r}: the draft has {', '.join(texts)}")
    return texts[str(label)]


def _span(edit: Edit, label: str, text: str, value: Json) -> tuple[int | None, int | None]:
    """Where in the paragraph; where no offsets are given, at the only place that holds the edit's old words."""
    start, end = value.get("start"), value.get("end")
    if start is None:
        return _only_place(label, text, edit.old) if edit.action in TEXT_ACTIONS else (None, None)
    if end is None and isinstance(start, int):
        end = start + len(edit.old)
    return _check_span(edit, label, text, start, end)


def _only_place(label: str, text: str, old: str) -> tuple[int, int]:
    if not old:
        raise WrongCorrection("an insertion needs start")
    count = text.count(old)
    if count != 1:
        raise WrongCorrection(f"{label} holds {old!r} {count} times: give start")
    return text.index(old), text.index(old) + len(old)


def _check_span(edit: Edit, label: str, text: str, start: object, end: object) -> tuple[int, int]:
    """The offsets, which lie in the text and enclose the edit's old words."""
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
        raise WrongCorrection(f"start, end: {start} to {end} does not lie in the {len(text)} characters of {label}")
    if edit.action != "comment" and text[start:end] != edit.old:
        raise WrongCorrection(f"{label}[{start}:{end}] is {text[start:end]!r}, not {edit.old!r}")
    return start, end
