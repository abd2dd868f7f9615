"""The official text with every proposal in square brackets where it belongs, as the United Nations show rival texts.

the [effectiveness][quality – Norway][reach – Chile, Peru] of [protected][delete – Japan] areas
"""

from collections.abc import Callable, Iterable, Iterator

from compilation import phrases
from compilation.plain_word import FAINT, NEW, SLANTED, STRONG, PlainDocument, StyledWords
from compilation.word_file import as_file
from compilation.words import words
from consultation.compilation import Compilation, CompiledParagraph, ProposedParagraph
from consultation.facts import EditFact
from consultation.passages import Alternative, Passage

_STYLES = {"title": "Draft Title", "opening": "Opening", "preambular": "Preambular Paragraph", "heading": "Heading 2",
           "operative-chapeau": "Chapeau", "operative": "Operative Paragraph", "note": "Note"}  # fmt: skip
LEGEND = (
    "[words – Norway] are proposed by those who are named, for the bracketed words before them, or in addition.",
    "[words] without a name are words of the official text for which there are proposals; brackets may hold others.",
    "[delete – Norway] says who wants to delete the bracketed words before it. ¶ is where a new paragraph would begin.",
    "Brackets of the official text itself are kept.",
)
"""The key."""


def bracketed(compilation: Compilation) -> bytes:
    """The .docx with the proposals in brackets, comments below each paragraph, and a key."""
    document = PlainDocument(compilation)
    document.head(phrases.title(compilation), LEGEND)
    document.paragraph("Heading 1", StyledWords(f"{compilation.draft.title}, {compilation.draft.version}"))
    for compiled in compilation.paragraphs:
        _write(document, compilation, compiled)
    if compilation.general:
        document.paragraph("Heading 2", StyledWords(words("en")["general"]))
        _comments(document, compilation, compilation.general)
    document.tail()
    return as_file(document.finished(), compilation)


def _write(document: PlainDocument, compilation: Compilation, compiled: CompiledParagraph) -> None:
    paragraph = compiled.paragraph
    style = "Draft Subtitle" if paragraph.label == "subtitle" else _STYLES.get(paragraph.part, "Normal")
    number = paragraph.number or ""
    before = [StyledWords(f"{number}{'' if number.endswith(('.', ')')) else '.'}\t")] if number else []
    document.paragraph(style, *before, *_text(compilation, compiled))
    for addition in compiled.added:
        document.paragraph("About", *_added(compilation, addition), indent=1)
    said = (fact for fact in compiled.facts if fact.edit.action == "comment" or fact.edit.comment)
    _comments(document, compilation, said)


def _comments(document: PlainDocument, compilation: Compilation, facts: Iterable[EditFact]) -> None:
    """Each once, also where it was given with several changes."""
    said: dict[tuple[str, str], None] = {}
    for fact in facts:
        said[phrases.names(compilation, (fact,), reviews=True), phrases.comment_text(fact)] = None
    for who, text in said:
        document.paragraph("About", StyledWords(f"{who}: ", (STRONG,)), StyledWords(text), indent=1)


def _text(compilation: Compilation, compiled: CompiledParagraph) -> Iterator[StyledWords]:
    """The words of a paragraph with all brackets in it."""
    whole = compiled.deleted
    if whole is not None:
        yield StyledWords("[", (STRONG,))
    yield from bracketed_words(compiled, lambda one: phrases.names(compilation, one.members, reviews=True))
    if whole is not None:
        yield StyledWords("]", (STRONG,))
        gone = [fact for fact in whole.members if fact.speaker not in compiled.moved_to]
        if gone:
            yield from _bracket("delete", phrases.names(compilation, gone, reviews=True))
        for who, to in compiled.moved_to.items():
            yield from _bracket(f"move to follow {to}", compilation.name(who))


def bracketed_words(compiled: CompiledParagraph, names: Callable[[Alternative], str]) -> Iterator[StyledWords]:
    """The words of a paragraph with its passages in brackets; `names` says who wants an alternative."""
    official, at = compiled.paragraph.text, 0
    around, crossing = _nested(compiled.passages.over)
    points, passages = _points_and_passages(compiled.passages.apart)
    for offset in sorted({*_ends_of(compiled.passages.over), *passages, *points, len(official)}):
        if offset < at:
            continue
        yield StyledWords(official[at:offset])
        at = offset
        yield from _closed(around, offset, names)
        yield from _replaced(official, crossing, offset, names)
        if offset in points:
            yield from _passage(official, points[offset], names)
        yield from _opened(around, offset)
        if offset in passages:
            yield from _passage(official, passages[offset], names)
            at = passages[offset].end


def _ends_of(passages: Iterable[Passage]) -> Iterator[int]:
    for one in passages:
        yield one.start
        yield one.end


def _points_and_passages(apart: Iterable[Passage]) -> tuple[dict[int, Passage], dict[int, Passage]]:
    """Where something is put in, and where words are changed, by their starts."""
    points: dict[int, Passage] = {}
    passages: dict[int, Passage] = {}
    for one in apart:
        (points if one.start == one.end else passages)[one.start] = one
    return points, passages


def _opened(around: Iterable[Passage], offset: int) -> Iterator[StyledWords]:
    for one in around:
        if one.start == offset:
            yield StyledWords("[", (STRONG,))


def _closed(around: Iterable[Passage], offset: int, names: Callable[[Alternative], str]) -> Iterator[StyledWords]:
    """The brackets that end here, the innermost first."""
    for one in sorted(around, key=lambda one: -one.start):
        if one.end == offset:
            yield StyledWords("]", (STRONG,))
            yield from _alternatives(one, names)


def _replaced(
    official: str, crossing: Iterable[Passage], offset: int, names: Callable[[Alternative], str]
) -> Iterator[StyledWords]:
    for one in crossing:
        if one.end == offset:
            yield from _instead(official, one, names)


def _nested(overs: Iterable[Passage]) -> tuple[list[Passage], list[Passage]]:
    """Those that brackets can enclose, and those that would cross these."""
    around: list[Passage] = []
    crossing: list[Passage] = []
    for one in sorted(overs, key=lambda one: one.start - one.end):
        crosses = any(a.start < b.start < a.end < b.end for other in around for a, b in ((one, other), (other, one)))
        (crossing if crosses else around).append(one)
    return around, sorted(crossing, key=lambda one: -one.start)


def _instead(official: str, passage: Passage, names: Callable[[Alternative], str]) -> Iterator[StyledWords]:
    """Alternatives for words whose brackets would cross others, with these words."""
    words = phrases.shortened(official[passage.start : passage.end])
    for one in passage.alternatives:
        what = f"for “{words}”: {_shown(one)}" if one.new.strip() else f"delete “{words}”"
        yield from _bracket(what, names(one))


def _passage(official: str, passage: Passage, names: Callable[[Alternative], str]) -> Iterator[StyledWords]:
    base = official[passage.start : passage.end]
    before, core, after = _edges(base) if base else _common_edges(passage)
    yield StyledWords(before)
    if core:
        yield StyledWords("[", (STRONG,))
        yield StyledWords(core)
        yield StyledWords("]", (STRONG,))
    yield from _alternatives(passage, names)
    yield StyledWords(after)


def _alternatives(passage: Passage, names: Callable[[Alternative], str]) -> Iterator[StyledWords]:
    for one in passage.alternatives:
        yield from _bracket(_shown(one), names(one))


def _shown(alternative: Alternative) -> str:
    words = alternative.new.strip().replace("\n", " ¶ ")
    return words or ("¶" if "\n" in alternative.new else "delete")


def _bracket(what: str, who: str) -> Iterator[StyledWords]:
    yield StyledWords("[", (STRONG,))
    yield StyledWords(what, (SLANTED,) if what == "delete" or what.startswith("move to follow") else (NEW,))
    yield StyledWords(f" – {who}", (FAINT,))
    yield StyledWords("]", (STRONG,))


def _edges(text: str) -> tuple[str, str, str]:
    core = text.strip()
    at = text.index(core) if core else len(text)
    return text[:at], core, text[at + len(core) :]


def _common_edges(passage: Passage) -> tuple[str, str, str]:
    """The spaces around what is put in at a point."""
    first, last = passage.alternatives[0].new, passage.alternatives[-1].new
    return " " if first.startswith(" ") else "", "", " " if last.endswith(" ") else ""


def _added(compilation: Compilation, addition: ProposedParagraph) -> Iterator[StyledWords]:
    moved = f", moved from {addition.moved_from}" if addition.moved_from else ""
    text = addition.alternative.new.replace("\n", " ¶ ")
    yield from _bracket(text, f"{phrases.names(compilation, addition.alternative.members, reviews=True)}{moved}")
