"""What can be wrong with a mailbox, in a line that names the setting; and whose certificates are trusted."""

import ssl
from pathlib import Path


class WrongMailbox(Exception):
    """A setting of a mailbox is wrong; the message is one line that names it. Trying again does not help."""

    exit_code = 2


class Unreachable(Exception):
    """The server cannot be reached, or its answers make no sense: try later on a new connection."""

    exit_code = 75


def reason_of(error: BaseException) -> str:
    """What an exception says, on one line that is not too long."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def trust(ca_file: Path | None, setting: str) -> ssl.SSLContext:
    """What the system trusts, or the authorities in a file. Raises WrongMailbox."""
    try:
        return ssl.create_default_context(cafile=ca_file and str(ca_file))
    except OSError as error:
        raise WrongMailbox(f"{setting}: no certificates in {ca_file}: {reason_of(error)}") from error
