"""What a server's lines say: an odd one costs what it stands for, and no more."""

from datetime import UTC, datetime

import pytest

from ingest.answers import Folder, Folders, Listed, Raw, facts_of, folders_of, instant_of, items_of

NOON = datetime(2021, 9, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "instant"),
    [
        (b"06-Sep-2021 12:00:00 +0000", NOON),
        (b" 6-Sep-2021 12:00:00 +0000", NOON),
        (b"06-Sep-2021 20:00:00 +0800", NOON),
        (b"05-Sep-2021 22:00:00 -1400", NOON),
        (b"Mon, 6 Sep 2021 12.00.00 +0000", NOON),
        (b"06-Sep-2021 12:00:00", None),
        (b"06-Sep-2021 12:00:00 +9900", None),
        (b"06-Sep-9999 12:00:00 +0000", None),
        (b"31-Dec-9999 23:59:59 -0001", None),
        (b"01-Jan-0001 00:00:00 +0001", None),
        (b"06-Sep-20210 12:00:00 +0000", None),
        (b"30-Feb-2021 12:00:00 +0000", None),
        (b"06-Sep-2021 25:00:00 +0000", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_a_time_is_an_instant_or_unknown(said: bytes, instant: datetime | None) -> None:
    assert instant_of(said) == instant


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        (b'1 (UID 7 RFC822.SIZE 5 INTERNALDATE "06-Sep-2021 12:00:00 +0000")', Listed(7, 5, NOON)),
        (b'1 (INTERNALDATE "06-Sep-2021 12:00:00 +0000" rfc822.size 5 uid 7 FLAGS (\\Seen))', Listed(7, 5, NOON)),
        (b'1 (UID 7 RFC822.SIZE 5 INTERNALDATE "never")', Listed(7, 5, None, "never")),
        (b"1 (UID 7 RFC822.SIZE 5 INTERNALDATE NIL)", Listed(7, 5, None)),
        (b"1 (UID 7 FLAGS (\\Seen))", None),
        (b'1 (RFC822.SIZE 5 INTERNALDATE "06-Sep-2021 12:00:00 +0000")', None),
        (b"", None),
        (None, None),
    ],
)
def test_a_line_says_size_and_time_of_one_mail_or_is_about_something_else(line: Raw, listed: Listed | None) -> None:
    assert facts_of([line]) == ({} if listed is None else {listed.uid: listed})


def test_a_literal_of_eight_bits_is_a_literal() -> None:
    assert items_of([(b"1 (UID 7 BODY[] ~{3}", b"a\0\xff"), b")"])[7][b"BODY[]"] == b"a\0\xff"


@pytest.mark.parametrize(
    ("data", "folders"),
    [
        ([b'(\\HasNoChildren) "/" INBOX'], [Folder("INBOX", junk=False)]),
        ([b'(\\HasNoChildren) "/" "Entw&APw-rfe"'], [Folder("Entwürfe", junk=False)]),
        (['(\\HasNoChildren) "/" "Entwürfe"'.encode()], [Folder("Entwürfe", junk=False)]),
        ([b'(\\Junk) "." INBOX.X'], [Folder("INBOX.X", junk=True)]),
        ([b'(\\Junk \\Noselect) "." X'], []),
        ([b'() "/" INBOX/Spam'], [Folder("INBOX/Spam", junk=True)]),
        ([b'() "/" Unerw&APw-nscht'], [Folder("Unerwünscht", junk=True)]),
        ([b"() NIL 2021"], [Folder("2021", junk=False)]),
        ([(b'() "/" {5}', b"a (b)"), b""], [Folder("a (b)", junk=False)]),
        ([(b'() "/" {5}', b"a (b)"), b"", b'() "/" c'], [Folder("a (b)", junk=False), Folder("c", junk=False)]),
        ([None], []),
    ],
)
def test_folders_are_named_as_the_server_means_it(data: list[Raw], folders: list[Folder]) -> None:
    assert folders_of(data) == Folders(tuple(folders))


@pytest.mark.parametrize(
    "line", [b'() "/" "&bad-"', b'() "/" "Entw\xfcrfe"', b'(() "/" x', b'() "/"', b'() "/" "a', b"() x y z"]
)
def test_a_line_without_a_name_is_kept_as_it_came_and_the_others_are_read(line: bytes) -> None:
    found = folders_of([b'() "/" a', line, b'() "/" b'])
    assert [folder.name for folder in found.folders] == ["a", "b"]
    assert found.unnamed == (repr([line]),)
