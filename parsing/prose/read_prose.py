"""What a delegation says in words: acts, rewritten paragraphs and remarks, bound to the official text."""

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.model import Block, Draft, Edit, Origin, Unplaced
from parsing.prose.italics import with_italics_quoted
from parsing.prose.line_context import Reader
from parsing.prose.lines import lines, with_counts, with_quotations
from parsing.prose.resolve.edits import Collector, SentenceOutcome


@dataclass(frozen=True, slots=True)
class Understood:
    """`unplaced` holds what asks for something and found no place: nothing is dropped."""

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    outcomes: tuple[SentenceOutcome, ...] = ()


def understand(
    blocks: Sequence[Block], draft: Draft, source: str, *, at: Sequence[str] = (), origin: Origin | None = None
) -> Understood:
    """The edits and remarks that blocks of running words hold. `at` is the paragraph that a table's row or a comment's
    anchor names already; `origin` stands for the origin of all that is found. Blocks of other roles state nothing.
    """
    collected = Collector(draft, source, origin)
    reader = Reader(draft, tuple(at), collected)
    for line in with_counts(with_quotations(lines(with_italics_quoted(blocks, draft)))):
        reader.take(line)
    reader.end()
    return Understood(
        collected.edits_in_order(), tuple(collected.unplaced), tuple(sorted(collected.outcomes, key=lambda one: one.at))
    )
