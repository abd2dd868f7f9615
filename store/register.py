"""The register: the 196 Parties, the Groups and the known non-Parties, from the tables beside it."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from parsing.model import Group, Observer, Party, Register

TABLES = Path(__file__).parent / "register"
LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
_TRADITIONAL = ("zh_Hant", "zh_Hant_HK")
"""Chinese outside the mainland has names of its own (紐西蘭); those of two characters are part of other words, too."""
_LONG = 3
EU = "EU"


@cache
def load() -> Register:
    """The register as shipped; names of Parties are those of CLDR in six languages, of names.toml and of own.toml."""
    return Register(_parties(), _groups(), _observers())


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8"))


def _parties() -> tuple[Party, ...]:
    table, names, own, domains, places = (_table(name) for name in ("parties", "names", "own", "domains", "places"))
    members = frozenset(table["european-union"]["members"])
    parties = [
        Party(
            code=code,
            alpha2=alpha2,
            name=name,
            region=region,
            names=_distinct((name, *_cldr(alpha2), *names["names"].get(code, ()), *own.get(code, ()), *_han(alpha2))),
            adjectives=_distinct(names["adjectives"].get(code, ())),
            domains=tuple(domains.get(code, ())),
            eu=code in members,
            dialling=tuple(place for place in places.get(code, ()) if place.startswith("+")),
            seats=tuple(place for place in places.get(code, ()) if not place.startswith("+")),
        )
        for region, rows in table["regions"].items()
        for code, (alpha2, name) in rows.items()
    ]
    return tuple(sorted(parties, key=lambda party: party.code))


def _cldr(alpha2: str) -> Iterator[str]:
    """The name of a country in each of the languages."""
    for language in LANGUAGES:
        yield Locale.parse(language).territories[alpha2]


def _han(alpha2: str) -> Iterator[str]:
    """Its names in traditional Chinese that are long enough to be part of no other word."""
    for language in _TRADITIONAL:
        name = Locale.parse(language).territories[alpha2]
        if len(name) >= _LONG:
            yield name


def _groups() -> tuple[Group, ...]:
    regions = _table("parties")["regions"]
    return tuple(
        Group(name, tuple(row["aliases"]), tuple(regions.get(row.get("region"), row.get("members", ()))))
        for name, row in _table("groups").items()
    )


def _observers() -> tuple[Observer, ...]:
    return tuple(
        Observer(name, tuple(row["aliases"]), tuple(row["domains"])) for name, row in _table("observers").items()
    )


def un_names(language: str) -> dict[str, str]:
    """By code: the names of the Parties in that language as the United Nations list them, without articles."""
    shown = {party.code: party.name for party in load().parties}
    if language == "en":
        return shown
    locale, own = Locale.parse(language), _table("un_names").get(language, {})
    alpha2 = {party.code: party.alpha2 for party in load().parties}
    return {code: own.get(code) or locale.territories[alpha2[code]] for code in shown}


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
