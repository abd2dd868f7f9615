"""The register made ready for looking up: names, domains, codes, telephones."""

from dataclasses import dataclass
from functools import lru_cache

from parsing.model import Register
from parsing.who.names import Names, names_of


@dataclass(frozen=True, slots=True, eq=False)
class RegisterIndex:
    """What is looked up in a register. `domains` leads to ("party" or "observer", which), `tops` from a top-level
    domain to a Party, `codes` from ISO 3166 codes, `dialling` from the digits of an international code.
    """

    names: Names
    domains: dict[str, tuple[str, str]]
    tops: dict[str, str]
    codes: dict[str, str]
    dialling: dict[str, str]
    union: frozenset[str]
    """The Member States of the European Union."""


@lru_cache(maxsize=4)
def register_index(register: Register) -> RegisterIndex:
    parties = register.parties
    domains = {d: ("observer", o.name) for o in register.observers for d in o.domains}
    domains |= {d: ("party", p.code) for p in parties for d in p.domains if "." in d}
    tops = {p.alpha2.lower(): p.code for p in parties}
    tops |= {d: p.code for p in parties for d in p.domains if "." not in d}
    return RegisterIndex(
        names=names_of(register),
        domains=domains,
        tops=tops,
        codes={code: p.code for p in parties for code in (p.code, p.alpha2)},
        dialling={code.lstrip("+"): p.code for p in parties for code in p.dialling},
        union=frozenset(p.code for p in parties if p.eu),
    )
