"""A real Dovecot, polled: every mail once, byte for byte, and no trace left in the mailbox."""

import hashlib
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fixture_dovecot import Dovecot
from fixture_imap_script import Fault, Scripted, commands
from sqlalchemy import func, select

from ingest.fetch import Polled, exit_code, poll_all
from ingest.intake import RetryPolicy
from settings import Mailbox
from store.session import Sessions
from store.tables import ArrivalRow, EventRow, FolderRow, MailRow, PollRow, RawRow

QUICK = RetryPolicy(tries=4, first=0.1, longest=0.5, store=60)


def now() -> datetime:
    return datetime.now(UTC)


def mail(n: int, body: bytes = b"Dear colleagues") -> bytes:
    return b"From: a@example.org\r\nSubject: %d\r\nMessage-ID: <%d@example.org>\r\n\r\n%s\r\n" % (n, n, body)


def hashes(store: Sessions) -> list[str]:
    with store() as session:
        return sorted(hashlib.sha256(raw).hexdigest() for raw in session.scalars(select(RawRow.content)))


def of(*mails: bytes) -> list[str]:
    return sorted(hashlib.sha256(one).hexdigest() for one in mails)


def states(store: Sessions, mailbox: str = "outcome") -> dict[str, int]:
    with store() as session:
        rows = select(ArrivalRow.state, func.count()).where(ArrivalRow.mailbox == mailbox).group_by(ArrivalRow.state)
        return dict(session.execute(rows).all())


def events(store: Sessions) -> list[str]:
    with store() as session:
        return list(session.scalars(select(EventRow.kind).order_by(EventRow.id)))


def poll(
    store: Sessions,
    *mailboxes: Mailbox,
    largest: int = 60_000_000,
    compare: bool = False,
    retry_policy: RetryPolicy = QUICK,
) -> list[Polled]:
    return poll_all(store, mailboxes, largest, "hand", now, compare=compare, retry_policy=retry_policy)


def test_every_mail_is_kept_once_as_it_came(dovecot: Dovecot, store: Sessions) -> None:
    mails = [mail(n) for n in range(50)] + [b"Subject: 8bit \xff\r\n\r\n\xe9\xc3", b"no header at all"]
    dovecot.append(*mails[:26])
    dovecot.append(*mails[26:], flags="(\\Seen \\Deleted)")
    before = flags(dovecot)
    [first] = poll(store, dovecot.mailbox())
    [again] = poll(store, dovecot.mailbox())
    assert (first.outcome, first.listed, first.new, first.error) == ("ok", 52, 52, None)
    assert (again.outcome, again.listed, again.new) == ("ok", 0, 0)
    assert hashes(store) == of(*mails)
    assert states(store) == {"stored": 52}
    assert flags(dovecot) == before


def flags(dovecot: Dovecot) -> object:
    with dovecot.client() as client:
        client.select("INBOX", readonly=True)
        return client.uid("FETCH", "1:*", "(FLAGS)")


def test_one_mail_in_two_mailboxes_and_in_the_junk_folder_arrives_three_times(
    dovecot: Dovecot, store: Sessions
) -> None:
    dovecot.append(mail(1))
    dovecot.append(mail(1), mail(2), folder="Junk")
    polled = poll(store, dovecot.mailbox("outcome"), dovecot.mailbox("secretariat", read_junk=False))
    assert [(one.new, one.same) for one in polled] == [(2, 1), (0, 1)]
    with store() as session:
        folders = session.execute(select(FolderRow.mailbox, FolderRow.folder, FolderRow.junk)).all()
    assert {tuple(folder) for folder in folders} == {
        ("outcome", "INBOX", False),
        ("outcome", "Junk", True),
        ("secretariat", "INBOX", False),
    }


def test_a_mail_that_is_too_large_keeps_headers_and_structure_and_says_so(dovecot: Dovecot, store: Sessions) -> None:
    body = b"x" * 5000
    sent = mail(2, body)
    dovecot.append(mail(1), sent, mail(3))
    [polled] = poll(store, dovecot.mailbox(), largest=4000)
    assert (polled.outcome, polled.new, polled.refused) == ("ok", 3, 1)
    with store() as session:
        large = session.scalars(select(MailRow).where(MailRow.refused.is_not(None))).one()
        raw = session.get_one(RawRow, large.id).content
    assert large.refused == f"too large: {len(sent):,} bytes, and 4,000 are taken"
    assert large.size == len(sent)
    assert raw == sent.partition(body)[0] + b"part 1: text/plain 5002 bytes\r\n"


def test_a_new_uidvalidity_means_that_all_is_matched_by_its_bytes(dovecot: Dovecot, store: Sessions) -> None:
    dovecot.append(*(mail(n) for n in range(5)))
    poll(store, dovecot.mailbox())
    dovecot.change_uidvalidity()
    dovecot.append(mail(5))
    [polled] = poll(store, dovecot.mailbox())
    assert (polled.outcome, polled.listed, polled.new, polled.same) == ("ok", 6, 1, 5)
    assert hashes(store) == of(*(mail(n) for n in range(6)))
    assert states(store) == {"stored": 6, "same": 5}
    assert events(store) == ["uidvalidity-changed"]


def test_the_comparison_finds_what_a_server_listed_late_and_counts_what_is_gone(
    scripted: Scripted, store: Sessions
) -> None:
    scripted.mails = {uid: mail(uid) for uid in (1, 3, 4, 5)}
    poll(store, scripted.mailbox())
    scripted.mails = {uid: mail(uid) for uid in (1, 2, 3, 4)}
    [without] = poll(store, scripted.mailbox())
    [compared] = poll(store, scripted.mailbox(), compare=True)
    assert (without.new, compared.new) == (0, 1)
    assert events(store) == ["listed-late"]
    with store() as session:
        assert session.scalars(select(FolderRow.gone)).one() == 1


def test_a_mail_that_comes_up_below_the_others_is_found_by_the_count(scripted: Scripted, store: Sessions) -> None:
    scripted.mails = {uid: mail(uid) for uid in (1, 3)}
    poll(store, scripted.mailbox())
    scripted.mails[2] = mail(2)
    [polled] = poll(store, scripted.mailbox())
    assert (polled.outcome, polled.new) == ("ok", 1)
    assert events(store) == ["listed-late"]


def test_uids_that_a_server_gives_out_again_are_taken_again(scripted: Scripted, store: Sessions) -> None:
    scripted.mails, scripted.uidnext = {uid: mail(uid) for uid in (1, 2, 3)}, 4
    poll(store, scripted.mailbox())
    scripted.mails, scripted.uidnext = {1: mail(1)}, 2
    poll(store, scripted.mailbox())
    scripted.mails, scripted.uidnext = {1: mail(1), 2: mail(2), 3: mail(30)}, 4
    [polled] = poll(store, scripted.mailbox())
    assert polled.new == 1
    assert hashes(store) == of(mail(1), mail(2), mail(3), mail(30))
    assert events(store) == ["uidnext-went-back", "uid-reused"]
    assert poll(store, scripted.mailbox())[0].listed == 0


def test_a_mail_that_goes_between_list_and_fetch_has_vanished_and_can_come_back(
    scripted: Scripted, store: Sessions
) -> None:
    scripted.mails, scripted.faults, scripted.gone = {1: mail(1), 2: mail(2)}, {2: ["skip", "skip"]}, {2}
    [polled] = poll(store, scripted.mailbox())
    assert (polled.outcome, polled.vanished) == ("ok", 1)
    assert states(store) == {"stored": 1, "vanished": 1}
    scripted.gone = set()
    [compared] = poll(store, scripted.mailbox(), compare=True)
    assert compared.new == 1
    assert states(store) == {"stored": 2}


@pytest.mark.parametrize("fault", ["nil", "skip", "no", "odd"])
def test_a_mail_that_is_listed_and_not_given_is_waited_for(scripted: Scripted, store: Sessions, fault: Fault) -> None:
    scripted.mails, scripted.faults = {1: mail(1), 2: mail(2), 3: mail(3)}, {2: [fault] * 4}
    [polled] = poll(store, scripted.mailbox())
    assert (polled.outcome, polled.exit_code, polled.waiting) == ("failed", 75, 1)
    assert states(store) == {"stored": 2, "listed": 1}
    scripted.faults = {}
    [again] = poll(store, scripted.mailbox())
    assert (again.outcome, again.new) == ("ok", 1)
    assert states(store) == {"stored": 3}


@pytest.mark.parametrize("fault", ["stall", "cut", "trickle", "bye"])
def test_a_broken_line_is_made_again_and_nothing_is_lost(scripted: Scripted, store: Sessions, fault: Fault) -> None:
    scripted.mails = {uid: mail(uid) for uid in range(1, 6)}
    scripted.faults = {4: [fault]}
    [polled] = poll(store, scripted.mailbox(timeout=0.5))
    assert (polled.outcome, polled.new, polled.retries) == ("ok", 5, 1)
    assert hashes(store) == of(*scripted.mails.values())


def test_bye_at_every_command_in_turn_loses_nothing(scripted: Scripted, store: Sessions) -> None:
    scripted.mails = {uid: mail(uid) for uid in range(1, 6)}
    scripted.bye_at = list(range(1, 9))
    polled = [poll(store, scripted.mailbox())[0] for _ in range(4)]
    assert polled[-1].outcome == "ok"
    assert hashes(store) == of(*scripted.mails.values())
    assert states(store) == {"stored": 5}


def test_a_size_that_is_wrong_is_an_event_and_the_mail_is_kept(scripted: Scripted, store: Sessions) -> None:
    scripted.mails, scripted.sizes = {1: mail(1), 2: mail(2)}, {2: 5}
    assert poll(store, scripted.mailbox())[0].new == 2
    assert hashes(store) == of(mail(1), mail(2))
    assert events(store) == ["size-differs"]


def test_a_wrong_password_is_tried_once(scripted: Scripted, store: Sessions) -> None:
    scripted.login = "NO [AUTHENTICATIONFAILED] no"
    [polled] = poll(store, scripted.mailbox())
    assert (polled.outcome, polled.exit_code) == ("refused", 2)
    assert len(commands(scripted, "LOGIN")) == 1
    with store() as session:
        row = session.scalars(select(PollRow)).one()
    assert (row.outcome, row.error) == ("refused", polled.error)


def test_a_mailbox_that_fails_does_not_keep_the_others_waiting(dovecot: Dovecot, store: Sessions) -> None:
    dovecot.append(mail(1))
    polled = poll(store, dovecot.mailbox("a", port=1), dovecot.mailbox("b", password="x"), dovecot.mailbox("c"))
    assert [one.outcome for one in polled] == ["failed", "refused", "ok"]
    assert exit_code(polled) == 2
    assert exit_code(polled[:1]) == 75


def test_a_folder_that_is_gone_is_named_and_the_others_are_read(dovecot: Dovecot, store: Sessions) -> None:
    dovecot.append(mail(1), folder="Comments")
    dovecot.append(mail(2))
    mailbox = dovecot.mailbox(folders=["Comments", "INBOX"])
    poll(store, mailbox)
    dovecot.append(mail(3))
    with dovecot.client() as client:
        client.rename("Comments", "Renamed")
    [polled] = poll(store, mailbox)
    assert (polled.outcome, polled.new) == ("refused", 1)
    assert polled.error is not None
    assert polled.error.startswith("mailboxes.outcome.folders: no folder 'Comments' (there are: ")
    assert "Renamed" in polled.error
    poll(store, mailbox)
    assert events(store) == ["folder-missing"]
    [renamed] = poll(store, dovecot.mailbox(folders=["Renamed"]))
    assert (renamed.outcome, renamed.new, renamed.same) == ("ok", 0, 1)


def test_a_spam_folder_that_cannot_be_opened_is_an_event_and_does_not_make_the_poll_fail(
    scripted: Scripted, store: Sessions
) -> None:
    scripted.mails, scripted.shut = {1: mail(1)}, "Spam"
    [polled] = poll(store, scripted.mailbox())
    assert (polled.outcome, polled.new) == ("ok", 1)
    assert events(store) == ["folder-missing"]


def test_what_a_person_does_in_the_mailbox_between_polls_changes_nothing(dovecot: Dovecot, store: Sessions) -> None:
    dovecot.append(mail(1), mail(2), mail(3))
    poll(store, dovecot.mailbox())
    dovecot.append(mail(4), flags="(\\Seen)")
    with dovecot.client() as client:
        client.select("INBOX")
        client.uid("STORE", "1", "+FLAGS", "(\\Deleted \\Seen)")
        client.expunge()
        client.create("Done")
        client.uid("MOVE", "2", "Done")
    poll(store, dovecot.mailbox(folders=["INBOX", "Done"]))
    assert hashes(store) == of(*(mail(n) for n in range(1, 5)))


def test_a_new_server_with_nothing_in_it_is_polled(dovecot: Dovecot, store: Sessions) -> None:
    assert [one.outcome for one in poll(store, dovecot.mailbox())] == ["ok"]


ODD_TIMES = {
    1: "31-Dec-9999 23:59:59 -1200",
    2: "01-Jan-2021 00:00:00 +9900",
    3: "99-Abc-2021 00:00:00 +0000",
    4: "01-Jan-99999999999999999999 00:00:00 +0000",
    5: "01-Jan-0001 00:00:00 +1400",
}


def test_a_time_that_is_none_is_an_event_and_the_mail_is_kept_and_the_other_mailbox_polled(
    scripted: Scripted, dovecot: Dovecot, store: Sessions
) -> None:
    scripted.mails, scripted.times = {uid: mail(uid) for uid in range(1, 7)}, ODD_TIMES
    dovecot.append(mail(7))
    polled = poll(store, scripted.mailbox(), dovecot.mailbox("secretariat"))
    assert [(one.outcome, one.new) for one in polled] == [("ok", 6), ("ok", 1)]
    assert hashes(store) == of(*map(mail, range(1, 8)))
    assert events(store) == ["time-unknown"] * 5
    with store() as session:
        known = select(ArrivalRow.uid).where(ArrivalRow.mailbox == "outcome", ArrivalRow.internaldate.is_not(None))
        assert session.scalars(known).all() == [6]
        details = session.scalars(select(EventRow.detail)).all()
    assert "'01-Jan-2021 00:00:00 +9900', which is no time" in details[1]
    assert [one.listed for one in poll(store, scripted.mailbox(), dovecot.mailbox("secretariat"))] == [0, 0]


def test_a_fault_that_nobody_thought_of_stays_with_its_mailbox(
    scripted: Scripted, dovecot: Dovecot, store: Sessions
) -> None:
    scripted.mails, scripted.found = {1: mail(1)}, "99999999999999999999"
    dovecot.append(mail(7))
    polled = poll(store, scripted.mailbox(), dovecot.mailbox("secretariat"))
    assert [(one.outcome, one.exit_code, one.new) for one in polled] == [("failed", 75, 0), ("ok", 0, 1)]
    assert polled[0].error is not None
    assert polled[0].error.startswith("mailboxes.outcome: ")
    assert "\n" not in polled[0].error
    assert events(store) == ["poll-crashed"]
    scripted.found = ""
    assert [one.outcome for one in poll(store, scripted.mailbox())] == ["ok"]


def test_a_server_that_counts_more_than_it_lists_is_not_ok_and_is_asked_again(
    scripted: Scripted, dovecot: Dovecot, store: Sessions
) -> None:
    scripted.mails, scripted.hidden, scripted.uidnext = {uid: mail(uid) for uid in range(1, 6)}, {2, 5}, 6
    dovecot.append(mail(7))
    for new in (3, 0):
        first, other = poll(store, scripted.mailbox(), dovecot.mailbox("secretariat"))
        assert (first.outcome, first.exit_code, first.new, first.short) == ("failed", 75, new, 2)
        assert first.error == "mailboxes.outcome: 2 mails are counted by the server and not listed"
        assert other.outcome == "ok"
    assert events(store) == ["list-incomplete"]
    scripted.hidden = set()
    [healed] = poll(store, scripted.mailbox())
    assert (healed.outcome, healed.new) == ("ok", 2)
    assert hashes(store) == of(*map(mail, (1, 2, 3, 4, 5, 7)))


def test_new_mail_that_a_server_counts_and_does_not_list_is_not_ok(scripted: Scripted, store: Sessions) -> None:
    scripted.mails, scripted.uidnext = {uid: mail(uid) for uid in (1, 2, 3)}, 4
    assert poll(store, scripted.mailbox())[0].outcome == "ok"
    scripted.mails[4], scripted.hidden, scripted.uidnext = mail(4), {4}, 5
    assert [poll(store, scripted.mailbox())[0].short for _ in range(2)] == [1, 1]
    assert events(store) == ["list-incomplete"]


@pytest.mark.parametrize("shown", ["late", "uncounted"])
@pytest.mark.parametrize("uidnext", [None, 4])
def test_mail_that_shows_only_after_noop_is_taken_and_an_event(
    scripted: Scripted, store: Sessions, shown: str, uidnext: int | None
) -> None:
    scripted.mails, scripted.uidnext = {uid: mail(uid) for uid in (1, 2)}, 3
    assert poll(store, scripted.mailbox())[0].outcome == "ok"
    scripted.mails[3], scripted.uidnext = mail(3), uidnext and uidnext - (shown == "uncounted")
    setattr(scripted, shown, {3})
    [polled] = poll(store, scripted.mailbox())
    assert (polled.outcome, polled.new) == ("ok", 1)
    assert events(store) == ["listed-after-noop"]
    assert hashes(store) == of(mail(1), mail(2), mail(3))


def test_mail_that_a_person_moves_during_the_poll_is_not_missed(scripted: Scripted, store: Sessions) -> None:
    scripted.mails = {uid: mail(uid) for uid in (1, 2, 3)}
    assert poll(store, scripted.mailbox())[0].outcome == "ok"
    del scripted.mails[2]
    assert [one.outcome for one in poll(store, scripted.mailbox(), compare=True)] == ["ok"]
    assert events(store) == []


def test_a_folder_whose_name_cannot_be_read_is_skipped_and_an_event(scripted: Scripted, store: Sessions) -> None:
    scripted.mails = {1: mail(1)}
    scripted.folders = [
        b'(\\HasNoChildren) "/" "&bad-"',
        b'(\\HasNoChildren) "/" "Entw\xfcrfe"',
        b'(\\HasNoChildren "/" oops',
        b'(\\Junk) "/" "Spam &AOk-"',
        b"(\\HasNoChildren) NIL {4}\r\nlit(",
    ]
    for _ in range(2):
        assert [(one.outcome, one.error) for one in poll(store, scripted.mailbox())] == [("ok", None)]
    assert events(store) == ["folder-skipped"] * 3
    assert commands(scripted, 'EXAMINE "Spam &AOk-"')


def test_a_poll_that_is_to_end_does_not_wait_for_a_mail_that_stalls(scripted: Scripted, store: Sessions) -> None:
    scripted.mails, scripted.faults = {1: mail(1), 2: mail(2)}, {2: ["stall"] * 4}
    stop = threading.Event()
    threading.Timer(1, stop.set).start()
    began = time.monotonic()
    [polled] = poll_all(store, [scripted.mailbox(timeout=60)], 10_000, "hand", now, retry_policy=QUICK, stop=stop)
    assert time.monotonic() - began < 30
    assert (polled.outcome, polled.error) == ("failed", "stopped in the middle; the next poll goes on from there")
    scripted.faults = {}
    assert poll(store, scripted.mailbox())[0].outcome == "ok"
    assert hashes(store) == of(mail(1), mail(2))


@pytest.mark.parametrize("fault", ["stall", "cut", "bye"])
@pytest.mark.parametrize("bad", [[1], [3], [5], [2, 4], [1, 2, 3, 4, 5]])
def test_a_mail_at_which_the_line_always_drops_holds_up_no_other_and_is_set_aside(
    scripted: Scripted, sqlite_store: Sessions, bad: list[int], fault: Fault
) -> None:
    scripted.mails = {uid: mail(uid) for uid in range(1, 6)}
    scripted.always = dict.fromkeys(bad, fault)
    at_once = replace(QUICK, first=0.01, longest=0.02)
    polled = [poll(sqlite_store, scripted.mailbox(timeout=0.4), retry_policy=at_once)[0] for _ in range(3)]
    assert [one.outcome for one in polled] == ["failed", "failed", "ok"]
    assert [one.new for one in polled] == [5 - len(bad), 0, 0]
    assert [one.withheld for one in polled] == [0, 0, len(bad)]
    assert polled[0].error == f"mailboxes.outcome: {len(bad)} mails are listed and not given"
    assert hashes(sqlite_store) == of(*(raw for uid, raw in scripted.mails.items() if uid not in bad))
    expected = {"stored": 5 - len(bad), "withheld": len(bad)}
    assert states(sqlite_store) == {state: n for state, n in expected.items() if n}
    assert events(sqlite_store) == ["withheld"] * len(bad)


def test_a_mail_that_was_set_aside_is_asked_for_again_at_night_and_no_other_time(
    scripted: Scripted, sqlite_store: Sessions
) -> None:
    scripted.mails, scripted.always = {1: mail(1), 2: mail(2)}, {1: "cut"}
    for _ in range(3):
        poll(sqlite_store, scripted.mailbox())
    scripted.mails[3], connections = mail(3), scripted.connections
    [by_day] = poll(sqlite_store, scripted.mailbox())
    assert (by_day.outcome, by_day.new, scripted.connections) == ("ok", 1, connections + 1)
    [in_vain] = poll(sqlite_store, scripted.mailbox(), compare=True)
    assert (in_vain.outcome, in_vain.withheld, states(sqlite_store)) == ("ok", 1, {"stored": 2, "withheld": 1})
    scripted.always = {}
    [at_night] = poll(sqlite_store, scripted.mailbox(), compare=True)
    assert (at_night.outcome, at_night.new, states(sqlite_store)) == ("ok", 1, {"stored": 3})


def test_a_line_that_was_bad_for_a_while_sets_nothing_aside(scripted: Scripted, sqlite_store: Sessions) -> None:
    scripted.mails, scripted.always = {1: mail(1), 2: mail(2)}, {1: "cut"}
    assert [poll(sqlite_store, scripted.mailbox())[0].outcome for _ in range(2)] == ["failed", "failed"]
    scripted.always = {}
    [polled] = poll(sqlite_store, scripted.mailbox())
    assert (polled.outcome, polled.new, states(sqlite_store)) == ("ok", 1, {"stored": 2})


def test_what_was_set_aside_can_come_no_more_after_a_new_numbering(scripted: Scripted, sqlite_store: Sessions) -> None:
    scripted.mails, scripted.always = {1: mail(1), 2: mail(2)}, {1: "cut"}
    for _ in range(3):
        poll(sqlite_store, scripted.mailbox())
    scripted.uidvalidity, scripted.always = 8, {}
    [polled] = poll(sqlite_store, scripted.mailbox())
    assert (polled.new, states(sqlite_store)) == (1, {"stored": 2, "same": 1, "vanished": 1})
