"""Who speaks: a table of letters, each with one trap, then the rules."""

from dataclasses import replace
from typing import Any

import pytest

from parsing.model import FocalPoint
from parsing.who.letter import Letter
from parsing.who.party import Attribution, attribute
from store.register import load

REGISTER = load()
Expected = tuple[str | None, str | None, str | None]


def letter(sender: str, subject: str = "", body: str = "", **rest: Any) -> Letter:
    name, _, address = sender.rpartition("<")
    headers = rest.pop("headers", {"to": ("cop15hls-outcome@mee.gov.cn",), "cc": ("secretariat@cbd.int",)})
    return Letter(name.strip(' "'), address.rstrip(">"), subject, body, headers, **rest)


def who(mail: Letter, **rest: Any) -> Expected:
    found = attribute(mail, REGISTER, **rest)
    return found.party, found.group, found.observer


PARTIES: list[tuple[str, Letter, str]] = [
    (
        "a government's domain and the country's name",
        letter("Ingrid <i@kld.dep.no>", "Comments from Norway", "Please find Norway's comments attached."),
        "NOR",
    ),
    (
        "a focal point at gmail signs with the ministry and the country",
        letter(
            "Kofi A. <kofi.cbd@gmail.com>",
            "Inputs",
            "Find our inputs attached.\n\nKofi A.\nMinistry of Environment\nP.O. Box M 232, Accra, Ghana",
        ),
        "GHA",
    ),
    (
        "a focal point at yahoo names only the letter's heading",
        letter(
            "Agnes <agnes.env@yahoo.com>",
            "Declaration",
            "Pls see attached.\nAgnes",
            documents=("SOLOMON ISLANDS GOVERNMENT\nMinistry of Environment\nP.O. Box 21, Honiara\n",),
        ),
        "SLB",
    ),
    (
        "Niger, not Nigeria",
        letter("<pfn.cbd.ne@gmail.com>", "Observations du Niger", "Le Niger vous remercie.\nNiamey, Niger"),
        "NER",
    ),
    (
        "Nigeria, not Niger",
        letter(
            "Desk <biodiv@environment.gov.ng>",
            "Nigeria: comments",
            "Comments of the Federal Republic of Nigeria, also on the Niger Delta.",
        ),
        "NGA",
    ),
    (
        "Guinea-Bissau",
        letter("<pn.gb@yahoo.fr>", "Commentaires de la République de Guinée-Bissau", "Bissau"),
        "GNB",
    ),
    (
        "Equatorial Guinea in Spanish",
        letter(
            "<mma.ge@hotmail.com>",
            "Comentarios de la República de Guinea Ecuatorial",
            "Ministerio de Medio Ambiente\nMalabo, Guinea Ecuatorial",
        ),
        "GNQ",
    ),
    ("Guinea", letter("<pf.guinee@yahoo.fr>", "Commentaires de la Guinée", "Conakry, République de Guinée"), "GIN"),
    (
        "Congo",
        letter("<mef@gouv.cg>", "Observations de la République du Congo", "Brazzaville, République du Congo"),
        "COG",
    ),
    (
        "Democratic Republic of the Congo",
        letter(
            "<pf.rdc@gmail.com>",
            "Commentaires RDC",
            "La République démocratique du Congo propose, pour le bassin du Congo :\nKinshasa, RD Congo",
        ),
        "COD",
    ),
    (
        "Dominica",
        letter("<forestry@dominica.gov.dm>", "Comments from the Commonwealth of Dominica", "Roseau, Dominica"),
        "DMA",
    ),
    (
        "Dominican Republic",
        letter(
            "<biodiversidad@ambiente.gob.do>",
            "Comentarios de República Dominicana",
            "En nombre de la República Dominicana.",
        ),
        "DOM",
    ),
    (
        "Republic of Korea",
        letter("Kim <kim@korea.kr>", "Comments by the Republic of Korea", "The Republic of Korea proposes:"),
        "KOR",
    ),
    (
        "the other Korea",
        letter("<env@star-co.net.kp>", "DPRK comments", "On behalf of the Democratic People's Republic of Korea"),
        "PRK",
    ),
    (
        "Georgia the State",
        letter("Nino <n@mepa.gov.ge>", "Georgia / comments", "The Georgian delegation submits its comments.\nTbilisi"),
        "GEO",
    ),
    (
        "a person called Georgia",
        letter("Georgia Papadopoulou <g.papadopoulou@ypen.gr>", "Comments", "Greece proposes:\nBest,\nGeorgia"),
        "GRC",
    ),
    (
        "a person called Jordan",
        letter(
            "Jordan Miles <jordan.miles@agriculture.gov.au>",
            "Australia's comments",
            "Hi all, Australia's comments attached.\nThanks,\nJordan",
        ),
        "AUS",
    ),
    (
        "a person called Chad",
        letter("Chad Williams <chad.williams@ec.gc.ca>", "Comments", "Canada's comments.\nChad\n\nChad Williams"),
        "CAN",
    ),
    (
        "Jordan the State",
        letter("<cbd.jordan@moenv.gov.jo>", "Jordan's comments", "The Hashemite Kingdom of Jordan supports the draft."),
        "JOR",
    ),
    (
        "the United Kingdom for Northern Ireland, too",
        letter("<x@defra.gov.uk>", "UK comments", "Comments on behalf of the UK, agreed with DAERA, Northern Ireland."),
        "GBR",
    ),
    ("Ireland", letter("<x@housing.gov.ie>", "Comments from Ireland", "Ireland supports the text on peat."), "IRL"),
    (
        "an embassy in Beijing that forwards for its capital",
        letter(
            "Embassy of Nepal <eonbeijing@mofa.gov.np>",
            "Note Verbale",
            "The Embassy of Nepal in Beijing presents its compliments to the Ministry of Ecology and Environment of "
            "the People's Republic of China and forwards the comments of the Ministry of Forests.\n\n"
            "No. 1, Xi Liu Jie, Beijing 100600, China\nTel. +86 10 6532 1795",
        ),
        "NPL",
    ),
    (
        "an embassy with a Chinese mailbox",
        letter(
            "Embassy Beijing <embassy_bj@163.com>",
            "Kunming Declaration",
            "The Embassy of the Republic of Vanuatu in the People's Republic of China has the honour to transmit the "
            "attached comments.\nSanlitun, Beijing, China",
        ),
        "VUT",
    ),
    (
        "the host itself",
        letter("Chen <chen@mee.gov.cn>", "China: comments", "On behalf of the Ministry of Foreign Affairs of China"),
        "CHN",
    ),
    (
        "thanks to the host and to the Secretariat",
        letter(
            "<rodrigo@marn.gob.sv>",
            "Observaciones",
            "El Salvador agradece a China y al Gobierno de la República Popular China el texto.",
        ),
        "SLV",
    ),
    (
        "a delegation that quotes another's proposal",
        letter(
            "<s@bafu.admin.ch>",
            "Comments on the Declaration",
            "Switzerland proposes the following. We support Norway's proposal on OP5 and agree with Costa Rica's "
            "comments, as proposed by Colombia.",
        ),
        "CHE",
    ),
    (
        "a delegation that supports a group's statement",
        letter(
            "<k@environment.go.ke>",
            "Kenya",
            "Kenya aligns itself with the statement made by Egypt on behalf of the African Group.",
        ),
        "KEN",
    ),
    (
        "a colleague of the Secretariat who forwards",
        letter(
            "Anneliese B. <a.b@un.org>",
            "FW: Jamaica's Comments",
            "This came to the Secretariat only.\n413 Saint-Jacques Street, Montreal, Canada",
            forwarded=letter("Monique <m@mhurec.gov.jm>", "Jamaica's Comments", "Kingston 5"),
        ),
        "JAM",
    ),
    (
        "a colleague of the Secretariat who forwards what a focal point sent from gmail",
        letter(
            "<x@cbd.int>",
            "FW: comments",
            "",
            forwarded=letter("<tuvalu.env@gmail.com>", "comments from Tuvalu", "Tuvalu proposes:"),
        ),
        "TUV",
    ),
    (
        "the invitation of the Secretariat, sent back with comments",
        letter(
            "<sbinder@miambiente.gob.pa>",
            "RE: Invitation",
            "Panama sends two proposals.",
            forwarded=letter("<secretariat@cbd.int>", "Invitation", "China invites Parties."),
        ),
        "PAN",
    ),
    (
        "an assistant who forwards the director's mail",
        letter(
            "<assistant@minam.gob.pe>",
            "RV: Comentarios",
            "Reenvío.",
            forwarded=letter("<director@minam.gob.pe>", "Comentarios del Perú", "El Perú propone:"),
        ),
        "PER",
    ),
    (
        "the Presidency of the Council speaks for the Union",
        letter(
            "Mojca <mojca@gov.si>",
            "EU comments",
            "On behalf of the European Union and its Member States, Slovenia and the European Commission submit:",
        ),
        "EU",
    ),
    ("the Commission", letter("<hugo@ec.europa.eu>", "Comments of the EU", "The EU and its MS propose:"), "EU"),
    (
        "the Presidency in its own name",
        letter("<x@gov.si>", "Comments of Slovenia", "Slovenia proposes in its national capacity:"),
        "SVN",
    ),
    (
        "a Member State beside the Union",
        letter(
            "<x@ecologie.gouv.fr>",
            "Observations de la France",
            "La France s'associe à la déclaration faite par la Slovénie au nom de l'Union européenne.",
        ),
        "FRA",
    ),
    (
        "a Member State that adds to what the Union sends",
        letter("<x@bmu.bund.de>", "Germany: comments", "In addition to the EU comments, Germany proposes:"),
        "DEU",
    ),
    (
        "the Presidency that sends the Union's comments without saying on whose behalf",
        letter("Mojca <m@gov.si>", "EU comments", "Please find the comments of the EU attached.\nLjubljana, Slovenia"),
        "EU",
    ),
    (
        "the host's desk that passes on what a Party sent on paper",
        letter("<chen@mee.gov.cn>", "FW: scanned letter", "See attached.", file_names=("Gabon.pdf",)),
        "GAB",
    ),
    (
        "the staff of a project of the United Nations, for the Party",
        letter("<ana@undp.org>", "Timor-Leste's comments", "Timor-Leste submits its comments.\nDili, Timor-Leste"),
        "TLS",
    ),
    (
        "a street that is called after another country",
        letter(
            "Rosa <rosa@gmail.com>", "Comentarios", "Adjunto.\n\nMinisterio del Ambiente\nAv. Brasil 2730, Lima - Perú"
        ),
        "PER",
    ),
    (
        "a delegation that attaches another's mail for reference",
        letter(
            "<k@environment.go.ke>",
            "Kenya's comments",
            "Kenya proposes the following; Norway's mail is attached for reference.",
            forwarded=letter("<i@kld.dep.no>", "Norway's comments", "Norway proposes:"),
        ),
        "KEN",
    ),
    (
        "Russian, no name in Latin letters",
        letter("Минприроды <dms@mnr.gov.ru>", "О замечаниях", "Направляем замечания Российской Федерации."),
        "RUS",
    ),
    (
        "Russian from Belarus by mail.ru",
        letter("<minpriroda.by@mail.ru>", "Замечания", "От имени Министерства природных ресурсов Республики Беларусь"),
        "BLR",
    ),
    (
        "Arabic from gmail",
        letter("<iraq.cbd@gmail.com>", "ملاحظات", "تهدي وزارة البيئة في جمهورية العراق أطيب تحياتها وترسل ملاحظاتها"),
        "IRQ",
    ),
    (
        "Chinese from a Party that writes Chinese",
        letter("<nparks@nparks.gov.sg>", "新加坡的意见", "谨代表新加坡政府提出以下意见："),
        "SGP",
    ),
    (
        "French with the adjective only",
        letter("<dgpn@yahoo.fr>", "Contribution", "Le gouvernement malien propose ce qui suit.\nBamako"),
        "MLI",
    ),
    (
        "a file's name and a code",
        letter("<focalpoint.env@outlook.com>", "Kunming", "Attached.", file_names=("Comments_Kiribati_KIR.docx",)),
        "KIR",
    ),
    (
        "a file's name in camel case",
        letter("<a.b@hotmail.com>", "comments", "see attached", file_names=("KunmingDeclarationBelizeComments.docx",)),
        "BLZ",
    ),
    ("a government's domain alone", letter("Permanent Secretary <ps@mlnr.gov.zm>", "SUBMISSION", "Attached."), "ZMB"),
    (
        "a ministry's domain below the country's",
        letter("<h@environnement.mg>", "Commentaires", "Ci-joint nos commentaires.\nAntananarivo"),
        "MDG",
    ),
    (
        "a telephone, a town and a ministry among the copied",
        letter(
            "Salma <salma.cbd@gmail.com>",
            "inputs",
            "Attached.\n\nSalma\nDhaka\n+880 2 5500 0000",
            headers={"to": ("a@mee.gov.cn",), "cc": ("secretariat@cbd.int, dg@doe.gov.bd",)},
        ),
        "BGD",
    ),
    (
        "Turkey as it was called",
        letter("<z@mfa.gov.tr>", "Kunming Declaration / Turkey", "Please find Turkey's views."),
        "TUR",
    ),
    ("Cook Islands under a domain that is sold", letter("<nes@cookislands.gov.ck>", "Cook Islands", ""), "COK"),
    ("Palestine", letter("<eqa@environment.pna.ps>", "State of Palestine: comments", "The State of Palestine"), "PSE"),
    (
        "a list of other Parties far down in the text",
        letter(
            "<x@mma.gob.cl>",
            "Chile - comentarios",
            "Chile propone:\n" + "texto " * 200 + "\nas done by Peru, Brazil and Mexico\n" + "fin " * 20,
        ),
        "CHL",
    ),
    (
        "an institute that is the Party's focal point",
        letter(
            "<cbd@museums.or.ke>",
            "Kenya's comments",
            "On behalf of the Republic of Kenya.\nNational Museums of Kenya\nNairobi",
        ),
        "KEN",
    ),
    (
        "authors of the changes",
        letter("<a@outlook.com>", "comments", authors=("Government of Botswana",), file_names=("BWA.docx",)),
        "BWA",
    ),
]  # fmt: skip
GROUPS: list[tuple[str, Letter, Expected]] = [
    (
        "a group's secretariat that names no Party",
        letter("AOSIS <chair@aosis.org>", "Submission", "On behalf of the Alliance of Small Island States we propose:"),
        (None, "AOSIS", None),
    ),
    (
        "Malawi for the African Group",
        letter(
            "Chikondi <c@ead.gov.mw>",
            "African Group submission",
            "On behalf of the African Group, I forward the submission.\nLilongwe, Malawi",
        ),
        ("MWI", "African Group", None),
    ),
    (
        "in French",
        letter("<x@environnement.gouv.sn>", "Soumission", "Au nom du Groupe africain, le Sénégal propose :"),
        ("SEN", "African Group", None),
    ),
    (
        "in Spanish, as chair",
        letter(
            "<x@ambiente.gob.ar>",
            "GRULAC",
            "En nombre del Grupo de Países de América Latina y el Caribe, Argentina envía:",
        ),
        ("ARG", "GRULAC", None),
    ),
    (
        "in Russian",
        letter("<x@minpriroda.gov.by>", "Замечания", "От имени Группы 77 и Китая Беларусь представляет:"),
        ("BLR", "Group of 77 and China", None),
    ),
    (
        "in Arabic",
        letter("<x@eeaa.gov.eg>", "ملاحظات", "باسم المجموعة العربية، تقدم مصر الملاحظات التالية"),
        ("EGY", "Arab Group", None),
    ),
    (
        "in Chinese, by Singapore",
        letter("<x@nparks.gov.sg>", "意见", "新加坡谨代表东盟提出意见："),
        ("SGP", "ASEAN", None),
    ),
    (
        "speaker, for group",
        letter("<x@env.gov.nr>", "Nauru, for AOSIS", "Please see attached."),
        ("NRU", "AOSIS", None),
    ),
    (
        "the group in the document's heading",
        letter(
            "<x@minae.go.cr>",
            "Submission",
            "Attached.",
            documents=("Submission by Costa Rica on behalf of the Like-Minded Megadiverse Countries\n",),
        ),
        ("CRI", "Like-Minded Megadiverse Countries", None),
    ),
    (
        "a group that is only thanked",
        letter("<x@env.gov.bz>", "Belize", "Belize thanks AOSIS for its work and proposes:"),
        ("BLZ", None, None),
    ),
]
OBSERVERS: list[tuple[str, Letter, str]] = [
    (
        "the United States",
        letter(
            "Whitfield, Jordan T <w@state.gov>",
            "U.S. comments",
            "While the United States is not a Party to the Convention, we share our views.",
        ),
        "USA",
    ),
    ("the Holy See", letter("<nunciature@yahoo.com>", "Comments of the Holy See", "The Holy See welcomes"), "Holy See"),
    ("a body of the United Nations", letter("<x@fao.org>", "FAO comments", "FAO welcomes the draft."), "FAO"),
    (
        "an organization by its own name",
        letter(
            "Marit <marit@riversandwetlands.org>",
            "Rivers and Wetlands Alliance - input",
            "The Rivers and Wetlands Alliance, an observer to the Convention, welcomes the draft.\n"
            "Rivers and Wetlands Alliance\nUtrecht, The Netherlands",
        ),
        "Rivers and Wetlands Alliance",
    ),
    (
        "an organization named by its signature alone",
        letter(
            "Info <info@youngnaturalists.org>",
            "Input",
            "We suggest the following.\n\nFor the Global Young Naturalists Network\nNairobi, Kenya",
        ),
        "Global Young Naturalists Network",
    ),
    (
        "a Chinese organization",
        letter("山水伙伴网络 <p@shanshui.org.cn>", "意见", "山水伙伴网络是在中国注册的民间环保组织。\n山水伙伴网络"),
        "山水伙伴网络",
    ),
    (
        "a Spanish organization at gmail",
        letter(
            "Fundación Bosque Vivo <bosquevivo@gmail.com>",
            "Comentarios de la Fundación Bosque Vivo",
            "Somos una organización no gubernamental de Bolivia.\nFundación Bosque Vivo\nLa Paz, Bolivia",
        ),
        "Fundación Bosque Vivo",
    ),
    (
        "a university",
        letter(
            "Prof. A. Smith <a.smith@ox.ac.uk>",
            "Academic comments",
            "As academic researchers of the Oxford Biodiversity Network we suggest:\n"
            "Oxford Biodiversity Network\nOxford, UK",
        ),
        "Oxford Biodiversity Network",
    ),
]


@pytest.mark.parametrize(("mail", "party"), [case[1:] for case in PARTIES], ids=[case[0] for case in PARTIES])
def test_the_party_that_speaks(mail: Letter, party: str) -> None:
    assert who(mail) == (party, None, None)


@pytest.mark.parametrize(("mail", "expected"), [case[1:] for case in GROUPS], ids=[case[0] for case in GROUPS])
def test_who_speaks_for_a_group(mail: Letter, expected: Expected) -> None:
    assert who(mail) == expected


@pytest.mark.parametrize(("mail", "name"), [case[1:] for case in OBSERVERS], ids=[case[0] for case in OBSERVERS])
def test_observers_stand_by_their_own_names(mail: Letter, name: str) -> None:
    assert who(mail) == (None, None, name)


JOINT = letter(
    "Reto <r@bafu.admin.ch>",
    "Joint submission",
    "On behalf of Norway, Switzerland and the Republic of Costa Rica, please find attached a joint submission.",
)
TWO = letter("<team@yahoo.com>", "Comments of Peru", "Comments of Chile are attached.")
GMAIL = letter("<focal.point@gmail.com>", "Comments", "See attached.")
DIRECTORY = (
    FocalPoint("focal.point@gmail.com", "Ana", "HND", "primary focal point"),
    FocalPoint("help@example.org", "Sam", None, "the secretariat's own"),
)


def test_a_joint_submission_is_the_sender_s_and_names_the_others() -> None:
    found = attribute(JOINT, REGISTER)
    assert (found.party, found.joint) == ("CHE", ("NOR", "CRI"))


def test_of_two_close_candidates_none_is_chosen_and_both_are_named() -> None:
    found = attribute(TWO, REGISTER)
    assert (found.party, found.confidence <= 0.3) == (None, True)
    assert "PER" in found.evidence[0]
    assert "CHL" in found.evidence[0]


def test_the_directory_weighs_most() -> None:
    assert attribute(GMAIL, REGISTER) == replace(attribute(GMAIL, REGISTER), party=None)
    assert attribute(GMAIL, REGISTER, DIRECTORY).party == "HND"
    claims_another = replace(GMAIL, subject="Comments of Belize", body="Belize proposes:")
    assert attribute(claims_another, REGISTER, DIRECTORY).party == "HND"


def test_people_of_the_directory_who_speak_for_nobody_forward_what_others_said() -> None:
    inner = letter("<m@mhurec.gov.jm>", "Jamaica's Comments", "Kingston 5")
    mail = letter("<help@example.org>", "FW: Jamaica's Comments", forwarded=inner)
    assert attribute(mail, REGISTER, DIRECTORY).party == "JAM"


def test_people_of_the_directory_who_speak_for_nobody_give_no_party() -> None:
    assert attribute(replace(GMAIL, sender_address="help@example.org"), REGISTER, DIRECTORY).party is None


def test_a_doubtful_sender_is_never_attributed_by_the_domain() -> None:
    mail = letter("<ps@mlnr.gov.zm>", "SUBMISSION", "Attached.")
    assert attribute(mail, REGISTER, doubtful=True).party is None


def test_a_name_in_the_local_part_of_an_address_is_no_sign() -> None:
    assert attribute(letter("<norway@gmail.com>", "hello", "hello"), REGISTER).party is None


def test_spam_and_bounces_speak_for_nobody() -> None:
    mail = letter("<x@kld.dep.no>", "Norway", "Norway")
    assert attribute(mail, REGISTER, kind="spam").party is None
    assert attribute(mail, REGISTER, kind="bounce").party is None


def test_every_sign_has_its_sentence() -> None:
    found = attribute(PARTIES[0][1], REGISTER)
    assert isinstance(found, Attribution)
    assert any("kld.dep.no" in sentence for sentence in found.evidence)
    assert any("Norway's comments" in sentence for sentence in found.evidence)
    assert found.confidence > 0.9


def test_an_empty_letter_tells_nothing() -> None:
    assert who(letter("<>")) == (None, None, None)
