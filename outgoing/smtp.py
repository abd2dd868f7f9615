"""The only file that speaks SMTP: gives one message to the mail server of the settings (RFC 5321, RFC 8314)."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from outgoing.errors import NotAccepted, NotKnown, NotNow
from settings import Smtp, WrongSettings

CONNECTS_IN = 20.0
"""Seconds in which the server must take a connection, at most."""
PERMANENT = range(500, 600)
"""Replies that say: this message, never."""


def send_mail(smtp: Smtp, sender: str, to: Sequence[str], message: bytes, stop: threading.Event) -> str:
    """Sends a message, which has all its headers, and returns what was odd: recipients that were refused while others
    were not. `sender` is the return path, empty for none. Setting `stop` ends it.
    Raises NotNow where later may do, NotAccepted where the server refuses this message for good, and NotKnown where the
    connection was lost before it answered.
    """
    with _errors(smtp), _connected(smtp) as client, _ended_by(stop, client):
        _log_in(client, smtp)
        options = _options(client, [sender, *to])
        try:
            refused = client.sendmail(sender, list(to), message, options)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            if client.has_given and not isinstance(error, smtplib.SMTPResponseException):
                raise NotKnown(f"smtp.host: {smtp.host}:{smtp.at_port}: {_one_line(error)}") from error
            raise
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
    return "; ".join(f"{address}: {_said(reply)}" for address, reply in refused.items())


class _SmtpClient(smtplib.SMTP):
    """Knows whether the message itself was begun."""

    has_given = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_given = True
        return super().data(msg)


class _TlsClient(_SmtpClient, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


def try_smtp(smtp: Smtp) -> str:
    """What the server says to a login, without a message. Raises NotNow, NotAccepted, WrongSettings."""
    with _errors(smtp), _connected(smtp) as client:
        _log_in(client, smtp)
        return _said(client.noop())


@contextmanager
def _connected(smtp: Smtp) -> Iterator[_SmtpClient]:
    context = _trust(smtp)
    timeout = min(smtp.timeout, CONNECTS_IN)
    client = (
        _TlsClient(smtp.host, smtp.at_port, timeout=timeout, context=context)
        if smtp.security == "tls"
        else _SmtpClient(smtp.host, smtp.at_port, timeout=timeout)
    )
    try:
        if client.sock is not None:
            client.sock.settimeout(smtp.timeout)
        if smtp.security == "starttls":
            client.starttls(context=context)  # raises where it is not offered: nothing is sent in the clear
        client.ehlo_or_helo_if_needed()
        yield client
    finally:
        client.close()


def _trust(smtp: Smtp) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=smtp.ca_file and str(smtp.ca_file))
    except OSError as error:
        raise WrongSettings(f"smtp.ca_file: no certificates in {smtp.ca_file}: {error}") from error


def _log_in(client: smtplib.SMTP, smtp: Smtp) -> None:
    password = smtp.secret()
    if smtp.user and password is not None:
        client.login(smtp.user, password)


def _options(client: smtplib.SMTP, addresses: Sequence[str]) -> tuple[str, ...]:
    """What MAIL says beside the return path: addresses beyond ASCII need a server that takes them (RFC 6531)."""
    if all(address.isascii() for address in addresses):
        return ()
    if not client.has_extn("smtputf8"):
        raise NotAccepted("the mail server takes no addresses beyond ASCII (SMTPUTF8)")
    return ("SMTPUTF8",)


@contextmanager
def _ended_by(stop: threading.Event, client: smtplib.SMTP) -> Iterator[None]:
    """Closes the connection when `stop` is set."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            if stop.is_set() and client.sock is not None:
                with suppress(OSError):
                    socket.socket.shutdown(client.sock, socket.SHUT_RDWR)  # closing it would wake nobody
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


@contextmanager
def _errors(smtp: Smtp) -> Iterator[None]:
    """Turns what smtplib and the network raise into NotNow and NotAccepted; a message names the setting."""
    where = f"{smtp.host}:{smtp.at_port}"
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        replies = error.recipients
        words = "; ".join(f"{address}: {_said(reply)}" for address, reply in replies.items())
        for_good = all(reply[0] in PERMANENT for reply in replies.values())
        raise (NotAccepted if for_good else NotNow)(f"{where} refuses the recipients: {words}") from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotNow(f"smtp.password: {where} refuses the login of {smtp.user}: {_said(error.args)}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotNow(f"smtp.security: {where}: {_one_line(error)}; nothing was sent") from error
    except smtplib.SMTPResponseException as error:
        for_good = error.smtp_code in PERMANENT and not isinstance(error, smtplib.SMTPConnectError)
        raise (NotAccepted if for_good else NotNow)(f"{where}: {_said(error.args)}") from error
    except ssl.SSLCertVerificationError as error:
        raise NotNow(f"smtp.ca_file: the certificate of {where} is not trusted: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise NotNow(f"smtp.security: {where} speaks no TLS: {_one_line(error)}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(f"smtp.host: {where}: {_one_line(error)}") from error


def _said(reply: Sequence[object]) -> str:
    """A server's reply on a line."""
    code, words = (*reply, b"")[:2]
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{code} {' '.join(text.split())}"[:300].strip()


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
