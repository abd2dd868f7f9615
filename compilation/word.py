"""Word files of a compilation: all proposals as tracked changes."""

from dataclasses import replace

from compilation.official import NotTheDraft, official_document, official_file
from compilation.tracked import track_changes
from compilation.word_file import annotations, as_file
from consultation.compilation import Compilation


def tracked(compilation: Compilation, own_file: bytes | None = None) -> bytes:
    """The .docx with every proposal as a tracked change under the name of the one who makes it. Of `own_file`, the
    draft's own Word file, all formatting is kept. Raises NotTheDraft.
    """
    draft = compilation.draft
    official = official_document(draft) if own_file is None else official_file(draft, own_file)
    notes = annotations(official.document)
    track_changes(official, compilation, notes)
    return as_file(official, compilation, notes)


def tracked_if_it_fits(compilation: Compilation, own_file: bytes) -> bytes:
    """The same, in a document that is made of the draft's text where `own_file` does not fit; it then says why."""
    try:
        return tracked(compilation, own_file)
    except NotTheDraft as error:
        return tracked(replace(compilation, note=f"The draft's own Word file was not used: {error}."))
