"""Mail from files: every byte as it stands, each file accounted for."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from test_fetch import hashes, mail, now

from ingest.fetch import import_mails
from ingest.sources import FileMail, NoSuchPath, SkippedFile, mails_in
from store.session import Sessions


def found(*paths: Path) -> list[bytes]:
    return [one.raw for one in mails_in(paths) if isinstance(one, FileMail)]


def test_a_file_is_one_mail_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "comment").write_bytes(b"Subject: x\n\n\x00\xff bare\nlines")
    assert found(tmp_path / "comment") == [b"Subject: x\n\n\x00\xff bare\nlines"]


def test_an_mbox_is_as_many_mails_as_it_holds_with_its_quoting_undone(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for n in range(3):
        message = EmailMessage()
        message["Subject"] = str(n)
        message.set_content("First\n\nFrom here on\n>From there\n")
        box.add(message)
    box.close()
    mails = found(tmp_path / "box")
    assert len(mails) == 3
    assert all(b"\nFrom here on\n" in raw and not raw.startswith(b"From ") for raw in mails)


def test_a_maildir_gives_new_and_seen_mails_and_those_of_its_folders(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / ".Spam"):
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
    (tmp_path / "cur" / "1.host:2,S").write_bytes(b"seen")
    (tmp_path / "new" / "2.host").write_bytes(b"new")
    (tmp_path / "tmp" / "3.host").write_bytes(b"half")
    (tmp_path / ".Spam" / "new" / "4.host").write_bytes(b"junk")
    assert sorted(found(tmp_path)) == [b"junk", b"new", b"seen"]
    assert [one.where.rsplit("/", 1)[1] for one in mails_in([tmp_path])] == ["1.host", "2.host", "4.host"]


def test_a_folder_gives_its_mails_and_names_the_other_files(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.EML").write_bytes(b"a")
    (tmp_path / "b.msg").write_bytes(b"b")
    (tmp_path / "truth.json").write_bytes(b"{}")
    (tmp_path / "empty.eml").write_bytes(b"")
    assert sorted(found(tmp_path)) == [b"a", b"b"]
    others = [(Path(one.where).name, one.why) for one in mails_in([tmp_path]) if isinstance(one, SkippedFile)]
    assert others == [("empty.eml", "empty file"), ("truth.json", "no mail by its name")]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPath, match=r"nothing\.eml: there is no such file or folder"):
        found(tmp_path / "nothing.eml")


def test_the_same_import_twice_changes_nothing(tmp_path: Path, store: Sessions) -> None:
    for n in range(5):
        (tmp_path / f"{n}.eml").write_bytes(mail(n % 4))
    first = import_mails(store, mails_in([tmp_path]), 10_000, now)
    again = import_mails(store, mails_in([tmp_path, tmp_path]), 10_000, now)
    assert (first.found, first.new, first.same) == (5, 4, 1)
    assert (again.found, again.new, again.same) == (10, 0, 0)
    assert len(hashes(store)) == 4


def test_a_file_that_is_too_large_keeps_its_headers_and_says_so(tmp_path: Path, store: Sessions) -> None:
    (tmp_path / "big.eml").write_bytes(mail(1, b"x" * 20_000))
    assert import_mails(store, mails_in([tmp_path]), 10_000, now).refused == 1
