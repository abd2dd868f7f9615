"""Corrections that people make, checked against what is known before they are kept.

kind        target                  value
party       {mail}                  {party} or {group, party?} or {observer}, or all null: not attributed
kind        {mail}                  {kind}: one of the classes of a mail
same        {mail}                  {as: mail}: the two are one; this one is out of the counts
superseded  {mail}                  {superseded: true, by: mail or null} or {superseded: false}
claim       {mail}                  {accepted}: what the mail claims of others holds, or does not
confirm     {mail} or {edit}        {}: a person has looked, and it is right so; of a mail {only: "reasons"} leaves its
                                    edits and statements aside
place       {edit}                  {paragraph, start?, end?, nth?, after?, before?}: the edit belongs there
amend       {edit}                  {edit: {paragraph, action, …}}: it should be this
dismiss     {edit}                  {}: this is no comment
statement   {statement}             {edit: {paragraph, action, …}}: it says this; {}: it is no comment
entry       {party}, {group} or {observer}   {edit: {paragraph, action, …}, source}: entered by hand
disposition {edit}                  {disposition: taken up, not taken up, merged or null, note?}: what the drafters did
translation {edit}                  {text}: what its words mean
deadline    {party}                 {deadline: date, granted_by}: more time for one Party
undo        {correction}            {}

Mails are named by id or SHA-256 and kept by SHA-256; edits are named by their id and kept by their content, so that
they are found again after a new Reading.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from consultation.apply_corrections import active, content_id
from consultation.correction_forms import check_given, check_kept, check_person
from consultation.edit_content import Json, WrongCorrection, check_span, edit_content, official_text, place_of
from consultation.facts import CONTENT, ConsultationSnapshot, Disposition, EditFact, MailFact, StatementFact
from consultation.fitting import check_fit, check_names
from consultation.kept import Correction, CorrectionKind
from consultation.links import makes_a_circle
from consultation.redline import TEXT_ACTIONS
from parsing.model import Edit, Kind

__all__ = ["NewCorrection", "WrongCorrection", "check_correction"]
SHORTEST_HASH = 8
"""So many digits of a SHA-256 name a mail: fewer could as well be its id."""


class DecidedMeanwhile(Exception):
    """Someone has decided it since it was looked at; the message is one line."""


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
    known = _known(kind)
    if known == "undo":
        return check_undo(snapshot.corrections, target=target, value=value, who=who, why=why)
    check_person(who, why)
    check_given(known, target, value)
    target, value = _CHECKS[known](snapshot, target, value)
    check_kept(known, target, value)
    check_fit(known, target, value, snapshot.draft, snapshot.register)
    return NewCorrection(known, target, value, who.strip(), why)


def check_undo(corrections: Iterable[Correction], *, target: Json, value: Json, who: str, why: str) -> NewCorrection:
    """The correction that undoes another, whatever that one has done to what is shown: nothing else is looked at.
    Raises WrongCorrection.
    """
    check_person(who, why)
    check_given("undo", target, value)
    number = str(target.get("correction"))
    if not (number.isascii() and number.isdigit()):
        raise WrongCorrection(f"correction {target.get('correction')!r}: a number is expected")
    undone = next((one for one in corrections if str(one.id) == number), None)
    if undone is None:
        raise WrongCorrection(f"correction {number[:20]}: there is none")
    if undone.kind == "undo":
        raise WrongCorrection(f"correction {undone.id} undoes another: make that one again instead")
    if undone.undone_by is not None:
        raise WrongCorrection(f"correction {undone.id} is undone already, by no. {undone.undone_by}")
    return NewCorrection("undo", {"correction": undone.id}, {}, who.strip(), why)


def _known(kind: str) -> CorrectionKind:
    known: Any = kind
    if known not in get_args(CorrectionKind):
        raise WrongCorrection(f"kind {kind!r}: one of {', '.join(get_args(CorrectionKind))}")
    return known  # type: ignore[no-any-return]  # is one of them


def check_seen(snapshot: ConsultationSnapshot, kind: str, target: Json, seen: Collection[int]) -> None:
    """Raises DecidedMeanwhile where other corrections hold for the target now than those that were seen."""
    now = _decided(snapshot, kind, target)
    if set(now) == set(seen):
        return
    others = [one for one in snapshot.corrections if one.id in set(now) ^ set(seen)]
    who = ", ".join(dict.fromkeys(one.who for one in others)) or "someone"
    raise DecidedMeanwhile(f"{who} has decided this meanwhile: no. {', '.join(str(one.id) for one in others)}")


def _decided(snapshot: ConsultationSnapshot, kind: str, target: Json) -> Collection[int]:
    """The corrections that hold for the target."""
    if "statement" in target:
        return next((one.corrections for one in snapshot.statements if one.id == target["statement"]), ())
    if "edit" in target:
        fact = next((fact for fact in snapshot.edits if fact.id == target["edit"]), None)
        if fact is None:
            return ()
        return fact.annotations if kind in ("disposition", "translation") else fact.corrections
    return _mail(snapshot, target).corrections if "mail" in target else ()


def _party(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    wanted = {name: value.get(name) or None for name in ("party", "group", "observer")}
    check_names(snapshot.register, wanted)
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
    _check_circle(snapshot, mail, other)
    return {"mail": mail.sha256}, {"as": other.sha256}


def _superseded(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    mail = _mail(snapshot, target)
    if value.get("superseded", True) is False:
        return {"mail": mail.sha256}, {"superseded": False}
    by = None if value.get("by") is None else _mail(snapshot, value, "by")
    if by is not None and by.id == mail.id:
        raise WrongCorrection(f"mail {mail.id} cannot take its own place")
    if by is not None:
        _check_circle(snapshot, mail, by)
    return {"mail": mail.sha256}, {"superseded": True, "by": None if by is None else by.sha256}


def _check_circle(snapshot: ConsultationSnapshot, mail: MailFact, other: MailFact) -> None:
    """Of mails in a circle, each of which stands for another, none would count."""
    if makes_a_circle(_decided_links(snapshot), mail.id, other.id):
        raise WrongCorrection(f"mail {other.id} itself gives way to mail {mail.id}: neither would count")


def _decided_links(snapshot: ConsultationSnapshot) -> dict[int, int]:
    """By Mail: the one that stands for it. What later mails say of it gives way to what a person says."""
    ids = {mail.sha256: mail.id for mail in snapshot.mails}
    links = {mail.id: mail.same_as for mail in snapshot.mails if mail.same_as is not None}
    for one in active(snapshot.corrections, "superseded"):
        mail_id, by = ids.get(one.target.get("mail", "")), ids.get(one.value.get("by") or "")
        if mail_id is not None and by is not None and not one.not_applied:
            links[mail_id] = by
    return links


def _claim(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    mail = _mail(snapshot, target)
    decided = any(one.target.get("mail") == mail.sha256 for one in active(snapshot.corrections, "claim"))
    if not mail.waiting and not decided:
        raise WrongCorrection(f"mail {mail.id} claims nothing that needs a decision")
    if value.get("accepted") is None:
        raise WrongCorrection("accepted: true or false")
    return {"mail": mail.sha256}, {"accepted": value["accepted"]}


def _confirm(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    if "edit" in target:
        return _edit_target(snapshot, _edit(snapshot, target)), {}
    mail = _mail(snapshot, target)
    seen: Json = {"seen": [reason for one in mail.speaking for reason in one.review]}
    if value.get("only") != "reasons":
        edits = [fact for fact in snapshot.edits if fact.mail == mail.id and fact.review and not fact.by_hand]
        seen["edits"] = [content_id(fact) for fact in edits]
        seen["statements"] = [_words_of(one) for one in snapshot.statements if one.mail == mail.id and not one.settled]
    return {"mail": mail.sha256}, seen


def _place(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    fact = _edit(snapshot, target)
    label = value.get("paragraph")
    text = official_text(snapshot.draft, label, fact.edit.action)
    start, end = _span(fact.edit, str(label), text, value)
    return _edit_target(snapshot, fact), {"paragraph": label, "start": start, "end": end}


def _amend(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    fact = _edit(snapshot, target)
    return _edit_target(snapshot, fact), {"edit": edit_content(snapshot.draft, value.get("edit"))}


def _dismiss(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:  # noqa: ARG001
    return _edit_target(snapshot, _edit(snapshot, target)), {}


def _statement(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    wanted = target.get("statement")
    found = next((one for one in snapshot.statements if one.id == wanted), None)
    if found is None:
        raise WrongCorrection(f"statement {wanted!r}: there is none")
    mail = next(mail for mail in snapshot.mails if mail.id == found.mail)
    about = {"mail": mail.sha256, "statement": _words_of(found)}
    if value.get("edit") is None:
        return about, {}
    return about, {"edit": edit_content(snapshot.draft, value["edit"]), "draft": snapshot.draft.id}


def _words_of(statement: StatementFact) -> Json:
    return {"source": statement.source, "text": statement.text, "nth": statement.nth}


def _disposition(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    said = value.get("disposition") or None
    if said is not None and said not in get_args(Disposition):
        raise WrongCorrection(f"disposition {said!r}: one of {', '.join(get_args(Disposition))}, or null")
    return _annotated(snapshot, target), {"disposition": said, "note": str(value.get("note") or "")}


def _translation(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    return _annotated(snapshot, target), {"text": str(value.get("text") or "")}


def _annotated(snapshot: ConsultationSnapshot, target: Json) -> Json:
    """The edit that a note of the drafters is about, one that was entered by hand too."""
    fact = next((fact for fact in snapshot.edits if fact.id == target.get("edit")), None)
    if fact is not None and fact.by_hand:
        return {"entered": fact.corrections[0]}
    return _edit_target(snapshot, _edit(snapshot, target))


def _entry(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    names = {name: target[name] for name in ("party", "group", "observer") if target.get(name)}
    if len(names) != 1:
        raise WrongCorrection("target: one of party, group or observer")
    check_names(snapshot.register, names)
    source = str(value.get("source") or "")
    if not source.strip():
        raise WrongCorrection("source: say where it comes from, as a scan, a phone call, a note")
    content = edit_content(snapshot.draft, value.get("edit"))
    return names, {"edit": content, "source": source, "draft": snapshot.draft.id}


def _deadline(snapshot: ConsultationSnapshot, target: Json, value: Json) -> tuple[Json, Json]:
    code = target.get("party")
    check_names(snapshot.register, target)
    if not code:
        raise WrongCorrection("target: the party that has more time")
    try:
        day = date.fromisoformat(str(value.get("deadline")))
    except ValueError as error:
        raise WrongCorrection(f"deadline {value.get('deadline')!r}: a date such as 2021-09-13 is expected") from error
    if not str(value.get("granted_by") or "").strip():
        raise WrongCorrection("granted_by: say who granted it")
    return {"party": code}, {"deadline": day.isoformat(), "granted_by": str(value["granted_by"])}


_CHECKS: dict[CorrectionKind, Callable[[ConsultationSnapshot, Json, Json], tuple[Json, Json]]] = {
    "party": _party,
    "kind": _kind,
    "same": _same,
    "superseded": _superseded,
    "claim": _claim,
    "confirm": _confirm,
    "place": _place,
    "amend": _amend,
    "dismiss": _dismiss,
    "statement": _statement,
    "entry": _entry,
    "disposition": _disposition,
    "translation": _translation,
    "deadline": _deadline,
}


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
    if fact.by_hand:
        raise WrongCorrection(f"edit {wanted} was entered by hand: undo its correction instead")
    return fact


def _edit_target(snapshot: ConsultationSnapshot, fact: EditFact) -> Json:
    """The edit's mail and its content as it was read, before any correction."""
    mail = next(mail for mail in snapshot.mails if mail.id == fact.mail)
    content = {name: getattr(fact.read, name) for name in CONTENT}
    return {"mail": mail.sha256, "edit": content, "nth": fact.nth}


def _span(edit: Edit, label: str, text: str, value: Json) -> tuple[int | None, int | None]:
    """Where in the paragraph; where no offsets are given, at the only place that holds the edit's old words."""
    if edit.action not in TEXT_ACTIONS:
        return None, None
    start, end = value.get("start"), value.get("end")
    if start is None and edit.action == "insert":
        return _point(label, text, value)
    if start is None:
        return place_of(label, text, edit.old, value.get("nth"))
    if end is None and isinstance(start, int):
        end = start + len(edit.old)
    return check_span(edit, label, text, start, end)


def _point(label: str, text: str, value: Json) -> tuple[int, int]:
    """Where an insertion comes: after or before the words that are named."""
    after = str(value.get("after") or "")
    found = place_of(label, text, after or str(value.get("before") or ""), value.get("nth"))
    at = found[1] if after else found[0]
    return at, at
