"""Late by provable time, and the copy: one line a case."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from parsing.model import Consultation, Draft, MarkedText, OpenMail
from parsing.who.receipt import copied_to, end_of_day, hop_of, received
from parsing.who.recipients import addresses_in
from store.register import load

DRAFT = Draft("d", "", "", "en", date(2021, 9, 6), "cop15hls-outcome@mee.gov.cn", "secretariat@cbd.int", ())
SECRETARIAT = "secretariat@cbd.int"


def at(text: str, hours: float = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=hours)))


def mail(received_at: datetime | None = None, claimed: datetime | None = None, **headers: str) -> OpenMail:
    values = {name: (value,) for name, value in headers.items()}
    return OpenMail(values, None, "", "a@b.example", "", claimed, received_at, MarkedText("text"), "body.txt")


def consultation(offset: float = -12) -> Consultation:
    return Consultation(DRAFT, load(), deadline_offset=timedelta(hours=offset))


BEFORE, AFTER = at("2021-09-07T11:59:59"), at("2021-09-07T12:00:00")
TIMES = [
    # INTERNALDATE, topmost Received, Date, late
    (None, None, BEFORE, False),
    (None, None, AFTER, True),
    (BEFORE, None, None, False),
    (AFTER, None, None, True),
    (None, BEFORE, AFTER, False),
    (None, AFTER, BEFORE, True),
    (AFTER, BEFORE, AFTER, False),
    (BEFORE, AFTER, AFTER, False),
    (AFTER, AFTER, BEFORE, True),
    (None, None, None, False),
    (None, None, at("2021-09-06T23:59:00", -12), False),
    (None, None, at("2021-09-07T00:00:00", -12), True),
    (None, at("2021-09-07T11:42:10", 8), at("2021-09-06T22:41:00", -5), False),
    (None, at("2021-09-08T09:15:44", 8), at("2021-09-06T15:00:00", 11), True),
]


@pytest.mark.parametrize(("arrived", "hop", "claimed", "late"), TIMES)
def test_late_is_late_by_provable_time(
    arrived: datetime | None, hop: datetime | None, claimed: datetime | None, late: bool
) -> None:
    assert received(mail(hop, claimed), arrived, consultation()).late is late


def test_all_three_times_are_kept_in_utc() -> None:
    found = received(mail(BEFORE, at("2021-09-06T10:00:00", 2)), AFTER, consultation())
    assert (found.at, found.internaldate, found.received) == (BEFORE, AFTER, BEFORE)
    assert found.date == at("2021-09-06T08:00:00")
    assert "Date claims 2021-09-06 08:00 UTC." in found.evidence


def test_a_time_without_zone_is_taken_for_utc() -> None:
    assert received(mail(None, datetime(2021, 9, 6, 9)), None, consultation()).at == datetime(2021, 9, 6, 9, tzinfo=UTC)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("offset", "end"), [(-12, "2021-09-07T12:00"), (0, "2021-09-07T00:00"), (8, "2021-09-06T16:00")]
)
def test_the_day_ends_where_it_is_configured_to_end(offset: int, end: str) -> None:
    assert end_of_day(DRAFT, timedelta(hours=offset)) == at(end)
    assert received(mail(None, at(end)), None, consultation(offset)).late


ADDRESSES = [
    ("secretariat@cbd.int", True),
    ("Secretariat@CBD.INT", True),
    ("<secretariat@cbd.int>", True),
    ("CBD Secretariat <secretariat@cbd.int>", True),
    ("Secretariat, CBD <secretariat@cbd.int>", True),
    ('"Mrema, Elizabeth" <e@cbd.int>, "SCBD" <secretariat@cbd.int>', True),
    ("Copies: secretariat@cbd.int, x@y.example;", True),
    ("Parties: a@b.example; Others: secretariat@cbd.int;", True),
    ("a@b.example; secretariat@cbd.int", True),
    ("secretariat@cbd.int (SCBD)", True),
    ("<mailto:secretariat@cbd.int>", True),
    ("secretariat @ cbd.int", True),
    ("'secretariat@cbd.int'", True),
    ('"secretariat@cbd.int" <other@elsewhere.example>', False),
    ("secretariat@cbd.int <other@elsewhere.example>", False),
    ("other@elsewhere.example (secretariat@cbd.int)", False),
    ("secretariat@cbd.int.example", False),
    ("xsecretariat@cbd.int", False),
    ("secretariat@cbd.int@elsewhere.example <x@elsewhere.example>", False),
    ("Secretariat of the CBD", False),
    ("", False),
]


@pytest.mark.parametrize(("value", "found"), ADDRESSES)
def test_an_address_is_found_however_it_is_written(value: str, found: bool) -> None:
    assert (SECRETARIAT in addresses_in((value,))) is found


COPIES = [
    ({"to": "cop15hls-outcome@mee.gov.cn", "cc": SECRETARIAT}, (), "ok"),
    ({"to": f"cop15hls-outcome@mee.gov.cn, {SECRETARIAT}"}, (), "ok"),
    ({"to": "cop15hls-outcome@mee.gov.cn"}, (), "missing"),
    ({"to": "cop15hls-outcome@mee.gov.cn"}, (SECRETARIAT,), "ok"),
    ({"to": "cop15hls-outcome@mee.gov.cn", "delivered-to": SECRETARIAT}, (), "ok"),
    ({"to": "cop15hls-outcome@mee.gov.cn", "from": f"CBD <{SECRETARIAT}>"}, (), "ok"),
    ({"to": "undisclosed-recipients:;"}, (), "not provable"),
    ({}, (), "not provable"),
]


@pytest.mark.parametrize(("headers", "mailboxes", "copy"), COPIES)
def test_the_copy_is_ok_missing_or_not_provable(headers: dict[str, str], mailboxes: tuple[str, ...], copy: str) -> None:
    assert copied_to({name: (value,) for name, value in headers.items()}, DRAFT, mailboxes)[0] == copy


def test_only_a_copy_that_can_be_shown_counts() -> None:
    assert received(mail(cc=SECRETARIAT), None, consultation()).copied
    assert not received(mail(to="x@y.example"), None, consultation()).copied
    assert not received(mail(), None, consultation()).copied


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (
            "from mx.gov.no (mx.gov.no [192.0.2.1]) by mail.mee.gov.cn with ESMTPS id 1; 6 Sep 2021 10:00:00 +0800",
            ["mail.mee.gov.cn took it from mx.gov.no (mx.gov.no [192.0.2.1])."],
        ),
        ("by 192.0.2.2 with SMTP id x; Mon, 6 Sep 2021 10:00:00 +0800", ["192.0.2.2 took it."]),
        ("rubbish \0", []),
        ("", []),
    ],
)
def test_the_topmost_hop_names_the_server_that_took_the_mail(field: str, told: list[str]) -> None:
    assert list(hop_of([field])) == told
