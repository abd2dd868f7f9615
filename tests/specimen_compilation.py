"""Consultations in memory for compilations, Word files read back as each Party proposes, and by pandoc."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from conftest import need

from compilation.phrases import COMPILER
from consultation.choice import Choice
from consultation.compilation import Compilation, compile_comments
from consultation.facts import ConsultationSnapshot
from consultation.kept import KeptConsultation, KeptEdit, KeptMail, KeptUnplaced
from consultation.redline import TEXT_ACTIONS, applied
from consultation.snapshot import make_snapshot
from parsing.formats.door import read_format
from parsing.model import Converters, Draft, Edit, MarginComment, MarkedText, Message, Part, Register, Unplaced
from store.register import load
from store.shipped import shipped_draft

NOON = datetime(2021, 9, 3, 12, tzinfo=UTC)
NOW = datetime(2021, 9, 8, 6, 30, tzinfo=UTC)
DRAFT = shipped_draft()
REGISTER = load()
NAMES = {party.code: party.name for party in REGISTER.parties}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def consultation(
    said: Mapping[str, Iterable[Edit]],
    draft: Draft = DRAFT,
    register: Register = REGISTER,
    *,
    parts: Mapping[str, tuple[Part, ...]] | None = None,
    at: Mapping[str, datetime] | None = None,
    unplaced: int = 0,
    **of_message: Any,
) -> ConsultationSnapshot:
    """A snapshot in which each speaker has sent one mail; a key is a code, "group:NAME" or "observer:NAME"."""
    mails, edits = [], []
    for n, (who, own) in enumerate(said.items(), 1):
        came = (at or {}).get(who, NOON + timedelta(minutes=n))
        kind, _, name = who.partition(":") if ":" in who else ("party", "", who)
        speaker: dict[str, Any] = {kind: name}
        message = Message(f"<{n}>", "office@example.org", f"Comments {n}", came, "comments", copied=True, received=came,
                          **speaker | of_message)  # fmt: skip
        mails.append(KeptMail(n, f"{n:064x}", 1000, came, crashed=False, refused=False, twin_of=None, message=message,
                              parts=(parts or {}).get(who, ()), unplaced=unplaced))  # fmt: skip
        edits += [KeptEdit(n, edit) for edit in own]
    return make_snapshot(KeptConsultation(draft, tuple(mails), tuple(edits)), register)


def compiled(
    said: Mapping[str, Iterable[Edit]], draft: Draft = DRAFT, choice: Choice | None = None, **more: Any
) -> Compilation:
    snapshot = consultation(said, draft, **more)
    return compile_comments(snapshot, choice or Choice(), (), made_at=NOW)


def without_place(mail: int, text: str, why: str = "names no paragraph") -> KeptUnplaced:
    return KeptUnplaced(mail, Unplaced(text, "body", why))


def change(label: str, old: str, new: str, draft: Draft = DRAFT, **more: Any) -> Edit:
    """The text edit that puts `new` where the paragraph has `old`; "a|b" in old is the point between a and b."""
    text = draft.text(label)
    start = text.index(old.replace("|", "")) + (old.index("|") if "|" in old else 0)
    old = "" if "|" in old else old
    action: Any = "insert" if not old else "replace" if new else "delete"
    return Edit(label, action, start, start + len(old), old, new, **more)


# --- what each proposes, by its edits ----------------------------------------------------------------


def official_lines(draft: Draft = DRAFT) -> list[str]:
    """The official text as it stands in the file: numbers typed."""
    return [_line(one.number, one.text) for one in draft.paragraphs]


def proposed_lines(edits: Iterable[Edit], draft: Draft = DRAFT) -> list[str]:
    """The text that one Party proposes."""
    own = list(edits)
    moved = {edit.paragraph: edit.to for edit in own if edit.action == "move_paragraph"}
    gone = {edit.paragraph for edit in own if edit.action in ("delete_paragraph", "move_paragraph")}
    texts = {one.label: _text(one.label, own, draft) for one in draft.paragraphs}
    out: list[str] = []
    for one in draft.paragraphs:
        if one.label not in gone:
            out += _line(one.number, texts[one.label]).split("\n")
        for edit in own:
            if edit.action == "add_paragraph" and edit.paragraph == one.label:
                out += edit.new.split("\n")
            if edit.action == "move_paragraph" and moved[edit.paragraph] == edit.to == one.label:
                out += texts[edit.paragraph].split("\n")
    return out


def _text(label: str, edits: Iterable[Edit], draft: Draft) -> str:
    return applied(
        draft.text(label), (edit for edit in edits if edit.paragraph == label and edit.action in TEXT_ACTIONS)
    )


def _line(number: str | None, text: str) -> str:
    return f"{number}.\t{text}" if number else text


# --- what each proposes, by the file -----------------------------------------------------------------


def read_back(data: bytes) -> MarkedText:
    """The marked text that our own reader gives."""
    read = read_format("compilation.docx", DOCX, data, Converters())
    assert read.fate == "read", read.why
    assert read.text.problems == ()
    return replace(read.text, blocks=tuple(block for block in read.text.blocks if block.place == "body"))


Accepts = Callable[[str | None, int, int, bool], bool]
"""Of (author, start, end, whether it is a deletion): whether the change of these characters is accepted."""


def lines_of(text: MarkedText, accepts: Accepts) -> list[str]:
    """The paragraphs with some of the changes accepted, and the others rejected."""
    out, line, at = [], "", 0
    for block in text.blocks:
        for run in block.runs:
            assert run.mark != "undone"
            for char in run.text:  # a comment may begin within what the reader gives as one run
                accepted = run.mark == "kept" or accepts(run.author, at, at + 1, run.mark == "deleted")
                line += char if accepted == (run.mark in ("kept", "inserted")) else ""
                at += 1
        ended = block.end == "kept" or accepts(block.end_author, at, at, block.end == "deleted") == (
            block.end == "inserted"
        )
        if ended:
            out.append(line)
            line = ""
        at += 1
    return [*out, line] if line else out


def rejected(_author: str | None, _start: int, _end: int, _is_deletion: object) -> bool:
    return False


def of_one(name: str) -> Accepts:
    """Accepts only this name."""
    return lambda author, _start, _end, _is_deletion: author == name


def as_wanted_by(name: str, text: MarkedText) -> Accepts:
    """Accepts what one wants by the rule of the comments: where a comment of the compilation names it, the words are
    deleted, and the insertions of the first in its line are its own; else what has its name.
    """
    rules = sorted((rule for rule in map(_Rule.of, text.comments) if name in rule.firsts), key=lambda rule: rule.length)

    def accepts(author: str | None, start: int, end: int, is_deletion: bool) -> bool:
        for rule in rules:
            is_mark = start == end and is_deletion
            if rule.start <= start and end <= rule.end and (rule.is_whole or not is_mark):
                return is_deletion or author == rule.firsts[name]
        return author == name

    return accepts


class _Rule:
    def __init__(self, comment: MarginComment) -> None:
        assert comment.start is not None
        assert comment.end is not None
        self.start, self.end = comment.start, comment.end
        self.length = self.end - self.start
        self.is_whole = comment.text.startswith("Proposals for the whole paragraph:")
        self.firsts: dict[str, str] = {}

    @classmethod
    def of(cls, comment: MarginComment) -> "_Rule":
        rule = cls(comment)
        if comment.author != COMPILER:
            return rule
        for line in comment.text.split("\n"):
            head, _, rest = line.partition(": ")
            names = (rest if head == "Same proposal" else head).split(", ")
            rule.firsts |= {one.removesuffix(" (late)"): names[0].removesuffix(" (late)") for one in names}
        return rule


def pandoc(data: bytes, changes: str, to: str = "plain") -> str:
    """What pandoc makes of a Word file, with changes accepted, rejected, or all shown."""
    command = [need("pandoc"), "-f", "docx", "-t", to, "--wrap=none", f"--track-changes={changes}"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
