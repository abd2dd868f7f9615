"""Mail from files: .eml, .msg, mbox, Maildir, and folders of them. Bytes come as they stand in the file."""

import mailbox
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset({".eml", ".msg", ".mbox", ".mbx"})
"""What is taken out of a folder; a file that is named itself is taken whatever its name."""


class NoSuchPath(Exception):
    """There is no such file or folder."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class FileMail:
    """A mail that was found. `where` names the file, of a Maildir without the flags at the end of its name."""

    where: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that gave no mail, and why."""

    where: str
    why: str


def mails_in(paths: Sequence[Path]) -> Iterator[FileMail | NotTaken]:
    """Every mail in these files and folders, in the order of their names. Raises NoSuchPath before the first."""
    for path in paths:
        if not path.exists():
            raise NoSuchPath(f"{path}: there is no such file or folder")
    for path in paths:
        yield from _in_folder(path) if path.is_dir() else _in_file(path)


def _in_folder(folder: Path) -> Iterator[FileMail | NotTaken]:
    if _is_maildir(folder):
        yield from _in_maildir(folder)
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            yield from _in_folder(entry)
        elif entry.suffix.lower() in SUFFIXES:
            yield from _in_file(entry)
        else:
            yield NotTaken(str(entry), "no mail by its name")


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def _in_maildir(folder: Path) -> Iterator[FileMail | NotTaken]:
    """What is delivered (new) and seen (cur); not what is half written (tmp). Its own folders are named `.Sub`."""
    for entry in sorted([*(folder / "new").iterdir(), *(folder / "cur").iterdir()]):
        yield from _read(entry, str(folder / entry.name.split(":2,")[0]))
    for below in sorted(folder.glob(".*")):
        if _is_maildir(below):
            yield from _in_maildir(below)


def _in_file(path: Path) -> Iterator[FileMail | NotTaken]:
    try:
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
    except OSError as error:
        yield NotTaken(str(path), _why(error))
        return
    yield from _in_mbox(path) if is_mbox else _read(path, str(path))


def _read(path: Path, where: str) -> Iterator[FileMail | NotTaken]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield NotTaken(where, _why(error))
        return
    yield FileMail(where, raw) if raw else NotTaken(where, "empty file")


def _in_mbox(path: Path) -> Iterator[FileMail | NotTaken]:
    """The mails of an mbox, without the line that stands before each, its quoting of "From " undone (mboxrd)."""
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield FileMail(str(path), re.sub(rb"(?m)^>(>*From )", rb"\1", box.get_bytes(key)))
    except OSError as error:
        yield NotTaken(str(path), _why(error))
    finally:
        box.close()


def _why(error: OSError) -> str:
    return error.strerror or str(error)
