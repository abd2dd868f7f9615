"""Who supports a proposal: Parties, Groups and Observers apart, and how many Parties they speak for together."""

from collections.abc import Iterable
from dataclasses import dataclass

from consultation.facts import Speaker
from consultation.status import EU
from parsing.model import Register


@dataclass(frozen=True, slots=True)
class Support:
    """Those who propose the same. `speaks_for` counts the Parties: each that proposes it, the members of Groups, and
    with the European Union, which is one Party, its 27 Member States; each once.
    """

    parties: tuple[Speaker, ...]
    groups: tuple[Speaker, ...]
    observers: tuple[Speaker, ...]
    speaks_for: int


def support_of(register: Register, speakers: Iterable[Speaker]) -> Support:
    """The support of these, each once."""
    given = tuple(dict.fromkeys(speakers))
    parties = tuple(who for who in given if who.kind == "party")
    groups = tuple(who for who in given if who.kind == "group")
    counted = {who.name for who in parties}.union(*(_members(register, who) for who in given))
    return Support(parties, groups, tuple(who for who in given if who.kind == "observer"), len(counted))


def _members(register: Register, who: Speaker) -> set[str]:
    """The codes of the Parties for which one speaks, beside itself."""
    if who == Speaker("party", EU):
        return {party.code for party in register.parties if party.eu}
    return {code for group in register.groups if who == Speaker("group", group.name) for code in group.members}
