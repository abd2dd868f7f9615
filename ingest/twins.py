"""Which Mails are twins: decided from their bytes before reading, since a twin is read in the other's stead."""

from collections.abc import Sequence

from parsing.mail.twin import differences, fingerprint
from store.session import Sessions
from store.twins import keep_differences, mails_without_fingerprint, mark_twins
from store.unread import unread

AT_ONCE = 50
"""Mails in one transaction."""


def gather_twins(sessions: Sessions, *, again: bool = False) -> None:
    """Gives every Mail that has none its fingerprint, or with `again` every Mail a new one, and marks the twins."""
    with sessions() as session:
        ids = mails_without_fingerprint(session, again=again)
    for start in range(0, len(ids), AT_ONCE):
        _mark(sessions, ids[start : start + AT_ONCE])


def _mark(sessions: Sessions, ids: Sequence[int]) -> None:
    with sessions.begin() as session:
        for mail_id in ids:
            raw = unread(session, mail_id).raw
            shown = mark_twins(session, mail_id, None if raw is None else fingerprint(raw))
            other = None if shown is None else unread(session, shown).raw
            if raw is not None and other is not None:
                keep_differences(session, mail_id, differences(other, raw))
