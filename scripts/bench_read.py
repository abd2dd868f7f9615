"""How long reading takes, beside others that read the same: medians and ratios, no verdict."""

import io
import logging
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import docx
import mailparser
from lxml import etree

from parsing.documents import unguarded
from parsing.formats.text import read_text
from parsing.formats.word import read_word
from parsing.mail.message import open_mail
from parsing.model import Consultation, Converters
from parsing.prose.read_prose import understand
from parsing.reading import read_file
from store import register
from store.shipped import shipped_draft

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
CONSULTATION = Consultation(shipped_draft(), register.load())
SLOW = 5
"""Runs of what is started as a process."""


def word_files(folder: Path | None) -> None:
    """Opening Word files: ours with all that it reads, python-docx's opening, unzip and lxml alone, pandoc's process."""
    files = [path.read_bytes() for path in sorted(folder.glob("*.docx"))] if folder else [tracked()]
    files = [data for data in files if _opens(data)]
    ours = _each(files, read_word)
    theirs = _each(files, lambda data: docx.Document(io.BytesIO(data)))
    xml = _each(files, _unzip_and_parse)
    print(f"Word files: {len(files)} from {folder or 'examples/'}; medians of each file's own median")
    _row("unzip and lxml", xml)
    _row("python-docx opens", theirs)
    _row("read_word", ours, of=theirs, name="python-docx")
    if shutil.which("pandoc"):
        pandoc = _each(files, _pandoc, times=1)
        _row("pandoc (process)", pandoc)
        print(f"  read_word takes 1/{statistics.median(pandoc) / statistics.median(ours):.0f} of pandoc's time")
    whole = tracked()
    placed = _each([whole], lambda data: _read("tracked.docx", data), times=20)
    opened = _each([whole], lambda data: docx.Document(io.BytesIO(data)), times=20)
    _row("a 3-page tracked file, read and placed", placed, of=opened, name="python-docx's opening")
    if shutil.which("pandoc"):
        _row("  the same in pandoc", _each([whole], _pandoc, times=SLOW))


logging.disable(logging.WARNING)  # mail-parser tells of every part that it does not know


def mails(folder: Path | None) -> None:
    """Taking mails apart: ours, mail-parser, the standard library's compat32 parser."""
    files = [path.read_bytes() for path in sorted((folder or EXAMPLES).iterdir()) if path.suffix != ".tsv"]
    print(f"mails: {len(files)} from {folder or 'examples/'}; milliseconds a mail, mean over all")
    ours = _mean(files, open_mail)
    parser = _mean(files, lambda raw: mailparser.parse_from_bytes(raw))  # noqa: PLW0108 (as a user calls it)
    plain = _mean(files, lambda raw: message_from_bytes(raw, policy=policy.compat32))
    print(
        f"  compat32 {plain:.2f}   mail-parser {parser:.2f}   open_mail {ours:.2f} ({ours / parser:.2f} of mail-parser)"
    )


def words() -> None:
    """Understanding what is said in words: a mail body, and two megabytes of text."""
    bodies = [open_mail(path.read_bytes()).body.blocks for path in sorted(EXAMPLES.glob("*.eml"))]
    took = _each(bodies, lambda blocks: understand(blocks, CONSULTATION.draft, "body"), times=5)
    print(
        f"words: {len(bodies)} bodies, median {statistics.median(took) * 1000:.2f} ms, longest {max(took) * 1000:.1f} ms"
    )
    house = re.findall(r"[a-z]{2,}", " ".join(path.read_text("utf-8") for path in sorted(ROOT.glob("*.md"))))
    report = "a report, one sentence in ten with a place and a quotation"
    for name, known, share in (("a novel", _ORDINARY, 0.0), (report, house, 0.1)):
        blocks = read_text(_prose(2_000_000, known, share)).blocks
        start = time.process_time()
        understand(blocks, CONSULTATION.draft, "body")
        print(f"words: 2 MB of {name}: {time.process_time() - start:.2f} s of CPU")


_ORDINARY = re.findall(
    r"\w+",
    """
about above afternoon again almost alone already always and another answered asked away back bad be because bed been
before began behind bell better between black boat book both bread bright brother brought but by called came can carried
chair child cold come corner could dark daughter day dear did dinner do dog door down dream early east even evening ever
every eyes face fall far father feet felt fire first floor flower for forest found friend from front garden gave girl
glass go gold good gone grass great grew grey had hair half hand hard have he head heart heavy held help her here high
hill him his home horse house how hundred husband if in into it kept kitchen knew lamp large last late laughed lay leave
left letter light like little long looked lost love made man many may meet men might mind moon more morning mother mouth
much must my name near never new night no north not nothing now of off often old on once one only open or other our out
over own passed people perhaps picture poor quiet rain reached ran red rest river road room round said same sat saw sea
seemed sent she should side silence since sister sky slept slow small snow so some son song soon stairs star stood stone
street such summer sun table talk tell than that the their them then there they thing think this though thought three
through till time to told too took town tree turned two under until up upon very voice wait walk wall want warm was watch
water way we well went were west what wheel when where which while white who why wide wife wild wind window winter with
woman wood word work world would write year yellow yes yet you young
""",
)


def _prose(size: int, known: Sequence[str], share: float) -> str:
    """Paragraphs of six sentences, no two alike, of the known words in any order. `share` of the sentences name a
    paragraph and quote two words.
    """
    chance = random.Random(1)
    out, length = list[str](), 0
    while length < size:
        sentences = []
        for _ in range(6):
            said = chance.choices(known, k=chance.randint(6, 28))
            if chance.random() < share:
                said[:0] = ["in", "paragraph", f"{chance.randint(1, 20)},", f"“{' '.join(chance.choices(known, k=2))}”"]
            sentences.append(" ".join(said).capitalize() + ".")
        out.append(" ".join(sentences))
        length += len(out[-1]) + 2
    return "\n\n".join(out)


def tracked() -> bytes:
    """The tracked file of the sample mail from Norway."""
    mail = open_mail((EXAMPLES / "01-norway.eml").read_bytes())
    return next(leaf.data for leaf in mail.leaves if leaf.part.name.endswith(".docx"))


def _read(name: str, data: bytes) -> object:
    return read_file(name, data, CONSULTATION, Converters(), unguarded)


def _opens(data: bytes) -> bool:
    try:
        docx.Document(io.BytesIO(data))
    except Exception:  # noqa: BLE001 (a file that the other cannot open is not compared)
        return False
    return True


def _unzip_and_parse(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name), etree.XMLParser(huge_tree=True))


def _pandoc(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(data)
        file.flush()
        subprocess.run(["pandoc", "--track-changes=all", "-t", "json", file.name], check=False, capture_output=True)


def _each(inputs: Sequence[Any], work: Callable[[Any], object], times: int = 3) -> list[float]:
    """The median time of each input, in seconds; a first run is not counted."""
    out = []
    for one in inputs:
        took = []
        for _ in range(times + 1):
            start = time.perf_counter()
            work(one)
            took.append(time.perf_counter() - start)
        out.append(statistics.median(took[1:]))
    return out


def _mean(inputs: Sequence[bytes], work: Callable[[bytes], object]) -> float:
    """Milliseconds an input, over all, the best of three passes; what raises is counted with the time that it took."""
    passes = []
    for _ in range(3):
        start = time.perf_counter()
        for one in inputs:
            with suppress(Exception):
                work(one)
        passes.append(time.perf_counter() - start)
    return min(passes) * 1000 / len(inputs)


def _row(what: str, took: Sequence[float], of: Sequence[float] | None = None, name: str = "") -> None:
    ratio = "" if of is None else f"   {statistics.median(a / b for a, b in zip(took, of, strict=True)):.2f} of {name}"
    print(f"  {what:40} {statistics.median(took) * 1000:8.2f} ms{ratio}")
