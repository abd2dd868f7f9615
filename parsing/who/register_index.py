"""The register made ready for looking up: names, domains, codes, telephones."""

from dataclasses import dataclass
from functools import lru_cache

from parsing.model import Party, Register
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
    """The index of a register; made once."""
    index = RegisterIndex(names_of(register), {}, {}, {}, {}, frozenset(p.code for p in register.parties if p.eu))
    for observer in register.observers:
        index.domains.update(dict.fromkeys(observer.domains, ("observer", observer.name)))
    for party in register.parties:
        index.tops[party.alpha2.lower()] = party.code
    for party in register.parties:
        _enter(party, index)
    return index


def _enter(party: Party, index: RegisterIndex) -> None:
    for domain in party.domains:
        if "." in domain:
            index.domains[domain] = ("party", party.code)
        else:
            index.tops[domain] = party.code
    index.codes.update({party.code: party.code, party.alpha2: party.code})
    for code in party.dialling:
        index.dialling[code.lstrip("+")] = party.code
