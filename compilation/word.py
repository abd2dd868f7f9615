"""Word files of a compilation: all proposals as tracked changes."""

from compilation.official import official_document
from compilation.tracked import track_changes
from compilation.word_file import annotations, as_file
from consultation.compilation import Compilation


def tracked(compilation: Compilation) -> bytes:
    """The .docx with every proposal as a tracked change under the name of the one who makes it."""
    official = official_document(compilation.draft)
    notes = annotations(official.document)
    track_changes(official, compilation, notes)
    return as_file(official, compilation, notes)
