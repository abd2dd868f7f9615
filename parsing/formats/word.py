"""Word files (.docx): one stream of marked text, which holds every character once. See docs/formats/word.md."""

from typing import Any

from parsing.formats.blocks import has_words
from parsing.formats.ooxml import get, local
from parsing.formats.opc import NotOpened
from parsing.formats.word_comments import read_comments
from parsing.formats.word_context import WordContext
from parsing.formats.word_package import WordPackage, open_word_package
from parsing.formats.word_walk import WordWalk
from parsing.model import MarkedText, Place, Problem


def read_word(data: bytes) -> MarkedText:
    """The marked text of a .docx. What cannot be opened has no blocks and one Problem that says why."""
    try:
        package = open_word_package(data)
    except NotOpened as error:
        return MarkedText("docx", problems=(Problem("", str(error)),))
    walk = WordWalk(package)
    walk.container(package.main, WordContext())
    _notes(walk, package.one("footnotes"), "footnote")
    _notes(walk, package.one("endnotes"), "endnote")
    for root in package.all("header"):
        walk.container(root, WordContext("header"))
    for root in package.all("footer"):
        walk.container(root, WordContext("footer"))
    comments, inside = read_comments(package, walk.ranges)
    problems = (*package.problems, *walk.problems, *inside)
    if not comments and not has_words(walk.blocks):
        problems = (*problems, Problem("", _no_text(package)))
    return MarkedText("docx", tuple(walk.blocks), comments, problems)


def _notes(walk: WordWalk, root: Any | None, place: Place) -> None:
    """Reads the notes with the context of their references: a note whose reference was inserted is inserted.

    Separators (17.11.23) belong to the page, as a footer does; some hold words.
    """
    for note in () if root is None else root:
        if local(note):
            context, anchor = walk.notes.get((local(note), get(note, "id")), (WordContext(), None))
            here: Place = place if get(note, "type") in (None, "normal") else "footer"
            walk.container(note, context.at(here, anchor=anchor))


def _no_text(package: WordPackage) -> str:
    return "the file holds pictures and no text" if package.pictures else "the file holds no text"
