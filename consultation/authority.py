"""What the sender of a mail may take away: its own word always, that of others where it is known to speak for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from consultation.facts import MailFact, Names, Speaker, name_of
from parsing.model import Claim, Register

EU = "EU"
Sources = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail of a speaker, as far as it can take something from another. `files` are (name, SHA-256) of its
    documents. `unproven` says why its address may not be its sender's own, `unknown` why the address is not known to
    speak for the speaker; both are empty where nothing is wrong. `speaks_for` are those for whom it is known to speak
    where the speaker is several, as a Group. `vouched` says that a person has attributed it, or accepted its claim.
    """

    id: int
    at: datetime
    message_id: str | None
    claim: Claim
    files: tuple[tuple[str, str], ...] = ()
    sender: str = ""
    unproven: str = ""
    unknown: str = ""
    speaks_for: frozenset[str] = frozenset()
    has_no_comments: bool = False
    said_in: Sources = frozenset()
    is_unreadable: bool = False
    accepted: bool | None = None
    vouched: bool = False


def may_not_take(later: SentMail, earlier: SentMail, before: Collection[SentMail]) -> str:
    """Why the later mail may not take the earlier one's place by itself; empty where it may. `before` are the mails of
    the speaker that came before it.
    """
    if later.unproven:
        return later.unproven
    if is_same_sender(later, earlier) or not later.unknown or later.speaks_for & earlier.speaks_for:
        return ""
    vouched = any(one.vouched and is_same_sender(later, one) for one in before)
    return "" if vouched else later.unknown


def is_same_sender(one: SentMail, other: SentMail) -> bool:
    return bool(one.sender) and one.sender.lower() == other.sender.lower()


def why_unknown(mail: MailFact, names: Names) -> str:
    """Why the sender's address is not known to speak for the mail's speaker; empty where it is."""
    speaker = mail.speaker
    if speaker is None or mail.flags.speaks_for is None or speaker.name in mail.flags.speaks_for:
        return ""
    return f"{mail.sender or 'its sender'} is not known to speak for {name_of(speaker, names)}"


def allies(mail: MailFact) -> frozenset[str]:
    """Of a mail of several Parties: those for whom its address is known to speak. What one of them said for all may be
    taken back from there.
    """
    speaker = mail.speaker
    several = speaker is not None and (speaker.kind == "group" or speaker.name == EU)
    return frozenset(mail.flags.speaks_for or ()) if several else frozenset()


def may_not_cover(mail: MailFact, register: Register, names: Names) -> str:
    """Why those for whom the mail says that it speaks do not count as covered by it; empty where they do."""
    speaking = _speaking(mail, register)
    if speaking is None:
        return ""
    if mail.flags.unproven:
        return mail.flags.unproven
    known = mail.flags.speaks_for
    return "" if known is None or not speaking.isdisjoint(known) else why_unknown(mail, names)


def _speaking(mail: MailFact, register: Register) -> frozenset[str] | None:
    """Those of whom one may speak for the others in such a mail; None where it speaks for nobody else."""
    speaker = mail.speaker
    if speaker == Speaker("party", EU):
        return frozenset((EU, *(party.code for party in register.parties if party.eu)))
    if speaker and speaker.kind == "group":
        members = next((group.members for group in register.groups if group.name == speaker.name), ())
        return frozenset(members or (party.code for party in register.parties))
    return frozenset((*mail.flags.joint, mail.party or "")) if mail.flags.joint else None
