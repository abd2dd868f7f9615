"""The only file that speaks IMAP: EXAMINE and BODY.PEEK[] alone, so that the mailbox stays as it was.

No flag is set and none is believed. Everything that imapclient passes over in silence is stated: a mail that is listed
and not given, a literal shorter than RFC822.SIZE (RFC 9051, sections 6.3.3, 6.4.8 and 7.5.2).
"""

import imaplib
import math
import re
import socket
import ssl
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError, ProtocolError

from settings import Mailbox

LONGEST_LIST = 40_000
"""UIDs in one answer: imaplib reads no line above 1,000,000 bytes, and a UID takes at most 11."""

UIDS_IN_COMMAND = 500
"""At most 5.5 KB of a command line; servers take 8 KB (RFC 7162, section 4)."""

SLOWEST = 10_000
"""Bytes a second below which an answer counts as a stall, however the bytes trickle."""

WATCHED_EVERY = 0.25
"""Seconds. One thread for a whole session: one for each command would take longer than the command."""

NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
"""What OpenSSL calls an answer that is no TLS."""

TRY_LATER = ("UNAVAILABLE", "SERVERBUG", "INUSE", "LIMIT", "CONTACTADMIN", "OVERQUOTA", "ALERT")
"""Response codes of a refused login that say nothing about the password (RFC 5530)."""


class WrongMailbox(Exception):
    """A setting of a mailbox is wrong; the message is one line that names it. Trying again does not help."""

    exit_code = 2


class Unreachable(Exception):
    """The server cannot be reached or answers no sense: try later on a new connection."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the server lists it. `junk` marks the one that spam is put into."""

    name: str
    junk: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What EXAMINE answered. `uidnext` is None where the server does not say."""

    uidvalidity: int
    uidnext: int | None
    messages: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail before its bytes are asked for."""

    uid: int
    size: int
    internaldate: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """A mail's bytes; `warning` says what was odd about the way that they came."""

    uid: int
    raw: bytes
    warning: str | None = None


@contextmanager
def connect(mailbox: Mailbox) -> "Iterator[Connection]":
    """A Connection that is logged in. Raises WrongMailbox or Unreachable, as everything that is asked of it does."""
    client, over = _open(mailbox), threading.Event()
    try:
        _log_in(client, mailbox)
        connection = Connection(client, mailbox)
        threading.Thread(target=connection.watch, args=[over], daemon=True).start()
        yield connection
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()
    finally:
        over.set()
        with suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()


@contextmanager
def _our_errors(mailbox: Mailbox) -> Iterator[None]:
    """Turns what the network, imaplib and imapclient raise into WrongMailbox and Unreachable."""
    where = f"{mailbox.host}:{mailbox.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise WrongMailbox(
            f"mailboxes.{mailbox.name}.ca_file: the certificate of {where} is not trusted: {error.verify_message}"
        ) from error
    except (OSError, imaplib.IMAP4.abort) as error:
        if getattr(error, "reason", "") in NO_TLS:
            raise WrongMailbox(f"mailboxes.{mailbox.name}.security: {where} speaks no TLS: {_reason(error)}") from error
        raise Unreachable(f"mailboxes.{mailbox.name}.host: {where}: {_reason(error)}") from error
    except (imaplib.IMAP4.error, ValueError, LookupError, TypeError) as error:
        raise Unreachable(f"mailboxes.{mailbox.name}.host: {where} answered no sense: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _open(mailbox: Mailbox) -> IMAPClient:
    context = _trust(mailbox)
    timeout = SocketTimeout(connect=min(mailbox.timeout, 30.0), read=mailbox.timeout)
    with _our_errors(mailbox):
        client = IMAPClient(
            mailbox.host, mailbox.port, ssl=mailbox.security == "tls", ssl_context=context, timeout=timeout
        )
    # imapclient turns imaplib's debugging on, which formats every body: four times slower, three times the memory.
    client._imap.debug = 0  # noqa: SLF001 # no public switch
    client.normalise_times = False
    try:
        if mailbox.security == "starttls":
            _start_tls(client, mailbox, context)
    except BaseException:
        client.shutdown()
        raise
    return client


def _start_tls(client: IMAPClient, mailbox: Mailbox, context: ssl.SSLContext) -> None:
    with _our_errors(mailbox):
        try:
            client.starttls(context)
        except CapabilityError as error:
            where = f"{mailbox.host}:{mailbox.port}"
            raise WrongMailbox(
                f"mailboxes.{mailbox.name}.security: {where} offers no STARTTLS; no password was sent"
            ) from error


def _trust(mailbox: Mailbox) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=mailbox.ca_file and str(mailbox.ca_file))
    except OSError as error:
        raise WrongMailbox(
            f"mailboxes.{mailbox.name}.ca_file: no certificates in {mailbox.ca_file}: {_reason(error)}"
        ) from error


def _log_in(client: IMAPClient, mailbox: Mailbox) -> None:
    password = mailbox.password.get_secret_value()
    with _our_errors(mailbox):
        try:
            if (mailbox.user + password).isascii():
                client.login(mailbox.user, password)
            else:  # LOGIN knows ASCII alone
                client.plain_login(mailbox.user, password)
        except imaplib.IMAP4.abort:
            raise
        except LoginError as error:
            _explain_refusal(mailbox, _reason(error).replace(password, "…"), error)


def _explain_refusal(mailbox: Mailbox, said: str, error: Exception) -> NoReturn:
    if any(f"[{code}" in said.upper() for code in TRY_LATER):
        raise Unreachable(f"mailboxes.{mailbox.name}: no login at {mailbox.host} now: {said}") from error
    raise WrongMailbox(
        f"mailboxes.{mailbox.name}.password: {mailbox.host} refuses the login of {mailbox.user}: {said}"
    ) from error


class Connection:
    """One session with a server. Not for two threads at once."""

    def __init__(self, client: IMAPClient, mailbox: Mailbox) -> None:
        self._client = client
        self._mailbox = mailbox
        self._until = math.inf

    def folders(self) -> tuple[Folder, ...]:
        """All folders that can be opened."""
        with self._asking():
            listed = self._client.list_folders()
        return tuple(
            Folder(str(name), _is_junk(str(name), delimiter, flags))
            for flags, delimiter, name in listed
            if not {b"\\noselect", b"\\nonexistent"} & {flag.lower() for flag in flags}
        )

    def examine(self, folder: str) -> Examined:
        """Opens a folder for reading alone. Raises WrongMailbox where there is none of that name, or it is shut."""
        with self._asking():
            try:
                answer = self._client.select_folder(folder, readonly=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                self._explain_missing(folder, error)
                raise
        if b"UIDVALIDITY" not in answer:
            raise Unreachable(f"mailboxes.{self._mailbox.name}: {folder} has no UIDVALIDITY: its UIDs mean nothing")
        return Examined(answer[b"UIDVALIDITY"], answer.get(b"UIDNEXT"), answer.get(b"EXISTS", 0))

    def _explain_missing(self, folder: str, error: Exception) -> None:
        if "[NOPERM]" in str(error).upper():  # RFC 5530: asking again does not help
            raise WrongMailbox(f"mailboxes.{self._mailbox.name}.folders: {folder!r} may not be opened") from error
        names = [found.name for found in self.folders()]
        if folder not in names and not (folder.upper() == "INBOX" and "INBOX" in names):
            there = ", ".join(names[:10]) or "none"
            raise WrongMailbox(
                f"mailboxes.{self._mailbox.name}.folders: no folder {folder!r} (there are: {there})"
            ) from error

    def uids(self, first: int, examined: Examined, most: int = LONGEST_LIST) -> list[int]:
        """The UIDs from `first` on, ascending, each once; at most `most` of them are asked for at once."""
        found: set[int] = set()
        for start, end in self._ranges(first, examined, most):
            with self._asking(most * 11):
                found.update(self._client.search(["UID", f"{start}:{end or '*'}"]))
        # `n:*` with n beyond the end names the last mail, which is no news (RFC 9051, section 9, seq-range).
        return sorted(uid for uid in found if uid >= first)

    def _ranges(self, first: int, examined: Examined, most: int) -> list[tuple[int, int | None]]:
        """Ranges of UIDs with at most `most` mails in each; None is "to the end"."""
        if examined.messages <= most or (examined.uidnext is not None and examined.uidnext - first <= most):
            return [(first, None)]
        marks = range(most, examined.messages, most)
        bounds = sorted(uid for uid in self._uids_at(marks) if uid >= first)
        starts = [first, *(uid + 1 for uid in bounds)]
        return list(zip(starts, [*bounds, None], strict=True))

    def _uids_at(self, numbers: Sequence[int]) -> list[int]:
        self._client.use_uid = False
        try:
            with self._asking():
                answer = self._client.fetch(numbers, ["UID"])
        finally:
            self._client.use_uid = True
        return [item[b"UID"] for item in answer.values() if isinstance(item.get(b"UID"), int)]

    def look(self, uids: Sequence[int]) -> list[Listed]:
        """Size and time of arrival of each mail that the server still has, in the order of `uids`."""
        listed = []
        for start in range(0, len(uids), UIDS_IN_COMMAND):
            some = uids[start : start + UIDS_IN_COMMAND]
            with self._asking(len(some) * 200):
                answer = self._client.fetch(some, ["RFC822.SIZE", "INTERNALDATE"])
            listed += [_listed(uid, answer[uid]) for uid in some if uid in answer]
        return listed

    def give(self, mails: Sequence[Listed]) -> Iterator[Given]:
        """The bytes of each mail that the server gives; those that it passes over are not among them. What is not as
        long as the server said is asked for once more.
        """
        bodies = self._bodies([mail.uid for mail in mails], sum(mail.size for mail in mails))
        for mail in mails:
            raw = bodies.pop(mail.uid, None)
            if raw is not None and len(raw) == mail.size:
                yield Given(mail.uid, raw)
            elif (again := self._once_more(mail, raw)) is not None:
                yield again

    def _once_more(self, mail: Listed, first: bytes | None) -> Given | None:
        second = self._bodies([mail.uid], mail.size).get(mail.uid)
        if second is None and first is None:
            return None
        raw = max(second or b"", first or b"", key=lambda body: (len(body) == mail.size, len(body)))
        if len(raw) == mail.size:
            return Given(mail.uid, raw)
        return Given(mail.uid, raw, f"the server said {mail.size} bytes and gave {len(raw)}, twice")

    def _bodies(self, uids: Sequence[int], size: int) -> dict[int, bytes]:
        """What the server answers with bytes. A command that it refuses is tried for each mail alone."""
        with self._asking(size):
            try:
                answer = self._client.fetch(uids, ["BODY.PEEK[]"])
            except (imaplib.IMAP4.abort, ProtocolError):
                raise
            except imaplib.IMAP4.error:
                answer = None
        if answer is None:
            return (
                {} if len(uids) == 1 else {uid: body for one in uids for uid, body in self._bodies([one], size).items()}
            )
        return {uid: body for uid, item in answer.items() if isinstance(body := item.get(b"BODY[]"), bytes)}

    def outline(self, mail: Listed) -> bytes | None:
        """The headers of a mail that is too large to be taken, as they came, and a line for each of its parts."""
        with self._asking():
            answer = self._client.fetch([mail.uid], ["BODY.PEEK[HEADER]", "BODYSTRUCTURE"]).get(mail.uid, {})
        header = answer.get(b"BODY[HEADER]")
        if not isinstance(header, bytes):
            return None
        return header + "\r\n".join(_structure(answer.get(b"BODYSTRUCTURE"))).encode() + b"\r\n"

    def has(self, uids: Sequence[int]) -> set[int]:
        """Which of these mails the server still lists."""
        found: set[int] = set()
        for start in range(0, len(uids), UIDS_IN_COMMAND):
            some = uids[start : start + UIDS_IN_COMMAND]
            with self._asking():
                found.update(self._client.search(["UID", ",".join(map(str, some))]))
        return found & set(uids)

    @contextmanager
    def _asking(self, size: int = 0) -> Iterator[None]:
        """Raises our errors, and cuts the line when `size` bytes take longer than at the slowest rate."""
        self._until = time.monotonic() + self._mailbox.timeout + size / SLOWEST
        try:
            with _our_errors(self._mailbox):
                yield
        finally:
            self._until = math.inf

    def watch(self, over: threading.Event) -> None:
        """Cuts the line when an answer takes too long, until the session is over."""
        while not over.wait(WATCHED_EVERY):
            if time.monotonic() > self._until:
                with suppress(OSError):
                    self._client.socket().shutdown(socket.SHUT_RDWR)


def _listed(uid: int, item: Mapping[bytes, Any]) -> Listed:
    size, date = item.get(b"RFC822.SIZE"), item.get(b"INTERNALDATE")
    in_utc = date.astimezone(UTC) if isinstance(date, datetime) and date.tzinfo else None
    return Listed(uid, size if isinstance(size, int) else 0, in_utc)


def _is_junk(name: str, delimiter: bytes | None, flags: Sequence[bytes]) -> bool:
    last = name.rsplit(delimiter.decode(), 1)[-1] if delimiter else name
    return b"\\junk" in {flag.lower() for flag in flags} or is_junk_name(last)


def is_junk_name(name: str) -> bool:
    """Whether folders for spam are called so."""
    return name.casefold() in JUNK_NAMES


def _structure(body: Any, number: str = "") -> list[str]:
    """A line for each part: its number, type, name and size (RFC 9051, section 7.5.2, BODYSTRUCTURE)."""
    if not isinstance(body, tuple) or not body:
        return []
    if not isinstance(body[0], list):
        return [_part_line(body, number or "1")]
    lines: list[str] = []
    for n, part in enumerate(body[0], start=1):
        lines += _structure(part, f"{number}.{n}" if number else str(n))
    return lines


def _part_line(part: tuple[Any, ...], number: str) -> str:
    kind = b"/".join(word for word in part[:2] if isinstance(word, bytes)).decode("ascii", "replace").lower()
    names = re.findall(rb"(?i)name\*?[0-9*]*', b'([^']*)'", repr(part).encode())
    name = f' "{names[0].decode("utf-8", "replace")}"' if names else ""
    size = f" {part[6]} bytes" if len(part) > 6 and isinstance(part[6], int) else ""
    return f"part {number}: {kind}{name}{size}"


JUNK_NAMES = frozenset(tomllib.loads((Path(__file__).parent / "junk.toml").read_text("utf-8"))["names"])
