"""Two copies of one mail are one, whatever servers did to them; two mails are two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimen_mail import attached, entity, text

from parsing.mail.twin import differences, fingerprint

HEAD = b"From: Bo Li <bo@x.example>\r\nMessage-ID: <1@x.example>\r\nDate: Mon, 6 Sep 2021 10:00:00 +0200\r\n"
MAIL = HEAD + b"Subject: Comments\r\n\r\nDear all,\r\n\r\nPP5: delete it.\r\n"
BANNER = b"CAUTION: This email originated from outside of the organization. Do not click links.\r\n\r\n"
FOOTER = b"_______________________________________________\r\nHls mailing list\r\nhls@lists.example\r\nhttps://lists.example/hls\r\n"
LATIN = HEAD + b"Subject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nPr\xe9ambule\r\n"
QUOTED = HEAD + (
    b"Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Pr=C3=A9am=\r\nbule\r\n"
)
FILE = attached(b"a.docx", b"words")


def mixed(*parts: bytes, boundary: bytes = b"one") -> bytes:
    return HEAD + entity("mixed", *parts, boundary=boundary)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MAIL, MAIL),
        (MAIL, b"Received: from a\r\n\tby b; Mon\r\nDelivered-To: c\r\nX-Spam-Score: 1\r\n" + MAIL),
        (MAIL, b"X-MS-Exchange-Organization-SCL: 1\r\nARC-Seal: x\r\nIronPort-SDR: a\r\nX-New-Filter: 7\r\n" + MAIL),
        (MAIL, MAIL.replace(b"\r\n", b"\n")),
        (MAIL, MAIL.replace(b"Subject: Comments", b"Subject: [EXT] Comments")),
        (MAIL, MAIL.replace(b"Bo Li <bo@x.example>", b'"Li, Bo" <BO@x.example>')),
        (MAIL, MAIL.replace(b"10:00:00 +0200", b"08:00:00 GMT")),
        (MAIL, MAIL.replace(b"Dear all", BANNER + b"Dear all")),
        (MAIL, MAIL.replace(b"Dear all", "ACHTUNG: Diese E-Mail stammt von außerhalb.\r\n\r\nDear all".encode())),
        (MAIL, MAIL + b"\r\n" + FOOTER),
        (MAIL, MAIL.replace(b"Message-ID: <1@", b"X-MS-Exchange-Parent-Message-Id: <1@x.example>\r\nMessage-ID: <9@")),
        (MAIL, MAIL.replace(b"Message-ID: <1@", b"X-Original-Message-ID: <1@x.example>\r\nMessage-ID: <9@")),
        (LATIN, QUOTED),
        (mixed(text(b"See"), FILE), mixed(text(b"See"), FILE, boundary=b"other")),
        (mixed(text(b"See http://x.example/a"), FILE), mixed(text(b"See https://filter.example/?u=x"), FILE)),
    ],
)  # fmt: skip
def test_what_servers_do_makes_no_other_mail(one: bytes, other: bytes) -> None:
    assert fingerprint(one) == fingerprint(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (MAIL, MAIL.replace(b"delete it", b"keep it")),
        (MAIL, MAIL.replace(b"<1@", b"<2@")),
        (MAIL, MAIL.replace(b"bo@", b"ana@")),
        (MAIL, MAIL.replace(b"PP5: delete it.", b"PP5: delete it. This e-mail is ours and PP6 is good.")),
        (mixed(text(b"See"), FILE), mixed(text(b"See"), attached(b"a.docx", b"other words"))),
        (mixed(text(b"See"), FILE), mixed(text(b"See"))),
        (MAIL, HEAD + b"References: <1@x.example>\r\nSubject: Comments\r\n\r\nOther"),
    ],
)
def test_two_mails_are_two_even_under_one_message_id(one: bytes, other: bytes) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"Subject: x\r\n\r\nBody", b"Message-ID:\r\n\r\nBody", b"\xff\x00:\n"]
)
def test_without_a_message_id_nothing_is_a_twin(raw: bytes) -> None:
    assert fingerprint(raw) is None


def test_how_a_copy_differs_is_told() -> None:
    other = MAIL.replace(b"Subject: Comments", b"Subject: [EXT] Comments").replace(b"+0200", b"+0300")
    assert differences(MAIL, other) == (
        "Date: “2021-09-06 08:00:00 UTC” and “2021-09-06 07:00:00 UTC”",
        "Subject: “Comments” and “[EXT] Comments”",
    )


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", HEAD, HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"]),
)
def test_arbitrary_bytes_have_a_fingerprint_or_none(data: bytes, head: bytes) -> None:
    found = fingerprint(head + data)
    assert found is None or len(found) == 64
    assert differences(head + data, MAIL) is not None
