"""A server that speaks IMAP and then does what a real one cannot be made to do: BYE at any command, a stall in a
literal, NIL, an answer without the mail or without sense, short literals, wrong sizes and times, UIDs out of order or
left out until NOOP, folders without a name, STARTTLS stripped, LOGIN not taken, another's certificate. It writes down
every line that it is sent.
"""

import base64
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import pytest
from fixture_dovecot import PASSWORD, USER, Certificate
from pydantic import SecretStr

from settings import Mailbox

Fault = Literal["nil", "skip", "short", "stall", "cut", "trickle", "bye", "no", "odd", "literal8"]


@dataclass
class Scripted:
    """`faults` are shown at each asking for a mail's bytes, in their order; then the mail is given as it is."""

    certificate: Certificate
    mails: dict[int, bytes] = field(default_factory=dict)
    tls: bool = True
    offers_starttls: bool = True
    offers: str = "AUTH=PLAIN"
    slipped_in: str = ""
    """A line in clear behind the answer to STARTTLS."""
    address: str = "127.0.0.1"
    greeting: str = "* OK ready"
    login: str = "OK in"
    tokens: set[str] = field(default_factory=set)
    """Access tokens that open the mailbox."""
    uidvalidity: int = 7
    uidnext: int | None = None
    sizes: dict[int, int] = field(default_factory=dict)
    times: dict[int, str] = field(default_factory=dict)
    """INTERNALDATE, where it is not the usual one."""
    folders: list[bytes] = field(default_factory=list)
    """Lines of LIST beside INBOX."""
    wants_id: bool = False
    """Opens no folder before the client has said who it is."""
    late: set[int] = field(default_factory=set)
    """UIDs that are counted, and listed only after NOOP."""
    uncounted: set[int] = field(default_factory=set)
    """UIDs that are neither counted nor listed before NOOP."""
    found: str = ""
    """What SEARCH answers, whatever is asked."""
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    always: dict[int, Fault] = field(default_factory=dict)
    """What happens each time that a mail is asked for."""
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
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._listener = socket.create_server((self.address, 0), family=family)
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
            "timeout": 4.0,
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
        self.refreshed = self.known = self.refused = False

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
        """Whether the session goes on. Each command has its method, which gives the tagged answer: None where there is
        none, and the session ends.
        """
        words = command.split(" ")
        method: Callable[[list[str]], str | None] = getattr(self, "do_" + words[0].lower(), self.done)
        said = method(words[1:])
        if said is None:
            return False
        slipped_in = (
            f"\r\n{self.server.slipped_in}" if words[0].upper() == "STARTTLS" and self.server.slipped_in else ""
        )
        self.say(f"{tag} {said}{slipped_in}")
        if words[0].upper() == "STARTTLS":
            self.connection = self.server._context.wrap_socket(self.connection, server_side=True)
            self.secure = True
        return words[0].upper() != "LOGOUT"

    def done(self, _words: list[str]) -> str:
        return "OK done"

    def do_capability(self, _words: list[str]) -> str:
        starttls = " STARTTLS" if self.server.offers_starttls and not self.secure else ""
        self.say(f"* CAPABILITY IMAP4rev1 {self.server.offers}{starttls}")
        return "OK done"

    def do_login(self, _words: list[str]) -> str:
        return self.server.login

    def do_authenticate(self, words: list[str]) -> str:
        """What is sent is written down as it was meant."""
        if words[0].upper() in ("XOAUTH2", "OAUTHBEARER"):
            return self.take_token()
        for question in ["+ "] if words[0].upper() == "PLAIN" else ["+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6"]:
            self.say(question)
            self.server.lines.append(b"sasl " + base64.b64decode(self.read()))
        return self.server.login

    def take_token(self) -> str:
        """As Google's and Microsoft's servers do (RFC 7628, section 3.2.3)."""
        self.say("+ ")
        sent = base64.b64decode(self.read()).decode()
        self.server.lines.append(b"sasl " + sent.encode())
        found = re.fullmatch("(?:n,a=|user=)([^,\1]+),?\1auth=Bearer ([^\1]+)\1\1", sent)
        if found and found[1] == USER and found[2] in self.server.tokens:
            return self.server.login
        self.say("+ " + base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode())
        self.server.lines.append(b"sasl " + base64.b64decode(self.read()))
        return "NO [AUTHENTICATIONFAILED] AUTHENTICATE failed."

    def do_id(self, _words: list[str]) -> str:
        self.known = True
        self.say("* ID NIL")
        return "OK done"

    def do_noop(self, _words: list[str]) -> str:
        self.refreshed = True
        if self.server.uncounted:
            self.say(f"* {len(self.server.mails)} EXISTS")
        return "OK done"

    def do_list(self, _words: list[str]) -> str:
        self.say('* LIST (\\HasNoChildren) "/" INBOX')
        for line in self.server.folders:
            self.connection.sendall(b"* LIST " + line + b"\r\n")
        if self.server.shut:
            self.say(f'* LIST (\\HasNoChildren \\Junk) "/" {self.server.shut}')
        return "OK done"

    def do_logout(self, _words: list[str]) -> str:
        self.say("* BYE")
        return "OK out"

    def do_examine(self, words: list[str]) -> str:
        server = self.server
        if server.shut and server.shut in words[0]:
            return "NO [NOPERM] not for you"
        if server.wants_id and not self.known:
            return "NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"
        counted = len(server.mails.keys() - (set() if self.refreshed else server.uncounted))
        self.say(f"* {counted} EXISTS\r\n* OK [UIDVALIDITY {server.uidvalidity}] .")
        if server.uidnext:
            self.say(f"* OK [UIDNEXT {server.uidnext}] .")
        return "OK done"

    def do_fetch(self, words: list[str]) -> str:
        for number in map(int, words[0].split(",")):
            self.say(f"* {number} FETCH (UID {sorted(self.server.mails)[number - 1]})")
        return "OK done"

    def do_uid(self, words: list[str]) -> str | None:
        if words[0].upper() == "SEARCH":
            self.say("* SEARCH " + (self.server.found or self.search(words[-1])))
            return "OK done"
        show = self.body if "BODY.PEEK[]" in " ".join(words) else self.facts
        self.refused = False
        shown = all(show(uid) for uid in self.named(words[1]))
        return ("NO cannot" if self.refused else "OK done") if shown else None

    def search(self, sequence: str) -> str:
        left_out = self.server.hidden | (set() if ":" in sequence else self.server.gone)
        if not self.refreshed:
            left_out |= self.server.late | self.server.uncounted
        found = [uid for uid in self.named(sequence) if uid not in left_out]
        return " ".join(map(str, reversed(found) if self.server.backwards else found))

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
        date = self.server.times.get(uid, "06-Sep-2021 10:00:00 +0800")
        self.say(f'* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "{date}")')
        return True

    def body(self, uid: int) -> bool:
        faults = self.server.faults.get(uid, [])
        fault = faults.pop(0) if faults else self.server.always.get(uid)
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
        if fault == "odd":
            self.say(f"* {uid} FETCH (UID {uid} BODY[] (")
            return True
        if fault == "short":
            raw = raw[: len(raw) // 2]
        tilde = "~" if fault == "literal8" else ""
        self.connection.sendall(f"* {uid} FETCH (UID {uid} BODY[] {tilde}{{{len(raw)}}}\r\n".encode())
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
