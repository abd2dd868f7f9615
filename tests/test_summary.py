"""The morning's letter to the drafters."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fixture_inbox import NOON, NOW, REGISTER, Inbox, change, document, inbox, message, snapshot_of
from fixture_smtp import PostOffice

from api.context import read_snapshot
from consultation.health import Alarm
from consultation.status import status
from consultation.summary import MOST_MAILS, summary_subject, summary_text
from outgoing.notifying import Notifier
from settings import Settings

__all__ = ["inbox"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
YESTERDAY = NOW - timedelta(days=1)


def letter(inbox: Inbox, *wrong: Alarm, since: datetime = YESTERDAY, link: str = "") -> str:
    snapshot = snapshot_of(inbox)
    return summary_text(snapshot, status(snapshot), wrong, since=since, now=NOW, zone=SHANGHAI, link=link)


def test_it_says_what_came_what_needs_review_and_who_has_not_answered(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), change("OP5", "Improve", "Strengthen"))
    inbox.mail(message("KEN"), parts=(document("annex.docx", "unreadable", "encrypted"),))
    inbox.mail(message("PRY", "no-comments"))
    text = letter(inbox)
    assert "As of 2021-09-08 14:30+08:00." in text
    assert "3 of 196 Parties have answered." in text
    assert "RECEIVED SINCE 2021-09-07 14:30+08:00: 3 mails" in text
    assert "- Norway: comments, 1 edit or comment (mail 1)" in text
    assert "- Paraguay: no-comments (mail 3)" in text
    assert "NEEDS REVIEW: 1 mail\n- Kenya: not read: annex.docx" in text
    assert "NOT ANSWERED YET: 193 (* covered by others)" in text
    missing = text[text.index("NOT ANSWERED") :].replace("\n  ", " ")
    assert "Fiji" in missing
    assert not any(name in missing for name in ("Norway", "Kenya", "Paraguay"))


def test_what_came_before_the_last_one_is_not_new(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), change("OP5", "Improve", "Strengthen"))
    text = letter(inbox, since=NOW)
    assert "RECEIVED SINCE 2021-09-08 14:30+08:00: 0 mails" in text
    assert "Norway" not in text


def test_a_mail_of_nobody_known_is_named_so_and_those_covered_have_a_star(inbox: Inbox) -> None:
    inbox.mail(message("EU"), change("OP5", "Improve", "Strengthen"))
    inbox.mail(message(None), change("OP5", "Improve", "Strengthen"))
    text = letter(inbox)
    assert "- Not attributed: not attributed: no Party, Group or observer is named (mail 2)" in text
    assert "Austria*" in text


def test_with_a_public_address_each_mail_has_its_link(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), change("OP5", "Improve", "Strengthen"))
    assert "\n  https://comments.example.org/mails/1\n" in letter(inbox, link="https://comments.example.org")


def test_what_is_wrong_comes_first(inbox: Inbox) -> None:
    text = letter(inbox, Alarm("mailbox", "outcome", "refused"))
    assert text.index("The mailbox outcome is not polled: refused") < text.index("RECEIVED SINCE")


def test_a_long_list_is_cut_and_says_so(inbox: Inbox) -> None:
    for _ in range(MOST_MAILS + 7):
        inbox.mail(message("NOR", "no-comments"))
    assert "- and 7 more" in letter(inbox)


def test_the_subject_says_it_in_short(inbox: Inbox) -> None:
    inbox.mail(message("NOR"), change("OP5", "Improve", "Strengthen"))
    snapshot = snapshot_of(inbox)
    subject = summary_subject(snapshot, status(snapshot), YESTERDAY)
    assert subject == f"1 new, 0 to review, 1 of 196 answered: {snapshot.draft.title}"


def test_it_goes_out_once_a_day_from_its_hour_on(inbox: Inbox, post_office: PostOffice) -> None:
    settings = Settings(
        database_url=str(inbox.engine.url),
        timezone="Asia/Shanghai",
        smtp=post_office.smtp(),
        summary={"to": ["drafters@example.test"], "at": "07:00"},
        alerts={"least_free_mb": 0},
    )
    now = datetime(2021, 9, 6, 6, 58, tzinfo=SHANGHAI)
    notifier = Notifier(inbox.sessions, settings, lambda: now, lambda s: read_snapshot(s, REGISTER, settings))
    sent: list[int] = []
    for pause in (0, 1, 1, 60, 23 * 60):
        now += timedelta(minutes=pause)
        inbox.mail(message("NOR", "no-comments"), at=NOON)
        notifier.notify()
        sent.append(len(post_office.taken))
    assert sent == [0, 0, 1, 1, 2]
    assert post_office.taken[0].to == ("drafters@example.test",)


@pytest.mark.parametrize(("hour", "sent"), [(12, 1), (14, 0)])
def test_one_that_was_missed_is_made_up_for_while_it_is_morning(
    inbox: Inbox, post_office: PostOffice, hour: int, sent: int
) -> None:
    settings = Settings(
        database_url=str(inbox.engine.url), smtp=post_office.smtp(), summary={"to": ["drafters@example.test"]}
    )
    now = NOW.replace(hour=hour, minute=0)
    Notifier(inbox.sessions, settings, lambda: now, lambda s: read_snapshot(s, REGISTER, settings)).notify()
    assert len([taken for taken in post_office.taken if taken.to == ("drafters@example.test",)]) == sent
