"""A connection to an IMAP server that is logged in: over TLS, with whichever login the server takes."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError

from settings import Mailbox

NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
"""What OpenSSL calls an answer that is no TLS."""

TRY_LATER = ("UNAVAILABLE", "SERVERBUG", "INUSE", "LIMIT", "CONTACTADMIN", "OVERQUOTA", "ALERT")
"""Response codes of a refused login that say nothing about the password (RFC 5530)."""

WHO_ASKS = {"name": "kunming"}
"""What ID says of this program (RFC 2971). 163.com and others open no folder for a client that has not said it."""

_ATOM = re.compile(r"[A-Za-z0-9@._+/=-]+")
"""A user name that LOGIN takes as it is; others are quoted, or sent by SASL."""
_PRINTABLE = re.compile(r"[ -~]*")


class WrongMailbox(Exception):
    """A setting of a mailbox is wrong; the message is one line that names it. Trying again does not help."""

    exit_code = 2


class Unreachable(Exception):
    """The server cannot be reached, or its answers make no sense: try later on a new connection."""

    exit_code = 75


@contextmanager
def our_errors(mailbox: Mailbox) -> Iterator[None]:
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
            raise WrongMailbox(
                f"mailboxes.{mailbox.name}.security: {where} speaks no TLS: {reason_of(error)}"
            ) from error
        raise Unreachable(f"mailboxes.{mailbox.name}.host: {where}: {reason_of(error)}") from error
    except (imaplib.IMAP4.error, ValueError, LookupError, TypeError, ArithmeticError) as error:
        raise Unreachable(
            f"mailboxes.{mailbox.name}.host: the answer of {where} makes no sense: {reason_of(error)}"
        ) from error


def reason_of(error: BaseException) -> str:
    """What an exception says, on one line that is not too long."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def open_client(mailbox: Mailbox) -> IMAPClient:
    """A client that is connected as the settings say, and not logged in yet."""
    context = _trust(mailbox)
    timeout = SocketTimeout(connect=min(mailbox.timeout, 30.0), read=mailbox.timeout)
    with our_errors(mailbox):
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
    with our_errors(mailbox):
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
            f"mailboxes.{mailbox.name}.ca_file: no certificates in {mailbox.ca_file}: {reason_of(error)}"
        ) from error


def log_in(client: IMAPClient, mailbox: Mailbox) -> None:
    """Logs in, and says who asks where the server offers to listen."""
    password = mailbox.password.get_secret_value()
    offers = _offers(client)
    with our_errors(mailbox):
        try:
            _send_login(client, mailbox, password, offers)
        except imaplib.IMAP4.abort:
            raise
        except LoginError as error:
            _explain_refusal(mailbox, reason_of(error).replace(password, "…"), error)
    if "ID" in offers:
        say_who_asks(client, mailbox)


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
    """The capabilities as imaplib asked for them, after STARTTLS anew."""
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
        known = ", ".join(sorted(name for name in offers if name.startswith("AUTH="))) or "nothing else"
        raise WrongMailbox(
            f"mailboxes.{mailbox.name}.security: {mailbox.host} takes no password this way (LOGINDISABLED), and offers"
            f" {known}; no password was sent"
        )


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


def _explain_refusal(mailbox: Mailbox, said: str, error: Exception) -> NoReturn:
    if any(f"[{code}" in said.upper() for code in TRY_LATER):
        raise Unreachable(f"mailboxes.{mailbox.name}: no login at {mailbox.host} now: {said}") from error
    raise WrongMailbox(
        f"mailboxes.{mailbox.name}.password: {mailbox.host} refuses the login of {mailbox.user}: {said}"
    ) from error


def close(client: IMAPClient) -> None:
    """Ends the connection, whatever state it is in."""
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()
