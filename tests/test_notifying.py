"""Each alarm is raised by its cause and mended: one alert, one all-clear; and a ping after each good night."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fixture_clamd import running
from fixture_dovecot import Certificate, Dovecot
from fixture_hook import Hook
from fixture_imap_script import Scripted
from fixture_reader import kept_sandbox
from fixture_smtp import PostOffice, open_post_office
from model_endpoint import completion, endpoint
from private_server import free_port, server_folder
from sqlalchemy import select, update
from test_digest import Crashed

from api.context import read_snapshot
from ingest.digest import digest
from ingest.fetch import import_mails, poll_all
from ingest.intake import RetryPolicy
from ingest.questions import ask_waiting
from ingest.sandbox import PartLimits, Sandbox
from ingest.sources import mails_in
from outgoing.notifying import Notifier, notify_safely, notifying
from parsing.model import Consultation
from settings import Mailbox, Model, Settings
from store import register
from store.expiries import note_expiry, read_expiries
from store.polls import keep_event
from store.session import Sessions
from store.shipped import shipped_draft
from store.tables import AccountRow, AlarmRow, ArrivalRow, OutgoingRow, PollRow, TokenRow
from store.writes import keep_draft

EXAMPLES = Path(__file__).parent.parent / "examples"
CONSULTATION = Consultation(shipped_draft(), register.load())
NIGHT = datetime(2021, 9, 6, 3, 0, tzinfo=UTC)
MAIL = b"Subject: one\r\n\r\nText\r\n"
AT_ONCE = RetryPolicy(first=0.01, longest=0.02)
"""A server that is away is tried as often as ever, without the seconds between."""


@dataclass
class House:
    """A store, a mail server for what leaves, a hook, and a clock that a test sets."""

    store: Sessions
    post_office: PostOffice
    hook: Hook
    now: datetime = NIGHT + timedelta(minutes=5)
    settings: dict[str, Any] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    def notifier(self, *mailboxes: Mailbox, **more: Any) -> Notifier:
        alerts = {
            "to": ["keeper@example.test"],
            "webhook": f"{self.hook.url}/alerts",
            "ping_url": f"{self.hook.url}/ping/secret-uuid",
            "least_free_mb": 0,
        }
        given: dict[str, Any] = {"database_url": str(self.store.kw["bind"].url), "mailboxes": mailboxes}
        given |= {"smtp": self.post_office.smtp(), "alerts": alerts} | self.settings | more
        settings = Settings(**given)
        return Notifier(self.store, settings, self.clock, lambda s: read_snapshot(s, CONSULTATION.register, settings))

    def poll(self, *mailboxes: Mailbox) -> list[str]:
        polled = poll_all(self.store, mailboxes, 10_000_000, "nightly", self.clock, retry_policy=AT_ONCE)
        return [one.outcome for one in polled]

    def digest(self, sandbox: Callable[[], Sandbox] = lambda: kept_sandbox(CONSULTATION)) -> None:
        digest(self.store, sandbox, CONSULTATION, self.clock)

    def goes(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def subjects(self) -> list[str]:
        return [str(taken.message["Subject"]) for taken in self.post_office.taken]

    @property
    def webhooks(self) -> list[tuple[str, str]]:
        return [(body["alarm"], body["state"]) for body in self.hook.bodies("/alerts")]

    @property
    def pings(self) -> int:
        return len(self.hook.bodies("/ping/secret-uuid"))


@pytest.fixture
def house(sqlite_store: Sessions, post_office: PostOffice, hook: Hook) -> House:
    with sqlite_store.begin() as session:
        keep_draft(session, shipped_draft())
    return House(sqlite_store, post_office, hook)


@contextmanager
def one_alert_one_all_clear(house: House, notifier: Notifier, kind: str, title: str) -> Iterator[None]:
    """Within the block the cause is mended; before it, the alarm is active."""
    for _ in range(3):
        notifier.notify()
        house.goes(minutes=1)
    assert house.subjects == [f"kunming: {title}"]
    assert house.webhooks == [(kind, "broken")]
    yield
    for _ in range(3):
        notifier.notify()
        house.goes(minutes=1)
    assert house.subjects == [f"kunming: {title}", f"kunming: mended: {title}"]
    assert house.webhooks == [(kind, "broken"), (kind, "mended")]
    alert, all_clear = (taken.message for taken in house.post_office.taken)
    assert all_clear["In-Reply-To"] == alert["Message-ID"]


def test_a_server_that_is_away(house: House, dovecot: Dovecot) -> None:
    mailbox, notifier = dovecot.mailbox(), house.notifier(dovecot.mailbox())
    dovecot.append(MAIL)
    assert house.poll(mailbox) == ["ok"]
    notifier.notify()
    dovecot.stop()
    assert house.poll(mailbox.model_copy(update={"timeout": 0.5})) == ["failed"]
    with one_alert_one_all_clear(house, notifier, "mailbox", "The mailbox outcome is not polled"):
        assert "mailboxes.outcome.host" in house.post_office.taken[0].text
        assert house.poll(mailbox.model_copy(update={"timeout": 0.5})) == ["failed"]
        notifier.notify()
        dovecot.start()
        assert house.poll(mailbox) == ["ok"]


def test_a_password_that_is_wrong(house: House, dovecot: Dovecot) -> None:
    mailbox, wrong = dovecot.mailbox(), dovecot.mailbox(password="mistyped-password")
    assert house.poll(wrong) == ["refused"]
    with one_alert_one_all_clear(house, house.notifier(mailbox), "mailbox", "The mailbox outcome is not polled"):
        assert "mistyped-password" not in house.post_office.taken[0].text + json.dumps(house.hook.calls)
        assert house.poll(mailbox) == ["ok"]


def test_polls_that_do_not_happen(house: House, dovecot: Dovecot) -> None:
    house.poll(dovecot.mailbox())
    house.goes(hours=27)
    with one_alert_one_all_clear(
        house, house.notifier(dovecot.mailbox()), "mailbox", "The mailbox outcome is not polled"
    ):
        assert "27 hours ago" in house.post_office.taken[0].text
        house.poll(dovecot.mailbox())


def test_a_mail_that_a_server_lists_and_does_not_give(house: House, scripted: Scripted) -> None:
    scripted.mails = {1: MAIL, 2: MAIL + b"2"}
    scripted.faults = {2: ["nil"] * 20}
    mailbox = scripted.mailbox()
    assert house.poll(mailbox) == ["failed"]
    with one_alert_one_all_clear(house, house.notifier(mailbox), "ledger", "The ledger of outcome does not balance"):
        scripted.faults.clear()
        assert house.poll(mailbox) == ["ok"]


def test_a_row_of_the_ledger_that_lost_its_state(house: House, dovecot: Dovecot) -> None:
    dovecot.append(MAIL)
    house.poll(dovecot.mailbox())
    _set_states(house.store, "listed")
    notifier = house.notifier(dovecot.mailbox())
    with one_alert_one_all_clear(house, notifier, "ledger", "The ledger of outcome does not balance"):
        _set_states(house.store, "stored")


def _set_states(store: Sessions, state: str) -> None:
    with store.begin() as session:
        session.execute(update(ArrivalRow).values(state=state))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a file system")
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_fills(house: House, small_disk: Path) -> None:
    house.settings["database_url"] = f"sqlite:///{small_disk}/kunming.sqlite"
    alerts = {"to": ["keeper@example.test"], "webhook": f"{house.hook.url}/alerts", "least_free_mb": 20}
    notifier = house.notifier(alerts=alerts)
    notifier.notify()
    (small_disk / "full").write_bytes(bytes(55_000_000))
    with one_alert_one_all_clear(house, notifier, "disk", f"Little room is left on the disk of {small_disk}"):
        (small_disk / "full").unlink()


def test_mail_that_is_not_read(house: House, dovecot: Dovecot) -> None:
    dovecot.append((EXAMPLES / "05-paraguay.eml").read_bytes())
    house.poll(dovecot.mailbox())
    notifier = house.notifier(dovecot.mailbox())
    notifier.notify()
    assert house.subjects == []
    house.goes(hours=3)
    with one_alert_one_all_clear(house, notifier, "reading", "Mail waits and is not read"):
        house.digest()


def test_a_mail_that_crashes_its_reading(house: House) -> None:
    import_mails(house.store, mails_in([EXAMPLES / "12-bhutan.eml"]), 60_000_000, house.clock)
    notifier = house.notifier()
    for _ in range(2):
        house.digest(Crashed)
    with one_alert_one_all_clear(house, notifier, "quarantine", "Mails could not be read"):
        other = Consultation(shipped_draft(), register.load(), deadline_offset=timedelta(0))
        digest(house.store, lambda: Sandbox(other, PartLimits(workers=1)), other, house.clock)


DOUBTFUL = b"""From: Kari Nordmann <kari.nordmann@kld.dep.no>
Subject: Comments of Norway
Date: Thu, 2 Sep 2021 10:00:00 +0000
Message-ID: <one@kld.dep.no>

Dear colleagues,
Could the fifth commitment not speak of Strengthen where it says Improve?
Kind regards,
Kari Nordmann
"""


def test_a_model_that_is_away(house: House, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(DOUBTFUL)
    import_mails(house.store, mails_in([tmp_path / "one.eml"]), 60_000_000, house.clock)
    children = lambda: kept_sandbox(CONSULTATION)  # noqa: E731
    away = Model(url=f"http://127.0.0.1:{free_port()}/v1", name="clerk")
    digest(house.store, children, CONSULTATION, house.clock, model=away)
    ask_waiting(house.store, children, CONSULTATION, house.clock, away, pause=0)
    with one_alert_one_all_clear(house, house.notifier(model=away), "model", "The language model gives no answer"):
        good = json.dumps({"statements": [], "outcomes": {}})
        with endpoint(lambda _: completion(good)) as there:
            back = Model(url=there.url, name="clerk")
            ask_waiting(house.store, children, CONSULTATION, house.clock, back, pause=0)


def test_a_virus_scanner_that_is_away(house: House) -> None:
    with server_folder() as folder, ExitStack() as until_told:
        notifier = house.notifier(clamd=folder / "clamd.socket")
        with one_alert_one_all_clear(house, notifier, "scanner", "The virus scanner gives no answer"):
            until_told.enter_context(running(folder))


def test_mail_that_cannot_leave_is_told_by_the_webhook(house: House, dovecot: Dovecot) -> None:
    notifier = house.notifier(dovecot.mailbox())
    house.poll(dovecot.mailbox(password="wrong"))
    house.post_office.reply = lambda _taken: "451 later"
    for _ in range(40):
        notifier.notify()
        house.goes(minutes=1)
    assert house.webhooks == [("mailbox", "broken"), ("outgoing", "broken")]
    house.post_office.reply = lambda _taken: None
    for _ in range(40):
        notifier.notify()
        house.goes(minutes=1)
    assert house.webhooks[2:] == [("outgoing", "mended")]
    title = "What should leave is not sent"
    expected = ["The mailbox outcome is not polled", title, f"mended: {title}"]
    assert sorted(house.subjects) == sorted(f"kunming: {one}" for one in expected)


def test_a_secret_that_expires(house: House) -> None:
    name = "mailbox outcome: client secret"
    with house.store.begin() as session:
        note_expiry(session, name, house.now + timedelta(days=10), house.now)
    with one_alert_one_all_clear(house, house.notifier(), "expiring", f"{name} expires"):
        assert "in 10 days" in house.post_office.taken[0].text
        with house.store.begin() as session:
            note_expiry(session, name, house.now + timedelta(days=400), house.now)


def test_a_token_that_expires(house: House) -> None:
    with house.store.begin() as session:
        account = AccountRow(name="desk", key="desk", role="reader", created_at=house.now)
        session.add(account)
        session.flush()
        ends = house.now + timedelta(days=3)
        token = TokenRow(account_id=account.id, name="export", hash="0" * 64, role="reader", created_at=house.now)
        token.expires_at = ends
        session.add(token)
    title = "token 1 of desk (export) expires"
    with one_alert_one_all_clear(house, house.notifier(), "expiring", title), house.store.begin() as session:
        session.execute(update(TokenRow).values(revoked_at=house.now))


def test_the_certificate_of_the_mail_server_that_expires(house: House, certificate: Certificate) -> None:
    with open_post_office(certificate, "tls") as other:
        smtp = other.smtp(host="localhost")
        house.notifier(smtp=smtp).note_certificates()
    with house.store() as session:
        [noted] = read_expiries(session)
    assert noted.name == f"certificate of localhost:{other.port}"
    assert noted.at > datetime.now(UTC)
    house.now = noted.at - timedelta(days=5)
    title = f"{noted.name} expires"
    with one_alert_one_all_clear(house, house.notifier(), "expiring", title), house.store.begin() as session:
        note_expiry(session, noted.name, house.now + timedelta(days=400), house.now)


def test_what_happened_once_is_told_once(house: House) -> None:
    notifier = house.notifier()
    with house.store.begin() as session:
        keep_event(session, "outcome", "INBOX", "uidnext-went-back", "from 9 to 3", house.now, alarm=True)
        keep_event(session, "outcome", "INBOX", "listed-late", "1", house.now)
    for _ in range(3):
        notifier.notify()
    assert house.subjects == ["kunming: uidnext-went-back in outcome/INBOX"]
    assert house.webhooks == [("uidnext-went-back", "happened")]


def test_without_anybody_to_tell_alarms_are_kept_all_the_same(house: House, dovecot: Dovecot) -> None:
    house.poll(dovecot.mailbox(password="wrong"))
    house.notifier(dovecot.mailbox(), alerts={"least_free_mb": 0}).notify()
    with house.store() as session:
        assert [row.kind for row in session.scalars(select(AlarmRow))] == ["mailbox"]
        assert session.scalars(select(OutgoingRow)).all() == []


# --- the ping -------------------------------------------------------------------------------------------


def test_after_each_good_night_there_is_one_ping_and_after_a_bad_one_none(house: House, dovecot: Dovecot) -> None:
    mailbox = dovecot.mailbox()
    notifier = house.notifier(mailbox)
    pings = []
    for wrong in (False, False, True, True, False):
        house.poll(dovecot.mailbox(password="wrong") if wrong else mailbox)
        house.digest()
        for _ in range(3):
            notifier.notify()
        pings.append(house.pings)
        house.goes(days=1)
    assert pings == [1, 2, 2, 2, 3]


def test_a_night_that_goes_well_at_the_second_try_is_good(house: House, dovecot: Dovecot) -> None:
    mailbox = dovecot.mailbox()
    notifier = house.notifier(mailbox)
    house.poll(dovecot.mailbox(password="wrong"))
    notifier.notify()
    house.goes(minutes=10)
    house.poll(mailbox)
    notifier.notify()
    assert house.pings == 1


def test_before_the_mail_is_read_the_night_is_not_over(house: House, dovecot: Dovecot) -> None:
    dovecot.append((EXAMPLES / "05-paraguay.eml").read_bytes())
    notifier = house.notifier(dovecot.mailbox())
    house.poll(dovecot.mailbox())
    notifier.notify()
    assert house.pings == 0
    house.digest()
    notifier.notify()
    assert house.pings == 1


def test_a_ping_that_does_not_get_through_is_tried_again(house: House, dovecot: Dovecot) -> None:
    notifier = house.notifier(dovecot.mailbox())
    house.poll(dovecot.mailbox())
    house.hook.status = 503
    notifier.notify()
    house.hook.status = 200
    house.goes(minutes=5)
    notifier.notify()
    with house.store() as session:
        assert [row.state for row in session.scalars(select(OutgoingRow))] == ["sent"]


def test_an_address_that_holds_a_secret_is_in_no_message(
    house: House, dovecot: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    notifier = house.notifier(dovecot.mailbox())
    house.poll(dovecot.mailbox())
    house.hook.status = 404
    notifier.notify()
    with house.store() as session:
        [row] = session.scalars(select(OutgoingRow))
    assert row.state == "given-up"
    assert "secret-uuid" not in caplog.text + str(row.error)


# --- beside the polling ---------------------------------------------------------------------------------


def test_a_mail_server_that_hangs_holds_up_nobody_and_ends_with_the_program(house: House, dovecot: Dovecot) -> None:
    house.poll(dovecot.mailbox(password="wrong"))
    house.post_office.delay = 60.0
    asked = threading.Event()
    house.post_office.reply = lambda _taken: asked.set()
    with notifying(house.notifier(dovecot.mailbox())):
        assert asked.wait(10)
        assert house.poll(dovecot.mailbox()) == ["ok"]
    with house.store() as session:
        assert session.scalars(select(PollRow.outcome).order_by(PollRow.id)).all() == ["refused", "ok"]


def test_a_store_that_does_not_answer_stops_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    notifier = house.notifier()
    with house.store() as session:
        session.connection().exec_driver_sql("DROP TABLE alarm")
        session.commit()
    notify_safely(notifier)
    assert "notifying=failed" in caplog.text


def test_the_nightly_test_mail_travels_the_whole_way(house: House, scripted: Scripted) -> None:
    mailbox = scripted.mailbox()
    notifier = house.notifier(mailbox, canary={"to": ["inbox@example.test"], "at": "03:00"})
    assert house.poll(mailbox) == ["ok"]
    for _ in range(3):
        notifier.notify()
    [sent] = house.post_office.taken
    assert sent.to == ("inbox@example.test",)
    assert str(sent.message["Subject"]).startswith("Test of the mail, 2021-09-06, ")
    scripted.mails = {1: sent.raw}
    house.poll(mailbox)
    house.digest()
    with house.store() as session:
        snapshot = notifier.snapshot(session)
        [canary] = notifier.look(session).canaries
    assert canary.returned == house.now
    assert [(mail.kind, mail.review) for mail in snapshot.mails] == [("auto-reply", ())]
    house.goes(hours=7)
    notifier.notify()
    assert ("canary", "broken") not in house.webhooks


def test_a_test_mail_that_does_not_come_back_is_an_alarm_until_one_does(house: House, scripted: Scripted) -> None:
    mailbox = scripted.mailbox()
    notifier = house.notifier(
        mailbox, canary={"to": ["inbox@example.test"], "at": "03:00", "within_hours": 1}, alerts={}
    )
    notifier.notify()
    [lost] = house.post_office.taken
    scripted.mails = {1: lost.raw.replace(b"Test of the mail", b"Another subject!")}  # somebody else's with its number
    house.poll(mailbox)
    house.digest()
    house.goes(hours=2)
    assert standing(house, notifier) == ["canary inbox@example.test"]
    house.goes(hours=22)
    assert standing(house, notifier) == ["canary inbox@example.test"]
    scripted.mails = {2: house.post_office.taken[1].raw}
    house.poll(mailbox)
    house.digest()
    assert standing(house, notifier) == []


def standing(house: House, notifier: Notifier) -> list[str]:
    """The active alarms of test mails."""
    notifier.notify()
    with house.store() as session:
        keys = session.scalars(select(AlarmRow.standing).where(AlarmRow.kind == "canary"))
        return [key for key in keys if key]


COMMENTS = b"""\
Received: from mx.example.test by store.example.test; Fri, 3 Sep 2021 12:00:00 +0000
Return-Path: <ana@environment.example.no>
Authentication-Results: mx.example.test; dmarc=%s header.from=environment.example.no
From: Ana <ana@environment.example.no>
To: cop15hls-outcome@mee.gov.cn
Cc: secretariat@cbd.int
Subject: Comments of Norway
Message-ID: <comments-1@environment.example.no>
Date: Fri, 3 Sep 2021 12:00:00 +0000
Content-Type: text/plain; charset=utf-8

Dear colleagues,

please find below the comments of Norway.

In paragraph OP5, delete "effective".

Kind regards
Ana
"""


@pytest.mark.parametrize(("verdict", "answered"), [(b"pass", True), (b"fail", False)])
def test_a_delegation_is_answered_once_from_the_mailbox_to_the_reply(
    house: House, scripted: Scripted, verdict: bytes, answered: bool
) -> None:
    scripted.mails = {1: (COMMENTS % verdict).replace(b"\n", b"\r\n")}
    notifier = house.notifier(scripted.mailbox(), receipts={"on": True}, authserv_id="mx.example.test", alerts={})
    house.poll(scripted.mailbox())
    trusting = replace(CONSULTATION, authserv_id="mx.example.test")
    digest(house.store, lambda: Sandbox(trusting, PartLimits(workers=1)), trusting, house.clock)
    for _ in range(3):
        notifier.notify()
        house.goes(minutes=1)
    assert [sent.to for sent in house.post_office.taken] == [("ana@environment.example.no",)] * answered
    if answered:
        [sent] = house.post_office.taken
        assert sent.message["In-Reply-To"] == "<comments-1@environment.example.no>"
        assert "Changes understood, by paragraph: 1 (OP5: 1)" in sent.text
        assert "could be seen" not in sent.text
