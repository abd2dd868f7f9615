"""What is decided about mails, polls and arrivals: tables over pure functions, no store."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from fixture_inbox import DRAFT, NOON, NOW, REGISTER, change, claim, document, message, outcomes, remark

from consultation.details import mail_detail
from consultation.facts import MailFact
from consultation.find_edits import EditFilter, find_edits
from consultation.kept import (
    Arrival,
    Correction,
    KeptConsultation,
    KeptEdit,
    KeptMail,
    KeptTexts,
    KeptUnplaced,
    inner_of,
)
from consultation.ledger import ArrivalCount, KeptCounts, KeptFolder, arrival_state, make_ledger
from consultation.mails import provable_time
from consultation.polling import Freshness, KeptPolls, Poll, PollOutcome, freshness, why_stale
from consultation.review import review_reasons
from consultation.sentences import sentence_facts, unread_by_speaker, unread_of, without_unread
from consultation.snapshot import make_snapshot
from consultation.status import status
from parsing.model import Edit, Flags, Unplaced

EARLY, LATE = NOON, NOON + timedelta(hours=1)


def kept(mail_id: int = 1, **more: Any) -> KeptMail:
    given: dict[str, Any] = {"crashed": False, "refused": False, "twin_of": None} | more
    return KeptMail(mail_id, f"{mail_id:064}", 100, NOON, **given)


def arrival(mailbox: str = "outcome", **more: Any) -> Arrival:
    given: dict[str, Any] = {"internaldate": NOON, "seen_at": NOW} | more
    return Arrival(mailbox, "INBOX", 1, 1, "stored", **given)


# --- mails -------------------------------------------------------------------------------------------

TIMES = [
    ("the mailbox's", (EARLY, None, None), EARLY),
    ("the earlier of two", (LATE, EARLY, None), EARLY),
    ("the sender's claim counts for nothing", (LATE, None, EARLY), LATE),
    ("but alone", (None, None, EARLY), EARLY),
    ("none", (None, None, None), None),
]


@pytest.mark.parametrize(("_why", "times", "provable"), TIMES)
def test_the_provable_time_is_the_earlier_of_what_servers_say(_why: str, times: Any, provable: Any) -> None:
    assert provable_time(*times) == provable


STAGES = [
    (kept(), "unread"),
    (kept(refused=True), "refused"),
    (kept(crashed=True), "failed"),
    (kept(message=message("NOR")), "read"),
    (kept(message=message("NOR"), crashed=True), "failed"),
    (kept(message=message("NOR"), refused=True), "read"),
]


@pytest.mark.parametrize(("mail", "stage"), STAGES)
def test_how_far_a_mail_has_come(mail: KeptMail, stage: str) -> None:
    assert make_snapshot(KeptConsultation(DRAFT, (mail,)), REGISTER).mails[0].stage == stage


def fact(**more: Any) -> MailFact:
    given: dict[str, Any] = {"stage": "read", "kind": "comments", "party": "NOR", "confidence": 0.9} | more
    return MailFact(1, "", 1, NOON, **given)


REVIEWS: list[tuple[MailFact, list[str]]] = [
    (fact(), []),
    (fact(party=None), ["not attributed: no Party, Group or observer is named"]),
    (fact(confidence=0.4), ["its attribution is doubtful"]),
    (fact(kind="bounce", party=None), []),
    (fact(unplaced=2), []),
    (fact(unreadable=("a: scan",), problems=("a: scan", "body: odd")), ["not read: a: scan", "body: odd"]),
    (fact(stage="unread", kind=None, party=None), []),
    (fact(stage="refused", kind=None, party=None), ["too large: only its headers were kept"]),
    (fact(stage="failed", kind=None, party=None), ["reading it failed"]),
    (fact(stage="failed", unplaced=2), ["reading it failed"]),
]  # fmt: skip


@pytest.mark.parametrize(("mail", "reasons"), REVIEWS)
def test_why_a_mail_needs_review(mail: MailFact, reasons: list[str]) -> None:
    assert list(review_reasons(mail)) == reasons


ASKS = message("NOR", kind="rsvp", needs_review=True)
CLASSES = [
    ("nothing else says why", kept(message=ASKS), (), True),
    ("the reading is sure", kept(message=message("NOR", kind="rsvp")), (), False),
    ("a statement says why", kept(message=ASKS, unplaced=1), (), False),
    ("a Part says why", kept(message=ASKS, parts=(document("a.pdf", "unreadable"),)), (), False),
    ("an edit says why", kept(message=ASKS), (remark("OP5", "Good.", needs_review=True),), False),
    ("no edit does", kept(message=ASKS), (remark("OP5", "Good."),), True),
]


@pytest.mark.parametrize(("_why", "mail", "edits", "doubtful"), CLASSES)
def test_the_class_is_doubtful_where_nothing_else_needs_review(
    _why: str, mail: KeptMail, edits: tuple[Edit, ...], doubtful: bool
) -> None:
    consultation = KeptConsultation(DRAFT, (mail,), tuple(KeptEdit(1, edit) for edit in edits))
    found = make_snapshot(consultation, REGISTER).mails[0]
    assert ("its class is doubtful: rsvp" in found.review) == doubtful


def test_a_class_that_a_person_has_set_is_not_doubtful() -> None:
    mail = kept(message=ASKS)
    said = Correction(1, NOW, "A drafter", "", "kind", {"mail": mail.sha256}, {"kind": "comments"})
    (found,) = make_snapshot(KeptConsultation(DRAFT, (mail,), (), (said,)), REGISTER).mails
    assert (found.kind, found.review) == ("comments", ())


# --- sentences ---------------------------------------------------------------------------------------


def test_a_sentence_names_its_edits_by_their_ids_whatever_their_order() -> None:
    edits = (remark("OP5", "Good."), change("PP1", "Recalling", ""))
    snapshot = make_snapshot(
        KeptConsultation(DRAFT, (kept(message=message("NOR")),), tuple(KeptEdit(1, edit) for edit in edits)), REGISTER
    )
    first, second = sentence_facts(
        outcomes("body", ("remark", "Good. ", (0,)), ("edit", "Delete.", (1,))), snapshot.edits
    )
    paragraphs = {fact.id: fact.edit.paragraph for fact in snapshot.edits}
    assert [paragraphs[one.edits[0]] for one in (first, second)] == ["OP5", "PP1"]


def test_unread_sentences_stand_by_the_name_of_the_speaker_the_unattributed_first() -> None:
    mails = [
        MailFact(n, f"{n:064}", 1, NOON, "read", party=party) for n, party in enumerate(["NOR", "EGY", None, "NOR"])
    ]
    unread = [unread_of(mail.id, outcomes("body", ("unread", "a"), ("edit", "b"), ("unread", "c"))) for mail in mails]
    found = unread_by_speaker(chain.from_iterable(unread), mails, {"NOR": "Norway", "EGY": "Egypt"})
    assert [(who and who.name, [(one.mail.id, one.n) for one in said]) for who, said in found] == [
        (None, [(2, 0), (2, 2)]),
        ("EGY", [(1, 0), (1, 2)]),
        ("NOR", [(0, 0), (0, 2), (3, 0), (3, 2)]),
    ]


STATEMENTS = [
    ("the same with other spaces", 1, "Mention the oceans.", "body", False),
    ("a part of it", 1, "the oceans", "body", False),
    ("other words", 1, "Mention the seas.", "body", True),
    ("in another Part", 1, "Mention the oceans.", "a.docx", True),
    ("in another mail", 2, "Mention the oceans.", "body", True),
]


@pytest.mark.parametrize(("_why", "mail", "text", "source", "left"), STATEMENTS)
def test_a_statement_is_listed_beside_unread_sentences_where_none_holds_it(
    _why: str, mail: int, text: str, source: str, left: bool
) -> None:
    unread = unread_of(1, outcomes("body", ("unread", "Mention  the\noceans.")))
    statement = KeptUnplaced(mail, Unplaced(text, source, "why"))
    assert without_unread([statement], unread) == ((statement,) if left else ())


def test_a_snapshot_is_made_of_values_alone() -> None:
    first = kept(1, arrivals=(arrival(),), message=message("NOR", message_id="<1@x>"))
    twin = kept(2, arrivals=(arrival("copies"),), twin_of=1)
    later = kept(
        3, arrivals=(arrival(internaldate=LATE),), message=message("NOR", flags=claim(replaces="all", why="new"))
    )
    edits = (KeptEdit(1, change("OP5", "effectiveness", "reach")), KeptEdit(3, remark("OP1", "Good.")))
    snapshot = make_snapshot(
        KeptConsultation(DRAFT, (first, twin, later), edits), REGISTER, mailboxes={"copies": DRAFT.copy_to}
    )
    assert {mail.id: (mail.is_current, mail.copied) for mail in snapshot.mails} == {
        1: (False, True),
        2: (False, True),
        3: (True, True),
    }
    assert [(one.edit.paragraph, one.name, one.is_current) for one in snapshot.edits] == [
        ("OP1", "Norway", True),
        ("OP5", "Norway", False),
    ]


FILTERS: list[tuple[EditFilter, list[str]]] = [
    (EditFilter(), ["OP1", "OP5"]),
    (EditFilter(speaker="nor"), ["OP1", "OP5"]),
    (EditFilter(speaker="CHE"), []),
    (EditFilter(paragraph="op5"), ["OP5"]),
    (EditFilter(action="comment"), ["OP1"]),
    (EditFilter(origin="remark", action="replace"), []),
    (EditFilter(review=True), ["OP5"]),
    (EditFilter(review=False), ["OP1"]),
    (EditFilter(words="norway"), ["OP1", "OP5"]),
    (EditFilter(words="REACH"), ["OP5"]),
]


@pytest.mark.parametrize(("wanted", "labels"), FILTERS)
def test_edits_are_found_by_what_they_are(wanted: EditFilter, labels: list[str]) -> None:
    edits = (change("OP5", "effectiveness", "reach", needs_review=True), remark("OP1", "Good."))
    mail = kept(message=message("NOR"))
    snapshot = make_snapshot(KeptConsultation(DRAFT, (mail,), tuple(KeptEdit(1, one) for one in edits)), REGISTER)
    assert [one.edit.paragraph for one in find_edits(snapshot, wanted)] == labels


# --- arrivals and polls ------------------------------------------------------------------------------

ARRIVALS = [
    ({"given": False, "new": False, "refused": None}, "vanished"),
    ({"given": True, "new": True, "refused": "too large"}, "refused"),
    ({"given": True, "new": True, "refused": None}, "stored"),
    ({"given": True, "new": False, "refused": None}, "same"),
]


@pytest.mark.parametrize(("came", "state"), ARRIVALS)
def test_each_arrival_has_one_state(came: Any, state: str) -> None:
    assert arrival_state(**came) == state


def test_the_ledger_balances_by_folder_and_life() -> None:
    arrivals = (
        ArrivalCount("a", "INBOX", 7, "stored", 3, 9),
        ArrivalCount("a", "INBOX", 7, "listed", 2, 11),
        ArrivalCount("a", "INBOX", 6, "same", 1, 4),
    )
    folder = KeptFolder("a", "INBOX", 7, junk=True, looked_at=NOW, compared_at=None, gone=1)
    ledger = make_ledger(KeptCounts(arrivals, (folder,), 4, 2, 1, (), {"a": 4}))
    assert (ledger.seen, ledger.difference, ledger.waiting) == (6, 2, 1)
    lines = [(line.uidvalidity, line.seen, line.difference, line.highest_uid, line.gone) for line in ledger.folders]
    assert lines == [(6, 1, 0, 4, None), (7, 5, 2, 11, 1)]


def poll(mailbox: str, outcome: PollOutcome = "ok") -> Poll:
    return Poll(1, mailbox, "nightly", NOON, NOON, outcome, 0, 0, None)


FRESH = [
    (KeptPolls(), Freshness(None, None, None, None)),
    (KeptPolls((poll("a"),), {"a": NOON}), Freshness(poll("a"), NOON, NOON, 66600)),
    (
        KeptPolls((poll("a"), poll("b", "failed")), {"a": NOON, "b": EARLY - timedelta(days=1)}),
        Freshness(poll("b", "failed"), NOON, NOON - timedelta(days=1), 66600, (poll("b", "failed"),)),
    ),
    (
        KeptPolls((poll("a"), poll("b", "refused")), {"a": NOON}),
        Freshness(poll("b", "refused"), NOON, None, 66600, (poll("b", "refused"),)),
    ),
]


@pytest.mark.parametrize(("polls", "fresh"), FRESH)
def test_how_fresh_the_mails_are(polls: KeptPolls, fresh: Freshness) -> None:
    assert freshness(polls, NOON + timedelta(seconds=66600)) == fresh


STALE = [
    (None, "a mailbox has had no good poll yet"),
    (NOW - timedelta(hours=25), ""),
    (NOW - timedelta(hours=27), "the last good poll of a mailbox was 1 day, 3:00:00 ago"),
]


@pytest.mark.parametrize(("stalest", "why"), STALE)
def test_the_last_good_poll_may_be_its_interval_and_two_hours_ago(stalest: Any, why: str) -> None:
    assert why_stale(Freshness(None, None, stalest, None), timedelta(days=1), NOW) == why


@pytest.mark.parametrize(("ahead", "stale"), [(timedelta(minutes=4), False), (timedelta(days=400), True)])
def test_a_good_poll_that_is_dated_in_the_future_is_none(ahead: timedelta, stale: bool) -> None:
    why = why_stale(Freshness(None, NOW + ahead, NOW, 0), timedelta(days=1), NOW)
    assert why.startswith("the last good poll is dated in the future, 2022-") is stale


# --- mails inside a mail -----------------------------------------------------------------------------


def test_mails_inside_a_mail_speak_for_themselves() -> None:
    inner = [inner_of(message("NOR"), 0), inner_of(message("BRA"), 1), inner_of(replace(message("BRA"), party=None), 0)]
    mail = kept(message=replace(message("NOR"), party=None, kind="announcement"), inner=tuple(inner), unplaced=1)
    edits = tuple(KeptEdit(1, change("OP5", "effectiveness", "reach"), n) for n in (0, 1, 2))
    snapshot = make_snapshot(KeptConsultation(DRAFT, (mail,), edits), REGISTER)
    now = status(snapshot)
    rows = [now.of("NOR"), now.of("BRA")]
    assert [(row.state, row.mails, row.edits, row.unplaced) for row in rows if row] == [
        ("commented", 1, 1, 0),
        ("commented", 1, 1, 1),
    ]
    assert [fact.party for fact in snapshot.edits] == ["NOR", "BRA", None]
    assert snapshot.mails[0].review == ("a mail inside is not attributed: office@example.org",)
    assert now.totals.unattributed == 0


def test_a_mail_inside_a_mail_of_the_same_party_is_no_further_mail() -> None:
    mail = kept(message=message("NOR"), inner=(inner_of(message("NOR"), 0), inner_of(message("BRA"), 0)))
    edits = tuple(KeptEdit(1, change("OP5", "effectiveness", new), n) for new, n in (("reach", None), ("scope", 0)))
    now = status(make_snapshot(KeptConsultation(DRAFT, (mail,), edits), REGISTER))
    rows = [now.of("NOR"), now.of("BRA")]
    assert [(row.mails, row.edits) for row in rows if row] == [(1, 2), (1, 0)]


def test_a_sentence_of_a_mail_inside_is_of_the_one_who_says_it() -> None:
    inner = (inner_of(message("NOR"), 1, 2), inner_of(message("BRA"), 1, 3))
    mail = kept(message=message("EGY"), inner=inner, unplaced=3)
    said = outcomes("body", ("unread", "a"), ("edit", "b"), ("unread", "c"), ("unread", "d"))
    unread = unread_of(1, said)
    now = make_snapshot(KeptConsultation(DRAFT, (mail,), unread=unread), REGISTER)
    assert [one.speaker and one.speaker.name for one in now.statements] == ["EGY", "NOR", "BRA"]


# --- mails that belong together ----------------------------------------------------------------------


def test_a_file_that_is_sent_twice_counts_once() -> None:
    files = [replace(document(name), sha256="a" * 64) for name in ("Norway.docx", "Annex 1.docx")]
    mails = tuple(
        kept(n, message=message("NOR"), parts=(file,), arrivals=(arrival(internaldate=NOON + timedelta(days=n)),))
        for n, file in enumerate(files, 1)
    )
    edit = change("OP5", "effectiveness", "reach")
    edits = tuple(KeptEdit(n, replace(edit, sources=(file.name,))) for n, file in enumerate(files, 1))
    beside = KeptEdit(2, replace(change("OP5", "effectiveness", "scope"), sources=("body.txt",)))
    snapshot = make_snapshot(KeptConsultation(DRAFT, mails, (*edits, beside)), REGISTER)
    assert sorted((fact.mail, fact.is_current) for fact in snapshot.edits) == [(1, True), (2, False), (2, True)]


def test_a_password_belongs_to_the_file_that_it_opens() -> None:
    locked = replace(fact(), id=1, sender="a@kld.dep.no", unreadable=("a.zip: encrypted",))
    password = replace(fact(), id=2, sender="a@kld.dep.no", flags=Flags(sibling="The password is x."))
    other = replace(fact(), id=3, sender="b@kld.dep.no", unreadable=("b.zip: encrypted",))
    later = replace(locked, id=4, first_seen=NOON + timedelta(days=9))
    snapshot = replace(make_snapshot(KeptConsultation(DRAFT), REGISTER), mails=(locked, password, other, later))
    assert [mail_detail(snapshot, mail, KeptTexts()).siblings for mail in snapshot.mails] == [(2,), (1,), (), ()]
