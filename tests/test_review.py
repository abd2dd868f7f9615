"""What waits for a person, and what each decision does to it: tables over pure functions, no store."""

from dataclasses import replace
from typing import Any

import pytest
from fixture_inbox import DRAFT, NOON, NOW, REGISTER, added, change, document, message, outcomes, remark

from consultation.correction_words import correction_lines
from consultation.decisions import decision, edit_of, likely_paragraphs
from consultation.doubts import why_doubtful
from consultation.edit_content import WrongCorrection, edit_content
from consultation.facts import ConsultationSnapshot
from consultation.find_speaker import speakers_named
from consultation.kept import Correction, KeptConsultation, KeptEdit, KeptMail, KeptUnplaced
from consultation.new_corrections import DecidedMeanwhile, check_correction, check_seen
from consultation.review_queue import ReviewItem, find_item, following, preceding, review_queue
from consultation.sentences import unread_of
from consultation.snapshot import make_snapshot
from consultation.status import status
from parsing.model import Edit, Outcome, Unplaced

DOUBTFUL = change("OP5", "effectiveness", "reach", needs_review=True)
SURE = remark("OP1", "We welcome it.")
SAID = outcomes("body", ("edit", "Write “reach”. ", (0,)), ("unread", "Mention the oceans. "), ("courtesy", "Thanks."))


def consultation(
    *edits: Edit,
    said: tuple[Outcome, ...] = (),
    unplaced: tuple[Unplaced, ...] = (),
    corrections: tuple[Correction, ...] = (),
    **more: Any,
) -> ConsultationSnapshot:
    """A consultation with one mail of Norway that says so."""
    kept = {"crashed": False, "refused": False, "twin_of": None, "message": message("NOR")} | more
    unread = unread_of(1, said)
    mail = KeptMail(1, f"{1:064}", 100, NOON, unplaced=len(unread) + len(unplaced), **kept)
    return make_snapshot(
        KeptConsultation(
            DRAFT,
            (mail,),
            tuple(KeptEdit(1, edit) for edit in edits),
            corrections,
            unread,
            tuple(KeptUnplaced(1, one) for one in unplaced),
        ),
        REGISTER,
    )


def decided(now: ConsultationSnapshot, act: str, **choice: str) -> Correction:
    """The correction that deciding the first item of the queue makes."""
    return corrected(now, *decision(review_queue(now)[0], act, choice))


def corrected(now: ConsultationSnapshot, kind: str, target: dict[str, Any], value: dict[str, Any]) -> Correction:
    new = check_correction(now, kind=kind, target=target, value=value, who="A drafter", why="")
    return Correction(len(now.corrections) + 1, NOW, new.who, new.why, new.kind, new.target, new.value)


LOST = Unplaced("Be bold.", "a.docx", "names no paragraph")
QUEUES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("nothing", {}, []),
    ("a doubtful edit", {"edits": (DOUBTFUL, SURE)}, ["edit"]),
    ("an unread sentence", {"said": SAID}, ["statement"]),
    ("a statement without a place", {"unplaced": (LOST,)}, ["statement"]),
    ("a statement that is an unread sentence",
     {"said": SAID, "unplaced": (Unplaced("Mention the oceans.", "body", ""),)}, ["statement"]),
    ("a Part that was not read", {"parts": (document("a.pdf", "unreadable"),)}, ["mail"]),
    ("all of them, in order", {"edits": (DOUBTFUL,), "said": SAID, "unplaced": (LOST,), "message": message(None)},
     ["mail", "edit", "statement", "statement"]),
    ("a statement waits for the review of the edit that has its words",
     {"edits": (replace(DOUBTFUL, evidence="OP5: Write “reach” and more. (it is asked as a question)"),),
      "unplaced": (Unplaced("Write “reach” and  more.", "body", "words that no edit accounts for"),)}, ["edit"]),
    ("a statement that a sure edit says does not wait",
     {"edits": (replace(SURE, evidence="Write “reach” and more."),),
      "unplaced": (Unplaced("Write “reach” and more.", "body", "words that no edit accounts for"),)}, ["statement"]),
    ("an unread sentence waits for the review of what was read from it",
     {"edits": (DOUBTFUL,), "said": outcomes("body", ("unread", "Write “reach” and more.", (0,)))}, ["edit"]),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "given", "kinds"), QUEUES)
def test_all_that_is_doubtful_stands_in_one_queue(_what: str, given: dict[str, Any], kinds: list[str]) -> None:
    now = consultation(*given.pop("edits", ()), **given) if given else consultation()
    assert [item.kind for item in review_queue(now)] == kinds


DECISIONS: list[tuple[str, dict[str, Any], str, dict[str, str], tuple[str, str, str] | None]] = [
    ("an edit is right", {"edits": (DOUBTFUL,)}, "accept", {}, ("OP5", "replace", "reach")),
    ("an edit is no comment", {"edits": (DOUBTFUL,)}, "reject", {}, None),
    ("an edit belongs elsewhere", {"edits": (change("OP1", "ensure", "see", needs_review=True),)}, "move",
     {"paragraph": "OP6"}, ("OP6", "replace", "see")),
    ("an insertion belongs elsewhere", {"edits": (change("OP1", "ensure|", " always", needs_review=True),)}, "move",
     {"paragraph": "OP6", "after": "ensure"}, ("OP6", "insert", " always")),
    ("a paragraph to be added belongs elsewhere", {"edits": (added("OP1", "New;", needs_review=True),)}, "move",
     {"paragraph": "OP6"}, ("OP6", "add_paragraph", "New;")),
    ("an edit should be another", {"edits": (DOUBTFUL,)}, "edit",
     {"paragraph": "OP5", "action": "delete", "old": "effectiveness"}, ("OP5", "delete", "")),
    ("a statement is a comment", {"said": SAID}, "accept", {}, ("general", "comment", "")),
    ("a statement is a comment on a paragraph", {"said": SAID}, "move", {"paragraph": "OP8"}, ("OP8", "comment", "")),
    ("a statement is a change", {"said": SAID}, "edit",
     {"paragraph": "OP5", "action": "insert", "old": "areas", "new": " and oceans"}, ("OP5", "insert", " and oceans")),
    ("a statement is no comment", {"said": SAID}, "reject", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "given", "act", "choice", "reads"), DECISIONS)
def test_a_decision_leaves_the_queue_and_holds(
    _what: str, given: dict[str, Any], act: str, choice: dict[str, str], reads: tuple[str, str, str] | None
) -> None:
    edits, rest = given.get("edits", ()), {name: value for name, value in given.items() if name != "edits"}
    before = consultation(*edits, **rest)
    now = consultation(*edits, **rest, corrections=(decided(before, act, **choice),))
    assert review_queue(now) == ()
    stands = [(fact.edit.paragraph, fact.edit.action, fact.edit.new) for fact in now.current_edits]
    assert stands == ([reads] if reads else [])
    assert all(fact.speaker and fact.speaker.name == "NOR" for fact in now.current_edits)


def test_a_decided_item_is_found_again_with_its_corrections() -> None:
    before = consultation(said=SAID)
    item = review_queue(before)[0]
    now = consultation(said=SAID, corrections=(decided(before, "reject"),))
    again = find_item(now, item.id)
    assert again
    assert (again.is_open, again.seen) == (False, (1,))


def test_a_rejected_reading_leaves_its_unread_sentence_to_be_read() -> None:
    said = outcomes("body", ("unread", "Write “reach” and more.", (0,)))
    before = consultation(DOUBTFUL, said=said)
    accepted = consultation(DOUBTFUL, said=said, corrections=(decided(before, "accept"),))
    rejected = consultation(DOUBTFUL, said=said, corrections=(decided(before, "reject"),))
    assert [item.kind for item in review_queue(accepted)] == []
    assert [item.kind for item in review_queue(rejected)] == ["statement"]


def test_a_rejected_edit_leaves_the_statement_that_has_its_words() -> None:
    edit = replace(DOUBTFUL, evidence="OP5: Write “reach” and more.")
    said = (Unplaced("Write “reach” and more.", "body", "words that no edit accounts for"),)
    before = consultation(edit, unplaced=said)
    accepted = consultation(edit, unplaced=said, corrections=(decided(before, "accept"),))
    rejected = consultation(edit, unplaced=said, corrections=(decided(before, "reject"),))
    assert [item.kind for item in review_queue(accepted)] == []
    assert [item.kind for item in review_queue(rejected)] == ["statement"]


def test_right_as_it_stands_takes_all_of_a_mail_out_of_the_count() -> None:
    given: dict[str, Any] = {"said": SAID, "unplaced": (LOST,), "message": message("NOR", confidence=0.2)}
    before = consultation(DOUBTFUL, **given)
    assert status(before).totals.to_review == 4
    now = consultation(DOUBTFUL, **given, corrections=(corrected(before, "confirm", {"mail": 1}, {}),))
    row = status(now).of("NOR")
    assert row
    assert (status(now).totals.to_review, row.to_review, row.unplaced, row.needs_review) == (0, 0, 0, False)


def test_the_reasons_of_a_mail_can_be_confirmed_alone() -> None:
    given: dict[str, Any] = {"said": SAID, "message": message("NOR", confidence=0.2)}
    before = consultation(DOUBTFUL, **given)
    now = consultation(DOUBTFUL, **given, corrections=(decided(before, "accept"),))
    assert [item.kind for item in review_queue(now)] == ["edit", "statement"]


def test_what_a_new_reading_brings_is_shown_again() -> None:
    right = corrected(consultation(DOUBTFUL), "confirm", {"mail": 1}, {})
    other = change("OP5", "wild species", "wildlife", needs_review=True)
    assert len(review_queue(consultation(DOUBTFUL, other, said=SAID, corrections=(right,)))) == 2


def test_a_statement_is_found_again_by_its_words() -> None:
    said = decided(consultation(said=SAID), "accept")
    later = outcomes("body", ("courtesy", "Dear all,\n"), ("unread", "Mention the\noceans.", (), "another reason"))
    now = consultation(said=later, corrections=(said,))
    assert (len(review_queue(now)), [fact.edit.comment for fact in now.edits]) == (0, ["Mention the oceans."])


def test_the_counts_of_all_rows_are_the_queue() -> None:
    now = consultation(DOUBTFUL, said=SAID, unplaced=(LOST,), message=message(None, group="African Group"))
    here = status(now)
    rows = (*here.parties, *here.groups, *here.observers)
    assert sum(row.to_review for row in rows) == here.totals.to_review == len(review_queue(now)) == 3


STEPS = [("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b"), ("gone", "a", "c")]


@pytest.mark.parametrize(("at", "after", "before"), STEPS)
def test_the_queue_goes_round(at: str, after: str, before: str) -> None:
    queue = [ReviewItem(name, "mail", None, None, (), is_open=True, seen=()) for name in "abc"]
    there = following(queue, at), preceding(queue, at)
    assert [item and item.id for item in there] == [after, before]


def test_the_last_item_has_none_after_it() -> None:
    only = ReviewItem("a", "mail", None, None, (), is_open=True, seen=())
    assert following([only], "a") is None


def test_whoever_decides_what_another_has_decided_is_told() -> None:
    before = consultation(DOUBTFUL)
    target = {"edit": before.edits[0].id}
    check_seen(before, "dismiss", target, [])
    now = consultation(DOUBTFUL, corrections=(decided(before, "accept"),))
    with pytest.raises(DecidedMeanwhile, match=r"A drafter has decided this meanwhile: no\. 1"):
        check_seen(now, "dismiss", target, [])
    check_seen(now, "dismiss", target, [1])


def test_notes_of_the_drafters_stand_beside_an_edit_and_the_last_holds() -> None:
    before = consultation(SURE)
    target = {"edit": before.edits[0].id}
    first = corrected(before, "disposition", target, {"disposition": "merged", "note": "into OP2"})
    now = consultation(SURE, corrections=(first,))
    second = corrected(now, "disposition", target, {"disposition": "taken up"})
    third = corrected(
        consultation(SURE, corrections=(first, second)), "translation", target, {"text": "Nous nous félicitons."}
    )
    fact = consultation(SURE, corrections=(first, second, third)).edits[0]
    assert (fact.disposition, fact.note, fact.translation) == ("taken up", "", "Nous nous félicitons.")
    assert (fact.annotations, fact.corrections) == ((1, 2, 3), ())


CONTENTS: list[tuple[dict[str, Any], tuple[int, int] | str]] = [
    ({"action": "replace", "paragraph": "OP5", "old": "effectiveness", "new": "reach"}, (12, 25)),
    ({"action": "insert", "paragraph": "OP5", "after": "Improve", "new": " always"}, (7, 7)),
    ({"action": "insert", "paragraph": "OP5", "before": "Improve", "new": "Always "}, (0, 0)),
    ({"action": "delete", "paragraph": "OP5", "old": "effective", "nth": "1"}, (12, 21)),
    ({"action": "delete", "paragraph": "OP5", "old": "effective", "nth": "9"}, "OP5 holds 'effective' 3 times, no 9."),
    ({"action": "delete", "paragraph": "OP5", "old": "effective"}, "OP5 holds 'effective' 3 times: give start"),
    ({"action": "delete", "paragraph": "OP5", "old": "ocean"}, "OP5 holds 'ocean' 0 times"),
    ({"action": "insert", "paragraph": "OP5", "new": "x"}, "give start, or the words that it comes after or before"),
    ({"action": "replace", "paragraph": "OP99", "old": "a", "new": "b"}, "paragraph 'OP99': the draft has title"),
    ({"action": "comment", "paragraph": "OP5"}, "a comment without words"),
    ({"action": "sing", "paragraph": "OP5"}, "action 'sing': one of replace"),
    ({"action": "delete", "whence": "OP5"}, "edit: an object with some of paragraph"),
]


@pytest.mark.parametrize(("given", "expected"), CONTENTS)
def test_an_edit_is_entered_by_its_words(given: dict[str, Any], expected: tuple[int, int] | str) -> None:
    if isinstance(expected, str):
        with pytest.raises(WrongCorrection, match=expected):
            edit_content(DRAFT, given)
    else:
        content = edit_content(DRAFT, given)
        assert (content["start"], content["end"]) == expected


def test_the_form_of_an_edit_names_the_words_before_an_insertion() -> None:
    said = edit_of({"action": "insert", "paragraph": "OP5", "old": "Improve", "new": " always", "act": "edit"})
    assert said == {"action": "insert", "paragraph": "OP5", "new": " always", "after": "Improve"}


LIKELY: list[tuple[Edit, list[str]]] = [
    (change("OP1", "ensure", "see", needs_review=True), ["PP9", "OP6"]),
    (change("OP5", "Improve the effectiveness", "see", needs_review=True), []),
    (remark("OP5", "Good.", needs_review=True), []),
]


@pytest.mark.parametrize(("edit", "labels"), LIKELY)
def test_the_paragraphs_that_hold_an_edits_words_are_offered(edit: Edit, labels: list[str]) -> None:
    found = likely_paragraphs(review_queue(consultation(edit))[0], DRAFT)
    assert [label for label in found if label in ("PP9", "OP6", "OP5")] == labels


def test_a_statement_is_offered_the_paragraphs_that_it_shares_rare_words_with() -> None:
    said = outcomes("body", ("unread", "Illegal trafficking and trade of wildlife need the judiciary."))
    assert likely_paragraphs(review_queue(consultation(said=said))[0], DRAFT)[0] == "OP6"


NAMES = [
    ("UK", ["GBR"]), ("u.k.", ["GBR"]), ("Turkey", ["TUR"]), ("turkiye", ["TUR"]), ("Türkiye", ["TUR"]),
    ("挪威", ["NOR"]), ("Норвегия", ["NOR"]), ("النرويج", ["NOR"]), ("Norvège", ["NOR"]), ("noruega", ["NOR"]),
    ("nor", ["NOR"]), ("Ivory Coast", ["CIV"]), ("eu", ["EU"]), ("AGN", ["African Group"]), ("Niger", ["NER"]),
    ("norw", ["NOR"]), ("atlantis", []), ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "found"), NAMES)
def test_every_name_in_six_languages_finds_its_party(name: str, found: list[str]) -> None:
    assert [who.name for who in speakers_named(REGISTER, name)] == found


def test_every_name_and_alias_of_the_register_finds_its_party() -> None:
    for party in REGISTER.parties:
        for name in (party.code, party.name, *party.names):
            assert party.code in {who.name for who in speakers_named(REGISTER, name)}, name


DOUBTS = [
    (Edit("OP5", "delete", evidence="Delete it. (no paragraph is named; the words are only in OP5)"),
     "no paragraph is named; the words are only in OP5"),
    (Edit("OP5", "delete", evidence="It. (it is asked for on a condition) (words that no edit accounts for)"),
     "it is asked for on a condition; words that no edit accounts for"),
    (Edit("OP5", "delete", origin="table", evidence="Delete it. (read so with a probability of 0.89)"),
     "the row does not say clearly which words it changes: check the place; read so with a probability of 0.89"),
    (Edit("OP5", "delete", origin="formatting"),
     "marked by hand, with colour, underline or strike-through, not tracked: is it meant?"),
    (Edit("OP5", "delete", origin="silent-change"),
     "the file differs from the draft here without a tracked change: is it meant?"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "why"), DOUBTS)
def test_the_reason_says_what_is_doubtful(edit: Edit, why: str) -> None:
    assert why_doubtful(edit) == why


SAYS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("party", {"mail": 1}, {"party": "NGA"}, "mail 1 → attributed to Nigeria"),
    ("party", {"mail": 1}, {"group": "African Group", "party": "MWI"},
     "mail 1 → attributed to African Group, written by Malawi"),
    ("party", {"mail": 1}, {}, "mail 1 → attributed to no one"),
    ("kind", {"mail": 1}, {"kind": "spam"}, "mail 1 → its class is spam"),
    ("superseded", {"mail": 1}, {}, "mail 1 → superseded"),
    ("superseded", {"mail": 1}, {"superseded": False}, "mail 1 → current after all"),
    ("confirm", {"edit": "EDIT"}, {}, "OP5: “effectiveness” becomes “reach” → right as it stands"),
    ("place", {"edit": "EDIT"}, {"paragraph": "OP6", "start": 0, "end": 0}, ""),
    ("dismiss", {"edit": "EDIT"}, {}, "OP5: “effectiveness” becomes “reach” → no comment"),
    ("amend", {"edit": "EDIT"}, {"edit": {"paragraph": "OP6", "action": "comment", "comment": "Good."}},
     "OP5: “effectiveness” becomes “reach” → should be OP6: a comment: “Good.”"),
    ("disposition", {"edit": "EDIT"}, {"disposition": "merged", "note": "into OP2"},
     "OP5: “effectiveness” becomes “reach” → merged: into OP2"),
    ("deadline", {"party": "NOR"}, {"deadline": "2021-09-10", "granted_by": "the Presidency"},
     "Norway → its own deadline: 2021-09-10, granted by the Presidency"),
    ("entry", {"party": "NOR"}, {"edit": {"paragraph": "OP5", "action": "comment", "comment": "Good."}, "source": "a"},
     "Norway → entered by hand from a: OP5: a comment: “Good.”"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "value", "says"), SAYS)
def test_a_correction_says_what_was_decided(kind: str, target: Any, value: Any, says: str) -> None:
    now = consultation(DOUBTFUL)
    about = {name: now.edits[0].id if one == "EDIT" else one for name, one in target.items()}
    if not says:
        with pytest.raises(WrongCorrection):
            corrected(now, kind, about, value)
        return
    (line,) = correction_lines(now, [corrected(now, kind, about, value)])
    assert f"{line.about} → {line.says}" == says


def test_an_undone_correction_says_what_was_undone() -> None:
    now = consultation(DOUBTFUL)
    first = corrected(now, "party", {"mail": 1}, {"party": "NGA"})
    now = consultation(DOUBTFUL, corrections=(first,))
    second = corrected(now, "undo", {"correction": 1}, {})
    (line,) = correction_lines(now, [second])
    assert (line.about, line.says) == ("no. 1", "undone: attributed to Nigeria")
