"""Receipts: what they say, and who gets none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fixture_inbox import DRAFT, NOON, NOW, REGISTER, Inbox, change, document, inbox, message, outcomes, remark
from fixture_smtp import PostOffice
from sqlalchemy import select
from typer.testing import CliRunner

from api.context import read_snapshot
from cli import app
from consultation.facts import MailFact
from consultation.kept import Arrival
from consultation.receipts import LANGUAGES, language_of, why_no_receipt
from consultation.sentences import SentenceFact
from outgoing.deliver import deliver
from outgoing.letters import OutgoingLetter
from outgoing.receipts import headers_of, queue_receipts, receipt_letter
from parsing.model import Flags, Reading, Unplaced
from settings import Settings
from store.tables import OutgoingRow

__all__ = ["inbox"]
OURS = ("cop15hls-outcome@mee.gov.cn", "secretariat@cbd.int")
AFTER = datetime(2021, 9, 7, 13, tzinfo=UTC)
"""An hour after the deadline's day has ended everywhere."""
NO_ANSWERS = ("auto-reply", "bounce", "spam", "rsvp")
NOT_VERIFIED = "its sender is not verified: the receipt might go to somebody who wrote nothing"
HEADERS = {"to": [OURS[0]], "from": ["office@example.org"], "return-path": ["<office@example.org>"]}
AT = Arrival("outcome", "INBOX", 1, 1, "stored", NOW, NOW)
FACT = MailFact(1, "ab" * 32, 100, NOW, "read", (AT,), "<1@example.org>", "office@example.org", "Comments", "comments")
FACT = replace(FACT, flags=Flags(authenticity="verified"))


@pytest.mark.parametrize(
    ("changed", "headers", "why"),
    [
        ({}, {}, ""),
        ({}, {"auto-submitted": ["no"]}, ""),
        ({"kind": "no-comments"}, {}, ""),
        ({}, {"cc": [OURS[1]], "to": ["Somebody <other@example.org>"]}, ""),
        ({"same_as": 7}, {}, "it is a copy of another mail"),
        *[({"kind": kind}, {}, f"it is no answer to the draft: {kind}") for kind in NO_ANSWERS],
        ({"kind": None}, {}, "it is no answer to the draft: not read yet"),
        ({"arrivals": (replace(AT, mailbox="files"),)}, {}, "it did not come by mail"),
        ({"first_seen": NOW - timedelta(days=3)}, {}, "it came too long ago"),
        ({"sender": None}, {}, "it has no sender"),
        ({"sender": OURS[0].upper()}, {}, "it comes from one of our own addresses"),
        *[
            ({"sender": f"{name}@example.org"}, {}, "nobody reads what is sent to its sender")
            for name in ("MAILER-DAEMON", "no-reply", "noreply", "donotreply", "bounces+1", "l-request", "owner-l")
        ],
        ({"flags": Flags(authenticity="unverified")}, {}, NOT_VERIFIED),
        ({"flags": Flags(authenticity="mismatch")}, {}, NOT_VERIFIED),
        ({}, {"auto-submitted": ["auto-replied"]}, "a program sent it, or wants no answer of one"),
        ({}, {"auto-submitted": ["auto-generated; owner-email=x"]}, "a program sent it, or wants no answer of one"),
        ({}, {"x-auto-response-suppress": ["OOF"]}, "a program sent it, or wants no answer of one"),
        ({}, {"list-id": ["<l.example.org>"]}, "it came through a list"),
        ({}, {"list-unsubscribe": ["<mailto:x@example.org>"]}, "it came through a list"),
        ({}, {"precedence": ["Bulk"]}, "it came through a list"),
        ({}, {"return-path": ["<>"]}, "it has no return path"),
        ({}, {"content-type": ["multipart/report; report-type=delivery-status"]}, "it is a report"),
        ({}, {"to": ["undisclosed-recipients:;"]}, "it is not addressed to one of our addresses"),
    ],
)  # fmt: skip
def test_a_receipt_goes_to_nobody_who_may_not_have_written(
    changed: dict[str, Any], headers: dict[str, list[str]], why: str
) -> None:
    assert why_no_receipt(replace(FACT, **changed), HEADERS | headers, OURS, NOW) == why


SAID = {
    "en": "Dear colleagues, please find our comments on the draft attached. With best regards",
    "fr": "Madame, Monsieur, veuillez trouver ci-joint nos observations sur le projet. Cordialement",
    "es": "Estimados colegas: En nombre del Gobierno, se adjuntan los comentarios de nuestro país para el proyecto.",
    "ru": "Уважаемые коллеги, направляем замечания к проекту декларации.",
    "ar": "السادة الزملاء، يرجى الاطلاع على تعليقاتنا على مشروع الإعلان.",
    "zh": "尊敬的同事：现附上我方对宣言草案的意见。",
}


@pytest.mark.parametrize(("language", "said"), SAID.items())
def test_the_language_is_the_one_that_the_sender_writes(language: str, said: str) -> None:
    quoted = SentenceFact(
        1, "body.txt", 0, 9, "official text", "Recognizing that the loss of biodiversity is a threat to " * 9
    )
    own = SentenceFact(0, "body.txt", 0, 9, "courtesy", said)
    assert language_of([quoted, own]) == language
    assert language_of([], said) == language


@pytest.mark.parametrize(
    "said",
    ["", "OP5", "Guten Tag, anbei unsere Anmerkungen.", "Caros colegas, em anexo as contribuições de Moçambique."],
)
def test_where_no_receipt_is_in_the_language_it_is_english(said: str) -> None:
    assert language_of([], said) == "en"


def raw_of(n: int = 1, sender: str = "office@example.org", more: str = "") -> bytes:
    head = f"From: {sender}\r\nTo: {OURS[0]}\r\nReturn-Path: <{sender}>\r\nMessage-ID: <{n}@example.org>\r\n"
    return f"{head}References: <0@example.org>\r\n{more}Subject: Comments {n}\r\n\r\nText\r\n".encode()


def come(inbox: Inbox, n: int = 1, raw: bytes = b"", said: str = SAID["en"], **more: Any) -> int:
    """The id of a mail with changes, remarks, files and what could not be read, that was read."""
    late = more.pop("late", False)
    mail_id = inbox.arrive(f"mail {n}", raw=raw or raw_of(n), at=AFTER if late else NOON)
    given: dict[str, Any] = {"message_id": f"<{n}@example.org>", "subject": f"Comments\n {n}"}
    who = message("NOR", flags=Flags(authenticity="verified"), **given | more)
    edits = (
        change("OP5", "effectiveness", "impact"),
        change("OP5", "Improve", "Raise", needs_review=True),
        remark("general", "Good"),
    )
    parts = (document("body.txt"), document("Our comments.docx"), document("old.wpd", "unreadable", "no reader"))
    unplaced = (Unplaced("delete the last words", "body.txt", "no place"),)
    inbox.read(mail_id, Reading(who, edits, unplaced, parts=parts, sentences=outcomes("body.txt", ("courtesy", said))))
    return mail_id


def settings_of(post_office: PostOffice, **more: Any) -> Settings:
    receipts = {"on": True} | more
    return Settings(smtp=post_office.smtp(), receipts=receipts, authserv_id="mx.example", timezone="Asia/Shanghai")


def queued(inbox: Inbox, settings: Settings, now: datetime = NOW, considered: set[int] | None = None) -> int:
    with inbox.sessions.begin() as session:
        return queue_receipts(
            session,
            settings,
            now,
            lambda one: read_snapshot(one, REGISTER, settings),
            set() if considered is None else considered,
        )


def test_a_delegation_is_told_once_what_was_received_and_understood(inbox: Inbox, post_office: PostOffice) -> None:
    come(inbox, late=True, copied=False)
    settings = settings_of(post_office)
    assert [queued(inbox, settings) for _ in range(3)] == [1, 0, 0]
    deliver(inbox.sessions, settings, lambda: NOW)
    [taken] = post_office.taken
    assert (taken.sender, taken.to) == ("<>", ("office@example.org",))
    headers = taken.message
    assert headers["Subject"] == "Received: Comments 1"
    assert headers["Auto-Submitted"] == "auto-replied"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["In-Reply-To"] == "<1@example.org>"
    assert headers["References"].split() == ["<0@example.org>", "<1@example.org>"]
    assert headers["Content-Language"] == "en"
    text = taken.text
    assert "Received: 2021-09-07 21:00+08:00" in text
    for name in ("Our comments.docx", "old.wpd"):
        assert f"  {name} (SHA-256 {document(name).sha256})" in text
    assert "body.txt" not in text
    assert "Changes understood, by paragraph: 2 (OP5: 2)\n  of these, to be checked by a person: 1" in text
    assert "Comments understood, by paragraph: 1 (the draft as a whole: 1)" in text
    assert "Passages whose place was not found: a person will read them: 1" in text
    assert "Could not be read automatically: a person will look at them: \n  old.wpd" in text
    assert f"after the deadline of {DRAFT.deadline}" in text
    assert f"No copy to {DRAFT.copy_to} could be seen" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_its_own_language(inbox: Inbox, post_office: PostOffice, language: str) -> None:
    mail_id = come(inbox, said=SAID[language], late=True)
    letter = the_letter(inbox, settings_of(post_office), mail_id)
    assert letter.language == language
    assert "{" not in letter.text + letter.subject
    if language != "en":
        english = the_letter(inbox, settings_of(post_office), come(inbox, 2))
        assert not {line for line in english.text.splitlines() if len(line) > 30} & set(letter.text.splitlines()) - {
            line for line in letter.text.splitlines() if "SHA-256" in line
        }


def the_letter(inbox: Inbox, settings: Settings, mail_id: int) -> OutgoingLetter:
    with inbox.sessions() as session:
        snapshot = read_snapshot(session, REGISTER, settings)
        mail = snapshot.mail(mail_id)
        assert mail
        return receipt_letter(settings, snapshot, mail, headers_of(raw_of()), session)


@pytest.mark.parametrize(
    "more",
    [
        {"flags": Flags()},
        {"kind": "auto-reply"},
        {"raw": raw_of(more="List-Id: <l.example.org>\r\n")},
        {"raw": raw_of(more="Auto-Submitted: auto-replied\r\n")},
        {"raw": b"Subject: \xff\r\n\r\nno more"},
    ],
)
def test_nothing_leaves_for_whom_no_receipt_is_due(inbox: Inbox, post_office: PostOffice, more: dict[str, Any]) -> None:
    raw = more.pop("raw", b"")
    mail_id = inbox.arrive("mail", raw=raw or raw_of())
    inbox.read(mail_id, Reading(message("NOR", **{"flags": Flags(authenticity="verified")} | more)))
    assert queued(inbox, settings_of(post_office)) == 0


def test_it_is_off_unless_it_is_turned_on(inbox: Inbox, post_office: PostOffice) -> None:
    come(inbox)
    assert queued(inbox, Settings(smtp=post_office.smtp(), authserv_id="mx.example")) == 0


def test_one_address_is_told_so_often_and_the_rest_waits(inbox: Inbox, post_office: PostOffice) -> None:
    for n in range(5):
        come(inbox, n)
    settings, considered = settings_of(post_office, to_one_address_a_day=2), set[int]()
    assert queued(inbox, settings, considered=considered) == 2
    assert queued(inbox, settings, NOW + timedelta(hours=23), considered) == 0
    assert queued(inbox, settings, NOW + timedelta(hours=25), considered) == 2


def test_all_together_are_told_so_often_in_an_hour(inbox: Inbox, post_office: PostOffice) -> None:
    for n in range(5):
        come(inbox, n, raw_of(n, f"office{n}@example.org"), sender=f"office{n}@example.org")
    settings, considered = settings_of(post_office, in_an_hour=3), set[int]()
    assert queued(inbox, settings, considered=considered) == 3
    assert queued(inbox, settings, NOW + timedelta(minutes=61), considered) == 2


@pytest.mark.parametrize(
    "hostile",
    ["x\r\nBcc: victim@example.org", "\u202egnp.exe", "{closing} {0} %s", "<1@x>\r\n\r\nbody", "é" * 5_000],
)
def test_what_a_mail_says_of_itself_sets_no_header_and_fills_no_form(
    inbox: Inbox, post_office: PostOffice, hostile: str
) -> None:
    mail_id = inbox.arrive("mail", raw=raw_of())
    parts = (document("body.txt"), document(hostile))
    who = message("NOR", flags=Flags(authenticity="verified"), subject=hostile, message_id=hostile)
    inbox.read(mail_id, Reading(who, parts=parts))
    settings = settings_of(post_office)
    assert queued(inbox, settings) == 1
    deliver(inbox.sessions, settings, lambda: NOW)
    [taken] = post_office.taken
    assert taken.to == ("office@example.org",)
    assert taken.message["Bcc"] is None
    assert "\u202e" not in taken.text + taken.message["Subject"]
    assert len(taken.message["Subject"]) < 200
    with inbox.sessions() as session:
        assert session.scalars(select(OutgoingRow.state)).all() == ["sent"]


@pytest.mark.parametrize("missing", ["smtp", "authserv_id"])
def test_settings_that_could_tell_nobody_are_refused(post_office: PostOffice, missing: str) -> None:
    given: dict[str, Any] = {"smtp": post_office.smtp(), "authserv_id": "mx.example", "receipts": {"on": True}}
    with pytest.raises(ValueError, match=r"receipts\.on: "):
        Settings(**given | {missing: None})


def test_the_command_shows_what_is_told_and_why_nothing_is(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_id = come(inbox)
    monkeypatch.setenv("KUNMING_DATABASE_URL", str(inbox.engine.url))
    shown = CliRunner().invoke(app, ["receipt", str(mail_id)]).output
    assert shown.startswith("Nothing is sent: it came too long ago.\n")
    assert "Subject: Received: Comments 1" in shown
