"""Who is meant by a name: each code, name and alias of the register, in six languages."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from consultation.facts import Speaker
from parsing.model import Register

_OTHER = re.compile(r"[\W_]+")


def speakers_named(register: Register, text: str) -> tuple[Speaker, ...]:
    """Those who are called exactly so; else those of whom a name begins so, or has a word that does."""
    wanted = plain_name(text)
    if not wanted:
        return ()
    names = _names(register)
    exact = tuple(who for who, own in names if wanted in own)
    if exact:
        return exact
    begins = re.compile(rf"(?:^|\s){re.escape(wanted)}")
    return tuple(who for who, own in names if any(begins.search(name) for name in own))


def all_names(register: Register) -> Iterator[tuple[Speaker, tuple[str, ...]]]:
    """Everyone with all names, as they are written: the code of a Party first."""
    for party in register.parties:
        yield Speaker("party", party.code), (party.code, party.name, *party.names, *party.adjectives)
    for group in register.groups:
        yield Speaker("group", group.name), (group.name, *group.aliases)
    for observer in register.observers:
        yield Speaker("observer", observer.name), (observer.name, *observer.aliases)


def speaker_names(register: Register) -> tuple[str, ...]:
    """The name of everyone: Parties in the order of their codes, Groups, Observers."""
    parties = (party.name for party in register.parties)
    groups = (group.name for group in register.groups)
    return (*parties, *groups, *(observer.name for observer in register.observers))


@lru_cache(maxsize=4)
def _names(register: Register) -> tuple[tuple[Speaker, frozenset[str]], ...]:
    return tuple((who, frozenset(map(plain_name, own))) for who, own in all_names(register))


def plain_name(text: str) -> str:
    """The name without case, accents and points: "U.K." is "uk"."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return _OTHER.sub(" ", re.sub(r"[.'’]", "", bare)).strip().casefold()
