"""What people decided against the machine: inputs, kept with who, when and why, and undone only by another.

kind        target                  value
party       {mail}                  {party} or {group, party?} or {observer}, or all null: nobody is named
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
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.facts import CONTENT, Desk, EditFact, MailFact
from parsing.model import Action, Edit, Kind
from store.tables import CorrectionRow

Json = dict[str, Any]


class WrongCorrection(Exception):
    """The correction names what is not there, or says what cannot be; the message is one line."""


def keep_correction(
    session: Session, desk: Desk, *, kind: str, target: Json, value: Json, who: str, why: str, now: datetime
) -> int:
    """The id of the new correction. Raises WrongCorrection."""
    if not who.strip():
        raise WrongCorrection("by: a correction carries the name of the person who makes it")
    if kind == "undo":
        return _undo(session, target, who, why, now)
    if kind not in KINDS:
        raise WrongCorrection(f"kind {kind!r}: one of {', '.join((*KINDS, 'undo'))}")
    target, value = KINDS[kind](desk, target, value)
    return _keep(session, kind, target, value, who, why, now).id


def _keep(session: Session, kind: str, target: Json, value: Json, who: str, why: str, now: datetime) -> CorrectionRow:
    row = CorrectionRow(at=now, who=who.strip(), why=why, kind=kind, target=target, value=value)
    session.add(row)
    session.flush()
    return row


def _undo(session: Session, target: Json, who: str, why: str, now: datetime) -> int:
    undone = session.scalar(select(CorrectionRow).where(CorrectionRow.id == _integer(target, "correction")))
    if undone is None:
        raise WrongCorrection(f"correction {target['correction']}: there is none")
    if undone.kind == "undo":
        raise WrongCorrection(f"correction {undone.id} undoes another: make that one again instead")
    if undone.undone_by is not None:
        raise WrongCorrection(f"correction {undone.id} is undone already, by no. {undone.undone_by}")
    row = _keep(session, "undo", {"correction": undone.id}, {}, who, why, now)
    undone.undone_by = row.id
    session.flush()
    return row.id


def _party(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    wanted = {name: value.get(name) or None for name in ("party", "group", "observer")}
    _known(desk, wanted["party"], wanted["group"])
    if wanted["observer"] and (wanted["party"] or wanted["group"]):
        raise WrongCorrection("a mail is of a Party or Group, or of an observer")
    return {"mail": _mail(desk, target).sha256}, wanted


def _kind(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    if value.get("kind") not in get_args(Kind):
        raise WrongCorrection(f"kind {value.get('kind')!r}: one of {', '.join(get_args(Kind))}")
    return {"mail": _mail(desk, target).sha256}, {"kind": value["kind"]}


def _same(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    mail, other = _mail(desk, target), _mail(desk, value, "as")
    if mail.id == other.id:
        raise WrongCorrection(f"mail {mail.id} is the same as itself")
    if other.same_as is not None:
        raise WrongCorrection(f"mail {other.id} is itself a copy of mail {other.same_as}")
    return {"mail": mail.sha256}, {"as": other.sha256}


def _superseded(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    mail = _mail(desk, target)
    if value.get("superseded", True) is False:
        return {"mail": mail.sha256}, {"superseded": False}
    by = None if value.get("by") is None else _mail(desk, value, "by")
    if by is not None and by.id == mail.id:
        raise WrongCorrection(f"mail {mail.id} cannot take its own place")
    return {"mail": mail.sha256}, {"superseded": True, "by": None if by is None else by.sha256}


def _confirm(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:  # noqa: ARG001
    if "edit" in target:
        return _edit_target(desk, _edit(desk, target)), {}
    mail = _mail(desk, target)
    return {"mail": mail.sha256}, {"seen": list(mail.review)}


def _place(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    fact = _edit(desk, target)
    label = value.get("paragraph")
    texts = {paragraph.label: paragraph.text for paragraph in desk.draft.paragraphs}
    if label not in texts and not (label == "general" and fact.edit.action == "comment"):
        raise WrongCorrection(f"paragraph {label!r}: the draft has {', '.join(texts)}")
    span = _span(fact.edit, str(label), texts.get(str(label), ""), value)
    return _edit_target(desk, fact), {"paragraph": label, "start": span[0], "end": span[1]}


def _span(edit: Edit, label: str, text: str, value: Json) -> tuple[int | None, int | None]:
    """Where in the paragraph; where no offsets are given, at the only place that holds the edit's old words."""
    start, end = value.get("start"), value.get("end")
    if edit.action not in ("replace", "insert", "delete") and start is None:
        return None, None
    if start is not None:
        end = start + len(edit.old) if end is None else end
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
            raise WrongCorrection(f"{label} has {len(text)} characters: {start} to {end} is not among them")
        if edit.action != "comment" and text[start:end] != edit.old:
            raise WrongCorrection(
                f"{label}[{start}:{end}] is {text[start:end]!r}, the edit's old words are {edit.old!r}"
            )
        return start, end
    found = text.count(edit.old) if edit.old else 0
    if found != 1:
        raise WrongCorrection(
            f"{label} holds {edit.old!r} {found} times: give start" if edit.old else "an insertion needs start"
        )
    return text.index(edit.old), text.index(edit.old) + len(edit.old)


def _dismiss(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:  # noqa: ARG001
    return _edit_target(desk, _edit(desk, target)), {}


def _entry(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    names = {name: target[name] for name in ("party", "group", "observer") if target.get(name)}
    if len(names) != 1:
        raise WrongCorrection("target: one of party, group or observer")
    _known(desk, names.get("party"), names.get("group"))
    if not str(value.get("source") or "").strip():
        raise WrongCorrection("source: say where it comes from, as a scan, a phone call, a note")
    edit = by_hand(value.get("edit"), str(value["source"]))
    _fits(desk, edit)
    kept = {name: getattr(edit, name) for name in _BY_HAND}
    return names, {"edit": kept, "source": str(value["source"]), "draft": desk.draft.id}


_BY_HAND = ("paragraph", "action", "start", "end", "old", "new", "to", "comment", "intent")


def by_hand(fields: object, source: str) -> Edit:
    """The Edit that a person entered; WrongCorrection where its fields are none of an Edit."""
    if not isinstance(fields, dict) or not set(fields) <= set(_BY_HAND):
        raise WrongCorrection(f"edit: an object with some of {', '.join(_BY_HAND)}")
    texts = {name: str(fields.get(name) or "") for name in ("paragraph", "old", "new", "comment")}
    if fields.get("action") not in get_args(Action):
        raise WrongCorrection(f"action {fields.get('action')!r}: one of {', '.join(get_args(Action))}")
    optional = {name: fields.get(name) for name in ("start", "end", "to", "intent")}
    return Edit(action=fields["action"], origin="remark", sources=(source,), **texts, **optional)  # type: ignore[arg-type]  # checked by _fits


def _fits(desk: Desk, edit: Edit) -> None:
    texts = {paragraph.label: paragraph.text for paragraph in desk.draft.paragraphs}
    if edit.paragraph not in texts and not (edit.paragraph == "general" and edit.action == "comment"):
        raise WrongCorrection(f"paragraph {edit.paragraph!r}: the draft has {', '.join(texts)}")
    if edit.action == "comment" and not edit.comment.strip():
        raise WrongCorrection("a comment without words")
    if edit.action in ("add_paragraph", "insert", "replace") and not edit.new.strip():
        raise WrongCorrection(f"{edit.action}: new is empty")
    if edit.action == "move_paragraph" and edit.to not in texts:
        raise WrongCorrection(f"to {edit.to!r}: the draft has {', '.join(texts)}")
    if edit.action in ("replace", "insert", "delete") or edit.start is not None:
        text, start, end = texts.get(edit.paragraph, ""), edit.start, edit.end
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
            raise WrongCorrection(f"start, end: offsets into the {len(text)} characters of {edit.paragraph}")
        if edit.action != "comment" and text[start:end] != edit.old:
            raise WrongCorrection(f"{edit.paragraph}[{start}:{end}] is {text[start:end]!r}, not {edit.old!r}")


def _deadline(desk: Desk, target: Json, value: Json) -> tuple[Json, Json]:
    code = target.get("party")
    _known(desk, code, None)
    if not code:
        raise WrongCorrection("target: the party that has more time")
    try:
        day = date.fromisoformat(str(value.get("deadline")))
    except ValueError as error:
        raise WrongCorrection(f"deadline {value.get('deadline')!r}: a day as 2021-09-13") from error
    if not str(value.get("granted_by") or "").strip():
        raise WrongCorrection("granted_by: say who granted it")
    return {"party": code}, {"deadline": day.isoformat(), "granted_by": str(value["granted_by"])}


KINDS: dict[str, Callable[[Desk, Json, Json], tuple[Json, Json]]] = {
    "party": _party,
    "kind": _kind,
    "same": _same,
    "superseded": _superseded,
    "confirm": _confirm,
    "place": _place,
    "dismiss": _dismiss,
    "entry": _entry,
    "deadline": _deadline,
}


def _known(desk: Desk, party: str | None, group: str | None) -> None:
    if party and party not in {one.code for one in desk.register.parties}:
        raise WrongCorrection(f"party {party!r}: no Party has this code")
    if group and group not in {one.name for one in desk.register.groups}:
        raise WrongCorrection(f"group {group!r}: not in the register")


def _mail(desk: Desk, names: Json, name: str = "mail") -> MailFact:
    wanted = str(names.get(name) or "")
    found = [m for m in desk.mails if str(m.id) == wanted or (len(wanted) >= 8 and m.sha256.startswith(wanted))]
    if len(found) != 1:
        raise WrongCorrection(f"{name} {wanted!r}: {'there is none' if not found else 'several begin so'}")
    return found[0]


def _edit(desk: Desk, target: Json) -> EditFact:
    wanted = target.get("edit")
    fact = next((fact for fact in desk.edits if fact.id == wanted), None)
    if fact is None:
        raise WrongCorrection(f"edit {wanted!r}: there is none")
    if fact.mail is None:
        raise WrongCorrection(f"edit {wanted} was entered by hand: undo its correction instead")
    return fact


def _edit_target(desk: Desk, fact: EditFact) -> Json:
    """The edit's mail and its content as it was read, before any correction."""
    mail = next(mail for mail in desk.mails if mail.id == fact.mail)
    content = {name: getattr(fact.read, name) for name in CONTENT}
    return {"mail": mail.sha256, "edit": content, "nth": fact.nth}


def _integer(target: Json, name: str) -> int:
    value = target.get(name)
    if not str(value).isdigit():
        raise WrongCorrection(f"{name} {value!r}: a number is wanted")
    return int(str(value))
