"""Paragraph by paragraph: the official text, then what each Party says of it in the order of the States' names, then
Groups, then observers (as in CBD/SBSTTA/24/INF/41); in six languages.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from compilation import phrases
from compilation.plain_word import GONE, NEW, SLANTED, STRONG, PlainDocument, StyledWords
from compilation.word_file import as_file
from compilation.words import RIGHT_TO_LEFT, words
from consultation.compilation import Compilation, CompiledParagraph
from consultation.facts import EditFact, Speaker
from consultation.passages import layers_of
from consultation.redline import TEXT_ACTIONS, in_context, redline
from parsing.model import Paragraph

LEGEND = (
    "Below each paragraph of the official text come the submissions on it.",
    "Words that are struck out would go, words that are underlined would come in.",
    "States are in the alphabetical order of their names; Groups and observers follow.",
)
_LOOKS = {"inserted": (NEW,), "deleted": (GONE,), "kept": (), "gap": ()}
_HEADS = {"party": "parties", "group": "groups", "observer": "observers"}


def submissions(compilation: Compilation) -> bytes:
    """The .docx of all submissions by paragraph."""
    return _Submissions(compilation).written()


class _Submissions:
    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        self._words = words(compilation.language)
        self._to_left = compilation.language in RIGHT_TO_LEFT
        self._document = PlainDocument(compilation)

    def written(self) -> bytes:
        draft = self._compilation.draft
        self._document.head(f"{draft.title}: {self._words['title']}", LEGEND)
        for compiled in self._compilation.paragraphs:
            self._paragraph(compiled)
        if self._compilation.general:
            self._head("Heading 1", self._words["general"])
            self._by_speaker(Paragraph("general", "general", None, ""), self._compilation.general)
        if not self._compilation.facts:
            self._head("Normal", self._words["nothing"])
        self._document.tail()
        return as_file(self._document.finished(), self._compilation)

    def _paragraph(self, compiled: CompiledParagraph) -> None:
        paragraph = compiled.paragraph
        self._head("Heading 1", paragraph.label)
        number = f"{paragraph.number.rstrip('.)')}. " if paragraph.number else ""
        self._document.paragraph("Official Text", StyledWords(f"{number}{paragraph.text}"))
        self._by_speaker(paragraph, compiled.facts)

    def _by_speaker(self, paragraph: Paragraph, facts: Iterable[EditFact]) -> None:
        """The facts are in the order of their speakers."""
        for kind, of_kind in groupby(facts, key=lambda fact: fact.speaker.kind if fact.speaker else "observer"):
            self._head("Heading 2", self._words[_HEADS[kind]])
            for speaker, own in groupby(of_kind, key=lambda fact: fact.speaker):
                self._submission(paragraph, speaker, list(own))

    def _head(self, style: str, text: str) -> None:
        self._document.paragraph(style, StyledWords(text), to_left=self._to_left)

    def _submission(self, paragraph: Paragraph, speaker: Speaker | None, facts: Sequence[EditFact]) -> None:
        self._speaker(speaker, facts)
        self._changes(paragraph, [fact for fact in facts if fact.edit.action in TEXT_ACTIONS])
        for fact in facts:
            self._whole(fact)
        self._remarks(facts)

    def _speaker(self, speaker: Speaker | None, facts: Sequence[EditFact]) -> None:
        """The name, and in brackets what holds for what is said here."""
        marks = {"late": any(map(self._compilation.is_late, facts)), "review": any(fact.review for fact in facts)}
        shown = "; ".join(self._words[mark] for mark, holds in marks.items() if holds)
        name = StyledWords(self._compilation.name(speaker), (STRONG,))
        self._document.paragraph(
            "Speaker", name, StyledWords(shown and f" ({shown})", (SLANTED,)), to_left=self._to_left
        )

    def _changes(self, paragraph: Paragraph, changes: Sequence[EditFact]) -> None:
        """Changes of words, in the words around them."""
        for layer in layers_of(changes):
            segments = in_context(redline(paragraph.text, (fact.edit for fact in layer)), words=14)
            pieces = (StyledWords(one.text.replace("\n", " ¶ "), _LOOKS[one.kind]) for one in segments)
            self._document.paragraph("Submission", *pieces)

    def _remarks(self, facts: Sequence[EditFact]) -> None:
        """Each once, also where it was given with several changes."""
        said = (phrases.comment_text(fact) for fact in facts if fact.edit.comment or fact.edit.action == "comment")
        for remark in dict.fromkeys(said):
            self._said(self._words["comment"], StyledWords(remark))

    def _whole(self, fact: EditFact) -> None:
        """What a proposal does to whole paragraphs."""
        edit = fact.edit
        if edit.action == "delete_paragraph":
            self._said(self._words["delete_paragraph"])
        elif edit.action == "move_paragraph":
            self._said(self._words["move"].format(label=edit.to or ""))
        elif edit.action == "add_paragraph":
            self._said(self._words["new_paragraph"], StyledWords(edit.new.replace("\n", " ¶ "), (NEW,)))

    def _said(self, lead: str, *rest: StyledWords) -> None:
        """A line that begins with words of the language."""
        space = StyledWords(" ") if rest else StyledWords("")
        to_left = self._to_left and not rest
        self._document.paragraph("Submission", StyledWords(lead, (SLANTED,)), space, *rest, to_left=to_left)
