"""Whose words the lines of a mail are."""

import pytest

from parsing.formats.text import read_text
from parsing.mail.quoted_history import read_history
from parsing.model import TextRole

MARKS: dict[TextRole, str] = {"own": " ", "quoted": ">", "signature": "~", "disclaimer": "!"}


def with_roles(text: str, subject: str = "") -> str:
    """The text with the mark of its role before each line that has words."""
    lines = text.splitlines()
    history = read_history(read_text(text).blocks, subject)
    return "\n".join(
        MARKS[block.role] + line if line.strip() else "" for block, line in zip(history.blocks, lines, strict=True)
    )


def unmarked(marked: str) -> str:
    return "\n".join(line[1:] for line in marked.splitlines())


@pytest.mark.parametrize(
    "marked",
    [
        " Delete PP1.",
        " We support the text.\n\n>> quoted",
        " Ours.\n>> theirs\n Ours again.\n>> theirs again",
        " PP1 > PP2 is our wish.",
        ">On Mon, 30 Aug 2021 at 11:40, Bo <bo@x.example> wrote:\n>> theirs\n ours",
        ">On Mon, 30 Aug 2021 at 11:40,\n>Bo <bo@x.example> wrote:\n>> theirs\n ours",
        " ours\n>Le lun. 30 août 2021 à 11:40, Bo <bo@x.example> a écrit :\n>> theirs",
        " ours\n>El lun, 30 ago 2021 a las 11:40, Bo (<bo@x.example>) escribió:\n>> theirs",
        " ours\n>Am 30.08.2021 um 11:40 schrieb Bo:\n>> theirs",
        " ours\n>пн, 30 авг. 2021 г. в 11:40, Bo <bo@x.example>:\n>> theirs",
        " ours\n>В пн, 30 авг. 2021 Bo <bo@x.example> написал:\n>> theirs",
        " ours\n>在 2021年8月30日，Bo <bo@x.example> 写道：\n>> theirs",
        " ours\n>في 30 أغسطس 2021 Bo <bo@x.example> كتب:\n>> theirs",
        " ours\n\n>On Mon, Aug 30, 2021 Bo wrote:\n\n>Dear Ana,\n>please comment.",
        ' ours\n>02.04.2012 14:20 пользователь "Bo" <\n>bo@x.example> написал:\n>> theirs',
        " He wrote:\n Delete PP1.",
        " ours\n\n>-----Original Message-----\n>From: Bo\n>Sent: Monday\n>To: Ana\n>Subject: x\n\n>theirs",
        " ours\n\n>________________________________\n>From: Bo\n>Sent: Monday\n>To: Ana\n>Subject: x\n\n>theirs",
        " ours\n\n>De : Bo\n>Envoyé : lundi 30 août 2021\n>À : Ana\n>Objet : x\n\n>theirs",
        " ours\n\n>De: Bo\n>Enviado el: lunes\n>Para: Ana\n>Asunto: x\n\n>theirs",
        " ours\n\n>От: Bo\n>Отправлено: 30 августа\n>Кому: Ana\n>Тема: x\n\n>theirs",
        " ours\n\n>发件人: Bo\n>发送时间: 2021年8月30日\n>收件人: Ana\n>主题: x\n\n>theirs",
        " ours\n\n>من: Bo\n>التاريخ: 30 أغسطس 2021 11:40\n>إلى: Ana\n>الموضوع: x\n\n>theirs",
        " ours\n\n>Von: Bo\n>Gesendet: Montag\n>An: Ana\n>Betreff: x\n\n>theirs",
        ' ours\n\n>-----"Bo" <bo@x.example> wrote: -----\n>To: Ana\n>From: Bo\n>Date: 30/8\n>Subject: x\n\n>theirs',
        " ours\n\n>*From:* Bo\n>*Sent:* Monday\n>*To:* Ana\n>*Subject:* x\n\n>theirs",
        " From: the second line of PP1\n to: the end of it",
        " Subject: Comments\n To: the Presidency",
    ],
)
def test_history_is_marked_and_answers_between_its_lines_are_not(marked: str) -> None:
    assert with_roles(unmarked(marked)) == marked


@pytest.mark.parametrize(
    "marked",
    [
        " Delete PP1.\n\n~Best regards,\n\n~Ana Diaz\n~Ministry of Environment\n~Tel. 5",
        " Delete PP1.\n\n~Cordialement,\n~Ana",
        " Saludos cordiales.\n\n PP1: suprimir.\n\n~Atentamente,\n~Ana",
        " Delete PP1.\n\n~Atentamente,\n~Ana",
        " Delete PP1.\n\n~С уважением,\n~Анна",
        " 删除第一段。\n\n~此致\n~敬礼！\n~安娜",
        " نقترح الحذف.\n\n~مع فائق الاحترام،\n~آنا",
        " Delete PP1.\n\n~З повагою / Sincerely yours,\n~Ana",
        " Delete PP1.\n~-- \n~Ana",
        " Delete PP1.\n\n~Sent from my Samsung Galaxy smartphone.",
        " Delete PP1.\n\n~Отправлено с iPhone",
        " Hello\n\n~Best regards,\n~Ana\n\n 1. Delete PP1.\n 2. Keep PP2.",
        " Hello\n\n~Best regards,\n~Ana\n\n PS: delete PP1.",
        " Hello\n\n~Best regards,\n~Ana\n~P. O. Box 5\n~(01) 611-6000\n~1-2-2 Kasumigaseki",
        " Hello\n\n~Best regards,\n~Ana\n\n We have one more comment on the text: " + "it is long and says a lot. " * 8,
        " Best practices in PP1 are welcome.\n Regards for the oceans are missing.",
        " ours\n~Best,\n~Ana\n\n>On 30.8.2021 Bo <b@x.example> wrote:\n>> theirs\n>> -- \n>> Bo",
        "~-----BEGIN PGP SIGNED MESSAGE-----\n~Hash: SHA1\n\n Delete PP1.\n~-----BEGIN PGP SIGNATURE-----\n~abc",
    ],
)
def test_signatures_are_marked_and_what_is_said_after_them_is_not(marked: str) -> None:
    assert with_roles(unmarked(marked)) == marked


@pytest.mark.parametrize(
    "marked",
    [
        " Delete PP1.\n\n!CONFIDENTIALITY NOTICE: This e-mail is for you. If\n!you are not the addressee delete it.",
        "!CAUTION: This email originated from outside of the organization.\n\n Delete PP1.",
        " Delete PP1.\n\n!Ce message et ses pièces jointes sont confidentiels.",
        " Delete PP1.\n\n!Este mensaje y sus anexos son confidenciales.",
        " Delete PP1.\n\n!Настоящее сообщение и вложения содержат конфиденциальную информацию.",
        " Delete PP1.\n\n!本邮件及其附件含有保密信息。",
        " Delete PP1.\n\n!هذه الرسالة ومرفقاتها سرية.",
        " In PP1 the words on confidential data are welcome.",
    ],
)
def test_words_of_law_are_marked(marked: str) -> None:
    assert with_roles(unmarked(marked)) == marked


HEADERS = "From: Bo Li <bo@x.example>\nSent: Monday\nTo: Ana\nSubject: Comments\n\nDelete PP1.\n\nBest regards,\nBo"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"FYI\n\n{HEADERS}", "FW: Comments"),
        (f"FYI\n\n{HEADERS}", "TR: Comments"),
        (f"FYI\n\n{HEADERS}", "[Fwd: Comments]"),
        (f"FYI\n\n{HEADERS}", "[EXTERNAL] Fwd: Comments"),
        (f"FYI\n\n{HEADERS}", "转发: Comments"),
        (f"FYI\n\n---------- Forwarded message ---------\n{HEADERS}", "Comments"),
        (f"FYI\n\nBegin forwarded message:\n\n{HEADERS}", "Comments"),
        (f"FYI\n\n---------- Пересылаемое сообщение ---------\n{HEADERS}", ""),
        (HEADERS, "Comments"),
    ],
)
def test_a_mail_that_is_passed_on_as_text_is_a_mail_of_its_own(text: str, subject: str) -> None:
    (forward,) = read_history(read_text(text).blocks, subject).forwards
    assert forward.headers["from"] == "Bo Li <bo@x.example>"
    own = ["".join(run.text for run in block.runs) for block in forward.blocks if block.role == "own" and block.runs]
    assert own == ["Delete PP1."]


@pytest.mark.parametrize(("text", "subject"), [(f"Delete PP2.\n\n{HEADERS}", "RE: Comments"), ("Delete PP2.", "FW: x")])
def test_an_answer_passes_nothing_on(text: str, subject: str) -> None:
    assert read_history(read_text(text).blocks, subject).forwards == ()


def test_a_mail_that_was_passed_on_twice_holds_the_first() -> None:
    text = HEADERS.replace("Delete PP1.", "See below.\n\n---------- Forwarded message ---------\n" + HEADERS)
    (forward,) = read_history(read_text(text).blocks, "FW: x").forwards
    assert len(forward.forwards) == 1
