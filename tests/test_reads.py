"""Where each Party stands, what stands of its mails, who agrees and what collides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from fixture_desk import DRAFT, NOON, House, added, change, claim, document, either_house, house, message, remark
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, update

from consultation.agreement import spots
from consultation.by_paragraph import place
from consultation.facts import Desk, EditFact, Gone, MailFact
from consultation.redline import applied, in_context, redline
from consultation.status import Standing, state_of, status
from consultation.superseding import Sent, replaced
from parsing.model import Claim, Edit, Flags, Group, Reading, Register, Unplaced
from store.reads.mail import mail_detail
from store.reads.snapshot import day_ends, read_desk, stamp
from store.register import load
from store.tables import MailRow
from store.writes import keep_failure

__all__ = ["either_house", "house"]
REGISTER = load()


def desk(house: House, register: Register = REGISTER, **more: Any) -> Desk:
    with house.sessions() as session:
        return read_desk(session, register, **more)


def standing(house: House, code: str, register: Register = REGISTER) -> Standing:
    row = status(desk(house, register)).of(code)
    assert row is not None
    return row


# --- the state ---------------------------------------------------------------------------------------


def fact(kind: Any = None, stage: Any = "read", **more: Any) -> MailFact:
    return MailFact(1, "", 1, NOON, stage, kind=kind, party="NOR", **more)


NOTHING: list[MailFact] = []
STATES = [
    (NOTHING, 0, "none"),
    ([fact("announcement")], 0, "announced"),
    ([fact(stage="unread")], 0, "received"),
    ([fact(stage="failed")], 0, "unreadable"),
    ([fact(stage="refused")], 0, "unreadable"),
    ([fact("no-comments")], 0, "no-comments"),
    ([fact("comments")], 3, "commented"),
    ([fact("comments")], 0, "unreadable"),
    ([fact("no-comments", unreadable=("a.pdf",))], 0, "unreadable"),
    ([fact("announcement", unreadable=("a.pdf",))], 0, "unreadable"),
    ([fact("no-comments"), fact(stage="unread")], 0, "received"),
    ([fact("no-comments"), fact("announcement")], 0, "no-comments"),
    ([fact("comments"), fact("comments", unreadable=("a.pdf",))], 1, "commented"),
    ([fact("rsvp")], 0, "none"),
    ([fact("auto-reply")], 0, "none"),
    ([fact("bounce"), fact("spam")], 0, "none"),
]


@pytest.mark.parametrize(("mails", "statements", "state"), STATES)
def test_the_state_is_the_headline_of_what_stands(mails: list[MailFact], statements: int, state: str) -> None:
    assert state_of(mails, statements) == state


def test_a_comment_that_cannot_be_read_is_not_no_comment(house: House) -> None:
    house.mail(message("ZMB", "no-comments"), parts=(document("SCAN_0012.pdf", "unreadable", "a picture"),))
    row = standing(house, "ZMB")
    assert (row.state, row.unreadable, row.needs_review) == ("unreadable", ("SCAN_0012.pdf: a picture",), True)


def test_a_comment_without_a_place_is_a_comment(house: House) -> None:
    house.mail(message("KEN"), unplaced=(Unplaced("Mention UNEP.", "body", "names no paragraph"),))
    row = standing(house, "KEN")
    assert (row.state, row.unplaced, row.needs_review) == ("commented", 1, True)


def test_observers_and_groups_stand_apart(house: House) -> None:
    house.mail(message(observer="USA"), remark("OP1", "Good."))
    house.mail(message("MWI", group="African Group"), remark("OP1", "Good."))
    now = status(desk(house))
    assert [row.code for row in now.observers] == ["USA"]
    assert [row.code for row in now.groups] == ["African Group"]
    assert (now.totals.mails, now.totals.answered) == (0, 0)


def test_members_of_a_group_are_covered_by_it_the_speaker_too(house: House) -> None:
    register = replace(REGISTER, groups=(Group("African Group", (), ("KEN", "ETH")),))
    house.mail(message("MWI", group="African Group"), remark("OP1", "Good."))
    house.mail(message("KEN"), remark("OP2", "Good."))
    rows = {code: standing(house, code, register) for code in ("KEN", "ETH", "MWI", "NOR")}
    assert {code: (row.state, row.covered_by) for code, row in rows.items()} == {
        "KEN": ("commented", ("African Group",)),
        "ETH": ("covered", ("African Group",)),
        "MWI": ("covered", ("African Group",)),
        "NOR": ("none", ()),
    }


def test_the_union_is_a_party_and_covers_its_members(house: House) -> None:
    house.mail(message("EU"), remark("OP1", "Good."))
    now = status(desk(house))
    assert sum(row.covered_by == ("EU",) for row in now.parties) == 27
    assert (now.totals.states["commented"], now.totals.states["covered"], now.totals.answered) == (1, 27, 1)


def test_an_announcement_covers_nobody(house: House) -> None:
    house.mail(message("EU", "announcement"))
    assert standing(house, "AUT").covered_by == ()


def test_a_joint_submission_covers_those_who_join(house: House) -> None:
    house.mail(message("NOR", flags=Flags(joint=("ISL", "NOR"))), remark("OP1", "Good."))
    assert standing(house, "ISL").covered_by == ("NOR",)
    assert standing(house, "NOR").covered_by == ()


def test_totals_by_region_sum_to_the_196(house: House) -> None:
    totals = status(desk(house)).totals
    assert sum(sum(states.values()) for states in totals.regions.values()) == totals.parties == 196


def test_late_uncopied_and_unverified_are_flags_not_gates(house: House) -> None:
    house.mail(message("PAK", copied=False), remark("OP1", "Good."), at=datetime(2021, 9, 9, tzinfo=UTC))
    row = standing(house, "PAK")
    assert (row.state, row.late, row.copied, row.unverified) == ("commented", True, False, True)


DAY_ENDS = datetime(2021, 9, 7, 12, tzinfo=UTC)
LATE = [
    ("the mailbox's time", DAY_ENDS, None, None, True),
    ("a second before", DAY_ENDS - timedelta(seconds=1), None, None, False),
    ("the earlier of two", DAY_ENDS, DAY_ENDS - timedelta(hours=1), None, False),
    ("the sender's claim counts for nothing", DAY_ENDS, None, NOON, True),
    ("but alone", None, None, NOON, False),
    ("and late alone", None, None, DAY_ENDS, True),
]


@pytest.mark.parametrize(("_why", "internaldate", "received", "date", "late"), LATE)
def test_late_is_late_by_provable_time(
    house: House, _why: str, internaldate: Any, received: Any, date: Any, late: bool
) -> None:
    house.mail(message("NOR", received=received, date=date), remark("OP1", "Good."), at=internaldate)
    assert desk(house).mails[0].late is late


@pytest.mark.parametrize(("hours", "utc"), [(-12, 12), (0, 0), (8, -8)])
def test_the_deadlines_day_ends_where_it_is_set_to(hours: int, utc: int) -> None:
    midnight = datetime(2021, 9, 7, tzinfo=UTC)
    assert day_ends(DRAFT.deadline, timedelta(hours=hours)) == midnight + timedelta(hours=utc)


def test_an_arrival_in_the_copy_mailbox_is_a_copy(house: House) -> None:
    mail = house.mail(message("NOR", copied=False), remark("OP1", "Good."), name="one")
    assert house.arrive("one", mailbox="copies") == mail
    assert desk(house, mailboxes={"copies": DRAFT.copy_to}).mails[0].copied is True
    assert desk(house, mailboxes={"copies": "other@example.org"}).mails[0].copied is False


def test_a_mail_whose_reading_died_waits_for_a_person(house: House) -> None:
    mail = house.arrive("bomb")
    with house.sessions.begin() as session:
        keep_failure(session, mail, "Traceback", "1")
    now = desk(house)
    assert (now.mails[0].stage, now.mails[0].review) == ("failed", ("reading it failed",))
    assert status(now).totals.waiting == 1


def test_a_twin_counts_once_and_gives_its_arrival(house: House) -> None:
    mail = house.mail(message("NOR", copied=False), remark("OP1", "Good."))
    twin = house.arrive("the other", mailbox="copies", at=NOON - timedelta(hours=1))
    with house.sessions.begin() as session:
        session.execute(update(MailRow).where(MailRow.id == twin).values(twin_of=mail))
    now = desk(house, mailboxes={"copies": DRAFT.copy_to})
    one = next(fact for fact in now.mails if fact.id == mail)
    assert ({arrival.mailbox for arrival in one.arrivals}, one.copied) == ({"outcome", "copies"}, True)
    assert one.provable == NOON - timedelta(hours=1)
    assert (status(now).totals.mails, status(now).totals.waiting) == (1, 0)


def test_a_mail_that_names_nobody_waits(house: House) -> None:
    house.mail(message(None), remark("OP1", "Good."))
    now = desk(house)
    assert now.mails[0].review == ("nobody is named as the one who speaks",)
    assert status(now).totals.waiting == 1


# --- what stands -------------------------------------------------------------------------------------


def sent(number: int, files: tuple[tuple[str, str], ...] = (), **said: Any) -> Sent:
    return Sent(number, NOON + timedelta(hours=number), f"<{number}@x>", Claim(**said), files)


STANDS: list[tuple[str, list[Sent], list[int]]] = [
    ("a later mail adds", [sent(1), sent(2)], [1, 2]),
    ("one that replaces all", [sent(1), sent(2), sent(3, replaces="all")], [3]),
    ("the one before", [sent(1), sent(2), sent(3, replaces="previous")], [1, 3]),
    ("the one before that still stands", [sent(1), sent(2, replaces="previous"), sent(3, replaces="previous")], [3]),
    ("the first", [sent(1), sent(2), sent(3, replaces="first")], [2, 3]),
    ("one that is named", [sent(1), sent(2), sent(3, replaces="all", of=("<1@x>",))], [2, 3]),
    ("withdrawn", [sent(1), sent(2, withdraws=True)], [2]),
    ("nothing before it", [sent(1, replaces="all"), sent(2)], [1, 2]),
    ("the same file revised", [sent(1, (("NO comments.docx", "a"),)), sent(2, (("NO comments_rev2.docx", "b"),))], [2]),
    ("the same file again", [sent(1, (("NO.docx", "a"),)), sent(2, (("NO.docx", "a"),))], [2]),
    ("another file", [sent(1, (("preamble.docx", "a"),)), sent(2, (("commitments.docx", "b"),))], [1, 2]),
    ("parts of one whole", [sent(1, (("part 1.docx", "a"),)), sent(2, (("part 2.docx", "b"),))], [1, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "mails", "stand"), STANDS)
def test_what_stands(_why: str, mails: list[Sent], stand: list[int]) -> None:
    gone = replaced(mails)
    assert [mail.id for mail in mails if mail.id not in gone] == stand


THREE = (
    ("first", NOON, Flags(), "at once"),
    ("corrigendum", NOON + timedelta(hours=5), claim(replaces="previous", why="corrigendum"), "without delay"),
    ("disregard", NOON + timedelta(hours=9), claim(replaces="first", why="please disregard the first"), ""),
)


@given(order=st.permutations(THREE))
def test_three_mails_give_the_right_position_in_every_order_of_arrival(order: Any) -> None:
    numbers = count(1)
    mails = [Sent(next(numbers), at, f"<{name}@x>", flags.claim) for name, at, flags, _ in order]
    gone = replaced(mails)
    stand = {mail.message_id for mail in mails if mail.id not in gone}
    assert stand == {"<corrigendum@x>", "<disregard@x>"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_three_mails_leave_the_corrected_words(either_house: House, order: tuple[int, ...]) -> None:
    for n in order:
        name, at, flags, new = THREE[n]
        edits = [change("OP5", "|Improve", f"{new} ")] if new else []
        either_house.mail(message("GBR", flags=flags, message_id=f"<{name}@x>"), *edits, at=at, name=name)
    assert [fact.edit.new for fact in desk(either_house).edits if fact.stands] == ["without delay "]
    row = standing(either_house, "GBR")
    assert (row.edits, row.superseded, row.state) == (1, 1, "commented")
    gone = next(mail.gone for mail in desk(either_house).mails if mail.gone)
    assert gone == Gone(either_house.ids["corrigendum"], "“corrigendum”")


def test_mails_of_one_party_that_contradict_each_other_both_stand_and_need_review(house: House) -> None:
    house.mail(message("NOR"), change("OP5", "effectiveness", "reach"), remark("OP5", "Good."))
    house.mail(message("NOR"), change("OP5", "effectiveness", "scope"), at=NOON + timedelta(days=1))
    facts = {fact.edit.new or fact.edit.comment: fact for fact in desk(house).edits}
    assert all(fact.stands for fact in facts.values())
    assert {name: bool(fact.review) for name, fact in facts.items()} == {"reach": True, "scope": True, "Good.": False}


# --- who agrees, what collides -----------------------------------------------------------------------


def grouped(label: str, *edits: Edit) -> list[list[int]]:
    facts = [EditFact(str(n), edit, edit, 0, 1) for n, edit in enumerate(edits)]
    return [[len(one.members) for one in spot.proposals] for spot in spots(DRAFT.text(label), facts)]


AGREE = [
    ((change("OP5", "effectiveness", "reach"), change("OP5", "effectiveness", "reach")), [[2]]),
    ((change("OP5", "effectiveness", "reach"), change("OP5", "the effectiveness", "the reach")), [[2]]),
    ((change("OP5", "|effectiveness", "full "), change("OP5", "the| effectiveness", " full")), [[2]]),
    ((change("OP5", "effectiveness", "“reach”"), change("OP5", "effectiveness", '"reach"')), [[2]]),
    ((change("OP5", "effectiveness", "reach"), change("OP5", "effectiveness", "scope")), [[1, 1]]),
    ((change("OP5", "effectiveness", "reach"), change("OP5", "wild species", "wildlife")), [[1], [1]]),
    ((change("OP5", "the effectiveness", ""), change("OP5", "effectiveness of", "")), [[1, 1]]),
    (
        (
            Edit("OP5", "delete_paragraph"),
            change("OP5", "effectiveness", "reach"),
            change("OP5", "wild species", "wildlife"),
        ),
        [[1], [1], [1]],
    ),
    ((Edit("OP5", "delete_paragraph"), change("OP5", "effectiveness", "reach")), [[1, 1]]),
]


@pytest.mark.parametrize(("edits", "groups"), AGREE)
def test_edits_that_leave_the_same_text_agree_and_those_on_the_same_words_collide(
    edits: tuple[Edit, ...], groups: list[list[int]]
) -> None:
    assert grouped("OP5", *edits) == groups


OFFICIAL = "Improve the effectiveness of area-based measures;"
REDLINES = [
    ("effectiveness", "reach", "Improve the [-effectiveness-]{+reach+} of area-based measures;"),
    ("ness", "", "Improve the [-effectiveness-]{+effective+} of area-based measures;"),
    ("measures|", " everywhere", "Improve the effectiveness of area-based measures{+ everywhere+};"),
    ("measure|", "d step", "Improve the effectiveness of area-based [-measures-]{+measured steps+};"),
    ("Imp", "App", "[-Improve-]{+Approve+} the effectiveness of area-based measures;"),
    ("the effectiveness of", "the reach of", "Improve the [-effectiveness-]{+reach+} of area-based measures;"),
    ("of |", "all ", "Improve the effectiveness of {+all +}area-based measures;"),
]


def at(old: str, new: str) -> Edit:
    start = OFFICIAL.index(old.replace("|", "")) + (old.index("|") if "|" in old else 0)
    old = "" if "|" in old else old
    return Edit("OP5", "replace", start, start + len(old), old, new)


def shown(segments: Any) -> str:
    marks = {"kept": "{}", "gap": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[segment.kind].format(segment.text) for segment in segments)


@pytest.mark.parametrize(("old", "new", "line"), REDLINES)
def test_a_redline_shows_whole_words(old: str, new: str, line: str) -> None:
    assert shown(redline(OFFICIAL, [at(old, new)])) == line


def test_two_changes_in_one_word_are_one() -> None:
    edits = [at("I", "Dis"), at("ve the", "ves a")]
    assert shown(redline(OFFICIAL, edits)).startswith("[-Improve the-]{+Dismproves a+} effectiveness")


def test_a_redline_in_context_leaves_out_what_is_far() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    edit = Edit("OP1", "replace", 28, 33, "seven", "VII")
    assert shown(in_context(redline(text, [edit]), words=1)) == "… six [-seven-]{+VII+} eight …"


@st.composite
def some_edits(draw: Any) -> list[Edit]:
    cuts = sorted(draw(st.sets(st.integers(0, len(OFFICIAL)), min_size=2, max_size=8)))
    spans = list(pairwise(cuts))[::2]
    words = st.text(st.sampled_from("ab é-,"), max_size=6)
    return [Edit("OP5", "replace", a, b, OFFICIAL[a:b], draw(words)) for a, b in spans]


@given(edits=some_edits())
def test_a_redline_loses_no_character(edits: list[Edit]) -> None:
    segments = redline(OFFICIAL, edits)
    assert "".join(one.text for one in segments if one.kind != "inserted") == OFFICIAL
    assert "".join(one.text for one in segments if one.kind != "deleted") == applied(OFFICIAL, edits)


def test_a_paragraph_shows_who_adds_one_after_it(house: House) -> None:
    house.mail(message("PAK"), added("OP13", "Strengthen cooperation."))
    house.mail(message("PAN"), added("OP13", "Strengthen  cooperation."))
    found = place(desk(house), "op13")
    assert found is not None
    assert [len(proposal.members) for proposal in found.added] == [2]


def test_the_official_text_shows_where_it_is_touched_and_by_how_many(house: House) -> None:
    house.mail(message("PAK"), change("OP5", "Improve", "Raise"), change("OP5", "the| effectiveness", " full"))
    house.mail(message("PAN"), change("OP5", "Improve the", "Raise"))
    found = place(desk(house), "OP5")
    assert found is not None
    assert found.touched[:3] == (("Improve", 2), (" the", 1), ("", 1))
    assert "".join(text for text, _ in found.touched) == DRAFT.text("OP5")


def test_the_stamp_changes_with_all_that_a_desk_shows(either_house: House) -> None:
    stamps = []

    def note() -> None:
        with either_house.sessions() as session:
            stamps.append(stamp(session))

    note()
    mail = either_house.arrive("one")
    note()
    either_house.read(mail, Reading(message("NOR"), (remark("OP1", "Good."),)))
    note()
    either_house.read(mail, Reading(message("NOR"), (remark("OP1", "Good."), remark("OP2", "Good."))))
    note()
    with either_house.sessions.begin() as session:
        keep_failure(session, mail, "Traceback", "1")
    note()
    assert len(set(stamps)) == len(stamps)


# --- speed and shape of the reads --------------------------------------------------------------------


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    seen: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    yield seen


def fill(house: House, mails: int, edits: int) -> None:
    codes = [party.code for party in REGISTER.parties]
    for n in range(mails):
        changes = [change("OP5", "effectiveness", f"reach {n} {k}") for k in range(edits)]
        house.mail(message(codes[n % 196]), *changes)


def test_the_number_of_queries_does_not_grow_with_the_mails(house: House) -> None:
    fill(house, 2, 2)
    with counted(house) as few:
        status(desk(house))
    first = len(few)
    fill(house, 6, 3)
    with counted(house) as many:
        status(desk(house))
    assert len(many) == first


def test_one_mail_in_full_costs_few_queries(house: House) -> None:
    mail = house.mail(message("NOR"), change("OP5", "effectiveness", "reach"), parts=(document("a.docx"),))
    now = desk(house)
    with counted(house) as seen, house.sessions() as session:
        detail = mail_detail(session, now, mail)
    assert detail is not None
    assert len(seen) <= 5
