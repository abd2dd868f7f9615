"""The only file that asks an IMAP server: EXAMINE and BODY.PEEK[] alone, so that the mailbox stays as it was.

No flag is set and none is believed. Everything that imapclient passes over in silence is stated: a mail that is listed
and not given, a literal shorter than RFC822.SIZE (RFC 9051, sections 6.3.3, 6.4.8 and 7.5.2).
"""

import imaplib
import math
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from imapclient import IMAPClient

from ingest.answers import Folders, Listed, Raw, facts_of, folders_of, items_of, structure_of
from ingest.expirations import end_of_certificate
from ingest.login import close, log_in, open_client, our_errors, say_who_asks
from ingest.mailbox_errors import Unreachable, WrongMailbox
from settings import Mailbox

T = TypeVar("T")

LONGEST_LIST = 40_000
"""UIDs in one answer: imaplib reads no line above 1,000,000 bytes, and a UID takes at most 11."""

UIDS_IN_COMMAND = 500
"""At most 5.5 KB of a command line; servers take 8 KB (RFC 7162, section 4)."""

SLOWEST = 10_000
"""Bytes a second below which an answer counts as a stall, however the bytes trickle."""

WATCHED_EVERY = 0.25
"""Seconds. One thread for a whole session: one for each command would take longer than the command."""


LINGERS = 4.0
"""Seconds that an answer under way has when the program is being ended: a batch comes in one on most connections."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What EXAMINE answered. `uidnext` is None where the server does not say."""

    uidvalidity: int
    uidnext: int | None
    messages: int


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """A mail's bytes; `warning` says what was odd about the way that they came."""

    uid: int
    raw: bytes
    warning: str | None = None


@contextmanager
def connect(mailbox: Mailbox, stop: threading.Event | None = None) -> "Iterator[Connection]":
    """A Connection that is logged in. Raises WrongMailbox or Unreachable, as everything that is asked of it does. When
    `stop` is set, what is being asked has a few seconds more.
    """
    client, over = open_client(mailbox), threading.Event()
    try:
        log_in(client, mailbox)
        connection = Connection(client, mailbox, stop or threading.Event())
        threading.Thread(target=connection.watch, args=[over], daemon=True).start()
        yield connection
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()
    finally:
        over.set()
        close(client)


class Connection:
    """One session with a server. Not for two threads at once."""

    def __init__(self, client: IMAPClient, mailbox: Mailbox, stop: threading.Event) -> None:
        self._client = client
        self._stop = stop
        self._mailbox = mailbox
        self._until = math.inf

    @property
    def certificate(self) -> dict[str, datetime]:
        """When the server's certificate ends, by whose it is; empty without TLS."""
        ends = end_of_certificate(self._client.socket())
        return {} if ends is None else {f"certificate of {self._mailbox.host}": ends}

    def folders(self) -> Folders:
        """All folders that can be opened."""
        with self._asking():
            return folders_of(self._answer(*self._client._imap.list('""', '"*"')))  # noqa: SLF001 # decodes all or none

    def examine(self, folder: str) -> Examined:
        """Opens a folder for reading alone. Raises WrongMailbox where there is none, or it cannot be opened."""
        with self._asking():
            try:
                answer = self._select(folder)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                self._explain_missing(folder, error)
                raise
        if b"UIDVALIDITY" not in answer:
            raise Unreachable(f"mailboxes.{self._mailbox.name}: {folder} has no UIDVALIDITY: its UIDs mean nothing")
        return Examined(answer[b"UIDVALIDITY"], answer.get(b"UIDNEXT"), answer.get(b"EXISTS", 0))

    def _select(self, folder: str) -> Mapping[bytes, Any]:
        """What EXAMINE says; a server that refuses it is asked once more by a client that has said who it is."""
        try:
            answer: Mapping[bytes, Any] = self._client.select_folder(folder, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            say_who_asks(self._client, self._mailbox)
            answer = self._client.select_folder(folder, readonly=True)
        return answer

    def _explain_missing(self, folder: str, error: Exception) -> None:
        if "[NOPERM]" in str(error).upper():  # RFC 5530: asking again does not help
            raise WrongMailbox(f"mailboxes.{self._mailbox.name}.folders: {folder!r} may not be opened") from error
        names = [found.name for found in self.folders().folders]
        if folder not in names and not (folder.upper() == "INBOX" and "INBOX" in names):
            there = ", ".join(names[:10]) or "none"
            raise WrongMailbox(
                f"mailboxes.{self._mailbox.name}.folders: no folder {folder!r} (there are: {there})"
            ) from error

    def refreshed(self, examined: Examined) -> Examined:
        """The same folder after NOOP: some servers count mail that has come only when they are asked so."""
        with self._asking():
            self._answer(*self._client._imap.noop())  # noqa: SLF001 # imapclient's own does not take every answer
            counts = self._client._imap.response("EXISTS")[1]  # noqa: SLF001
        newest = counts[-1] if counts else None
        return examined if newest is None else replace(examined, messages=max(int(newest), examined.messages))

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
            answer = self._of_each(some, "(RFC822.SIZE INTERNALDATE)", facts_of, len(some) * 200)
            listed += [answer[uid] for uid in some if uid in answer]
        return listed

    def _of_each(
        self, uids: Sequence[int], items: str, read: Callable[[Sequence[Raw]], Mapping[int, T]], size: int
    ) -> dict[int, T]:
        """What the server answers about each mail. Where it refuses, or its answer makes no sense, half of them are
        asked for at a time: in the end the mail that brings it about is asked for alone.
        """
        with self._asking(size):
            try:
                return dict(read(self._fetch(uids, items)))
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, ValueError, TypeError, LookupError, ArithmeticError):
                middle = len(uids) // 2
        if not middle:
            return {}
        first = self._of_each(uids[:middle], items, read, size)
        return first | self._of_each(uids[middle:], items, read, size)

    def _fetch(self, uids: Sequence[int], items: str) -> Sequence[Raw]:
        return self._answer(*self._client._imap.uid("FETCH", ",".join(map(str, uids)), items))  # noqa: SLF001

    def _answer(self, typ: str, data: Sequence[Raw]) -> Sequence[Raw]:
        if typ != "OK":
            raise imaplib.IMAP4.error(repr(data[-1] if data else typ))
        return data

    def give(self, mails: Sequence[Listed]) -> Iterator[FetchedMail]:
        """The bytes of each mail that the server gives; those that it passes over are not among them. What is not as
        long as the server said is asked for once more.
        """
        bodies = self._bodies([mail.uid for mail in mails], sum(mail.size for mail in mails))
        for mail in mails:
            raw = bodies.pop(mail.uid, None)
            if raw is not None and len(raw) == mail.size:
                yield FetchedMail(mail.uid, raw)
            elif (again := self._once_more(mail, raw)) is not None:
                yield again

    def _once_more(self, mail: Listed, first: bytes | None) -> FetchedMail | None:
        second = self._bodies([mail.uid], mail.size).get(mail.uid)
        if second is None and first is None:
            return None
        raw = max(second or b"", first or b"", key=lambda body: (len(body) == mail.size, len(body)))
        if len(raw) == mail.size:
            return FetchedMail(mail.uid, raw)
        return FetchedMail(mail.uid, raw, f"the server said {mail.size} bytes and gave {len(raw)}, twice")

    def _bodies(self, uids: Sequence[int], size: int) -> dict[int, bytes]:
        """What the server answers with bytes."""
        answer = self._of_each(uids, "(BODY.PEEK[])", items_of, size)
        return {uid: body for uid, item in answer.items() if isinstance(body := item.get(b"BODY[]"), bytes)}

    def outline(self, mail: Listed) -> bytes | None:
        """The headers of a mail that is too large to be taken, as they came, and a line for each of its parts."""
        with self._asking():
            answer = items_of(self._fetch([mail.uid], "(BODY.PEEK[HEADER] BODYSTRUCTURE)")).get(mail.uid, {})
        header = answer.get(b"BODY[HEADER]")
        if not isinstance(header, bytes):
            return None
        return header + "\r\n".join(structure_of(answer.get(b"BODYSTRUCTURE"))).encode() + b"\r\n"

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
        """Raises our errors, and cuts the connection when `size` bytes take longer than at the slowest rate."""
        self._until = time.monotonic() + self._mailbox.timeout + size / SLOWEST
        try:
            with our_errors(self._mailbox):
                yield
        finally:
            self._until = math.inf

    def watch(self, over: threading.Event) -> None:
        """Cuts the connection when an answer takes too long, or it is time to stop, until the session is over."""
        stops = math.inf
        while not over.wait(WATCHED_EVERY):
            if self._stop.is_set():
                stops = min(stops, time.monotonic() + LINGERS)
            if time.monotonic() > min(self._until, stops):
                with suppress(OSError):
                    self._client.socket().shutdown(socket.SHUT_RDWR)
