"""What is kept of a mailbox's login between two polls, and what a provider's refusal of a token means."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from ingest.mailbox_errors import Unreachable, WrongMailbox
from settings import Mailbox, OAuth2

SCOPES = {
    ("microsoft", "client-credentials"): "https://outlook.office365.com/.default",
    ("microsoft", "device"): "https://outlook.office365.com/IMAP.AccessAsUser.All",
    ("google", "client-credentials"): "https://mail.google.com/",
    ("google", "device"): "https://mail.google.com/",
}
NOT_NOW = frozenset({"temporarily_unavailable", "server_error", "slow_down", "timeout"})
"""Errors of a token endpoint that say nothing about the settings (RFC 6749, section 5.2)."""
FIELDS = {
    "invalid_client": "client_secret",
    "unauthorized_client": "client_id",
    "invalid_scope": "scope",
    "invalid_grant": "flow",
}
"""The setting that an error is about."""


@dataclass(slots=True)
class KeptToken:
    """What is kept of a mailbox between two polls, in a file that its owner alone may read."""

    file: Path
    data: dict[str, Any] = field(default_factory=dict)

    def save(self) -> None:
        """Raises OSError."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.file.with_name(self.file.name + ".part")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:  # noqa: PTH123
            json.dump(self.data, opened)
        part.replace(self.file)


def token_file(mailbox: Mailbox) -> Path:
    """Where the tokens of a mailbox are kept."""
    named = mailbox.oauth2 and mailbox.oauth2.token_file
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in mailbox.name)
    return named or Path("data", "tokens", f"{safe}.json")


def kept_of(mailbox: Mailbox) -> KeptToken:
    """What is kept of this mailbox; nothing where the settings are no longer those that it was kept for."""
    file, key = token_file(mailbox), key_of(mailbox)
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        data = {}
    return KeptToken(file, data if isinstance(data, dict) and data.get("for") == key else {"for": key})


def key_of(mailbox: Mailbox) -> list[str]:
    """What a kept token holds for: with other settings it is none."""
    oauth2 = oauth2_of(mailbox)
    return [
        oauth2.provider,
        oauth2.flow,
        oauth2.tenant,
        oauth2.client_id,
        oauth2.authority or "",
        scope_of(oauth2),
        mailbox.user,
    ]


def oauth2_of(mailbox: Mailbox) -> OAuth2:
    """Its settings, where the caller knows that there are some."""
    assert mailbox.oauth2 is not None
    return mailbox.oauth2


def scope_of(oauth2: OAuth2) -> str:
    """What the token is asked for."""
    return oauth2.scope or SCOPES[oauth2.provider, oauth2.flow]


def refused(mailbox: Mailbox, answer: Mapping[str, Any]) -> NoReturn:
    """What a provider's error means, and what to do."""
    error = str(answer.get("error", "no token"))
    lines = str(answer.get("error_description") or answer.get("suberror") or "").splitlines()
    said = f"{error}: {lines[0][:200]}" if lines else error
    setting = f"mailboxes.{mailbox.name}.oauth2"
    if error in NOT_NOW:
        raise Unreachable(f"{setting}: no token now: {said}")
    if oauth2_of(mailbox).flow == "device" and error in ("invalid_grant", "interaction_required"):
        raise WrongMailbox(f"{setting}: log in again with `kunming mailbox login {mailbox.name}`: {said}")
    name = f"{setting}.{FIELDS[error]}" if error in FIELDS else setting
    raise WrongMailbox(f"{name}: no token: {said}")


def nobody_logged_in(mailbox: Mailbox) -> NoReturn:
    """Raises WrongMailbox, with the command that mends it."""
    raise WrongMailbox(
        f"mailboxes.{mailbox.name}.oauth2: nobody has logged in yet: `kunming mailbox login {mailbox.name}`"
    )
