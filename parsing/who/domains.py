"""Whose a domain is: a government's, a country's, a known organization's."""

import re
from dataclasses import dataclass

from parsing.model import Directory
from parsing.who.phrases import TABLE
from parsing.who.register_index import RegisterIndex

_GOVERNMENT = "|".join(TABLE["government"])
_UNDER = re.compile(rf"(?:^|\.)(?:{_GOVERNMENT})\.([a-z]{{2}})$")
_MINISTRY = re.compile(rf"(?:^|\.){TABLE['ministry']}\.([a-z]{{2}})$")
_FREEMAIL = frozenset(TABLE["freemail"])
_EVERYWHERE = frozenset(TABLE["freemail_everywhere"])
_SOLD = frozenset(TABLE["sold"])
_DESKS = tuple(TABLE["desks"])


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a host is, and by what kind of sign: "domain" (a government's), "ministry", "country"."""

    who: str
    name: str
    kind: str


def host_of(address: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    return address.rpartition("@")[2].strip(" <>.").lower()


def is_freemail(host: str) -> bool:
    return host in _FREEMAIL or host.partition(".")[0] in _EVERYWHERE


def is_desk(host: str) -> bool:
    """Whether the host is of those who collect the comments and forward what reached them."""
    return _is_under(host, _DESKS)


def is_a_collector(address: str, directory: Directory) -> bool:
    """Whether the address is of those who collect comments, by its host or as the directory says."""
    people = {point.address.lower() for point in directory if point.party is None}
    return is_desk(host_of(address)) or address.strip().lower() in people


def owner_of(host: str, index: RegisterIndex) -> Owner | None:
    """The Party or the Observer whose host this is, as far as a domain tells."""
    if not host or is_freemail(host):
        return None
    return _by_known_domain(host, index) or _by_country(host, index)


def _by_known_domain(host: str, index: RegisterIndex) -> Owner | None:
    """The owner of the longest of the host's domains that the register knows."""
    end = host
    while end and end not in index.domains:
        end = end.partition(".")[2]
    return Owner(*index.domains[end], "domain") if end else None


def _by_country(host: str, index: RegisterIndex) -> Owner | None:
    """The Party whose country's domain the host is in; under "gov" or "mfa" it is the government's own."""
    top = host.rpartition(".")[2]
    party = index.tops.get(top)
    if party is None:
        return None
    if _UNDER.search(host):
        return Owner("party", party, "domain")
    if _MINISTRY.search(host):
        return Owner("party", party, "ministry")
    return None if top in _SOLD else Owner("party", party, "country")


def _is_under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)
