"""Two transports of one mail are one; two mails are two."""

import pytest

from parsing.mail.twin import fingerprint

MAIL = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: x\r\n\r\nBody\r\n"


@pytest.mark.parametrize(
    ("other", "twin"),
    [
        (MAIL, True),
        (b"Received: from a by b; Mon, 6 Sep 2021\r\n" + MAIL, True),
        (b"Received: from a\r\n\tby b; Mon\r\nDelivered-To: c\r\nX-Spam-Score: 1\r\n" + MAIL, True),
        (b"X-MS-Exchange-Organization-SCL: 1\r\nARC-Seal: x\r\n" + MAIL, True),
        (MAIL.replace(b"\r\n", b"\n"), True),
        (MAIL + b"\r\n", True),
        (MAIL.replace(b"Subject: x\r\n", b"") .replace(b"From:", b"subject:  x\r\nFrom:"), True),
        (MAIL.replace(b"Subject: x", b"Subject:\r\n x"), True),
        (MAIL.replace(b"Body", b"Other"), False),
        (MAIL.replace(b"Body", b"Body "), False),
        (MAIL.replace(b"Subject: x", b"Subject: [EXT] x"), False),
        (MAIL.replace(b"<1@", b"<2@"), False),
        (MAIL.replace(b"From:", b"Cc: d@example.org\r\nFrom:"), False),
        (b"X-Draft-Version: 2\r\n" + MAIL, False),
    ],
)  # fmt: skip
def test_transport_alone_makes_twins(other: bytes, twin: bool) -> None:
    assert (fingerprint(other) == fingerprint(MAIL)) is twin


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n\r\n", b"Subject: x\r\n\r\nBody", b"Message-ID:\r\n\r\nBody", b"\xff\x00:\n"]
)
def test_without_a_message_id_nothing_is_a_twin(raw: bytes) -> None:
    assert fingerprint(raw) is None
