"""Which mail stands for which: no mail may in the end stand for itself, or none of them would count."""

from collections.abc import Mapping


def makes_a_circle(links: Mapping[int, int], mail: int, other: int) -> bool:
    """Whether `other` leads to `mail`, so that a link from `mail` to it closes a circle."""
    seen = set()
    here: int | None = other
    while here is not None and here not in seen:
        if here == mail:
            return True
        seen.add(here)
        here = links.get(here)
    return False
