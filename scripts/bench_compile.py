"""The compilation of 5,000 edits in Word and in Excel, beside python-docx and openpyxl merely saving the same files."""

import io
import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import docx
import openpyxl

from compilation.word import tracked
from compilation.workbook import workbook
from consultation.choice import Choice
from consultation.compilation import Compilation, compile_comments
from consultation.kept import KeptConsultation, KeptEdit, KeptMail
from consultation.snapshot import make_snapshot
from parsing.model import Draft, Edit, Message
from store.register import load
from store.shipped import shipped_draft

EDITS = 5_000
PARTIES = 100
SEED = 15
MOST_WORDS = 4
_WORD = re.compile(r"\w+")
_NEW = ("transformative", "all", "at all levels", "and people", "equitable", "ambitious", "as appropriate")
AT = datetime(2021, 9, 3, 12, tzinfo=UTC)


def compilation() -> None:
    """Prints how long it takes to compile and to write, and to save what was written."""
    seconds, made = _timed(_compiled)
    print(f"compilation: what is in it, {EDITS:,} edits of {PARTIES} Parties: {seconds:.2f} s")
    _beside("Word", made, tracked, "python-docx", lambda data: docx.Document(io.BytesIO(data)))
    _beside("Excel", made, workbook, "openpyxl", lambda data: openpyxl.load_workbook(io.BytesIO(data)))


def _beside(name: str, made: Compilation, write: Callable[[Compilation], bytes], other: str, opened: Any) -> None:
    """One format: ours from the value to the bytes, theirs from the open file to the bytes."""
    seconds, data = _timed(lambda: write(made))
    file = opened(data)
    theirs, _ = _timed(lambda: file.save(io.BytesIO()))
    print(
        f"{name}: written in {seconds:.2f} s, {len(data) / 1e6:.2f} MB; {other} saves the open file in {theirs:.2f} s"
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def _compiled() -> Compilation:
    register, draft = load(), shipped_draft()
    codes = [party.code for party in register.parties[:PARTIES]]
    mails = tuple(
        KeptMail(n, f"{n:064x}", 1000, AT, crashed=False, refused=False, twin_of=None, message=_message(n, code))
        for n, code in enumerate(codes, 1)
    )
    snapshot = make_snapshot(KeptConsultation(draft, mails, tuple(_edits(draft))), register)
    return compile_comments(snapshot, Choice(), (), made_at=AT)


def _message(n: int, code: str) -> Message:
    return Message(
        f"<{n}>", "office@example.org", "Comments", AT + timedelta(minutes=n), "comments", party=code, copied=True
    )


def _edits(draft: Draft) -> Iterator[KeptEdit]:
    """Each Party changes words here and there, one to four at a time; many change the same."""
    chance = random.Random(SEED)
    for n in range(EDITS):
        paragraph = chance.choice(draft.paragraphs[2:])
        words = list(_WORD.finditer(paragraph.text))
        first = chance.randrange(len(words))
        last = min(first + chance.randrange(MOST_WORDS), len(words) - 1)
        start, end = words[first].start(), words[last].end()
        new = chance.choice(_NEW)
        yield KeptEdit(n % PARTIES + 1, Edit(paragraph.label, "replace", start, end, paragraph.text[start:end], new))
