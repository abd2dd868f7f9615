"""Corrections applied to what a Reading gives: the rows stay as they are, the facts become what the person said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from consultation.edit_content import WrongCorrection, check_span
from consultation.facts import CONTENT, EditFact, MailFact, Names, Speaker, name_of
from consultation.kept import Correction
from consultation.links import makes_a_circle
from parsing.model import Draft, Edit

NotApplied = dict[int, str]
"""By the id of a correction: why it has no effect now."""
BY_HAND = -1
"""The index of an edit that no Reading gave."""


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
    for one in active(corrections, "party", "kind", "same", "superseded", "claim", "confirm"):
        mail = facts.get(one.target["mail"])
        if mail is None:
            not_applied[one.id] = "the mail that it names is not here"
        elif "edit" not in one.target:
            try:
                corrected = _corrected(mail, one, facts)
            except WrongCorrection as error:
                not_applied[one.id] = str(error)
            else:
                facts[mail.sha256] = replace(corrected, corrections=(*mail.corrections, one.id))
    return tuple(facts.values()), not_applied


def _corrected(mail: MailFact, one: Correction, facts: Mapping[str, MailFact]) -> MailFact:
    value = one.value
    if one.kind == "party":
        by_hand = any(value.values())
        mail = replace(mail, party=value["party"], group=value["group"], observer=value["observer"])
        return replace(mail, confidence=1.0, attributed_by_hand=by_hand)
    if one.kind == "kind":
        return replace(mail, kind=value["kind"], doubtful_class=False, classed_by_hand=True)
    if one.kind == "same":
        return replace(mail, same_as=_original(mail, value["as"], facts).id)
    return mail


def _original(mail: MailFact, sha256: str, facts: Mapping[str, MailFact]) -> MailFact:
    """The mail of which another is a copy. Raises WrongCorrection where there is none, or the two are in a circle."""
    original = facts.get(sha256)
    if original is None:
        raise WrongCorrection("the mail that it is the same as is not here")
    links = {one.id: one.same_as for one in facts.values() if one.same_as is not None}
    if makes_a_circle(links, mail.id, original.id):
        raise WrongCorrection(f"mail {original.id} is itself a copy of mail {mail.id}")
    return original


def correct_edits(
    edits: Iterable[EditFact],
    mails: Iterable[MailFact],
    corrections: Sequence[Correction],
    draft: Draft,
    names: Names,
) -> tuple[tuple[EditFact, ...], NotApplied]:
    """The edits moved, amended, confirmed and dismissed as people said, then those that people entered by hand."""
    facts = {fact.id: fact for fact in edits}
    of_mail = _by_mail(facts.values(), mails)
    not_applied: NotApplied = {}
    for one in active(corrections, "place", "amend", "dismiss", "confirm"):
        for content_id in one.value.get("edits", ()):
            _confirm(facts, of_mail[one.target["mail"]], content_id, one)
        if "edit" in one.target:
            found, reason = _target(one, [facts[key] for key in of_mail[one.target["mail"]]], draft)
            if found is None:
                not_applied[one.id] = reason
            else:
                facts[found.id] = _decided(found, one)
    return (*facts.values(), *_entered(corrections, draft, names)), not_applied


def _by_mail(facts: Iterable[EditFact], mails: Iterable[MailFact]) -> Mapping[str, list[str]]:
    """The ids of the edits of each Mail, by its SHA-256."""
    hashes = {mail.id: mail.sha256 for mail in mails}
    ids: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        if fact.mail in hashes:
            ids[hashes[fact.mail]].append(fact.id)
    return ids


def content_id(fact: EditFact) -> str:
    """What of an edit's id is made of its content: the same in another store."""
    return fact.id.partition("-")[2]


def _confirm(facts: dict[str, EditFact], among: Iterable[str], wanted: str, one: Correction) -> None:
    for key in among:
        if content_id(facts[key]) == wanted:
            facts[key] = _decided(facts[key], one)


def with_annotations(
    edits: Iterable[EditFact], mails: Iterable[MailFact], corrections: Sequence[Correction]
) -> tuple[EditFact, ...]:
    """The edits with what the drafters did with each, and with translations; the last that was said holds."""
    said = active(corrections, "disposition", "translation")
    if not said:
        return tuple(edits)
    facts = {fact.id: fact for fact in edits}
    of_mail = _by_mail((fact for fact in facts.values() if not fact.by_hand), mails)
    for one in said:
        found = _annotated(one, facts, of_mail)
        if found is not None:
            value = {"translation": one.value["text"]} if one.kind == "translation" else one.value
            facts[found.id] = replace(found, **value, annotations=(*found.annotations, one.id))
    return tuple(facts.values())


def _annotated(one: Correction, facts: Mapping[str, EditFact], of_mail: Mapping[str, list[str]]) -> EditFact | None:
    if "entered" in one.target:
        return facts.get(f"c{one.target['entered']}")
    among = [facts[key] for key in of_mail[one.target["mail"]]]
    return find_edit(among, one.target["edit"], one.target["nth"])


def _target(one: Correction, of_mail: Iterable[EditFact], draft: Draft) -> tuple[EditFact | None, str]:
    """The edit that a correction applies to; else None and the reason why it has no effect."""
    found = find_edit(of_mail, one.target["edit"], one.target["nth"])
    if found is None:
        return None, "the edit that it names is not found in the new reading"
    if one.kind == "place" and not _fits(found.edit, one.value, draft):
        return None, "the place that it names does not hold the edit's old words"
    if one.kind == "amend" and not _fits_itself(one.value["edit"], draft):
        return None, "the draft does not have the words that it changes"
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
    if text is None or place["start"] is None:
        return text is not None
    try:
        check_span(edit, place["paragraph"], text, place["start"], place["end"])
    except WrongCorrection:
        return False
    return True


def _fits_itself(content: Mapping[str, Any], draft: Draft) -> bool:
    """Whether the draft has the words that an edit with this content changes, where it says."""
    return _fits(Edit(**{name: content[name] for name in CONTENT}), content, draft)


def _decided(fact: EditFact, one: Correction) -> EditFact:
    fact = replace(fact, corrections=(*fact.corrections, one.id), review="")
    if one.kind == "dismiss":
        return replace(fact, is_current=False)
    if one.kind == "place":
        place = {name: one.value[name] for name in ("paragraph", "start", "end")}
        return replace(fact, edit=replace(fact.edit, **place))
    if one.kind == "amend":
        return replace(fact, edit=replace(fact.edit, **one.value["edit"]))
    return fact


def _entered(corrections: Iterable[Correction], draft: Draft, names: Names) -> tuple[EditFact, ...]:
    """The edits of this draft that people entered by hand."""
    return tuple(_entry(one, names) for one in active(corrections, "entry") if one.value["draft"] == draft.id)


def _entry(one: Correction, names: Names) -> EditFact:
    return edit_by_hand(one, _speaker_in(one.target), one.value["source"], names)


def edit_by_hand(one: Correction, speaker: Speaker | None, source: str, names: Names) -> EditFact:
    """The edit that a person entered with this correction; `source` says where its words come from."""
    edit = Edit(**one.value["edit"], origin="remark", author=one.who, sources=(source,), evidence=one.why)
    return EditFact(
        id=f"c{one.id}",
        edit=edit,
        read=edit,
        nth=0,
        mail=None,
        index=BY_HAND,
        speaker=speaker,
        name=speaker and name_of(speaker, names),
        draft=one.value["draft"],
        corrections=(one.id,),
    )


def _speaker_in(target: Mapping[str, Any]) -> Speaker:
    """The only Party, Group or Observer that the target of an entry names."""
    kind: Any
    kind, name = next(iter(target.items()))
    return Speaker(kind, name)
