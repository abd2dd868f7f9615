"""Whatever a delegation does to the draft: rejecting it gives the official text, accepting it theirs."""

from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replay import TEXT_EDITS, replayed

from parsing.model import Block, Mark, MarkedText, Run
from parsing.placing.align import align
from parsing.text.words import plain
from store.shipped import shipped_draft

DRAFT = shipped_draft()
LONG = [
    n for n, paragraph in enumerate(DRAFT.paragraphs) if len(paragraph.text.split()) > 12 and paragraph.label != "note"
]
NEW = [
    "Welcoming the outcomes of the ministerial meeting of small island States held in spring,",
    "Underlining how much young people stand to lose,",
    "Establish a voluntary fund for the exchange of experts among museums and botanical gardens;",
]
WORDS = ["resilient", "timely", "(new)", "oceans,", "women's", "“shared”", "and/or", "per cent"]
CHECKED = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Words:
    """A paragraph as pieces: (mark, text); `end` the mark of its own end."""

    pieces: tuple[tuple[Mark, str], ...]
    number: str = ""
    end: Mark = "kept"
    moved: str = ""

    def view(self, gone: tuple[Mark, ...]) -> str:
        return "".join(text for mark, text in self.pieces if mark not in gone)


@dataclass
class File:
    paragraphs: list[Words] = field(default_factory=list)

    def read(self, gone: tuple[Mark, ...]) -> list[str]:
        """The paragraphs of one view, without typography."""
        out, text = [], ""
        for paragraph in self.paragraphs:
            text += paragraph.view(gone)
            if paragraph.end not in gone:
                out.append(text)
                text = ""
        return [words for line in [*out, text] if (words := plain(line))]

    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(
                tuple(Run((p.number if n == 0 else "") + text, mark, author=None if mark == "kept" else "Ann",
                          move=p.moved or None) for n, (mark, text) in enumerate(p.pieces)),
                end=p.end,
            )
            for p in self.paragraphs
        )  # fmt: skip


def _edited(draw: st.DrawFn, text: str) -> tuple[tuple[Mark, str], ...]:
    """A paragraph with one to three changes of its words, in order."""
    words = text.split(" ")
    pieces: list[tuple[Mark, str]] = []
    for n, word in enumerate(words):
        space = " " if n < len(words) - 1 else ""
        what = draw(st.sampled_from(["kept"] * 12 + ["insert", "delete", "replace"])) if n % 4 == 2 else "kept"
        if what == "insert":
            pieces += [("kept", word + space), ("inserted", draw(st.sampled_from(WORDS)) + " ")]
        elif what == "delete" and space:
            pieces.append(("deleted", word + space))
        elif what == "replace":
            pieces += [("deleted", word), ("inserted", draw(st.sampled_from(WORDS))), ("kept", space)]
        else:
            pieces.append(("kept", word + space))
    return tuple(pieces)


@st.composite
def files(draw: st.DrawFn, *, tracked: bool) -> File:
    numbered = draw(st.booleans())
    whole = [Words((("kept", p.text),), f"{p.number}. " if p.number and numbered else "") for p in DRAFT.paragraphs]
    touched = sorted(draw(st.sets(st.sampled_from(LONG), min_size=1, max_size=7)))
    out: dict[int, list[Words]] = {n: [paragraph] for n, paragraph in enumerate(whole)}
    for n in touched:
        out[n] = _done(draw, n, whole[n], tracked=tracked, free={n - 1, n + 1}.isdisjoint(touched))
    file = File([words for n in range(len(whole)) for words in out[n]])
    return _moved(draw, file, tracked=tracked) if draw(st.booleans()) else file


def _done(draw: st.DrawFn, n: int, words: Words, *, tracked: bool, free: bool) -> list[Words]:
    text = words.view(())
    what = draw(st.sampled_from(["words", "words", "split", "add", *(["merge", "delete"] if free else [])]))
    if what == "words":
        return [replace(words, pieces=_edited(draw, text))]
    if what == "split":
        cut = text.index(" ", len(text) * draw(st.integers(3, 7)) // 10 - 1) + 1
        return [Words((("kept", text[:cut]),), words.number, "inserted"), Words((("kept", text[cut:]),))]
    if what == "add":
        return [words, Words((("inserted", NEW[n % 3]),), end="inserted")] if not tracked else [
            Words((("inserted", NEW[n % 3]),), end="inserted"), words,
        ]  # fmt: skip
    if what == "delete":
        return [Words((("deleted", text),), words.number, "deleted")]
    return [Words((("kept", text), ("inserted", " ")), words.number, "deleted")]


def _moved(draw: st.DrawFn, file: File, *, tracked: bool) -> File:
    """One untouched long paragraph, elsewhere."""
    whole = [n for n, words in enumerate(file.paragraphs) if words.end == "kept" and len(words.pieces) == 1
             and len(words.view(()).split()) > 12 and words.pieces[0][0] == "kept"
             and file.paragraphs[n - 1].end == "kept"]  # fmt: skip
    places = [n for n, words in enumerate(file.paragraphs) if n > 2 and words.end == "kept"]
    start, to = draw(st.sampled_from(whole[1:-1])), draw(st.sampled_from(places[:-1]))
    if to in (start, start - 1, start + 1):
        return file
    words = file.paragraphs[start]
    gone = Words((("deleted", words.view(())),), words.number, "deleted", "m1")
    come = Words((("inserted", words.view(())),), words.number, "inserted", "m1")
    out: list[Words] = []
    for n, one in enumerate(file.paragraphs):
        out += [one] if n != start else [gone] if tracked else []
        out += [come if tracked else words] if n == to else []
    return File(out)


def retyped(file: File) -> tuple[Block, ...]:
    """The file as if it had been typed again: its changes accepted, no marks left."""
    texts, text = [], ""
    for paragraph in file.paragraphs:
        said = paragraph.view(("deleted",))
        text += (paragraph.number if said and not text else "") + said
        if paragraph.end != "deleted":
            texts.append(text)
            text = ""
    return tuple(Block((Run(text),)) for text in texts if text)


@CHECKED
@given(files(tracked=True))
def test_tracked_changes_rejected_give_the_official_text_and_accepted_give_theirs(file: File) -> None:
    assert file.read(("inserted",)) == [plain(paragraph.text) for paragraph in DRAFT.paragraphs]
    aligned = align(MarkedText("docx", file.blocks()), DRAFT, "file")
    assert replayed(DRAFT, aligned.edits) == file.read(("deleted",))
    assert not aligned.problems


@CHECKED
@given(files(tracked=False))
def test_a_retyped_file_gives_their_text(file: File) -> None:
    aligned = align(MarkedText("docx", retyped(file)), DRAFT, "file")
    assert replayed(DRAFT, aligned.edits) == file.read(("deleted",))
    assert {edit.origin for edit in aligned.edits} <= {"comparison"}


@CHECKED
@given(files(tracked=True))
def test_each_text_edit_holds_the_official_words_that_it_changes(file: File) -> None:
    for edit in align(MarkedText("docx", file.blocks()), DRAFT, "file").edits:
        if edit.action in TEXT_EDITS:
            assert DRAFT.text(edit.paragraph)[edit.start : edit.end] == edit.old
            assert edit.old != edit.new


def test_an_unmarked_copy_of_the_draft_gives_no_edits() -> None:
    blocks = tuple(Block((Run(paragraph.text),)) for paragraph in DRAFT.paragraphs)
    aligned = align(MarkedText("docx", blocks), DRAFT, "file")
    assert (aligned.edits, aligned.unplaced, aligned.problems, aligned.rest) == ((), (), (), ())
