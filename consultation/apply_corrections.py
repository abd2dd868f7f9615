"""Corrections applied to what a Reading gives: the rows stay as they are, the facts become what the person said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from consultation.facts import CONTENT, EditFact, MailFact, Names, Speaker, name_of
from consultation.kept import Correction
from parsing.model import Draft, Edit

NotApplied = dict[int, str]
"""By the id of a correction: why it has no effect now."""


def active(corrections: Iterable[Correction], *kinds: str) -> list[Correction]:
    """The corrections of these kinds that are not undone, in the order in which they were made."""
    return [one for one in corrections if one.undone_by is None and one.kind in kinds]


def own_deadlines(corrections: Iterable[Correction]) -> dict[str, date]:
    """By Party: the last day that it was given for itself."""
    given = active(corrections, "deadline")
    return {one.target["party"]: date.fromisoformat(one.value["deadline"]) for one in given}


def correct_mails(
    mails: Iterable[MailFact], corrections: Iterable[Correction]
) -> tuple[tuple[MailFact, ...], NotApplied]:
    """The mails with what people said of their Party, their class and their copies."""
    facts = {mail.sha256: mail for mail in mails}
    not_applied: NotApplied = {}
    for one in active(corrections, "party", "kind", "same", "superseded", "confirm"):
        mail = facts.get(one.target["mail"])
        if mail is None:
            not_applied[one.id] = "the mail that it names is not here"
        elif "edit" not in one.target:
            facts[mail.sha256] = replace(_corrected(mail, one, facts), corrections=(*mail.corrections, one.id))
    return tuple(facts.values()), not_applied


def _corrected(mail: MailFact, one: Correction, facts: Mapping[str, MailFact]) -> MailFact:
    value = one.value
    if one.kind == "party":
        return replace(mail, party=value["party"], group=value["group"], observer=value["observer"], confidence=1.0)
    if one.kind == "kind":
        return replace(mail, kind=value["kind"], doubtful_class=False)
    if one.kind == "same" and value["as"] in facts:
        return replace(mail, same_as=facts[value["as"]].id)
    return mail


def correct_edits(
    edits: Iterable[EditFact],
    mails: Iterable[MailFact],
    corrections: Sequence[Correction],
    draft: Draft,
    names: Names,
) -> tuple[tuple[EditFact, ...], NotApplied]:
    """The edits moved, confirmed and dismissed as people said, then those that people entered by hand."""
    facts = {fact.id: fact for fact in edits}
    ids = {mail.sha256: mail.id for mail in mails}
    not_applied: NotApplied = {}
    for one in active(corrections, "place", "dismiss", "confirm"):
        if "edit" in one.target:
            of_mail = [fact for fact in facts.values() if fact.mail == ids.get(one.target["mail"])]
            found, reason = _target(one, of_mail, draft)
            if found is None:
                not_applied[one.id] = reason
            else:
                facts[found.id] = _decided(found, one)
    return (*facts.values(), *_entered(corrections, draft, names)), not_applied


def _target(one: Correction, of_mail: Iterable[EditFact], draft: Draft) -> tuple[EditFact | None, str]:
    """The edit that a correction applies to; else None and the reason why it has no effect."""
    found = find_edit(of_mail, one.target["edit"], one.target["nth"])
    if found is None:
        return None, "the edit that it names is not found in the new reading"
    if one.kind == "place" and not _fits(found.edit, one.value, draft):
        return None, "the place that it names does not hold the edit's old words"
    return found, ""


def find_edit(facts: Iterable[EditFact], content: Mapping[str, Any], nth: int) -> EditFact | None:
    """The edit that a correction means: the same in all, else the only one with the same words elsewhere, or with the
    same new words or comment.
    """
    among = list(facts)
    exact = _agreeing(among, content, CONTENT)
    if exact:
        return exact[min(nth, len(exact) - 1)]
    for names in (("old", "new", "comment"), ("new", "comment")):
        alike = _agreeing(among, content, names)
        if len(alike) == 1 and any(content[name] for name in names):
            return alike[0]
    return None


def _agreeing(facts: Iterable[EditFact], content: Mapping[str, Any], names: Sequence[str]) -> list[EditFact]:
    """The edits that have the same values in these fields, as they were read."""
    return [fact for fact in facts if all(getattr(fact.read, name) == content[name] for name in names)]


def _fits(edit: Edit, place: Mapping[str, Any], draft: Draft) -> bool:
    """Whether the draft has the place, with the words that the edit changes."""
    texts = {paragraph.label: paragraph.text for paragraph in draft.paragraphs} | {"general": ""}
    text = texts.get(place["paragraph"])
    if text is None or edit.action == "comment" or place["start"] is None:
        return text is not None
    return text[place["start"] : place["end"]] == edit.old


def _decided(fact: EditFact, one: Correction) -> EditFact:
    fact = replace(fact, corrections=(*fact.corrections, one.id), review="")
    if one.kind == "dismiss":
        return replace(fact, is_current=False)
    if one.kind == "place":
        place = {name: one.value[name] for name in ("paragraph", "start", "end")}
        return replace(fact, edit=replace(fact.edit, **place))
    return fact


def _entered(corrections: Iterable[Correction], draft: Draft, names: Names) -> tuple[EditFact, ...]:
    """The edits of this draft that people entered by hand."""
    return tuple(_entry(one, names) for one in active(corrections, "entry") if one.value["draft"] == draft.id)


def _entry(one: Correction, names: Names) -> EditFact:
    edit = Edit(**one.value["edit"], origin="remark", author=one.who, sources=(one.value["source"],), evidence=one.why)
    speaker = _speaker_in(one.target)
    return EditFact(
        id=f"c{one.id}",
        edit=edit,
        read=edit,
        nth=0,
        mail=None,
        speaker=speaker,
        name=name_of(speaker, names),
        draft=one.value["draft"],
        corrections=(one.id,),
    )


def _speaker_in(target: Mapping[str, Any]) -> Speaker:
    """The only Party, Group or Observer that the target of an entry names."""
    kind: Any
    kind, name = next(iter(target.items()))
    return Speaker(kind, name)
