"""Comments of a Word file: their words, ranges, true dates, threads, and which are resolved."""

from collections.abc import Mapping
from typing import Any

from parsing.formats.ooxml import get, local
from parsing.formats.word_context import WordContext, revision_of
from parsing.formats.word_package import WordPackage
from parsing.formats.word_walk import WordWalk
from parsing.model import MarginComment, Problem

_PARA_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_Ranges = Mapping[str, tuple[int, int | None]]


def read_comments(package: WordPackage, ranges: _Ranges) -> tuple[tuple[MarginComment, ...], tuple[Problem, ...]]:
    """The comments, in the order of their part, and the words that were deleted inside them.

    `ranges` holds (start, end) in the whole marked text by the comment's id; an answer without one has its parent's.
    """
    root = package.one("comments")
    elements = [one for one in (() if root is None else root) if local(one) == "comment"]
    owner = {par: n for n, element in enumerate(elements) for par in _paragraphs(element)}
    parents, done = _threads(package.one("commentsExtended"), owner)
    dates = _dates(package, owner)
    comments, problems = [], []
    for n, element in enumerate(elements):
        text, deleted = _words(element)
        if deleted:
            problems.append(Problem(f"comment {n + 1}", f"words were deleted inside the comment: {deleted}"))
        start, end = _range(n, elements, ranges, parents)
        change = revision_of(element)
        resolved = n in done or parents.get(n) in done
        date = dates.get(n) or change.date
        comments.append(MarginComment(text, change.author, date, start, end, parents.get(n), resolved))
    return tuple(comments), tuple(problems)


def _words(element: Any) -> tuple[str, str]:
    """(the comment as it reads with its changes accepted, what was deleted in it)."""
    walk = WordWalk(WordPackage(element, {}))
    walk.container(element, WordContext())
    runs = [[run for run in block.runs if run.mark in ("kept", "inserted")] for block in walk.blocks]
    deleted = [run.text for block in walk.blocks for run in block.runs if run.mark in ("deleted", "undone")]
    return "\n".join("".join(run.text for run in line) for line in runs).strip(), "".join(deleted)


def _range(
    n: int, elements: list[Any], ranges: _Ranges, parents: Mapping[int, int]
) -> tuple[int, int] | tuple[None, None]:
    for _ in range(len(elements)):
        start, end = ranges.get(get(elements[n], "id") or "", (None, None))
        if start is not None:
            return start, start if end is None else max(start, end)
        if n not in parents:
            break
        n = parents[n]
    return None, None


def _threads(extended: Any | None, owner: Mapping[str, int]) -> tuple[dict[int, int], set[int]]:
    """Which comment answers which, and which are resolved (commentsExtended.xml, [MS-DOCX] 2.5.4)."""
    parents, done = {}, set()
    for entry in () if extended is None else extended:
        n, parent = (owner.get(get(entry, name) or "") for name in ("paraId", "paraIdParent"))
        if n is not None and parent is not None and n != parent:
            parents[n] = parent
        if n is not None and get(entry, "done") in ("1", "true"):
            done.add(n)
    return parents, done


def _dates(package: WordPackage, owner: Mapping[str, int]) -> dict[int, str]:
    """The true instants by comment: commentsIds names a durable id for a paragraph, commentsExtensible its date."""
    dates = {get(one, "durableId"): get(one, "dateUtc") for one in _entries(package.one("commentsExtensible"))}
    found = {}
    for one in _entries(package.one("commentsIds")):
        n, date = owner.get(get(one, "paraId") or ""), dates.get(get(one, "durableId"))
        if n is not None and date:
            found[n] = date
    return found


def _entries(root: Any | None) -> list[Any]:
    return [] if root is None else [one for one in root if local(one)]


def _paragraphs(comment: Any) -> list[str]:
    return [found for one in comment.iter() if local(one) == "p" and (found := one.get(_PARA_ID)) is not None]
