"""What came, in the store: on SQLite and PostgreSQL alike."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from test_fetch import mail, now

from consultation.ledger import Ledger, make_ledger
from ingest.intake import holding_lease
from ingest.twins import gather_twins
from store.arrivals import Arrived, UidSpace, keep_arrivals, keep_listed, last_uid, waiting
from store.lease import LeaseHeld, LeaseLost, drop_lease, prolong_lease, take_lease
from store.reads.ledger import read_counts
from store.session import Sessions
from store.tables import ArrivalRow, LeaseRow, MailRow

LASTS = timedelta(minutes=10)
SPACE = UidSpace("outcome", "INBOX", 7)


NOTHING = {"withheld": 0, "erased": 0}


def arrived(uid: int, raw: bytes | None, mailbox: str = "outcome", refused: str | None = None) -> Arrived:
    return Arrived(mailbox, "INBOX", 7, uid, None, raw, len(raw or b""), refused)


def ledger(session: Session) -> Ledger:
    return make_ledger(read_counts(session))


def keep(store: Sessions, *arrivals: Arrived) -> tuple[int, int, int, int]:
    with store.begin() as session:
        kept = keep_arrivals(session, arrivals, now())
    return len(kept.new), kept.same, kept.refused, kept.vanished


def test_each_arrival_has_one_state_and_the_same_again_changes_nothing(store: Sessions) -> None:
    came = [
        arrived(1, b"a"),
        arrived(2, b"b"),
        arrived(3, b"a"),
        arrived(4, None),
        arrived(5, b"head", refused="large"),
    ]
    assert keep(store, *came) == (3, 1, 1, 1)
    assert keep(store, *came) == (0, 0, 0, 0)
    assert keep(store, arrived(1, b"a", "secretariat")) == (0, 1, 0, 0)
    with store() as session:
        books = ledger(session)
    assert (books.seen, books.difference) == (6, 0)
    assert books.states == {"stored": 2, "same": 2, "twin": 0, "refused": 1, "vanished": 1} | NOTHING


def test_what_is_listed_is_the_difference_until_it_comes(store: Sessions) -> None:
    with store.begin() as session:
        assert keep_listed(session, SPACE, [1, 2, 9], now()) == 3
        assert keep_listed(session, SPACE, [2, 9], now()) == 0
        assert (last_uid(session, SPACE), waiting(session, SPACE), ledger(session).difference) == (9, [1, 2, 9], 3)
    assert keep(store, arrived(1, b"a"), arrived(2, b"a"), arrived(9, None)) == (1, 1, 0, 1)
    with store.begin() as session:
        assert ledger(session).difference == 0
        assert keep_listed(session, SPACE, [9], now()) == 1
        assert waiting(session, SPACE) == [9]


def test_an_empty_mail_is_a_mail(store: Sessions) -> None:
    assert keep(store, arrived(1, b"")) == (1, 0, 0, 0)


def test_a_uid_that_holds_another_mail_now_keeps_both(store: Sessions) -> None:
    keep(store, arrived(1, b"a"))
    assert keep(store, arrived(1, b"b")) == (1, 0, 0, 0)
    assert keep(store, arrived(1, b"c")) == (1, 0, 0, 0)
    with store() as session:
        assert (ledger(session).seen, ledger(session).mails) == (3, 3)
        assert last_uid(session, SPACE) == 1


def test_twins_are_shown_once_whatever_the_order(store: Sessions) -> None:
    keep(store, arrived(1, mail(1)), arrived(2, mail(2)))
    gather_twins(store)
    keep(
        store, arrived(1, b"Received: by b\r\n" + mail(1), "secretariat"), arrived(2, mail(1, b"other"), "secretariat")
    )
    for again in (False, True):
        gather_twins(store, again=again)
        with store() as session:
            books, twins = ledger(session), session.scalars(select(MailRow.twin_of).order_by(MailRow.id)).all()
        assert (books.states["stored"], books.states["twin"], books.mails) == (3, 1, 3)
        assert twins == [None, None, 1, None]
        assert books.only_in == {"outcome": 1, "secretariat": 1}


def test_a_lease_is_one_processs_until_it_expires_or_is_dropped(store: Sessions) -> None:
    with store.begin() as session:
        lease = take_lease(session, "poll", "first", now(), LASTS)
    with pytest.raises(LeaseHeld, match="already polled by first, since "), store.begin() as session:
        take_lease(session, "poll", "second", now(), LASTS)
    with store.begin() as session:
        second = take_lease(session, "poll", "second", now() + LASTS, LASTS)
    with pytest.raises(LeaseLost), store.begin() as session:
        prolong_lease(session, lease, now(), LASTS)
    with pytest.raises(LeaseLost), store.begin() as session:
        drop_lease(session, lease)
    with store.begin() as session:
        prolong_lease(session, second, now(), LASTS)
        drop_lease(session, second)
        take_lease(session, "poll", "third", now(), LASTS)
    with pytest.raises(LeaseLost), store.begin() as session:
        prolong_lease(session, second, now(), LASTS)


def test_a_lease_from_before_the_clock_went_back_is_free(store: Sessions) -> None:
    with store.begin() as session:
        take_lease(session, "poll", "first", now() + timedelta(days=1), LASTS)
        take_lease(session, "poll", "second", now(), LASTS)


def test_a_dead_holder_is_passed_over_and_a_living_one_named(store: Sessions) -> None:
    with (
        holding_lease(store, now),
        pytest.raises(LeaseHeld, match=r"kunming poll, process \d+ on "),
        holding_lease(store, now),
    ):
        pass
    with holding_lease(store, now) as intake, store.begin() as session:
        row = session.get_one(LeaseRow, "poll")
        row.holder = row.holder.replace("process ", "process 4194304")
    with holding_lease(store, now):
        pass
    with pytest.raises(LeaseLost):
        intake.write(lambda _session, _now: None)


def test_sqlite_is_durable_and_holds_to_its_keys(sqlite_store: Sessions) -> None:
    with sqlite_store() as session:
        names = ("journal_mode", "synchronous", "foreign_keys", "page_size")
        values = [session.scalar(text(f"PRAGMA {name}")) for name in names]
    assert values == ["wal", 2, 1, 16384]


def test_nothing_is_written_without_the_lease(store: Sessions) -> None:
    with holding_lease(store, now) as intake:
        with store.begin() as session:
            session.get_one(LeaseRow, "poll").token = "another's"
        with pytest.raises(LeaseLost):
            intake.write(lambda session, at: keep_arrivals(session, [arrived(1, b"a")], at))
    with store() as session:
        assert session.scalars(select(ArrivalRow)).all() == []
