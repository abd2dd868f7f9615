"""Elements of Office's XML by their local names: transitional and strict files differ in the namespaces alone."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any


def local(element: Any) -> str:
    """The element's name without its namespace; "" for comments, processing instructions and entities."""
    return local_name(element.tag)


@lru_cache(maxsize=2048)
def local_name(tag: Any) -> str:
    """A tag without its namespace; "" for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def get(element: Any | None, name: str) -> str | None:
    """An attribute in the element's own namespace, or in none."""
    if element is None:
        return None
    value: str | None = element.get(_qualified(element.tag, name))
    return value if value is not None else element.get(name)


@lru_cache(maxsize=4096)
def _qualified(tag: str, name: str) -> str:
    return f"{tag.rpartition('}')[0]}}}{name}"


def number(element: Any | None, name: str, default: int) -> int:
    """A whole number in an attribute; the default where it is missing or none."""
    try:
        return int(get(element, name) or default)
    except ValueError:
        return default


def children(element: Any | None, name: str) -> Iterator[Any]:
    return iter(()) if element is None else (child for child in element if local(child) == name)


def child(element: Any | None, *names: str) -> Any | None:
    """The first child with one of the local names, the earlier names first; None where there is none."""
    if element is None or not len(element):
        return None
    for name in names:
        for one in element:
            if local(one) == name:
                return one
    return None


def through(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through the controls that may be around them."""
    for one in element:
        have = local(one)
        if have == name:
            yield one
        elif have in ("sdt", "sdtContent", "customXml"):
            yield from through(one, name)


def is_on(toggle: Any | None) -> bool:
    """Whether a toggle such as w:b is there and not switched off (ECMA-376 part 1, 17.17.4)."""
    return toggle is not None and get(toggle, "val") not in ("0", "false", "off", "none")
