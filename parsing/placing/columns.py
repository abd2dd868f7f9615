"""What the columns of a comment table hold: by their heads, or by what stands in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from parsing.languages.tables import phrases
from parsing.model import Block, Draft
from parsing.placing.match_paragraphs import ALIKE, nearest
from parsing.prose.references.references import places_of
from parsing.text.phrases import folded, pattern, pattern_of
from parsing.text.search import find
from parsing.text.words import is_in_draft, similarity

Row = Mapping[int, Sequence[Block]]
"""The blocks of a row's cells, by column."""

_HEADS = 3
"""Rows of a head, at most."""
_SAMPLE = 40
"""Cells of a column that are looked at to tell what it holds."""
_LONGEST_HEAD = 8
_SHORT_HEAD = 4
_LONGEST_PLACE = 12
"""Words of a cell that names a place and says no more."""
_QUOTED = re.compile(r"[\"“”„«»「『]")
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
    if found is not None:
        found = _completed(found, rows[found.heads :], draft)
    if found is None or not found.of(*_SAYS) or not found.of(*_SHOWS):
        return None
    return found


def _completed(found: Columns, rows: Sequence[Row], draft: Draft) -> Columns:
    """With what the cells of the columns tell where their heads do not: places, the draft's own words, new wording."""
    cells = {column: [text for row in rows if (text := text_of(row.get(column, ())))] for column in found.roles}
    roles = dict(found.roles)
    unnamed = found.of("unnamed")
    alone = len(unnamed) == 1 and found.of("original") and not found.of(*_SAYS)  # "Original | Algeria"
    roles.update(dict.fromkeys(unnamed, "proposed" if alone else "comment"))
    if not found.of("place"):
        place = next((c for c in unnamed if _names_places(cells[c], draft)), None)
        roles |= {place: "place"} if place is not None else {}
    if not found.of("original"):
        beside = _beside_proposals(found, cells, draft)
        shown = _shown(roles, cells, draft) if beside is None else beside
        roles |= {shown: "original"} if shown is not None else {}
    if unnamed:
        roles = _reworded(rows, roles)
    return Columns(roles, found.heads)


def _beside_proposals(found: Columns, cells: Mapping[int, Sequence[str]], draft: Draft) -> int | None:
    """The one column between places and proposals, where words of the draft stand in it: "Para | Now | We want"."""
    unnamed, proposed = found.of("unnamed"), found.of("proposed")
    if len(unnamed) != 1 or not found.of("place") or not proposed or unnamed[0] > proposed[0]:
        return None
    return unnamed[0] if any(_is_official(text, draft) for text in cells[unnamed[0]]) else None


def _shown(roles: Mapping[int, str], cells: Mapping[int, Sequence[str]], draft: Draft) -> int | None:
    """The column that shows the draft's words, though its head says "Text" or "Revised draft" and no more. One that is
    headed as a proposal does so only beside another with the same words: it is the one with the fewest changes.
    """
    says = [column for column in sorted(roles) if roles[column] in _SAYS]
    official = [column for column in says if _mostly(cells[column], lambda text: _is_official(text, draft))]
    if len(says) < 2 or not official or (len(official) == 1 and roles[official[0]] == "proposed"):
        return None
    return _least_changed(official, cells, draft)


def _least_changed(columns: Sequence[int], cells: Mapping[int, Sequence[str]], draft: Draft) -> int:
    """The first of the columns with the most cells that stand in the draft word for word."""
    return max(columns, key=lambda column: (sum(is_in_draft(text, draft) for text in cells[column]), -column))


def upright(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a table whose heads stand on the left ("Paragraph: | PP5") under heads; other rows as they are."""
    if not rows or any(set(row) != {0, 1} for row in rows) or len(_named(rows[0])) > 1:
        return rows
    roles = [_named({0: row[0]}).get(0) for row in rows]
    if len(set(roles) - {None}) < 2 or sum(role is not None for role in roles) < 0.8 * len(rows):
        return rows
    heads = {role: row[0] for role, row in zip(roles, rows, strict=True) if role is not None}
    column = {role: n for n, role in enumerate(heads)}
    records: list[dict[int, Sequence[Block]]] = []
    for role, row in zip(roles, rows, strict=True):
        if role is not None:
            if not records or column[role] in records[-1]:
                records.append({})
            records[-1][column[role]] = row[1]
    return [{column[role]: cell for role, cell in heads.items()}, *records]


def text_of(blocks: Iterable[Block]) -> str:
    """The words of a cell with its changes accepted."""
    lines = ("".join(run.text for run in block.runs if run.mark in ("kept", "inserted")) for block in blocks)
    return "\n".join(lines).strip()


def is_cell(text: str, kind: str) -> bool:
    """Whether a whole cell says no more than "delete", or "no change"."""
    bare = folded(text).strip(" .[]()*\n")
    if not bare.strip("-/"):
        return kind == "unchanged"
    return pattern_of(*_VERDICTS[kind]).fullmatch(bare) is not None


def is_head(text: str) -> bool:
    """Whether a text can be the head of a column."""
    return _role(text.strip()) is not None


def is_new(text: str) -> bool:
    """Whether a place asks for a paragraph that the draft does not have."""
    return _new().search(folded(text)) is not None


# --- by their heads ----------------------------------------------------------------------------------


def _by_heads(rows: Sequence[Row], draft: Draft) -> Columns | None:
    """The roles by the heads; where a wide head stands over narrower ones, the lower ones say more."""
    start = next((n for n, row in enumerate(rows[:_HEADS]) if len(_named(row)) > 1), None)
    if start is None and not (rows and _one_named(rows[0], draft)):
        return None
    start = start or 0
    roles, heads = _spread(rows, start), start + 1
    if heads < len(rows) and len(rows[start]) < len(rows[heads]) and _all_named(rows[heads]):
        roles |= _spread(rows, heads)
        heads += 1
    columns = {column for row in rows[heads:] for column in row}
    return Columns({column: roles.get(column, "unnamed") for column in columns}, heads)


def _named(row: Row) -> dict[int, str]:
    """The roles of the cells of a row that can be heads."""
    named = {column: _role(text_of(cell)) for column, cell in row.items()}
    return {column: role for column, role in named.items() if role is not None}


def _one_named(row: Row, draft: Draft) -> bool:
    """Whether one cell of the first row is a head, and the others can be: "Paragraph | Then | Now"."""
    texts = [text_of(cell) for cell in row.values()]
    short = all(text and len(text.split()) <= _SHORT_HEAD and not text.endswith((".", "?", ";")) for text in texts)
    return (
        short
        and bool({"place", "original", "proposed"} & set(_named(row).values()))
        and not any(places_of(text, draft) for text in texts)
    )


def _all_named(row: Row) -> bool:
    return bool(_named(row)) and all(column in _named(row) for column, cell in row.items() if text_of(cell))


def _spread(rows: Sequence[Row], at: int) -> dict[int, str]:
    """The roles of a row of heads, each for all the columns that it stands over."""
    named = _named(rows[at])
    width = 1 + max(max(row, default=0) for row in rows)
    spread = {column: named.get(max((c for c in rows[at] if c <= column), default=-1)) for column in range(width)}
    return {column: role for column, role in spread.items() if role is not None}


@lru_cache(maxsize=512)
def _role(head: str) -> str | None:
    if not head or len(head.split()) > _LONGEST_HEAD or _QUOTED.search(head):
        return None
    text = folded(" ".join(head.split()))
    alone = (role for role, concepts in _ALONE.items() if pattern_of(*concepts).fullmatch(text.rstrip(":")))
    held = (role for role, concepts in _ROLES.items() if pattern_of(*concepts).search(text))
    return next(alone, None) or next(held, None)


# --- by their cells ----------------------------------------------------------------------------------


def _by_cells(rows: Sequence[Row], draft: Draft) -> Columns | None:
    """The roles of a table without heads: one column names places or shows the draft's words, the next says more."""
    columns = sorted({column for row in rows for column in row})
    if len(columns) < 2 or len(rows) < 2:
        return None
    cells = {column: [text for row in rows if (text := text_of(row.get(column, ())))] for column in columns}
    official = [column for column in columns if _mostly(cells[column], lambda text: _is_official(text, draft))]
    shown = _least_changed(official, cells, draft) if official else None
    roles: dict[int, str] = {}
    for column in columns:
        if _names_places(cells[column], draft):
            roles[column] = "place"
        elif column in official:
            roles[column] = "original" if column == shown else "proposed"
        elif roles:
            roles[column] = "comment"
        else:
            roles[column] = "number"
    roles = _reworded(rows, roles)
    return Columns(roles, 0) if {"place", "original"} & set(roles.values()) else None


def _reworded(rows: Sequence[Row], roles: Mapping[int, str]) -> dict[int, str]:
    """With the column whose cells are other wordings of the passages beside them as what is proposed."""
    shown = next((column for column, role in roles.items() if role == "original"), None)
    if shown is None or "proposed" in roles.values():
        return dict(roles)
    for column in (column for column, role in roles.items() if role == "comment"):
        pairs = [(text_of(row.get(column, ())), text_of(row.get(shown, ()))) for row in rows]
        if _mostly([pair for pair in pairs if all(pair)], lambda pair: similarity(*pair) >= ALIKE):
            return {**roles, column: "proposed"}
    return dict(roles)


def _names_places(texts: Sequence[str], draft: Draft) -> bool:
    return _mostly(texts, lambda text: len(text.split()) <= _LONGEST_PLACE and bool(places_of(text, draft)))


def _mostly(texts: Sequence[Any], holds: Any) -> bool:
    some = texts[:_SAMPLE]
    return len(some) > 1 and sum(map(holds, some)) > 0.6 * len(some)


def _is_official(text: str, draft: Draft) -> bool:
    if len(text.split()) < 2:
        return False
    _, score = nearest(text, draft)
    return score >= ALIKE or any(find(text, paragraph.text, mistakes=False) for paragraph in draft.paragraphs)


# --- the words of heads and cells --------------------------------------------------------------------

_ROLES = {
    "kind": ("heads.kind",),
    "reason": ("labels.reason",),
    "original": ("labels.original",),
    "comment": ("heads.comment_and_proposal",),
    "proposed": ("labels.proposed", "heads.proposed"),
    "page": ("heads.page",),
    "line": ("heads.line",),
    "party": ("heads.party",),
    "place": ("heads.place",),
    "comment_alone": ("labels.comment", "heads.comment"),
    "number": ("heads.number",),
}
"""How the heads of each role are worded. A head holds a phrase of its role; where it holds phrases of several, the role
that stands first here wins.
"""
_ALONE = {
    "original": ("labels.original_alone",),
    "proposed": ("labels.proposed_alone",),
    "comment_alone": ("labels.comment_alone",),
}
"""Words that are heads of the role only where a head says no more: "Before", "After"."""
_VERDICTS = {"delete": ("verdicts.delete",), "unchanged": ("verdicts.unchanged", "remarks.nothing")}
_NEW = ("acts.new", "verdicts.insert")
_NUMBERED_NEW = ("bis", "ter")


@cache
def _new() -> re.Pattern[str]:
    return pattern((*_NUMBERED_NEW, *(phrase for concept in _NEW for phrase in phrases(concept))))
