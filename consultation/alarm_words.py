"""What each kind of alarm is called, what it means, and what to do. docs/operate.md has the same table (tested)."""

from dataclasses import dataclass
from datetime import datetime

from consultation.health import Alarm, AlarmKind


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """`title` names it (with {about} for what it is about), `means` says what is at stake, `do` what helps."""

    title: str
    means: str
    do: str


WORDS: dict[AlarmKind, AlarmWords] = {
    "mailbox": AlarmWords(
        "The mailbox {about} is not polled",
        "Mail that came since the last good poll is not here. It is safe on its server, and comes with the next poll"
        " that goes well.",
        "The message names the setting or the server that is at fault. `kunming doctor` tries the login again. A"
        " password that was changed, a certificate that has expired and a server that is away are the usual causes.",
    ),
    "ledger": AlarmWords(
        "The ledger of {about} does not balance",
        "A server lists mails that it does not give. Comments may be among them.",
        "`kunming ledger` names the folder, and the page Polls the mails with the server's answer. Open them in a mail"
        " program; `kunming import FILE` takes what is saved there.",
    ),
    "disk": AlarmWords(
        "Little room is left on the disk of {about}",
        "When it is full, polls end without keeping anything until there is room again; nothing that is kept is lost.",
        "Remove what else lies there, old backups first, or give it more room.",
    ),
    "reading": AlarmWords(
        "Mail waits and is not read",
        "It is kept, and the Parties that sent it count as received; what it says is not shown.",
        "`kunming digest` reads it and says what is in the way. The log has a line reading=failed with the cause.",
    ),
    "quarantine": AlarmWords(
        "Mails could not be read",
        "Their reading crashed twice. Their senders count as received; a person must read the originals.",
        "The page Needs review lists them with their originals. They are tried again by the next version.",
    ),
    "model": AlarmWords(
        "The language model gives no answer",
        "Mail is read by the rules alone. What it was to be asked is asked later.",
        "`kunming doctor` tries it. See that the endpoint of [model] runs and that its key is valid.",
    ),
    "scanner": AlarmWords(
        "The virus scanner gives no answer",
        "Mail is read and shown as always, but nothing is given out for download.",
        "`kunming doctor` asks it. See that clamd runs, that the setting `clamd` names its socket, and that this user"
        " may open that.",
    ),
    "outgoing": AlarmWords(
        "What should leave is not sent",
        "Alerts, summaries or receipts wait in the queue, for three days at most.",
        "The message names the setting. `kunming doctor` tries the login at the mail server.",
    ),
    "expiring": AlarmWords(
        "{about} expires",
        "After that day what uses it stops working.",
        "Renew it: a token with `kunming token add`, the secret of an OAuth client where it was registered, a"
        " certificate at its authority.",
    ),
    "canary": AlarmWords(
        "The nightly test mail to {about} does not arrive",
        "Mail that delegations send to that address may not arrive either, though all polls go well.",
        "Send a mail there by hand, and look for both in the mailbox, its folder for spam and the logs of the server: a"
        " full mailbox, a changed forwarding and a filter are the usual causes.",
    ),
}


def title_of(alarm: Alarm) -> str:
    """What is wrong, in a few words."""
    return WORDS[alarm.kind].title.format(about=alarm.about)


def raised_text(alarm: Alarm, since: datetime) -> str:
    """What is said when it breaks. Times are aware, in the zone that is shown."""
    words = WORDS[alarm.kind]
    return (
        f"{title_of(alarm)}: {alarm.words}.\nSince {shown_time(since)}.\n\n"
        f"What it means: {words.means}\n\nWhat to do: {words.do}\n\n"
        "This is reported once, and once more when it is mended.\n"
    )


def mended_text(alarm: Alarm, since: datetime, until: datetime) -> str:
    """What is said when it is mended."""
    return f"Mended: {title_of(alarm)}.\nIt lasted from {shown_time(since)} until {shown_time(until)}.\n"


def shown_time(when: datetime) -> str:
    """A time with its offset, as 2021-09-06 07:00+02:00."""
    return when.isoformat(sep=" ", timespec="minutes")
