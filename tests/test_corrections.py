"""What people decide: kept, applied after each Reading, undone by another."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fixture_inbox import (
    DRAFT,
    NOON,
    NOW,
    REGISTER,
    Inbox,
    change,
    document,
    either_inbox,
    inbox,
    message,
    remark,
    snapshot_of,
    status_of,
)

from consultation.new_corrections import WrongCorrection, check_correction
from consultation.snapshot import make_snapshot
from parsing.model import Edit, Reading, Unplaced
from store.corrections import keep_correction
from store.reads.snapshot import read_consultation

__all__ = ["either_inbox", "inbox"]
REACH = change("OP5", "effectiveness", "reach")


def correct(inbox: Inbox, kind: str, target: dict[str, Any], value: dict[str, Any] | None = None) -> int:
    with inbox.sessions.begin() as session:
        now = make_snapshot(read_consultation(session), REGISTER)
        new = check_correction(now, kind=kind, target=target, value=value or {}, who="A drafter", why="seen")
        return keep_correction(session, new, NOW).id


def only_edit(inbox: Inbox) -> str:
    return snapshot_of(inbox).edits[0].id


def test_a_mail_is_of_the_party_that_a_person_says(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER"), REACH)
    correct(inbox, "party", {"mail": mail}, {"party": "NGA"})
    assert (status_of(inbox, "NER").state, status_of(inbox, "NGA").state) == ("none", "commented")


def test_a_mail_that_is_not_read_counts_for_the_party_that_a_person_says(inbox: Inbox) -> None:
    mail = inbox.arrive("sealed")
    correct(inbox, "party", {"mail": mail}, {"party": "ZMB"})
    assert status_of(inbox, "ZMB").state == "received"


def test_a_mail_is_of_the_class_that_a_person_says(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER"), REACH)
    correct(inbox, "kind", {"mail": mail}, {"kind": "spam"})
    assert (status_of(inbox, "NER").state, status_of(inbox, "NER").edits) == ("none", 0)


def test_two_mails_that_are_one_count_once(inbox: Inbox) -> None:
    first, second = inbox.mail(message("NER"), REACH), inbox.mail(message("NER"), REACH)
    correct(inbox, "same", {"mail": second}, {"as": first})
    assert (status_of(inbox, "NER").mails, status_of(inbox, "NER").edits) == (1, 1)


def test_a_person_says_that_a_mail_is_superseded_and_that_it_is_not(inbox: Inbox) -> None:
    first = inbox.mail(message("NER"), REACH)
    second = inbox.mail(message("NER"), remark("OP1", "Good."), at=NOON.replace(day=4))
    correct(inbox, "superseded", {"mail": first}, {"by": second})
    assert (status_of(inbox, "NER").edits, status_of(inbox, "NER").superseded) == (0, 1)
    correct(inbox, "superseded", {"mail": first}, {"superseded": False})
    assert (status_of(inbox, "NER").edits, status_of(inbox, "NER").superseded) == (1, 0)


def test_an_edit_is_placed_where_a_person_says(inbox: Inbox) -> None:
    inbox.mail(message("NER"), change("OP1", "ensure", "guarantee", needs_review=True))
    text = DRAFT.text("OP11")
    with pytest.raises(WrongCorrection, match=r"OP11 holds 'ensure' 0 times"):
        correct(inbox, "place", {"edit": only_edit(inbox)}, {"paragraph": "OP11"})
    assert "ensure" not in text
    correct(inbox, "place", {"edit": only_edit(inbox)}, {"paragraph": "OP6"})
    fact = snapshot_of(inbox).edits[0]
    assert (fact.edit.paragraph, fact.edit.old, fact.review) == ("OP6", "ensure", "")
    assert DRAFT.text("OP6")[fact.edit.start : fact.edit.end] == "ensure"


def test_an_edit_that_is_no_comment_is_out_of_the_counts(inbox: Inbox) -> None:
    inbox.mail(message("NER"), REACH)
    correct(inbox, "dismiss", {"edit": only_edit(inbox)})
    assert (status_of(inbox, "NER").edits, len(snapshot_of(inbox).edits)) == (0, 1)


def test_what_a_person_has_confirmed_needs_no_review(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER", confidence=0.2), change("OP5", "effectiveness", "reach", needs_review=True))
    assert status_of(inbox, "NER").to_review == 2
    correct(inbox, "confirm", {"edit": only_edit(inbox)})
    correct(inbox, "confirm", {"mail": mail})
    assert status_of(inbox, "NER").to_review == 0


def test_a_confirmation_does_not_hide_what_a_new_reading_brings(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER"), REACH, unplaced=(Unplaced("Be bold.", "body", ""),))
    correct(inbox, "confirm", {"mail": mail})
    inbox.read(mail, Reading(message("NER"), parts=(document("a.pdf", "unreadable"),)))
    assert snapshot_of(inbox).mails[0].review == ("not read: a.pdf",)


def test_what_was_confirmed_once_stays_so_when_more_is_confirmed(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER", confidence=0.2), REACH)
    correct(inbox, "confirm", {"mail": mail})
    inbox.read(mail, Reading(message("NER", confidence=0.2), (REACH,), parts=(document("a.pdf", "unreadable"),)))
    correct(inbox, "confirm", {"mail": mail})
    assert snapshot_of(inbox).mails[0].review == ()


def test_a_place_that_no_longer_fits_changes_nothing_and_says_so(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER"), change("OP1", "ensure", "guarantee"))
    correct(inbox, "place", {"edit": only_edit(inbox)}, {"paragraph": "OP6"})
    inbox.read(mail, Reading(message("NER"), (change("OP3", "strengthen", "guarantee"),)))
    now = snapshot_of(inbox)
    assert now.edits[0].edit.paragraph == "OP3"
    assert now.corrections[0].not_applied == "the place that it names does not hold the edit's old words"


def test_an_edit_is_entered_by_hand_with_its_source(inbox: Inbox) -> None:
    entered = {"paragraph": "OP5", "action": "replace", "start": 12, "end": 25, "old": "effectiveness", "new": "reach"}
    correct(inbox, "entry", {"party": "ZMB"}, {"edit": entered, "source": "a phone call"})
    fact = snapshot_of(inbox).edits[0]
    assert (fact.mail, fact.edit.sources, fact.edit.author) == (None, ("a phone call",), "A drafter")
    assert status_of(inbox, "ZMB").state == "commented"


def test_a_party_has_its_own_deadline(inbox: Inbox) -> None:
    inbox.mail(message("PAK"), REACH, at=datetime(2021, 9, 10, tzinfo=UTC))
    assert status_of(inbox, "PAK").late
    correct(inbox, "deadline", {"party": "PAK"}, {"deadline": "2021-09-10", "granted_by": "the Presidency"})
    assert not status_of(inbox, "PAK").late


def test_a_correction_is_undone_by_another(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER"), REACH)
    first = correct(inbox, "party", {"mail": mail}, {"party": "NGA"})
    second = correct(inbox, "undo", {"correction": first})
    assert status_of(inbox, "NER").state == "commented"
    assert [(one.id, one.undone_by) for one in snapshot_of(inbox).corrections] == [(first, second), (second, None)]
    with pytest.raises(WrongCorrection, match="is undone already"):
        correct(inbox, "undo", {"correction": first})


def test_corrections_outlive_a_new_reading(either_inbox: Inbox) -> None:
    """The new parsers number the edits otherwise, place one better, and know the Party no better than before."""
    moved = change("OP1", "ensure", "guarantee")
    mail = either_inbox.mail(message("NER"), REACH, moved, remark("OP2", "Fine."))
    by_words = {fact.edit.new or fact.edit.comment: fact.id for fact in snapshot_of(either_inbox).edits}
    correct(either_inbox, "party", {"mail": mail}, {"party": "NGA"})
    correct(either_inbox, "place", {"edit": by_words["guarantee"]}, {"paragraph": "OP6"})
    correct(either_inbox, "dismiss", {"edit": by_words["Fine."]})
    elsewhere = Edit("OP3", "comment", comment="Fine.", origin="remark")
    either_inbox.read(mail, Reading(message("NER"), (elsewhere, remark("OP4", "New."), moved, REACH)), parsers="2")
    facts = {fact.edit.new or fact.edit.comment: fact for fact in snapshot_of(either_inbox).edits}
    assert {name: (fact.edit.paragraph, fact.is_current) for name, fact in facts.items()} == {
        "Fine.": ("OP3", False),
        "New.": ("OP4", True),
        "guarantee": ("OP6", True),
        "reach": ("OP5", True),
    }
    assert all(fact.speaker and fact.speaker.name == "NGA" for fact in facts.values())


def test_a_correction_whose_edit_is_gone_is_kept_and_says_so(inbox: Inbox) -> None:
    mail = inbox.mail(message("NER"), REACH)
    correct(inbox, "dismiss", {"edit": only_edit(inbox)})
    inbox.read(mail, Reading(message("NER"), (change("OP5", "wild species", "wildlife"),)))
    now = snapshot_of(inbox)
    assert now.edits[0].is_current
    assert now.corrections[0].not_applied == "the edit that it names is not found in the new reading"


def test_equal_edits_of_one_mail_are_told_apart(inbox: Inbox) -> None:
    inbox.mail(message("NER"), REACH, REACH)
    second = snapshot_of(inbox).edits[1].id
    correct(inbox, "dismiss", {"edit": second})
    assert [fact.is_current for fact in snapshot_of(inbox).edits] == [True, False]


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
    ("deadline", {"party": "NOR"}, {"deadline": "soon", "granted_by": "x"},
     "deadline 'soon': a date such as 2021-09-13 is expected"),
    ("undo", {"correction": 5}, {}, "correction 5: there is none"),
    ("undo", {"correction": "x"}, {}, "correction 'x': a number is expected"),
    ("magic", {}, {}, "kind 'magic': one of party"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "target", "value", "says"), WRONG)
def test_a_correction_that_names_what_is_not_there_is_a_clear_error(
    inbox: Inbox, kind: str, target: dict[str, Any], value: dict[str, Any], says: str
) -> None:
    inbox.mail(message("NOR"), REACH)
    with pytest.raises(WrongCorrection, match=says):
        correct(inbox, kind, target, value)
    assert snapshot_of(inbox).corrections == ()


def test_a_correction_has_a_name(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR"), REACH)
    with pytest.raises(WrongCorrection, match="carries the name"):
        check_correction(snapshot_of(inbox), kind="confirm", target={"mail": mail}, value={}, who=" ", why="")
