"""Whose words the lines of a mail are."""

import pytest

from parsing.formats.html import read_html
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
        " Hello\n\n~Best regards,\n~Ana\n~Ministry\n\n\n COMMENTS OF NORWAY\n\n Delete “and update” in OP4.",
        " Hello\n\n~Cordialement,\n~Ana\n\n Au paragraphe 4, supprimer « et ».",
        " Hello\n\n~С уважением,\n~Анна\n\n В пункте 4 исключить слово «и».",
        " Hello\n\n~此致\n~安娜\n\n 第5段：删除“和”。",
        " Bo\n~-- \n~Ministry\n\n We propose to delete “and update” in operative paragraph 4.",
        " Bo\n~-- \n~Ministry\n\n We support the draft as it is.",
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
        "!CAUTION: external email.\n Delete PP1.",
        " Delete PP1.\n!Diese E-Mail enthält vertrauliche Informationen.",
        "!Ce courriel provient de l'extérieur. Ne cliquez pas sur les liens.\n Supprimer « et ».",
        "!Denk aan het milieu voordat u deze e-mail print.\n PP1: schrappen.",
        " PP1: törlendő.\n!Ez az üzenet bizalmas.",
        "!此邮件来自外部，请谨慎点击链接。\n 第5段：删除“和”。",
    ],
)
def test_words_of_law_are_marked(marked: str) -> None:
    assert with_roles(unmarked(marked)) == marked


OLD = "In operative paragraph 2, replace “Support” with “Accelerate”."
OUR = "Paragraph PP5: delete “grave”."
HUNGARIAN = "".join(
    f"<tr><td>{label}:</td><td>{value}</td></tr>"
    for label, value in (
        ("Feladó", "Bo &lt;b@x.example&gt;"),
        ("Elküldve", "2021. 08. 31. 9:10"),
        ("Címzett", "all"),
        ("Tárgy", "x"),
    )
)
OUTLOOK = ">From: Bo\n>Sent: Monday 10:00\n>To: Ana\n>Subject: x\n\n>PP5"


@pytest.mark.parametrize(
    ("html", "subject", "roles"),
    [
        (f"<p>We propose:</p><blockquote><p>{OUR}</p></blockquote>", "Comments", "oo"),
        (f'<p>x</p><blockquote style="margin-top:5pt"><p>{OUR}</p></blockquote>', "Comments", "oo"),
        (f'<p>x</p><blockquote type="cite">{OUR}</blockquote>' * 2, "Comments", "oooo"),
        (f'<p>x</p><blockquote type="cite">{OUR}</blockquote>', "Re: Comments", "oq"),
        (f'<p>x</p><blockquote type="cite" cite="mid:a@b">{OUR}</blockquote>', "Comments", "oq"),
        (f"<p>x</p><p>2021. 08. 31. 9:10, Bo írta:</p><blockquote><p>{OLD}</p></blockquote>", "Re: x", "oqq"),
        (f"<p>x</p><div>31.08.2021 9:10, Bo წერს:</div><blockquote>{OLD}</blockquote><p>{OUR}</p>", "Re: x", "oqqo"),
        (f'<p>x</p><blockquote style="border-left:2px solid blue">{OLD}</blockquote>', "Re: x", "oq"),
        (f"<p>x</p><table>{HUNGARIAN}</table><p>{OLD}</p>", "Re: x", "oqqqqqqqqq"),
        (f"<div id=Signature><p>Bo</p><p>{OUR}</p></div>", "Comments", "so"),
    ],
)  # fmt: skip
def test_what_html_sets_off_is_history_only_where_something_says_so(html: str, subject: str, roles: str) -> None:
    assert "".join(block.role[0] for block in read_history(read_html(html).blocks, subject).blocks) == roles


@pytest.mark.parametrize(
    ("sender", "sent", "to", "subject"),
    [
        ("Feladó", "Elküldve", "Címzett", "Tárgy"),
        ("Kimden", "Gönderildi", "Kime", "Konu"),
        ("Від", "Надіслано", "Кому", "Тема"),
        ("מאת", "נשלח", "אל", "נושא"),
        ("差出人", "送信日時", "宛先", "件名"),
        ("Từ", "Đã gửi", "Đến", "Chủ đề"),
        ("प्रेषक", "भेजा गया", "प्रति", "विषय"),
        ("Ումից", "Ուղարկված է", "Ում", "Թեմա"),
        ("Kimdən", "Göndərildi", "Kimə", "Mövzu"),
        ("No", "Nosūtīts", "Kam", "Temats"),
        ("Frá", "Sent", "Til", "Efni"),
        ("ከ", "የተላከው", "ለ", "ርዕሰ ጉዳይ"),
        ("From / De", "Sent / Envoyé", "To / À", "Subject / Objet"),
        ("Zro", "Kveb", "Mlo", "Twek"),
    ],
)
def test_the_headers_of_an_older_mail_are_known_in_any_language(sender: str, sent: str, to: str, subject: str) -> None:
    head = f"{sender}: Bo <bo@x.example>\n{sent}: 31. 8. 2021 09:10\n{to}: all\n{subject}: draft\n\n{OLD}"
    assert with_roles(f"{OUR}\n{head}").splitlines()[:2] == [f" {OUR}", f">{sender}: Bo <bo@x.example>"]
    assert with_roles(f"{OUR}\n\n{head}").endswith(f">{OLD}")


@pytest.mark.parametrize(
    "head",
    [
        "TO: Secretariat of the CBD\nFROM: Embassy of Norway\nDATE: 2 September 2021\nSUBJECT: Comments",
        "From: Ministry of Environment\nTo: Secretariat\nDate: 2 September 2021\nSubject: Comments",
        "De : Ministère de l'environnement\nÀ : Secrétariat\nDate : 2 septembre 2021\nObjet : Observations",
        "Von: BMU\nAn: Sekretariat\nDatum: 2. September 2021\nBetreff: Kommentare",
        "От: Министерство природы\nКому: Секретариат\nДата: 2 сентября 2021 г.\nТема: Замечания",
        "Name: Bo Li\nE-mail: bo@x.example\nDate of arrival: 11 October 2021\nHotel: none",
    ],
)
def test_the_head_of_a_memo_is_the_sender_s_own(head: str) -> None:
    marked = "\n".join(f" {line}" if line else "" for line in f"{head}\n\n{OUR}".splitlines())
    assert with_roles(unmarked(marked)) == marked


@pytest.mark.parametrize(
    ("marked", "sender"),
    [
        (f" Mine begin with KN:\n\n{OUTLOOK} Noting\n KN: delete it.", ""),
        (f" Unsere sind mit [BMU] gekennzeichnet.\n\n{OUTLOOK}\n [BMU] delete it.", ""),
        (f" See below.\n\n{OUTLOOK}\n [Ana Diaz] delete it.", "Ana Diaz"),
        (f" See below.\n\n{OUTLOOK}\n AD: delete it.\n>BL: keep.", "Ana Diaz"),
    ],
)  # fmt: skip
def test_answers_behind_a_tag_are_ours(marked: str, sender: str) -> None:
    history = read_history(read_text(unmarked(marked)).blocks, "RE: x", sender)
    assert [MARKS[block.role] for block in history.blocks if block.runs] == [
        line[0] for line in marked.splitlines() if line
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CAUTION: This email originated from outside. PP5: delete “grave”.", "PP5: delete “grave”."),
        ("PP5: delete “grave”. This e-mail is confidential. Do not copy it.", "PP5: delete “grave”. Do not copy it."),
        ("PP5 : supprimer « grave ». Pensez à l'environnement avant d'imprimer.", "PP5 : supprimer « grave »."),
        ("Norway supports OP4. Denne e-posten er konfidensiell.", "Norway supports OP4."),
    ],
)
def test_law_ends_where_its_sentence_ends(text: str, words: str) -> None:
    blocks = read_history(read_text(text).blocks).blocks
    own = " ".join(run.text for block in blocks if block.role == "own" for run in block.runs)
    assert own == words
    assert [block.span for block in blocks][-1] == (blocks[-1].span and (blocks[-1].span[0], len(text)))


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
