"""The Status of each Party, which of its mails are current, who agrees and what collides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from fixture_inbox import (
    DRAFT,
    NOON,
    NOW,
    REGISTER,
    Inbox,
    added,
    change,
    claim,
    document,
    either_inbox,
    inbox,
    message,
    remark,
    snapshot_of,
    status_of,
)
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, update

from consultation.agreement import changed_passages
from consultation.authority import SentMail
from consultation.by_paragraph import paragraph_view
from consultation.deadlines import day_ends
from consultation.details import mail_detail
from consultation.facts import EditFact, MailFact, Superseded
from consultation.redline import applied, in_context, redline
from consultation.status import state_of, status
from consultation.superseding import supersessions_among
from parsing.model import Claim, Edit, Flags, Group, Reading, Unplaced
from store.reads.mails import read_texts
from store.reads.snapshot import snapshot_version
from store.tables import MailRow
from store.writes import keep_crash, keep_failure

__all__ = ["either_inbox", "inbox"]

# --- the state ---------------------------------------------------------------------------------------


def fact(kind: Any = None, stage: Any = "read", **more: Any) -> MailFact:
    return MailFact(1, "", 1, NOON, stage, kind=kind, party="NOR", **more)


NOTHING: list[MailFact] = []
STATES = [
    (NOTHING, 0, "none"),
    ([fact("announcement")], 0, "announced"),
    ([fact(stage="unread")], 0, "received"),
    ([fact(stage="failed")], 0, "received"),
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
def test_the_state_is_the_headline_of_what_is_current(mails: list[MailFact], statements: int, state: str) -> None:
    assert state_of(mails, statements) == state


def test_a_comment_that_cannot_be_read_is_not_no_comment(inbox: Inbox) -> None:
    inbox.mail(message("ZMB", "no-comments"), parts=(document("SCAN_0012.pdf", "unreadable", "a picture"),))
    row = status_of(inbox, "ZMB")
    assert (row.state, row.unreadable, row.needs_review) == ("unreadable", ("SCAN_0012.pdf: a picture",), True)


def test_a_mail_of_which_nothing_was_placed_is_received_and_needs_review(inbox: Inbox) -> None:
    inbox.mail(message("KEN"), unplaced=(Unplaced("Mention UNEP.", "body", "names no paragraph"),))
    row = status_of(inbox, "KEN")
    assert (row.state, row.unplaced, row.needs_review) == ("received", 1, True)


def test_observers_and_groups_are_apart(inbox: Inbox) -> None:
    inbox.mail(message(observer="USA"), remark("OP1", "Good."))
    inbox.mail(message("MWI", group="African Group"), remark("OP1", "Good."))
    now = status(snapshot_of(inbox))
    assert [row.code for row in now.observers] == ["USA"]
    assert [row.code for row in now.groups] == ["African Group"]
    assert (now.totals.mails, now.totals.answered) == (0, 0)


def test_members_of_a_group_are_covered_by_it_the_speaker_too(inbox: Inbox) -> None:
    register = replace(REGISTER, groups=(Group("African Group", (), ("KEN", "ETH")),))
    inbox.mail(message("MWI", group="African Group"), remark("OP1", "Good."))
    inbox.mail(message("KEN"), remark("OP2", "Good."))
    rows = {code: status_of(inbox, code, register) for code in ("KEN", "ETH", "MWI", "NOR")}
    assert {code: (row.state, row.covered_by) for code, row in rows.items()} == {
        "KEN": ("commented", ("African Group",)),
        "ETH": ("covered", ("African Group",)),
        "MWI": ("covered", ("African Group",)),
        "NOR": ("none", ()),
    }


def test_the_union_is_a_party_and_covers_its_members(inbox: Inbox) -> None:
    inbox.mail(message("EU"), remark("OP1", "Good."))
    now = status(snapshot_of(inbox))
    assert sum(row.covered_by == ("EU",) for row in now.parties) == 27
    assert (now.totals.states["commented"], now.totals.states["covered"], now.totals.answered) == (1, 27, 1)


def test_an_announcement_covers_nobody(inbox: Inbox) -> None:
    inbox.mail(message("EU", "announcement"))
    assert status_of(inbox, "AUT").covered_by == ()


def test_a_joint_submission_covers_those_who_join(inbox: Inbox) -> None:
    inbox.mail(message("NOR", flags=Flags(joint=("ISL", "NOR"))), remark("OP1", "Good."))
    assert status_of(inbox, "ISL").covered_by == ("NOR",)
    assert status_of(inbox, "NOR").covered_by == ()


def test_totals_by_region_sum_to_the_196(inbox: Inbox) -> None:
    totals = status(snapshot_of(inbox)).totals
    assert sum(sum(states.values()) for states in totals.regions.values()) == totals.parties == 196


def test_late_uncopied_and_unverified_are_flags_not_gates(inbox: Inbox) -> None:
    inbox.mail(message("PAK", copied=False), remark("OP1", "Good."), at=datetime(2021, 9, 9, tzinfo=UTC))
    row = status_of(inbox, "PAK")
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
    inbox: Inbox, _why: str, internaldate: Any, received: Any, date: Any, late: bool
) -> None:
    inbox.mail(message("NOR", received=received, date=date), remark("OP1", "Good."), at=internaldate)
    assert snapshot_of(inbox).mails[0].late is late


@pytest.mark.parametrize(("hours", "utc"), [(-12, 12), (0, 0), (8, -8)])
def test_the_deadlines_day_ends_where_it_is_set_to(hours: int, utc: int) -> None:
    midnight = datetime(2021, 9, 7, tzinfo=UTC)
    assert day_ends(DRAFT.deadline, timedelta(hours=hours)) == midnight + timedelta(hours=utc)


def test_an_arrival_in_the_copy_mailbox_is_a_copy(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR", copied=False), remark("OP1", "Good."), name="one")
    assert inbox.arrive("one", mailbox="copies") == mail
    assert snapshot_of(inbox, mailboxes={"copies": DRAFT.copy_to}).mails[0].copied is True
    assert snapshot_of(inbox, mailboxes={"copies": "other@example.org"}).mails[0].copied is False


def test_a_mail_whose_reading_crashed_needs_review(inbox: Inbox) -> None:
    mail = inbox.arrive("bomb")
    with inbox.sessions.begin() as session:
        keep_failure(session, mail, "Traceback", "1")
    now = snapshot_of(inbox)
    assert (now.mails[0].stage, now.mails[0].review) == ("failed", ("reading it failed",))
    assert status(now).totals.unattributed == 1


def test_a_mail_whose_reading_crashed_counts_for_the_party_that_its_headers_name(inbox: Inbox) -> None:
    mail = inbox.arrive("bomb")
    with inbox.sessions.begin() as session:
        keep_crash(session, mail, "Traceback", Reading(message("ZMB", confidence=0.2)), DRAFT.id, "1", NOW)
    fact = snapshot_of(inbox).mails[0]
    assert (fact.stage, fact.party, fact.review) == (
        "failed",
        "ZMB",
        ("reading it failed", "its attribution is doubtful"),
    )
    assert status_of(inbox, "ZMB").state == "received"


def test_a_twin_counts_once_and_gives_its_arrival(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR", copied=False), remark("OP1", "Good."))
    twin = inbox.arrive("the other", mailbox="copies", at=NOON - timedelta(hours=1))
    with inbox.sessions.begin() as session:
        session.execute(update(MailRow).where(MailRow.id == twin).values(twin_of=mail))
    now = snapshot_of(inbox, mailboxes={"copies": DRAFT.copy_to})
    one = next(fact for fact in now.mails if fact.id == mail)
    assert ({arrival.mailbox for arrival in one.arrivals}, one.copied) == ({"outcome", "copies"}, True)
    assert one.provable == NOON - timedelta(hours=1)
    assert (status(now).totals.mails, status(now).totals.unattributed) == (1, 0)


def test_a_mail_that_is_not_attributed_needs_review(inbox: Inbox) -> None:
    inbox.mail(message(None), remark("OP1", "Good."))
    now = snapshot_of(inbox)
    assert now.mails[0].review == ("not attributed: no Party, Group or observer is named",)
    assert status(now).totals.unattributed == 1


# --- what is current -------------------------------------------------------------------------------------


def sent(number: int, files: tuple[tuple[str, str], ...] = (), **said: Any) -> SentMail:
    at, said_in = NOON + timedelta(hours=number), frozenset((name,) for name, _ in files)
    return SentMail(number, at, f"<{number}@x>", Claim(**said), files, "office@example.org", said_in=said_in)


CURRENT: list[tuple[str, list[SentMail], list[int]]] = [
    ("a later mail adds", [sent(1), sent(2)], [1, 2]),
    ("one that replaces all", [sent(1), sent(2), sent(3, replaces="all")], [3]),
    ("the one before", [sent(1), sent(2), sent(3, replaces="previous")], [1, 3]),
    ("the one before that is current", [sent(1), sent(2, replaces="previous"), sent(3, replaces="previous")], [3]),
    ("the first", [sent(1), sent(2), sent(3, replaces="first")], [2, 3]),
    ("one that is named", [sent(1), sent(2), sent(3, replaces="all", of=("<1@x>",))], [2, 3]),
    ("withdrawn", [sent(1), sent(2, withdraws=True)], [2]),
    ("nothing before it", [sent(1, replaces="all"), sent(2)], [1, 2]),
    ("the same file revised", [sent(1, (("NO comments.docx", "a"),)), sent(2, (("NO comments_rev2.docx", "b"),))], [2]),
    ("the same file again", [sent(1, (("NO.docx", "a"),)), sent(2, (("NO.docx", "a"),))], [1, 2]),
    ("another file", [sent(1, (("preamble.docx", "a"),)), sent(2, (("commitments.docx", "b"),))], [1, 2]),
    ("parts of one whole", [sent(1, (("part 1.docx", "a"),)), sent(2, (("part 2.docx", "b"),))], [1, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "mails", "current"), CURRENT)
def test_what_is_current(_why: str, mails: list[SentMail], current: list[int]) -> None:
    out = supersessions_among(mails).mails
    assert [mail.id for mail in mails if mail.id not in out] == current


THREE = (
    ("first", NOON, Flags(), "at once"),
    ("corrigendum", NOON + timedelta(hours=5), claim(replaces="previous", why="corrigendum"), "without delay"),
    ("disregard", NOON + timedelta(hours=9), claim(replaces="first", why="please disregard the first"), ""),
)


@given(order=st.permutations(THREE))
def test_three_mails_give_the_right_position_in_every_order_of_arrival(order: Any) -> None:
    numbers = count(1)
    mails = [SentMail(next(numbers), at, f"<{name}@x>", flags.claim) for name, at, flags, _ in order]
    out = supersessions_among(mails).mails
    current = {mail.message_id for mail in mails if mail.id not in out}
    assert current == {"<corrigendum@x>", "<disregard@x>"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_three_mails_leave_the_corrected_words(either_inbox: Inbox, order: tuple[int, ...]) -> None:
    for n in order:
        name, at, flags, new = THREE[n]
        edits = [change("OP5", "|Improve", f"{new} ")] if new else []
        either_inbox.mail(message("GBR", flags=flags, message_id=f"<{name}@x>"), *edits, at=at, name=name)
    assert [fact.edit.new for fact in snapshot_of(either_inbox).edits if fact.is_current] == ["without delay "]
    row = status_of(either_inbox, "GBR")
    assert (row.edits, row.superseded, row.state) == (1, 1, "commented")
    found = next(mail.superseded for mail in snapshot_of(either_inbox).mails if mail.superseded)
    assert found == Superseded(either_inbox.ids["corrigendum"], "“corrigendum”")


def test_mails_of_one_party_that_contradict_each_other_are_both_current_and_need_review(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "reach"), remark("OP5", "Good."))
    inbox.mail(message("NOR"), change("OP5", "effectiveness", "scope"), at=NOON + timedelta(days=1))
    facts = {fact.edit.new or fact.edit.comment: fact for fact in snapshot_of(inbox).edits}
    assert all(fact.is_current for fact in facts.values())
    assert {name: bool(fact.review) for name, fact in facts.items()} == {"reach": True, "scope": True, "Good.": False}


# --- who agrees, what collides -----------------------------------------------------------------------


def grouped(label: str, *edits: Edit) -> list[list[int]]:
    facts = [EditFact(str(n), edit, edit, 0, 1) for n, edit in enumerate(edits)]
    return [[len(one.members) for one in passage.proposals] for passage in changed_passages(DRAFT.text(label), facts)]


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


@pytest.mark.parametrize(("old", "new"), [("Improve |the", "greatly "), ("effectiveness", "reach"), (" of", "")])
def test_what_two_mails_say_alike_is_made_once(old: str, new: str) -> None:
    assert redline(OFFICIAL, [at(old, new)] * 2) == redline(OFFICIAL, [at(old, new)])
    assert applied(OFFICIAL, [at(old, new)] * 2) == applied(OFFICIAL, [at(old, new)])


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


def test_a_paragraph_shows_who_adds_one_after_it(inbox: Inbox) -> None:
    inbox.mail(message("PAK"), added("OP13", "Strengthen cooperation."))
    inbox.mail(message("PAN"), added("OP13", "Strengthen  cooperation."))
    found = paragraph_view(snapshot_of(inbox), "op13")
    assert found is not None
    assert [len(proposal.members) for proposal in found.added] == [2]


def test_the_official_text_shows_where_it_is_touched_and_by_how_many(inbox: Inbox) -> None:
    inbox.mail(message("PAK"), change("OP5", "Improve", "Raise"), change("OP5", "the| effectiveness", " full"))
    inbox.mail(message("PAN"), change("OP5", "Improve the", "Raise"))
    found = paragraph_view(snapshot_of(inbox), "OP5")
    assert found is not None
    assert found.touched[:3] == (("Improve", 2, 0), (" the", 1, 0), ("", 1, 1))
    assert "".join(text for text, _, _ in found.touched) == DRAFT.text("OP5")


def test_the_version_changes_with_all_that_a_snapshot_shows(either_inbox: Inbox) -> None:
    versions = []

    def note() -> None:
        with either_inbox.sessions() as session:
            versions.append(snapshot_version(session))

    note()
    mail = either_inbox.arrive("one")
    note()
    either_inbox.read(mail, Reading(message("NOR"), (remark("OP1", "Good."),)))
    note()
    either_inbox.read(mail, Reading(message("NOR"), (remark("OP1", "Good."), remark("OP2", "Good."))))
    note()
    with either_inbox.sessions.begin() as session:
        keep_failure(session, mail, "Traceback", "1")
    note()
    assert len(set(versions)) == len(versions)


# --- speed and shape of the reads --------------------------------------------------------------------


@contextmanager
def counted(inbox: Inbox) -> Iterator[list[str]]:
    seen: list[str] = []
    event.listen(inbox.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    yield seen


def fill(inbox: Inbox, mails: int, edits: int) -> None:
    codes = [party.code for party in REGISTER.parties]
    for n in range(mails):
        changes = [change("OP5", "effectiveness", f"reach {n} {k}") for k in range(edits)]
        inbox.mail(message(codes[n % 196]), *changes)


def test_the_number_of_queries_does_not_grow_with_the_mails(inbox: Inbox) -> None:
    fill(inbox, 2, 2)
    with counted(inbox) as few:
        status(snapshot_of(inbox))
    first = len(few)
    fill(inbox, 6, 3)
    with counted(inbox) as many:
        status(snapshot_of(inbox))
    assert len(many) == first


def test_one_mail_in_full_costs_few_queries(inbox: Inbox) -> None:
    mail = inbox.mail(message("NOR"), change("OP5", "effectiveness", "reach"), parts=(document("a.docx"),))
    now = snapshot_of(inbox)
    fact = now.mail(mail)
    assert fact is not None
    with counted(inbox) as seen, inbox.sessions() as session:
        detail = mail_detail(now, fact, read_texts(session, mail))
    assert [part.name for part in detail.parts] == ["a.docx"]
    assert len(seen) <= 7
