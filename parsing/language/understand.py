"""Acts, comments and rewrites in running words."""

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.model import Block, Draft, Edit, Origin, Unplaced


@dataclass(frozen=True, slots=True)
class Understood:
    """The Edits that words ask for, and what found no place."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()


def understand(
    blocks: Sequence[Block],  # noqa: ARG001 (the acts are read next)
    draft: Draft,  # noqa: ARG001
    source: str,  # noqa: ARG001
    *,
    at: Sequence[str] = (),  # noqa: ARG001
    origin: Origin | None = None,  # noqa: ARG001
) -> Understood:
    """What the blocks ask for; `at` are the labels that a table's row or an anchor names already."""
    return Understood()
