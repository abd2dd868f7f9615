"""The register: who is a Party, and to which groups it belongs."""

import re
from collections import Counter

import pycountry
import pytest
from babel import Locale, localedata
from babel.languages import get_official_languages

from parsing.who.names import find_names, names_of
from store.register import load

REGISTER = load()
PARTIES = {party.code: party for party in REGISTER.parties}
GROUPS = {group.name: group for group in REGISTER.groups}
OBSERVERS = {observer.name: observer for observer in REGISTER.observers}


def test_there_are_196_parties() -> None:
    assert len(PARTIES) == 196
    assert len(REGISTER.parties) == 196


@pytest.mark.parametrize("code", ["EU", "COK", "NIU", "PSE", "TUR", "KOR", "PRK", "SSD", "AND"])
def test_who_is_a_party(code: str) -> None:
    assert code in PARTIES


@pytest.mark.parametrize("code", ["USA", "VAT", "XKX", "TWN", "HKG", "MAC", "NCL", "GRL", "PRI"])
def test_who_is_none(code: str) -> None:
    assert code not in PARTIES


def test_the_united_states_and_the_holy_see_are_observers() -> None:
    assert {"USA", "Holy See"} <= OBSERVERS.keys()


def test_sizes_of_the_regional_groups() -> None:
    assert Counter(party.region for party in REGISTER.parties) == {
        "African Group": 54,
        "Asia-Pacific Group": 54,
        "GRULAC": 33,
        "WEOG": 28,
        "Central and Eastern Europe": 23,
        "none": 4,
    }


def test_the_union_has_27_member_states_and_the_united_kingdom_is_none() -> None:
    union = {party.code for party in REGISTER.parties if party.eu}
    assert len(union) == 27
    assert not {"GBR", "NOR", "CHE", "EU"} & union


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("African Group", 54),
        ("Asia-Pacific Group", 54),
        ("Central and Eastern Europe", 23),
        ("GRULAC", 33),
        ("WEOG", 28),
        ("LDCs", 46),
        ("Group of 77 and China", 134),
        ("Like-Minded Megadiverse Countries", 20),
        ("Arab Group", 22),
        ("CARICOM", 14),
        ("ASEAN", 10),
        ("JUSCANZ", 0),
    ],
)
def test_the_members_of_groups_that_are_known(name: str, size: int) -> None:
    assert len(GROUPS[name].members) == size


def test_members_of_groups_are_parties() -> None:
    assert {member for group in REGISTER.groups for member in group.members} <= PARTIES.keys()


@pytest.mark.parametrize("script", ["[a-z]", "[а-я]", "[\u4e00-\u9fff]", "[\u0620-\u064a]"])
def test_every_party_has_a_name_in_each_script(script: str) -> None:
    assert {party.code for party in REGISTER.parties if not re.search(script, " ".join(party.names))} == set()


def test_every_party_is_found_by_its_name_in_its_official_languages() -> None:
    names = names_of(REGISTER)
    rows = [
        (party.code, Locale.parse(language).territories[party.alpha2])
        for party in REGISTER.parties
        for language in get_official_languages(party.alpha2, regional=False, de_facto=True)
        if localedata.exists(language) and party.alpha2 in Locale.parse(language).territories
    ]
    wrong = [(code, name) for code, name in rows if {found.code for found in find_names(name, names)} != {code}]
    assert len(rows) > 200
    assert wrong == [("ISL", "Ísland")]  # without its accents it is "island"


@pytest.mark.parametrize("language", ["zh_Hant", "zh_Hant_HK"])
def test_no_party_s_traditional_name_is_another_s(language: str) -> None:
    names, traditional = names_of(REGISTER), Locale.parse(language).territories
    found = {party.code: {n.code for n in find_names(traditional[party.alpha2], names)} for party in REGISTER.parties}
    assert {code: codes for code, codes in found.items() if codes - {code}} == {}


def test_a_group_s_or_an_observer_s_name_is_its_own() -> None:
    names = names_of(REGISTER)
    rows = [(group.name, alias) for group in REGISTER.groups for alias in (group.name, *group.aliases)]
    rows += [(observer.name, alias) for observer in REGISTER.observers for alias in (observer.name, *observer.aliases)]
    found = {alias: {name.code for name in find_names(alias, names)} for _, alias in rows}
    assert {alias: found[alias] for name, alias in rows if name not in found[alias]} == {}


def test_codes_are_those_of_iso_3166() -> None:
    iso = {country.alpha_3: country.alpha_2 for country in pycountry.countries}
    assert [party for party in REGISTER.parties if party.code != "EU" and iso.get(party.code) != party.alpha2] == []
