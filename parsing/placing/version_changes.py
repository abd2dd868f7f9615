"""What a version of the draft changes in it: line by line, then what it lacks, then what has moved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from parsing.model import Draft, Edit, Problem, Run, Unplaced
from parsing.placing.comment_anchors import Anchor, announced
from parsing.placing.diff_paragraph import diff_paragraph
from parsing.placing.interleaved_remarks import is_paragraph, is_question, is_remark
from parsing.placing.marked_lines import END, MarkedLine, NewParagraph, wide_tables
from parsing.placing.moves import DeletedParagraph, with_deletions
from parsing.placing.version import Compared, Version, words_behind_number
from parsing.placing.version_edits import completed, deleted_paragraph, made_by, merged_words, text_edit
from parsing.text.words import number_before, plain


@dataclass(frozen=True, slots=True)
class Findings:
    """What lines of a file say: edits, what found no place, and problems; `used` are the lines that are read with that,
    `anchors` the places for comments beside them.
    """

    edits: tuple[Edit, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    used: tuple[MarkedLine, ...] = ()
    anchors: tuple[Anchor, ...] = ()

    @classmethod
    def of(cls, found: Sequence[Edit | Unplaced], used: Sequence[MarkedLine]) -> "Findings":
        """What used lines say, whether it found its place or not."""
        edits = tuple(one for one in found if isinstance(one, Edit))
        unplaced = tuple(one for one in found if isinstance(one, Unplaced))
        return cls(edits, unplaced, used=tuple(used))

    @classmethod
    def together(cls, findings: Sequence["Findings"]) -> "Findings":
        """All of several findings, in their order."""
        return cls(
            tuple(chain.from_iterable(one.edits for one in findings)),
            tuple(chain.from_iterable(one.unplaced for one in findings)),
            tuple(chain.from_iterable(one.problems for one in findings)),
            tuple(chain.from_iterable(one.used for one in findings)),
            tuple(chain.from_iterable(one.anchors for one in findings)),
        )


def findings_of(version: Version) -> Findings:
    """What all lines of a version change in the draft, and what of the draft they lack."""
    wide = wide_tables(version.lines)
    found = Findings.together([_of_line(i, wide, version) for i in range(len(version.lines))])
    edits = [*found.edits, *_lacking_paragraphs(version)]
    return replace(
        found,
        edits=tuple(with_deletions(edits, _deleted_paragraphs(version), version)),
        problems=tuple(_problems(version)),
        anchors=tuple(_anchors(version, found.used)),
    )


def outside_findings(line: MarkedLine, draft: Draft, source: str) -> Findings:
    """What a note, header, footer or table says: its words are the delegation's, its changes find no place."""
    if line.changed:
        why = f"a tracked change in a {line.place}, which is no text of the draft"
        return Findings(unplaced=(Unplaced(line.shown, source, why),))
    return Findings(used=(line,)) if plain(line.original) in _plain_texts(draft) else Findings()


@lru_cache(maxsize=8)
def _plain_texts(draft: Draft) -> frozenset[str]:
    return frozenset(plain(paragraph.text) for paragraph in draft.paragraphs)


def _of_line(i: int, wide: set[int], version: Version) -> Findings:
    line = version.lines[i]
    if i in version.compared:
        return _of_paragraph(i, version)
    if line.cell is not None and line.cell.table in wide:
        return outside_findings(line, version.draft, version.source)
    if i in version.matches.parts or i in version.swallowed:
        return Findings()
    return _of_other_line(i, version)


# --- lines that are paragraphs of the draft ----------------------------------------------------------


def _of_paragraph(i: int, version: Version) -> Findings:
    """The changes of a paragraph, in it, above it and below it."""
    line, compared = version.lines[i], version.compared[i]
    parts = [version.lines[k] for k in version.matches.split.get(i, ())]
    following = [version.lines[k] for k in version.run_on.get(i, ()) if k not in version.compared]
    found = [
        *_new_paragraphs(compared.diff.above, version.above[i], version),
        *_changes(i, version),
        *_undone(compared, line, version),
        *_new_paragraphs(compared.diff.below, compared.label, version),
        *_words_that_run_on(i, version),
    ]
    return Findings.of(found, [line, *parts, *following])


def _new_paragraphs(
    paragraphs: Iterable[NewParagraph], after: str | None, version: Version
) -> Iterator[Edit | Unplaced]:
    for paragraph in paragraphs:
        yield from _added(paragraph.text, after, paragraph.run, version)


def _added(text: str, after: str | None, run: Run | None, version: Version) -> Iterator[Edit | Unplaced]:
    """A new paragraph behind the one that it follows, or that its own words name; a question is a remark on that."""
    text = text[number_before(text) :].replace(END, "\n").strip()
    after, text = announced(text, after, version.draft)
    if after is not None and is_question(text):
        yield made_by(run, Edit(after, "comment", comment=text), version)
    elif text and after is None:
        yield Unplaced(text, version.source, "inserted above the text of the draft")
    elif text and after is not None:
        yield made_by(run, Edit(after, "add_paragraph", new=text), version)


def _changes(i: int, version: Version) -> Iterator[Edit]:
    """What was changed in the words of a paragraph that is left, and whether it has another place."""
    compared = version.compared[i]
    if i in version.swallowed or compared.diff.deleted:
        return
    if i in version.matches.moved and version.copy.covers:
        move = Edit(compared.label, "move_paragraph", to=version.above[i], old=version.draft.text(compared.label))
        yield made_by(None, move, version)
    if i in version.matches.merged:
        yield from _merged(i, version)
        return
    for change in compared.diff.changes:
        yield text_edit(compared.label, change, version)


def _merged(i: int, version: Version) -> Iterator[Edit]:
    """Paragraphs of the draft that the file has run together without tracking."""
    compared, draft = version.compared[i], version.draft
    official = version.draft.text(compared.label)
    own, more = compared.line.cut(_end_of_first(compared, official))
    for change in diff_paragraph(own, official).changes:
        yield text_edit(compared.label, change, version)
    if more.accepted:
        yield merged_words(compared.label, more.accepted, None, version)
    for j in version.matches.merged[i]:
        yield deleted_paragraph(draft.paragraphs[j].label, None, version, intent="merge")


def _end_of_first(compared: Compared, official: str) -> int:
    """The offset in the line where the first of its paragraphs ends."""
    line, offsets = compared.line, compared.diff.offsets
    cut = next((n for n, offset in enumerate(offsets) if offset > len(official)), len(line.original))
    return len(line.original[:cut].rstrip())


def _undone(compared: Compared, line: MarkedLine, version: Version) -> Iterator[Edit]:
    """What one author inserted and another deleted: it changes no words, and is shown as a comment."""
    offsets = compared.diff.offsets
    for offset, run in line.undone:
        words = run.text.strip()
        if run.deleted_by != run.author and words:
            at = offsets[min(offset, len(offsets) - 1)]
            says = f"{run.deleted_by or 'Someone'} deletes what {run.author or 'another'} had inserted: {words}"
            edit = Edit(compared.label, "comment", start=at, end=at, comment=says, intent="undone")
            yield made_by(replace(run, author=run.deleted_by), edit, version)


def _words_that_run_on(i: int, version: Version) -> Iterator[Edit]:
    """The words of the lines that run on in the i-th, and the paragraphs that are gone by that."""
    end = version.lines[i].end
    for k in version.run_on.get(i, ()):
        if k in version.compared:
            yield deleted_paragraph(version.compared[k].label, end, version, intent="merge")
        words = words_behind_number(version.lines[k])
        if words:
            yield merged_words(version.compared[i].label, words, end, version)


# --- other lines -------------------------------------------------------------------------------------


def _of_other_line(i: int, version: Version) -> Findings:
    """What a line says that is no paragraph of the draft, and the new paragraphs that were inserted at its head."""
    line, above = version.lines[i], version.above[i]
    if above is None and line.original.strip():
        return _of_own_words(i, line, version)
    new, rest = line.without_first_paragraphs()
    head = MarkedLine(blocks=line.blocks[: len(line.blocks) - len(rest.blocks)])
    if new and _is_announced(i, new[0].text, version):
        return Findings()
    inserted = Findings.of(list(_new_paragraphs(new, above, version)), [head])
    return Findings.together([inserted, _of_own_words(i, rest, version)])


def _is_announced(i: int, text: str, version: Version) -> bool:
    """Whether the line above a new paragraph says where it is to be, as prose does: "After PP1, a new one:"."""
    head = version.lines[i - 1].accepted.strip() if i else ""
    if i - 1 in version.compared or not head.endswith((":", "：")):
        return False
    after, words = announced(f"{head} {text}", None, version.draft)
    return after is not None and words == text


def _of_own_words(i: int, line: MarkedLine, version: Version) -> Findings:
    """A new paragraph, a remark on the one above, a change that finds no place, or words that say nothing here."""
    whole, above = version.lines[i], version.above[i]
    text = line.accepted.strip()
    if line.changed and not line.original.strip():
        run = next((run for runs in line.inserted.values() for run in runs), None)
        return Findings.of(list(_added(text, above, run, version)), [whole])
    if line.changed:
        why = "a tracked change in a paragraph that is not in the draft"
        return Findings(unplaced=(Unplaced(line.shown, version.source, why),))
    if not _is_inside_the_draft(i, version):
        return Findings()
    if above is not None and is_remark(text):
        remark = Edit(above, "comment", comment=text, origin="remark")
        return Findings((completed(remark, version),), used=(whole,))
    if is_paragraph(text):
        return Findings.of(list(_added(text, above, None, version)), [whole])
    return Findings()


def _is_inside_the_draft(i: int, version: Version) -> bool:
    """Whether a line is between paragraphs of a version that can be compared line by line."""
    matches = version.matches
    return version.copy.covers and not version.other_base and matches.first < i < matches.last


# --- paragraphs that the file lacks ------------------------------------------------------------------


def _lacking(version: Version) -> Iterator[tuple[str, bool]]:
    """The label of each paragraph that a version lacks, and whether it has those on either side of it."""
    if not version.copy.covers or version.other_base:
        return
    held = version.matches.held
    for j, paragraph in enumerate(version.draft.paragraphs):
        if j not in held:
            yield paragraph.label, min(held) < j < max(held)


def _lacking_paragraphs(version: Version) -> Iterator[Edit]:
    for label, is_inside in _lacking(version):
        if is_inside:
            yield deleted_paragraph(label, None, version)


def _deleted_paragraphs(version: Version) -> Iterator[DeletedParagraph]:
    for i in sorted(version.compared):
        compared = version.compared[i]
        if compared.diff.deleted and i not in version.swallowed:
            changes = compared.diff.changes
            yield DeletedParagraph(compared.label, version.above[i], changes[0].run if changes else None)


def _problems(version: Version) -> Iterator[Problem]:
    """That a version was made on another one, or which paragraphs at either end of the draft it lacks."""
    if version.other_base:
        yield Problem(
            version.source,
            f"the file is based on another version of the draft: without any tracking, {len(version.other_base)} of "
            f"{len(version.compared)} paragraphs differ from the official text ({', '.join(version.other_base)})",
        )
    for label, is_inside in _lacking(version):
        if not is_inside:
            yield Problem(version.source, f"the file does not hold {label}")


# --- for the comments beside the text ----------------------------------------------------------------


def _anchors(version: Version, used: Sequence[MarkedLine]) -> Iterator[Anchor]:
    """The lines beside which a comment can be: those of the draft, and those that come to follow one."""
    added = {id(line) for line in used}
    for i, line in enumerate(version.lines):
        if i in version.compared:
            compared = version.compared[i]
            yield Anchor(compared.line, compared.label, compared.diff.offsets, version.above[i])
        elif i not in version.matches.parts:
            yield Anchor(line, version.above[i] if id(line) in added else None)
