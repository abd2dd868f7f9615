"""The class of a mail: a table of small mails in six languages, then the rules that hold whatever they say."""

from typing import Any

import pytest

from parsing.who.classes import Classified, classify
from parsing.who.letter import Letter


def mail(subject: str, body: str = "", sender: str = "a@env.gov.xx", name: str = "", **headers: str) -> Letter:
    values = {key.replace("_", "-"): (value,) for key, value in headers.items()}
    return Letter(name, sender, subject, body, values, headers.get("content_type", "text/plain"))


def kind(letter: Letter, **found: int) -> str:
    return classify(letter, **{"proposals": 0, "documents": 0, "unreadable": 0} | found).kind


NO_COMMENTS = [
    "The Republic of Palau has, at this stage, no comments to offer.",
    "The Kingdom of Tonga does not, for the time being, have any comments on the draft.",
    "La République du Togo n'a pas d'observations.",
    "La República del Paraguay no tiene, por el momento, observaciones que formular.",
    "A República de Angola não tem, nesta fase, observações a formular.",
    "Замечаний и предложений к тексту у Республики Таджикистан не имеется.",
    "Замечаний к проекту декларации от министерства не поступило.",
    "阿曼苏丹国对案文没有意见。",
    "ليس لدى سلطنة عمان أي ملاحظات على النص.",
    "ليس لدى الجمهورية التونسية ملاحظات على مشروع الإعلان.",
    "We have no comments.",
    "Lao PDR has no comments on the draft and supports its adoption.",
    "Please be informed that Nepal does not have any comments on the draft.",
    "There are no further observations from our side.",
    "Kuwait has no objection to the draft declaration.",
    "No comments from Tonga.",
    "Nil return.",
    "Bahrain supports the draft declaration as it stands.",
    "Qatar can support the adoption of the text in its current form.",
    "Le Togo n'a pas d'observations à formuler.",
    "Nous n'avons aucune observation.",
    "Aucun commentaire de la part du Bénin sur le projet.",
    "Cuba no tiene comentarios al borrador.",
    "No tenemos observaciones.",
    "Sin comentarios.",
    "Portugal analisou o texto da Declaração e não tem comentários a fazer.",
    "Não temos observações.",
    "Moçambique não apresenta quaisquer comentários ao projecto.",
    "Sem comentários da parte de Angola.",
    "Не маємо зауважень.",
    "Nemamo komentara.",
    "我国对宣言草案无不同意见。",
    "Замечаний и предложений к проекту Декларации не имеем.",
    "Замечаний нет.",
    "Сообщаем об отсутствии замечаний к проекту.",
    "Таджикистан не имеет замечаний по проекту.",
    "我方对草案没有意见。",
    "新加坡无意见。",
    "同意草案案文。",
    "ليس لدينا أي ملاحظات على مشروع الإعلان.",
    "لا توجد ملاحظات.",
    "نفيدكم بأنه لا توجد لدى دولة الكويت أية ملاحظات على المشروع.",
]
NOT_NO_COMMENTS = [
    "On the other paragraphs we have no comments. In OP5 replace “and” with “or”.",
    "We have no comments except on paragraph 5.",
    "We have no comments on the preamble.",
    "We have no comments yet and will send them next week.",
    "If you have no comments, please say so.",
    "To support paragraph 11 as drafted.",
    "We have no further comments beyond those attached.",
    "Nous n'avons pas d'observations sur le préambule, mais proposons ce qui suit.",
    "Não temos comentários, salvo no parágrafo 3.",
    "Não temos comentários ao preâmbulo; no parágrafo 4, substituir “important” por “main”.",
    "No tenemos comentarios, salvo en el párrafo 3.",
    "Замечаний по пункту 3 нет.",
    "除第五段外，没有意见。",
]
ANNOUNCEMENTS = [
    ("Kunming Declaration", "We will send our comments by 10 September 2021."),
    ("Request for extension", "We would be grateful for a few more days."),
    ("RE: Invitation", "We acknowledge receipt of your letter. Our comments will follow in due course."),
    ("Question", "Could you please let us know whether the deadline is at midnight?"),
    ("Thank you", "Thank you for the draft."),
    ("Draft", "Would it be possible to receive the draft in Spanish?"),
    ("投稿", "请问意见书应投稿到哪个邮箱？"),
    ("草案", "请问截止时间能否延长至9月10日？"),
    ("Canada", "Canada's comments are still being finalised and will be sent by the end of the week."),
    ("Accusé de réception", "Nous avons bien reçu votre lettre et vous transmettrons nos observations."),
    ("Prórroga", "Solicitamos una prórroga del plazo; enviaremos los comentarios el viernes."),
    ("Проект декларации", "Замечания будут направлены до 10 сентября. Просим продлить срок."),
    ("昆明宣言", "来函收悉，我方将于下周提交意见。"),
    ("إعلان كونمينغ", "تم استلام رسالتكم وسنوافيكم بملاحظاتنا الأسبوع القادم. نرجو تمديد المهلة."),
]
RSVP = [
    (
        "Participation in the High-Level Segment",
        "The Minister will participate virtually, accompanied by two advisers.",
    ),
    (
        "RE: Invitation",
        "I confirm that the Minister will attend. The head of delegation is Ms. Lee; kindly send the zoom link.",
    ),
    ("Regrets", "The Minister regrets not being able to attend and will send a video message."),
    ("Participation", "Le Ministre prendra part au segment. Composition de la délégation ci-dessous."),
    ("Participación de Chile", "La Ministra participará; jefe de delegación: Sr. Soto."),
    ("Segment de haut niveau", "J'ai l'honneur de confirmer la participation de Monsieur le Ministre."),
    ("参会确认", "兹确认我国环境部长将以视频方式出席高级别会议。"),
    ("Participação no segmento", "O Ministro participará; chefe da delegação: Dr. Silva."),
    ("Участие в сегменте", "Министр примет участие. Состав делегации прилагается."),
    ("参会回执", "部长将出席高级别会议，代表团成员如下。"),
    ("تأكيد المشاركة", "سيشارك معالي الوزير، ورئيس الوفد هو السيد أحمد."),
]
AUTO_REPLIES = [
    ("Automatic reply: Reminder", "I am on annual leave until 10 September with limited access to e-mail."),
    ("Out of office", "I will be out of office. I shall reply on my return."),
    ("Réponse automatique : rappel", "Je suis absent jusqu'au 10 septembre."),
    ("Respuesta automática", "Estoy fuera de la oficina."),
    ("Resposta automática", "Estou ausente até 10 de setembro."),
    ("Автоответ", "Я нахожусь в отпуске до 10 сентября."),
    ("自动回复：提醒", "我正在休假。"),
    ("رد تلقائي", "أنا في إجازة حتى 10 سبتمبر."),
    ("Read: Reminder", "This is an automatically generated receipt."),
    (
        "[Ticket #4411] Reminder",
        "Your request has been received. This is an automated message, do not reply to this email.",
    ),
]
AUTO_REPLIES += [
    ("Automatikus válasz: Kunming", "Szeptember 12-ig szabadságon vagyok."),
    ("Automatyczna odpowiedź: Kunming", "Przebywam na urlopie do 12 września."),
    ("Otomatik yanıt: Kunming", "12 Eylül'e kadar izindeyim."),
    ("自動応答: 昆明宣言", "9月12日まで不在にしております。"),
    ("자동 회신: Kunming", "9월 12일까지 부재중입니다."),
    ("Automatisch antwoord: Kunming", "Ik ben tot 12 september met verlof."),
    ("Autosvar: Kunming", "Jag är på semester till den 12 september."),
    ("Risposta automatica: Kunming", "Sono in ferie fino al 12 settembre."),
    ("Răspuns automat: Kunming", "Sunt în concediu până la 12 septembrie."),
    ("Автоматична відповідь: Kunming", "Я у відпустці до 12 вересня."),
    ("Автоматичен отговор: Kunming", "До 12 септември съм в отпуск."),
    ("Automatski odgovor: Kunming", "Na godišnjem odmoru do 12. rujna."),
    ("Аутоматски одговор: Kunming", "На годишњем одмору до 12. септембра."),
    ("Automatická odpoveď: Kunming", "Do 12. septembra nie som v kancelárii."),
    ("Samodejni odgovor: Kunming", "Sem na dopustu do 12. septembra."),
    ("Automaatvastus: Kunming", "Olen puhkusel 12. septembrini."),
    ("Automātiska atbilde: Kunming", "Esmu atvaļinājumā līdz 12. septembrim."),
    ("Automatinis atsakymas: Kunming", "Iki rugsėjo 12 d. atostogauju."),
    ("Sjálfvirkt svar: Kunming", "Ég er í sumarfríi til 12. september."),
    ("מענה אוטומטי: Kunming", "אני בחופשה עד 12 בספטמבר."),
    ("ตอบกลับอัตโนมัติ: Kunming", "ดิฉันลาพักร้อนถึงวันที่ 12 กันยายน"),
    ("Trả lời tự động: Kunming", "Tôi đang nghỉ phép đến ngày 12 tháng 9."),
    ("Balasan automatik: Kunming", "Saya sedang bercuti hingga 12 September."),
    ("ავტომატური პასუხი: Kunming", "12 სექტემბრამდე შვებულებაში ვარ."),
    ("Ավտոմատ պատասխան: Kunming", "Արձակուրդում եմ մինչև սեպտեմբերի 12-ը։"),
    ("Автоматты жауап: Kunming", "12 қыркүйекке дейін демалыстамын."),
    ("Автомат хариу: Kunming", "9-р сарын 12 хүртэл чөлөөтэй."),
    ("Jibu la kiotomatiki: Kunming", "Niko likizo hadi Septemba 12."),
    ("ራስ-ሰር ምላሽ: Kunming", "እስከ መስከረም 2 እረፍት ላይ ነኝ።"),
    ("Resposta automática: Kunming", "Estou de férias até 12 de setembro."),
    ("स्वचालित उत्तर: Kunming", "मैं 12 सितंबर तक अवकाश पर हूँ।"),
    ("Gelesen: Kunming", ""),
    ("Přečteno: Kunming", ""),
    ("Læst: Kunming", ""),
    ("Okundu: Kunming", ""),
    ("開封済み: Kunming", ""),
]
BOUNCES = [
    ("Undelivered Mail Returned to Sender", "could not be delivered to one or more recipients. 550 5.1.1 User unknown"),
    ("Delivery Status Notification (Failure)", "Address not found. Final-Recipient: rfc822; a@b.td"),
    ("Non remis : rappel", "Votre message n'a pas pu être remis. Diagnostic-Code: smtp; 550 5.1.1"),
    ("Não entregue: lembrete", "A sua mensagem não pôde ser entregue."),
    ("系统退信", "收件人不存在"),
]
BOUNCES += [
    ("Kézbesíthetetlen: Kunming", "A kézbesítés nem sikerült."),
    ("Niedostarczalne: Kunming", "Nie można dostarczyć wiadomości."),
    ("Onbestelbaar: Kunming", "Uw bericht is niet bezorgd."),
    ("Teslim edilemedi: Kunming", "İletiniz teslim edilemedi."),
    ("Nedoručitelné: Kunming", "Zprávu nelze doručit."),
    ("Impossibile recapitare: Kunming", "Il messaggio non è stato recapitato."),
    ("Går inte: Kunming", "Meddelandet kunde inte levereras. Brevlådan är full."),
    ("Недоставлено: Kunming", "Съобщението не беше доставено."),
    ("配信不能: Kunming", "このメッセージは配信できませんでした。"),
    ("배달되지 않음: Kunming", "메시지를 배달할 수 없습니다."),
    ("Tidak terkirim: Kunming", "Pesan tidak dapat dikirim."),
    ("Không thể gửi: Kunming", "Thư không gửi được."),
    ("ส่งไม่สำเร็จ: Kunming", "ไม่สามารถส่งได้"),
    ("Non recapitabile: Kunming", "Casella è piena"),
]
SPAM = [
    ("Early bird ends TODAY - Global Summit", "Dear Esteemed Professor, register now. Unsubscribe."),
    ("Call for papers", "Our open access journal is indexed in Scopus. Article processing charges apply."),
    ("Best price", "Our factory offers wholesale discounts. Click here to buy now."),
    (
        "诚邀投稿：2021环境工程国际会议（EI检索）",
        "尊敬的老师：录用论文将被EI检索，版面费优惠，欢迎投稿！投稿咨询QQ：123456。",
    ),
    ("會議徵稿通知", "歡迎投稿，錄用論文將被 SCI 檢索，版面費優惠。"),
    ("核心期刊征稿", "本刊现面向广大学者征稿，审稿周期短，版面费低。"),
    ("诚邀您参加2022国际生态会议", "特邀您作主旨报告，提前注册优惠，会议论文集将被Scopus收录。"),
    ("Приглашение", "Публикация статей в РИНЦ, сборник научных статей, скидка 20 %, оргвзнос."),
    ("Your mailbox quota", "Your account will be suspended. Verify your password, click here."),
]


@pytest.mark.parametrize("words", NO_COMMENTS)
def test_it_says_that_it_has_none(words: str) -> None:
    assert kind(mail("Kunming Declaration", words)) == "no-comments"


@pytest.mark.parametrize("words", NOT_NO_COMMENTS)
def test_what_takes_it_back_is_not_no_comments(words: str) -> None:
    assert kind(mail("Kunming Declaration", words)) != "no-comments"


@pytest.mark.parametrize(("subject", "body"), ANNOUNCEMENTS)
def test_announcements(subject: str, body: str) -> None:
    assert kind(mail(subject, body)) == "announcement"


@pytest.mark.parametrize(("subject", "body"), RSVP)
def test_answers_about_attending(subject: str, body: str) -> None:
    assert kind(mail(subject, body)) == "rsvp"


@pytest.mark.parametrize(("subject", "body"), AUTO_REPLIES)
def test_automatic_answers(subject: str, body: str) -> None:
    assert kind(mail(subject, body)) == "auto-reply"


@pytest.mark.parametrize(("subject", "body"), BOUNCES)
def test_bounces(subject: str, body: str) -> None:
    assert kind(mail(subject, body, "MAILER-DAEMON@mx.example", return_path="<>")) == "bounce"


@pytest.mark.parametrize(("subject", "body"), SPAM)
def test_advertising(subject: str, body: str) -> None:
    assert kind(mail(subject, body, "x@summits.biz", list_unsubscribe="<mailto:u@summits.biz>")) == "spam"


OFFER = """第四条“update of”应改为“updating of”，付费后提供完整修订稿。
千字180元起，首单八折，扫描附图二维码咨询。如不愿再收到此类邮件，请回复TD"""


@pytest.mark.parametrize(
    ("doubtful", "found"),
    [(3, "spam"), (2, "comments")],
)
def test_who_offers_to_improve_the_draft_advertises_unless_a_proposal_is_beyond_doubt(
    doubtful: int, found: str
) -> None:
    assert kind(mail("《昆明宣言》英文润色，首单八折", OFFER), proposals=3, doubtful=doubtful) == found


def test_a_few_words_of_advertising_do_not_make_a_doubtful_proposal_spam() -> None:
    words = "In paragraph 5 you might say “Strengthen”. We would give a discount on nothing else."
    assert kind(mail("Comments", words), proposals=1, doubtful=1) == "comments"


def test_a_report_is_a_bounce_even_where_the_mail_that_comes_back_holds_proposals() -> None:
    report = mail("Undelivered", content_type="multipart/report; report-type=delivery-status")
    assert kind(report, proposals=7, documents=1) == "bounce"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("content_type", "multipart/report; report-type=disposition-notification", "auto-reply"),
        ("x_message_class", "IPM.Note.Rules.OofTemplate.Microsoft", "auto-reply"),
        ("x_message_class", "REPORT.IPM.Note.IPNRN", "auto-reply"),
        ("x_message_class", "REPORT.IPM.Note.NDR", "bounce"),
        ("x_ms_exchange_message_is_ndr", "", "bounce"),
        ("x_failed_recipients", "a@b.example", "bounce"),
        ("auto_submitted", "auto-replied (vacation)", "auto-reply"),
        ("auto_submitted", "no", "announcement"),
    ],
)
def test_headers_of_machines_come_first(name: str, value: str, found: str) -> None:
    assert kind(mail("Kunming", "Tisztelt Kollégák!", **{name: value})) == found


@pytest.mark.parametrize(
    ("subject", "body", "sender", "headers"),
    [
        ("Comments", "Our mail could not be delivered to you (user unknown), so we send it again.", "a@mim.dk", {}),
        ("Undeliverable mail - comments sent again", "Your mailbox is full.", "a@uar.is", {}),
        ("Comments", "In paragraph 5, delete “wild”.", "postmaster@ym.fi", {"return_path": "<>"}),
        ("Comments", "In paragraph 5, delete “wild”.", "a@me.korea.kr", {"x_failed_recipients": "b@mee.gov.cn"}),
        ("Unzustellbar: nochmals unsere Kommentare", "Anbei.", "a@bmu.bund.de", {}),
    ],
)
def test_who_sends_comments_again_that_came_back_sends_comments(
    subject: str, body: str, sender: str, headers: dict[str, str]
) -> None:
    assert kind(mail(subject, body, sender, **headers), proposals=1) == "comments"


def test_an_answer_to_an_automatic_answer_is_none() -> None:
    assert kind(mail("Re: Automatic reply: Kunming", "Thank you, see you next week.")) != "auto-reply"


def test_auto_submitted_is_an_automatic_answer() -> None:
    assert kind(mail("Hello", "I am away.", auto_submitted="auto-replied")) == "auto-reply"


def test_a_registry_s_mail_with_a_document_is_no_automatic_answer() -> None:
    letter = mail("Oficio 12", "Se adjunta el oficio con los comentarios.", auto_submitted="auto-generated")
    assert kind(letter, documents=1) == "comments"


@pytest.mark.parametrize("words", NO_COMMENTS)
def test_a_received_comment_is_never_no_comments(words: str) -> None:
    assert kind(mail("Kunming Declaration", words), proposals=1) == "comments"
    assert kind(mail("Kunming Declaration", words), documents=1) != "no-comments"
    assert kind(mail("Kunming Declaration", words), unreadable=1) == "comments"


def test_an_attached_letter_may_say_that_there_are_none() -> None:
    letter = Letter("", "a@b.gov.xx", "Note verbale", "See attached.", {}, documents=("Tonga has no comments.",))
    assert kind(letter, documents=1) == "no-comments"
    assert kind(letter, documents=2) == "comments"


def test_what_cannot_be_read_is_taken_for_comments() -> None:
    assert kind(mail("SUBMISSION OF COMMENTS", "Kindly find attached our letter."), unreadable=1) == "comments"


def test_an_answer_about_attending_with_proposals_is_comments() -> None:
    subject, body = RSVP[0]
    assert kind(mail(subject, body), proposals=2) == "comments"
    assert kind(mail(subject, body), documents=1) == "rsvp"


def test_an_answer_about_attending_that_attaches_comments_is_comments() -> None:
    body = "The Minister will participate. Please find attached our comments on the draft."
    assert kind(mail("Participation and comments", body), documents=1) == "comments"


def test_comments_through_a_service_for_mass_mail_are_no_advertising() -> None:
    body = "Please find our comments attached.\n\nUnsubscribe | Click here to verify your subscription"
    headers = {"list_unsubscribe": "<mailto:u@x.example>", "precedence": "bulk"}
    assert kind(mail("Comments of Fiji", body, **headers), unreadable=1) == "comments"
    assert kind(mail("Comments of Fiji", "Fiji thanks you. Unsubscribe", **headers)) == "announcement"


def test_proposals_in_advertising_s_words_are_comments() -> None:
    assert kind(mail("Comments", "Unsubscribe. Click here. Register now. Discount."), proposals=1) == "comments"


def test_each_sign_has_its_sentence() -> None:
    found = classify(mail("Automatic reply: x", "I am on annual leave."), proposals=0, documents=0, unreadable=0)
    assert isinstance(found, Classified)
    assert found.evidence == ("The subject begins with “automatic reply”.", "The text says “i am on annual leave”.")


def test_a_long_mail_without_any_sign_is_for_a_person_to_read_as_comments() -> None:
    found: Any = classify(mail("Kunming", "Lorem ipsum dolor. " * 80), proposals=0, documents=0, unreadable=0)
    assert (found.kind, found.confidence) == ("comments", 0.4)
