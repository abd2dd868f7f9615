"""The kinds of tokens in order, a character each, and parts of regular expressions over them, by the kinds' names."""

from collections.abc import Iterable


class _Signs(dict[str, str]):
    """A character of no meaning for each kind, as it is first met."""

    def __missing__(self, kind: str) -> str:
        self[kind] = sign = chr(0xE000 + len(self))
        return sign


_SIGNS = _Signs()


def order_of(kinds: Iterable[str]) -> str:
    """The kinds in order, a character each."""
    return "".join([_SIGNS[kind] for kind in kinds])


def one_of(*kinds: str) -> str:
    """A token of one of these kinds."""
    return f"[{order_of(kinds)}]"


def none_of(*kinds: str) -> str:
    """A token of another kind."""
    return f"[^{order_of(kinds)}]"
