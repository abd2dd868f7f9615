"""Compilations of mails that were really read: by pandoc, LibreOffice and python-docx, beside the API, sent back."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from conftest import need
from fixture_chromium import served
from fixture_inbox import NOW, Inbox, inbox_at, snapshot_of
from httpx import Client
from made_once import made_once
from specimen_compilation import (
    DOCX,
    DRAFT,
    as_wanted_by,
    lines_of,
    of_one,
    official_lines,
    pandoc,
    proposed_lines,
    read_back,
    rejected,
)
from word_order import faults

from api.app import create_app
from compilation.bracketed import bracketed
from compilation.submissions import submissions
from compilation.word import tracked
from consultation.choice import Choice
from consultation.compilation import Compilation, compile_comments
from consultation.facts import Speaker
from consultation.status import status
from parsing.documents import unguarded
from parsing.model import Consultation, Converters, Edit, MarkedText, Reading
from parsing.reading import read_mail
from parsing.text.words import plain
from settings import Settings
from store.audit import read_audit
from store.register import load
from store.session import migrate

pytestmark = pytest.mark.outside
Form = Callable[[Compilation], bytes]
HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parent / "examples").glob("*.eml"))
SMALL_MAILS = sorted((HERE / "corpus").glob("*.eml"))
CAME = datetime(2021, 9, 3, 9, tzinfo=UTC)
CONSULTATION = Consultation(DRAFT, load())


def reading_of(raw: bytes) -> Reading:
    return read_mail(raw, CAME, CONSULTATION, Converters(), unguarded)


def fill(folder: Path, mails: list[Path]) -> None:
    """Makes a store with these mails, read."""
    url = f"sqlite:///{folder / 'store.sqlite'}"
    migrate(url)
    inbox = inbox_at(url)
    for file in mails:
        raw = file.read_bytes()
        inbox.read(inbox.arrive(file.name, at=CAME, raw=raw), reading_of(raw))
    inbox.engine.dispose()


def filled(folders: pytest.TempPathFactory, name: str, mails: list[Path]) -> Inbox:
    made = made_once(folders, name, partial(fill, mails=mails))
    return inbox_at(f"sqlite:///{shutil.copy(made / 'store.sqlite', folders.mktemp(name))}")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The sample mails: each Party has one."""
    made = filled(tmp_path_factory, "samples", EXAMPLES)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The small mails with a difficulty each, too: some Parties contradict themselves."""
    made = filled(tmp_path_factory, "samples-and-small-mails", [*EXAMPLES, *SMALL_MAILS])
    yield made
    made.engine.dispose()


def compilation_of(inbox: Inbox, choice: Choice | None = None) -> Compilation:
    return compile_comments(snapshot_of(inbox), choice or Choice(), (), made_at=NOW)


@pytest.fixture(scope="module")
def compilation(inbox: Inbox) -> Compilation:
    return compilation_of(inbox)


@pytest.fixture(scope="module")
def content(compilation: Compilation) -> bytes:
    return tracked(compilation)


@pytest.fixture(scope="module")
def text(content: bytes) -> MarkedText:
    return read_back(content)


def edits_of(compilation: Compilation, who: Speaker) -> list[Edit]:
    """Each once, whatever mails say it."""
    own = [fact.edit for fact in compilation.facts if fact.speaker == who]
    return list({(e.paragraph, e.action, e.start, e.end, e.new, e.to, e.comment): e for e in own}.values())


def contradicts_itself(edits: list[Edit]) -> bool:
    """Whether one Party's edits cannot all be made."""
    spans = sorted((e.paragraph, e.start, e.end or 0) for e in edits if e.start is not None and e.action != "comment")
    whole = {edit.paragraph for edit in edits if edit.action == "delete_paragraph"}
    overlap = any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(spans))
    return overlap or bool(whole & {label for label, *_ in spans})


def test_there_is_much_in_it(compilation: Compilation) -> None:
    assert compilation.counts.parties > 10
    assert compilation.counts.edits > 60
    assert compilation.counts.collisions > 3


def test_rejected_it_is_the_official_text_for_our_reader_and_for_pandoc(content: bytes, text: MarkedText) -> None:
    assert lines_of(text, rejected) == official_lines()
    assert _letters(pandoc(content, "reject", "html")) == _letters("".join(official_lines()))


def _letters(html: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", "", html)))


def test_each_partys_text_comes_back(compilation: Compilation, text: MarkedText) -> None:
    checked = 0
    for who in compilation.speakers:
        edits = edits_of(compilation, who)
        if not contradicts_itself(edits):
            found = lines_of(text, as_wanted_by(compilation.name(who), text))
            # The mark of a document's last paragraph cannot go: what empties it leaves an empty line.
            assert [plain(line) for line in found if line] == list(map(plain, proposed_lines(edits))), who
            checked += 1
    assert checked > 10


def test_one_partys_file_accepted_is_its_text(samples: Inbox) -> None:
    for who in compilation_of(samples).speakers:
        one = compilation_of(samples, Choice(speakers=(who.name,)))
        content, wanted = tracked(one), proposed_lines(edits_of(one, who))
        assert lines_of(read_back(content), of_one(one.name(who))) == wanted
        assert _letters(pandoc(content, "accept", "html")) == _letters("".join(wanted))


def test_pandoc_shows_every_party_as_author(compilation: Compilation, content: bytes) -> None:
    shown = pandoc(content, "all", "json")
    for who in compilation.speakers:
        assert json.dumps(compilation.name(who), ensure_ascii=False) in shown, who


FORMS = (tracked, bracketed, submissions)


@pytest.mark.parametrize("form", FORMS)
def test_its_elements_stand_in_the_order_of_the_schema(compilation: Compilation, form: Form) -> None:
    assert faults(form(compilation)) == []


def test_every_author_stands_among_the_people(content: bytes, compilation: Compilation) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        people = archive.read("word/people.xml").decode()
    for who in compilation.speakers:
        assert f'w15:author="{compilation.name(who)}"' in people, who


def test_python_docx_opens_it(content: bytes, compilation: Compilation) -> None:
    document = docx.Document(io.BytesIO(content))
    assert document.core_properties.title == "Kunming Declaration: compilation of proposals"
    authors = {comment.author for comment in document.comments}
    assert "Compilation" in authors
    assert authors - {"Compilation"} <= {compilation.name(who) for who in compilation.speakers}


def test_libreoffice_turns_it_into_a_page(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "all.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        need("soffice"),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "all.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = pypdfium2.PdfDocument(tmp_path / "all.pdf")
    words = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert len(pdf) >= 3
    assert "Kunming Declaration: compilation of proposals" in words


def test_a_compilation_that_is_sent_in_is_understood(compilation: Compilation, content: bytes) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "focal@miljo.no", "cop15hls-outcome@mee.gov.cn", "Comments of Norway"
    mail["Date"], mail["Message-ID"] = "Fri, 03 Sep 2021 09:00:00 +0000", "<compiled@miljo.no>"
    mail.set_content("Dear colleagues,\n\nplease find the comments of Norway attached.\n\nBest regards\n")
    mail.add_attachment(content, maintype="application", subtype=DOCX.partition("/")[2], filename="compilation.docx")
    reading = reading_of(mail.as_bytes())
    assert reading.message is not None
    assert reading.message.kind == "comments"
    assert reading.unplaced == ()
    changes = [edit for edit in reading.edits if edit.action != "comment"]
    authors = {edit.author for edit in changes}
    passages = [passage for place in compilation.paragraphs for passage in place.passages.apart]
    firsts = {compilation.name(one.first.speaker) for passage in passages for one in passage.alternatives if one.new}
    assert len(authors & firsts) >= len(firsts) * 0.9
    assert {edit.origin for edit in changes} == {"tracked-change"}
    for edit in changes:
        assert edit.start is None or DRAFT.text(edit.paragraph)[edit.start : edit.end] == edit.old


def test_counts_agree_with_the_api(samples: Inbox) -> None:
    app = create_app(samples.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=f"{address}/api/v1", trust_env=False, timeout=60) as client:
        form = client.get("/compilation", params={"format": "json"}).json()
        sheet = client.get("/compilation", params={"format": "xlsx"}).content
        rows = client.get("/status").json()
        edits = client.get("/edits", params={"limit": 1000}).json()["edits"]
        unplaced = client.get("/unplaced").json()
    everybody: list[Any] = [*rows["parties"], *rows["groups"], *rows["observers"]]
    counts = form["counts"]
    assert counts["edits"] == sum(row["edits"] for row in everybody)
    assert counts["comments"] == sum(row["comments"] for row in everybody)
    assert counts["mails"] == sum(row["mails"] for row in everybody)
    assert counts["parties"] == rows["totals"]["states"]["commented"]
    assert {one["id"] for one in form["edits"]} == {one["id"] for one in edits if one["name"]}
    assert sum(one["kind"] == "unplaced" for one in form["left_out"]) == len(unplaced)
    assert openpyxl.load_workbook(io.BytesIO(sheet))["Edits"].max_row == len(form["edits"]) + 1


def test_head_gives_the_name_of_the_file_alone(samples: Inbox) -> None:
    app = create_app(samples.sessions, Settings(mailboxes=()), lambda: NOW)
    with served(app) as address, Client(base_url=f"{address}/api/v1", trust_env=False, timeout=60) as client:
        answer = client.head("/compilation", params={"format": "xlsx", "party": "nor"})
    with samples.sessions() as session:
        entry = read_audit(session, 1)[0]
    assert (entry.did, entry.what.partition(":")[0]) == ("exported", "kunming-revised-zero-draft-NOR-2021-09-08.xlsx")
    assert (answer.status_code, answer.content) == (200, b"")
    assert "kunming-revised-zero-draft-NOR-2021-09-08.xlsx" in answer.headers["content-disposition"]


def test_the_snapshot_says_the_same(compilation: Compilation, inbox: Inbox) -> None:
    now = status(snapshot_of(inbox))
    assert {who.name for who in compilation.speakers if who.kind == "party"} == {
        row.code for row in now.parties if row.state == "commented"
    }
