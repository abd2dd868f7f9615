"""A server that speaks IMAP and then does what a real one cannot be made to do: BYE at any command, a stall in a
literal, NIL, an answer without the mail, short literals, wrong sizes, UIDs out of order, STARTTLS stripped, another's
certificate. It writes down every line that it is sent.
"""

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import pytest
from fixture_dovecot import PASSWORD, USER, Certificate
from pydantic import SecretStr

from settings import Mailbox

Fault = Literal["nil", "skip", "short", "stall", "cut", "trickle", "bye", "no"]


@dataclass
class Scripted:
    """`faults` are shown at each asking for a mail's bytes, in their order; then the mail is given as it is."""

    certificate: Certificate
    mails: dict[int, bytes] = field(default_factory=dict)
    tls: bool = True
    offers_starttls: bool = True
    greeting: str = "* OK ready"
    login: str = "OK in"
    uidvalidity: int = 7
    uidnext: int | None = None
    sizes: dict[int, int] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    """UIDs that the lists leave out."""
    gone: set[int] = field(default_factory=set)
    """UIDs that are listed at first, and no more when they are looked for one by one."""
    shut: str = ""
    """A folder for spam that is listed and cannot be opened."""
    backwards: bool = False
    bye_at: list[int] = field(default_factory=list)
    """For each connection in turn: the command at which it says BYE."""
    lines: list[bytes] = field(default_factory=list)
    connections: int = 0

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(self.certificate.cert, self.certificate.key)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def mailbox(self, **changes: object) -> Mailbox:
        values: dict[str, object] = {
            "name": "outcome",
            "host": "localhost",
            "port": self.port,
            "user": USER,
            "password": SecretStr(PASSWORD),
            "ca_file": self.certificate.cert,
            "security": "tls" if self.tls else "starttls",
            "timeout": 1.0,
        }
        return Mailbox.model_validate(values | changes)

    @property
    def sent_password_in_clear(self) -> bool:
        return any(PASSWORD.encode() in line for line in self.lines if line.startswith(b"clear "))

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=[connection], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        # the client may go at any moment: that is the point
        connection.settimeout(20)
        with suppress(OSError, ssl.SSLError, ValueError), connection:
            secured = self._context.wrap_socket(connection, server_side=True) if self.tls else connection
            session = Session(self, secured, secure=self.tls)
            try:
                session.run()
            finally:
                session.connection.close()


class Session:
    """One connection."""

    def __init__(self, server: Scripted, connection: socket.socket, *, secure: bool) -> None:
        self.server, self.connection, self.secure = server, connection, secure
        self.bye_at = server.bye_at.pop(0) if server.bye_at else 0

    def run(self) -> None:
        self.say(self.server.greeting)
        commands = 0
        while line := self.read():
            commands += 1
            if commands == self.bye_at:
                self.say("* BYE overloaded")
                return
            tag, _, rest = line.partition(" ")
            if not self.answer(tag, rest):
                return

    def read(self) -> str:
        line = b""
        while not line.endswith(b"\r\n"):
            byte = self.connection.recv(1)
            if not byte:
                return ""
            line += byte
        self.server.lines.append((b"tls " if self.secure else b"clear ") + line)
        return line.decode().rstrip("\r\n")

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def answer(self, tag: str, command: str) -> bool:
        """Whether the session goes on."""
        server, word = self.server, command.split(" ", maxsplit=1)[0].upper()
        if word == "CAPABILITY":
            starttls = " STARTTLS" if server.offers_starttls and not self.secure else ""
            self.say(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN{starttls}")
        elif word == "STARTTLS":
            self.say(f"{tag} OK go on")
            self.connection = server._context.wrap_socket(self.connection, server_side=True)
            self.secure = True
            return True
        elif word == "LOGIN" and not server.login.startswith("OK"):
            self.say(f"{tag} {server.login}")
            return True
        elif word == "LIST":
            self.say('* LIST (\\HasNoChildren) "/" INBOX')
            if server.shut:
                self.say(f'* LIST (\\HasNoChildren \\Junk) "/" {server.shut}')
        elif word == "EXAMINE" and server.shut and server.shut in command:
            self.say(f"{tag} NO [NOPERM] not for you")
            return True
        elif word == "EXAMINE":
            self.examine()
        elif word in ("UID", "FETCH"):
            return self.ask(tag, command)
        elif word == "LOGOUT":
            self.say("* BYE\r\n" + tag + " OK out")
            return False
        self.say(f"{tag} OK done")
        return True

    def examine(self) -> None:
        server = self.server
        self.say(f"* {len(server.mails)} EXISTS\r\n* OK [UIDVALIDITY {server.uidvalidity}] .")
        if server.uidnext:
            self.say(f"* OK [UIDNEXT {server.uidnext}] .")

    def ask(self, tag: str, command: str) -> bool:
        words = command.upper().split(" ")
        if words[:2] == ["UID", "SEARCH"]:
            left_out = self.server.hidden | (set() if ":" in words[-1] else self.server.gone)
            found = [uid for uid in self.named(words[-1]) if uid not in left_out]
            self.say("* SEARCH " + " ".join(map(str, reversed(found) if self.server.backwards else found)))
        elif words[0] == "FETCH":
            for number in map(int, words[1].split(",")):
                self.say(f"* {number} FETCH (UID {sorted(self.server.mails)[number - 1]})")
        else:
            wants_body = "BODY.PEEK[]" in command
            for uid in self.named(words[2]):
                if not (self.body(uid) if wants_body else self.facts(uid)):
                    return False
            if self.refused:
                self.say(f"{tag} NO cannot")
                self.refused = False
                return True
        self.say(f"{tag} OK done")
        return True

    refused = False

    def named(self, sequence: str) -> list[int]:
        uids = sorted(self.server.mails)
        found: set[int] = set()
        for item in sequence.split(","):
            first, _, last = item.partition(":")
            end = max(uids, default=0) if last == "*" else int(last or first)
            low, high = sorted((int(first), end))  # 9:* with 5 the last is 5:9 (RFC 9051)
            found |= {uid for uid in uids if low <= uid <= high}
        return sorted(found)

    def facts(self, uid: int) -> bool:
        size = self.server.sizes.get(uid, len(self.server.mails[uid]))
        date = "06-Sep-2021 10:00:00 +0800"
        self.say(f'* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "{date}")')
        return True

    def body(self, uid: int) -> bool:
        faults = self.server.faults.get(uid, [])
        fault = faults.pop(0) if faults else None
        raw = self.server.mails[uid]
        if fault == "skip":
            return True
        if fault == "no":
            self.refused = True
            return True
        if fault == "bye":
            self.say("* BYE shutting down")
            return False
        if fault == "nil":
            self.say(f"* {uid} FETCH (UID {uid} BODY[] NIL)")
            return True
        if fault == "short":
            raw = raw[: len(raw) // 2]
        self.connection.sendall(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode())
        if fault in ("stall", "cut", "trickle"):
            return self.break_off(fault, raw)
        self.connection.sendall(raw + b")\r\n")
        return True

    def break_off(self, fault: Fault, raw: bytes) -> bool:
        self.connection.sendall(raw[:10])
        ends = time.monotonic() + 15
        while fault != "cut" and not self.server._stopping.wait(0.2) and time.monotonic() < ends:
            if fault == "trickle":
                self.connection.sendall(b"x")
        return False


@pytest.fixture
def scripted(certificate: Certificate) -> Iterator[Scripted]:
    server = Scripted(certificate)
    server.start()
    yield server
    server.stop()


def commands(server: Scripted, pattern: str) -> list[str]:
    """The commands that match, as they were sent."""
    sent = [line.split(b" ", 1)[1].decode().rstrip() for line in server.lines]
    return [line for line in sent if re.search(pattern, line)]
