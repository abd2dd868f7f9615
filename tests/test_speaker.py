"""Who speaks where an office, another's claim, a proposed text or a bare signature is in the way."""

import pytest

from parsing.who.letter import Letter
from parsing.who.observers import own_name
from parsing.who.party import attribute
from store.register import load
from store.shipped import shipped_draft

REGISTER = load()
Expected = tuple[str | None, str | None, str | None]
EDIT = 'In PP3, replace "jeopardizes" with "undermines".'


def who(body: str, sender: str = "<focal.x@gmail.com>", subject: str = "Kunming Declaration") -> Expected:
    name, _, address = sender.rpartition("<")
    found = attribute(Letter(name.strip(), address.rstrip(">"), subject, body, {}), REGISTER)
    return found.party, found.group, found.observer


SIGNATURES = [
    ("سلطنة عمان", "OMN"),
    ("اتحاد جزر القمر", "COM"),
    ("الجمهورية الإسلامية الموريتانية", "MRT"),
    ("جمهورية القمر المتحدة", "COM"),
    ("新西兰", "NZL"),
    ("纽西蘭", "NZL"),
    ("几内亚比绍", "GNB"),
    ("北马其顿", "MKD"),
    ("Грузия", "GEO"),
    ("КНДР", "PRK"),
    ("Королевство Нидерландов", "NLD"),
    ("Представительство ЕС в КНР", "EU"),
    ("Министарство заштите животне средине\nРепублика Србија", "SRB"),
    ("Министерство за животна средина и просторно планирање\nРепублика Северна Македонија", "MKD"),
    ("Міністерство захисту довкілля та природних ресурсів України", "UKR"),
    ("Ministério do Ambiente\nMoçambique", "MOZ"),
    ("اتحاد جزر القمر\nوزارة الزراعة والصيد البحري والبيئة", "COM"),
    ("Sione Taufa\nTonga", "TON"),
]
NO_SIGNATURES = [
    "Copied to:\nNorway\nSweden",
    "We met at the workshop that was held in\nPeru",
    "Dear Madam\nJordan",
    "Ana\nLima",
    "P.O. Box 12\nMünster 48143\nGermany",
    "Sent from my phone in\nChina",
]


@pytest.mark.parametrize(("words", "party"), SIGNATURES)
def test_a_party_s_name_that_signs_alone_tells_who_speaks(words: str, party: str) -> None:
    assert who(f"Dear colleagues,\n\n{EDIT}\n\nRegards,\n\n{words}") == (party, None, None)


@pytest.mark.parametrize("words", NO_SIGNATURES)
def test_a_name_in_a_list_or_an_address_signs_nothing(words: str) -> None:
    assert who(f"Dear colleagues,\n\n{EDIT}\n\nRegards,\n\n{words}")[0] is None


def test_the_draft_s_own_words_name_no_organization() -> None:
    assert own_name(tuple(paragraph.text for paragraph in shipped_draft().paragraphs)) is None


SPEAKERS: list[tuple[str, str, str, Expected]] = [
    (
        "a Party speaks in its capacity as Chair of a group",
        "<g77.chair@guinea-mission.example.org>",
        f"""The Republic of Guinea, in its capacity as Chair of the Group of 77 and China, transmits the following on
behalf of the Group:\n\n{EDIT}\n\nPermanent Mission of the Republic of Guinea to the United Nations""",
        ("GIN", "Group of 77 and China", None),
    ),
    (
        "a claim that belongs to earlier comments",
        "<urska@gov.si>",
        f"""Further to the comments sent last week by the Presidency on behalf of the EU and its Member States, Slovenia
in its national capacity proposes:\n\n{EDIT}""",
        ("SVN", None, None),
    ),
    (
        "a claim that refers to a letter and is the sender's own",
        "<urska@gov.si>",
        f"Further to your letter of 3 August, on behalf of the EU and its Member States we propose:\n\n{EDIT}",
        ("EU", None, None),
    ),
    (
        "in the national capacity and not for the group",
        "<c@cancilleria.gob.do>",
        f"La República Dominicana, en su calidad nacional y no en nombre del GRULAC, propone:\n\n{EDIT}",
        ("DOM", None, None),
    ),
    (
        "and not on behalf of",
        "<x@gov.mw>",
        "Malawi, and not on behalf of the African Group, proposes:",
        ("MWI", None, None),
    ),
    ("et non au nom de", "<x@gouv.sn>", "Le Sénégal, et non au nom du Groupe africain, propose :", ("SEN", None, None)),
    ("e não em nome de", "<x@gov.ao>", "Angola, e não em nome do Grupo Africano, propõe:", ("AGO", None, None)),
    ("а не от имени", "<x@gov.by>", "Беларусь, а не от имени Группы 77 и Китая, предлагает:", ("BLR", None, None)),
    ("而非代表", "<x@gov.sg>", "新加坡以本国名义而非代表东盟提出意见：", ("SGP", None, None)),
    (
        "وليس باسم",
        "<x@eeaa.gov.eg>",
        "تقدم مصر ملاحظاتها بصفتها الوطنية وليس باسم المجموعة العربية",
        ("EGY", None, None),
    ),
    (
        "not comments on behalf of",
        "<x@nea.gov.sg>",
        "These are not comments on behalf of ASEAN.\nSingapore proposes:",
        ("SGP", None, None),
    ),
    (
        "comments that will be sent on behalf of others",
        "<x@housing.gov.ie>",
        "Points from Ireland in a national capacity, complementary to comments that will be sent on behalf of the EU:",
        ("IRL", None, None),
    ),
    (
        "earlier comments as a complement",
        "<x@minambiente.it>",
        "As complement to what the Presidency sent on behalf of the EU, Italy in its national capacity suggests:",
        ("ITA", None, None),
    ),
    (
        "the following comments on behalf of",
        "<x@gov.si>",
        "Kindly note the following comments on behalf of the European Union and its Member States.",
        ("EU", None, None),
    ),
    (
        "a supplementary submission",
        "<x@ead.gov.mw>",
        "Malawi sends this supplementary submission on behalf of the African Group.",
        ("MWI", "African Group", None),
    ),
    (
        "a submission that takes the place of the group's own",
        "<x@ead.gov.mw>",
        "Malawi: this replaces our earlier submission on behalf of the African Group.",
        ("MWI", "African Group", None),
    ),
    (
        "without prejudice to a group's views",
        "<x@env.gov.jm>",
        "Jamaica submits these in its national capacity, without prejudice to the views of CARICOM.",
        ("JAM", None, None),
    ),
    (
        "Presidencia Pro Tempore, from a service that has a domain in every country",
        "<a@yahoo.es>",
        "Argentina, en su calidad de Presidencia Pro Tempore del GRULAC, remite lo siguiente:",
        ("ARG", "GRULAC", None),
    ),
    (
        "в качестве Председателя",
        "<a@mail.ru>",
        "Гвинея в качестве Председателя Группы 77 и Китая передает следующие предложения:",
        ("GIN", "Group of 77 and China", None),
    ),
    ("作为…主席", "<a@qq.com>", "几内亚作为77国集团和中国主席，转交以下意见：", ("GIN", "Group of 77 and China", None)),
    (
        "بصفتها رئيسة",
        "<a@gmail.com>",
        "تقدم غينيا، بصفتها رئيسة مجموعة ال 77 والصين، الملاحظات التالية:",
        ("GIN", "Group of 77 and China", None),
    ),
    ("a ministry in Korean", "<a@gmail.com>", f"{EDIT}\n\n대한민국 환경부", ("KOR", None, None)),
    ("a person called Georgia", "Georgia <g.x@gmail.com>", f"{EDIT}\n\nGeorgia", (None, None, None)),
    (
        "a Russian organization keeps its name in quotation marks",
        "<x@mail.ru>",
        "Фонд «Чистая вода», неправительственная организация, предлагает:\n\nФонд «Чистая вода»\nКазахстан",
        (None, None, "Фонд «Чистая вода»"),
    ),
    (
        "a category of States in a proposed text",
        "Ministry of Foreign Affairs <m@mfa.gov.ws>",
        """Samoa's submission:\n\nNew PP:

Deeply concerned that small island developing States are affected by these crises,

Enhance support to small island developing States in the management of invasive alien species;""",
        ("WSM", None, None),
    ),
    (
        "a claim within a proposed text",
        "<x@env.gov.bz>",
        "Belize proposes to add “Recalling the statement on behalf of the Alliance of Small Island States,” to PP2.",
        ("BLZ", None, None),
    ),
    (
        "a Geneva mission",
        "Permanent Mission of Oman <mission.oman@ties.itu.int>",
        f"""The Permanent Mission of the Sultanate of Oman to the United Nations Office and other International
Organizations in Geneva presents its compliments to the Secretariat of the Convention on Biological Diversity and has
the honour to convey the following comment:\n\n{EDIT}\n\nGeneva, 3 September 2021""",
        ("OMN", None, None),
    ),
    (
        "as another proposed on behalf of",
        "<x@gov.vu>",
        "As proposed on behalf of AOSIS by Antigua and Barbuda, Vanuatu suggests:",
        ("VUT", None, None),
    ),
    ("a bare name below the text, with no closing", "<x@gmail.com>", f"{EDIT}\n\n厄瓜多爾", ("ECU", None, None)),
    (
        "what an Arabic organization is, is no part of its name",
        "<x@birds.org>",
        "بصفتنا منظمة غير حكومية نقترح:\n\nجمعية أصدقاء البيئة\nتونس",
        (None, None, "جمعية أصدقاء البيئة"),
    ),
    (
        "中国作为主席国",
        "<x@gmail.com>",
        "感谢中国作为COP15主席国的努力，支持欧盟的意见。\n\n挪威环境部",
        ("NOR", None, None),
    ),
    (
        "a President who is only named",
        "<x@gmail.com>",
        "We thank China in its capacity as President of the COP, and Peru.\n\nMinistry of Environment\nGhana",
        ("GHA", None, None),
    ),
    (
        "Китай в качестве председателя",
        "<x@mail.ru>",
        "Китай в качестве председателя КС-15, учитывая мнение ЕС, подготовил проект.\n\nМинистерство экологии\nАрмения",
        ("ARM", None, None),
    ),
    (
        "a mission to bodies of the United Nations in another country",
        "<pm@gmail.com>",
        f"""The Permanent Mission of Sri Lanka to the United Nations Environment Programme (UNEP) and UN-Habitat in
Nairobi, Kenya presents its compliments and conveys the following:\n\n{EDIT}""",
        ("LKA", None, None),
    ),
    ("a Portuguese verb", "<x@gmail.com>", "O Brasil propõe:", ("BRA", None, None)),
    ("a group that is joined", "<x@moef.gov.in>", "India joins the LMMC submission.", ("IND", None, None)),
    (
        "a name that ends a sentence",
        "<a@nus.edu.sg>",
        "We are of the National University of Singapore. As an observer:\n\nNational University of Singapore",
        (None, None, "National University of Singapore"),
    ),
    (
        "a French mission in Geneva",
        "<mission.niger@bluewin.ch>",
        f"""La Mission permanente du Niger auprès de l'Office des Nations Unies et des autres organisations
internationales à Genève présente ses compliments au Secrétariat et lui transmet ses observations :\n\n{EDIT}""",
        ("NER", None, None),
    ),
    (
        "a focal point who is seconded to an organization",
        "James Okoth <jokoth@unep.org>",
        f"""I write as the CBD national focal point of South Sudan, seconded to UNEP until December.

{EDIT}\n\nJames Okoth\nMinistry of Environment and Forestry, Juba""",
        ("SSD", None, None),
    ),
    (
        "a Party's name in small letters is the whole subject",
        "Sione Taufa <sionetaufa.env@gmail.com>",
        "for tonga just two things\n\nmalo\nSione Taufa\nDepartment of Environment, MEIDECC\nNuku'alofa",
        ("TON", None, None),
    ),
    (
        "quoted words of the draft name no organization",
        "李文博 <liwb@ecoinst.ac.cn>",
        """西南生态研究所作为观察员机构，提几点文字意见供参考：

1、删“as well as the outcomes of the 2021 International Conference on Environmental Justice”及其前面的逗号。

李文博\n西南生态研究所""",
        (None, None, "西南生态研究所"),
    ),
    (
        "a Chinese organization that is no 协会",
        "海洋守望會 <office@oceanwatch.org.hk>",
        "各位：\n\n海洋守望會（香港）意見如下：\n「voluntary」宜刪。\n\n海洋守望會",
        (None, None, "海洋守望會"),
    ),
    (
        "what an organization is, is no part of its name",
        "濕地之友 <info@wetlandfriends.org.hk>",
        "敬啟者：隨函附上本會意見書。濕地之友為香港非政府組織。\n\n濕地之友 謹啟",
        (None, None, "濕地之友"),
    ),
    (
        "a society, in traditional characters",
        "綠色海岸協會 <policy@greencoast.org.hk>",
        "綠色海岸協會為香港註冊的非政府環保團體，謹就宣言草案提出下列意見：\n\n綠色海岸協會 政策主任 陳美儀 謹啟",
        (None, None, "綠色海岸協會"),
    ),
]


@pytest.mark.parametrize(
    ("sender", "body", "expected"), [case[1:] for case in SPEAKERS], ids=[case[0] for case in SPEAKERS]
)
def test_who_speaks(sender: str, body: str, expected: Expected) -> None:
    subject = "tonga" if "tonga" in body else "Kunming Declaration"
    assert who(body, sender, subject) == expected


@pytest.mark.parametrize(
    ("headers", "believed"),
    [
        ({"from": ["Comments"], "reply-to": ["office@environment.gov.fj"]}, False),
        ({"from": ["Comments <>"], "reply-to": ["office@environment.gov.fj"]}, False),
        ({"reply-to": ["Office <office@environment.gov.fj>"]}, False),
        ({"from": ["Office <office@environment.gov.fj>"], "reply-to": ["office@environment.gov.fj"]}, True),
        ({"sender": ["office@environment.gov.fj"], "reply-to": ["office@environment.gov.fj"]}, True),
        ({"return-path": ["<office@environment.gov.fj>"]}, True),
        ({}, True),
    ],
)
def test_an_address_that_only_answers_go_to_says_nothing_about_the_sender(
    headers: dict[str, list[str]], believed: bool
) -> None:
    letter = Letter("Comments", "office@environment.gov.fj", "Kunming Declaration", f"Dear all,\n\n{EDIT}", headers)
    assert attribute(letter, REGISTER).party == ("FJI" if believed else None)
