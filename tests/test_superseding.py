"""What a mail says of earlier ones, and its handling marks: one line a case, in six languages."""

import pytest

from parsing.model import Claim
from parsing.who.claims import claim_of, marks_of, sibling_of
from parsing.who.letter import Letter


def letter(body: str, subject: str = "Comments", **headers: str) -> Letter:
    return Letter("", "a@b.example", subject, body, {name.replace("_", "-"): (v,) for name, v in headers.items()})


REPLACES = [
    ("Please disregard the document I sent on 2 September and use the attached instead.", "all"),
    ("It replaces our earlier comments in full.", "all"),
    ("This submission supersedes all previous ones.", "all"),
    ("Kindly ignore my earlier e-mail.", "previous"),
    ("Please disregard my previous message; the file was wrong.", "previous"),
    ("Please disregard the first e-mail.", "first"),
    ("Please ignore our first submission.", "first"),
    ("CORRIGENDUM to the comments of Fiji", "all"),
    ("Sorry, I attached the wrong version.", "all"),
    ("Please use this version.", "all"),
    ("Please find a corrected version of our comments.", "all"),
    ("Veuillez ne pas tenir compte de notre précédent courriel.", "previous"),
    ("Le présent document annule et remplace le précédent.", "all"),
    ("Rectificatif aux observations du Sénégal", "all"),
    ("Sírvanse hacer caso omiso del correo anterior.", "previous"),
    ("Esta versión sustituye a la anterior.", "all"),
    ("Favor de no considerar el primer correo.", "first"),
    ("Por favor desconsiderar a mensagem anterior.", "previous"),
    ("Просим не учитывать предыдущее письмо.", "previous"),
    ("Направляем исправленную версию замечаний.", "all"),
    ("Взамен ранее направленных замечаний направляем новые.", "all"),
    ("请忽略第一封邮件。", "first"),
    ("以此版本为准。", "all"),
    ("此件取代我方此前提交的意见。", "all"),
    ("更正：我方意见", "all"),
    ("يرجى تجاهل الرسالة السابقة.", "previous"),
    ("تحل هذه الملاحظات محل الملاحظات السابقة.", "all"),
    ("تصويب", "all"),
]
WITHDRAWS = [
    "We hereby withdraw our comments of 2 September.",
    "Norway wishes to withdraw its submission.",
    "Le Togo retire ses observations.",
    "Retiramos nuestros comentarios.",
    "Отзываем ранее направленные замечания.",
    "我方撤回此前提交的意见。",
    "نسحب ملاحظاتنا.",
]
ADDS = [
    "",
    "Please find attached our comments.",
    "In OP5, replace “earlier” with “previous”.",
    "Paragraph 3 should replace our earlier text in the draft.",
    "Please find additional comments, in addition to those sent before.",
    "This does not supersede our earlier comments.",
    "If you have received this message in error, please delete it.",
    "Please delete the word “earlier” in paragraph 4.",
    "Please ignore the highlighting, which is ours.",
    "Remplacer les mots « première version » par « version ».",
    "Reemplazar la palabra “anterior”.",
    "Заменить слово «ранее» словом «прежде».",
    "将“此前”一词改为“先前”。",
]


@pytest.mark.parametrize(("words", "which"), REPLACES)
def test_what_takes_the_place_of_earlier_mails(words: str, which: str) -> None:
    claim = claim_of(letter(words))
    assert (claim.replaces, claim.withdraws) == (which, False)
    assert claim.why


@pytest.mark.parametrize("words", WITHDRAWS)
def test_what_is_withdrawn(words: str) -> None:
    claim = claim_of(letter(words))
    assert (claim.replaces, claim.withdraws) == (None, True)


@pytest.mark.parametrize("words", ADDS)
def test_a_later_mail_adds_unless_it_says_that_it_replaces(words: str) -> None:
    assert claim_of(letter(words)) == Claim()


def test_a_subject_may_say_it_and_the_text_which() -> None:
    claim = claim_of(letter("Please see attached. The first e-mail had the wrong file.", "CORRIGENDUM: Fiji"))
    assert claim.replaces == "first"


def test_the_mail_that_it_answers_is_named() -> None:
    claim = claim_of(letter("Please disregard this mail.", in_reply_to="<1@b.example>"))
    assert claim.of == ("<1@b.example>",)


MARKS = [
    ("OFFICIAL\n\nDear colleagues,", ("OFFICIAL",)),
    ("Dear all,\n\nSENSITIVE BUT UNCLASSIFIED", ("SENSITIVE BUT UNCLASSIFIED",)),
    ("[UNCLASSIFIED]\nTena koutou", ("UNCLASSIFIED",)),
    ("Official (Open)\nDear", ("Official (Open)",)),
    ("OFFICIAL: Sensitive\nHello", ("OFFICIAL: Sensitive",)),
    ("These comments are not for publication.", ("not for publication",)),
    ("Our comments should not be made public.", ("should not be made public",)),
    ("DIFFUSION RESTREINTE\nBonjour", ("DIFFUSION RESTREINTE",)),
    ("Ne pas publier.", ("Ne pas publier",)),
    ("CONFIDENCIAL\nEstimados", ("CONFIDENCIAL",)),
    ("Для служебного пользования\nУважаемые", ("Для служебного пользования",)),
    ("Не подлежит опубликованию.", ("Не подлежит опубликованию",)),
    ("内部资料\n您好", ("内部资料",)),
    ("请勿公开。", ("请勿公开",)),
    ("سري\nالسادة", ("سري",)),
    ("هذه الملاحظات ليست للنشر.", ("ليست للنشر",)),
    ("The official text of the declaration is confidential to nobody.", ()),
    ("An official of the Ministry will attend.", ()),
    ("", ()),
]


@pytest.mark.parametrize(("body", "marks"), MARKS)
def test_handling_marks_are_kept_as_they_are_written(body: str, marks: tuple[str, ...]) -> None:
    assert marks_of(letter(body)) == marks


def test_a_mark_in_the_subject_and_in_a_document_counts_once() -> None:
    mail = Letter("", "", "[OFFICIAL] UK comments", "Official\nHello", {}, documents=("OFFICIAL\nText",))
    assert marks_of(mail) == ("OFFICIAL",)
    assert marks_of(Letter("", "", "Comments | CONFIDENTIAL", "", {})) == ("CONFIDENTIAL",)
    assert marks_of(Letter("", "", "Official comments of Norway", "", {})) == ()


@pytest.mark.parametrize(
    ("words", "belongs"),
    [
        ("The password for the file is: Kunming2021!", True),
        ("I forgot to attach the annex, here it is.", True),
        ("The password follows in a separate e-mail.", True),
        ("Le mot de passe suivra dans un autre courriel.", True),
        ("La contraseña del archivo es 1234.", True),
        ("Пароль к архиву: 1234.", True),
        ("附件密码为1234。", True),
        ("كلمة المرور هي 1234.", True),
        ("A senha do ficheiro é 1234.", True),
        ("Das Passwort lautet 1234.", True),
        ("A fájl jelszava: 1234. Jelszó: abc", True),
        ("Dosyanın şifresi: 1234", True),
        ("パスワードは1234です。", True),
        ("Please find our comments attached.", False),
        ("We will send our comments separately next week.", False),
    ],
)
def test_a_mail_may_belong_with_another(words: str, *, belongs: bool) -> None:
    assert bool(sibling_of(letter(words))) is belongs
