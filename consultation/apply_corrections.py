"""Corrections applied to what a Reading gives: the rows stay as they are, the facts become what the person said."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from consultation.facts import CONTENT, Correction, EditFact, MailFact, Speaker
from parsing.model import Draft, Edit

Idle = dict[int, str]
"""By the id of a correction: why it changes nothing now."""


def active(corrections: Iterable[Correction], *kinds: str) -> list[Correction]:
    return [one for one in corrections if one.undone_by is None and one.kind in kinds]


def own_deadlines(corrections: Iterable[Correction]) -> dict[str, date]:
    """By Party: the last day that it was given for itself."""
    given = active(corrections, "deadline")
    return {one.target["party"]: date.fromisoformat(one.value["deadline"]) for one in given}


def correct_mails(mails: Iterable[MailFact], corrections: Iterable[Correction]) -> tuple[tuple[MailFact, ...], Idle]:
    """The mails with what people said of their Party, their class and their copies."""
    facts = {mail.sha256: mail for mail in mails}
    idle: Idle = {}
    for one in active(corrections, "party", "kind", "same", "superseded", "confirm"):
        mail = facts.get(one.target["mail"])
        if mail is None:
            idle[one.id] = "the mail that it names is not here"
        elif "edit" not in one.target:
            facts[mail.sha256] = replace(_said(mail, one, facts), corrections=(*mail.corrections, one.id))
    return tuple(facts.values()), idle


def _said(mail: MailFact, one: Correction, facts: Mapping[str, MailFact]) -> MailFact:
    if one.kind == "party":
        said = one.value
        return replace(mail, party=said["party"], group=said["group"], observer=said["observer"], confidence=1.0)
    if one.kind == "kind":
        return replace(mail, kind=one.value["kind"])
    if one.kind == "same" and one.value["as"] in facts:
        return replace(mail, same_as=facts[one.value["as"]].id)
    return mail


def correct_edits(
    edits: Iterable[EditFact], mails: Iterable[MailFact], corrections: Iterable[Correction], draft: Draft
) -> tuple[tuple[EditFact, ...], Idle]:
    """The edits with whose they are and whether they stand, moved, confirmed and dismissed as people said; and those
    that people entered by hand.
    """
    facts = {fact.id: fact for fact in edits}
    said = [one for one in active(corrections, "place", "dismiss", "confirm") if "edit" in one.target]
    by_hash = {mail.sha256: mail.id for mail in mails}
    texts = {paragraph.label: paragraph.text for paragraph in draft.paragraphs} | {"general": ""}
    idle: Idle = {}
    for one in said:
        mail = by_hash.get(one.target["mail"])
        among = [fact for fact in facts.values() if fact.mail == mail]
        found = find_edit(among, one.target["edit"], one.target["nth"])
        if found is None:
            idle[one.id] = "the edit that it names is not found in the new reading"
        elif one.kind == "place" and not _fits(found.edit, one.value, texts):
            idle[one.id] = "the place that it names does not hold the edit's old words"
        else:
            facts[found.id] = _decided(facts[found.id], one)
    return (
        *facts.values(),
        *(_entered(one) for one in active(corrections, "entry") if one.value["draft"] == draft.id),
    ), idle


def find_edit(facts: Iterable[EditFact], content: Mapping[str, Any], nth: int) -> EditFact | None:
    """The edit that a correction means: the same in all, else the only one with the same words elsewhere, or with the
    same new words or comment.
    """
    among = list(facts)
    exact = [fact for fact in among if all(getattr(fact.read, name) == content[name] for name in CONTENT)]
    if exact:
        return exact[min(nth, len(exact) - 1)]
    for names in (("old", "new", "comment"), ("new", "comment")):
        alike = [f for f in among if all(getattr(f.read, name) == content[name] for name in names)]
        if len(alike) == 1 and any(content[name] for name in names):
            return alike[0]
    return None


def _fits(edit: Edit, said: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    """Whether the draft has the place, with the words that the edit changes."""
    text = texts.get(said["paragraph"])
    if text is None or edit.action == "comment" or said["start"] is None:
        return text is not None
    return text[said["start"] : said["end"]] == edit.old


def _decided(fact: EditFact, one: Correction) -> EditFact:
    fact = replace(fact, corrections=(*fact.corrections, one.id), review="")
    if one.kind == "dismiss":
        return replace(fact, stands=False)
    if one.kind == "place":
        said = one.value
        return replace(fact, edit=replace(fact.edit, paragraph=said["paragraph"], start=said["start"], end=said["end"]))
    return fact


def _entered(one: Correction) -> EditFact:
    kind: Any
    kind, name = next(iter(one.target.items()))
    edit = Edit(**one.value["edit"], origin="remark", author=one.who, sources=(one.value["source"],), evidence=one.why)
    return EditFact(f"c{one.id}", edit, edit, 0, None, Speaker(kind, name), corrections=(one.id,))
