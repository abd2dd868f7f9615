"""Applies Edits to the Draft, as a reader of them would: the paragraphs that a delegation proposes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from parsing.model import Draft, Edit
from parsing.text.words import plain

TEXT_EDITS = ("replace", "insert", "delete")


def replayed(draft: Draft, edits: Iterable[Edit]) -> list[str]:
    """The proposed paragraphs, without typography. Fails where an edit does not fit the official text."""
    replay = _Replay(draft)
    for edit in edits:
        replay.take(edit)
    return [words for text in replay.told() for line in text.split("\n") if (words := plain(line))]


class _Replay:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.texts: dict[str, list[Edit]] = defaultdict(list)
        self.followers: dict[str, list[Edit]] = defaultdict(list)
        self.gone: set[str] = set()
        self.moved: set[str] = set()

    def take(self, edit: Edit) -> None:
        if edit.action in TEXT_EDITS:
            assert self.draft.text(edit.paragraph)[edit.start : edit.end] == edit.old
            self.texts[edit.paragraph].append(edit)
        elif edit.action == "add_paragraph":
            self.followers[edit.paragraph].append(edit)
        elif edit.action == "move_paragraph":
            self.followers[edit.to or ""].append(edit)
            self.moved.add(edit.paragraph)
        elif edit.action == "delete_paragraph":
            self.gone.add(edit.paragraph)

    def told(self) -> Iterator[str]:
        yield from self._after("")
        for paragraph in self.draft.paragraphs:
            if paragraph.label not in self.moved:
                yield from self._tell(paragraph.label)

    def _tell(self, label: str) -> Iterator[str]:
        if label not in self.gone:
            yield _text(self.draft.text(label), self.texts[label])
        yield from self._after(label)

    def _after(self, label: str) -> Iterator[str]:
        for edit in self.followers[label]:
            if edit.action == "add_paragraph":
                yield edit.new
            else:
                yield from self._tell(edit.paragraph)


def _text(official: str, edits: Iterable[Edit]) -> str:
    """The official text after its edits: from the end to the start, those at one place in the order they are told."""
    for _, edit in sorted(enumerate(edits), key=lambda e: (e[1].start, e[1].end, e[0]), reverse=True):
        official = official[: edit.start] + edit.new + official[edit.end :]
    return official
