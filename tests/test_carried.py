"""Several mails in one: each is a mail of its own, with its own speaker; a single one that is passed on is not."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from parsing.documents import unguarded
from parsing.model import Consultation, Converters, Reading
from parsing.reading import read_mail
from store import register
from store.shipped import shipped_draft

CONSULTATION = Consultation(shipped_draft(), register.load())
ARRIVED = datetime(2021, 9, 2, 8, tzinfo=UTC)
PP5 = "Paragraph PP5: replace “grave concern” with “deep concern”."
OP4 = "Operative paragraph 4: delete “and update”."
OP2 = "In operative paragraph 2, replace “Support” with “Accelerate”."
NORWAY = ("Kari Nordmann", "kari@kld.dep.no", "Comments of Norway", PP5)
BRAZIL = ("Paulo Souza", "paulo@itamaraty.gov.br", "Comments of Brazil", OP4)
KENYA = ("Wanjiru Kamau", "wanjiru@environment.go.ke", "Comments of Kenya", OP2)
SOMEONE = ("Sam", "sam1980@gmail.com", "Comments", OP2)
CHINA = ("Wang Wei", "wangwei@mee.gov.cn", "Comments of China", OP2)
DESK = ("Secretariat", "desk@cbd.int", "Fwd: comments", "Please find below what we received.")
Mail = tuple[str, str, str, str]
Forward = Callable[..., str]


def message(one: Mail, rest: str = "", head: str = "Content-Type: text/plain; charset=utf-8\n") -> str:
    name, address, subject, words = one
    return (
        f"From: {name} <{address}>\nTo: cop15hls-outcome@mee.gov.cn\nCc: secretariat@cbd.int\nSubject: {subject}\n"
        f"Date: Thu, 02 Sep 2021 10:00:00 +0200\nMessage-ID: <{address}>\n{head}\n{words}\n{rest}"
    )


def attached(outer: Mail, *inner: Mail) -> str:
    words = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{outer[3]}\n"
    parts = "".join(f"--b\nContent-Type: message/rfc822\n\n{message(one)}\n" for one in inner)
    return message((*outer[:3], words), f"{parts}--b--\n", "Content-Type: multipart/mixed; boundary=b\n")


def gmail(outer: Mail, *inner: Mail) -> str:
    """Mails forwarded as Gmail does, one below the other."""
    return message(
        outer,
        "".join(
            f"\n---------- Forwarded message ---------\n{_head(one, 'From', 'Date', 'Subject', 'To')}" for one in inner
        ),
    )


def outlook(outer: Mail, *inner: Mail) -> str:
    """Mails forwarded as a Swedish Outlook does."""
    return message(
        outer,
        "".join(
            f"\n________________________________\n{_head(one, 'Från', 'Skickat', 'Ämne', 'Till')}" for one in inner
        ),
    )


def apple(outer: Mail, *inner: Mail) -> str:
    """Mails forwarded as Apple Mail does in plain text, with quote marks."""
    quoted = (_head(one, "From", "Date", "Subject", "To").replace("\n", "\n> ") for one in inner)
    return message(outer, "".join(f"\nBegin forwarded message:\n\n> {text}\n\n" for text in quoted))


def outlook_html(outer: Mail, *inner: Mail) -> str:
    """Mails forwarded as Outlook does in HTML, without a blank line between anything."""
    rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    heads = (_head(one, "From", "Sent", "Subject", "To").replace("<", "&lt;").split("\n\n") for one in inner)
    blocks = (f"<div style='{rule}'><p>{'<br>'.join(head.splitlines())}</p></div><p>{text}</p>" for head, text in heads)
    words = f"<p>{outer[3]}</p>{''.join(blocks)}"
    return message((*outer[:3], words), "", "Content-Type: text/html; charset=utf-8\n")


def _head(one: Mail, sender: str, date: str, subject: str, to: str) -> str:
    name, address, about, words = one
    return (
        f"{sender}: {name} <{address}>\n{date}: Wed, 1 Sep 2021 at 10:00\n{subject}: {about}\n"
        f"{to}: secretariat@cbd.int\n\n{words}\n"
    )


def read(text: str) -> Reading:
    return read_mail(text.encode(), ARRIVED, CONSULTATION, Converters(), unguarded)


def told(readings: Sequence[Reading]) -> list[tuple[str | None, list[str]]]:
    """The speaker and the edited paragraphs of each."""
    return [(one.message.party if one.message else "", [edit.paragraph for edit in one.edits]) for one in readings]


@pytest.mark.parametrize("forwarded", [attached, gmail, outlook, outlook_html, apple])
def test_each_of_several_is_a_mail_of_its_own(forwarded: Forward) -> None:
    reading = read(forwarded(DESK, NORWAY, BRAZIL, KENYA))
    assert told(reading.mails) == [("NOR", ["PP5"]), ("BRA", ["OP4"]), ("KEN", ["OP2"])]
    assert told([reading]) == [(None, [])]


@pytest.mark.parametrize("forwarded", [attached, gmail, outlook, outlook_html, apple])
def test_a_single_one_that_is_passed_on_is_the_mail_itself(forwarded: Forward) -> None:
    reading = read(forwarded(DESK, NORWAY))
    assert told([reading]) == [("NOR", ["PP5"])]
    assert reading.mails == ()


@pytest.mark.parametrize("forwarded", [attached, gmail])
def test_who_proposes_changes_and_passes_on_another_s_is_one_of_two(forwarded: Forward) -> None:
    reading = read(forwarded(NORWAY, BRAZIL))
    assert told([reading, *reading.mails]) == [("NOR", ["PP5"]), ("BRA", ["OP4"])]


def test_mails_of_one_party_are_one() -> None:
    reading = read(attached(DESK, NORWAY, ("Ola", "ola@kld.dep.no", "Norway", OP4)))
    assert told([reading]) == [("NOR", ["PP5", "OP4"])]
    assert reading.mails == ()


def test_one_without_a_known_speaker_beside_others_is_nobody_else_s_and_needs_review() -> None:
    reading = read(attached(DESK, NORWAY, SOMEONE))
    assert told(reading.mails) == [("NOR", ["PP5"]), (None, ["OP2"])]
    assert [one.message and one.message.needs_review for one in reading.mails] == [False, True]


def test_those_who_asked_do_not_answer_and_the_host_s_own_comments_are_read() -> None:
    asked = ("Secretariat", "secretariat@cbd.int", "Reminder", "In paragraph 5, please replace “a” with “b”.")
    assert told([read(attached(("Kari", "kari@kld.dep.no", "Norway", "See below."), asked))]) == [("NOR", [])]
    assert [edit.paragraph for edit in read(attached(DESK, CHINA)).edits] == ["OP2"]


@pytest.mark.parametrize("forwarded", [attached, gmail, outlook, apple])
def test_every_sentence_has_one_outcome_in_the_mail_that_says_it(forwarded: Forward) -> None:
    reading = read(forwarded(DESK, NORWAY, BRAZIL))
    assert [[s.text.strip("\n> ") for s in one.sentences if s.kind == "edit"] for one in reading.mails] == [
        [PP5],
        [OP4],
    ]
    assert [s.kind for s in reading.sentences if "replace" in s.text or "delete" in s.text] in (
        [],
        ["quoted"] * 2,
        ["quoted"],
    )


def test_a_thread_that_is_passed_on_is_its_last_mail() -> None:
    """Norway answers Brazil, and a desk passes it on: Brazil's words are history there."""
    answer = (NORWAY[0], NORWAY[1], "RE: Comments of Brazil", PP5)
    assert told([read(outlook((*DESK[:2], "FW: Comments", "FYI"), answer, BRAZIL))]) == [("NOR", ["PP5"])]
