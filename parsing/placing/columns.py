"""What the columns of a comment table hold: by their heads, or by what is in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from parsing.model import Draft
from parsing.placing.column_heads import is_cell, role_of
from parsing.placing.match_paragraphs import ALIKE, nearest
from parsing.placing.table_cells import EMPTY, Row, TableCell, texts_of
from parsing.prose.references.references import places_of
from parsing.text.search import find
from parsing.text.words import is_in_draft, similarity

T = TypeVar("T")

_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")

_HEADS = 3
"""Rows of a head, at most."""
_SAMPLE = 40
"""Cells of a column that are looked at to tell what it holds."""
_MOSTLY = 0.6
"""The share of its cells that tell what a column holds: some rows are headings of sections, or speak of all."""
_NEARLY_ALL = 0.8
"""The share of rows that have their heads on the left, in a table that is one record below the other."""
_SHORT_HEAD = 4
"""Words of a head that is known by the heads beside it alone, at most."""
_FEWEST_COUNTED = 2
"""Rows that a column counts, at least."""
_LONGEST_PLACE = 12
"""Words of a cell that names a place and says no more."""
_SAYS = ("proposed", "comment", "comment_alone")
_SHOWS = ("place", "original", "page", "line", "proposed")


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column, and the number of rows that are heads."""

    roles: Mapping[int, str]
    heads: int

    def of(self, *roles: str) -> list[int]:
        """The columns that have one of the roles, from the left."""
        return [column for column in sorted(self.roles) if self.roles[column] in roles]


def columns_of(rows: Sequence[Row], draft: Draft) -> Columns | None:
    """The Columns of a comment table; None for any other table."""
    found = _by_heads(rows, draft) or _by_cells(rows, draft)
    if found is None:
        return None
    columns = _completed(found, rows[found.heads :], draft)
    return columns if columns.of(*_SAYS) and columns.of(*_SHOWS) else None


def with_heads_on_top(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a table whose heads are on the left ("Paragraph: | PP5") under heads; other rows as they are."""
    headed = _with_heads_on_the_left(rows)
    if not headed:
        return rows
    heads = {role: head for role, head, _ in headed}
    column = {role: n for n, role in enumerate(heads)}
    records: list[dict[int, TableCell]] = []
    for role, _, cell in headed:
        if not records or column[role] in records[-1]:
            records.append({})
        records[-1][column[role]] = cell
    return [{column[role]: head for role, head in heads.items()}, *records]


def _with_heads_on_the_left(rows: Sequence[Row]) -> list[tuple[str, TableCell, TableCell]]:
    """(role, head, cell) of each row with a head on its left, where nearly all rows have one; none for other tables."""
    if not rows or not all(map(_has_two_cells, rows)) or len(_named(rows[0])) > 1:
        return []
    roles = [role_of(row[0].text) for row in rows]
    headed = [(role, row[0], row[1]) for role, row in zip(roles, rows, strict=True) if role is not None]
    several = len({role for role, _, _ in headed}) > 1
    return headed if several and len(headed) >= _NEARLY_ALL * len(rows) else []


def _has_two_cells(row: Row) -> bool:
    return set(row) == {0, 1}


# --- by their heads ----------------------------------------------------------------------------------


def _by_heads(rows: Sequence[Row], draft: Draft) -> Columns | None:
    """The roles by the heads; where a wide head is over narrower ones, the lower ones say more."""
    first = _first_head(rows, draft)
    if first is None:
        return None
    roles, heads = _spread(rows, first), first + 1
    if heads < len(rows) and len(rows[first]) < len(rows[heads]) and _all_named(rows[heads]):
        roles |= _spread(rows, heads)
        heads += 1
    columns = {column for row in rows[heads:] for column in row}
    return Columns({column: roles.get(column, "unnamed") for column in columns}, heads)


def _first_head(rows: Sequence[Row], draft: Draft) -> int | None:
    """The first row with the heads of several columns; else the first of all, where one of its cells is a head."""
    several = next((n for n, row in enumerate(rows[:_HEADS]) if len(_named(row)) > 1), None)
    if several is None and rows and _one_named(rows[0], draft):
        return 0
    return several


def _named(row: Row) -> dict[int, str]:
    """The roles of the cells of a row that can be heads."""
    named = {column: role_of(cell.text) for column, cell in row.items()}
    return {column: role for column, role in named.items() if role is not None}


def _one_named(row: Row, draft: Draft) -> bool:
    """Whether one cell of the first row is a head, and the others can be: "Paragraph | Then | Now"."""
    if {"place", "original", "proposed"}.isdisjoint(_named(row).values()):
        return False
    texts = [cell.text for cell in row.values() if cell.text]
    return len(texts) > 1 and all(map(_is_short, texts)) and not any(places_of(text, draft) for text in texts)


def _is_short(text: str) -> bool:
    return bool(text) and len(text.split()) <= _SHORT_HEAD and not text.endswith((".", "?", ";"))


def _all_named(row: Row) -> bool:
    named = _named(row)
    return bool(named) and all(column in named for column, cell in row.items() if cell.text)


def _spread(rows: Sequence[Row], at: int) -> dict[int, str]:
    """The roles of a row of heads, each for all the columns that it is over."""
    named = _named(rows[at])
    width = 1 + max(max(row, default=0) for row in rows)
    over = {column: max((head for head in rows[at] if head <= column), default=-1) for column in range(width)}
    return {column: named[head] for column, head in over.items() if head in named}


# --- where the heads do not say ----------------------------------------------------------------------


def _completed(found: Columns, rows: Sequence[Row], draft: Draft) -> Columns:
    """The columns with what their cells say where the heads do not: places, the draft's own words, new wording."""
    cells = {column: texts_of(rows, column) for column in found.roles}
    found = _with_counting(found, cells)
    place = _unnamed_place(found, cells, draft)
    if place is not None:
        found = Columns({**found.roles, place: "place"}, found.heads)
    roles = {**found.roles, **dict.fromkeys(found.of("unnamed"), _role_of_unnamed(found))}
    original = _unnamed_original(found, roles, cells, draft)
    if original is not None:
        roles[original] = "original"
    return Columns(_reworded(rows, roles) if found.of("unnamed") else roles, found.heads)


def _with_counting(found: Columns, cells: Mapping[int, Sequence[str]]) -> Columns:
    """The columns, with one whose cells count the rows as such: beside a column of places it says nothing else."""
    counting = [column for column in found.of("unnamed") if found.of("place") and _counts(cells[column])]
    return Columns({**found.roles, **dict.fromkeys(counting, "number")}, found.heads)


def _counts(texts: Sequence[str]) -> bool:
    """Whether cells count up one by one."""
    numbers = [text.strip(" .)") for text in texts]
    if len(numbers) < _FEWEST_COUNTED or not all(number.isdecimal() for number in numbers):
        return False
    return all(int(other) == int(one) + 1 for one, other in pairwise(numbers))


def _role_of_unnamed(found: Columns) -> str:
    """What columns say whose heads tell nothing: the only one beside the original is what is proposed."""
    is_beside_original = len(found.of("unnamed")) == 1 and found.of("original") and not found.of(*_SAYS)
    return "proposed" if is_beside_original else "comment"  # "Original | Algeria"


def _unnamed_place(found: Columns, cells: Mapping[int, Sequence[str]], draft: Draft) -> int | None:
    if found.of("place"):
        return None
    return next((column for column in found.of("unnamed") if _names_places(cells[column], draft)), None)


def _unnamed_original(
    found: Columns, roles: Mapping[int, str], cells: Mapping[int, Sequence[str]], draft: Draft
) -> int | None:
    if found.of("original"):
        return None
    beside = _beside_proposals(found, cells, draft)
    return _shown(roles, cells, draft) if beside is None else beside


def _beside_proposals(found: Columns, cells: Mapping[int, Sequence[str]], draft: Draft) -> int | None:
    """The one column between places and proposals, where it has words of the draft: "Para | Now | We want"; where its
    head may mean comments, too ("Para | Text | Proposal"), it has nothing but such words.
    """
    places, proposed = found.of("place"), found.of("proposed")
    if not places or not proposed:
        return None
    between = [column for column in found.of("unnamed", "comment_alone") if places[0] < column < proposed[0]]
    if len(between) != 1:
        return None
    texts = _with_words(cells[between[0]])
    enough = any if found.roles[between[0]] == "unnamed" else all
    return between[0] if texts and enough(_is_official(text, draft) for text in texts) else None


def _shown(roles: Mapping[int, str], cells: Mapping[int, Sequence[str]], draft: Draft) -> int | None:
    """The column that shows the draft's words, though its head says "Text" or "Revised draft" and no more. One that is
    headed as a proposal does so only beside another with the same words: it is the one with the fewest changes.
    """
    says = [column for column in sorted(roles) if roles[column] in _SAYS]
    official = _official_columns(says, cells, draft)
    if len(says) < 2 or not official or (len(official) == 1 and roles[official[0]] == "proposed"):
        return None
    return _least_changed(official, cells, draft)


# --- by their cells ----------------------------------------------------------------------------------


def _by_cells(rows: Sequence[Row], draft: Draft) -> Columns | None:
    """The roles of a table without heads: one column names places or shows the draft's words, the next says more."""
    columns = sorted({column for row in rows for column in row})
    if len(columns) < 2 or len(rows) < 2:
        return None
    cells = {column: texts_of(rows, column) for column in columns}
    official = _official_columns(columns, cells, draft)
    roles = dict.fromkeys(columns, "comment") | {columns[0]: "number"} | dict.fromkeys(official, "proposed")
    if official:
        roles[_least_changed(official, cells, draft)] = "original"
    roles |= {column: "place" for column in columns if _names_places(cells[column], draft)}
    roles = _reworded(rows, roles)
    return Columns(roles, 0) if {"place", "original"} & set(roles.values()) else None


def _official_columns(columns: Sequence[int], cells: Mapping[int, Sequence[str]], draft: Draft) -> list[int]:
    """Those of the columns in which most cells hold words of the draft."""
    return [c for c in columns if _mostly(_with_words(cells[c]), lambda text: _is_official(text, draft))]


def _with_words(texts: Sequence[str]) -> list[str]:
    """The cells without those that only say that no words are shown: "–", "(none)", "(whole paragraph)"."""
    return [text for text in texts if not is_cell(text, "unchanged") and not _IN_BRACKETS.fullmatch(text.strip())]


def _least_changed(columns: Sequence[int], cells: Mapping[int, Sequence[str]], draft: Draft) -> int:
    """The first of the columns with the most cells that are in the draft word for word."""
    return max(columns, key=lambda column: (sum(is_in_draft(text, draft) for text in cells[column]), -column))


def _reworded(rows: Sequence[Row], roles: Mapping[int, str]) -> dict[int, str]:
    """The roles, with "proposed" for the column whose cells are other wordings of the passages beside them."""
    shown = [column for column, role in roles.items() if role == "original"]
    if not shown or "proposed" in roles.values():
        return dict(roles)
    comments = [column for column, role in roles.items() if role == "comment"]
    proposed = next((column for column in comments if _is_wording_of(shown[0], column, rows)), None)
    return dict(roles) if proposed is None else {**roles, proposed: "proposed"}


def _is_wording_of(shown: int, column: int, rows: Sequence[Row]) -> bool:
    texts = [(row.get(column, EMPTY).text, row.get(shown, EMPTY).text) for row in rows]
    return _mostly([pair for pair in texts if all(pair)], lambda pair: similarity(*pair) >= ALIKE)


def _names_places(texts: Sequence[str], draft: Draft) -> bool:
    return _mostly(texts, lambda text: len(text.split()) <= _LONGEST_PLACE and bool(places_of(text, draft)))


def _mostly(values: Sequence[T], holds: Callable[[T], bool]) -> bool:
    some = values[:_SAMPLE]
    return len(some) > 1 and sum(map(holds, some)) > _MOSTLY * len(some)


def _is_official(text: str, draft: Draft) -> bool:
    """Whether a cell holds words of the draft, as they are or somewhat changed; one word is no sign of it."""
    if len(text.split()) < 2:
        return False
    _, score = nearest(text, draft)
    return score >= ALIKE or any(find(text, paragraph.text, mistakes=False) for paragraph in draft.paragraphs)
