"""Whose a domain is: a government's, a country's, a known organization's."""

import re
from dataclasses import dataclass
from functools import lru_cache

from parsing.model import Register
from parsing.signs import TABLE

_GOVERNMENT = "|".join(TABLE["government"])
_UNDER = re.compile(rf"(?:^|\.)(?:{_GOVERNMENT})\.([a-z]{{2}})$")
_MINISTRY = re.compile(rf"(?:^|\.){TABLE['ministry']}\.([a-z]{{2}})$")
_FREEMAIL = frozenset(TABLE["freemail"])
_SOLD = frozenset(TABLE["sold"])
_DESKS = tuple(TABLE["desks"])


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a host is, and by what sign: "domain" (a government's), "ministry", "country"."""

    who: str
    name: str
    sign: str


def host_of(address: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    return address.rpartition("@")[2].strip(" <>.").lower()


def is_freemail(host: str) -> bool:
    return host in _FREEMAIL


def is_desk(host: str) -> bool:
    """Whether the host is of those who collect the comments and forward what reached them."""
    return _is_under(host, _DESKS)


def owner_of(host: str, register: Register) -> Owner | None:
    """The Party or the Observer whose host this is, as far as a domain tells."""
    if not host or is_freemail(host):
        return None
    known = _longest_known(host, register)
    if known:
        return known
    tops = _known(register)[1]
    for pattern, sign in ((_UNDER, "domain"), (_MINISTRY, "ministry")):
        if (found := pattern.search(host)) and found[1] in tops:
            return Owner("party", tops[found[1]], sign)
    top = host.rpartition(".")[2]
    return Owner("party", tops[top], "country") if top in tops and top not in _SOLD else None


def _longest_known(host: str, register: Register) -> Owner | None:
    """The owner of the longest ending of the host that the register lists."""
    known = _known(register)[0]
    labels = host.split(".")
    return next((known[end] for n in range(len(labels)) if (end := ".".join(labels[n:])) in known), None)


@lru_cache(maxsize=4)
def _known(register: Register) -> tuple[dict[str, Owner], dict[str, str]]:
    """Domains of the register, and its countries' top-level domains."""
    domains = {d: Owner("observer", o.name, "domain") for o in register.observers for d in o.domains}
    domains |= {d: Owner("party", p.code, "domain") for p in register.parties for d in p.domains if "." in d}
    tops = {p.alpha2.lower(): p.code for p in register.parties}
    tops |= {d: p.code for p in register.parties for d in p.domains if "." not in d}
    return domains, tops


def _is_under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)
