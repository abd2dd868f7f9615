"""A mail server on 127.0.0.1 that takes what is sent to it, or answers as a test says."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from fixture_dovecot import Certificate
from private_server import free_port

from settings import Smtp

USER, PASSWORD = "kunming", "out-going"


@dataclass(frozen=True)
class ReceivedLetter:
    """One mail that was taken: its return path, its recipients, and what it says."""

    sender: str
    to: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        return str(self.message.get_content()).replace("\r\n", "\n")


@dataclass
class PostOffice:
    """The server. `reply` is called with each mail and says what DATA is answered; None takes it."""

    port: int
    security: Any = "plain"
    ca_file: Path | None = None
    taken: list[ReceivedLetter] = field(default_factory=list)
    reply: Callable[[ReceivedLetter], str | None] = lambda _taken: None
    refused: set[str] = field(default_factory=set)
    """Recipients that are refused."""
    delay: float = 0.0
    """Seconds before DATA is answered."""

    def smtp(self, **more: Any) -> Smtp:
        """The settings for it."""
        given: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "security": self.security, "timeout": 5}
        return Smtp(**given | {"ca_file": self.ca_file, "sender": "Secretariat <kunming@example.test>"} | more)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        one = ReceivedLetter(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content)
        answer = self.reply(one)
        if answer is None:
            self.taken.append(one)
        await asyncio.sleep(self.delay)
        return answer or "250 OK"


@contextmanager
def open_post_office(
    certificate: Certificate | None = None, security: str = "plain", **more: Any
) -> Iterator[PostOffice]:
    """A server that runs until the block ends; with a certificate it takes no mail without a login and TLS."""
    office = PostOffice(free_port(), security)
    context = None
    if certificate is not None:
        office.ca_file = certificate.cert
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.cert, certificate.key)
        more |= {"authenticator": _is_user, "auth_required": security != "tls", "auth_require_tls": security != "tls"}
    tls: dict[str, Any] = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, enable_SMTPUTF8=True, **tls | more)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def _is_user(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office
