"""The addresses in a header's value, however they are written (RFC 5322, section 3.4)."""

import re
from collections.abc import Iterable, Iterator

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)|<[^<>]*>|[,;]|[^",;<(]+|.', re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_SPACED_AT = re.compile(r"\s*@\s*")


def addresses_in(values: Iterable[str]) -> frozenset[str]:
    """The addresses in lower case. What is in quotes, comments or before <…> is a name, whatever it looks like."""
    return frozenset(address for value in values for item in _items(value) for address in _address_of(item))


def _items(value: str) -> Iterator[list[str]]:
    """The tokens of each mailbox: commas part them, and semicolons, which end a group."""
    item: list[str] = []
    for token in _TOKEN.findall(value):
        if token in (",", ";"):
            yield item
            item = []
        else:
            item.append(token)
    yield item


def _address_of(tokens: list[str]) -> Iterator[str]:
    angles = [token for token in tokens if token.startswith("<") and len(token) > 2]
    if angles:
        text = angles[-1][1:-1].strip()
        text = text[7:] if text.lower().startswith("mailto:") else text.rpartition(":")[2]
    else:
        plain = "".join(token for token in tokens if token[0] not in '"(')
        text = plain.rpartition(":")[2]
    found = _ADDRESS.search(_SPACED_AT.sub("@", text.strip()))
    if found:
        yield found[0].strip(".'").lower()
