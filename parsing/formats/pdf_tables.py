"""The tables of a page, by the rules that are drawn around their cells."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsing.formats.pdf_geometry import Box

_NEAR = 3.0
"""Points within which two rules meet, or are one."""
_MOST = 600
"""Rules of one direction on a page; with more it is a drawing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines between the columns and between the rows of a table, its outer edges among them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, column) of a place; None outside the table."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        inside = 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1
        return (row, column) if inside else None

    def continues(self, other: "Grid") -> bool:
        """Whether the other table has the same columns, as one that goes on overleaf has."""
        return len(self.xs) == len(other.xs) and all(
            abs(a - b) <= 2 * _NEAR for a, b in zip(self.xs, other.xs, strict=True)
        )


def grids(rules: Sequence[Box]) -> list[Grid]:
    """The tables from top to bottom: rules that meet, and that part at least two columns."""
    lying = [box for box in rules if box.width >= box.height]
    standing = [box for box in rules if box.width < box.height]
    if not lying or not standing or max(len(lying), len(standing)) > _MOST:
        return []
    found = [grid for group in _groups(lying, standing) if (grid := _grid(group)) is not None]
    return sorted(found, key=lambda grid: grid.ys[0])


def _grid(rules: Sequence[Box]) -> Grid | None:
    """The table that rules make; None where they part no columns."""
    xs = _steps((box.x0 + box.x1) / 2 for box in rules if box.width < box.height)
    ys = _steps((box.y0 + box.y1) / 2 for box in rules if box.width >= box.height)
    return Grid(xs, ys) if len(xs) >= 3 and len(ys) >= 2 else None


def _groups(lying: Sequence[Box], standing: Sequence[Box]) -> Iterable[list[Box]]:
    """The rules that hang together."""
    boxes = [*lying, *standing]
    leader = list(range(len(boxes)))

    def head(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    for n, a in enumerate(lying):
        for m, b in enumerate(standing, len(lying)):
            if a.x0 - _NEAR <= b.x1 and b.x0 <= a.x1 + _NEAR and b.y0 - _NEAR <= a.y1 and a.y0 <= b.y1 + _NEAR:
                leader[head(m)] = head(n)
    groups: dict[int, list[Box]] = {}
    for n, box in enumerate(boxes):
        groups.setdefault(head(n), []).append(box)
    return groups.values()


def _steps(places: Iterable[float]) -> tuple[float, ...]:
    """The places in their order, those that are nearly one as one."""
    steps: list[float] = []
    for place in sorted(places):
        if not steps or place - steps[-1] > _NEAR:
            steps.append(place)
    return tuple(steps)
