"""Mail from files: .eml, .msg, mbox, Maildir, and folders of them. Bytes come as they stand in the file."""

import mailbox
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset({".eml", ".msg", ".mbox", ".mbx"})
"""What is taken out of a folder; a file that is named itself is taken whatever its name."""


class NoSuchPath(Exception):
    """There is no such file or folder."""

    exit_code = 2


class NoMail(Exception):
    """A file that was named does not look like mail."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class FileMail:
    """A mail that was found. `where` names the file, of a Maildir without the flags at the end of its name."""

    where: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that gave no mail, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class NotMail(SkippedFile):
    """A file that does not look like mail."""


LooksLikeMail = Callable[[str, bytes], bool]
"""Whether a file is a mail, by its name and what it holds."""


def mails_in(paths: Sequence[Path], looks_like_mail: LooksLikeMail | None = None) -> Iterator[FileMail | SkippedFile]:
    """Every mail in these files and folders, in the order of their names. A file in a folder that does not look like
    mail is not taken; those in an mbox or a Maildir are mail. Raises at once NoSuchPath, and NoMail where a file that
    is named does not look like mail.
    """
    looks = looks_like_mail or _whatever
    for path in paths:
        if not path.exists():
            raise NoSuchPath(f"{path}: there is no such file or folder")
        if path.is_file() and any(isinstance(one, NotMail) for one in _in_file(path, looks)):
            raise NoMail(f"{path}: it does not look like mail; --force takes it all the same")
    return _mails_in(paths, looks)


def _whatever(_name: str, _data: bytes) -> bool:
    return True


def _mails_in(paths: Sequence[Path], looks_like_mail: LooksLikeMail) -> Iterator[FileMail | SkippedFile]:
    for path in paths:
        yield from _in_folder(path, looks_like_mail) if path.is_dir() else _in_file(path, looks_like_mail)


def _in_folder(folder: Path, looks_like_mail: LooksLikeMail) -> Iterator[FileMail | SkippedFile]:
    if _is_maildir(folder):
        yield from _in_maildir(folder)
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            yield from _in_folder(entry, looks_like_mail)
        elif entry.suffix.lower() in SUFFIXES:
            yield from _in_file(entry, looks_like_mail)
        else:
            yield SkippedFile(str(entry), "no mail by its name")


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def _in_maildir(folder: Path) -> Iterator[FileMail | SkippedFile]:
    """What is delivered (new) and seen (cur); not what is half written (tmp). Its own folders are named `.Sub`."""
    for entry in sorted([*(folder / "new").iterdir(), *(folder / "cur").iterdir()]):
        yield from _read(entry, str(folder / entry.name.split(":2,")[0]))
    for below in sorted(folder.glob(".*")):
        if _is_maildir(below):
            yield from _in_maildir(below)


def _in_file(path: Path, looks_like_mail: LooksLikeMail) -> Iterator[FileMail | SkippedFile]:
    try:
        with path.open("rb") as file:
            is_mbox = file.read(5) == b"From "
    except OSError as error:
        yield SkippedFile(str(path), _why(error))
        return
    if is_mbox:
        yield from _in_mbox(path)
        return
    for one in _read(path, str(path)):
        no_mail = isinstance(one, FileMail) and not looks_like_mail(path.name, one.raw)
        yield NotMail(str(path), "it does not look like mail") if no_mail else one


def _read(path: Path, where: str) -> Iterator[FileMail | SkippedFile]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield SkippedFile(where, _why(error))
        return
    yield FileMail(where, raw) if raw else SkippedFile(where, "empty file")


def _in_mbox(path: Path) -> Iterator[FileMail | SkippedFile]:
    """The mails of an mbox, without the line that is before each, its quoting of "From " undone (mboxrd)."""
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield FileMail(str(path), re.sub(rb"(?m)^>(>*From )", rb"\1", box.get_bytes(key)))
    except OSError as error:
        yield SkippedFile(str(path), _why(error))
    finally:
        box.close()


def _why(error: OSError) -> str:
    return error.strerror or str(error)
