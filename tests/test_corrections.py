"""What people decide: kept, applied after each Reading, undone by another."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fixture_desk import DRAFT, NOON, NOW, House, change, document, either_house, house, message, remark

from consultation.facts import Desk
from consultation.status import Standing, status
from parsing.model import Edit, Reading, Unplaced
from store.corrections import WrongCorrection, keep_correction
from store.reads.snapshot import read_desk
from store.register import load

__all__ = ["either_house", "house"]
REGISTER = load()
REACH = change("OP5", "effectiveness", "reach")


def desk(house: House) -> Desk:
    with house.sessions() as session:
        return read_desk(session, REGISTER)


def correct(house: House, kind: str, target: dict[str, Any], value: dict[str, Any] | None = None) -> int:
    with house.sessions.begin() as session:
        now = read_desk(session, REGISTER)
        return keep_correction(
            session, now, kind=kind, target=target, value=value or {}, who="A drafter", why="seen", now=NOW
        )


def standing(house: House, code: str) -> Standing:
    row = status(desk(house)).of(code)
    assert row is not None
    return row


def only_edit(house: House) -> str:
    return desk(house).edits[0].id


def test_a_mail_is_of_the_party_that_a_person_says(house: House) -> None:
    mail = house.mail(message("NER"), REACH)
    correct(house, "party", {"mail": mail}, {"party": "NGA"})
    assert (standing(house, "NER").state, standing(house, "NGA").state) == ("none", "commented")


def test_a_mail_that_is_not_read_counts_for_the_party_that_a_person_says(house: House) -> None:
    mail = house.arrive("sealed")
    correct(house, "party", {"mail": mail}, {"party": "ZMB"})
    assert standing(house, "ZMB").state == "received"


def test_a_mail_is_of_the_class_that_a_person_says(house: House) -> None:
    mail = house.mail(message("NER"), REACH)
    correct(house, "kind", {"mail": mail}, {"kind": "spam"})
    assert (standing(house, "NER").state, standing(house, "NER").edits) == ("none", 0)


def test_two_mails_that_are_one_count_once(house: House) -> None:
    first, second = house.mail(message("NER"), REACH), house.mail(message("NER"), REACH)
    correct(house, "same", {"mail": second}, {"as": first})
    assert (standing(house, "NER").mails, standing(house, "NER").edits) == (1, 1)


def test_a_person_says_that_a_mail_is_superseded_and_that_it_is_not(house: House) -> None:
    first = house.mail(message("NER"), REACH)
    second = house.mail(message("NER"), remark("OP1", "Good."), at=NOON.replace(day=4))
    correct(house, "superseded", {"mail": first}, {"by": second})
    assert (standing(house, "NER").edits, standing(house, "NER").superseded) == (0, 1)
    correct(house, "superseded", {"mail": first}, {"superseded": False})
    assert (standing(house, "NER").edits, standing(house, "NER").superseded) == (1, 0)


def test_an_edit_is_placed_where_a_person_says(house: House) -> None:
    house.mail(message("NER"), change("OP1", "ensure", "guarantee", needs_review=True))
    text = DRAFT.text("OP11")
    with pytest.raises(WrongCorrection, match=r"OP11 holds 'ensure' 0 times"):
        correct(house, "place", {"edit": only_edit(house)}, {"paragraph": "OP11"})
    assert "ensure" not in text
    correct(house, "place", {"edit": only_edit(house)}, {"paragraph": "OP6"})
    fact = desk(house).edits[0]
    assert (fact.edit.paragraph, fact.edit.old, fact.review) == ("OP6", "ensure", "")
    assert DRAFT.text("OP6")[fact.edit.start : fact.edit.end] == "ensure"


def test_an_edit_that_is_no_comment_is_out_of_the_counts(house: House) -> None:
    house.mail(message("NER"), REACH)
    correct(house, "dismiss", {"edit": only_edit(house)})
    assert (standing(house, "NER").edits, len(desk(house).edits)) == (0, 1)


def test_what_a_person_has_confirmed_needs_no_review(house: House) -> None:
    mail = house.mail(message("NER", confidence=0.2), change("OP5", "effectiveness", "reach", needs_review=True))
    assert standing(house, "NER").to_review == 2
    correct(house, "confirm", {"edit": only_edit(house)})
    correct(house, "confirm", {"mail": mail})
    assert standing(house, "NER").to_review == 0


def test_a_confirmation_does_not_hide_what_a_new_reading_brings(house: House) -> None:
    mail = house.mail(message("NER"), REACH, unplaced=(Unplaced("Be bold.", "body", ""),))
    correct(house, "confirm", {"mail": mail})
    house.read(mail, Reading(message("NER"), parts=(document("a.pdf", "unreadable"),)))
    assert desk(house).mails[0].review == ("not read: a.pdf",)


def test_what_was_confirmed_once_stays_so_when_more_is_confirmed(house: House) -> None:
    mail = house.mail(message("NER", confidence=0.2), REACH)
    correct(house, "confirm", {"mail": mail})
    house.read(mail, Reading(message("NER", confidence=0.2), (REACH,), parts=(document("a.pdf", "unreadable"),)))
    correct(house, "confirm", {"mail": mail})
    assert desk(house).mails[0].review == ()


def test_a_place_that_no_longer_fits_changes_nothing_and_says_so(house: House) -> None:
    mail = house.mail(message("NER"), change("OP1", "ensure", "guarantee"))
    correct(house, "place", {"edit": only_edit(house)}, {"paragraph": "OP6"})
    house.read(mail, Reading(message("NER"), (change("OP3", "strengthen", "guarantee"),)))
    now = desk(house)
    assert now.edits[0].edit.paragraph == "OP3"
    assert now.corrections[0].idle == "the place that it names does not hold the edit's old words"


def test_an_edit_is_entered_by_hand_with_its_source(house: House) -> None:
    entered = {"paragraph": "OP5", "action": "replace", "start": 12, "end": 25, "old": "effectiveness", "new": "reach"}
    correct(house, "entry", {"party": "ZMB"}, {"edit": entered, "source": "a phone call"})
    fact = desk(house).edits[0]
    assert (fact.mail, fact.edit.sources, fact.edit.author) == (None, ("a phone call",), "A drafter")
    assert standing(house, "ZMB").state == "commented"


def test_a_party_has_its_own_deadline(house: House) -> None:
    house.mail(message("PAK"), REACH, at=datetime(2021, 9, 10, tzinfo=UTC))
    assert standing(house, "PAK").late
    correct(house, "deadline", {"party": "PAK"}, {"deadline": "2021-09-10", "granted_by": "the Presidency"})
    assert not standing(house, "PAK").late


def test_a_correction_is_undone_by_another(house: House) -> None:
    mail = house.mail(message("NER"), REACH)
    first = correct(house, "party", {"mail": mail}, {"party": "NGA"})
    second = correct(house, "undo", {"correction": first})
    assert standing(house, "NER").state == "commented"
    assert [(one.id, one.undone_by) for one in desk(house).corrections] == [(first, second), (second, None)]
    with pytest.raises(WrongCorrection, match="is undone already"):
        correct(house, "undo", {"correction": first})


def test_corrections_outlive_a_new_reading(either_house: House) -> None:
    """The new parsers number the edits otherwise, place one better, and know the Party no better than before."""
    moved = change("OP1", "ensure", "guarantee")
    mail = either_house.mail(message("NER"), REACH, moved, remark("OP2", "Fine."))
    by_words = {fact.edit.new or fact.edit.comment: fact.id for fact in desk(either_house).edits}
    correct(either_house, "party", {"mail": mail}, {"party": "NGA"})
    correct(either_house, "place", {"edit": by_words["guarantee"]}, {"paragraph": "OP6"})
    correct(either_house, "dismiss", {"edit": by_words["Fine."]})
    elsewhere = Edit("OP3", "comment", comment="Fine.", origin="remark")
    either_house.read(mail, Reading(message("NER"), (elsewhere, remark("OP4", "New."), moved, REACH)), parsers="2")
    facts = {fact.edit.new or fact.edit.comment: fact for fact in desk(either_house).edits}
    assert {name: (fact.edit.paragraph, fact.stands) for name, fact in facts.items()} == {
        "Fine.": ("OP3", False),
        "New.": ("OP4", True),
        "guarantee": ("OP6", True),
        "reach": ("OP5", True),
    }
    assert all(fact.speaker and fact.speaker.name == "NGA" for fact in facts.values())


def test_a_correction_whose_edit_is_gone_is_kept_and_says_so(house: House) -> None:
    mail = house.mail(message("NER"), REACH)
    correct(house, "dismiss", {"edit": only_edit(house)})
    house.read(mail, Reading(message("NER"), (change("OP5", "wild species", "wildlife"),)))
    now = desk(house)
    assert now.edits[0].stands
    assert now.corrections[0].idle == "the edit that it names is not found in the new reading"


def test_equal_edits_of_one_mail_are_told_apart(house: House) -> None:
    house.mail(message("NER"), REACH, REACH)
    second = desk(house).edits[1].id
    correct(house, "dismiss", {"edit": second})
    assert [fact.stands for fact in desk(house).edits] == [True, False]


WRONG: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("party", {"mail": 99}, {"party": "NOR"}, "mail '99': there is none"),
    ("party", {"mail": 1}, {"party": "XXX"}, "party 'XXX': no Party has this code"),
    ("party", {"mail": 1}, {"group": "Group of 2"}, "group 'Group of 2': not in the register"),
    ("party", {"mail": 1}, {"party": "NOR", "observer": "USA"}, "a mail is of a Party or Group, or of an observer"),
    ("kind", {"mail": 1}, {"kind": "nice"}, "kind 'nice': one of comments"),
    ("same", {"mail": 1}, {"as": 1}, "mail 1 is the same as itself"),
    ("superseded", {"mail": 1}, {"by": 77}, "by '77': there is none"),
    ("place", {"edit": "1-0"}, {"paragraph": "OP6"}, "edit '1-0': there is none"),
    ("entry", {"party": "NOR"}, {"edit": {}, "source": "a call"}, "action None: one of replace"),
    ("entry", {"party": "NOR"}, {"edit": {"action": "comment"}, "source": ""}, "source: say where it comes from"),
    ("entry", {}, {}, "target: one of party, group or observer"),
    ("entry", {"party": "NOR"}, {"edit": {"action": "delete", "paragraph": "OP5", "start": 0, "end": 3, "old": "our"},
     "source": "x"}, r"OP5\[0:3\] is 'Imp', not 'our'"),
    ("deadline", {"party": "NOR"}, {"deadline": "soon", "granted_by": "x"}, "deadline 'soon': a day as 2021-09-13"),
    ("undo", {"correction": 5}, {}, "correction 5: there is none"),
    ("undo", {"correction": "x"}, {}, "correction 'x': a number is wanted"),
    ("magic", {}, {}, "kind 'magic': one of party"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "value", "says"), WRONG)
def test_a_correction_that_names_what_is_not_there_is_a_clear_error(
    house: House, kind: str, target: dict[str, Any], value: dict[str, Any], says: str
) -> None:
    house.mail(message("NOR"), REACH)
    with pytest.raises(WrongCorrection, match=says):
        correct(house, kind, target, value)
    assert desk(house).corrections == ()


def test_a_correction_has_a_name(house: House) -> None:
    mail = house.mail(message("NOR"), REACH)
    with pytest.raises(WrongCorrection, match="carries the name"), house.sessions.begin() as session:
        keep_correction(session, desk(house), kind="confirm", target={"mail": mail}, value={}, who=" ", why="", now=NOW)
