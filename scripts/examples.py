"""Writes the sample mails of examples/ again: what delegations send, each kind once. `python scripts/examples.py`."""

import io
import json
import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parent.parent
DRAFT = json.loads((ROOT / "store/drafts/kunming-revised-zero-draft.json").read_text("utf-8"))
TO, COPY = "cop15hls-outcome@mee.gov.cn", "secretariat@cbd.int"
WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
File = tuple[str, tuple[str, str], bytes]
MARKS = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}")


def mail(
    name: str, sender: str, date: str, subject: str, body: str, *files: File,
    copy: str | None = COPY, html: bool = False, headers: tuple[tuple[str, str], ...] = (),
) -> None:  # fmt: skip
    """Writes examples/NAME.eml. `files` are (file name, (type, subtype), bytes)."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, TO
    if copy:
        message["Cc"] = copy
    message["Date"], message["Subject"] = date, subject
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2].rstrip('>')}>"
    for header, value in headers:
        message[header] = value
    message.set_content(body.strip() + "\n", subtype="html" if html else "plain")
    for file, (kind, subtype), data in files:
        message.add_attachment(data, maintype=kind, subtype=subtype, filename=file)
    if message.is_multipart():
        message.set_boundary(f"=_{name}")
    (ROOT / "examples" / f"{name}.eml").write_bytes(message.as_bytes())


def tracked(author: str, changes: dict[str, str], comments: dict[str, str] | None = None) -> bytes:
    """The draft as a Word file. `changes` are paragraphs with [-deleted-] and {+inserted+} words; a label with a plus
    sign is a paragraph inserted after it. `comments` are on whole paragraphs."""
    document = docx.Document()
    for paragraph in DRAFT["paragraphs"]:
        label, number = paragraph["label"], paragraph["number"]
        text = f"{number}. {paragraph['text']}" if number else paragraph["text"]
        if label in changes:
            assert MARKS.sub(lambda m: m[1] or "", changes[label]) == paragraph["text"], label
            text = f"{number}. {changes[label]}" if number else changes[label]
        written = document.add_paragraph()
        _runs(written, text, author)
        if comments and label in comments:
            document.add_comment(written.runs, text=comments[label], author=author)
        if f"{label}+" in changes:
            added = document.add_paragraph()
            _runs(added, "{+" + changes[f"{label}+"] + "+}", author)
            mark = OxmlElement("w:rPr")
            mark.append(_change("ins", author))
            added._p.get_or_add_pPr().append(mark)
    return _saved(document)


def table(rows: list[tuple[str, ...]]) -> bytes:
    """A comment table as a Word file."""
    document = docx.Document()
    document.add_paragraph("Comments on the Kunming Declaration, Revised Zero Draft")
    grid = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    return _saved(document)


def scan(lines: str) -> bytes:
    """A letter as a picture in a PDF."""
    page = Image.new("1", (1240, 1754), 1)
    font = ImageFont.load_default(size=26)
    ImageDraw.Draw(page).multiline_text((110, 140), lines.strip(), fill=0, font=font, spacing=14)
    out = io.BytesIO()
    page.save(out, "PDF", resolution=150)
    return re.sub(rb"\(D:\d{14}Z\)", b"(D:20210903000000Z)", out.getvalue())


def _runs(paragraph: Any, text: str, author: str) -> None:
    place = 0
    for mark in MARKS.finditer(text):
        paragraph.add_run(text[place : mark.start()])
        change = _change("del" if mark[1] is not None else "ins", author)
        run = paragraph.add_run(mark[1] if mark[1] is not None else mark[2])
        if mark[1] is not None:
            run._r.find(qn("w:t")).tag = qn("w:delText")
        change.append(run._r)
        paragraph._p.append(change)
        place = mark.end()
    if place < len(text):
        paragraph.add_run(text[place:])


def _change(name: str, author: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for attribute, value in (("id", "1"), ("author", author), ("date", "2021-09-02T10:00:00Z")):
        element.set(qn(f"w:{attribute}"), value)
    return element


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


NORWAY = {
    "PP3": "Concerned that the ongoing loss of biodiversity jeopardizes achievement of the Sustainable Development Goals{+ and of the Paris Agreement+},",
    "OP4": "Accelerate the development and update of the National Biodiversity Strategies and Action Plans (NBSAPs), and make halting{+ and reversing+} biodiversity loss [-an important goal of them-]{+their overarching goal+};",
    "OP11": "Work with ministries of finance and economy to reform incentive structures, {+eliminate, +}phase out or reform subsidies and other incentives that are harmful to biodiversity, mobilize additional financial resources, and align all financial flows in support of the conservation and sustainable use of biodiversity, and in particular to increase the provision of financial, technological and capacity building support to developing countries;",
}  # fmt: skip
EUROPE = {
    "PP5": "Acknowledging with grave concern that the unprecedented and interdependent crises of biodiversity loss, climate change, [-land desertification-]{+pollution, desertification and land degradation+}, and increasing risks to human health and food security, pose an existential threat to our society, our prosperity and our planet,",
    "OP4": "Accelerate the development and update of the National Biodiversity Strategies and Action Plans (NBSAPs), and make halting{+ and reversing+} biodiversity loss an important goal of them;",
    "OP5+": "5 bis. Protect at least 30 per cent of the land and at least 30 per cent of the ocean by 2030;",
    "OP10": "Ensure that post-COVID recovery policies, programmes and plans contribute to the conservation and sustainable use of biodiversity, to promote {+circular and +}green development pathways that tap ecological potential for economic strengths with equitable and inclusive employment opportunities;",
}  # fmt: skip
BRAZIL = {
    "OP7": ("including related traditional knowledge", "including digital sequence information and related traditional knowledge"),
    "OP9": ("Ecosystem-based Approaches or Nature-based Solutions", "Ecosystem-based Approaches"),
}  # fmt: skip


def retyped(changes: dict[str, tuple[str, str]]) -> bytes:
    """The draft typed again as a Word file, with changes that nothing marks."""
    document = docx.Document()
    for paragraph in DRAFT["paragraphs"]:
        old, new = changes.get(paragraph["label"], ("", ""))
        assert old in paragraph["text"]
        document.add_paragraph(paragraph["text"].replace(old, new) if old else paragraph["text"])
    return _saved(document)


def word_files() -> None:
    mail("01-norway", "Ingrid Solberg <ingrid.solberg@kld.dep.no>", "Wed, 1 Sep 2021 09:12:00 +0200",
         "Comments from Norway on the Kunming Declaration", """
Dear colleagues,

Please find attached the comments of Norway on the revised zero draft, in track changes.

Kind regards,
Ingrid Solberg
Norwegian Ministry of Climate and Environment
""", ("Kunming Declaration_Norway.docx", WORD, tracked("Solberg Ingrid", NORWAY)))  # fmt: skip
    mail("02-kenya", "Wanjiru Kamau <wkamau@environment.go.ke>", "Thu, 2 Sep 2021 15:40:00 +0300",
         "Kenya: comments on the draft Declaration", """
Dear Sir/Madam,

Kenya's comments are in the attached table.

Wanjiru Kamau
Ministry of Environment and Forestry, Nairobi
""", ("Kenya comments.docx", WORD, table([
        ("Paragraph", "Original text", "Proposed text", "Rationale"),
        ("PP5", "land desertification", "desertification, land degradation and drought", "The words of the UNCCD."),
        ("OP11", "mobilize additional financial resources", "mobilize new and additional financial resources", "Article 20 of the Convention."),
        ("OP7", "", "", "This paragraph should be more concrete on digital sequence information."),
    ])))  # fmt: skip
    mail("03-european-union", "Maja Zupan <maja.zupan@gov.si>", "Fri, 3 Sep 2021 17:05:00 +0200",
         "EU and its Member States: comments on the Kunming Declaration", """
Dear colleagues,

On behalf of the European Union and its Member States, please find attached our comments on the revised zero draft.

Maja Zupan
Ministry of the Environment and Spatial Planning, Slovenia
Presidency of the Council of the European Union
""", ("EU+MS comments.docx", WORD, tracked("Zupan", EUROPE,
        {"OP9": "The definition of Nature-based Solutions needs to be agreed in UNEA first."})))  # fmt: skip
    mail("04-brazil", "Paulo Teixeira <paulo.teixeira@itamaraty.gov.br>", "Fri, 3 Sep 2021 11:30:00 -0300",
         "Brazil - Kunming Declaration", """
Dear colleagues,

Brazil's text is attached.

Paulo Teixeira
Ministry of Foreign Affairs of Brazil
""", ("declaration_BRA.docx", WORD, retyped(BRAZIL)))  # fmt: skip
    mail("05-paraguay", "Rocio Benitez <rbenitez@mades.gov.py>", "Fri, 3 Sep 2021 12:00:00 -0400",
         "Comentarios del Paraguay", """
Estimados señores:

Adjuntamos los comentarios del Paraguay a la Declaración de Kunming.

Rocío Benítez
Ministerio del Ambiente y Desarrollo Sostenible, Paraguay
""", ("Comentarios Paraguay.docx", WORD, tracked("RB", {})[:2500]))  # fmt: skip


def written_in_the_mail() -> None:
    mail("06-france", "Camille Durand <camille.durand@diplomatie.gouv.fr>", "Mon, 6 Sep 2021 16:20:00 +0200",
         "Déclaration de Kunming : observations de la France", """
Madame, Monsieur,

La France a l'honneur de transmettre les propositions suivantes.

Au paragraphe 11, remplacer les mots « phase out or reform » par les mots « eliminate, phase out or reform ».

Au paragraphe 5, après « protected areas », insérer « and ecological corridors ».

Camille Durand
Ministère de l'Europe et des Affaires étrangères
""")  # fmt: skip
    mail("07-mexico", "Lucía Arriaga <larriaga@conabio.gob.mx>", "Fri, 3 Sep 2021 13:27:00 -0500",
         "Mexico's comments", """
<html><body><p>Dear colleagues,</p><p>Mexico proposes:</p><p><b>Commitment 12</b></p>
<p>12. Encourage indigenous peoples and local communities, women, <ins>girls, </ins>youth, <ins>persons with disabilities,
</ins>civil society, local governments and authorities, academia, the business and financial sectors, and other relevant
stakeholders to make their voluntary commitments available on the Sharm el Sheikh to Kunming Action Agenda for Nature and
People, and to continue to build the momentum for the implementation of the <del>post 2020</del><ins>post-2020</ins> global
biodiversity framework;</p><p>Lucía Arriaga<br>CONABIO, México</p></body></html>
""", html=True)  # fmt: skip
    mail("08-russian-federation", "Анна Смирнова <smirnova@mnr.gov.ru>", "Mon, 6 Sep 2021 12:00:00 +0300",
         "Предложения Российской Федерации", """
Уважаемые коллеги,

Российская Федерация предлагает следующее.

В пункте 5 после слов «protected areas» добавить слова «and other effective measures».

Четвертый пункт преамбулы: слово «insufficient» заменить словом «inadequate».

Пункт 9: исключить слова «or Nature-based Solutions».

С уважением,
Анна Смирнова
Министерство природных ресурсов и экологии Российской Федерации
""")  # fmt: skip
    mail("09-china", "李文 <liwen@forestry.gov.cn>", "Fri, 3 Sep 2021 10:10:00 +0800", "关于昆明宣言草案的意见", """
您好：

国家林业和草原局代表中国提出以下意见：

序言部分第五段，将“existential threat”改为“serious threat”。

在执行部分第12段“youth,”之后增加“persons with disabilities,”。

李文
国家林业和草原局
""")  # fmt: skip
    mail("10-egypt", "Mona Farouk <mona.farouk@eeaa.gov.eg>", "Sun, 5 Sep 2021 11:00:00 +0200",
         "ملاحظات جمهورية مصر العربية", """
السادة الكرام،

تقترح جمهورية مصر العربية ما يلي:

في الفقرة ٧ من المنطوق، يُستعاض عن عبارة "Step up" بعبارة "Intensify".

تُحذف الفقرة العاشرة من الديباجة.

مع التقدير،
وزارة البيئة، جمهورية مصر العربية
""")  # fmt: skip
    mail("11-african-group", "Awa Diop <awa.diop@environnement.gouv.sn>", "Mon, 6 Sep 2021 18:00:00 +0000",
         "African Group: comments on the Kunming Declaration", """
Dear colleagues,

Senegal, on behalf of the African Group, has the honour to submit the following.

1. In OP11, replace "technological and capacity building support" with "technological and capacity-building support, including technology transfer,".

2. In PP5, replace "land desertification" with "desertification, land degradation and drought".

3. Add a new paragraph after OP11: "11 bis. Establish a dedicated fund for biodiversity;"

Awa Diop
Chair of the African Group
""")  # fmt: skip
    mail("12-bhutan", "Tshering Wangmo <twangmo@nec.gov.bt>", "Thu, 2 Sep 2021 11:48:00 +0600",
         "Comments of Bhutan", """
Dear Sir/Madam,

In the fourth commitment, "an important goal of them" should read "their overarching goal".

On the thirteenth commitment: mountain ecosystems are not reflected anywhere, and we request the Presidency to find suitable wording.

Tshering Wangmo
National Environment Commission, Royal Government of Bhutan
""", copy=None)  # fmt: skip
    mail("13-peru", "Elena Quispe <equispe@minam.gob.pe>", "Wed, 8 Sep 2021 09:00:00 -0500",
         "Comentarios del Perú a la Declaración de Kunming", """
Estimados colegas:

En el párrafo 3, donde dice "biodiversity values" debe decir "the multiple values of biodiversity".

Suprímase el sexto párrafo del preámbulo.

Elena Quispe
Ministerio del Ambiente del Perú
""")  # fmt: skip
    mail("14-united-states", "John Carter <CarterJ@state.gov>", "Fri, 3 Sep 2021 14:00:00 -0400",
         "U.S. comments on the Kunming Declaration", """
Dear colleagues,

The United States, as an observer, suggests in OP9 to replace "Increase the application of" with "Promote".

John Carter
U.S. Department of State
""")  # fmt: skip


def the_rest() -> None:
    mail("15-fiji", "Sera Vakacegu <sera.vakacegu@environment.gov.fj>", "Sat, 4 Sep 2021 10:00:00 +1200",
         "Fiji: letter on the Kunming Declaration", """
Bula vinaka,

Please find attached the letter of the Permanent Secretary.

Sera Vakacegu
Department of Environment, Fiji
""", ("Letter Fiji.pdf", ("application", "pdf"), scan("""
MINISTRY OF ENVIRONMENT
REPUBLIC OF FIJI

3 September 2021

Kunming Declaration, Revised Zero Draft

In paragraph 13, replace "terrestrial ecosystems" with
"terrestrial, coastal and marine ecosystems".

Permanent Secretary for Environment
""")))  # fmt: skip
    mail("16-norway-second-thought", "Ingrid Solberg <ingrid.solberg@kld.dep.no>", "Mon, 6 Sep 2021 10:00:00 +0200",
         "CORRIGENDUM: Comments from Norway on the Kunming Declaration", """
Dear colleagues,

Please disregard our comments of 1 September; the attached file replaces them.

Ingrid Solberg
Norwegian Ministry of Climate and Environment
""", ("Kunming Declaration_Norway rev1.docx", WORD, tracked("Solberg Ingrid", {k: v for k, v in NORWAY.items() if k != "PP3"})))  # fmt: skip
    mail("17-switzerland", "Lea Meier <lea.meier@bafu.admin.ch>", "Fri, 3 Sep 2021 08:30:00 +0200",
         "Kunming Declaration", """
Dear colleagues,

Switzerland has no comments on the revised zero draft and supports the text as it stands.

Lea Meier
Federal Office for the Environment
""")  # fmt: skip
    mail("18-canada", "Marc Tremblay <marc.tremblay@ec.gc.ca>", "Mon, 6 Sep 2021 15:00:00 -0400",
         "Canada / Kunming Declaration", """
Dear colleagues,

Canada's comments are still being finalised and will be sent by the end of the week. Thank you for your understanding.

Marc Tremblay
Environment and Climate Change Canada
""")  # fmt: skip
    mail("19-emirates", "International Affairs <international@moccae.gov.ae>", "Thu, 2 Sep 2021 10:10:00 +0400",
         "Participation of the UAE in the High-Level Segment", """
Dear Ms. Tian Fang,

We are pleased to confirm that Her Excellency the Minister of Climate Change and Environment of the United Arab Emirates will participate virtually in the High-Level Segment on 12 and 13 October 2021.

International Affairs Department
""")  # fmt: skip
    mail("20-away", "Thomas Becker <thomas.becker@bmu.bund.de>", "Wed, 1 Sep 2021 08:00:05 +0200",
         "Automatic reply: Invitation to comment on the Kunming Declaration", """
I am out of the office until 13 September 2021 and have no access to my mail.
""", copy=None, headers=(("Auto-Submitted", "auto-replied"),))  # fmt: skip
    mail("21-undelivered", "Mail Delivery System <MAILER-DAEMON@mx.mee.gov.cn>", "Wed, 1 Sep 2021 08:00:07 +0800",
         "Undelivered Mail Returned to Sender", """
This is the mail system at host mx.mee.gov.cn.

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

<focalpoint@environment.gov.xx>: host not found
""", copy=None, headers=(("Auto-Submitted", "auto-replied"),))  # fmt: skip
    mail("22-conference", "Events Team <offers@green-summit-events.com>", "Tue, 31 Aug 2021 04:00:00 +0000",
         "Last chance: 50% off your booth at the Green Summit", """
Dear Sir or Madam,

Register now and save 50% on your exhibition booth! Click here to unsubscribe from this newsletter.
""", copy=None)  # fmt: skip


if __name__ == "__main__":
    (ROOT / "examples").mkdir(exist_ok=True)
    word_files()
    written_in_the_mail()
    the_rest()
