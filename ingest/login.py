"""A connection to an IMAP server that is logged in: over TLS, with whichever login the server takes."""

import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError
from imapclient.imap4 import IMAP4WithTimeout

from credentials import NoSecret, secret_of
from ingest.mailbox_errors import Unreachable, WrongMailbox, reason_of, trust
from settings import Mailbox

NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
"""What OpenSSL calls an answer that is no TLS."""

GREETS_IN = 2.0
"""Seconds after which a server that has not said a word is asked whether it waits for TLS."""

TRY_LATER = ("UNAVAILABLE", "SERVERBUG", "INUSE", "LIMIT", "CONTACTADMIN", "OVERQUOTA", "ALERT")
"""Response codes of a refused login that say nothing about the password (RFC 5530)."""

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
"""In which a token is sent."""

WHO_ASKS = {"name": "kunming"}
"""What ID says of this program (RFC 2971). 163.com and others open no folder for a client that has not said it."""

_ATOM = re.compile(r"[A-Za-z0-9@._+/=-]+")
"""A user name that LOGIN takes as it is; others are quoted, or sent by SASL."""
_PRINTABLE = re.compile(r"[ -~]*")


@contextmanager
def our_errors(mailbox: Mailbox) -> Iterator[None]:
    """Turns what the network, imaplib and imapclient raise into WrongMailbox and Unreachable."""
    where = f"{mailbox.host}:{mailbox.port}"
    try:
        yield
    except _SpeaksTls:
        raise WrongMailbox(
            f'mailboxes.{mailbox.name}.security: {where} speaks TLS from the first byte: set security = "tls"; no'
            " password was sent"
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise WrongMailbox(
            f"mailboxes.{mailbox.name}.ca_file: the certificate of {where} is not trusted: {error.verify_message}"
        ) from error
    except (OSError, imaplib.IMAP4.abort) as error:
        if getattr(error, "reason", "") in NO_TLS:
            raise WrongMailbox(
                f"mailboxes.{mailbox.name}.security: {where} speaks no TLS: {reason_of(error)}"
            ) from error
        raise Unreachable(f"mailboxes.{mailbox.name}.host: {where}: {reason_of(error)}") from error
    except (imaplib.IMAP4.error, ValueError, LookupError, TypeError, ArithmeticError) as error:
        raise Unreachable(
            f"mailboxes.{mailbox.name}.host: the answer of {where} makes no sense: {reason_of(error)}"
        ) from error


def open_client(mailbox: Mailbox) -> IMAPClient:
    """A client that is connected as the settings say, and not logged in yet."""
    context = trust(mailbox.ca_file, f"mailboxes.{mailbox.name}.ca_file")
    timeout = SocketTimeout(connect=min(mailbox.timeout, 30.0), read=mailbox.timeout)
    with our_errors(mailbox):
        client = _ImapClient(
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


class _ImapClient(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """An IMAPClient that finds out, where it speaks no TLS, that the server waits for TLS from the first byte."""

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 (imapclient's name)
        return super()._create_IMAP4() if self.ssl else _Plain(self.host, self.port, self._timeout.connect)


class _Plain(IMAP4WithTimeout):  # type: ignore[misc]  # imapclient has no types
    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        super().open(host, port, timeout)
        if not select.select([self.sock], [], [], GREETS_IN)[0] and _speaks_tls(host, port):
            self.file.close()
            self.sock.close()
            raise _SpeaksTls


class _SpeaksTls(Exception):
    """The server says nothing until it is spoken to in TLS."""


def _speaks_tls(host: str, port: int) -> bool:
    """Whether an answer to the first words of TLS comes back. Nothing else is sent, and no certificate is looked at."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), GREETS_IN) as probe, context.wrap_socket(probe):
            return True
    except ssl.SSLError as error:
        return error.reason is not None and "ALERT" in error.reason
    except OSError:
        return False


def _start_tls(client: IMAPClient, mailbox: Mailbox, context: ssl.SSLContext) -> None:
    with our_errors(mailbox):
        try:
            client.starttls(context)
        except CapabilityError as error:
            where = f"{mailbox.host}:{mailbox.port}"
            raise WrongMailbox(
                f"mailboxes.{mailbox.name}.security: {where} offers no STARTTLS; no password was sent"
            ) from error


def log_in(client: IMAPClient, mailbox: Mailbox) -> None:
    """Logs in, and says who asks where the server offers to listen."""
    offers = _offers(client)
    if mailbox.oauth2 is None:
        _log_in_with_password(client, mailbox, offers)
    else:
        _log_in_with_token(client, mailbox, offers)
    if "ID" in offers:
        say_who_asks(client, mailbox)


def _log_in_with_password(client: IMAPClient, mailbox: Mailbox, offers: frozenset[str]) -> None:
    password = password_of(mailbox)
    with our_errors(mailbox):
        try:
            _send_login(client, mailbox, password, offers)
        except imaplib.IMAP4.abort:
            raise
        except LoginError as error:
            _explain_refusal(mailbox, "password", reason_of(error).replace(password, "…"), error)


def password_of(mailbox: Mailbox) -> str:
    """The password, read again: it may have been changed since. Raises WrongMailbox."""
    try:
        return secret_of(mailbox.password, mailbox.password_file, mailbox.password_command) or ""
    except NoSecret as error:
        setting = "password_file" if mailbox.password_file else "password_command"
        raise WrongMailbox(f"mailboxes.{mailbox.name}.{setting}: {error}") from None


def _log_in_with_token(client: IMAPClient, mailbox: Mailbox, offers: frozenset[str]) -> None:
    """By XOAUTH2, or OAUTHBEARER where that alone is offered. A token that was kept may have been revoked since: one
    that is refused is replaced once.
    """
    mechanism = next((name for name in MECHANISMS if f"AUTH={name}" in offers), None)
    if mechanism is None:
        raise WrongMailbox(
            f"mailboxes.{mailbox.name}.oauth2: {mailbox.host} takes no token, and offers {_logins(offers)}; none was"
            " sent"
        )
    from ingest.tokens import access_token  # noqa: PLC0415 (both providers' libraries take half a second)

    if not _takes_token(client, mailbox, mechanism, access_token(mailbox)):
        _takes_token(client, mailbox, mechanism, access_token(mailbox, fresh=True), last=True)


def _takes_token(client: IMAPClient, mailbox: Mailbox, mechanism: str, token: str, *, last: bool = False) -> bool:
    """Whether the server takes the token; where it does not and it was the `last`, that is raised."""
    answers = _TokenAnswers(mechanism, mailbox.user, token)
    with our_errors(mailbox):
        try:
            client.sasl_login(mechanism, answers)
        except imaplib.IMAP4.abort:
            raise
        except LoginError as error:
            said = " ".join(filter(None, [reason_of(error), answers.refused]))
            if last or _is_temporary(said):
                _explain_refusal(mailbox, "oauth2", said.replace(token, "…"), error)
            return False
    return True


class _TokenAnswers:
    """What is answered in XOAUTH2 and OAUTHBEARER (RFC 7628): the token; then, to the reason of a refusal, as good as
    nothing. `refused` is that reason.
    """

    def __init__(self, mechanism: str, user: str, token: str) -> None:
        name = user.replace("=", "=3D").replace(",", "=2C")
        self._first = f"n,a={name},\1auth=Bearer {token}\1\1" if mechanism == "OAUTHBEARER" else ""
        self._first = self._first or f"user={user}\1auth=Bearer {token}\1\1"
        self._asked = False
        self.refused = ""

    def __call__(self, challenge: bytes) -> str:
        if not self._asked:
            self._asked = True
            return self._first
        self.refused = challenge.decode("utf-8", "replace")
        return "\1"


def say_who_asks(client: IMAPClient, mailbox: Mailbox) -> None:
    """Sends ID; a server that does not take it has no say in what follows."""
    with our_errors(mailbox):
        try:
            client._imap.xatom("ID", "(" + " ".join(f'"{word}"' for one in WHO_ASKS.items() for word in one) + ")")  # noqa: SLF001
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return


def _offers(client: IMAPClient) -> frozenset[str]:
    """The capabilities as imaplib asked for them, after STARTTLS a second time."""
    return frozenset(str(name).upper() for name in client._imap.capabilities)  # noqa: SLF001 # asks once more else


def _send_login(client: IMAPClient, mailbox: Mailbox, password: str, offers: frozenset[str]) -> None:
    """LOGIN where it is offered and can say these words, else SASL: PLAIN, or LOGIN as the servers of Exchange do."""
    may_login = "LOGINDISABLED" not in offers
    if may_login and _PRINTABLE.fullmatch(mailbox.user + password):
        client.login(_quoted(mailbox.user), password)
    elif "AUTH=PLAIN" in offers or (may_login and "AUTH=LOGIN" not in offers):
        client.plain_login(mailbox.user, password)
    elif "AUTH=LOGIN" in offers:
        client.sasl_login("LOGIN", _answers(mailbox.user, password))
    else:
        raise WrongMailbox(
            f"mailboxes.{mailbox.name}.security: {mailbox.host} takes no password this way (LOGINDISABLED), and offers"
            f" {_logins(offers)}; no password was sent"
        )


def _logins(offers: frozenset[str]) -> str:
    return ", ".join(sorted(name for name in offers if name.startswith("AUTH="))) or "nothing else"


def _quoted(user: str) -> str:
    if _ATOM.fullmatch(user):
        return user
    escaped = user.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _answers:  # noqa: N801 (called as a function by imapclient)
    """What SASL LOGIN answers: the user, then the password, whatever the server calls its questions."""

    def __init__(self, user: str, password: str) -> None:
        self._left = [user, password]

    def __call__(self, _challenge: bytes) -> str:
        return self._left.pop(0)


def _explain_refusal(mailbox: Mailbox, setting: str, said: str, error: Exception) -> NoReturn:
    if _is_temporary(said):
        raise Unreachable(f"mailboxes.{mailbox.name}: no login at {mailbox.host} now: {said}") from error
    raise WrongMailbox(
        f"mailboxes.{mailbox.name}.{setting}: {mailbox.host} refuses the login of {mailbox.user}: {said}"
    ) from error


def _is_temporary(said: str) -> bool:
    return any(f"[{code}" in said.upper() for code in TRY_LATER)


def close(client: IMAPClient) -> None:
    """Ends the connection, whatever state it is in."""
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()
