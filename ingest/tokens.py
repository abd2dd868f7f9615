"""Access tokens that open mailboxes at Microsoft 365 and Google.

msal and google-auth talk through one httpx client, so that certificates, time-outs and errors are the same for both.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import google.auth.exceptions
import httpx
from msal.exceptions import MsalServiceError

from credentials import NoSecret
from ingest import tokens_google, tokens_microsoft
from ingest.kept_token import KeptToken, kept_of, key_of, oauth2_of, refused, token_file
from ingest.mailbox_errors import Unreachable, WrongMailbox, reason_of, trust
from settings import Mailbox

log = logging.getLogger("kunming.ingest")
ANSWERS_IN = 30.0
"""Seconds that a provider may take."""


def access_token(mailbox: Mailbox, *, fresh: bool = False) -> str:
    """A token that opens the mailbox; with `fresh` none that was used before. Raises WrongMailbox, Unreachable."""
    kept = kept_of(mailbox)
    before = dict(kept.data)
    give = tokens_microsoft.access_token if oauth2_of(mailbox).provider == "microsoft" else tokens_google.access_token
    with _our_errors(mailbox), _client(mailbox) as client:
        token = give(mailbox, client, kept, fresh=fresh)
    if kept.data != before:
        _save(mailbox, kept)
    return token


def _save(mailbox: Mailbox, kept: KeptToken) -> None:
    """Without a kept token the mailbox is polled all the same; a login that is not renewed raises an alarm."""
    try:
        kept.save()
    except OSError as error:
        log.warning("mailbox=%s token_file=%s error=%r", mailbox.name, kept.file, error.strerror)


def log_in(mailbox: Mailbox, show: Callable[[str], None], ask: Callable[[str], str]) -> None:
    """Has a person log in once; `show` tells what to do, `ask` gives what was answered. Raises WrongMailbox,
    Unreachable.
    """
    oauth2 = oauth2_of(mailbox)
    if oauth2.flow != "device":
        raise WrongMailbox(f"mailboxes.{mailbox.name}.oauth2.flow: with client-credentials nobody needs to log in")
    kept = KeptToken(token_file(mailbox), {"for": key_of(mailbox)})
    with _our_errors(mailbox), _client(mailbox) as client:
        if oauth2.provider == "microsoft":
            tokens_microsoft.log_in(mailbox, client, kept, show)
        else:
            tokens_google.log_in(mailbox, client, kept, show, ask)
        kept.save()


@contextmanager
def _client(mailbox: Mailbox) -> Iterator[httpx.Client]:
    oauth2 = oauth2_of(mailbox)
    context = trust(oauth2.ca_file, f"mailboxes.{mailbox.name}.oauth2.ca_file")
    with httpx.Client(verify=context, timeout=ANSWERS_IN) as client:
        yield client


@contextmanager
def _our_errors(mailbox: Mailbox) -> Iterator[None]:
    """Turns what the network and both libraries raise into WrongMailbox and Unreachable."""
    setting = f"mailboxes.{mailbox.name}.oauth2"
    try:
        yield
    except NoSecret as error:
        raise WrongMailbox(f"{setting}.client_secret_file: {error}") from None
    except (google.auth.exceptions.RefreshError, google.auth.exceptions.TransportError) as error:
        if error.retryable or isinstance(error, google.auth.exceptions.TransportError):
            raise Unreachable(f"{setting}: {reason_of(error)}") from None
        refused(mailbox, next((said for said in error.args if isinstance(said, dict)), {"error": reason_of(error)}))
    except httpx.HTTPError as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise WrongMailbox(f"{setting}.ca_file: {reason_of(error)}") from None
        raise Unreachable(f"{setting}: no token now: {reason_of(error)}") from None
    except OSError as error:
        raise WrongMailbox(f"{setting}.token_file: {token_file(mailbox)}: {error.strerror or error}") from None
    except (RuntimeError, MsalServiceError) as error:  # msal, where the provider itself is out of order
        raise Unreachable(f"{setting}: no token now: {reason_of(error)}") from None
    except ValueError as error:  # msal, where there is no such directory
        raise WrongMailbox(f"{setting}: {reason_of(error)}") from None
