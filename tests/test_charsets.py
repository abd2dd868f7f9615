"""Bytes in the charsets that mails declare."""

import pytest

from parsing.text.charsets import decode

JIS = b"\x1b$B-!=\x242}\x1b(B"


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("iso-2022-jp", "段落を修正".encode("iso2022_jp"), "段落を修正"),
        ("iso-2022-jp", b"\x1b$B-!\x1b(B OP5", "① OP5"),
        ("iso-2022-jp", b"\x1b$B-j\x1b(BA\r\nB", "㈱A\r\nB"),
        ("ISO-2022-JP", b"\x1b$B-!", "①"),
        ("iso-2022-jp", b"\x1b$B-!\n\x1b(BOP5", "①\nOP5"),
        ("iso-2022-jp", b'\x1b(I1\x1b(B \x1b$B-"\x1b(B', "ｱ ②"),
        ("cp50221", b"\x1b$B|b\x1b(B", "髙"),
        ("iso-2022-jp-ms", b"\x1b$B-5\x1b(B", "Ⅰ"),
        ("euc-jp", "段落を修正".encode("euc_jp"), "段落を修正"),
        ("euc-jp", b"\xad\xa1 OP5", "① OP5"),
        ("x-euc-jp", b"\xad\xa1\x8e\xb1\xc3\xca", "①ｱ段"),
        ("eucjp-ms", b"\xad\xb5\x8f\xb0\xa1", "Ⅰ丂"),
    ],
)
def test_japanese_with_the_signs_of_windows(declared: str, data: bytes, text: str) -> None:
    decoded = decode(data, declared)
    assert (decoded.text, decoded.guessed, decoded.broken) == (text, False, False)
