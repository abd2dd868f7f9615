"""Names of Parties, Groups and Observers in running text: one line a case, simplest first."""

import pytest

from parsing.who.names import find_names, names_of
from store.register import load

NAMES = names_of(load())

ENGLISH = [
    ("Norway", "NOR"),
    ("comments from norway", "NOR"),
    ("UK comments", "GBR"),
    ("the U.K.", "GBR"),
    ("United Kingdom of Great Britain and Northern Ireland", "GBR"),
    ("Great Britain", "GBR"),
    ("Holland", "NLD"),
    ("The Netherlands", "NLD"),
    ("Turkey", "TUR"),
    ("Türkiye", "TUR"),
    ("Republic of Turkey", "TUR"),
    ("Ivory Coast", "CIV"),
    ("COTE D'IVOIRE", "CIV"),
    ("Cote d’Ivoire", "CIV"),
    ("Republic of Korea", "KOR"),
    ("REPUBLIC OF\nKOREA", "KOR"),
    ("South Korea", "KOR"),
    ("ROK", "KOR"),
    ("Korea, Republic of", "KOR"),
    ("DPRK", "PRK"),
    ("DPR Korea", "PRK"),
    ("Democratic People’s Republic of Korea", "PRK"),
    ("North Korea", "PRK"),
    ("Iran (Islamic Republic of)", "IRN"),
    ("Islamic Republic of Iran", "IRN"),
    ("I.R. Iran", "IRN"),
    ("State of Palestine", "PSE"),
    ("Micronesia (Federated States of)", "FSM"),
    ("F.S.M.", "FSM"),
    ("Lao PDR", "LAO"),
    ("Viet Nam", "VNM"),
    ("Vietnam", "VNM"),
    ("Czech Republic", "CZE"),
    ("Swaziland", "SWZ"),
    ("Cape Verde", "CPV"),
    ("Burma", "MMR"),
    ("Macedonia", "MKD"),
    ("Niger", "NER"),
    ("Nigeria", "NGA"),
    ("Federal Republic of Nigeria", "NGA"),
    ("Guinea", "GIN"),
    ("Guinea-Bissau", "GNB"),
    ("Republic of Guinea-Bissau", "GNB"),
    ("Equatorial Guinea", "GNQ"),
    ("Papua New Guinea", "PNG"),
    ("Congo", "COG"),
    ("Republic of the Congo", "COG"),
    ("Congo-Brazzaville", "COG"),
    ("Congo (Kinshasa)", "COD"),
    ("DR Congo", "COD"),
    ("DRC", "COD"),
    ("Democratic Republic of the Congo", "COD"),
    ("Dominica", "DMA"),
    ("Dominican Republic", "DOM"),
    ("Sudan", "SDN"),
    ("South Sudan", "SSD"),
    ("Samoa", "WSM"),
    ("Saint Vincent and the Grenadines", "VCT"),
    ("St. Kitts & Nevis", "KNA"),
    ("Georgia", "GEO"),
    ("Amman, Jordan", "JOR"),
    ("Embassy of Jordan", "JOR"),
    ("Lake Chad and Chad", "TCD"),
    ("Ireland", "IRL"),
    ("Northern Ireland and Ireland", "IRL"),
    ("Kingdom of Saudi Arabia", "SAU"),
    ("the Kyrgyz Republic", "KGZ"),
    ("EU", "EU"),
    ("European Union and its Member States", "EU"),
    ("European Commission", "EU"),
    ("P.R. China", "CHN"),
    ("the Norwegian Ministry", "NOR"),
    ("Philippine Government", "PHL"),
    ("Slovenian Presidency", "SVN"),
]
OTHERS = [
    ("Royaume-Uni de Grande-Bretagne et d'Irlande du Nord", "GBR"),
    ("l’Algérie", "DZA"),
    ("observations du Sénégal", "SEN"),
    ("SENEGAL", "SEN"),
    ("République de Guinée équatoriale", "GNQ"),
    ("République démocratique du Congo", "COD"),
    ("RDC", "COD"),
    ("Côte d'Ivoire", "CIV"),
    ("le gouvernement brésilien", "BRA"),
    ("la délégation norvégienne", "NOR"),
    ("Allemagne", "DEU"),
    ("Union européenne", "EU"),
    ("Centrafrique", "CAF"),
    ("Île Maurice", "MUS"),
    ("Perú", "PER"),
    ("República Dominicana", "DOM"),
    ("Países Bajos", "NLD"),
    ("Estados Unidos Mexicanos", "MEX"),
    ("Guinea Ecuatorial", "GNQ"),
    ("el Gobierno español", "ESP"),
    ("la delegación española", "ESP"),
    ("República de Corea", "KOR"),
    ("Nueva Zelandia", "NZL"),
    ("Costa de Marfil", "CIV"),
    ("Unión Europea", "EU"),
    ("замечания Российской Федерации", "RUS"),
    ("РФ", "RUS"),
    ("от имени Республики Беларусь", "BLR"),
    ("Нигера", "NER"),
    ("Нигерии", "NGA"),
    ("в Республике Корея", "KOR"),
    ("КНДР", "PRK"),
    ("Кыргызской Республики", "KGZ"),
    ("Демократической Республики Конго", "COD"),
    ("Соединенным Королевством", "GBR"),
    ("Южной Африки", "ZAF"),
    ("Правительство Норвегии", "NOR"),
    ("норвежского правительства", "NOR"),
    ("Европейского союза", "EU"),
    ("Казахстаном", "KAZ"),
    ("挪威", "NOR"),
    ("大韩民国", "KOR"),
    ("韩国政府的意见", "KOR"),
    ("朝鲜民主主义人民共和国", "PRK"),
    ("巴布亚新几内亚", "PNG"),
    ("赤道几内亚", "GNQ"),
    ("刚果（金）", "COD"),
    ("刚果(布)", "COG"),
    ("南苏丹", "SSD"),
    ("尼日尔", "NER"),
    ("尼日利亚", "NGA"),
    ("印度尼西亚", "IDN"),
    ("多米尼加", "DOM"),
    ("多米尼克", "DMA"),
    ("欧盟", "EU"),
    ("ملاحظات جمهورية مصر العربية", "EGY"),
    ("باسم المملكة العربية السعودية", "SAU"),
    ("جمهورية مالي", "MLI"),
    ("مالي", "MLI"),
    ("للأردن", "JOR"),
    ("والمغرب", "MAR"),
    ("جمهورية كوريا", "KOR"),
    ("النيجر", "NER"),
    ("نيجيريا", "NGA"),
    ("الكونغو الديمقراطية", "COD"),
    ("سلطنة عُمان", "OMN"),
    ("الاتحاد الأوروبي", "EU"),
    ("États-Unis du Mexique", "MEX"),
    ("Министарство заштите животне средине Републике Србије", "SRB"),
    ("Република Северна Македонија", "MKD"),
    ("Міністерство захисту довкілля України", "UKR"),
    ("Κυπριακή Δημοκρατία", "CYP"),
    ("대한민국 환경부", "KOR"),
    ("भारत सरकार", "IND"),
    ("ประเทศไทย", "THA"),
    ("紐西蘭政府", "NZL"),
    ("纽西蘭", "NZL"),
    ("幾內亞比索", "GNB"),
    ("巴布亞紐幾內亞", "PNG"),
    ("烏克蘭", "UKR"),
    ("北馬其頓", "MKD"),
]
NONE = [
    "",
    "the turkey, the chad and the china were mailed",
    "Northern Ireland",
    "New Caledonia",
    "Nouvelle-Calédonie",
    "Macao, China",
    "中国香港",
    "Taiwan, Province of China",
    "American Samoa",
    "New Mexico",
    "Gulf of Guinea",
    "the Lake Chad Basin",
    "the Jordan Valley",
    "the Congo Basin",
    "Brazil nuts and Guinea pigs",
    "noix du Brésil et cochons d'Inde",
    "castanhas-do-Brasil",
    "Korea",
    "a car, a us and an eu",
    "an island, and small island States",
    "Dear Georgia,",
    "Dr. Chad Miller",
    "Jordan T. Whitfield",
    "Best,\nJordan",
    "Dominique Lefèvre",
    "Atlanta, Georgia",
    "发展中国家",
    "沿海地区",
    "印度洋",
    "Северная Ирландия",
    "озеро Чад",
    "الدعم المالي",
    "تقديم دعم مالي للبلدان النامية",
    "أيرلندا الشمالية",
]
SEVERAL = [
    ("Niger and Nigeria", ["NER", "NGA"]),
    ("Norway, Switzerland and Costa Rica", ["NOR", "CHE", "CRI"]),
    ("Congo and the Democratic Republic of the Congo", ["COG", "COD"]),
    ("Guinea, Guinea-Bissau and Equatorial Guinea", ["GIN", "GNB", "GNQ"]),
    ("Norwegian and Swedish governments", ["NOR", "SWE"]),
    ("挪威、瑞士和哥斯达黎加", ["NOR", "CHE", "CRI"]),
    ("Норвегия и Швейцария", ["NOR", "CHE"]),
    ("النرويج وسويسرا", ["NOR", "CHE"]),
]
GROUPS = [
    ("African Group", "African Group"),
    ("au nom du Groupe africain", "African Group"),
    ("от имени Группы африканских государств", "African Group"),
    ("代表非洲集团", "African Group"),
    ("代表77国集团和中国", "Group of 77 and China"),
    ("باسم المجموعة الأفريقية", "African Group"),
    ("the G-77 and China", "Group of 77 and China"),
    ("Grupo de los 77 y China", "Group of 77 and China"),
    ("GRULAC", "GRULAC"),
    ("Like-Minded Megadiverse Countries", "Like-Minded Megadiverse Countries"),
    ("LMMC", "Like-Minded Megadiverse Countries"),
    ("AOSIS", "AOSIS"),
    ("Arab States", "Arab Group"),
    ("JUSCANZ", "JUSCANZ"),
    ("United States", "USA"),
    ("U.S. comments", "USA"),
    ("美国", "USA"),
    ("США", "USA"),
    ("les États-Unis", "USA"),
    ("the Holy See", "Holy See"),
]


def found(text: str) -> list[str]:
    return [name.code for name in find_names(text, NAMES) if name.who != "seat"]


@pytest.mark.parametrize(("text", "code"), ENGLISH + OTHERS)
def test_a_name_is_found_for_its_party(text: str, code: str) -> None:
    assert found(text) == [code]


@pytest.mark.parametrize("text", NONE)
def test_a_person_a_place_or_a_word_is_no_party(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "codes"), SEVERAL)
def test_names_side_by_side_are_all_found(text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.parametrize(("text", "name"), GROUPS)
def test_groups_and_observers_are_found_by_their_canonical_names(text: str, name: str) -> None:
    assert found(text) == [name]


def test_no_party_s_name_is_found_inside_another_s() -> None:
    wrong = {
        (party.code, name): found(name)
        for party in load().parties
        for name in party.names
        if set(found(name)) != {party.code}
    }
    assert wrong == {}


@pytest.mark.parametrize("text", ["Argentina", "Estonia", "India", "Serbia", "Philippines"])
def test_a_name_that_is_an_adjective_elsewhere_is_the_name(text: str) -> None:
    assert [name.adjective for name in find_names(text, NAMES)] == [False]


def test_offsets_are_those_of_the_cleaned_text() -> None:
    (name,) = find_names("We, of Co\u0302te d\u2019Ivoire, agree", NAMES)
    assert (name.start, name.end) == (7, 20)
